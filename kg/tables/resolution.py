"""A mapping file -> a mapping: names to properties, kinds and units to ways of reading, words to terms.

All that can be known to be wrong is found here and in `kg.tables.mapping_checks`, before a row is read.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

from kg.errors import InputError, SourceError, nearest
from kg.gate import Document, decode
from kg.namespaces import expand_or_none
from kg.tables.cells import Cell, CellError, Silence
from kg.tables.kinds import KINDS, PAIRS, Manner, identifier_of, read_cell
from kg.tables.mapping import ArmPart, Column, Layout, TableMapping, Told
from kg.tables.mapping_checks import check_mapping
from kg.tables.mapping_file import ColumnEntry, MappingFile, read_mapping_file
from kg.tables.names import TermNames
from kg.tables.numbers import Notation
from kg.tables.properties import ROWS, Property, properties_of
from kg.tables.properties import Path as Place
from kg.tables.units import Conversion, conversion_of, units_of
from kg.vocabulary import FACT_STATUSES, SPREAD_TYPES, Lexicon

__all__ = ["read_mapping"]

#: Kind of a property -> the kinds that its cells may be told to have.
_FITTING = {
    "number": ("number", "whole number", "percent", "power of ten"),
    "text": ("text", "date", "number", "whole number"),
    "any": tuple(kind for kind in KINDS if kind not in PAIRS and kind not in ("word", "identifier")),
}


At = tuple[str | int, ...]


class _Reader:
    """One mapping file while it is resolved; faults are raised with their line."""

    def __init__(self, file: MappingFile, document: Document, lexicon: Lexicon) -> None:
        self.file, self.document, self.names = file, document, TermNames(lexicon)
        if file.row not in ROWS:
            raise self.fault(("row",), f"found {file.row!r}, expected one of: {', '.join(ROWS)}{_near(file.row, ROWS)}")
        self.properties = properties_of(file.row)
        self.line_of: dict[str, int] = {}

    def fault(self, at: At, message: str) -> SourceError:
        return SourceError(self.document.file, self.document.line(at), ".".join(map(str, at)), message)

    def property(self, name: str, at: At, prefix: str = "") -> Property:
        """Give the property of a name, within an arm or a study where a prefix says so."""
        full = name if not prefix or name.startswith("dose") else f"{prefix}{name}"
        if (self.file.row == "arm" and prefix == "arm.") or (self.file.row == "study" and prefix == "study."):
            full = name
        if full in self.properties:
            return self.properties[full]
        if self.file.row == "entity" and not prefix and (iri := expand_or_none(name) if ":" in name else None):
            return Property(iri, "statement", (iri,), "any", many=True)
        known = [each.removeprefix(prefix) for each in self.properties if each.startswith((prefix, "dose"))]
        what = {"arm.": " of an arm", "study.": " of a study"}.get(prefix, f" of a row that is: {self.file.row}")
        raise self.fault(at, f"no property {name!r}{what}{_near(name, known)}")

    def manner(self, entry: ColumnEntry, one: Property, at: At) -> Manner:
        file = self.file
        kind = entry.kind or ("text" if one.kind == "any" else one.kind)
        if kind not in KINDS:
            raise self.fault((*at, "kind"), f"no kind {kind!r}; kinds: {', '.join(KINDS)}{_near(kind, KINDS)}")
        fitting: tuple[str, ...] = _FITTING.get(one.kind, (one.kind,))
        if one.path[-1:] == ("mean",):
            fitting = (*fitting, "mean ± spread", "mean (spread)")
        if one.path == ("events",):
            fitting = (*fitting, "events / n")
        if kind not in fitting:
            message = f"the kind {kind!r} does not fit {one.name}; expected: {' or '.join(fitting)}"
            raise self.fault((*at, "kind"), message)
        if entry.separator and not one.many:
            raise self.fault((*at, "separator"), f"{one.name} holds one value, so a cell cannot hold a list")
        if entry.order and kind != "date":
            raise self.fault((*at, "order"), f"only a date has an order; {one.name} is read as {kind}")
        decimal = entry.decimal or file.decimal
        thousands = entry.thousands or file.thousands or ""
        if decimal == thousands:
            raise self.fault(at, f"{decimal!r} cannot be the decimal sign and part thousands too")
        if thousands and (thousands.isalnum() or thousands in "+-%/()±"):
            raise self.fault(at, f"found {thousands!r}, expected a sign that parts thousands, such as ',' or ' '")
        missing = entry.missing or file.missing
        absent, silent = ({word.casefold() for word in words} for words in (missing.absent, missing.not_reported))
        if both := sorted(absent & silent):
            raise self.fault((*at, "missing"), f"{both[0]!r} cannot mean absent and not reported")
        manner = Manner(
            kind=kind,
            notation=Notation(decimal, thousands),
            words=one.words,
            separator=entry.separator or "",
            order=entry.order or file.order or "",
            values=entry.values,
            absent=frozenset(absent),
            not_reported=frozenset(silent),
            censored=entry.censored or file.censored,
        )
        for word, meaning in entry.values.items():
            try:
                read_cell(Cell(word), manner, self.names)
            except CellError as error:
                raise self.fault((*at, "values", word), f"{meaning!r}: {error}") from error
        return manner

    def column(self, name: str, entry: ColumnEntry, at: At, prefix: str = "") -> Column:
        """Give a column, resolved."""
        spelled_out = (*at, "property") in self.document.line_of
        one = self.property(entry.property, (*at, "property") if spelled_out else at, prefix)
        manner = self.manner(entry, one, at)
        if entry.unit and entry.unit_column:
            raise self.fault((*at, "unit"), "the unit is told and read from a column too; expected one of both")
        conversion = Conversion()
        try:
            if entry.unit:
                conversion = conversion_of(one, entry.unit)
            elif entry.unit_column:
                units_of(one)
        except CellError as error:
            raise self.fault((*at, "unit" if entry.unit else "unit_column"), str(error)) from error
        sets = [*conversion.sets, *self._spread_type(entry, one, manner, at)]
        self.line_of.setdefault(name, self.document.line(at))
        if entry.unit_column:
            self.line_of.setdefault(entry.unit_column, self.document.line((*at, "unit_column")))
        return Column(name, one, manner, conversion, entry.unit or "", entry.unit_column or "", tuple(sets))

    def _spread_type(self, entry: ColumnEntry, one: Property, manner: Manner, at: At) -> Iterator[tuple[Place, str]]:
        if entry.type is None:
            return
        if entry.type not in SPREAD_TYPES:
            expected = ", ".join(SPREAD_TYPES) + _near(entry.type, SPREAD_TYPES)
            raise self.fault((*at, "type"), f"found {entry.type!r}, expected one of: {expected}")
        if manner.kind in ("mean ± spread", "mean (spread)"):
            yield (*one.path[:-1], "spread", "type"), entry.type
        elif len(one.path) > 1 and one.path[-2] == "spread":
            yield (*one.path[:-1], "type"), entry.type
        else:
            raise self.fault((*at, "type"), f"only a spread has a type; {one.name} is none")

    def told(self, entries: Mapping[str, object], at: At, prefix: str = "") -> list[Told]:
        """Give the properties that are told outright."""
        found = []
        for name, value in _flat(entries):
            place = (*at, name)
            one = self.property(name, place, prefix)
            many = value if isinstance(value, list) else [value]
            if isinstance(value, list) and not one.many:
                raise self.fault(place, f"found a list, expected one value of {one.name}")
            manner = Manner("text" if one.kind == "any" else one.kind, words=one.words)
            try:
                read = [read_cell(Cell(str(each)), manner, self.names) for each in many]
            except CellError as error:
                raise self.fault(place, str(error)) from error
            if any(isinstance(each, Silence) for each in read):
                raise self.fault(place, "has no value; leave it out")
            found.append(Told(one, read if one.many and one.level != "statement" else read[0]))
        return found

    def resolve(self) -> TableMapping:
        """Give the mapping, or raise its first fault."""
        file = self.file
        columns = [self.column(name, entry, ("columns", name)) for name, entry in file.columns.items()]
        told = [*self.told(file.study, ("study",), "study."), *self.told(file.constants, ("constants",))]
        if file.study and file.row in ("term pair", "entity"):
            raise self.fault(("study",), f"a row that is a {file.row} belongs to no study")
        arms: list[ArmPart] = []
        for name, entry in file.arms.items():
            at = ("arms", name)
            arm = identifier_of(name)
            if not arm:
                raise self.fault(at, f"found {name!r}, expected a name with letters a-z or digits")
            if arm in {each.id for each in arms}:
                raise self.fault(at, f"{name!r} gives the identifier '{arm}', which another arm has too")
            its = [self.column(one, each, (*at, "columns", one)) for one, each in entry.columns.items()]
            arms.append(ArmPart(name, arm, tuple(self.told(entry.told, at, "arm.")), tuple(its)))
        if file.status is not None and file.status not in FACT_STATUSES:
            expected = ", ".join(FACT_STATUSES) + _near(file.status, FACT_STATUSES)
            raise self.fault(("status",), f"found {file.status!r}, expected one of: {expected}")
        try:
            decode(b"a", "", encoding=file.encoding or "")
        except InputError as error:
            raise self.fault(("encoding",), str(error)) from error
        delimiter = "\t" if file.delimiter == "tab" else file.delimiter or ""
        layout = Layout(delimiter, file.sheet or "", file.header, file.encoding or "", frozenset(self.line_of))
        return TableMapping(
            file=self.document.file,
            row=file.row,
            columns=tuple(columns),
            told=tuple(told),
            arms=tuple(arms),
            status=file.status or "",
            where=file.where or "",
            layout=layout,
            line_of=self.line_of,
        )


def _near(name: str, known: Collection[str]) -> str:
    near = nearest(name, known)
    return f"; nearest: {', '.join(near)}" if near else ""


def _flat(entries: Mapping[str, object], above: str = "") -> Iterator[tuple[str, object]]:
    """Give (name with points, value) for what is told, nested or not."""
    for name, value in entries.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{above}{name}.")
        else:
            yield f"{above}{name}", value


def read_mapping(path: Path, lexicon: Lexicon) -> TableMapping:
    """Read a mapping and check all that can be checked without the table; raise `SourceError` at the first fault."""
    file, document = read_mapping_file(path)
    reader = _Reader(file, document, lexicon)
    mapping = reader.resolve()
    check_mapping(mapping, reader.fault)
    return mapping
