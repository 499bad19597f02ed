"""Distributions, effects of one study, and conversions of a spread: against scipy and printed numbers of metafor."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import InputError
from kg.synthesis import distributions
from kg.synthesis.binary import Count, fisher_exact, odds_ratio, peto, risk_difference, risk_ratio
from kg.synthesis.distributions import chi2_quantile, chi2_survival, falling_root, t_cdf, t_quantile, t_survival
from kg.synthesis.effects import Arm, change_sd, cohen_d, hedges_g, mean_difference, to_sd

PROBABILITIES = [1e-12, 1e-6, 0.001, 0.025, 0.3, 0.5, 0.6, 0.95, 0.975, 0.999999]
DFS = [1, 2, 3, 4.5, 12, 29, 100, 1000]


@pytest.mark.parametrize("p", PROBABILITIES)
def test_normal_agrees_with_scipy(p: float) -> None:
    norm = pytest.importorskip("scipy.stats").norm
    z = distributions.normal_quantile(p)
    assert z == pytest.approx(norm.ppf(p), rel=1e-9, abs=1e-12)
    assert distributions.normal_cdf(z) == pytest.approx(p, rel=1e-9)
    assert distributions.normal_survival(z) == pytest.approx(norm.sf(z), rel=1e-9)


@pytest.mark.parametrize("df", DFS)
@pytest.mark.parametrize("p", PROBABILITIES)
def test_student_t_agrees_with_scipy(p: float, df: float) -> None:
    t = pytest.importorskip("scipy.stats").t
    x = float(t.ppf(p, df))
    assert t_quantile(p, df) == pytest.approx(x, rel=1e-9, abs=1e-12)
    assert t_cdf(x, df) == pytest.approx(p, rel=1e-9)
    assert t_survival(x, df) == pytest.approx(t.sf(x, df), rel=1e-9)
    assert t_survival(1e-7, df) == pytest.approx(t.sf(1e-7, df), rel=1e-9)


@pytest.mark.parametrize("df", DFS)
@pytest.mark.parametrize("p", PROBABILITIES)
def test_chi_square_agrees_with_scipy(p: float, df: float) -> None:
    chi2 = pytest.importorskip("scipy.stats").chi2
    x = float(chi2.ppf(p, df))
    assert chi2_quantile(p, df) == pytest.approx(x, rel=1e-9)
    assert distributions.chi2_cdf(x, df) == pytest.approx(p, rel=1e-9)
    assert chi2_survival(x, df) == pytest.approx(chi2.sf(x, df), rel=1e-9)
    assert chi2_survival(20 * df, df) == pytest.approx(chi2.sf(20 * df, df), rel=1e-9)


def test_distributions_hold_at_their_ends() -> None:
    assert (chi2_survival(0, 3), chi2_survival(math.inf, 3)) == (1, 0)
    assert (t_survival(math.inf, 3), t_survival(-math.inf, 3), t_survival(0, 3)) == (0, 1, 0.5)
    assert t_survival(1e200, 3) == 0


@pytest.mark.parametrize("p", [0, 1, -0.1, math.nan])
def test_a_quantile_of_no_probability_is_refused(p: float) -> None:
    for quantile in (distributions.normal_quantile, lambda p: t_quantile(p, 3), lambda p: chi2_quantile(p, 3)):
        with pytest.raises(InputError, match="between 0 and 1"):
            quantile(p)


@pytest.mark.parametrize("df", [0, -1, math.nan, math.inf])
def test_degrees_of_freedom_above_zero_are_asked_for(df: float) -> None:
    for function in (t_survival, t_quantile, chi2_survival, chi2_quantile):
        with pytest.raises(InputError, match="degrees of freedom"):
            function(0.3, df)


def test_a_root_that_does_not_exist_is_said() -> None:
    assert falling_root(lambda x: -1 - x) == 0
    with pytest.raises(InputError, match="found no number"):
        falling_root(lambda _: 1.0)


# What a spread is.


@pytest.mark.parametrize(
    ("kind", "numbers", "sd", "how"),
    [
        ("SD", {"value": 4.5}, 4.5, ""),
        ("SEM", {"value": 2.0}, 2 * math.sqrt(19), "SD = SEM × √19"),
        ("SE", {"value": 2.0}, 2 * math.sqrt(19), "SD = SE × √19"),
        # 2.100922 is the 97.5 % point of t with 18 degrees of freedom in printed tables.
        ("CI95", {"low": 5.0, "high": 9.0}, 2 / 2.100922 * math.sqrt(19), "(t, 18 df)"),
        ("IQR", {"low": 3.0, "high": 5.698}, 2.0, "normal distribution assumed"),
    ],
)
def test_each_type_of_spread_becomes_an_sd_and_says_how(
    kind: str, numbers: dict[str, float], sd: float, how: str
) -> None:
    found, told = to_sd(kind, n=19, **numbers)
    assert found == pytest.approx(sd, rel=1e-6)
    assert how in told
    assert (told == "") == (kind == "SD")


@pytest.mark.parametrize(
    ("kind", "numbers", "n", "message"),
    [
        ("not stated", {"value": 3.0}, 19, "gives no SD"),
        ("range", {"low": 3.0, "high": 9.0}, 19, "gives no SD"),
        ("sd", {"value": 3.0}, 19, "expected SD, SEM, SE, CI95 or IQR"),
        ("SEM", {"low": 3.0, "high": 9.0}, 19, "in `value`"),
        ("SD", {"value": -3.0}, 19, "0 or more"),
        ("SD", {"value": math.nan}, 19, "0 or more"),
        ("CI95", {"value": 3.0}, 19, "`low` and `high`"),
        ("IQR", {"low": 3.0}, 19, "`low` and `high`"),
        ("CI95", {"low": 9.0, "high": 3.0}, 19, "rising order"),
        ("SEM", {"value": 3.0}, 1, "at least 2"),
    ],
)
def test_a_spread_is_never_guessed(kind: str, numbers: dict[str, float], n: int, message: str) -> None:
    with pytest.raises(InputError, match=message):
        to_sd(kind, n=n, **numbers)


@given(st.floats(0.1, 100), st.integers(2, 500))
def test_the_confidence_interval_of_a_mean_gives_its_sd_back(sd: float, n: int) -> None:
    reach = t_quantile(0.975, n - 1) * sd / math.sqrt(n)
    assert to_sd("CI95", low=10 - reach, high=10 + reach, n=n)[0] == pytest.approx(sd, rel=1e-6)


def test_the_sd_of_a_change_is_that_of_metafor() -> None:
    sd, told = change_sd(math.sqrt(30), math.sqrt(20), 0.7)
    assert round(sd**2 / 60, 4) == 0.2618  # escalc(measure="MC", …, ni=60, ri=0.7), test_misc_escalc.r
    assert "correlation 0.7 assumed" in told
    assert change_sd(3, 3, 1)[0] == 0
    assert change_sd(3, 4, -1)[0] == 7


@pytest.mark.parametrize("numbers", [(-1, 2, 0.5), (1, math.nan, 0.5), (1, 2, 1.01), (1, 2, math.nan)])
def test_the_sd_of_a_change_asks_for_possible_numbers(numbers: tuple[float, float, float]) -> None:
    with pytest.raises(InputError, match="expected"):
        change_sd(*numbers)


# Two arms with means.

#: dat.normand1999 of metafor: length of stay, special against routine care (Normand 1999), with escalc's SMD.
NORMAND = [
    ((55, 47, 155), (75, 64, 156), -0.3551696, 0.0130647),
    ((27, 7, 31), (29, 4, 32), -0.3479400, 0.0644689),
    ((64, 17, 75), (119, 29, 71), -2.3175692, 0.0458121),
    ((66, 20, 18), (137, 48, 18), -1.8879823, 0.1606177),
    ((14, 8, 8), (18, 11, 13), -0.3839641, 0.2054333),
    ((19, 7, 57), (18, 4, 52), 0.1721487, 0.0369106),
    ((52, 45, 34), (41, 34, 33), 0.2720521, 0.0602671),
    ((21, 16, 110), (31, 27, 183), -0.4245963, 0.0148630),
    ((30, 27, 60), (23, 20, 52), 0.2895562, 0.0362717),
]


@pytest.mark.parametrize(("a", "b", "yi", "vi"), NORMAND)
def test_hedges_g_is_the_smd_of_metafor(
    a: tuple[float, float, int], b: tuple[float, float, int], yi: float, vi: float
) -> None:
    g = hedges_g(Arm(*a), Arm(*b))
    assert (g.yi, g.vi) == pytest.approx((yi, vi), abs=6e-8)


#: Gu 2020, table 4 (change, SEM; n 19 and 20), and difference, its 95 % limits and g as computed with scipy.
GU = [
    ("ADL 3", (12.447, 2.156, 5.975, 1.782, 6.47, 0.99, 11.95, 0.73)),
    ("ADL 6", (21.053, 2.860, 10.125, 2.250, 10.93, 3.80, 18.06, 0.95)),
    ("ADL 12", (22.974, 2.936, 12.775, 2.465, 10.20, 2.69, 17.71, 0.84)),
    ("CFA 3", (17.947, 3.317, 7.425, 2.754, 10.52, 2.07, 18.97, 0.77)),
    ("CFA 6", (23.790, 3.774, 11.925, 3.253, 11.87, 2.10, 21.63, 0.75)),
    ("CFA 12", (25.737, 3.947, 15.175, 3.785, 10.56, -0.16, 21.28, 0.61)),
    ("GMFM 3", (32.053, 5.028, 15.700, 6.746, 16.35, -0.14, 32.84, 0.61)),
    ("GMFM 6", (59.000, 8.947, 28.900, 8.807, 30.10, 5.49, 54.71, 0.75)),
    ("GMFM 12", (64.526, 9.600, 36.800, 8.802, 27.73, 2.20, 53.25, 0.67)),
]


@pytest.mark.parametrize("numbers", [numbers for _, numbers in GU], ids=[outcome for outcome, _ in GU])
def test_gu_2020_is_recomputed_from_its_table(numbers: tuple[float, ...]) -> None:
    mean1, sem1, mean2, sem2, difference, low, high, g = numbers
    a, b = Arm(mean1, to_sd("SEM", value=sem1, n=19)[0], 19), Arm(mean2, to_sd("SEM", value=sem2, n=20)[0], 20)
    found = mean_difference(a, b)
    reach = 1.959964 * math.sqrt(found.vi)
    assert found.yi == pytest.approx(difference, abs=0.0051)
    assert (found.yi - reach, found.yi + reach) == pytest.approx((low, high), abs=0.0051)
    # GMFM at month 3 is 0.604999 with the exact factor and 0.61 with the usual approximation, hence no rounding.
    assert hedges_g(a, b).yi == pytest.approx(g, abs=0.0051)
    # The trap: SEM read as SD.
    assert hedges_g(Arm(mean1, sem1, 19), Arm(mean2, sem2, 20)).yi == pytest.approx(4.4 * g, rel=0.03)


def test_cohen_d_has_the_two_published_variances() -> None:
    a, b = Arm(7.62, 2.44, 27), Arm(2.96, 1.66, 27)  # Huang 2018
    d = cohen_d(a, b)
    assert d.yi == pytest.approx(2.2331, abs=1e-4)
    assert d.vi == pytest.approx(54 / 729 + d.yi**2 / 108)
    assert cohen_d(a, b, variance="metan").vi == pytest.approx(54 / 729 + d.yi**2 / 104)
    assert round(cohen_d(a, b, variance="metan").vi, 3) == 0.122
    with pytest.raises(InputError, match="'large sample' or 'metan'"):
        cohen_d(a, b, variance="hedges")


def test_the_smallest_arms_have_the_exact_correction() -> None:
    """With m = 2 degrees of freedom the factor is Γ(1)/(1 Γ(½)) = 1/√π."""
    g, d = (effect(Arm(3, 1, 2), Arm(1, 1, 2)).yi for effect in (hedges_g, cohen_d))
    assert g / d == pytest.approx(1 / math.sqrt(math.pi))


arms = st.builds(Arm, st.floats(-100, 100), st.floats(0.01, 50), st.integers(2, 300))


@given(arms, arms)
def test_the_arms_exchanged_turn_the_sign_and_keep_the_variance(a: Arm, b: Arm) -> None:
    for effect in (mean_difference, cohen_d, hedges_g):
        one, other = effect(a, b), effect(b, a)
        assert one.yi == pytest.approx(-other.yi)
        assert one.vi == pytest.approx(other.vi)
    assert abs(hedges_g(a, b).yi) <= abs(cohen_d(a, b).yi)


@given(arms, arms, st.floats(0.1, 10), st.floats(-50, 50))
def test_another_unit_leaves_a_standardised_difference_alone(a: Arm, b: Arm, factor: float, shift: float) -> None:
    one, other = (Arm(x.mean * factor + shift, x.sd * factor, x.n) for x in (a, b))
    assert hedges_g(one, other).yi == pytest.approx(hedges_g(a, b).yi, rel=1e-6, abs=1e-6)
    assert mean_difference(one, other).yi == pytest.approx(mean_difference(a, b).yi * factor, rel=1e-6, abs=1e-6)


def test_arms_that_cannot_be_are_refused() -> None:
    for mean, sd, n in ((1, 1, 1), (1, -1, 5), (math.nan, 1, 5), (1, math.inf, 5)):
        with pytest.raises(InputError):
            Arm(mean, sd, n)
    for effect in (cohen_d, hedges_g):
        with pytest.raises(InputError, match="SD of both arms is 0"):
            effect(Arm(1, 0, 5), Arm(2, 0, 5))


# Two arms with counts.

#: Gu 2020, table 3: events of 19 treated and of 20 controls, with the published p.
GU_EVENTS = [(10, 14, 0.333), (6, 9, 0.514), (7, 4, 0.301), (5, 3, 0.451), (1, 3, 0.605)]


@pytest.mark.parametrize(("treated", "control", "p"), GU_EVENTS)
def test_fisher_gives_the_p_values_of_gu_2020(treated: int, control: int, p: float) -> None:
    assert fisher_exact(Count(treated, 19), Count(control, 20)) == pytest.approx(p, abs=0.0006)


counts = st.integers(1, 60).flatmap(lambda n: st.builds(Count, st.integers(0, n), st.just(n)))


@given(counts, counts)
def test_fisher_agrees_with_scipy(a: Count, b: Count) -> None:
    stats = pytest.importorskip("scipy.stats")
    table = [[a.events, a.n - a.events], [b.events, b.n - b.events]]
    assert fisher_exact(a, b) == pytest.approx(stats.fisher_exact(table)[1], rel=1e-9)
    assert fisher_exact(a, b) == fisher_exact(b, a)


def test_ratios_are_those_of_metafor() -> None:
    """First trial of dat.bcg, test_misc_escalc.r: RR −0.8893 with variance 0.3256; OR −0.9387 with SE 0.5976."""
    a, b = Count(4, 123), Count(11, 139)
    assert (round(risk_ratio(a, b).yi, 4), round(risk_ratio(a, b).vi, 4)) == (-0.8893, 0.3256)
    assert (round(odds_ratio(a, b).yi, 4), round(math.sqrt(odds_ratio(a, b).vi), 4)) == (-0.9387, 0.5976)
    assert risk_ratio(a, b).conversions == ()


#: dat.hine1989 of metafor, with the differences in percent and their variances of Normand 1999, table III.
HINE = [
    (2, 39, 1, 43, 2.8026, 17.7575),
    (4, 44, 4, 44, 0.0, 37.5657),
    (6, 107, 4, 110, 1.9711, 8.1323),
    (7, 103, 5, 100, 1.7961, 10.8998),
    (7, 110, 3, 106, 3.5334, 8.0114),
    (11, 154, 4, 146, 4.4031, 6.1320),
]


@pytest.mark.parametrize(("a", "n1", "c", "n2", "percent", "variance"), HINE)
def test_risk_differences_are_those_of_normand(
    a: int, n1: int, c: int, n2: int, percent: float, variance: float
) -> None:
    found = risk_difference(Count(a, n1), Count(c, n2))
    assert (round(100 * found.yi, 4), round(1e4 * found.vi, 4)) == (percent, variance)


def test_a_zero_cell_is_corrected_and_said_only_where_it_is() -> None:
    a, b = Count(1, 45), Count(0, 49)  # Luan 2012
    assert risk_ratio(a, b).yi == pytest.approx(math.log(1.5 / 46 / (0.5 / 50)))
    assert risk_ratio(a, b).vi == pytest.approx(1 / 1.5 - 1 / 46 + 1 / 0.5 - 1 / 50)
    assert odds_ratio(a, b).yi == pytest.approx(math.log(1.5 * 49.5 / (44.5 * 0.5)))
    assert odds_ratio(a, b).vi == pytest.approx(1 / 1.5 + 1 / 44.5 + 1 / 0.5 + 1 / 49.5)
    assert risk_ratio(a, b).conversions == odds_ratio(a, b).conversions == ("0.5 added to each cell, as one is 0",)
    assert peto(a, b).conversions == ()
    assert risk_ratio(Count(1, 45), Count(1, 49)).conversions == ()
    assert odds_ratio(Count(45, 45), Count(1, 49)).conversions  # nobody free of the event is a zero cell too


def test_no_event_at_all_is_a_difference_of_nothing_and_no_ratio() -> None:
    a, b = Count(0, 68), Count(0, 34)  # Liu 2017
    assert risk_difference(a, b).yi == 0
    assert risk_difference(a, b).vi > 0
    assert risk_difference(a, b).conversions == ("0.5 added to each cell for the variance, as one is 0",)
    for ratio in (risk_ratio, odds_ratio, peto):
        with pytest.raises(InputError, match="no events in either arm"):
            ratio(a, b)
        with pytest.raises(InputError, match="events in all participants"):
            ratio(Count(68, 68), Count(34, 34))


@given(counts, counts)
def test_exchanged_arms_turn_the_sign_of_a_count_effect(a: Count, b: Count) -> None:
    for effect in (risk_ratio, odds_ratio, risk_difference, peto):
        try:
            one = effect(a, b)
        except InputError:
            with pytest.raises(InputError):
                effect(b, a)
            continue
        other = effect(b, a)
        assert one.yi == pytest.approx(-other.yi, abs=1e-12)
        assert one.vi == pytest.approx(other.vi)
        assert one.vi > 0


@pytest.mark.parametrize(("events", "n"), [(-1, 5), (6, 5), (0, 0)])
def test_counts_that_cannot_be_are_refused(events: int, n: int) -> None:
    with pytest.raises(InputError, match="expected from 0 to n events"):
        Count(events, n)
