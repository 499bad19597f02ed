"""Rows of `studies/dose-response` -> a picture: dose against finding, apart by the basis of the dose.

Doses per kg, per infusion and per patient never share an axis, units and routes are told apart by marks, and no line is
drawn through points of different studies: they differ in more than the dose.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from kg.views.figure import SIZE, SMALL, Caption, Figure, Key
from kg.views.grid import RULE, group, shape
from kg.views.lettering import coordinate as _n
from kg.views.lettering import fit, text_at, width_of
from kg.views.svg import FILLS, INK, QUIET, STROKES, shown

__all__ = ["draw_dose_response"]

Row = Mapping[str, str]
T = TypeVar("T")
_SILENT = "not reported in this record"
#: The order of panels and of bands; what a source says in other words follows in alphabetical order.
_BASES = ("per kg", "per infusion", "per patient", "in total")
_FINDINGS = ("higher", "no difference", "lower", "difference not classified")
_SHAPES = ("circle", "up", "diamond", "square", "hexagon", "down")
_COLOURS = ((STROKES[0], FILLS[0]), (STROKES[4], FILLS[4]), (STROKES[3], FILLS[3]), (STROKES[2], FILLS[2]))
_CONTROL, _OTHER_ARM = "control arm", "other treated arm"
_LEFT, _WIDTH = 120.0, 660.0
_LANE, _HEAD, _AXIS = 19.0, 24.0, 34.0
_RADIUS = 5.5


@dataclass(frozen=True, slots=True)
class _Point:
    """One arm and finding, with all comparisons that came to it."""

    row: Row
    months: tuple[str, ...]
    count: int
    low: float
    high: float

    @property
    def middle(self) -> float:
        return math.sqrt(self.low * self.high)

    @property
    def label(self) -> str:
        times = [month for month in self.months if month]
        words = f", month {', '.join(times)}" if times else ""
        standing = self.row["standing"]
        doubt = "" if standing == "given dose" else f", {'dose ' if standing == _SILENT else ''}{_short(standing)}"
        return f"{self.row['study_label']}{words}{doubt}"


def _short(standing: str) -> str:
    return {"planned dose": "planned", _SILENT: "given or planned?"}.get(standing, standing)


def draw_dose_response(rows: Sequence[Row], *, outcome: str, as_of: str = "") -> Figure:
    """Give the picture; `outcome` is the name of what was asked for."""
    points, without = _points(rows)
    shapes = _assign([point.row["route_label"] for point in points], _SHAPES)
    colours = _assign([point.row["unit"] for point in points], _COLOURS)
    bases = sorted({point.row["basis"] for point in points}, key=lambda each: (_place(each, _BASES), each))
    findings = sorted(
        {"higher", "no difference", "lower", *(point.row["finding"] for point in points)},
        key=lambda each: (_place(each, _FINDINGS), each),
    )
    marks, y = [], 0.0
    for basis in bases:
        panel = [point for point in points if point.row["basis"] == basis]
        drawn, y = _panel(basis, panel, findings, shapes, colours, y)
        marks += drawn
    if not points:
        marks.append(text_at(0, 20, f"No study of the graph has a dose and a finding on {outcome}.", size=SIZE))
        y = 30.0
    return Figure(
        title=f"Dose and finding: {outcome}",
        marks=marks,
        width=_LEFT + _WIDTH,
        height=y,
        legend=tuple(_legend(shapes, colours, points)),
        caption=_caption(rows, points, without, outcome, as_of),
        words=" ".join(f"{_title(point)}." for point in points),
        columns=tuple(_COLUMNS.values()),
        rows=tuple(tuple(row[name] for name in _COLUMNS) for row in rows),
    )


_COLUMNS = {
    **{"study_label": "study", "arm_label": "arm", "cells_label": "cells", "route_label": "route", "operator": ""},
    **{"value": "dose", "low": "from", "high": "to", "unit": "unit", "basis": "basis", "standing": "standing"},
    **{"times": "times", "ambiguous": "what is left open", "outcome_label": "outcome", "instrument_label": "scale"},
    **{"month": "month", "finding": "finding", "held_against": "held against", "comparator": "compared with"},
    **{"finding_status": "status", "source_label": "where"},
}


def _place(word: str, order: Sequence[str]) -> int:
    return order.index(word) if word in order else len(order) + (word == _SILENT)


def _assign(words: Sequence[str], marks: Sequence[T]) -> dict[str, T]:
    """Give each word a mark, the most frequent first; when marks run out the last one stands for all others."""
    order = sorted(set(words), key=lambda each: (each == _SILENT, -words.count(each), each))
    return {word: marks[min(place, len(marks) - 1)] for place, word in enumerate(order)}


def _points(rows: Sequence[Row]) -> tuple[list[_Point], list[Row]]:
    """Put comparisons of one arm with one finding together; give those without a number apart."""
    grouped: dict[tuple[str, ...], list[Row]] = {}
    without = []
    for row in rows:
        ends = [row[name] for name in ("value", "low", "high") if row[name]]
        if not ends or min(map(float, ends)) <= 0:
            without.append(row)
            continue
        key = (row["study_label"], row["arm"], row["finding"], row["held_against"], *ends)
        grouped.setdefault(key, []).append(row)
    points = []
    for group_of in grouped.values():
        row = group_of[0]
        numbers = [float(row[name]) for name in ("value", "low", "high") if row[name]]
        months = sorted({each["month"] for each in group_of}, key=lambda month: (float(month or 0), month))
        points.append(_Point(row, tuple(months), len(group_of), min(numbers), max(numbers)))
    return sorted(points, key=lambda point: (point.middle, point.label)), without


def _panel(
    basis: str,
    points: Sequence[_Point],
    findings: Sequence[str],
    shapes: Mapping[str, str],
    colours: Mapping[str, tuple[str, str]],
    top: float,
) -> tuple[list[str], float]:
    first = math.floor(math.log10(min(point.low for point in points)) - 0.15)
    last = math.ceil(math.log10(max(point.high for point in points)) + 0.15)
    last = max(last, first + 2)

    def x(dose: float) -> float:
        return _LEFT + (math.log10(dose) - first) / (last - first) * _WIDTH

    words = (
        "Doses whose basis is not reported: per kg, per infusion or in total" if basis == _SILENT else f"Doses {basis}"
    )
    parts = [text_at(0, top + 14, words, size=SIZE, bold=True)]
    y = top + _HEAD
    start = y
    bands: list[str] = []
    for place, finding in enumerate(findings):
        here = [point for point in points if point.row["finding"] == finding]
        lanes: list[list[tuple[float, float]]] = [[]]
        drawn = []
        for point in here:
            at, label, anchor, room = _room(point, x)
            lane = next((n for n, taken in enumerate(lanes) if all(b < room[0] or a > room[1] for a, b in taken)), None)
            if lane is None:
                lanes.append([])
                lane = len(lanes) - 1
            lanes[lane].append(room)
            drawn.append((point, lane, at, label, anchor))
        height = _LANE * len(lanes) + 4
        if place % 2 == 0:
            bands.append(f'<rect x="0" y="{_n(y)}" width="{_n(_LEFT + _WIDTH)}" height="{_n(height)}" fill="#f4f6f8"/>')
        parts.append(
            text_at(0, y + height / 2 + 4, fit(finding.replace("difference not", "not"), _LEFT - 8, SIZE), size=SIZE)
        )
        for point, lane, at, label, anchor in drawn:
            middle = y + 2 + _LANE * (lane + 0.5)
            mark = _mark(point, middle, x, shapes[point.row["route_label"]], colours[point.row["unit"]])
            side = text_at(at, middle + 3.8, label, size=SMALL, anchor=anchor)
            parts.append(group(_title(point), *mark, side))
        y += height
    decades = range(first, last + 1)
    lines = "".join(f"M{_n(x(10.0**power))} {_n(start)}V{_n(y + 4)}" for power in decades)
    axis = [f'<path d="{lines}" stroke="{RULE}" stroke-width="0.8" fill="none"/>']
    for power in decades:
        anchor = "end" if power == last else "start" if power == first else "middle"
        axis.append(text_at(x(10.0**power), y + 16, f"10{_raised(power)}", size=SMALL, anchor=anchor, colour=QUIET))
    unit = "cells" if basis == _SILENT else f"cells {basis}"
    middle = _LEFT + _WIDTH / 2
    axis.append(text_at(middle, y + 29, f"{unit}, log scale", size=SMALL, anchor="middle", colour=QUIET))
    return [*bands, *axis, *parts], y + _AXIS + 8


def _raised(power: int) -> str:
    return str(power).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))


def _room(point: _Point, x: Callable[[float], float]) -> tuple[float, str, str, tuple[float, float]]:
    """Give where the label of a point stands, and what it takes of its lane with the mark."""
    low, high = x(point.low) - _RADIUS - 3, x(point.high) + _RADIUS + 3
    if point.row["operator"].startswith(">"):
        high += 20
    if point.row["operator"].startswith("<"):
        low -= 20
    label = fit(point.label, 300, SMALL)
    width = width_of(shown(label), SMALL)
    if high + 3 + width <= _LEFT + _WIDTH:
        return high + 3, label, "", (low, high + 3 + width + 8)
    return low - 3, label, "end", (low - 3 - width - 8, high)


def _mark(point: _Point, y: float, x: Callable[[float], float], kind: str, colour: tuple[str, str]) -> Iterator[str]:
    stroke, tint = colour
    dash = "" if point.row["standing"] == "given dose" else "2.2 1.6"
    at = x(point.middle)
    style = f'stroke="{stroke}" stroke-width="1.6" fill="none"' + f' stroke-dasharray="{dash}"' * bool(dash)
    if point.high > point.low:
        low, high = _n(x(point.low)), _n(x(point.high))
        yield f'<path d="M{low} {_n(y - 4)}v8M{low} {_n(y)}H{high}M{high} {_n(y - 4)}v8" {style}/>'
    for sign, way in ((">", 1), ("<", -1)):
        if point.row["operator"].startswith(sign):
            end = at + way * 26
            yield f'<path d="M{_n(at)} {_n(y)}H{_n(end)}" {style}/>'
            yield f'<path d="M{_n(end)} {_n(y)}l{-way * 6} -3.5v7Z" fill="{stroke}"/>'
    fill = {_CONTROL: stroke, _OTHER_ARM: tint}.get(point.row["held_against"], "#ffffff")
    # on a filled mark dashes of its own colour would not be seen
    yield shape(kind, at, y, _RADIUS, fill=fill, stroke=INK if dash and fill == stroke else stroke, dash=dash)


def _legend(
    shapes: Mapping[str, str], colours: Mapping[str, tuple[str, str]], points: Sequence[_Point]
) -> Iterator[Key]:
    stroke, tint = STROKES[5], FILLS[5]
    for route, kind in shapes.items():
        yield Key(shape(kind, 0, 0, _RADIUS, fill=stroke), f"route: {route}")
    for unit, (colour, _) in colours.items():
        yield Key(shape("circle", 0, 0, _RADIUS, fill=colour), f"unit: {unit}")
    if not points:
        return
    yield Key(shape("circle", 0, 0, _RADIUS, fill=stroke, stroke=stroke), "filled: against a control arm")
    yield Key(shape("circle", 0, 0, _RADIUS, fill=tint, stroke=stroke), "tinted: against another treated arm")
    yield Key(shape("circle", 0, 0, _RADIUS, fill="#ffffff", stroke=stroke), "empty: without a control arm")
    dashed = shape("circle", 0, 0, _RADIUS, fill="#ffffff", stroke=stroke, dash="2.2 1.6")
    yield Key(dashed, "dashed: planned, asked for, or not said whether given")
    line = f'<path d="M-10 -4v8M-10 0H10M10 -4v8" stroke="{INK}" stroke-width="1.4" fill="none"/>'
    yield Key(line, "range of the doses")
    arrow = f'<path d="M-10 0H6" stroke="{INK}" stroke-width="1.4"/><path d="M10 0l-6 -3.5v7Z" fill="{INK}"/>'
    yield Key(arrow, "at least, or more than")


def _title(point: _Point) -> str:
    row = point.row
    dose = f"{point.low:g}" if point.low == point.high else f"{point.low:g} to {point.high:g}"
    times = f", {row['times']} times" if row["times"] else ""
    basis = "basis not reported" if row["basis"] == _SILENT else row["basis"]
    words = f"{row['study_label']}, {row['arm_label']}: {row['operator']} {dose} {row['unit']} {basis}{times}"
    words += f"; {row['standing']}; route: {row['route_label']}; {row['outcome_label']}: {row['finding']}"
    words += f" in {point.count} comparison{'s' * (point.count > 1)} ({row['held_against']})"
    return words + (f"; left open: {row['ambiguous']}" if row["ambiguous"] else "")


def _caption(
    rows: Sequence[Row], points: Sequence[_Point], without: Sequence[Row], outcome: str, as_of: str
) -> Caption:
    lost = sorted({row["study_label"] for row in without})
    missing = f" Not drawn, for they give no number of cells: {', '.join(lost)}." if lost else ""
    return Caption(
        says=(
            f"What came out for {outcome}, by the dose of the arm; a mark is an arm and a finding, in the words of its "
            "study. No line is drawn: between studies cells, route, severity and comparator differ with the dose, so "
            "that the picture shows what was tried, not how the effect depends on the dose. Arms without a comparison "
            "on this outcome are absent. What studies say of dose within themselves: mechtrail query "
            f"studies/dose-effects.{missing}"
        ),
        counted=(
            f"{len({point.row['study'] for point in points})} studies, {len({point.row['arm'] for point in points})} "
            f"arms, {sum(point.count for point in points)} comparisons"
        ),
        sources=tuple(row["study_label"] for row in rows),
        as_of=as_of,
        query=f'mechtrail query studies/dose-response -p wanted="{outcome}"',
    )
