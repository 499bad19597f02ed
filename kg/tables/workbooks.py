"""A workbook (.xlsx) -> rows. What a sheet hides is told: hidden rows and sheets, merged cells, values of formulas.

The cells are read by openpyxl, which need not be installed for CSV. Before it sees the file every part is held
against limits, and the sheet is read once by a parser of its own for what openpyxl does not tell while it streams.
"""

from __future__ import annotations

import datetime
import io
import re
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from decimal import Decimal
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

from kg.errors import InputError, nearest
from kg.gate import Limits, Member, Skipped, check_xml
from kg.gate.archive import read_archive
from kg.gate.content import STANDARD_INPUT
from kg.tables.cells import Cell
from kg.tables.mapping import Layout
from kg.tables.sheet_layout import SheetLayout, column_letters, read_sheet_layout
from kg.tables.tables import Row

if TYPE_CHECKING:
    from openpyxl.workbook.workbook import Workbook

__all__ = ["is_workbook", "workbook_rows"]

#: A workbook is small: a million cells are some 40 MB of XML.
LIMITS = Limits(bytes=200_000_000, ratio=200, entries=5_000)
_OLD = b"\xd0\xcf\x11\xe0"
#: What the library raises for a file that is not what it says; a tested list, since it promises none.
_FAULTS = (ArithmeticError, AssertionError, AttributeError, EOFError, LookupError, OSError, RuntimeError, SyntaxError)
_FAULTS += (TypeError, ValueError, zipfile.BadZipFile, zlib.error)  # type: ignore[assignment]
_FIRST_DAY = datetime.date(1900, 3, 1)  # before it the 1900 system counts a day that never was


def is_workbook(head: bytes) -> bool:
    """Say whether a file is a zip archive or an old workbook, which no text is."""
    return head.startswith((b"PK\x03\x04", _OLD))


def _library() -> Any:  # noqa: ANN401 - optional dependency
    try:
        import openpyxl
    except ImportError as error:
        message = "a workbook needs openpyxl: pip install 'mechtrail[tables]', or save the sheet as CSV"
        raise InputError(message) from error
    return openpyxl


def _parts(member: Member, content: bytes) -> dict[str, bytes]:
    """Give the XML parts of a workbook, each read to its end; raise `InputError` for a trap or another kind of file."""
    if member.head.startswith(_OLD):
        raise InputError(f"{member.name}: an old or an encrypted workbook (.xls); save it as .xlsx or CSV")
    found: dict[str, bytes] = {}
    # the bytes, as if they came through a pipe: the file on disk may be packed once more
    for part in read_archive(STANDARD_INPUT, member.name, lambda: io.BytesIO(content), LIMITS):
        if isinstance(part, Skipped):
            if part.broken:
                raise part.error()
            continue
        name = part.name.removeprefix(f"{member.name}/")
        if name.endswith((".xml", ".rels")):
            found[name] = part.read()
            check_xml(found[name], part.name, LIMITS)
    if "xl/workbook.xml" not in found:
        raise InputError(f"{member.name}: found a zip archive, expected a workbook of Excel (.xlsx)")
    return found


def _sheet_name(member: Member, book: Workbook, layout: Layout, remarks: list[str]) -> str:
    """Give the name of the sheet to read; raise where several could be meant."""
    names = [sheet.title for sheet in book.worksheets]
    hidden = [sheet.title for sheet in book.worksheets if sheet.sheet_state != "visible"]
    shown = [name for name in names if name not in hidden]
    if layout.sheet and layout.sheet not in names:
        near = ", ".join(nearest(layout.sheet, names) or names)
        raise InputError(f"{member.name}: no sheet {layout.sheet!r}; nearest: {near}")
    if not layout.sheet and len(shown) != 1:
        listed = ", ".join(shown) or "none that is visible"
        raise InputError(f"{member.name}: several sheets: {listed}; say sheet: in the mapping")
    name = layout.sheet or shown[0]
    if others := [each for each in names if each != name]:
        listed = ", ".join(each + (" (hidden)" if each in hidden else "") for each in others)
        remarks.append(f"the sheet {name!r} is read; not read: {listed}")
    if name in hidden:
        remarks.append(f"the sheet {name!r} is hidden, and is read since the mapping names it")
    return name


def _number_text(value: float) -> str:
    """Give a number as it was typed, as far as a spreadsheet keeps it."""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))  # 7 and 7.0 are one number there
    return format(Decimal(repr(value)), "f") if isinstance(value, float) else str(value)


def _rich(value: object) -> str:
    """Give a text with its raised letters marked: in 10⁶, typed as a raised 6, the 6 is no digit of 106."""
    parts = []
    for part in value:  # type: ignore[attr-defined]
        font = getattr(part, "font", None)
        raised = font is not None and font.vertAlign == "superscript"
        parts.append(f"^{part.text}" if raised else str(getattr(part, "text", part)))
    return "".join(parts)


def _cell(cell: Any, merged: str) -> Cell:  # noqa: ANN401 - optional dependency
    value, kind = cell.value, cell.data_type
    if value is None:
        return Cell("", merged=merged)
    if kind == "e":
        return Cell(str(value), "error")
    if isinstance(value, bool):
        return Cell("yes" if value else "no", "yes or no")
    if isinstance(value, (int, float)):
        text = _number_text(value)
        if "%" in (cell.number_format or ""):
            return Cell(format((Decimal(text) * 100).normalize(), "f") + "%", "percent")
        return Cell(text, "number")
    if isinstance(value, datetime.datetime) and value.time() == datetime.time():
        value = value.date()
    if isinstance(value, (datetime.date, datetime.time, datetime.timedelta)):
        day = value if type(value) is datetime.date else None
        if day is not None and day < _FIRST_DAY:
            return Cell(f"{day.isoformat()} (a day before March 1900)", "date")
        return Cell(str(value) if day is None else day.isoformat(), "date")
    text = _rich(value) if type(value).__name__ == "CellRichText" else str(value)
    return Cell(text.strip(), merged=merged)


def _open(content: bytes, *, values: bool) -> Workbook:
    book: Workbook = _library().load_workbook(
        io.BytesIO(content), read_only=True, data_only=values, keep_links=False, rich_text=True
    )
    return book


def workbook_rows(member: Member, layout: Layout, remarks: list[str]) -> Iterator[Row]:
    """Give the rows of the sheet that is meant; raise `InputError` for what is damaged, a trap or not one table."""
    _library()
    content = member.read()
    parts = _parts(member, content)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of parts that are no cells: validation, styles, drawings
        try:
            yield from _rows(member, content, parts, layout, remarks)
        except _FAULTS as error:
            reason = re.sub(r"\s+", " ", str(error))[:200] or type(error).__name__
            raise InputError(
                f"{member.name}: a workbook that cannot be read: {reason}; saved as CSV it may be"
            ) from error


def _rows(member: Member, content: bytes, parts: dict[str, bytes], layout: Layout, remarks: list[str]) -> Iterator[Row]:
    values, formulas = _open(content, values=True), _open(content, values=False)
    if values.epoch.year != 1899:
        raise InputError(
            f"{member.name}: counts days from 1904; expected the 1900 system, or CSV with days written out"
        )
    name = _sheet_name(member, values, layout, remarks)
    sheet, told = values[name], formulas[name]
    path = str(sheet._worksheet_path).lstrip("/")  # the only place where the library tells it
    facts = read_sheet_layout(parts.get(path, b""), f"{member.name}/{path}")
    _tell(facts, remarks)
    sheet.reset_dimensions()  # what a file says of its size need not be true
    told.reset_dimensions()
    cached = 0
    for number, (row, written) in enumerate(zip_longest(sheet.iter_rows(), told.iter_rows(), fillvalue=()), 1):
        merged = facts.merged_in(number)
        cells = [_cell(cell, merged.get(column, "")) for column, cell in enumerate(row, 1)]
        for at in range(len(cells)) if facts.raised else ():
            if f"{column_letters(at + 1)}{number}" in facts.raised:
                cells[at] = Cell("raised letters that the library flattens", "error")
        for at, cell in enumerate(written[: len(row)]):
            if cell.data_type == "f":
                cached += 1
                if row[at].value is None:
                    cells[at] = Cell("a formula without a saved value", "error")
        cells += [Cell("", merged=merged[at]) for at in sorted(merged) if at > len(cells)]
        yield Row(number, 0, tuple(cells))
    if cached:
        remarks.append(f"{cached} cells are formulas; the values are those of the last time that the file was saved")


def _tell(facts: SheetLayout, remarks: list[str]) -> None:
    if facts.hidden_rows:
        some = ", ".join(map(str, facts.hidden_rows[:10])) + (" ..." if len(facts.hidden_rows) > 10 else "")
        remarks.append(f"{len(facts.hidden_rows)} hidden rows are read too: {some}")
    if facts.hidden_columns:
        remarks.append(f"hidden columns are there too: {', '.join(facts.hidden_columns[:10])}")
    if facts.merged:
        some = ", ".join(facts.merged[:10]) + (" ..." if len(facts.merged) > 10 else "")
        remarks.append(f"merged cells: {some}")
