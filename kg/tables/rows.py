"""A row of cells -> the values that it has for its study, its arm and its own record. One bad cell refuses the row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from kg.errors import SourceError, nearest
from kg.namespaces import expand
from kg.tables.cells import Cell, CellError, Silence
from kg.tables.kinds import PAIRS, read_cell
from kg.tables.mapping import ArmPart, Column, TableMapping, Told, pair_paths
from kg.tables.names import TermNames
from kg.tables.properties import Path, Property
from kg.tables.records import Statement
from kg.tables.tables import Table
from kg.tables.units import Conversion, conversion_of
from kg.vocabulary import Lexicon

__all__ = ["Found", "RowError", "RowReader"]

#: Fields of a result that its `not_reported` may name.
_SILENT_FIELDS = ("instrument", "month")
_OPERATORS = {"<": "<", ">": ">", "≤": "<=", "≥": ">="}


class RowError(ValueError):
    """A row that cannot be taken; the text names the column, what was found and what was expected."""


@dataclass
class Found:
    """What a row says for one arm: values by level and path, each with the column that it came from."""

    arm: ArmPart | None = None
    arm_name: str = ""  # as the table has it
    study_name: str = ""
    values: dict[str, dict[Path, object]] = field(default_factory=lambda: {"study": {}, "arm": {}, "record": {}})
    column_of: dict[tuple[str, Path], str] = field(default_factory=dict)
    statements: list[Statement] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    silent: list[str] = field(default_factory=list)

    def put(self, level: str, path: Path, value: object, column: str) -> None:
        """Take a value."""
        self.values[level][path] = value
        self.column_of[level, path] = column


def _statement(one: Property, value: object, kind: str) -> Statement:
    iri = one.name
    if isinstance(value, dict):
        return Statement(property=iri, value=expand(str(value["id"])), datatype="IRI")
    if isinstance(value, Decimal):
        return Statement(property=iri, value=format(value, "f"), datatype="decimal")
    if isinstance(value, int):
        return Statement(property=iri, value=str(value), datatype="integer")
    datatype = {"yes or no": "boolean", "IRI": "IRI"}.get(kind, "string")
    return Statement(property=iri, value=str(value), datatype=datatype)


class RowReader:
    """Reads the rows of one table by one mapping; raises `SourceError` at once for a column that the table lacks."""

    def __init__(self, table: Table, mapping: TableMapping, lexicon: Lexicon) -> None:
        self.mapping, self.names = mapping, TermNames(lexicon)
        self.silences: Counter[tuple[str, str, str]] = Counter()  # (column, why, word) -> cells
        self.empty_arms: Counter[str] = Counter()  # arm -> rows that say nothing of it
        self._arms = {arm.name.casefold(): arm for arm in mapping.arms}
        for column, line in sorted(mapping.line_of.items(), key=lambda pair: pair[1]):
            if column not in table.header:
                known = [name for name in table.header if name]
                near = ", ".join(nearest(column, known) or known[:5])
                message = f"{table.file} has no such column; nearest: {near}"
                raise SourceError(mapping.file, line, column, message)
        self._at = {name: position for position, name in enumerate(table.header)}
        self._role_told = any(column.property.path == ("role",) for column in mapping.columns)

    def read(self, cells: Sequence[Cell]) -> list[Found]:
        """Give what a row says, once for each arm that stands in it; raise `RowError`."""
        if not self.mapping.wide:
            return [self._part(cells, None, self.mapping.columns)]
        arms = [arm for arm in self.mapping.arms if any(self._cell(cells, column.name).text for column in arm.columns)]
        if not arms:
            raise RowError("found no value for any of its arms, expected one")
        found = [self._part(cells, arm, (*self.mapping.columns, *arm.columns)) for arm in arms]
        self.empty_arms.update(arm.name for arm in self.mapping.arms if arm not in arms)
        return found

    def _cell(self, cells: Sequence[Cell], column: str) -> Cell:
        return cells[self._at[column]]

    def _part(self, cells: Sequence[Cell], arm: ArmPart | None, columns: Iterable[Column]) -> Found:
        found = Found(arm, arm.name if arm else "")
        self._told(self.mapping.told, found)
        for column in columns:
            try:
                self._take(cells, column, found)
            except CellError as error:
                raise RowError(f"{column.name}: {error}") from error
        if arm is None and self._arms and found.arm_name:
            found.arm = arm = self._arms.get(found.arm_name.casefold())
            if arm is None and not self._role_told:
                names = [each.name for each in self.mapping.arms]
                near = ", ".join(nearest(found.arm_name, names) or names)
                column_name = found.column_of["arm", ("id",)]
                raise RowError(
                    f"{column_name}: found the arm {found.arm_name!r}, which the mapping does not know; nearest: {near}"
                )
        if arm is not None:
            found.arm_name = arm.name  # as the mapping has it, whatever the letter case of the table
            found.put("arm", ("id",), arm.id, found.column_of.get(("arm", ("id",)), ""))
            self._told(arm.told, found)
        return found

    def _told(self, entries: Iterable[Told], found: Found) -> None:
        for told in entries:
            one = told.property
            if one.level == "statement":
                found.statements.append(_statement(one, told.value, "text"))
                continue
            if one.path == ("id",) and one.level in ("study", "arm"):
                setattr(found, f"{one.level}_name", str(told.value))
            found.put(one.level, one.path, told.value, "")

    def _take(self, cells: Sequence[Cell], column: Column, found: Found) -> None:
        cell, one = self._cell(cells, column.name), column.property
        value = read_cell(cell, column.manner, self.names)
        if isinstance(value, Silence):
            self._silent(column, value, found)
            return
        if one.level == "statement":
            many = value if isinstance(value, list) else [value]
            found.statements += [_statement(one, each, column.manner.kind) for each in many]
            return
        conversion, unit = column.conversion, column.unit
        if column.unit_column:
            unit = self._cell(cells, column.unit_column).text
            try:
                conversion = conversion_of(one, unit) if unit else Conversion()
            except CellError as error:
                raise RowError(f"{column.unit_column}: {error}") from error
        if one.path == ("id",) and one.level in ("study", "arm"):
            setattr(found, f"{one.level}_name", " ".join(cell.text.split()))
        for path, each in self._values(column, value, cell, conversion):
            found.put(one.level, path, each, column.name)
        for path, word in dict.fromkeys((*column.sets, *conversion.sets)):
            found.put(one.level, path, word, column.name)
        changed = conversion.factor != 1 or column.manner.kind == "power of ten"
        if changed and one.path == ("dose", "value") and ("dose", "notation") not in found.values["arm"]:
            found.put("arm", ("dose", "notation"), f"{cell.text} {unit}".strip(), column.name)

    def _values(
        self, column: Column, value: object, cell: Cell, conversion: Conversion
    ) -> Iterator[tuple[Path, object]]:
        """Give (path, value) for the one or two fields that a cell fills."""
        one, kind = column.property, column.manner.kind
        if kind in PAIRS:
            assert isinstance(value, tuple)
            for part, number in zip(pair_paths(kind), value, strict=True):
                whole = kind == "events / n"
                if whole and number != number.to_integral_value():
                    raise CellError(f"found {cell.text!r}, expected whole numbers")
                yield (*one.path[:-1], *part), int(number) if whole else number
            return
        many = value if isinstance(value, list) else [value]
        if one.kind == "number":
            many = [conversion.apply(Decimal(str(each))) for each in many]
        elif one.kind == "text" and kind in ("number", "whole number"):
            many = [cell.text]
        yield one.path, many if one.many else many[0]

    def _silent(self, column: Column, silence: Silence, found: Found) -> None:
        """Keep what a cell without a value says: nothing, that it was not reported, or on which side of a number."""
        one, name = column.property, column.name
        if silence.text:
            self.silences[name, silence.why, silence.text] += 1
        if silence.why == "absent":
            return
        if silence.why == "censored" and one.path == ("dose", "value"):
            number = read_cell(Cell(silence.text[1:].lstrip("= ")), column.manner, self.names)
            for path, value in self._values(column, number, Cell(silence.text), column.conversion):
                found.put("arm", path, value, name)
            for path, word in column.sets:
                found.put("arm", path, word, name)
            sign = _OPERATORS[silence.text[0]] + ("=" if silence.text[1:2] == "=" else "")
            found.put("arm", ("dose", "operator"), sign, name)
        elif one.level == "record" and self.mapping.row == "result" and one.path[-1] in _SILENT_FIELDS:
            found.silent.append(str(one.path[-1]))
        elif one.level == "record":
            found.notes.append(f"{name}: the table has '{silence.text}'")
