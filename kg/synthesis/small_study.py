"""Whether small studies find other effects than large ones: the regression test of Egger for funnel plots.

With fewer than ten studies the test cannot tell chance from asymmetry (Cochrane Handbook 13.3.5.4), so it is refused.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from kg.errors import InputError
from kg.synthesis.distributions import t_survival
from kg.synthesis.effects import Estimate

__all__ = ["FEWEST", "Asymmetry", "egger"]

FEWEST = 10


@dataclass(frozen=True, slots=True)
class Asymmetry:
    """The slope of effects on their standard errors, weighed by inverse variance; `p` is two-sided by t with `df`."""

    slope: float
    se: float
    df: int
    p: float


def egger(estimates: Sequence[Estimate]) -> Asymmetry:
    """Give the test of Egger 1997; with no asymmetry the slope is 0.

    Weighted least squares with a dispersion that is estimated, as metafor's regtest(model="lm"). Raises `InputError`
    for fewer than ten studies, and where all standard errors are the same.
    """
    k = len(estimates)
    if k < FEWEST:
        raise InputError(f"found {k} effect(s); a test for small-study effects needs at least {FEWEST}")
    errors, weights = [math.sqrt(each.vi) for each in estimates], [1 / each.vi for each in estimates]
    total = math.fsum(weights)
    middle = math.fsum(w * x for w, x in zip(weights, errors, strict=True)) / total
    mean = math.fsum(w * each.yi for w, each in zip(weights, estimates, strict=True)) / total
    spread = math.fsum(w * (x - middle) ** 2 for w, x in zip(weights, errors, strict=True))
    if spread <= 1e-12 * total * middle**2:
        raise InputError("all effects have the same standard error; small and large studies cannot be told apart")
    rows = list(zip(weights, errors, estimates, strict=True))
    slope = math.fsum(w * (x - middle) * (each.yi - mean) for w, x, each in rows) / spread
    rest = math.fsum(w * (each.yi - mean - slope * (x - middle)) ** 2 for w, x, each in rows)
    se = math.sqrt(rest / (k - 2) / spread)
    p = float(slope == 0) if se == 0 else 2 * t_survival(abs(slope) / se, k - 2)
    return Asymmetry(slope, se, k - 2, p)
