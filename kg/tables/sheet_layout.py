"""What a sheet hides and merges, read from its XML; the cells themselves are `kg.tables.workbooks`' business."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from xml.parsers import expat

from kg.errors import InputError

__all__ = ["MOST_ROWS", "SheetLayout", "column_letters", "read_sheet_layout"]

#: How many rows a sheet can have.
MOST_ROWS = 1_048_576
_MOST_MERGED = 1000
_RANGE = re.compile(r"([A-Z]{1,3})([0-9]{1,7}):([A-Z]{1,3})([0-9]{1,7})")


def _number(text: str, otherwise: int) -> int:
    """Give a number of a row or a column; one too large to be true is given as too large."""
    if not text.isascii() or not text.isdigit():
        return otherwise
    return int(text[:12])


def _column_number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def column_letters(number: int) -> str:
    """Give the letters of a column.

    >>> column_letters(1), column_letters(28)
    ('A', 'AB')
    """
    letters = ""
    while number > 0:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


@dataclass
class SheetLayout:
    """Hidden rows and columns, and merged ranges, of one sheet."""

    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: list[str] = field(default_factory=list)
    merged: list[str] = field(default_factory=list)
    raised: set[str] = field(default_factory=set)  # cells with raised letters that do not come from the shared texts
    _boxes: list[tuple[int, int, int, int, str]] = field(default_factory=list)

    def merge(self, told: str) -> None:
        """Take a merged range."""
        self.merged.append(told)
        if match := _RANGE.fullmatch(told):
            first, top, last, bottom = match.groups()
            self._boxes.append((int(top), int(bottom), _column_number(first), _column_number(last), told))

    def merged_in(self, row: int) -> dict[int, str]:
        """Give column -> merged range for the cells of a row whose value stands in another cell."""
        found: dict[int, str] = {}
        for top, bottom, first, last, told in self._boxes:
            if top <= row <= bottom:
                found |= {column: told for column in range(first, last + 1) if (row, column) != (top, first)}
        return found


def read_sheet_layout(content: bytes, file: str) -> SheetLayout:
    """Read the XML of a sheet, which must have been checked before; raise `InputError` for what no sheet can have."""
    found = SheetLayout()
    row, cell = 0, ""

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal row, cell
        name = name.rpartition(":")[2]
        hidden = attributes.get("hidden") in ("1", "true")
        if name == "row":
            row = _number(attributes.get("r", ""), row + 1)
            if row > MOST_ROWS:
                raise InputError(f"{file}: found row {row}, expected at most {MOST_ROWS:,}")
            if hidden:
                found.hidden_rows.append(row)
        elif name == "col" and hidden:
            first, last = attributes.get("min", ""), attributes.get("max", "")
            ends = [column_letters(_number(end, 0)) for end in (first, last)]
            if all(ends):
                found.hidden_columns.append(ends[0] if ends[0] == ends[1] else ":".join(ends))
        elif name == "c":
            cell = attributes.get("r", "")
            if len(cell) > len("XFD1048576"):
                raise InputError(f"{file}: found the cell {cell[:40]}, expected one from A1 to XFD1048576")
        elif name == "vertAlign" and attributes.get("val") == "superscript":
            found.raised.add(cell)
        elif name == "mergeCell":
            found.merge(attributes.get("ref", ""))
            if len(found.merged) > _MOST_MERGED:
                raise InputError(f"{file}: more than {_MOST_MERGED} merged ranges; expected a table, or CSV")

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    if content:
        parser.Parse(content, True)
    return found
