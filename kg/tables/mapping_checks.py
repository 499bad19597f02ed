"""What makes a mapping wrong as a whole: a field filled twice, a number without what gives it its meaning.

Each rule is held against what one record would get: the file's constants, the columns, and what is told of an arm.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from kg.errors import InputError
from kg.tables.mapping import ArmPart, Column, TableMapping, Told
from kg.tables.properties import RECORDS, Path, Property, properties_of

__all__ = ["check_mapping"]

At = tuple[str | int, ...]
Field = tuple[str, Path]  # level, path
Fault = Callable[[At, str], InputError]

#: Fields of a record that need no column: an id is made, the rest has a key of its own in the mapping.
_MADE = {"id", "where", "status"}
#: Record and field of it -> what to write, where a number says nothing without that field.
_HINTS = {
    ("spread", "type"): "type: SD, SEM, SE, CI95, IQR, range or not stated; none is guessed",
    ("dose", "unit"): "unit: cells (or million cells/kg ...); none is guessed",
}
#: Records of a study or an arm that carry a status.
_FACTS = {"dose", "enrolled", "planned", "completed", "ages_years", "follow_up_months", "co_interventions"}
_FACTS |= {"immunosuppression"}


class _Filled:
    """What one record gets, and from where."""

    def __init__(self, fault: Fault) -> None:
        self.fault = fault
        self.at: dict[Field, tuple[At, str]] = {}
        self.set: dict[Field, tuple[At, str, str]] = {}

    def told(self, entries: Iterable[Told], place: At) -> None:
        for told in entries:
            if told.property.level != "statement":
                self._fill((told.property.level, told.property.path), place, f"'{told.property.name}'", told.property)

    def columns(self, columns: Iterable[Column], place: At) -> None:
        for column in columns:
            one = column.property
            if one.level == "statement":
                continue
            at, sets = (*place, column.name), dict(column.sets)
            for path in column.paths():
                if path in sets:
                    self._set((one.level, path), at, column.name, sets[path])
                else:
                    self._fill((one.level, path), at, f"column '{column.name}'", one)

    def _fill(self, field: Field, at: At, what: str, one: Property) -> None:
        other = self.at.setdefault(field, (at, what))
        if other != (at, what):
            raise self.fault(at, f"{other[1]} and {what} both fill {_name(field, one)}, which holds one value")
        self._clash(field, at)

    def _set(self, field: Field, at: At, what: str, value: str) -> None:
        other = self.set.setdefault(field, (at, what, value))
        if other[2] != value:
            name = ".".join(map(str, field[1]))
            raise self.fault(at, f"'{other[1]}' says {name} {other[2]!r}, '{what}' says {value!r}")
        self._clash(field, at)

    def _clash(self, field: Field, at: At) -> None:
        if field in self.at and field in self.set:
            name = ".".join(map(str, field[1]))
            raise self.fault(
                at, f"{self.at[field][1]} and '{self.set[field][1]}' both say {name}; expected one of them"
            )

    def all(self) -> dict[Field, At]:
        """Give every field that is filled, with where."""
        return {field: at for field, (at, _) in self.at.items()} | {field: at for field, (at, *_) in self.set.items()}


def _name(field: Field, one: Property) -> str:
    return one.name if field[1] == one.path else ".".join(map(str, field[1]))


def _each(mapping: TableMapping, fault: Fault) -> Iterator[tuple[ArmPart | None, dict[Field, At]]]:
    """Give (arm, what its record gets) for every arm that the mapping knows, or once where it knows none."""
    for arm in mapping.arms or (None,):
        filled = _Filled(fault)
        filled.told(mapping.told, ("constants",))
        filled.columns(mapping.columns, ("columns",))
        if arm:
            filled.told(arm.told, ("arms", arm.name))
            filled.columns(arm.columns, ("arms", arm.name, "columns"))
        yield arm, filled.all()


def _check_inner(mapping: TableMapping, filled: dict[Field, At], fault: Fault) -> None:
    """Refuse a record inside another without what it must have: a dose without a unit, a spread without a type."""
    at_record: dict[Field, At] = {}
    for (level, path), at in filled.items():
        if len(path) > 1 and path[-1] not in _MADE - {"id"}:
            at_record.setdefault((level, path[:-1]), at)
    for one in properties_of(mapping.row).values():
        inner = (one.level, one.path[:-1])
        needed = one.within and one.path[-1] not in _MADE - {"id"}
        if needed and inner in at_record and (one.level, one.path) not in filled:
            record, name = (str(part) for part in one.path[-2:])
            hint = _HINTS.get((record, name), f"it in a column or a constant that is: {one.name}")
            record = str(one.path[-3]) if record == "0" else record
            raise fault(at_record[inner], f"a {record} without its {name} is not read; say {hint}")


def _check_required(mapping: TableMapping, filled: dict[Field, At], fault: Fault) -> None:
    for name, one in properties_of(mapping.row).items():
        if one.required and one.path[-1] not in _MADE and one.level == "record" and ("record", one.path) not in filled:
            message = f"a {mapping.row} needs {name}: expected a column, or a line under constants:"
            raise fault(("columns",), message)
    if mapping.row in ("term pair", "entity"):
        for name in ("id",) if mapping.row == "entity" else ():
            if ("record", (name,)) not in filled:
                raise fault(("columns",), f"an {mapping.row} needs {name}: expected a column")
        return
    for name, hint in (("id", "study: {id: ...}"), ("design", "study: {design: randomized clinical trial}")):
        if ("study", (name,)) not in filled:
            raise fault(("study",), f"the study's {name} is not told: expected a column, or {hint}")
    if mapping.status:
        return
    facts = [(level, (path[0], *path[1:2])[: 2 if 0 in path else 1]) for level, path in filled if path[0] in _FACTS]
    for level, record in [*([("record", ())] if mapping.row in RECORDS else []), *facts]:
        if (level, (*record, "status")) not in filled:
            what = ".".join(map(str, record)) or mapping.row
            message = f"how the numbers of the {what} reached the table: expected status: read, secondary or derived"
            raise fault(("status",), message)


def _check_arms(mapping: TableMapping, arm: ArmPart | None, filled: dict[Field, At], fault: Fault) -> None:
    if mapping.row in ("term pair", "entity"):
        if arm:
            raise fault(("arms",), f"a row that is a {mapping.row} has no arms")
        return
    named = ("arm", ("id",)) in filled
    lists = [at for (level, path), at in filled.items() if level == "record" and path[0] in ("arms", "covers")]
    if mapping.wide:
        if mapping.row == "comparison":
            raise fault(("arms",), "a comparison is of several arms: expected them in arms, not side by side")
        if named:
            raise fault(filled["arm", ("id",)], "the arms have columns of their own, so no column can name the arm")
        for column in arm.columns if arm else ():
            if column.property.level == "study":
                place = ("arms", arm.name, "columns", column.name) if arm else ()
                raise fault(place, f"{column.property.name} belongs to the study: expected it under columns:")
        if arm and not arm.columns:
            raise fault(("arms", arm.name), "has no columns, while another arm has: expected columns for each")
        named = True
    if mapping.row in ("result", "arm", "dose") and not named:
        raise fault(
            ("columns",), f"a {mapping.row} needs its arm: expected a column that is: arm, or arms: with columns"
        )
    of_arm = [at for (level, _), at in filled.items() if level == "arm"]
    if of_arm and not named and not (arm and lists):
        raise fault(of_arm[0], "belongs to an arm, and nothing names the arm: expected a column that is: arm")
    if lists and not mapping.arms:
        raise fault(lists[0], "names arms that nothing describes: expected arms: with the role of each")
    if (named or lists) and ("arm", ("role",)) not in filled:
        at: At = ("arms", arm.name) if arm else ("columns",)
        message = "the role of the arm is not told: expected role: treated, control, comparator or observed"
        raise fault(at, message + ("" if arm else ", under arms: for each arm, or a column that is: arm.role"))


def check_mapping(mapping: TableMapping, fault: Fault) -> None:
    """Raise the first fault of a mapping, made by `fault` from its place and its message."""
    if not mapping.all_columns():
        raise fault(("columns",), "names no column: expected at least one")
    for arm, filled in _each(mapping, fault):
        _check_inner(mapping, filled, fault)
        _check_arms(mapping, arm, filled, fault)
        _check_required(mapping, filled, fault)
