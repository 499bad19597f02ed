"""Studies by group, and small studies against large ones: what is given, what is refused, and whether it is right."""

from __future__ import annotations

from decimal import Decimal

import numpy
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import InputError
from kg.store import LocalStore
from kg.synthesis.analysis import Analysis, analyse
from kg.synthesis.effects import Estimate
from kg.synthesis.grouping import GROUPINGS, age_band, dose_band, read_groups
from kg.synthesis.rows import Choice
from kg.synthesis.small_study import FEWEST, egger
from kg.synthesis.words import in_words
from kg.views.forest import draw_forest
from kg.views.synthesis import draw_analysis, forest_of

MOTOR, SERIOUS = "https://w3id.org/ctmo/0000704", "https://w3id.org/ctmo/0001101"
STUDY = "https://w3id.org/ctmo/study/"


@pytest.fixture(scope="session")
def motor_by_age(real_store: LocalStore) -> Analysis:
    options = {"measure": "MD", "method": "reml-hk", "label": "gross motor function", "forced": "to look", "by": "age"}
    return analyse(real_store, MOTOR, Choice(Decimal(6)), **options)


def serious(store: LocalStore, method: str, by: str = "") -> Analysis:
    return analyse(store, SERIOUS, Choice(), measure="RR", method=method, label="serious adverse event", by=by)


@pytest.mark.parametrize(
    ("by", "arm", "group"),
    [
        ("age", "gu2020#uc-msc", "mean or median age 3 to under 6 years"),
        ("age", "huang2018#ucb-msc", "mean or median age 6 to under 12 years"),
        ("age", "min2013#ucb-epo", "not reported"),
        ("cells", "gu2020#uc-msc", "mesenchymal stem cell of umbilical cord"),
        ("donor", "min2013#ucb-epo", "allogeneic"),
        ("dose", "huang2018#ucb-msc", "10^7 to under 10^8 cells per infusion"),
        ("dose", "chen2013#nsc-like", "not reported"),
        ("route", "huang2018#ucb-msc", "intravenous administration"),
    ],
)
def test_an_arm_is_in_the_group_of_its_record(real_store: LocalStore, by: str, arm: str, group: str) -> None:
    assert read_groups(real_store, by)[STUDY + arm] == group


@pytest.mark.parametrize("by", sorted(GROUPINGS))
def test_every_treated_arm_has_one_group(real_store: LocalStore, by: str) -> None:
    groups = read_groups(real_store, by)
    assert set(groups) == set(read_groups(real_store, "cells"))
    assert all(groups.values())


def test_an_unknown_property_is_refused_with_those_that_exist(real_store: LocalStore) -> None:
    with pytest.raises(InputError, match="no grouping by 'colour'; expected one of: age, cells, donor, dose, route"):
        read_groups(real_store, "colour")


@given(st.decimals(min_value="0", max_value="90", places=2))
def test_each_age_is_in_one_band(years: Decimal) -> None:
    expected = "under 3" if years < 3 else "3 to" if years < 6 else "6 to" if years < 12 else "12 years and above"
    assert expected in age_band(years)


@given(st.integers(min_value=0, max_value=12), st.decimals(min_value="1", max_value="9.99", places=2))
def test_a_dose_is_in_the_band_of_its_power_of_ten(power: int, digits: Decimal) -> None:
    assert dose_band(digits * 10**power, "cells", "per kg") == f"10^{power} to under 10^{power + 1} cells per kg"


def test_a_dose_of_nothing_is_refused() -> None:
    with pytest.raises(InputError, match="expected a number above 0"):
        dose_band(Decimal(0), "cells", "per kg")


def test_groups_are_pooled_apart_and_compared(motor_by_age: Analysis) -> None:
    compared = motor_by_age.compared
    assert compared is not None
    assert [(name, one.k) for name, one in sorted(compared.groups)] == [
        ("mean or median age 3 to under 6 years", 1),
        ("mean or median age 6 to under 12 years", 1),
        ("not reported", 1),
    ]
    assert motor_by_age.pooled is not None
    assert compared.q_between == pytest.approx(motor_by_age.pooled.q)  # each study a group: all of Q is between
    shown = draw_analysis(motor_by_age)
    assert "a difference of groups is not its effect" in shown
    assert "between groups: Q 8.61 on 2 df" in shown
    assert "a test needs 10, there are 3" in shown


def test_studies_of_one_group_are_not_compared(real_store: LocalStore) -> None:
    analysis = serious(real_store, "fe", "donor")
    assert analysis.compared is None
    assert "all studies with an effect are in one group (allogeneic)" in draw_analysis(analysis)


def test_sums_over_studies_are_not_grouped(real_store: LocalStore) -> None:
    with pytest.raises(InputError, match="add --method fe or reml"):
        serious(real_store, "mh", "donor")


def test_the_sentence_counts_the_studies_that_the_estimate_rests_on(real_store: LocalStore) -> None:
    by_variance, by_sums = serious(real_store, "fe"), serious(real_store, "mh")
    assert by_variance.pooled is not None
    assert by_variance.pooled.k == len(by_variance.counted) == 2
    assert in_words(by_variance).startswith("Over 2 studies with 200 participants the risk ratio")  # 94 and 106
    assert in_words(by_sums).startswith("Over 6 studies (4 of them without an event) with 452 participants the risk")
    assert "6 studies (4 of them without an event), 452 participants" in draw_forest(forest_of(by_sums))
    assert draw_analysis(by_sums).count("no event among controls, so no weight") == 1  # Luan 2012: 1 of 45, 0 of 49
    assert "so no weight" not in draw_analysis(by_variance)
    assert "2 studies, 200 participants" in draw_forest(forest_of(by_variance))


def made(k: int, *, like: bool = False) -> list[Estimate]:
    numbers = numpy.random.default_rng(7)
    return [
        Estimate(float(numbers.normal(0.3, 0.4)), 0.04 if like else float(numbers.uniform(0.01, 0.5)), "Hedges g")
        for _ in range(k)
    ]


@pytest.mark.parametrize("k", [FEWEST, 11, 40])
def test_the_test_of_egger_is_the_weighted_regression(k: int) -> None:
    statsmodels = pytest.importorskip("statsmodels.api", reason="the test extra is not installed")
    estimates = made(k)
    errors = numpy.sqrt([each.vi for each in estimates])
    oracle = statsmodels.WLS(
        [each.yi for each in estimates], statsmodels.add_constant(errors), weights=1 / errors**2
    ).fit()
    found = egger(estimates)
    assert found.df == k - 2
    assert [found.slope, found.se, found.p] == pytest.approx(
        [oracle.params[1], oracle.bse[1], oracle.pvalues[1]], rel=1e-9
    )


def test_a_funnel_that_leans_is_found_and_an_even_one_is_not() -> None:
    errors = [0.1 + 0.05 * i for i in range(12)]
    leaning = [Estimate(2 * e + (0.02 if i % 2 else -0.02), e * e, "Hedges g") for i, e in enumerate(errors)]
    even = [Estimate(0.3 + (0.1 if i % 4 in (0, 3) else -0.1) * e, e * e, "Hedges g") for i, e in enumerate(errors)]
    assert egger(leaning).slope == pytest.approx(2, abs=0.1)
    assert egger(leaning).p < 1e-6
    assert egger(even).p > 0.2


def test_fewer_than_ten_studies_are_not_tested() -> None:
    with pytest.raises(InputError, match=r"found 9 effect\(s\); a test for small-study effects needs at least 10"):
        egger(made(9))


def test_studies_of_one_precision_are_not_tested() -> None:
    with pytest.raises(InputError, match="same standard error"):
        egger(made(12, like=True))


@pytest.mark.parametrize(
    ("outcome", "measure", "words"),
    [
        (MOTOR, "RR", "no study here counts motor as an adverse event; for means of an outcome: --measure MD"),
        (SERIOUS, "MD", "no study here has results on motor; for counts of an adverse event: --measure RR"),
    ],
)
def test_an_outcome_without_such_rows_is_told_with_the_measure_that_fits(
    real_store: LocalStore, outcome: str, measure: str, words: str
) -> None:
    analysis = analyse(real_store, outcome, Choice(), measure=measure, method="fe", label="motor")
    assert analysis.pooled is None
    assert words in draw_analysis(analysis)
