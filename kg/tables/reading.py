"""A table with its mapping -> studies, entities, pairs of terms; every row becomes part of one, or is refused."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from pydantic import ValidationError

from kg.errors import SourceError
from kg.gate import Member
from kg.model import Study
from kg.model.intake import Ignored, Refused
from kg.tables.assembly import Assembly
from kg.tables.cells import Cell
from kg.tables.drafts import first_fault, nested
from kg.tables.mapping import TableMapping
from kg.tables.properties import ROWS
from kg.tables.records import Entity, TermPair
from kg.tables.rows import Found, RowError, RowReader
from kg.tables.tables import Row, Table, open_table
from kg.vocabulary import Lexicon

__all__ = ["Tally", "read_table"]


@dataclass
class Tally:
    """What became of the rows: `rows` is `taken` + `refused` + `empty`. `remarks` tell how the table was read."""

    rows: int = 0
    taken: int = 0
    refused: int = 0
    empty: int = 0
    remarks: list[str] = field(default_factory=list)


def _cells(row: Row, table: Table) -> tuple[Cell, ...]:
    """Give as many cells as the header has; raise `RowError` where the row has others."""
    width, cells = len(table.header), row.cells
    if row.line:
        if len(cells) != width:
            raise RowError(f"found {len(cells)} cells, expected {width} as in the header")
        return cells
    if any(cell.text for cell in cells[width:]):
        raise RowError(f"found a value beyond the {width} columns of the header")
    return (*cells[:width], *(Cell("") for _ in range(width - len(cells))))


def _plain_record(mapping: TableMapping, found: Found) -> Entity | TermPair:
    """Give the record of a row that belongs to no study."""
    content = nested(found.values["record"])
    try:
        if ROWS[mapping.row] is TermPair:
            return TermPair.model_validate(content)
        return Entity.model_validate({**content, "statements": found.statements})
    except ValidationError as error:
        raise RowError(first_fault(error, found, "record")) from error


def _closing(table: Table, reader: RowReader, mapping: TableMapping, tally: Tally) -> Iterator[Ignored]:
    """Tell what was not taken over, once for the table."""
    for position, name in enumerate(table.header, 1):
        if name not in mapping.line_of:
            shown = name or f"column {position}, which has no name"
            yield Ignored(table.file, shown, "the mapping does not use this column")
    if tally.empty:
        yield Ignored(table.file, "empty rows", f"{tally.empty} rows without any value")
    for arm, count in sorted(reader.empty_arms.items()):
        yield Ignored(table.file, arm, f"{count} rows without any value for this arm")
    for (column, why, word), count in sorted(reader.silences.items()):
        yield Ignored(table.file, column, f"{count} cells with '{word}', which the mapping calls {why}")


def read_table(
    member: Member,
    mapping: TableMapping,
    lexicon: Lexicon,
    *,
    strict: bool = False,
    tally: Tally | None = None,
) -> Iterator[Study | Entity | TermPair | Refused | Ignored]:
    """Give the records of a table, the rows that cannot be used with their reason, and what is not taken over.

    A row is used whole or refused whole; with `strict` the first such row refuses the table. Raises `SourceError` for a
    column that the table lacks, before a row is read, and `InputError` for what is no table. A `tally` that is given
    counts the rows. Studies come at the end, sorted, since rows of one may stand anywhere.
    """
    tally = tally if tally is not None else Tally()
    table = open_table(member, mapping.layout)
    tally.remarks = table.remarks
    reader = RowReader(table, mapping, lexicon)
    assembly = Assembly(mapping, member.name)
    of_study = mapping.row not in ("term pair", "entity")

    def refuse(refused: Refused) -> Refused:
        if strict:
            raise SourceError(member.name, refused.line, refused.record, refused.reason)
        tally.refused += 1
        return refused

    for row in table.rows:
        tally.rows += 1
        if not any(cell.text for cell in row.cells):
            tally.empty += 1
            continue
        try:
            found = reader.read(_cells(row, table))
            if of_study:
                assembly.add(row, found)
            else:
                yield _plain_record(mapping, found[0])
                tally.taken += 1
        except RowError as error:
            yield refuse(Refused(f"row {row.number}", str(error), row.line))
    taken = {row for study in assembly.studies.values() for row in study.rows}
    late = 0
    for one in assembly.finish():
        if isinstance(one, Refused):
            late += 1
            yield refuse(one)
        else:
            yield one
    tally.taken += len(taken) - late
    yield from _closing(table, reader, mapping, tally)
