"""Cells that are dates, with the precision that they have: no day is made up, no order of numbers guessed."""

from __future__ import annotations

import datetime
import re

from kg.tables.cells import Cell, CellError

__all__ = ["ORDERS", "read_date"]

ORDERS = ("day first", "month first")
_NAMES = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]
_MONTH = {name[:length]: number for number, name in enumerate(_NAMES, 1) for length in (3, len(name))} | {"sept": 9}


def _iso(year: str, month: int = 0, day: int = 0) -> str:
    datetime.date(int(year), month or 1, day or 1)  # ValueError where there is no such day
    return "-".join([year, *(f"{part:02d}" for part in (month, day) if part)])


def _read(text: str, order: str) -> str | None:
    if match := re.fullmatch(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", text, re.ASCII):
        return _iso(match[1], int(match[2] or 0), int(match[3] or 0)) if match[2] != "00" and match[3] != "00" else None
    if match := re.fullmatch(r"(?:(\d{1,2})\.?\s+)?([a-z]+)\.?,?\s+(\d{4})", text, re.ASCII | re.IGNORECASE):
        month = _MONTH.get(match[2].casefold())
        return _iso(match[3], month, int(match[1] or 0)) if month and match[1] not in ("0", "00") else None
    if match := re.fullmatch(r"([a-z]+)\.?\s+(\d{1,2}),?\s+(\d{4})", text, re.ASCII | re.IGNORECASE):
        month = _MONTH.get(match[1].casefold())
        return _iso(match[3], month, int(match[2])) if month and int(match[2]) else None
    if match := re.fullmatch(r"(\d{1,2})([./-])(\d{1,2})\2(\d{4})", text, re.ASCII):
        if not order:
            raise CellError(f"found {text!r}, expected 2024-03-31, or order: day first (or month first) in the mapping")
        day, month = (int(match[1]), int(match[3])) if order == "day first" else (int(match[3]), int(match[1]))
        return _iso(match[4], month, day) if day and month else None
    return None


def read_date(cell: Cell, order: str = "") -> str:
    """Give a day, a month or a year in ISO form.

    >>> read_date(Cell("June 2010")), read_date(Cell("31.3.2024"), "day first")
    ('2010-06', '2024-03-31')
    """
    if cell.form in ("percent", "yes or no") or (cell.form == "number" and not re.fullmatch(r"[12]\d{3}", cell.text)):
        raise CellError(f"found the number {cell.text}, expected a date; a spreadsheet must have the cell as a date")
    try:
        found = _read(cell.text, order)
    except ValueError as error:
        if isinstance(error, CellError):
            raise
        raise CellError(f"found {cell.text!r}, which is no day of the calendar") from error
    if found is None:
        raise CellError(f"found {cell.text[:40]!r}, expected a date such as 2024-03-31, 2024-03 or 2024")
    return found
