"""What a column of a table may hold: the fields of our models under the names that a mapping uses.

A record's own fields go by their own name (`mean`, `spread.type`), those of what it belongs to by a prefix (`arm.role`,
`dose.unit`, `study.title`); `study` and `arm` alone are the identifiers. The list is made from the models, so that it
cannot say anything else. How a cell becomes a value is `kg.tables.kinds`' business.
"""

from __future__ import annotations

import types
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache
from typing import Annotated, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from kg.model import AdverseEvent, Arm, Comparison, Dose, Product, Readout, Result, Study, Term
from kg.model.base import SLUG, words_of
from kg.tables.records import Entity, TermPair

__all__ = ["RECORDS", "ROWS", "Path", "Property", "properties_of"]

Path = tuple[str | int, ...]

#: What a row may be -> the model that its own fields come from.
ROWS: dict[str, type[BaseModel]] = {
    "study": Study,
    "arm": Arm,
    "dose": Dose,
    "result": Result,
    "comparison": Comparison,
    "readout": Readout,
    "adverse event": AdverseEvent,
    "term pair": TermPair,
    "entity": Entity,
}
#: What a row may be, where it is a record of a study -> the field of the study that holds it.
RECORDS = {
    "result": "results",
    "comparison": "comparisons",
    "readout": "readouts",
    "adverse event": "adverse_events",
}

#: Fields that no column can fill: digests, and what is made from the other cells.
_NOT_IN_TABLES = {"excerpts", "not_in_excerpt", "not_reported", "statements", "n_note"}
#: Fields of a study that are records of their own, with rows of their own.
_OF_STUDY = {"arms", "overlaps", "outcomes", "planned_readouts", "pooled", *RECORDS.values()}
#: Texts that are days, months or years.
_DATES = {
    *("as_of", "completion", "first_posted", "primary_completion", "start", "year"),
}


@dataclass(frozen=True, slots=True)
class Property:
    """One thing that a column may hold."""

    name: str  # as a mapping says it: "mean", "arm.role", "study.title"
    level: str  # "record", "arm", "study"
    path: Path  # in the model of its level
    kind: str  # how its cells are read, where the mapping does not say
    many: bool = False
    required: bool = False
    within: bool = False  # required of the record inside another, once that is there: the unit of a dose
    words: tuple[str, ...] = ()  # the controlled words


def _inside(annotation: object) -> tuple[object, bool]:
    """Give what a field holds without None, Annotated and list, and whether it is a list."""
    many = False
    while True:
        origin, parts = get_origin(annotation), get_args(annotation)
        if origin is Annotated:
            annotation = parts[0]
        elif origin in (Union, types.UnionType):
            annotation = next(part for part in parts if part is not type(None))
        elif origin is list:
            annotation, many = parts[0], True
        else:
            return annotation, many


def _told_kind(info: FieldInfo) -> str:
    """Give the kind that the annotations of a field tell: an identifier by its pattern, an address by its own word."""
    found: list[object] = [info.annotation, *info.metadata]
    while found:
        one = found.pop()
        if getattr(one, "pattern", None) == SLUG:
            return "identifier"
        extra = getattr(one, "json_schema_extra", None)
        if isinstance(extra, dict) and "kind" in extra:
            return str(extra["kind"])
        found += [*get_args(one), *getattr(one, "metadata", ())]
    return str((info.json_schema_extra or {}).get("kind", "")) if isinstance(info.json_schema_extra, dict) else ""


def _kind(field: str, info: FieldInfo, inner: object) -> str:
    """Give how the cells of a plain field are read."""
    if inner is bool:
        return "yes or no"
    if inner is int:
        return "whole number"
    if inner is Decimal:
        return "number"
    return _told_kind(info) or ("date" if field in _DATES else "text")


def _fields(model: type[BaseModel], name: str, path: Path, level: str) -> Iterator[Property]:
    for field, info in model.model_fields.items():
        if field in _NOT_IN_TABLES or (model is Study and field in _OF_STUDY):
            continue
        inner, many = _inside(info.annotation)
        one = Property(f"{name}{field}", level, (*path, field), "text", many, info.is_required())
        if isinstance(inner, type) and issubclass(inner, BaseModel):
            if inner is Term:
                yield replace(one, kind="term")
            elif inner is not Product:
                yield from _nested(inner, one)
        elif get_origin(inner) is Literal:
            yield replace(one, kind="word", words=tuple(map(str, get_args(inner))))
        elif words := words_of(info):
            yield replace(one, kind="word", words=tuple(words))
        else:
            yield replace(one, kind=_kind(field, info, inner))


def _nested(model: type[BaseModel], outer: Property) -> Iterator[Property]:
    """Give the fields of a record in a field; its `value` goes by the name of the field too."""
    path = (*outer.path, 0) if outer.many else outer.path
    for one in _fields(model, f"{outer.name}.", path, outer.level):
        inner = replace(one, required=False, within=one.required)
        yield inner
        if one.path[-1] in ("value", "values") and len(one.path) == len(path) + 1:
            yield replace(inner, name=outer.name)


def _arm(name: str, dose: str) -> Iterator[Property]:
    for one in _fields(Arm, name, (), "arm"):
        if one.path[0] == "dose":
            yield replace(one, name=dose + one.name.removeprefix(f"{name}dose"))
        else:
            yield one
    for one in _fields(Product, name, ("product",), "arm"):
        yield replace(one, required=False, within=one.required)


def _optional(found: Iterable[Property]) -> Iterator[Property]:
    return (replace(one, required=False) for one in found)


@cache
def properties_of(row: str) -> dict[str, Property]:
    """Give name -> property for all that a table may say whose rows are of a kind.

    >>> properties_of("result")["spread.type"].words[:2]
    ('SD', 'SEM')
    >>> properties_of("result")["arm.cell_source"].path
    ('product', 'cell_source')
    """
    model = ROWS[row]
    found: list[Property] = []
    if row in ("term pair", "entity"):
        return {one.name: one for one in _fields(model, "", (), "record")}
    if row == "study":
        found += _fields(Study, "", (), "study")
    if row in RECORDS:
        found += _fields(model, "", (), "record")
    if row == "arm":
        found += _arm("", "dose")
    if row == "dose":
        found += (replace(one, path=("dose", *one.path), level="arm") for one in _fields(Dose, "", (), "arm"))
    if row != "arm":
        doses = _arm("arm.", "dose")
        found += _optional(one for one in doses if row != "dose" or one.path[0] != "dose")
    if row != "study":
        found += _fields(Study, "study.", (), "study")
    by_name = {one.name: one for one in found}
    for name in ("study", "arm"):  # the identifiers go by the name of the thing
        long = by_name.get(f"{name}.id") or by_name["id"]
        by_name[name] = replace(long, name=name)
    return by_name
