"""What a cell holds: its text and its form. CSV knows text only; a workbook tells numbers, dates and errors apart."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Cell", "CellError", "Silence"]


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell, without the white space around it."""

    text: str
    form: str = "text"  # "text", "number", "percent", "date", "yes or no", "error"
    merged: str = ""  # the merged range whose value stands in another cell: "B2:B4"


@dataclass(frozen=True, slots=True)
class Silence:
    """A cell that gives no value, and why."""

    why: str  # "absent", "not reported", "censored"
    text: str


class CellError(ValueError):
    """A cell that cannot be taken; the text says what was found and what was expected. It stays in this package."""
