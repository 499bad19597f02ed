"""Time points of outcomes: "Baseline, 3, 6 and 12 months" -> (3, month), (6, month), (12, month).

A number keeps the unit that it was read with; only what is exact becomes months (a year is twelve, a week is none).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

__all__ = ["TimePoint", "months_of", "read_times"]

_UNIT = {"d": "day", "w": "week", "m": "month", "y": "year", "h": "hour"}
_SPELLED = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
            "ten": 10, "twelve": 12, "eighteen": 18, "twenty four": 24, "a": 1, "twenty-four": 24}  # fmt: skip
_NUMBER = r"\d+(?:\.\d+)?|" + "|".join(sorted((word for word in _SPELLED if word != "a"), key=len, reverse=True))
_UNITS = r"days?|wks?|weeks?|mon?ths?|mos?\b|years?|yrs?|hours?|hrs?|h\b|ms\b|d\b"
_AFTER = re.compile(
    rf"(?P<list>(?:\b(?:{_NUMBER})(?:\s*(?:st|nd|rd|th))?\s*(?:,|;|and|or|&|to|-|–|/|\+"
    rf"|,\s*and)?\s*)+)[\s-]*(?P<unit>{_UNITS})",
    re.IGNORECASE,
)
_BEFORE = re.compile(
    rf"\b(?P<unit>days?|weeks?|months?|years?|hours?)\s*(?P<list>(?:[+]?(?:{_NUMBER})\s*(?:,|;|and|or|&|to"
    rf"|-|–|/|,\s*and)?\s*)+)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class TimePoint:
    """A time after treatment, in the unit that the record uses."""

    value: Decimal
    unit: str  # "hour", "day", "week", "month", "year"


def _unit(text: str) -> str:
    return _UNIT[text[0].casefold()]


def _numbers(text: str) -> list[Decimal]:
    return [
        Decimal(_SPELLED[part.casefold()]) if part.casefold() in _SPELLED else Decimal(part)
        for part in re.findall(rf"\b(?:{_NUMBER})", text, re.IGNORECASE)
    ]


def read_times(text: str) -> list[TimePoint]:
    """Give the time points of a time frame, each once, in the order of the text.

    >>> [(str(t.value), t.unit) for t in read_times("Baseline, 3, 6 and 12 months; week 24")]
    [('3', 'month'), ('6', 'month'), ('12', 'month'), ('24', 'week')]
    """
    found: list[tuple[int, TimePoint]] = []
    taken: list[tuple[int, int]] = []
    for pattern in (_BEFORE, _AFTER):
        for match in pattern.finditer(text):
            start, end = match.span()
            if any(first < end and start < last for first, last in taken):
                continue
            if pattern is _BEFORE and re.match(rf"\s*(?:{_UNITS})", text[end:], re.IGNORECASE):
                # "day 0, 3 months": the number belongs to the unit behind it
                numbers = _numbers(match["list"])[:-1]
                end = match.start("list")
            else:
                numbers = _numbers(match["list"])
            taken.append((start, end))
            found += [(start, TimePoint(number, _unit(match["unit"]))) for number in numbers]
    ordered = [point for _, point in sorted(found, key=lambda pair: pair[0])]
    return list(dict.fromkeys(ordered))


def months_of(points: list[TimePoint]) -> list[Decimal]:
    """Give the points that are months exactly: months as read, years times twelve; days and weeks are none.

    >>> [str(m) for m in months_of(read_times("1 year and 28 days"))]
    ['12']
    """
    found = []
    for point in points:
        if point.unit == "month":
            found.append(point.value)
        elif point.unit == "year":
            found.append(point.value * 12)
    return sorted(set(found))
