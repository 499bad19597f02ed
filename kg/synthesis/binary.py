"""From counts in two arms to ratios and differences, for one study and pooled without a variance for each study.

Mantel-Haenszel and Peto need no correction for empty cells and so suit rare adverse events. Ratios are natural logs,
first arm against second. Cells of a study: a events of n₁ in the first arm, c of n₂ in the second; b = n₁ − a,
d = n₂ − c, N = n₁ + n₂.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from kg.errors import InputError
from kg.synthesis.distributions import chi2_survival, normal_quantile
from kg.synthesis.effects import Estimate
from kg.synthesis.heterogeneity import i_squared, q_profile
from kg.synthesis.pooling import Pooled, check_level, p_value

__all__ = [
    "Count",
    "fisher_exact",
    "mantel_haenszel",
    "odds_ratio",
    "peto",
    "peto_pooled",
    "risk_difference",
    "risk_ratio",
]


@dataclass(frozen=True, slots=True)
class Count:
    """One arm: participants with the event, of n participants; people, not episodes."""

    events: int
    n: int

    def __post_init__(self) -> None:
        if not (self.n >= 1 and 0 <= self.events <= self.n):
            raise InputError(
                f"found {self.events} events of {self.n} participants; expected from 0 to n events, and n above 0"
            )


Pair = tuple[Count, Count]
Cells = tuple[float, float, float, float]


def risk_ratio(a: Count, b: Count) -> Estimate:
    """Give the log risk ratio; variance 1/a − 1/n₁ + 1/c − 1/n₂.

    If a cell is empty, 0.5 is added to each of the four and `conversions` says so. InputError without events, or
    without anyone free of them, in both arms.

    >>> round(math.exp(risk_ratio(Count(4, 20), Count(8, 20)).yi), 3)
    0.5
    """
    _check_informative(a, b)
    (e1, f1, e2, f2), told = _corrected(a, b)
    n1, n2 = e1 + f1, e2 + f2
    return Estimate(math.log(e1 / n1) - math.log(e2 / n2), 1 / e1 - 1 / n1 + 1 / e2 - 1 / n2, "log risk ratio", told)


def odds_ratio(a: Count, b: Count) -> Estimate:
    """Give the log odds ratio; variance 1/a + 1/b + 1/c + 1/d (Woolf), empty cells as in `risk_ratio`.

    >>> round(math.exp(odds_ratio(Count(4, 20), Count(8, 20)).yi), 3)
    0.375
    """
    _check_informative(a, b)
    (e1, f1, e2, f2), told = _corrected(a, b)
    return Estimate(math.log(e1 / f1) - math.log(e2 / f2), 1 / e1 + 1 / f1 + 1 / e2 + 1 / f2, "log odds ratio", told)


def risk_difference(a: Count, b: Count) -> Estimate:
    """Give the difference of the risks a/n₁ − c/n₂; variance ab/n₁³ + cd/n₂³.

    The difference is always that of the counts as they are. Only its variance takes 0.5 more in each cell if a cell is
    empty, where it would be too small or 0 (metafor's escalc shifts the difference too).

    >>> risk_difference(Count(10, 20), Count(5, 20)).yi
    0.25
    """
    (e1, f1, e2, f2), told = _corrected(a, b, only="for the variance")
    variance = e1 * f1 / (e1 + f1) ** 3 + e2 * f2 / (e2 + f2) ** 3
    return Estimate(a.events / a.n - b.events / b.n, variance, "risk difference", told)


def peto(a: Count, b: Count) -> Estimate:
    """Give the log odds ratio of Peto, (observed − expected)/V, variance 1/V, V hypergeometric; no correction is used.

    Meant for rare events and arms of like size (Yusuf 1985). InputError as in `risk_ratio`.

    >>> round(math.exp(peto(Count(1, 45), Count(0, 49)).yi), 2)
    8.08
    """
    _check_informative(a, b)
    excess, variance = _excess(a, b)
    return Estimate(excess / variance, 1 / variance, "log Peto odds ratio")


def fisher_exact(a: Count, b: Count) -> float:
    """Give the two-sided p of Fisher's exact test: all tables of the same margins that are at most as likely.

    >>> round(fisher_exact(Count(7, 19), Count(4, 20)), 3)
    0.301
    """
    total = a.events + b.events
    ways = [math.comb(a.n, x) * math.comb(b.n, total - x) for x in range(max(0, total - b.n), min(a.n, total) + 1)]
    observed = math.comb(a.n, a.events) * math.comb(b.n, b.events)
    return sum(way for way in ways if way <= observed) / sum(ways)  # whole numbers: equal is equal


def mantel_haenszel(pairs: Sequence[Pair], measure: str, *, level: float = 0.95) -> Pooled:
    """Pool RR, OR (both as logs) or RD by Mantel-Haenszel, from the counts as they are.

    Variances: RR Greenland and Robins 1985, OR Robins, Breslow and Greenland 1986, RD Sato, Greenland and Robins 1989.
    `k` counts all studies. Those without an event in both arms have no ratio: for RR and OR they stay out of Q and
    its degrees of freedom. A weight is the share of a study in the denominator of the pooled value. InputError for
    fewer than two studies, another measure, or counts that leave the estimate or its variance undefined.

    >>> round(math.exp(mantel_haenszel([(Count(1, 45), Count(0, 49)), (Count(3, 36), Count(6, 70))], "RR").estimate), 3)
    1.228
    """
    if measure not in _MANTEL_HAENSZEL:
        raise InputError(f"unknown measure {measure!r} for Mantel-Haenszel; expected RR, OR or RD")
    _check_pairs(pairs, level)
    estimator, of_study = _MANTEL_HAENSZEL[measure]
    estimate, variance, weights = estimator([_cells(*pair) for pair in pairs])
    return _pooled(pairs, of_study, "Mantel-Haenszel", estimate, variance, weights, level)


def peto_pooled(pairs: Sequence[Pair], *, level: float = 0.95) -> Pooled:
    """Pool log odds ratios by Peto: the sum of observed − expected over the sum of V, variance 1/ΣV.

    Studies without an event in both arms add nothing; see `mantel_haenszel`. InputError if that holds for all.
    """
    _check_pairs(pairs, level)
    excesses, variances = zip(*(_excess(*pair) for pair in pairs), strict=True)
    total = math.fsum(variances)
    if total == 0:
        raise InputError("no events in either arm of any study (or only events); there is no odds ratio to pool")
    return _pooled(pairs, peto, "Peto", math.fsum(excesses) / total, 1 / total, variances, level)


def _cells(a: Count, b: Count) -> Cells:
    return a.events, a.n - a.events, b.events, b.n - b.events


def _corrected(a: Count, b: Count, *, only: str = "") -> tuple[Cells, tuple[str, ...]]:
    """Give the four cells, each with 0.5 more if one is empty, and the words for it."""
    e1, f1, e2, f2 = _cells(a, b)
    if all((e1, f1, e2, f2)):
        return (e1, f1, e2, f2), ()
    told = f"0.5 added to each cell {only}".rstrip() + ", as one is 0"
    return (e1 + 0.5, f1 + 0.5, e2 + 0.5, f2 + 0.5), (told,)


def _check_informative(a: Count, b: Count) -> None:
    if a.events + b.events == 0:
        raise InputError(f"no events in either arm (0 of {a.n} and 0 of {b.n}): the study has no ratio")
    if a.events == a.n and b.events == b.n:
        raise InputError(f"events in all participants of both arms ({a.n} and {b.n}): the study has no ratio")


def _excess(a: Count, b: Count) -> tuple[float, float]:
    """Give events in the first arm beyond those expected, and their variance with the margins fixed."""
    n, events = a.n + b.n, a.events + b.events
    return a.events - a.n * events / n, a.n * b.n * events * (n - events) / (n * n * (n - 1))


def _check_pairs(pairs: Sequence[Pair], level: float) -> None:
    if len(pairs) < 2:
        raise InputError(f"found {len(pairs)} study to pool; expected at least 2")
    check_level(level)


Summary = tuple[float, float, tuple[float, ...]]


def _mh_ratio(name: str, over: Sequence[float], under: Sequence[float]) -> tuple[float, float]:
    """Give numerator and denominator of a pooled ratio; both must be there."""
    if math.fsum(over) == 0 or math.fsum(under) == 0:
        raise InputError(f"an arm has no events in any study (or only events): no pooled {name}; try PETO or RD")
    return math.fsum(over), math.fsum(under)


def _mh_risk_ratio(cells: Sequence[Cells]) -> Summary:
    over = [a * (c + d) / (a + b + c + d) for a, b, c, d in cells]
    under = [c * (a + b) / (a + b + c + d) for a, b, c, d in cells]
    r, s = _mh_ratio("risk ratio", over, under)
    p = math.fsum(
        ((a + b) * (c + d) * (a + c) - a * c * (a + b + c + d)) / (a + b + c + d) ** 2 for a, b, c, d in cells
    )
    return math.log(r / s), p / (r * s), tuple(under)


def _mh_odds_ratio(cells: Sequence[Cells]) -> Summary:
    over = [a * d / (a + b + c + d) for a, b, c, d in cells]
    under = [b * c / (a + b + c + d) for a, b, c, d in cells]
    r, s = _mh_ratio("odds ratio", over, under)
    like = [(a + d) / (a + b + c + d) for a, b, c, d in cells]
    both = list(zip(like, over, under, strict=True))
    variance = (
        math.fsum(p * x for p, x, _ in both) / (2 * r * r)
        + math.fsum(p * y + (1 - p) * x for p, x, y in both) / (2 * r * s)
        + math.fsum((1 - p) * y for p, _, y in both) / (2 * s * s)
    )
    return math.log(r / s), variance, tuple(under)


def _mh_risk_difference(cells: Sequence[Cells]) -> Summary:
    weights, excess, slope, spread = [], [], [], []
    for a, b, c, d in cells:
        n1, n2 = a + b, c + d
        n = n1 + n2
        weights.append(n1 * n2 / n)
        excess.append((a * n2 - c * n1) / n)
        slope.append((n1 * n1 * c - n2 * n2 * a + n1 * n2 * (n2 - n1) / 2) / (n * n))
        spread.append((a * d + c * b) / (2 * n))
    total, most = math.fsum(weights), math.fsum(spread)
    difference = math.fsum(excess) / total
    variance = difference * math.fsum(slope) + most
    if variance < 1e-12 * most:  # the two cancel where all of one arm and none of the other have the event
        variance = 0.0
    return difference, variance / total**2, tuple(weights)


_MANTEL_HAENSZEL: dict[str, tuple[Callable[[Sequence[Cells]], Summary], Callable[[Count, Count], Estimate]]] = {
    "RR": (_mh_risk_ratio, risk_ratio),
    "OR": (_mh_odds_ratio, odds_ratio),
    "RD": (_mh_risk_difference, risk_difference),
}


def _is_informative(pair: Pair) -> bool:
    return 0 < pair[0].events + pair[1].events < pair[0].n + pair[1].n


def _pooled(
    pairs: Sequence[Pair],
    of_study: Callable[[Count, Count], Estimate],
    method: str,
    estimate: float,
    variance: float,
    weights: Sequence[float],
    level: float,
) -> Pooled:
    if not variance > 0:
        raise InputError("the outcome does not vary within any arm: the variance of the pooled value would be 0")
    studies = [of_study(*pair) for pair in pairs if of_study is risk_difference or _is_informative(pair)]
    yi, vi = [each.yi for each in studies], [each.vi for each in studies]
    q, df = math.fsum((y - estimate) ** 2 / v for y, v in zip(yi, vi, strict=True)), len(studies) - 1
    tau2_low, tau2_high = q_profile(yi, vi, level) if df else (None, None)
    se = math.sqrt(variance)
    reach = normal_quantile((1 + level) / 2) * se
    return Pooled(
        k=len(pairs),
        method=method,
        estimate=estimate,
        se=se,
        low=estimate - reach,
        high=estimate + reach,
        p=p_value(estimate, se),
        q=q if df else 0.0,
        df=df,
        p_q=chi2_survival(q, df) if df else 1.0,
        i2=100 * max(0.0, (q - df) / q) if df and q else 0.0,
        i2_low=None if tau2_low is None else i_squared(tau2_low, vi),
        i2_high=None if tau2_high is None else i_squared(tau2_high, vi),
        tau2=0.0,
        pi_low=None,
        pi_high=None,
        weights=tuple(100 * weight / math.fsum(weights) for weight in weights),
        tau2_low=tau2_low,
        tau2_high=tau2_high,
        measure=studies[0].measure,
        level=level,
    )
