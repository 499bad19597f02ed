"""Numbers -> an axis: which stretch is shown, where the round ticks stand. Draws nothing.

Estimates are always on the axis. An interval far wider than its fellows may leave it, or it would press them flat.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median_low

__all__ = ["Axis", "fit_axis", "number"]

Interval = tuple[float, float]
#: An interval this many times the usual width may be cut; the axis grows by at most `_SLACK` to spare it that.
_WIDE, _SLACK = 5.0, 2.0
#: Powers of ten that a log scale must span to be ticked at 1, 2, 5, 10; a shorter one has even ticks.
_SHORT = 0.7
_ROUND = (1.0, 2.0, 2.5, 5.0, 10.0)
_MOST_TICKS = 8


def number(value: float, decimals: int) -> str:
    """Give a number with a true minus sign, and never a negative zero.

    >>> number(-1.5, 2), number(-0.001, 2)
    ('−1.50', '0.00')
    """
    text = f"{value:.{decimals}f}"
    return text.lstrip("-") if not text.strip("-0.") else text.replace("-", "−")


@dataclass(frozen=True, slots=True)
class Axis:
    """A stretch of a linear or logarithmic scale with its ticks, each a value and its label."""

    low: float
    high: float
    log: bool
    ticks: tuple[tuple[float, str], ...] = ()

    def share(self, value: float) -> float:
        """Give how far along a value lies: 0 at the left end, 1 at the right; what is outside stays at its end."""
        low, high, at = (_scaled(each, self.log) for each in (self.low, self.high, value))
        return min(max((at - low) / (high - low), 0.0), 1.0)


def _scaled(value: float, log: bool) -> float:
    return math.log10(value) if log else value


def fit_axis(
    points: Iterable[float],
    intervals: Iterable[Interval],
    *,
    log: bool,
    width: float,
    width_of: Callable[[str], float],
) -> Axis:
    """Give the axis that holds all points and the intervals of usual width.

    `width` is the room for it and `width_of` that of a tick label, in the same unit: labels never touch.
    On a log scale every number must be above 0; there must be a point.
    """
    held = [_scaled(point, log) for point in points]
    spans = [(_scaled(low, log), _scaled(high, log)) for low, high in intervals]
    widths = [high - low for low, high in spans if high > low]
    usual = median_low(widths) if widths else 0.0
    held += [end for low, high in spans if high - low <= _WIDE * usual for end in (low, high)]
    low, high = min(held), max(held)
    ends = [low, high, *(end for span in spans for end in span)]
    if max(ends) - min(ends) <= _SLACK * (high - low):
        low, high = min(ends), max(ends)
    if high - low <= 1e-9 * max(abs(low), abs(high), 1e-3):  # one point: there is no width to go by
        spare = 0.5 if log else max(abs(low) / 2, 1.0)
    else:
        spare = 0.04 * (high - low)
    low, high = low - spare, high + spare
    if log and high - low > _SHORT:
        grid = [power + math.log10(step) for power in range(math.floor(low), math.ceil(high) + 1) for step in (1, 2, 5)]
        low, high = max(at for at in grid if at <= low), min(at for at in grid if at >= high)
    axis = Axis(10**low, 10**high, True) if log else Axis(low, high, False)
    choices = [ticks for ticks in _choices(axis) if len(ticks) > 1]
    fits = (ticks for ticks in choices if len(ticks) <= _MOST_TICKS and _apart(axis, ticks, width, width_of))
    return Axis(axis.low, axis.high, log, tuple(next(fits, (choices[0][0], choices[0][-1]))))


Ticks = Sequence[tuple[float, str]]


def _apart(axis: Axis, ticks: Ticks, width: float, width_of: Callable[[str], float]) -> bool:
    places = [(axis.share(value) * width, width_of(label) / 2) for value, label in ticks]
    return all(left + half + 6 <= right - other for (left, half), (right, other) in pairwise(places))


def _choices(axis: Axis) -> Iterator[Ticks]:
    """Give sets of ticks, the finest first."""
    if axis.log:
        low, high = math.log10(axis.low), math.log10(axis.high)
        first, last = math.floor(low), math.ceil(high)
        for stride, steps in ((1, (1, 2, 5)), *((stride, (1,)) for stride in range(1, last - first + 1))):
            powers = [power for power in range(first, last + 1) if power % stride == 0]  # 1 is a tick at any stride
            places = [(step * 10.0**power, power) for power in powers for step in steps]
            ticks = [(value, number(value, max(0, -power))) for value, power in places]
            ticks = [tick for tick in ticks if low - 1e-9 <= math.log10(tick[0]) <= high + 1e-9]
            if len(ticks) > 2 and high - low > _SHORT:
                yield ticks
    for count in range(8, 1, -1):
        yield _even(axis, count)


def _even(axis: Axis, count: int) -> Ticks:
    raw = (axis.high - axis.low) / count
    power = math.floor(math.log10(raw))
    step, factor = next((each * 10.0**power, each) for each in _ROUND if each * 10.0**power >= raw * (1 - 1e-9))
    decimals = max(0, -power - (factor == 10) + (factor == 2.5))
    first, last = math.ceil(axis.low / step - 1e-9), math.floor(axis.high / step + 1e-9)
    return [(place * step, number(place * step, decimals)) for place in range(first, last + 1)]
