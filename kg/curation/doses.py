"""Reads the notation of a dose of cells: value, unit, basis, and what the print leaves open.

Pages lose superscripts: "5 × 107" is five times ten to the seventh, while "106 cells" may be either a hundred and six
or a million. The first is read, the second flagged. Nothing is guessed: what is not in the notation stays `None`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

__all__ = ["DoseReading", "read_dose"]

_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
_NUMBER = r"\d+(?:,\d{3})+(?![\d,])|\d+(?:[.,]\d+)?"
_DASH = r"\s*(?:-|–|—|to|or)\s*"
_TIMES = r"\s*[×xX·*∙⋅]\s*"
_WORDS = {"million": 6, "billion": 9, "thousand": 3}
_OPERATORS = [
    (r"≥|>=|\bat least\b|\bno less than\b|\bminimum(?: of)?\b", ">="),
    (r"≤|<=|\bat most\b|\bup to\b|\bno more than\b|\bmaximum(?: of)?\b", "<="),
    (r">|\bmore than\b|\babove\b", ">"),
    (r"<|\bless than\b|\bbelow\b", "<"),
    (r"~|≈|±|\babout\b|\bapproximately\b|\bsome\b", "about"),
]
_UNITS = [
    (r"\btotal nucleated cells?\b|\bTNCs?\b", "total nucleated cells"),
    (r"\bmononuclear cells?\b|\bMNCs?\b", "mononuclear cells"),
    (r"\bCD34\s*\+|\bCD34-positive", "CD34+ cells"),
    (r"\b(?:mesenchymal (?:stem|stromal) cells?|(?:h?[A-Z]{0,4}-?)MSCs?)\b", "mesenchymal stem cells"),
    (r"\bcells?\b", "cells"),
]
_BASES = [
    (r"/\s*(?:kg|kilogram)|\bper\s+(?:kg|kilogram)|\bkg\s*(?:-1|−1|\^-1)", "per kg"),
    (
        r"/\s*(?:infusion|injection|dose|time)|\b(?:per|each|every)\s+(?:infusion|injection|dose|administration)",
        "per infusion",
    ),
    (r"/\s*(?:patient|child|person)|\bper\s+(?:patient|child|person)|\bin total\b|\btotal dose\b", "per patient"),
]
_COUNTS = {"once": 1, "twice": 2, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6}


@dataclass(frozen=True, slots=True)
class DoseReading:
    """What a notation says; `ambiguous` tells why the number can be read in two ways."""

    value: Decimal | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    operator: str | None = None
    unit: str | None = None
    basis: str | None = None
    times: int | None = None
    lost_superscript: bool = False
    ambiguous: str | None = None


def _decimal(text: str) -> Decimal:
    if re.fullmatch(r"\d{1,3}(?:,\d{3})+", text):
        return Decimal(text.replace(",", ""))
    return Decimal(text.replace(",", "."))


def _whole(number: Decimal) -> Decimal:
    """Give a number of cells without decimals that say nothing."""
    return number.quantize(Decimal(1)) if number == number.to_integral_value() else number.normalize()


def _first(table: list[tuple[str, str]], text: str) -> str | None:
    """Give the word of the first pattern of a table that occurs."""
    return next((word for pattern, word in table if re.search(pattern, text, re.IGNORECASE)), None)


def _power(index: int) -> str:
    """Give the pattern of ten to a power: 10^7, 10(7), 10⁷ (folded to 10^7), or 107 with its superscript lost."""
    caret, bracket, lost = (rf"(?P<{name}{index}>\d{{1,2}})" for name in ("caret", "bracket", "lost"))
    return rf"10\s*(?:\^\s*\{{?{caret}\}}?|\(\s*{bracket}\s*\)|{lost}(?![\d.,]*\d))"


def _exponent(match: re.Match[str], index: int) -> tuple[int, bool]:
    groups = match.groupdict()
    for name in ("caret", "bracket"):
        if groups.get(f"{name}{index}"):
            return int(groups[f"{name}{index}"]), False
    return int(groups[f"lost{index}"]), True


def _amounts(text: str) -> tuple[list[Decimal], bool] | None:
    """Give the one or two amounts of the notation, and whether a superscript was lost; None where there is none."""
    number = f"(?:{_NUMBER})"
    both = re.search(rf"(?P<first>{number}){_TIMES}{_power(1)}{_DASH}(?P<second>{number}){_TIMES}{_power(2)}", text)
    if both:
        (low_power, low_lost), (high_power, high_lost) = _exponent(both, 1), _exponent(both, 2)
        first, second = _decimal(both["first"]), _decimal(both["second"])
        return [_whole(first * 10**low_power), _whole(second * 10**high_power)], low_lost or high_lost
    shared = re.search(rf"({number})(?:{_DASH}({number}))?{_TIMES}{_power(1)}", text)
    if shared:
        power, lost = _exponent(shared, 1)
        mantissas = [_decimal(part) for part in (shared[1], shared[2]) if part]
        return [_whole(mantissa * 10**power) for mantissa in mantissas], lost
    exponent = re.search(r"(?<![\d.])(\d+(?:\.\d+)?)[eE]\+?(\d{1,2})\b", text)
    if exponent:
        return [_whole(Decimal(exponent[1]) * 10 ** int(exponent[2]))], False
    words = re.search(rf"({number})(?:{_DASH}({number}))?\s*({'|'.join(_WORDS)})", text, re.IGNORECASE)
    if words:
        scale = 10 ** _WORDS[words[3].lower()]
        return [_whole(_decimal(part) * scale) for part in (words[1], words[2]) if part], False
    return None


def _alone(text: str) -> tuple[list[Decimal], bool, str | None] | None:
    """Read a notation that shows no "times ten to": a bare power, two numbers side by side, or a plain count."""
    explicit = re.search(r"(?<![\d.,])10\s*(?:\^\s*\{?(\d{1,2})\}?|\(\s*(\d{1,2})\s*\))", text)
    if explicit:
        return [Decimal(10) ** int(explicit[1] or explicit[2])], False, None
    pair = re.search(r"(?<![\d.,])(\d+(?:[.,]\d+)?)\s+10(\d{1,2})(?![\d.,]*\d)", text)
    if pair:
        value = _whole(_decimal(pair[1]) * 10 ** int(pair[2]))
        return [value], True, f"'{pair[0]}' may be {pair[1]} × 10^{pair[2]} or two numbers"
    bare = re.search(r"(?<![\d.,])10(\d)(?![\d.,]*\d)", text)
    if bare:
        return [Decimal(10) ** int(bare[1])], True, f"'{bare[0]}' may be 10^{bare[1]} or the number {bare[0]}"
    plain = re.search(rf"(?<![\d.,])((?:{_NUMBER}))(?:{_DASH}((?:{_NUMBER})))?(?=\s*(?:[A-Za-z/]|$))", text)
    if plain and _decimal(plain[1]) >= 1000:
        return [_decimal(part) for part in (plain[1], plain[2]) if part], False, None
    return None


def read_dose(notation: str) -> DoseReading | None:
    """Give what a notation says, or None where it holds no amount of cells.

    >>> read_dose("≥2 × 107 /kg")  # doctest: +NORMALIZE_WHITESPACE
    DoseReading(value=Decimal('20000000'), low=None, high=None, operator='>=', unit=None, basis='per kg', times=None,
        lost_superscript=True, ambiguous=None)
    >>> read_dose("106 cells").ambiguous
    "'106' may be 10^6 or the number 106"
    """
    text = re.sub(r"10([⁰¹²³⁴⁵⁶⁷⁸⁹]+)", lambda m: f"10^{m[1].translate(_SUPERSCRIPTS)}", notation)
    found = _amounts(text)
    ambiguous = None
    if found is None:
        alone = _alone(text)
        if alone is None:
            return None
        amounts, lost, ambiguous = alone
    else:
        amounts, lost = found
    if len(amounts) == 2 and amounts[0] > amounts[1]:
        ambiguous = f"the range '{notation}' falls from {amounts[0]:f} to {amounts[1]:f}"
    if len(amounts) == 2 and re.search(r"\d\s*or\s*\d", text):
        ambiguous = f"'{notation}' names two doses, not a range"
    value = amounts[0] if len(amounts) == 1 else None
    low, high = (amounts[0], amounts[1]) if len(amounts) == 2 else (None, None)
    counted = re.search(
        r"(\d+|two|three|four|five|six)\s+(?:times|infusions|injections|doses)|\b(once|twice)\b", text, re.I
    )
    times = counted and (counted[1] or counted[2]).lower()
    return DoseReading(
        value=value,
        low=low,
        high=high,
        operator=_first(_OPERATORS, text),
        unit=_first(_UNITS, text),
        basis=_first(_BASES, text),
        times=_COUNTS.get(times, int(times) if times.isdigit() else None) if times else None,
        lost_superscript=lost,
        ambiguous=ambiguous,
    )
