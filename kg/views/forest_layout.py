"""Rows of a forest plot -> columns, axis and figures. Refuses numbers that cannot be drawn; draws nothing itself."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median

from kg.errors import InputError
from kg.views.axis import Axis, fit_axis, number
from kg.views.lettering import width_of
from kg.views.svg import shown

__all__ = ["STATUSES", "ForestPlot", "ForestRow", "Sheet", "cells_of", "lay_out", "values_of"]

#: Status of a number -> what its letter, the first one, means to a reader.
STATUSES = {
    "read": "read in the report of the study",
    "secondary": "taken from another publication",
    "derived": "computed from published numbers",
}
SIZE, SMALL, MARGIN, GAP = 12.0, 10.5, 14.0, 14.0
#: Widths in pixels. The picture has the room that texts leave, so most plots fit a window of 800.
PAGE, PICTURE, LABEL, DETAIL, MEASURE = 780.0, 250.0, 170.0, 150.0, 130.0
#: No clinical effect lies beyond, and differences of such numbers lose their meaning.
LIMIT = 1e9
NOT_ESTIMABLE, PREDICTION = "not estimable", "Prediction interval"
LETTER = 12.0  # room of the letter that says the status
LEAST_LABEL, WITHOUT_DETAILS = 60.0, 120.0  # of the labels; the axis has words to the left of it


@dataclass(frozen=True, slots=True)
class ForestRow:
    """One study, or the pooled estimate.

    `weight` is in percent; `status` is read, secondary or derived. A `detail` with ' / ' in it, such as
    '59.0 (39.0), n 19 / 28.9 (39.4), n 20', is set in two columns. A study without an estimate (no event in any arm)
    has None as `estimate`, `low` and `high`.
    """

    label: str
    detail: str
    estimate: float | None
    low: float | None
    high: float | None
    weight: float
    status: str


@dataclass(frozen=True, slots=True)
class ForestPlot:
    """What a forest plot shows.

    `null` is the value of no effect; `left` and `right` are whole labels ('favours control'). With `log` every number
    is a ratio, so above 0. With `refused`, a whole sentence ('Not pooled: one study'), neither diamond nor prediction
    interval nor weights are drawn. A line break in `caption` stays one.
    """

    title: str
    measure: str
    rows: tuple[ForestRow, ...]
    null: float
    pooled: ForestRow | None
    prediction: tuple[float, float] | None
    heterogeneity: str
    left: str
    right: str
    caption: str
    log: bool = False
    refused: str = ""
    detail_heading: str = "Treated / Control"
    interval: str = "95 % CI"


@dataclass(frozen=True, slots=True)
class Sheet:
    """A plot with its axis, the decimals of its figures and its columns from left to right, in pixels.

    Columns are set to the right, so `details`, `estimate` and `interval` are right ends.
    `left` and `right` are the ends of the picture.
    """

    plot: ForestPlot
    pooled: ForestRow | None
    prediction: tuple[float, float] | None
    axis: Axis
    decimals: int
    label_room: float
    details: tuple[float, ...]
    detail_room: float
    left: float
    right: float
    estimate: float
    interval: float
    width: float

    def x(self, value: float) -> float:
        """Give the place of a value in pixels; what leaves the axis stays at its end."""
        return self.left + self.axis.share(value) * (self.right - self.left)

    def figure(self, value: float) -> str:
        """Give a value as it is printed."""
        return _figure(value, self.decimals, self.plot.log)

    def between(self, low: float, high: float) -> str:
        """Give an interval as it is printed."""
        return f"[{self.figure(low)}, {self.figure(high)}]"

    @property
    def bare(self) -> bool:
        """Whether no row has a number, so that an axis would measure nothing."""
        return not any(map(values_of, self.plot.rows)) and self.pooled is None

    def leaves(self, low: float, high: float) -> tuple[bool, bool]:
        """Say whether an interval goes on beyond the left and the right end of the axis."""
        return low < self.axis.low, high > self.axis.high


def _check(plot: ForestPlot) -> None:
    pooled = () if plot.refused or plot.pooled is None else (plot.pooled,)
    for row in (*plot.rows, *pooled):
        place = f"forest plot, row '{row.label}'"
        if row.status not in STATUSES:
            raise InputError(f"{place}: found status '{row.status}', expected {', '.join(STATUSES)}")
        if not 0 <= row.weight <= 100.05:  # a sum of rounded weights may be a little more
            raise InputError(f"{place}: found weight {row.weight}, expected 0 to 100 percent")
        if row.estimate is row.low is row.high is None and row not in pooled:
            continue
        estimate, low, high = (_drawable(value, plot.log, place) for value in (row.estimate, row.low, row.high))
        if not low <= estimate <= high:
            raise InputError(f"{place}: the interval {low:g} to {high:g} does not hold the estimate {estimate:g}")
    _drawable(plot.null, plot.log, "forest plot, value of no effect")
    if plot.prediction and not plot.refused:
        place = "forest plot, prediction interval"
        low, high = (_drawable(value, plot.log, place) for value in plot.prediction)
        if not pooled:
            raise InputError(f"{place}: there is no pooled estimate that it could belong to")
        if low > high:
            raise InputError(f"{place}: it falls from {low:g} to {high:g}")


def _drawable(value: float | None, log: bool, place: str) -> float:
    if value is None or not math.isfinite(value) or abs(value) > LIMIT:
        raise InputError(f"{place}: found {value}, expected a number between {-LIMIT:g} and {LIMIT:g}")
    if log and value < 1 / LIMIT:
        raise InputError(f"{place}: found {value:g} on a log scale, expected a ratio of at least {1 / LIMIT:g}")
    return value


def values_of(row: ForestRow) -> tuple[float, float, float] | None:
    """Give low, estimate and high, if the row has them."""
    if row.estimate is None or row.low is None or row.high is None:
        return None
    return row.low, row.estimate, row.high


def _decimals(spans: Sequence[tuple[float, float]]) -> int:
    """Give two decimals; more if intervals are narrower than 0.1, fewer if they are wide."""
    widths = [high - low for low, high in spans if high > low]
    size = math.floor(math.log10(median(widths))) if widths else 0
    return max(0, 4 - size) if size > 2 else 2 if size >= -1 else min(1 - size, 8)


def _figure(value: float, decimals: int, log: bool) -> str:
    if log and value < 0.1:  # two decimals would leave a small ratio one digit, or none
        decimals = 1 - math.floor(math.log10(value))
    elif log and value >= 100:
        decimals = 0
    return number(value, decimals)


def lay_out(plot: ForestPlot) -> Sheet:
    """Give a plot its columns and its axis.

    Raises `InputError` for a number that cannot be drawn, an interval without its estimate or an unknown status.
    """
    _check(plot)
    pooled, prediction = (None, None) if plot.refused else (plot.pooled, plot.prediction)
    everything = (*plot.rows, *((pooled,) if pooled else ()))
    known = [found for row in everything if (found := values_of(row))]
    spans = [(low, high) for low, _, high in known] + ([prediction] if prediction else [])
    decimals = 2 if plot.log else _decimals([(low, high) for low, _, high in known])

    def widest(texts: Iterable[str], size: float = SIZE, *, bold: bool = False) -> float:
        return max((width_of(shown(text), size, bold=bold) for text in texts), default=0.0)

    cells = [cells_of(plot, row.detail) for row in everything if row.detail]
    titles = cells_of(plot, plot.detail_heading) if cells else ()
    detail_room = max(widest(titles, SMALL, bold=True), widest(cell for pair in cells for cell in pair))
    detail_room = min(detail_room, DETAIL if len(titles) > 1 else 2 * DETAIL)
    label_room = max(widest(row.label for row in plot.rows), widest([PREDICTION]) if prediction else 0.0)
    if pooled:  # it may stand in two lines, and before what its details take of their column
        spare = detail_room - width_of(cells_of(plot, pooled.detail)[0], SIZE) if titles else 0.0
        label_room = max(label_room, widest([pooled.label], bold=True) * 0.6 - max(spare, 0.0))
    label_room = max(min(label_room, LABEL) + LETTER, LEAST_LABEL if titles else WITHOUT_DETAILS)
    details = tuple(MARGIN + label_room + (GAP + detail_room) * place for place in range(1, len(titles) + 1))
    left = (details[-1] if details else MARGIN + label_room) + GAP + 6

    estimate_room = widest((_figure(middle, decimals, plot.log) for _, middle, _ in known), bold=True)
    ends = ([_figure(end, decimals, plot.log) for end in span] for span in spans)
    interval_room = widest((f"[{low}, {high}]" for low, high in ends), bold=True)
    needed = max(
        min(widest([plot.measure], SMALL, bold=True), MEASURE), widest([f"[{plot.interval}]"], SMALL, bold=True)
    )
    figures_room = max(estimate_room + 7 + interval_room, needed, widest([NOT_ESTIMABLE]))
    weight_room = 0.0 if plot.refused else GAP + widest(["Weight"], SMALL, bold=True)
    after = GAP + 6 + figures_room
    right = max(left + PICTURE, PAGE - after - weight_room - MARGIN)

    points = [plot.null, *(middle for _, middle, _ in known)]
    total = values_of(pooled) if pooled else None
    points += [total[0], total[2]] if total else []
    axis = fit_axis(points, spans, log=plot.log, width=right - left, width_of=lambda label: width_of(label, SMALL))
    return Sheet(
        plot=plot,
        pooled=pooled,
        prediction=prediction,
        axis=axis,
        decimals=decimals,
        label_room=label_room,
        details=details,
        detail_room=detail_room,
        left=left,
        right=right,
        estimate=right + after - interval_room - 7,
        interval=right + after,
        width=right + after + weight_room + MARGIN,
    )


def cells_of(plot: ForestPlot, detail: str) -> tuple[str, ...]:
    """Give a detail in two cells if that of every study has two; else whole."""
    if not all(row.detail.count(" / ") == 1 for row in plot.rows if row.detail):
        return (detail,)
    first, cut, second = detail.partition(" / ")
    return (first, second) if cut else ("", detail)
