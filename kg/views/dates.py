"""Dates as registries print them -> the days they may be. A year is 365 or 366 days, never the first of January."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date

__all__ = ["Span", "span_of"]

_MONTHS = {name.casefold(): place for place, name in enumerate(calendar.month_name) if name}
_FORMS = (
    re.compile(r"(?P<year>\d{4})(?:-(?P<month>\d{2})(?:-(?P<day>\d{2}))?)?$"),
    re.compile(r"(?P<name>[A-Za-z]+) (?:(?P<day>\d{1,2}), )?(?P<year>\d{4})$"),
)


@dataclass(frozen=True, slots=True)
class Span:
    """The first and the last day that a date may mean."""

    first: date
    last: date


def span_of(text: str) -> Span | None:
    """Give the days that a date may mean; None for what is no date.

    >>> span_of("2013-10")
    Span(first=datetime.date(2013, 10, 1), last=datetime.date(2013, 10, 31))
    >>> span_of("December 2006") == span_of("2006-12"), span_of("soon")
    (True, None)
    """
    found = next((match for form in _FORMS if (match := form.match(text.strip()))), None)
    if found is None:
        return None
    parts = found.groupdict()
    year, day = int(parts["year"]), int(parts["day"] or 0)
    month = _MONTHS.get(parts["name"].casefold(), -1) if parts.get("name") else int(parts.get("month") or 0)
    try:
        if day:
            return Span(date(year, month, day), date(year, month, day))
        last = calendar.monthrange(year, month or 12)[1]
        return Span(date(year, month or 1, 1), date(year, month or 12, last))
    except (ValueError, calendar.IllegalMonthError):
        return None
