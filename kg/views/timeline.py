"""Rows of `studies/timeline` -> a picture: when each study was registered, begun, completed and published.

A date is drawn as long as it is vague: a month over its days, a year over all of it. What lay in the future on the day
on which the registry was read is drawn as the plan that it was.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from kg.views.dates import Span, span_of
from kg.views.figure import SIZE, SMALL, Caption, Figure, Key
from kg.views.grid import RULE, group
from kg.views.lettering import coordinate as _n
from kg.views.lettering import fit, text_at, width_of
from kg.views.svg import INK, QUIET, STROKES, shown

__all__ = ["draw_timeline"]

Row = Mapping[str, str]
_RAN, _PLANNED, _PAPER, _SILENT = "#2a8cc4", "#2a8cc4", STROKES[4], "#b0558a"
_VAGUE = "#a9d2ea"
_LINE, _BAR = 19.0, 8.0
_YEARS, _STANDING = 520.0, 190.0  # widths in pixels
_LABEL = 320.0
#: What a registry calls a study that has run to its end.
_COMPLETED = ("completed", "complete")
#: Standing of a study -> the words at the end of its line, and whether they are a warning.
_WORDS = {
    "published, results here": ("", False),
    "published, no results here": ("published, not read here", False),
    "results here, not from a paper of its own": ("no paper of its own here", False),
    "results posted in the registry only": ("results in the registry only", False),
    "published under other studies of the same registration": ("in papers of other studies", False),
    "no registration and no results here": ("no results here", False),
    "registered, no results known": ("registered, no results known", True),
}


@dataclass(frozen=True, slots=True)
class _Study:
    """One line of the picture."""

    label: str
    registries: tuple[str, ...]
    standing: str
    completed: bool
    posted: Span | None
    start: Span | None
    primary: Span | None
    end: Span | None
    read: Span | None
    published: tuple[Span, ...]
    cells: tuple[str, ...]

    @property
    def days(self) -> list[date]:
        """Give all days that the line needs room for."""
        spans = [self.posted, self.start, self.primary, self.end, self.read, *self.published]
        return [day for span in spans if span for day in (span.first, span.last)]

    @property
    def begins(self) -> date:
        """Give where the line stands in the order."""
        first = [span.first for span in (self.start, self.posted, *self.published) if span]
        return min(first, default=date.max)


def draw_timeline(rows: Sequence[Row], *, as_of: str = "") -> Figure:
    """Give the picture of `studies/timeline`."""
    studies = _studies(rows)
    days = [day for study in studies for day in study.days]
    first, last = (min(days).year, max(days).year + 1) if days else (2000, 2001)
    label_room = min(max((width_of(shown(study.label), SIZE) for study in studies), default=60.0), _LABEL)
    left = label_room + 12
    scale = _Scale(left, date(first, 1, 1), date(last, 1, 1))
    top = 22.0
    bottom = top + _LINE * len(studies)
    marks = list(_axis(scale, first, last, top, bottom))
    for place, study in enumerate(studies):
        y = top + _LINE * (place + 0.5)
        words, warns = _WORDS.get(study.standing, (study.standing, False))
        label = text_at(
            left - 8, y + 4, fit(study.label, label_room, SIZE, bold=warns), size=SIZE, anchor="end", bold=warns
        )
        parts = [label, *_marks(study, scale, y)]
        if words:
            colour = _SILENT if warns else QUIET
            parts.append(text_at(left + _YEARS + 10, y + 4, words, size=SMALL, bold=warns, colour=colour))
        if not study.days:
            parts.append(text_at(left + 6, y + 4, "no date in the graph", size=SMALL, colour=QUIET))
        marks.append(group(_title(study), *parts))
    return Figure(
        title="Studies in people over time: registered, begun, completed, published",
        marks=marks,
        width=left + _YEARS + _STANDING,
        height=bottom + 20,
        legend=tuple(_legend()),
        caption=_caption(studies, as_of),
        words=" ".join(f"{_title(study)}." for study in studies),
        columns=_COLUMNS,
        rows=tuple(study.cells for study in studies),
    )


_COLUMNS = (
    *("study", "design", "registry", "status", "first posted", "start", "primary completion", "completion"),
    *("record read on", "participants", "published", "standing"),
)


def _studies(rows: Sequence[Row]) -> list[_Study]:
    """Put the registrations of a study together; where they differ, the dates of the one that has most count."""
    of_study: dict[str, list[Row]] = {}
    for row in rows:
        of_study.setdefault(row["study"], []).append(row)
    dates = ("first_posted", "start", "primary_completion", "completion", "as_of")
    studies = []
    for group_of in of_study.values():
        row = max(group_of, key=lambda each: sum(bool(each[name]) for name in dates))
        spans = {name: span_of(row[name]) for name in dates}
        registries = tuple(dict.fromkeys(each["registry_id"] for each in group_of if each["registry_id"]))
        text = [row["study_label"], row["design_label"], ", ".join(registries), row["status"]]
        text += [row[name] for name in dates] + [row["participants"], row["published"], row["standing"]]
        studies.append(
            _Study(
                label=row["study_label"],
                registries=registries,
                standing=row["standing"],
                completed=row["status"] in _COMPLETED,
                posted=spans["first_posted"],
                start=spans["start"],
                primary=spans["primary_completion"],
                end=spans["completion"],
                read=spans["as_of"],
                published=tuple(span for year in row["published"].split(", ") if (span := span_of(year))),
                cells=tuple(text),
            )
        )
    return sorted(studies, key=lambda study: (study.begins, study.label))


@dataclass(frozen=True, slots=True)
class _Scale:
    left: float
    first: date
    last: date

    def x(self, day: date) -> float:
        return self.left + (day - self.first).days / (self.last - self.first).days * _YEARS

    def end(self, day: date) -> float:
        """Give where a day ends."""
        return self.x(date.fromordinal(day.toordinal() + 1))


def _axis(scale: _Scale, first: int, last: int, top: float, bottom: float) -> Iterator[str]:
    lines = "".join(f"M{_n(scale.x(date(year, 1, 1)))} {_n(top)}V{_n(bottom)}" for year in range(first, last + 1))
    yield f'<path d="{lines}" stroke="{RULE}" stroke-width="0.7" fill="none"/>'
    step = next(step for step in (1, 2, 5, 10, 50) if _YEARS / max(last - first, 1) * step >= 34)
    for year in range(first, last):
        if year % step == 0:
            x = (scale.x(date(year, 1, 1)) + scale.x(date(year + 1, 1, 1))) / 2
            for y in (top - 6, bottom + 15):
                yield text_at(x, y, str(year), size=SMALL, anchor="middle", colour=QUIET)


def _bar(x: float, end: float, y: float, fill: str, *, stroke: str = "none", dash: str = "", high: float = _BAR) -> str:
    extra = f' stroke-dasharray="{dash}"' * bool(dash)
    return (
        f'<rect x="{_n(x)}" y="{_n(y - high / 2)}" width="{_n(max(end - x, 1.6))}" height="{_n(high)}" fill="{fill}" '
        f'stroke="{stroke}"{extra}/>'
    )


def _marks(study: _Study, scale: _Scale, y: float) -> Iterator[str]:
    start, end, read = study.start, study.end, study.read
    for span in study.published:
        yield _bar(scale.x(span.first) + 1, scale.end(span.last) - 1, y, "#fbe3d3", stroke=_PAPER, high=11)
    if start and end and end.first >= start.first:
        known = min(read.last, end.last) if read else end.last
        if known < end.last:  # what was still to come when the record was read
            begin = scale.end(max(known, start.first))
            yield _bar(begin, scale.end(end.last), y, "#ffffff", stroke=_PLANNED, dash="3 2")
        if known >= start.first:
            yield _bar(scale.x(start.first), scale.end(known), y, _VAGUE)
            solid_end = min(known, end.first)
            if solid_end > start.last:
                fill, stroke = (_RAN, "none") if study.completed else ("#ffffff", _RAN)
                yield _bar(scale.x(start.last), scale.end(solid_end), y, fill, stroke=stroke)
    elif start or end:
        one = start or end
        assert one is not None
        yield _bar(scale.x(one.first), scale.end(one.last), y, _VAGUE, stroke=_RAN)
        if start:
            x = scale.end(start.last)
            yield f'<path d="M{_n(x)} {_n(y)}h14" stroke="{_RAN}" stroke-width="1.4" stroke-dasharray="2 2"/>'
    if study.primary:
        x = (scale.x(study.primary.first) + scale.end(study.primary.last)) / 2
        yield f'<path d="M{_n(x)} {_n(y - 5.5)}v11" stroke="{INK}" stroke-width="1.4" fill="none"/>'
    if study.posted:
        x = (scale.x(study.posted.first) + scale.end(study.posted.last)) / 2
        yield f'<path d="M{_n(x)} {_n(y + 5)}l-3.6 -9h7.2Z" fill="#ffffff" stroke="{INK}" stroke-width="1.1"/>'


def _legend() -> Iterator[Key]:
    yield Key(_bar(-11, 11, 0, _RAN), "from start to completion")
    open_ended = _bar(-11, 11, 0, "#ffffff", stroke=_RAN)
    yield Key(open_ended, "the same as registered; the registry does not call it completed")
    yield Key(_bar(-11, 11, 0, _VAGUE), "within the month or year that is given, day not known")
    yield Key(_bar(-11, 11, 0, "#ffffff", stroke=_PLANNED, dash="3 2"), "still planned when the record was read")
    yield Key(f'<path d="M0 -5.5v11" stroke="{INK}" stroke-width="1.4" fill="none"/>', "primary completion")
    yield Key(f'<path d="M0 5l-3.6 -9h7.2Z" fill="#ffffff" stroke="{INK}" stroke-width="1.1"/>', "first posted")
    yield Key(_bar(-11, 11, 0, "#fbe3d3", stroke=_PAPER, high=11), "year of a paper")
    yield Key(
        text_at(0, 4, "Ab", size=SMALL, bold=True, anchor="middle", colour=_SILENT), "registered, no results known"
    )


def _title(study: _Study) -> str:
    named = zip(_COLUMNS[1:], study.cells[1:], strict=True)
    return f"{study.label}: " + "; ".join(f"{name}: {cell}" for name, cell in named if cell)


def _caption(studies: Sequence[_Study], as_of: str) -> Caption:
    counts = Counter(study.standing for study in studies)
    registered = sum(bool(study.registries) for study in studies)
    late = sum(bool(study.posted and study.start and study.posted.first > study.start.last) for study in studies)
    both = sum(bool(study.posted and study.start) for study in studies)
    silent = counts["registered, no results known"]
    return Caption(
        says=(
            "Each date is as long as it is vague: a month is drawn over its days, a year over all of it. Registry "
            "dates are those of the day on which the record was read; studies may have moved on since. No results "
            "known: neither the registry nor this graph has any, which does not mean that none exist. "
            f"{late} of {both} studies with both dates were first posted after they had begun."
        ),
        counted=f"{len(studies)} studies in people, {registered} registered, {silent} of these with no results known",
        sources=tuple(study.label for study in studies),
        as_of=as_of,
        query="mechtrail query studies/timeline",
    )
