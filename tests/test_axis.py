"""Axes and letters: ticks are round and never touch, texts fit their room and lose nothing."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.views.axis import fit_axis, number
from kg.views.lettering import fit, width_of, wrap
from kg.views.svg import shown

POINTS = st.lists(st.floats(1e-9, 1e9), min_size=1, max_size=8)
SIGNED = st.lists(st.floats(-1e9, 1e9), min_size=1, max_size=8)


@settings(deadline=None)
@given(st.one_of(st.tuples(POINTS, st.just(True)), st.tuples(SIGNED, st.just(False))))
def test_an_axis_holds_every_point_and_has_ticks_that_never_touch(found: tuple[list[float], bool]) -> None:
    points, log = found
    spans = [(min(pair), max(pair)) for pair in pairwise(points)]
    axis = fit_axis(points, spans, log=log, width=250, width_of=lambda label: width_of(label, 10.5))
    assert axis.low <= min(points)
    assert max(points) <= axis.high
    assert len(axis.ticks) >= 2
    places = [(axis.share(value) * 250, width_of(label, 10.5) / 2) for value, label in axis.ticks]
    assert all(a + half < b - other for (a, half), (b, other) in pairwise(places))
    for value, label in axis.ticks:
        assert float(label.replace("−", "-")) == pytest.approx(value, rel=1e-6, abs=1e-9 * (axis.high - axis.low))


@pytest.mark.parametrize(
    ("points", "log", "expected"),
    [
        ([-2.15, 4.04], False, ["−2", "−1", "0", "1", "2", "3", "4"]),
        ([0, 54.71], False, ["0", "10", "20", "30", "40", "50"]),
        ([0, 0.01], False, ["0.000", "0.002", "0.004", "0.006", "0.008", "0.010"]),
        ([0.14, 78.06], True, ["0.1", "1", "10", "100"]),
        ([0, 1.6], False, ["0.00", "0.25", "0.50", "0.75", "1.00", "1.25", "1.50"]),
        ([2e-3, 2e5], True, ["0.01", "1", "100", "10000"]),
        ([0.3, 4.3], True, ["0.2", "0.5", "1", "2", "5"]),
        ([1e-5, 1e5], True, ["0.0001", "0.01", "1", "100", "10000"]),
    ],
)
def test_ticks_are_round(points: list[float], log: bool, expected: list[str]) -> None:
    axis = fit_axis(points, [], log=log, width=250, width_of=lambda label: width_of(label, 10.5))
    assert [label for _, label in axis.ticks] == expected


@pytest.mark.parametrize("low", [-9, -8, -7, -4, -3])
@pytest.mark.parametrize("high", [3, 4, 7, 8])
def test_one_is_a_tick_of_a_log_axis_of_any_length(low: int, high: int) -> None:
    axis = fit_axis([2 * 10.0**low, 10.0**high], [], log=True, width=250, width_of=lambda label: 6.5 * len(label))
    assert (1.0, "1") in axis.ticks


@given(st.text(max_size=80), st.floats(30, 300))
def test_a_fitted_text_is_no_wider_than_its_room(text: str, room: float) -> None:
    fitted = fit(text, room, 12)
    assert width_of(fitted, 12) <= room + 0.01
    assert fitted == shown(text).strip() or fitted.endswith("…")


@given(st.text(max_size=200), st.floats(30, 300))
def test_wrapping_loses_nothing_but_spaces(text: str, room: float) -> None:
    lines = wrap(text, room, 12)
    assert "".join("".join(lines).split()) == "".join(shown("".join(text.splitlines())).split())
    assert all(width_of(line, 12) <= room for line in lines)
    assert len(wrap(text, room, 12, most=2)) <= 2


def test_a_number_has_a_true_minus_and_no_negative_zero() -> None:
    assert [number(value, 1) for value in (-0.04, 0.0, -0.06, 12.0)] == ["0.0", "0.0", "−0.1", "12.0"]
