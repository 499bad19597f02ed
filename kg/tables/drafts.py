"""Values by path -> the records of a study: nested, without what says nothing, with what every fact must have."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from itertools import pairwise
from typing import Any

from pydantic import BaseModel, ValidationError

from kg.tables.kinds import identifier_of
from kg.tables.properties import Path
from kg.tables.rows import Found, RowError

__all__ = ["first_fault", "made_id", "nested", "with_standing"]

#: Fields that give a number its meaning and say nothing without one.
_COMPANIONS = {
    *("as_of", "basis", "certainty", "interval", "measure", "participants_are", "registry", "standing"),
    *("status", "type", "unit", "where"),
}
#: Fields of a study or an arm that hold a fact, which has a status and a place.
_FACTS = {
    *("ages_years", "co_interventions", "completed", "dose", "enrolled", "follow_up_months", "immunosuppression"),
    "planned",
}
#: Model -> the fields that its identifier is made of, in this order.
_NAMED_BY = {
    "Result": ("outcome", "instrument", "measure", "month", "arm"),
    "Comparison": ("outcome", "instrument", "month", "arms", "comparator"),
    "Readout": ("marker", "assay", "compartment", "month", "week", "days", "arm", "comparator"),
    "AdverseEvent": ("event", "serious", "arm", "covers"),
}
_TIMES = {"month", "week", "days"}


def _pruned(content: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for field, value in content.items():
        if isinstance(value, dict) and set(value) != {"id", "label"}:
            value = _pruned(value)
            if set(value) <= _COMPANIONS:
                continue
        if isinstance(value, list) and value and isinstance(value[0], dict) and set(value[0]) != {"id", "label"}:
            value = [one for one in map(_pruned, value) if not set(one) <= _COMPANIONS]
        if value != []:
            found[field] = value
    return found


def nested(values: Mapping[Path, object]) -> dict[str, Any]:
    """Give the content of a record; a unit, a type or a basis without its number is left out.

    >>> nested({("mean",): 1, ("spread", "type"): "SD"})
    {'mean': 1}
    """
    content: dict[str, Any] = {}
    for path, value in values.items():
        place: Any = content
        for part, following in pairwise(path):
            if isinstance(part, int):
                place = place[part]
            elif isinstance(following, int):
                place = place.setdefault(part, [{}])
            else:
                place = place.setdefault(part, {})
        place[path[-1]] = value
    return _pruned(content)


def with_standing(content: dict[str, Any], status: str, where: str) -> dict[str, Any]:
    """Give the content with a status and a place in every fact that has none of its own."""
    found = dict(content)
    for field in _FACTS & set(content):
        value = found[field]
        standing = {"where": where, **({"status": status} if status else {})}
        found[field] = [{**standing, **one} for one in value] if isinstance(value, list) else {**standing, **value}
    return found


def _word(value: object) -> str:
    if isinstance(value, dict):  # a term; two labels may be one word without their Greek letters
        return str(value["label"] if str(value["label"]).isascii() else value["id"])
    if isinstance(value, list):
        return " ".join(map(_word, value))
    return format(value, "f") if isinstance(value, Decimal) else str(value)


def made_id(model: type[BaseModel], content: Mapping[str, Any]) -> str:
    """Give the identifier of a record, made of what it is about."""
    words = []
    for field in _NAMED_BY[model.__name__]:
        value = content.get(field)
        if value is None:
            continue
        if field == "serious":
            words.append("serious" if value == "true" else "not serious")
        else:
            words.append(f"{field} {_word(value)}" if field in _TIMES else _word(value))
    return identifier_of(" ".join(words))


def first_fault(error: ValidationError, found: Found | None, level: str, prefix: str = "") -> str:
    """Say the first thing that is wrong with a record, by the column where there is one."""
    first = error.errors()[0]
    path = tuple(first["loc"])
    column = found.column_of.get((level, path), "") if found else ""
    field = ".".join(str(part) for part in path if not isinstance(part, int))
    message = str(first["msg"]).removeprefix("Value error, ")
    if first["type"] == "missing":
        message = "has no value"
    elif isinstance(first.get("input"), str | int | Decimal) and "found" not in message:
        message = f"found {str(first['input'])[:60]!r}; {message[:1].lower()}{message[1:]}"
    return f"{column or prefix + field or prefix.strip('.')}: {message}"


def check_spread(content: Mapping[str, Any], path: str = "spread") -> None:
    """Refuse a spread whose numbers do not fit its type."""
    spread = content.get("spread")
    if not isinstance(spread, dict):
        return
    kind, value, low, high = (spread.get(part) for part in ("type", "value", "low", "high"))
    if kind in ("SD", "SEM", "SE") and (value is None or value < 0):
        raise RowError(f"{path}: found the {kind} {'without a value' if value is None else value}, expected 0 or more")
    if kind in ("CI95", "IQR", "range"):
        if low is None or high is None:
            raise RowError(f"{path}: found one number for a spread of type {kind}, expected spread.low and spread.high")
        if low > high:
            raise RowError(f"{path}: found the {kind} from {low} to {high}, expected the lower number first")
