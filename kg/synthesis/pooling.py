"""Pool the effects of studies: common effect or random effects, with what varies between studies.

Pictures and reading of files are not done here. Ratios stay on the log scale: exp() of estimate and limits.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from kg.errors import InputError
from kg.synthesis.distributions import chi2_survival, normal_quantile, normal_survival, t_quantile, t_survival
from kg.synthesis.effects import Estimate
from kg.synthesis.heterogeneity import (
    dersimonian_laird,
    i_squared,
    paule_mandel,
    q_at,
    q_profile,
    reml,
    weighted_mean,
)

__all__ = ["METHODS", "Pooled", "Subgroups", "check_level", "leave_one_out", "p_value", "pool", "subgroups"]

_TAU2 = {"DL": dersimonian_laird, "PM": paule_mandel, "REML": reml}
#: Common effect (FE), and random effects by the estimator of tau².
METHODS = ("FE", *_TAU2)


@dataclass(frozen=True, slots=True)
class Pooled:
    """A pooled effect of k studies.

    `p` is two-sided. `q`, `df` and `p_q` test whether the studies differ; `i2` and its interval are percentages. The
    intervals of tau² and I² are Q-profile intervals; they are None where a study's effect stands alone. `pi_low` to
    `pi_high` is where the effect of a new study is expected, None without a model of it or with fewer than 3 studies.
    `weights` are percent in the order of the studies. `tau2` is 0 by assumption, not by estimate, in a common-effect
    method (FE, Mantel-Haenszel, Peto).
    """

    k: int
    method: str
    estimate: float
    se: float
    low: float
    high: float
    p: float
    q: float
    df: int
    p_q: float
    i2: float
    i2_low: float | None
    i2_high: float | None
    tau2: float
    pi_low: float | None
    pi_high: float | None
    weights: tuple[float, ...]
    tau2_low: float | None = None
    tau2_high: float | None = None
    measure: str = ""
    level: float = 0.95
    knapp_hartung: bool = False


@dataclass(frozen=True, slots=True)
class Subgroups:
    """Pooled effects by label, in order of first appearance, and the test that they are the same (Q between)."""

    groups: tuple[tuple[str, Pooled], ...]
    q_between: float
    df: int
    p: float


def pool(
    estimates: Sequence[Estimate], method: str = "REML", knapp_hartung: bool = False, level: float = 0.95
) -> Pooled:
    """Pool effects by inverse variance; method FE is the common effect, DL, PM and REML are random effects.

    The confidence interval is normal, or with `knapp_hartung` by t with k − 1 degrees of freedom and the standard
    error of Knapp and Hartung 2003, which may also be smaller than the plain one. The prediction interval is by t with
    k − 2 (Higgins, Thompson and Spiegelhalter 2009) and uses the standard error reported. I² is (Q − df)/Q for FE, else
    from tau². Raises InputError for fewer than two effects, for unlike measures and for variances that are not above 0.

    >>> pooled = pool([Estimate(0.2, 0.04, "Hedges g"), Estimate(0.6, 0.04, "Hedges g")], "FE")
    >>> round(pooled.estimate, 2), round(pooled.se, 4), pooled.weights
    (0.4, 0.1414, (50.0, 50.0))
    """
    if len(estimates) < 2:
        raise InputError(f"found {len(estimates)} effect(s) to pool; expected at least 2")
    if method not in METHODS:
        raise InputError(f"unknown method {method!r}; expected one of {', '.join(METHODS)}")
    if knapp_hartung and method == "FE":
        raise InputError("the adjustment of Knapp and Hartung is for random effects; choose DL, PM or REML")
    check_level(level)
    _check(estimates)
    yi, vi, k = [each.yi for each in estimates], [each.vi for each in estimates], len(estimates)
    tau2 = _TAU2[method](yi, vi) if method in _TAU2 else 0.0
    mean, total = weighted_mean(yi, vi, tau2)
    se = math.sqrt((q_at(yi, vi, tau2) / (k - 1) if knapp_hartung else 1) / total)
    reach = (t_quantile((1 + level) / 2, k - 1) if knapp_hartung else normal_quantile((1 + level) / 2)) * se
    q = q_at(yi, vi)
    tau2_low, tau2_high = q_profile(yi, vi, level)
    new_study = None
    if method in _TAU2 and k >= 3:
        new_study = t_quantile((1 + level) / 2, k - 2) * math.sqrt(tau2 + se * se)
    return Pooled(
        k=k,
        method=method,
        estimate=mean,
        se=se,
        low=mean - reach,
        high=mean + reach,
        p=p_value(mean, se, k - 1 if knapp_hartung else None),
        q=q,
        df=k - 1,
        p_q=chi2_survival(q, k - 1),
        i2=i_squared(tau2 if method in _TAU2 else dersimonian_laird(yi, vi), vi),
        i2_low=i_squared(tau2_low, vi),
        i2_high=i_squared(tau2_high, vi),
        tau2=tau2,
        pi_low=None if new_study is None else mean - new_study,
        pi_high=None if new_study is None else mean + new_study,
        weights=tuple(100 / (v + tau2) / total for v in vi),
        tau2_low=tau2_low,
        tau2_high=tau2_high,
        measure=estimates[0].measure,
        level=level,
        knapp_hartung=knapp_hartung,
    )


def leave_one_out(
    estimates: Sequence[Estimate], method: str = "REML", knapp_hartung: bool = False, level: float = 0.95
) -> tuple[Pooled, ...]:
    """Pool without the first study, without the second, and so on; InputError for fewer than three effects."""
    if len(estimates) < 3:
        raise InputError(f"found {len(estimates)} effect(s); leaving one out needs at least 3")
    others = ([*estimates[:i], *estimates[i + 1 :]] for i in range(len(estimates)))
    return tuple(pool(each, method, knapp_hartung, level) for each in others)


def subgroups(
    estimates: Sequence[Estimate],
    labels: Sequence[str],
    method: str = "REML",
    knapp_hartung: bool = False,
    level: float = 0.95,
) -> Subgroups:
    """Pool each group of like-labelled effects, each with its own tau², and test whether the groups differ.

    A group of one study is shown as that study (method "single study"). Q between weighs the groups by their plain
    standard errors also with `knapp_hartung`, whose errors can be 0. InputError for fewer than two groups, or if labels
    and effects differ in number.
    """
    if len(labels) != len(estimates):
        raise InputError(f"found {len(estimates)} effects and {len(labels)} labels; expected one label for each effect")
    check_level(level)
    _check(estimates)
    members: dict[str, list[Estimate]] = {}
    for label, estimate in zip(labels, estimates, strict=True):
        members.setdefault(label, []).append(estimate)
    if len(members) < 2:
        raise InputError(f"found {len(members)} subgroup(s); a comparison needs at least 2")
    plain = [_pool_or_show(group, method, False, level) for group in members.values()]
    shown = plain if not knapp_hartung else [_pool_or_show(group, method, True, level) for group in members.values()]
    q = q_at([each.estimate for each in plain], [each.se**2 for each in plain])
    df = len(members) - 1
    return Subgroups(tuple(zip(members, shown, strict=True)), q, df, chi2_survival(q, df))


def p_value(estimate: float, se: float, df: int | None = None) -> float:
    """Give the two-sided p of an estimate, normal or by t with df; with se 0 it is 0, or 1 if the estimate is 0 too."""
    if se == 0:
        return float(estimate == 0)
    z = abs(estimate) / se
    return 2 * (normal_survival(z) if df is None else t_survival(z, df))


def check_level(level: float) -> None:
    """Raise InputError unless a confidence level is a share such as 0.95."""
    if not 0 < level < 1:
        raise InputError(f"found the confidence level {level}; expected a share between 0 and 1 such as 0.95")


def _check(estimates: Sequence[Estimate]) -> None:
    measures = list(dict.fromkeys(each.measure for each in estimates))
    if len(measures) > 1:
        raise InputError(f"effects of different measures cannot be pooled: {', '.join(measures)}")
    for number, each in enumerate(estimates, start=1):
        if not (math.isfinite(each.yi) and math.isfinite(each.vi) and each.vi > 0):
            raise InputError(f"effect {number} is {each.yi} with variance {each.vi}; expected a variance above 0")


def _pool_or_show(group: Sequence[Estimate], method: str, knapp_hartung: bool, level: float) -> Pooled:
    if len(group) > 1:
        return pool(group, method, knapp_hartung, level)
    alone = group[0]
    se = math.sqrt(alone.vi)
    reach = normal_quantile((1 + level) / 2) * se
    return Pooled(
        k=1,
        method="single study",
        estimate=alone.yi,
        se=se,
        low=alone.yi - reach,
        high=alone.yi + reach,
        p=p_value(alone.yi, se),
        q=0.0,
        df=0,
        p_q=1.0,
        i2=0.0,
        i2_low=None,
        i2_high=None,
        tau2=0.0,
        pi_low=None,
        pi_high=None,
        weights=(100.0,),
        measure=alone.measure,
        level=level,
    )
