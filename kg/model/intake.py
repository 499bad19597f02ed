"""What becomes of a record of somebody else's file when it cannot be loaded, or not all of it."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Ignored", "Refused"]


@dataclass(frozen=True, slots=True)
class Refused:
    """A record that cannot be used, and why: it is counted as read and not as loaded."""

    record: str  # its number, its identifier, or its place: "NCT04314687", "row 12"
    reason: str  # what was found and what was expected
    line: int = 0  # in its file, where there is one


@dataclass(frozen=True, slots=True)
class Ignored:
    """A part of a record (a key, a column, a module) that is not taken over, and why; the record is loaded."""

    record: str
    part: str
    reason: str
