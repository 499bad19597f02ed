"""Units of a column. A value is converted only where that is exact and has a name here; weeks are never made months."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from kg.errors import nearest
from kg.tables.cells import CellError
from kg.tables.properties import Path, Property

__all__ = ["Conversion", "conversion_of", "unit_path", "units_of"]

#: A word before a unit of cells -> by what the value is multiplied.
_MULTIPLES = {"thousand": 10**3, "million": 10**6, "billion": 10**9}
_POWER = re.compile(r"(?:[x×]\s*)?10\s*\^?\s*([3-9⁰¹²³⁴⁵⁶⁷⁸⁹]|10|11|12)\s+(.+)", re.ASCII)
_RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
#: What stands after a unit of cells -> what the dose is counted for.
_BASES = {
    **dict.fromkeys(("/kg", "per kg", "/ kg"), "per kg"),
    **dict.fromkeys(("/infusion", "per infusion"), "per infusion"),
    **dict.fromkeys(("/patient", "per patient"), "per patient"),
}


@dataclass(frozen=True, slots=True)
class Conversion:
    """What a unit does to the value of a column, and what it says besides."""

    factor: Decimal = Decimal(1)
    divisor: Decimal = Decimal(1)
    sets: tuple[tuple[Path, str], ...] = ()  # other fields of the same record

    def apply(self, number: Decimal) -> Decimal:
        """Give the converted number; raise `CellError` where it has no exact decimal form."""
        if self.divisor == 1:
            return number if self.factor == 1 else Decimal(format((number * self.factor).normalize(), "f"))
        quotient = number / self.divisor
        if quotient * self.divisor != number or len(quotient.as_tuple().digits) > 12:
            raise CellError(f"found {number}, which divided by {self.divisor} has no exact decimal form")
        return quotient


def unit_path(one: Property) -> Path | None:
    """Give where the unit of a property stands, or None where it has no unit of its own."""
    *above, last = one.path
    if above == ["dose"] and last in ("value", "low", "high"):
        return ("dose", "unit")
    if above == ["effect"] and last in ("value", "low", "high"):
        return ("effect", "unit")
    return ("unit",) if one.level == "record" and last in ("mean", "median") and not above else None


def _cells(unit: str, at: Path) -> Conversion:
    words, sets = " ".join(unit.split()), []
    for ending, basis in _BASES.items():
        if words.endswith(ending):
            words = words.removesuffix(ending).strip()
            sets.append(((*at[:-1], "basis"), basis))
            break
    first, _, rest = words.partition(" ")
    factor = Decimal(1)
    if first in _MULTIPLES and rest:
        words, factor = rest, Decimal(_MULTIPLES[first])
    elif match := _POWER.fullmatch(words):
        words, factor = match[2], Decimal(10) ** int(match[1].translate(_RAISED))
    return Conversion(factor, sets=((at, words), *sets))


#: Field -> the units that it can be read in, each with its exact factor and divisor to the unit of the field.
_EXACT: dict[str, dict[str, tuple[int, int]]] = {
    "month": {"months": (1, 1), "years": (12, 1)},
    "months": {"months": (1, 1), "years": (12, 1)},
    "follow_up_months": {"months": (1, 1), "years": (12, 1)},
    "week": {"weeks": (1, 1)},
    "ages_years": {"years": (1, 1), "months": (1, 12)},
    "percent": {"%": (1, 1), "percent": (1, 1)},
}


def units_of(one: Property) -> dict[str, tuple[int, int]]:
    """Give the units that a property can be read in, none where any will do; raise `CellError` where it has no unit."""
    known = next((_EXACT[str(part)] for part in reversed(one.path) if part in _EXACT), {})
    if not known and unit_path(one) is None:
        raise CellError(f"found a unit for {one.name}, which has none")
    return known


def conversion_of(one: Property, unit: str) -> Conversion:
    """Give what a unit does to a property; raise `CellError` where the property has none, or the unit does not fit.

    >>> from kg.tables.properties import properties_of
    >>> conversion_of(properties_of("arm")["dose"], "million cells/kg").sets
    ((('dose', 'unit'), 'cells'), (('dose', 'basis'), 'per kg'))
    """
    at, known = unit_path(one), units_of(one)
    if at is not None:
        return _cells(unit, at) if at[0] == "dose" else Conversion(sets=((at, unit),))
    if unit not in known:
        near = nearest(unit, known, 1)
        hint = f"; nearest: {near[0]}" if near else ""
        more = "; weeks make no whole months: a readout has `week`" if "month" in str(one.path[-1]) else ""
        raise CellError(f"found the unit {unit!r} for {one.name}, expected one of: {', '.join(known)}{hint}{more}")
    factor, divisor = map(Decimal, known[unit])
    return Conversion(factor, divisor)
