"""How much effects differ between studies beyond chance: Q, the variance tau² between studies, and I².

Functions take the effects and their variances as two sequences of equal length, at least two long.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

from kg.synthesis.distributions import chi2_quantile, falling_root

__all__ = ["dersimonian_laird", "i_squared", "paule_mandel", "q_at", "q_profile", "reml", "weighted_mean"]

Numbers = Sequence[float]
#: Steps in which the restricted likelihood is searched, evenly in log tau², over eight powers of ten.
_STEPS, _DECADES = 80, 8


def weighted_mean(yi: Numbers, vi: Numbers, tau2: float = 0.0) -> tuple[float, float]:
    """Give the mean of the effects weighted by 1/(variance + tau²), and the sum of these weights."""
    weights = [1 / (v + tau2) for v in vi]
    total = math.fsum(weights)
    return math.fsum(w * y for w, y in zip(weights, yi, strict=True)) / total, total


def q_at(yi: Numbers, vi: Numbers, tau2: float = 0.0) -> float:
    """Give the weighted squares about the weighted mean; with tau² 0 this is Cochran's Q."""
    mean, _ = weighted_mean(yi, vi, tau2)
    return math.fsum((y - mean) ** 2 / (v + tau2) for y, v in zip(yi, vi, strict=True))


def dersimonian_laird(yi: Numbers, vi: Numbers) -> float:
    """Give tau² by the method of moments (DerSimonian and Laird 1986), 0 if Q is below its degrees of freedom."""
    return max(0.0, (q_at(yi, vi) - (len(yi) - 1)) / _moment(vi))


def paule_mandel(yi: Numbers, vi: Numbers) -> float:
    """Give the tau² at which Q equals its degrees of freedom (Paule and Mandel 1982), 0 if there is none."""
    return _tau2_at(yi, vi, len(yi) - 1)


def reml(yi: Numbers, vi: Numbers) -> float:
    """Give the tau² of 0 or more that maximises the restricted likelihood.

    All peaks are looked for, not the one nearest to a start, so the result does not hang on a start value.
    """
    high = max((y - yi[0]) ** 2 for y in yi)
    if high == 0:
        return 0.0
    while _score(yi, vi, high) > 0:
        high *= 2
    grid = [0.0, *(high * 10 ** (_DECADES * (i / _STEPS - 1)) for i in range(_STEPS + 1))]
    rising = [_score(yi, vi, tau2) > 0 for tau2 in grid]
    peaks = [] if rising[0] else [0.0]
    for i, (start, end) in enumerate(pairwise(grid)):
        if rising[i] and not rising[i + 1]:
            peaks.append(_peak(yi, vi, start, end))
    return max(peaks, key=lambda tau2: _log_likelihood(yi, vi, tau2))


def q_profile(yi: Numbers, vi: Numbers, level: float) -> tuple[float, float]:
    """Give the confidence interval of tau² by the Q-profile method (Viechtbauer 2007).

    Holds for every estimator of tau². Effects closer together than chance allows give (0, 0).
    """
    df = len(yi) - 1
    low, high = (chi2_quantile(share, df) for share in ((1 + level) / 2, (1 - level) / 2))
    return _tau2_at(yi, vi, low), _tau2_at(yi, vi, high)


def i_squared(tau2: float, vi: Numbers) -> float:
    """Give the percentage of variation that is between studies: tau² against the typical variance within a study.

    The typical variance is that of Higgins and Thompson 2002; with tau² of DerSimonian and Laird I² is (Q − df)/Q.
    """
    typical = (len(vi) - 1) / _moment(vi)
    return 100 * tau2 / (tau2 + typical)


def _tau2_at(yi: Numbers, vi: Numbers, q: float) -> float:
    return falling_root(lambda tau2: q_at(yi, vi, tau2) - q, max(vi))


def _peak(yi: Numbers, vi: Numbers, start: float, end: float) -> float:
    return start + falling_root(lambda step: _score(yi, vi, start + step), end - start)


def _moment(vi: Numbers) -> float:
    total = math.fsum(1 / v for v in vi)
    return total - math.fsum(1 / v**2 for v in vi) / total


def _score(yi: Numbers, vi: Numbers, tau2: float) -> float:
    """Give twice the slope of the restricted log likelihood at tau²."""
    mean, total = weighted_mean(yi, vi, tau2)
    squares = math.fsum(1 / (v + tau2) ** 2 for v in vi)
    fit = math.fsum(((y - mean) / (v + tau2)) ** 2 for y, v in zip(yi, vi, strict=True))
    return fit - (total - squares / total)


def _log_likelihood(yi: Numbers, vi: Numbers, tau2: float) -> float:
    """Give the restricted log likelihood at tau², without the terms that do not depend on it."""
    _, total = weighted_mean(yi, vi, tau2)
    return -0.5 * (math.fsum(math.log(v + tau2) for v in vi) + math.log(total) + q_at(yi, vi, tau2))
