"""Changes made of scores before and after: the correlation is stated, and a score without a baseline stays a score."""

from __future__ import annotations

from decimal import Decimal
from math import sqrt

import pytest

from kg.commands.pooling import pool
from kg.errors import InputError
from kg.estimates import estimate_iri
from kg.store import LocalStore
from kg.synthesis.analysis import Analysis, analyse
from kg.synthesis.rows import Choice
from kg.views.synthesis import draw_analysis

MOTOR = "https://w3id.org/ctmo/0000704"


def motor(store: LocalStore, month: int, r: float | None) -> Analysis:
    options = {"measure": "MD", "method": "reml", "label": "gross motor function"}
    return analyse(store, MOTOR, Choice(month=Decimal(month), r=r), **options)


def test_a_change_is_made_of_the_scores_of_lv_2023(real_store: LocalStore) -> None:
    """Table 3: cells 52.41 (24.44), n 14, to 74.95 (23.84), n 11; control 47.43 (27.30), 10, to 41.94 (24.50), 8."""
    (line,) = [line for line in motor(real_store, 24, 0.7).lines if line.contrast.label == "Lv 2023"]
    treated, control = line.contrast.treated, line.contrast.control
    assert (treated.mean, control.mean) == (Decimal("22.54"), Decimal("-5.49"))
    variances = [
        24.44**2 + 23.84**2 - 2 * 0.7 * 24.44 * 23.84,
        27.30**2 + 24.50**2 - 2 * 0.7 * 27.30 * 24.50,
    ]
    spreads = [row.spread[1] for row in (treated, control) if row.spread is not None]
    assert [float(each or 0) for each in spreads] == pytest.approx([sqrt(each) for each in variances], abs=1e-4)
    assert line.estimate is not None
    assert line.estimate.yi == pytest.approx(28.03)
    assert line.estimate.vi == pytest.approx(variances[0] / 11 + variances[1] / 8, rel=1e-5)
    assert "correlation 0.7 assumed" in line.remark
    assert "n 14 at baseline and 11 now" in line.remark


def test_without_a_correlation_the_score_stands_as_it_is(real_store: LocalStore) -> None:
    analysis = motor(real_store, 24, None)
    (line,) = [line for line in analysis.lines if line.contrast.label == "Lv 2023"]
    assert (line.contrast.treated.mean, line.remark) == (Decimal("74.95"), "")
    assert estimate_iri(analysis) != estimate_iri(motor(real_store, 24, 0.7))


@pytest.mark.parametrize(("month", "label"), [(6, "Huang 2018"), (6, "Min 2013"), (6, "Gu 2020")])
def test_what_has_no_baseline_is_as_it_was_and_says_so(real_store: LocalStore, month: int, label: str) -> None:
    plain, asked = (
        next(line for line in motor(real_store, month, r).lines if line.contrast.label == label) for r in (None, 0.5)
    )
    assert plain.estimate == asked.estimate
    if "change" not in plain.contrast.treated.measure:
        assert "the score, not its change" in asked.remark
    assert "assumed" not in asked.remark


def test_the_higher_the_correlation_the_smaller_the_spread(real_store: LocalStore) -> None:
    found = [motor(real_store, 24, r).lines[0].estimate for r in (0.0, 0.5, 0.9)]
    variances = [each.vi for each in found if each is not None]
    assert variances == sorted(variances, reverse=True)
    assert len(set(variances)) == 3


def test_the_conversion_is_shown_with_the_rows(real_store: LocalStore) -> None:
    assert "SD of the change from the SD before and after, correlation 0.7 assumed" in draw_analysis(
        motor(real_store, 24, 0.7)
    )


@pytest.mark.parametrize("r", [1.2, -1.01, float("nan")])
def test_what_is_no_correlation_is_refused(r: float) -> None:
    with pytest.raises(InputError, match="expected a correlation from -1 to 1"):
        pool(
            None,
            outcome="gross motor function",
            at="24",
            instrument=None,
            product=None,
            measure=None,
            method=None,
            by="",
            r=r,
            force="",
            store=None,
        )
