"""By what the studies of a pooled estimate can be grouped: cells, route, donor, band of dose, band of age.

A study that does not report the property is a group of its own, "not reported": it is not guessed into another.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from decimal import Decimal

from kg.catalogue import find_query, select
from kg.errors import InputError
from kg.store import Store

__all__ = ["GROUPINGS", "SILENT", "age_band", "dose_band", "read_groups"]

SILENT = "not reported"
#: Upper ends of the bands of age, in years: a band holds its lower end and not its upper.
_AGES = (3, 6, 12)


def dose_band(value: Decimal, unit: str, basis: str) -> str:
    """Give the power of ten that a dose is in; doses of another unit or basis are other bands.

    >>> dose_band(Decimal(50000000), "cells", "per kg")
    '10^7 to under 10^8 cells per kg'
    """
    if value <= 0:
        raise InputError(f"found the dose {value}; expected a number above 0")
    power = value.adjusted()
    return f"10^{power} to under 10^{power + 1} {unit} {basis or '(basis not reported)'}"


def age_band(years: Decimal) -> str:
    """Give the band of a mean or median age: under 3, 3 to under 6, 6 to under 12, 12 and above.

    >>> age_band(Decimal("2.9")), age_band(Decimal(3))
    ('mean or median age under 3 years', 'mean or median age 3 to under 6 years')
    """
    lower = max((end for end in _AGES if years >= end), default=None)
    upper = min((end for end in _AGES if years < end), default=None)
    if lower is None:
        words = f"under {upper} years"
    else:
        words = f"{lower} years and above" if upper is None else f"{lower} to under {upper} years"
    return f"mean or median age {words}"


def _dose(cells: Mapping[str, str]) -> str:
    if "dose_value" not in cells:
        return SILENT
    return dose_band(Decimal(cells["dose_value"]), cells["dose_unit"], cells.get("dose_basis", ""))


def _age(cells: Mapping[str, str]) -> str:
    years = cells.get("age_mean", cells.get("age_median"))
    return SILENT if years is None else age_band(Decimal(years))


#: What `--by` may name -> the group of a row.
GROUPINGS: dict[str, Callable[[Mapping[str, str]], str]] = {
    "age": _age,
    "cells": lambda cells: cells.get("cells_label", SILENT),
    "donor": lambda cells: cells.get("donor", SILENT),
    "dose": _dose,
    "route": lambda cells: cells.get("route_label", SILENT),
}


def read_groups(store: Store, by: str) -> dict[str, str]:
    """Give arm -> group, sorted by arm; an arm with several cells, routes or doses is in "a and b" of them.

    Raises `InputError` for a property that studies are not grouped by.
    """
    if by not in GROUPINGS:
        raise InputError(f"no grouping by {by!r}; expected one of: {', '.join(GROUPINGS)}")
    answer = select(store, find_query("synthesis/groups"))
    names = [variable.value for variable in answer.variables]
    found: defaultdict[str, set[str]] = defaultdict(set)
    for row in answer:
        cells = {name: row[name].value for name in names if row[name] is not None}
        found[cells["arm"]].add(GROUPINGS[by](cells))
    return {arm: " and ".join(sorted(groups)) for arm, groups in sorted(found.items())}
