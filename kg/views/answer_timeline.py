"""The answer of a question on an axis of years: one line a label, a mark for each date, a bar from start to end.

A date is drawn as wide as it is known: a day is a dot, a month or a year the stretch that it names.
"""

from __future__ import annotations

import re
from collections import defaultdict
from datetime import date
from math import ceil, floor

from kg.errors import InputError
from kg.views.figure import SIZE, SMALL, Figure, Key
from kg.views.lettering import coordinate as _n
from kg.views.lettering import fit, text_at, width_of
from kg.views.query_answer import Answer, caption_of, keep, plural, values
from kg.views.svg import FILLS, QUIET, STROKES, safe

__all__ = ["MOST", "draw_timeline", "stretch"]

#: Lines that can still be read on one page.
MOST = 70
_LABEL, _TRACK, _ROW = 330.0, 460.0, 20.0
_DATE = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?")

Mark = tuple[float, float, str, str]  # from, to, group, the dates in words


def stretch(text: str) -> tuple[float, float] | None:
    """Give the stretch of years that a date names, or None where it is none.

    >>> stretch("2012"), stretch("2012-07"), stretch("soon")
    ((2012.0, 2013.0), (2012.5, 2012.5833333333333), None)
    """
    match = _DATE.fullmatch(text.strip())
    if match is None:
        return None
    year, month, day = int(match[1]), int(match[2] or 0), int(match[3] or 0)
    if not match[2]:
        return float(year), float(year + 1)
    if not 1 <= month <= 12 or year < 1:
        return None
    if not match[3]:
        return year + (month - 1) / 12, year + month / 12
    try:
        place = date(year, month, day).timetuple().tm_yday - 1
    except ValueError:
        return None
    at = year + place / 366
    return at, at


def _marks(answer: Answer) -> tuple[dict[str, list[Mark]], int]:
    """Give label -> marks, and how many rows have no date; raise `InputError` where none of many texts is one."""
    found: dict[str, list[Mark]] = defaultdict(list)
    dateless, strange = 0, ""
    columns = (values(answer, "label", shown=True), values(answer, "start"), values(answer, "end"))
    for label, start, end, group in zip(*columns, values(answer, "group", shown=True), strict=True):
        first, last = stretch(start), stretch(end)
        strange = strange or next((text for text in (start, end) if text and stretch(text) is None), "")
        if first is None and last is None:
            dateless += 1
            continue
        low, high = (first or last), (last or first)
        assert low is not None
        assert high is not None
        mark = (min(low[0], high[0]), max(low[1], high[1]), group, " to ".join(filter(None, (start, end))))
        if mark not in found[label]:
            found[label].append(mark)
    if strange and not found:
        name, expected = answer.view["start"], "a date as 2012, 2012-07 or 2012-07-31"
        raise InputError(
            f"{answer.name}: no row has a date: column {name!r} holds {strange[:40]!r}, expected {expected}"
        )
    return found, dateless


def draw_timeline(answer: Answer) -> Figure:
    """Give the dates of an answer in their frame; raise `InputError` for a date that cannot be read."""
    found, dateless = _marks(answer)
    order = sorted(found, key=lambda label: (min(mark[0] for mark in found[label]), label.casefold(), label))
    drawn, left_out = keep(order, MOST)
    groups = sorted({mark[2] for label in drawn for mark in found[label]})
    shown = groups[: len(FILLS) - (len(groups) > len(FILLS))]
    ends = [end for label in drawn for mark in found[label] for end in mark[:2]]
    low, high = (floor(min(ends)), max(ceil(max(ends)), floor(min(ends)) + 1)) if ends else (2000, 2001)
    start = min(max((width_of(label, SIZE) for label in drawn), default=0.0), _LABEL) + 12
    unit, bottom = _TRACK / (high - low), 24 + _ROW * len(drawn)
    marks, step = [], max(1, ceil((high - low) / 12))
    for year in range(low, high + 1, step):
        x = start + (year - low) * unit
        marks.append(f'<path d="M{_n(x)} 18V{_n(bottom)}" stroke="#d9dee3" stroke-width="1"/>')
        marks.append(text_at(x, 12, str(year), size=SMALL, anchor="middle", colour=QUIET))
    for place, label in enumerate(drawn):
        y = 24 + _ROW * place
        marks.append(text_at(start - 8, y + 12, fit(label, _LABEL, SIZE), size=SIZE, anchor="end"))
        for first, last, group, words in found[label]:
            rank = shown.index(group) if group in shown else len(FILLS) - 1
            title = f"<title>{safe(': '.join(filter(None, (label, group, words))))}</title>"
            marks.append(f"<g>{title}{_mark(first, last, rank, start - low * unit, unit, y + 8)}</g>")
    if not drawn:
        marks.append(text_at(0, 40, "The answer has no date.", size=SIZE))
        bottom = 50
    names = {key: answer.view[key].removesuffix("_label").replace("_", " ") for key in answer.view if key != "says"}
    span = f"{names['start']}{' to ' + names['end'] if 'end' in names else ''}"
    says = [f"Lines: {names['label']}. Marks: {span}; a dot is a day, a bar a stretch, a month or a year."]
    says += [left_out] if left_out else []
    without = f"{plural(dateless, 'row')} without a date: not drawn. A missing date was not stated, or not seen by us."
    says += [without] if dateless else []
    rows = tuple((label, group, words) for label in order for _, _, group, words in found[label])
    named = [(rank, group) for rank, group in enumerate(shown) if group or len(shown) > 1]
    legend = [Key(_mark(0, 0, rank, 0, 1, 0), group or "not stated") for rank, group in named]
    if len(groups) > len(shown):
        legend.append(Key(_mark(0, 0, len(FILLS) - 1, 0, 1, 0), f"{len(groups) - len(shown)} other"))
    return Figure(
        title=answer.title,
        marks=marks,
        width=start + _TRACK + 24,
        height=bottom,
        caption=caption_of(
            answer, says, f"{plural(len(answer.rows), 'row')}, {plural(len(order), 'line')} with a date"
        ),
        words=f"{span} by {names['label']}: " + "; ".join(f"{row[0]}: {row[2]}" for row in rows) + ".",
        legend=tuple(legend),
        columns=(names["label"], names.get("group", "group"), span),
        rows=rows,
    )


def _mark(first: float, last: float, rank: int, origin: float, unit: float, y: float) -> str:
    look = f'fill="{FILLS[rank]}" stroke="{STROKES[rank]}" stroke-width="1.4"'
    if first == last:
        return f'<circle cx="{_n(origin + first * unit)}" cy="{_n(y)}" r="5" {look}/>'
    width = max((last - first) * unit, 3.0)
    return f'<rect x="{_n(origin + first * unit)}" y="{_n(y - 5)}" width="{_n(width)}" height="10" rx="2" {look}/>'
