"""Pooled effects: against printed numbers of metafor and Stata, statsmodels, and the published meta-analyses here."""

from __future__ import annotations

import math
from collections.abc import Callable

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kg.errors import InputError
from kg.synthesis.binary import Count, mantel_haenszel, odds_ratio, peto_pooled, risk_difference, risk_ratio
from kg.synthesis.distributions import chi2_survival
from kg.synthesis.effects import Arm, Estimate, cohen_d, hedges_g, mean_difference
from kg.synthesis.heterogeneity import q_at
from kg.synthesis.pooling import METHODS, leave_one_out, pool, subgroups

#: dat.bcg of metafor (Colditz 1994): tuberculosis yes and no, vaccinated and not.
BCG_CELLS = [
    (4, 119, 11, 128),
    (6, 300, 29, 274),
    (3, 228, 11, 209),
    (62, 13536, 248, 12619),
    (33, 5036, 47, 5761),
    (180, 1361, 372, 1079),
    (8, 2537, 10, 619),
    (505, 87886, 499, 87892),
    (29, 7470, 45, 7232),
    (17, 1699, 65, 1600),
    (186, 50448, 141, 27197),
    (5, 2493, 3, 2338),
    (27, 16886, 29, 17825),
]
BCG = [(Count(a, a + b), Count(c, c + d)) for a, b, c, d in BCG_CELLS]
BCG_RR = [risk_ratio(*pair) for pair in BCG]
Effect = Callable[[Count, Count], Estimate]
#: Serious adverse events of Eggenberger 2019, table 4: the six comparative studies.
SAE = [
    (Count(a, n1), Count(c, n2))
    for a, n1, c, n2 in [(0, 30, 0, 30), (0, 27, 0, 27), (0, 18, 0, 18), (0, 68, 0, 34), (1, 45, 0, 49), (3, 36, 6, 70)]
]


def test_reml_is_that_of_metafor() -> None:
    """rma(yi, vi, data=dat) for the log risk ratios of dat.bcg, with confint()."""
    found = pool(BCG_RR)
    assert (round(found.estimate, 4), round(found.se, 4)) == (-0.7145, 0.1798)
    assert (round(found.low, 4), round(found.high, 4)) == (-1.0669, -0.3622)
    assert (round(found.tau2, 4), round(found.i2, 2)) == (0.3132, 92.22)
    assert (round(found.q, 4), found.df, found.k) == (152.2330, 12, 13)
    assert found.p == pytest.approx(7e-5, rel=0.01)
    assert found.p_q < 1e-4
    assert found.measure == "log risk ratio"


def test_fixed_and_dersimonian_laird_are_those_of_metan() -> None:
    """test_misc_metan_vs_rma.uni_with_dat.bcg.r and test_misc_confint.r: metafor, agreeing with Stata."""
    fixed, random = pool(BCG_RR, "FE"), pool(BCG_RR, "DL")
    assert [round(x, 4) for x in (fixed.estimate, fixed.low, fixed.high)] == [-0.4303, -0.5097, -0.3509]
    assert round(fixed.estimate / fixed.se, 4) == -10.6247
    assert [round(x, 4) for x in (random.estimate, random.low, random.high)] == [-0.7141, -1.0644, -0.3638]
    assert [round(x, 4) for x in (random.tau2, random.tau2_low or 0, random.tau2_high or 0)] == [0.3088, 0.1197, 1.1115]
    assert round(random.i2, 4) == 92.1173
    # The file has 81.9177, from a search that ends at a tolerance of 1e-4 of tau²; the test of Q-profile is exact.
    assert (random.i2_low, random.i2_high) == pytest.approx((81.9177, 97.6781), abs=0.005)
    assert fixed.i2 == pytest.approx(100 * (152.2330 - 12) / 152.2330, abs=1e-4)
    assert (fixed.tau2, fixed.pi_low) == (0, None)


@pytest.mark.parametrize(
    ("effect", "method", "numbers", "q"),
    [
        (odds_ratio, "FE", (-0.4361, -0.5190, -0.3533), 163.1649),
        (odds_ratio, "DL", (-0.7474, -1.1242, -0.3706), 163.1649),
        (risk_difference, "FE", (-0.0009, -0.0014, -0.0005), 276.4737),
        (risk_difference, "DL", (-0.0071, -0.0101, -0.0040), 276.4737),
    ],
)
def test_other_measures_are_those_of_metan(effect: Effect, method: str, numbers: tuple[float, ...], q: float) -> None:
    found = pool([effect(*pair) for pair in BCG], method)
    assert tuple(round(x, 4) for x in (found.estimate, found.low, found.high)) == numbers
    assert round(found.q, 4) == q


#: dat.normand1999 of metafor: mean, SD and n of two kinds of care.
NORMAND = [
    (Arm(55, 47, 155), Arm(75, 64, 156)),
    (Arm(27, 7, 31), Arm(29, 4, 32)),
    (Arm(64, 17, 75), Arm(119, 29, 71)),
    (Arm(66, 20, 18), Arm(137, 48, 18)),
    (Arm(14, 8, 8), Arm(18, 11, 13)),
    (Arm(19, 7, 57), Arm(18, 4, 52)),
    (Arm(52, 45, 34), Arm(41, 34, 33)),
    (Arm(21, 16, 110), Arm(31, 27, 183)),
    (Arm(30, 27, 60), Arm(23, 20, 52)),
]


@pytest.mark.parametrize(
    ("method", "numbers"),
    [
        ("FE", (-3.49, -5.03, -1.96, 0)),
        ("DL", (-14.10, -24.45, -3.75, 218.72)),
        ("REML", (-15.12, -32.67, 2.43, 685.20)),
    ],
)
def test_normand_1999_table_ix_is_met(method: str, numbers: tuple[float, ...]) -> None:
    """test_analysis_example_normand1999.r: differences of means with one SD for both arms."""

    def pooled_sd(a: Arm, b: Arm) -> float:
        return math.sqrt(((a.n - 1) * a.sd**2 + (b.n - 1) * b.sd**2) / (a.n + b.n - 2))

    pairs = [(pooled_sd(a, b), a, b) for a, b in NORMAND]
    estimates = [mean_difference(Arm(a.mean, sd, a.n), Arm(b.mean, sd, b.n)) for sd, a, b in pairs]
    found = pool(estimates, method)
    assert tuple(round(x, 2) for x in (found.estimate, found.low, found.high, found.tau2)) == numbers


def test_reml_of_standardised_differences_is_that_of_metafor() -> None:
    """metafor-project.org, tips:assembling_data_smd: tau² 0.7908."""
    assert round(pool([hedges_g(*pair) for pair in NORMAND]).tau2, 4) == 0.7908


def test_hine_1989_has_no_heterogeneity_by_any_method() -> None:
    counts = [(2, 39, 1, 43), (4, 44, 4, 44), (6, 107, 4, 110), (7, 103, 5, 100), (7, 110, 3, 106), (11, 154, 4, 146)]
    estimates = [risk_difference(Count(a, n1), Count(c, n2)) for a, n1, c, n2 in counts]
    for method in METHODS:
        found = pool(estimates, method)
        assert found.tau2 == 0
        assert [round(100 * x, 2) for x in (found.estimate,)] == [2.94]
        assert [round(100 * x, 1) for x in (found.low, found.high)] == [0.4, 5.5]
        assert (found.i2, found.i2_low) == (0, 0)


@pytest.mark.parametrize(("method", "name"), [("DL", "chi2"), ("PM", "iterated")])
@pytest.mark.parametrize("estimates", [BCG_RR, [hedges_g(*pair) for pair in NORMAND]], ids=["bcg", "normand"])
def test_statsmodels_agrees(method: str, name: str, estimates: list[Estimate]) -> None:
    meta = pytest.importorskip("statsmodels.stats.meta_analysis")
    numpy = pytest.importorskip("numpy")
    yi, vi = numpy.array([each.yi for each in estimates]), numpy.array([each.vi for each in estimates])
    oracle = meta.combine_effects(yi, vi, method_re=name, use_t=False, atol=1e-12)
    found, adjusted, fixed = pool(estimates, method), pool(estimates, method, True), pool(estimates, "FE")
    assert found.tau2 == pytest.approx(oracle.tau2, abs=1e-8)
    assert (found.estimate, found.se) == pytest.approx((oracle.mean_effect_re, oracle.sd_eff_w_re))
    assert (fixed.estimate, fixed.se) == pytest.approx((oracle.mean_effect_fe, oracle.sd_eff_w_fe))
    assert found.q == pytest.approx(oracle.q)
    assert adjusted.se == pytest.approx(oracle.sd_eff_w_re_hksj, rel=1e-6)
    t = meta.combine_effects(yi, vi, method_re=name, use_t=True, atol=1e-12).conf_int()[3]
    assert (adjusted.low, adjusted.high) == pytest.approx((t[0], t[1]), rel=1e-6)
    assert adjusted.estimate == found.estimate


def test_the_prediction_interval_is_that_of_higgins() -> None:
    t = pytest.importorskip("scipy.stats").t
    found = pool(BCG_RR, "DL")
    reach = t.ppf(0.975, 11) * math.sqrt(found.tau2 + found.se**2)
    assert (found.pi_low, found.pi_high) == pytest.approx((found.estimate - reach, found.estimate + reach))
    assert pool(BCG_RR[:3]).pi_low is not None
    assert pool(BCG_RR[:2]).pi_low is None
    assert pool(BCG_RR[:2]).pi_high is None


def test_a_higher_level_is_wider() -> None:
    narrow, wide = pool(BCG_RR, level=0.90), pool(BCG_RR, level=0.99)
    for low, high in (("low", "high"), ("pi_low", "pi_high"), ("i2_low", "i2_high"), ("tau2_low", "tau2_high")):
        assert getattr(wide, low) < getattr(narrow, low) < getattr(narrow, high) < getattr(wide, high)


# Properties.

effects = st.lists(
    st.builds(Estimate, st.floats(-3, 3), st.floats(0.01, 2), st.just("Hedges g")), min_size=3, max_size=9
)


@given(effects, st.sampled_from(METHODS))
def test_the_order_of_studies_does_not_matter(estimates: list[Estimate], method: str) -> None:
    one, other = pool(estimates, method), pool(estimates[::-1], method)
    assert one.estimate == pytest.approx(other.estimate, rel=1e-6, abs=1e-6)
    assert one.tau2 == pytest.approx(other.tau2, rel=1e-6, abs=1e-6)
    assert one.weights == pytest.approx(other.weights[::-1], rel=1e-5)
    assert math.fsum(one.weights) == pytest.approx(100)
    assert min(e.yi for e in estimates) - 1e-9 <= one.estimate <= max(e.yi for e in estimates) + 1e-9


@given(effects, st.sampled_from(METHODS), st.sampled_from([1e-4, 1e4]))
def test_another_unit_changes_the_numbers_with_it(estimates: list[Estimate], method: str, unit: float) -> None:
    """Also guards the searches for tau² against fixed tolerances: risk differences have variances of 1e-6."""
    one = pool(estimates, method)
    other = pool([Estimate(e.yi * unit, e.vi * unit**2, e.measure) for e in estimates], method)
    assert other.tau2 == pytest.approx(one.tau2 * unit**2, rel=1e-6, abs=1e-9 * unit**2)
    assert other.estimate == pytest.approx(one.estimate * unit, rel=1e-6, abs=1e-9 * unit)
    assert other.i2 == pytest.approx(one.i2, rel=1e-6, abs=1e-6)
    assert other.q == pytest.approx(one.q, rel=1e-6, abs=1e-9)


@given(effects)
def test_paule_mandel_makes_q_its_degrees_of_freedom(estimates: list[Estimate]) -> None:
    yi, vi = [e.yi for e in estimates], [e.vi for e in estimates]
    tau2 = pool(estimates, "PM").tau2
    expected = len(yi) - 1
    assert q_at(yi, vi, tau2) == pytest.approx(expected) if tau2 else q_at(yi, vi) <= expected + 1e-9


@given(effects, st.sampled_from([0.5, 0.95, 0.999]))
def test_q_profile_limits_put_q_at_its_quantiles(estimates: list[Estimate], level: float) -> None:
    chi2 = pytest.importorskip("scipy.stats").chi2
    yi, vi = [e.yi for e in estimates], [e.vi for e in estimates]
    found = pool(estimates, level=level)
    for limit, share in ((found.tau2_low, (1 + level) / 2), (found.tau2_high, (1 - level) / 2)):
        assert limit is not None
        expected = chi2.ppf(share, len(yi) - 1)
        assert q_at(yi, vi, limit) == pytest.approx(expected) if limit else q_at(yi, vi) <= expected * (1 + 1e-9)


def named(yi: list[float], vi: list[float]) -> list[Estimate]:
    return [Estimate(y, v, "Hedges g") for y, v in zip(yi, vi, strict=True)]


@example(named([-1.2, -0.8, -0.9, 1.3], [0.038, 0.004, 0.007, 0.488]))  # two peaks, at 0.008 and, higher, at 0.60
@example(named([-0.8, -1.0, 1.3], [0.001, 0.036, 0.733]))  # two peaks, at 0.75 and, higher, at 0
@given(effects)
def test_no_other_tau2_is_likelier_than_reml(estimates: list[Estimate]) -> None:
    yi, vi = [e.yi for e in estimates], [e.vi for e in estimates]

    def likelihood(tau2: float) -> float:
        """Give the restricted log likelihood, written out on its own from the density of y about its mean."""
        weights = [1 / (v + tau2) for v in vi]
        mean = sum(w * y for w, y in zip(weights, yi, strict=True)) / sum(weights)
        square = sum(w * (y - mean) ** 2 for w, y in zip(weights, yi, strict=True))
        return (sum(math.log(w) for w in weights) - math.log(sum(weights)) - square) / 2

    best = likelihood(pool(estimates).tau2)
    assert all(best >= likelihood(tau2) - 1e-9 for tau2 in (0, *(1.3**i * 1e-5 for i in range(60))))


def test_reml_with_equal_variances_is_the_sample_variance_less_theirs() -> None:
    estimates = [Estimate(y, 0.5, "mean difference") for y in (1.0, 2.0, 6.0)]
    for method in ("DL", "PM", "REML"):
        assert pool(estimates, method).tau2 == pytest.approx(7 - 0.5)


def test_equal_effects_have_no_heterogeneity_and_no_adjusted_error() -> None:
    same = [Estimate(0.5, 0.1, "Hedges g"), Estimate(0.5, 0.2, "Hedges g"), Estimate(0.5, 0.4, "Hedges g")]
    for method in METHODS:
        found = pool(same, method)
        assert (found.tau2, found.i2, found.q, found.p_q) == pytest.approx((0, 0, 0, 1))
        assert (found.tau2_low, found.tau2_high) == (0, 0)
    adjusted = pool(same, "DL", True)
    assert (adjusted.low, adjusted.high) == pytest.approx((0.5, 0.5))


# Refusals.


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: pool([]), "at least 2"),
        (lambda: pool(BCG_RR[:1]), "at least 2"),
        (lambda: pool(BCG_RR, "SJ"), "expected one of FE, DL, PM, REML"),
        (lambda: pool(BCG_RR, "FE", True), "for random effects"),
        (lambda: pool(BCG_RR, level=95), "such as 0.95"),
        (lambda: pool([*BCG_RR, odds_ratio(*BCG[0])]), "log risk ratio, log odds ratio"),
        (lambda: pool([*BCG_RR, Estimate(1, 0, "log risk ratio")]), "effect 14 is 1 with variance 0"),
        (lambda: pool([*BCG_RR, Estimate(math.nan, 1, "log risk ratio")]), "effect 14 is nan"),
        (lambda: leave_one_out(BCG_RR[:2]), "at least 3"),
        (lambda: subgroups(BCG_RR, ["a"]), "13 effects and 1 labels"),
        (lambda: subgroups(BCG_RR, ["a"] * 13), "1 subgroup"),
        (lambda: mantel_haenszel(BCG[:1], "RR"), "at least 2"),
        (lambda: mantel_haenszel(BCG, "HR"), "expected RR, OR or RD"),
        (lambda: mantel_haenszel(SAE[:4], "RR"), "an arm has no events in any study"),
        (lambda: mantel_haenszel(SAE[:5], "OR"), "an arm has no events in any study"),
        (lambda: mantel_haenszel(SAE[:4], "RD"), "does not vary within any arm"),
        (lambda: mantel_haenszel([(Count(9, 9), Count(0, 7))] * 2, "RD"), "does not vary within any arm"),
        (lambda: mantel_haenszel([(Count(9, 9), Count(7, 7))] * 2, "RR"), "does not vary within any arm"),
        (lambda: peto_pooled(BCG[:1]), "at least 2"),
        (lambda: peto_pooled(SAE[:4]), "no events in either arm of any study"),
        (lambda: peto_pooled(BCG, level=0), "such as 0.95"),
    ],
)
def test_what_cannot_be_pooled_is_said(call: Callable[[], object], message: str) -> None:
    with pytest.raises(InputError, match=message):
        call()


# Studies left out, and groups.


def test_leaving_one_out_pools_the_others_in_order() -> None:
    found = leave_one_out(BCG_RR, "DL")
    assert len(found) == 13
    assert found[0] == pool(BCG_RR[1:], "DL")
    assert found[12] == pool(BCG_RR[:12], "DL")


#: dat.bcg, how vaccination was allocated.
ALLOCATION = ["random"] * 4 + ["alternate"] * 2 + ["random"] * 4 + ["systematic"] * 2 + ["systematic"]


def test_q_between_completes_q_in_a_fixed_effect_model() -> None:
    found, all_together = subgroups(BCG_RR, ALLOCATION, "FE"), pool(BCG_RR, "FE")
    assert [label for label, _ in found.groups] == ["random", "alternate", "systematic"]
    assert found.q_between == pytest.approx(all_together.q - sum(group.q for _, group in found.groups))
    assert (found.df, found.p) == pytest.approx((2, chi2_survival(found.q_between, 2)))
    assert sum(group.k for _, group in found.groups) == 13


def test_a_group_of_one_is_shown_as_it_is() -> None:
    found = dict(subgroups(BCG_RR, ["one", *["others"] * 12], "REML", True).groups)
    one = found["one"]
    assert (one.k, one.method, one.estimate, one.weights) == (1, "single study", BCG_RR[0].yi, (100,))
    assert one.se == pytest.approx(math.sqrt(BCG_RR[0].vi))
    assert found["others"] == pool(BCG_RR[1:], "REML", True)


def test_groups_that_agree_within_themselves_can_be_compared_with_knapp_and_hartung() -> None:
    estimates = [Estimate(y, 0.1, "Hedges g") for y in (0.2, 0.2, 0.8, 0.8)]
    found = subgroups(estimates, ["a", "a", "b", "b"], "DL", True)
    assert found.q_between == pytest.approx(0.6**2 / 0.1)


# Counts.


@pytest.mark.parametrize(
    ("measure", "numbers", "z", "q"),
    [
        ("RR", (-0.4537, -0.5308, -0.3766), -11.5338, 152.5676),
        ("OR", (-0.4734, -0.5538, -0.3930), -11.5444, 163.9426),
        ("RD", (-0.0033, -0.0039, -0.0027), -11.4708, 386.7759),
    ],
)
def test_mantel_haenszel_is_that_of_metafor(measure: str, numbers: tuple[float, ...], z: float, q: float) -> None:
    """test_misc_metan_vs_rma.mh_with_dat.bcg.r."""
    found = mantel_haenszel(BCG, measure)
    assert tuple(round(x, 4) for x in (found.estimate, found.low, found.high)) == numbers
    assert (round(found.estimate / found.se, 4), round(found.q, 4)) == (z, q)
    assert (found.k, found.df) == (13, 12)


def test_peto_is_that_of_metafor() -> None:
    """test_misc_metan_vs_rma.peto_with_dat.bcg.r."""
    found = peto_pooled(BCG)
    assert [round(x, 4) for x in (found.estimate, found.low, found.high)] == [-0.4744, -0.5541, -0.3948]
    assert (round(found.estimate / found.se, 4), round(found.q, 4)) == (-11.6689, 167.7302)


def test_mantel_haenszel_is_that_of_statsmodels() -> None:
    tables = pytest.importorskip("statsmodels.stats.contingency_tables")
    numpy = pytest.importorskip("numpy")
    for pairs in (BCG, SAE[4:]):
        cells = [[[a.events, a.n - a.events], [b.events, b.n - b.events]] for a, b in pairs]
        oracle = tables.StratifiedTable([numpy.array(table, dtype=float) for table in cells])
        ratio, odds = mantel_haenszel(pairs, "RR"), mantel_haenszel(pairs, "OR")
        assert math.exp(ratio.estimate) == pytest.approx(oracle.riskratio_pooled)
        assert odds.estimate == pytest.approx(oracle.logodds_pooled)
        assert odds.se == pytest.approx(oracle.logodds_pooled_se)


cells = st.integers(1, 30)


@given(cells, cells, cells, cells)
def test_two_like_strata_pool_to_the_effect_of_one(a: int, b: int, c: int, d: int) -> None:
    pair = (Count(a, a + b), Count(c, c + d))
    for measure, effect in (("RR", risk_ratio), ("OR", odds_ratio), ("RD", risk_difference)):
        one, both = effect(*pair), mantel_haenszel([pair, pair], measure)
        assert both.estimate == pytest.approx(one.yi)
        assert both.weights == pytest.approx((50, 50))
        assert both.q == pytest.approx(0)
        # Sato's variance estimates the same as the plain one, and equals it only in large strata.
        if measure != "RD":
            assert both.se**2 == pytest.approx(one.vi / 2)


def test_sato_variance_is_the_plain_one_in_large_strata() -> None:
    pair = (Count(20_000, 100_000), Count(30_000, 80_000))
    assert mantel_haenszel([pair, pair], "RD").se ** 2 == pytest.approx(risk_difference(*pair).vi / 2, rel=1e-9)


def test_serious_adverse_events_of_eggenberger_2019() -> None:
    ratio, peto = mantel_haenszel(SAE, "RR"), peto_pooled(SAE)
    assert [round(math.exp(x), 3) for x in (ratio.estimate, ratio.low, ratio.high)] == [1.228, 0.349, 4.317]
    assert [round(math.exp(x), 2) for x in (peto.estimate, peto.low, peto.high)] == [1.25, 0.32, 4.80]
    for found in (ratio, peto):
        assert (found.k, found.df) == (6, 1)  # all six studies; two of them have events
        assert found.weights[:4] == (0, 0, 0, 0)
        assert found.i2_low == 0
    assert mantel_haenszel(SAE, "RD").df == 5


def test_studies_without_events_change_no_ratio() -> None:
    for found, without in (
        (mantel_haenszel(SAE, "RR"), mantel_haenszel(SAE[4:], "RR")),
        (peto_pooled(SAE), peto_pooled(SAE[4:])),
    ):
        assert (found.estimate, found.se, found.q) == pytest.approx((without.estimate, without.se, without.q))


def test_one_study_with_events_has_no_heterogeneity_to_speak_of() -> None:
    found = peto_pooled(SAE[:5])
    assert (found.q, found.df, found.p_q, found.i2, found.i2_low, found.tau2_high) == (0, 0, 1, 0, None, None)


#: GMFM change of Eggenberger 2019: four arms read, and the d of Liu 2017 that was derived from the published pool.
GMFM = [
    (Arm(7.62, 2.44, 27), Arm(2.96, 1.66, 27)),
    (Arm(7.08, 7.36, 17), Arm(3.85, 3.75, 17)),
    (Arm(9.1, 6.7, 31), Arm(7.8, 5.1, 32)),
    (Arm(7.5, 6.8, 32), Arm(6.9, 5.5, 31)),
]
LIU = Estimate(1.70, 68 / (33 * 35) + 1.70**2 / (2 * 66), "Cohen d")


def test_the_published_gmfm_effect_of_eggenberger_2019_is_met() -> None:
    known = [cohen_d(*pair, variance="metan") for pair in GMFM]
    found = pool([*known, LIU], "DL")
    assert [round(x, 3) for x in (found.estimate, found.low, found.high)] == [0.946, 0.132, 1.759]
    assert round(found.i2, 2) == 90.10
    four = pool(known, "DL")
    assert [round(x, 3) for x in (four.estimate, four.low, four.high)] == [0.753, -0.132, 1.639]
    assert round(four.i2, 1) == 89.3
