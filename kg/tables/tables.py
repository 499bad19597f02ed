"""A file -> a table: one header, then rows of cells. What is odd about the table is told, what cannot be one refused.

CSV and workbooks have modules of their own; here stand the shape that both give and the rules that hold for both.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from kg.errors import InputError, SourceError
from kg.gate import Member
from kg.tables.cells import Cell
from kg.tables.mapping import Layout

__all__ = ["Row", "Table", "open_table", "table_of"]

_MOST_COLUMNS = 5000


@dataclass(frozen=True, slots=True)
class Row:
    """One row under the header."""

    number: int  # as a spreadsheet counts, the header is row 1
    line: int  # of the file, where it is text
    cells: tuple[Cell, ...]


@dataclass
class Table:
    """A table while it is read; `remarks` grows with the rows."""

    file: str
    header: tuple[str, ...]
    rows: Iterator[Row] = field(repr=False)
    remarks: list[str] = field(default_factory=list)

    def position(self, column: str) -> int:
        """Give where a column stands; raise `KeyError` where the table lacks it."""
        try:
            return self.header.index(column)
        except ValueError as error:
            raise KeyError(column) from error


def _header(file: str, cells: Sequence[Cell], line: int) -> tuple[str, ...]:
    """Give the names of the columns; trailing cells without a name are kept, as they may hold values."""
    names = tuple(" ".join(cell.text.split()) for cell in cells)
    if not any(names):
        raise SourceError(file, line, "", "the header is empty; say header: with the number of the row of names")
    if merged := next((cell.merged for cell in cells if cell.merged), ""):
        message = f"the header has merged cells ({merged}): several rows of names? expected one; say header: N"
        raise SourceError(file, line, "", message)
    if len(names) > _MOST_COLUMNS:
        raise SourceError(file, line, "", f"found {len(names)} columns, expected at most {_MOST_COLUMNS}")
    if odd := next((at for at, name in enumerate(names, 1) if not name.isprintable()), 0):
        raise SourceError(file, line, "", f"the name of column {odd} holds a sign that cannot be printed")
    twice = sorted(name for name, count in Counter(names).items() if name and count > 1)
    if twice:
        raise SourceError(file, line, "", f"the column {twice[0]!r} stands twice; expected a name of its own for each")
    return names


def table_of(file: str, rows: Iterable[Row], layout: Layout, remarks: list[str]) -> Table:
    """Give the table whose names stand in the row that the layout tells; rows above it are told."""
    found = iter(rows)
    above = 0
    for row in found:
        if row.number < layout.header:
            above += any(cell.text for cell in row.cells)
            continue
        if above:
            remarks.append(f"{above} rows above the header are not read")
        return Table(file, _header(file, row.cells, row.line), found, remarks)
    raise InputError(f"{file}: expected the names of columns in row {layout.header}, found the end of the table")


def open_table(member: Member, layout: Layout = Layout()) -> Table:  # noqa: B008 - frozen
    """Open a CSV, TSV or XLSX file; raise `InputError` where it is no table."""
    from kg.tables.csv_tables import csv_rows
    from kg.tables.workbooks import is_workbook, workbook_rows

    remarks: list[str] = []
    if is_workbook(member.head):
        return table_of(member.name, workbook_rows(member, layout, remarks), layout, remarks)
    if layout.sheet:
        raise InputError(f"{member.name}: the mapping names a sheet ({layout.sheet!r}), and this is no workbook")
    return table_of(member.name, csv_rows(member, layout, remarks), layout, remarks)
