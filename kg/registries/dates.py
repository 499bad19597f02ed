"""Dates as registries print them -> `Date`, with the precision that was printed.

A day is never made up, and "03/04/2020" is read only where somebody says which of the two numbers is the day.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Literal

from kg.model.trials import Date

__all__ = ["Order", "read_date", "why_no_date"]

#: Which number of "03/04/2020" is the day: the first ("dmy"), the second ("mdy"), or nobody knows ("").
Order = Literal["dmy", "mdy", ""]

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_WHOLE_MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_NUMBER_OF_MONTH = {name: at % 12 + 1 for at, name in enumerate((*_MONTHS, *_WHOLE_MONTHS))} | {"sept": 9}

_ZONE = r"(?: ?(?:Z|UTC|GMT|[+-][0-9]{2}:?[0-9]{2}))?"
_TIME = rf"(?:[T ,]+[0-9]{{1,2}}:[0-9]{{2}}(?::[0-9]{{2}}(?:[.,][0-9]+)?)?(?: ?[AP]\.?M\.?)?)?{_ZONE}"
_YEAR, _MONTH, _DAY = "(?P<year>[0-9]{4})", "(?P<month>[0-9]{1,2})", "(?P<day>[0-9]{1,2})"
_WORD, _NTH = r"(?P<word>[A-Z]{3,9})\.?", "(?:st|nd|rd|th)?"

#: What is printed; a slash, a dash or a point may part the numbers, and a time of the day may follow a day.
_PRINTED = [
    re.compile(pattern, re.ASCII | re.IGNORECASE)
    for pattern in (
        rf"{_YEAR}",
        rf"{_YEAR}[-/.]{_MONTH}",
        rf"{_MONTH}[-/.]{_YEAR}",
        rf"{_YEAR}(?P<mark>[-/.]){_MONTH}(?P=mark){_DAY}{_TIME}",
        rf"{_YEAR}(?P<month>[0-9]{{2}})(?P<day>[0-9]{{2}})",
        rf"(?P<first>[0-9]{{1,2}})(?P<mark>[-/.])(?P<second>[0-9]{{1,2}})(?P=mark){_YEAR}{_TIME}",
        rf"{_WORD}[ ,-]*{_YEAR}",
        rf"{_YEAR}[ ,-]*{_WORD}",
        rf"{_WORD} *{_DAY}{_NTH},? *(?<![0-9]){_YEAR}{_TIME}",
        rf"{_DAY}{_NTH}[ -]*(?:of +)?{_WORD},?[ -]*{_YEAR}{_TIME}",
        rf"{_YEAR}[ -]+{_WORD}[ -]+{_DAY}{_TIME}",
    )
]
_YEARS = range(1900, 2200)
_LONGEST = 60  # signs of a text that may be a date


def read_date(text: str, *, order: Order = "", kind: str = "") -> Date | None:
    """Give the date that is printed, or None where there is none or where it can be read in two ways.

    `order` says which number of "03/04/2020" is the day. Without it such a date is read only where both readings
    agree ("05/05/2020") or the first number can be no month ("14/02/2020").

    >>> read_date("June 2010"), read_date("2018-04-30T00:00:00").iso
    (Date(iso='2010-06', kind='', text='June 2010'), '2018-04-30')
    >>> read_date("03/04/2020") is None, read_date("03/04/2020", order="dmy").iso
    (True, '2020-04-03')
    """
    iso = _read(text, order)[0]
    return Date(iso, kind, "" if text.strip() == iso else text.strip()) if iso else None


def why_no_date(text: str, *, order: Order = "") -> str:
    """Give the reason why a text is read as no date, or "" where it is one.

    >>> why_no_date("03/04/2020")
    "found '03/04/2020', expected to know which number is the day: it may be 2020-04-03 or 2020-03-04"
    """
    return _read(text, order)[1]


def _read(text: str, order: Order) -> tuple[str, str]:
    """Give (ISO date, "") or ("", reason)."""
    printed = " ".join(text.split())
    shown = printed if len(printed) <= _LONGEST else printed[:_LONGEST] + "..."
    for pattern in _PRINTED if len(printed) <= _LONGEST else ():
        if found := pattern.fullmatch(printed):
            parts = found.groupdict()
            if parts.get("first"):
                return _numbers(shown, int(parts["first"]), int(parts["second"]), int(parts["year"]), order)
            word = (parts.get("word") or "").lower()
            if word and word not in _NUMBER_OF_MONTH:
                continue
            month = _NUMBER_OF_MONTH[word] if word else parts.get("month")
            iso = _iso(int(parts["year"]), None if month is None else int(month), parts.get("day"))
            return (iso, "") if iso else ("", f"found {shown!r}, expected a date that exists")
    return "", f"found {shown!r}, expected a date such as 2018-04-30, 2018-04, 2018 or 'April 2018'"


def _numbers(shown: str, first: int, second: int, year: int, order: Order) -> tuple[str, str]:
    day_first, month_first = _iso(year, second, str(first)), _iso(year, first, str(second))
    if order:
        iso = day_first if order == "dmy" else month_first
        return (iso, "") if iso else ("", f"found {shown!r}, expected {'day' if order == 'dmy' else 'month'} first")
    if day_first and (first > 12 or day_first == month_first):
        return day_first, ""
    if not day_first and not month_first:
        return "", f"found {shown!r}, expected a date that exists"
    may_be = f"it may be {day_first} or {month_first}" if day_first else f"it would be {month_first}"
    return "", f"found {shown!r}, expected to know which number is the day: {may_be}"


def _iso(year: int, month: int | None, day: str | None) -> str:
    """Give the date in ISO 8601 with the parts that there are, or "" where it does not exist."""
    if year not in _YEARS:
        return ""
    try:
        whole = date(year, 1 if month is None else month, int(day or 1))
    except ValueError:
        return ""
    return whole.isoformat() if day else whole.isoformat()[: 4 if month is None else 7]
