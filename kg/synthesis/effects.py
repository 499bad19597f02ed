"""From two arms with means to one effect: differences of means, plain and standardised, with their variances.

Effects are first minus second. What had to be converted on the way stands in words in `Estimate.conversions`. A type
of spread is never guessed: SEM read as SD inflates a standardised difference by the root of n.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from kg.errors import InputError
from kg.synthesis.distributions import t_quantile

__all__ = ["Arm", "Estimate", "change_sd", "cohen_d", "hedges_g", "mean_difference", "to_sd"]

#: Width of the middle half of a normal distribution, in SD (Cochrane Handbook 6.5.2.5 divides by 1.35).
_IQR_WIDTH = 1.349


@dataclass(frozen=True, slots=True)
class Arm:
    """One arm: the mean, the standard deviation in the same unit, and the number of participants measured."""

    mean: float
    sd: float
    n: int

    def __post_init__(self) -> None:
        if self.n < 2:
            raise InputError(f"found n {self.n} in an arm; a mean with a spread needs at least 2 participants")
        if not (math.isfinite(self.mean) and math.isfinite(self.sd) and self.sd >= 0):
            raise InputError(f"found mean {self.mean} and SD {self.sd}; expected numbers, and an SD of 0 or more")


@dataclass(frozen=True, slots=True)
class Estimate:
    """One effect of one study: the value, its variance, what is measured, and the conversions behind it in words.

    Measures that begin with "log " are on the natural log scale; exp() of the value is the ratio.
    """

    yi: float
    vi: float
    measure: str
    conversions: tuple[str, ...] = ()


def to_sd(
    kind: str, *, value: float | None = None, low: float | None = None, high: float | None = None, n: int
) -> tuple[float, str]:
    """Give the standard deviation behind a printed spread of a mean, and the conversion in words ("" for an SD).

    SD, SEM and SE need `value`; CI95 and IQR need `low` and `high`. A 95 % interval is taken as one of a mean by the t
    distribution with n - 1 degrees of freedom; an IQR is divided by 1.349, as if values were normally distributed.
    Raises InputError for a range, for a type that is not stated or unknown, and for numbers that are missing.

    >>> to_sd("SEM", value=2.5, n=16)
    (10.0, 'SD = SEM × √16')
    """
    if n < 2:
        raise InputError(f"found n {n} for a spread of type {kind}; expected at least 2")
    if kind in ("SD", "SEM", "SE"):
        if value is None or not (math.isfinite(value) and value >= 0):
            raise InputError(f"found the {kind} {value}; expected a number of 0 or more in `value`")
        return (float(value), "") if kind == "SD" else (float(value) * math.sqrt(n), f"SD = {kind} × √{n}")
    if kind in ("CI95", "IQR"):
        if low is None or high is None or not float(low) <= float(high):
            raise InputError(f"found the {kind} from {low} to {high}; expected `low` and `high` in rising order")
        width = float(high) - float(low)
        if kind == "IQR":
            return width / _IQR_WIDTH, f"SD = width of the IQR / {_IQR_WIDTH}, normal distribution assumed"
        t = t_quantile(0.975, n - 1)
        return width / (2 * t) * math.sqrt(n), f"SD = half width of the 95 % CI / {t:.3f} (t, {n - 1} df) × √{n}"
    if kind in ("range", "not stated"):
        raise InputError(f"a spread of type '{kind}' gives no SD; look for the SD, SEM, 95 % CI or IQR in the source")
    raise InputError(f"unknown type of spread {kind!r}; expected SD, SEM, SE, CI95 or IQR")


def change_sd(sd_before: float, sd_after: float, r: float) -> tuple[float, str]:
    """Give the SD of a change from the SD before and after and their correlation r, and the conversion in words.

    √(before² + after² − 2 r before after), Cochrane Handbook 6.5.2.8. InputError for a negative SD or r outside −1 to
    1.

    >>> change_sd(3, 4, 0)
    (5.0, 'SD of the change from the SD before and after, correlation 0 assumed')
    """
    if not (0 <= sd_before < math.inf and 0 <= sd_after < math.inf):
        raise InputError(f"found the SD {sd_before} before and {sd_after} after; expected numbers of 0 or more")
    if not -1 <= r <= 1:
        raise InputError(f"found the correlation {r}; expected a number from -1 to 1")
    # (a − b)² + 2(1 − r)ab is the same sum and cannot fall below zero by rounding.
    square = (sd_before - sd_after) ** 2 + 2 * (1 - r) * sd_before * sd_after
    return math.sqrt(square), f"SD of the change from the SD before and after, correlation {r:g} assumed"


def mean_difference(a: Arm, b: Arm) -> Estimate:
    """Give the difference of two means in their own unit; variance sd₁²/n₁ + sd₂²/n₂, arms need not spread alike.

    >>> mean_difference(Arm(5, 2, 16), Arm(3, 2, 16))
    Estimate(yi=2, vi=0.5, measure='mean difference', conversions=())
    """
    return Estimate(a.mean - b.mean, a.sd**2 / a.n + b.sd**2 / b.n, "mean difference")


def cohen_d(a: Arm, b: Arm, *, variance: str = "large sample") -> Estimate:
    """Give the difference of two means in units of their pooled SD, without a correction for small samples.

    Variance with n = n₁ + n₂: by default n/(n₁n₂) + d²/(2n), or with variance="metan" the one of Stata's metan,
    n/(n₁n₂) + d²/(2(n − 2)). InputError if neither arm spreads, and for another name of a variance.

    >>> round(cohen_d(Arm(7.62, 2.44, 27), Arm(2.96, 1.66, 27)).yi, 3)
    2.233
    """
    if variance not in ("large sample", "metan"):
        raise InputError(f"unknown variance {variance!r} of Cohen's d; expected 'large sample' or 'metan'")
    n = a.n + b.n
    d = (a.mean - b.mean) / _pooled_sd(a, b)
    return Estimate(d, n / (a.n * b.n) + d * d / (2 * (n - 2 if variance == "metan" else n)), "Cohen d")


def hedges_g(a: Arm, b: Arm) -> Estimate:
    """Give Cohen's d corrected for the bias of small samples by the exact factor of Hedges 1981.

    g = d Γ(m/2) / (√(m/2) Γ((m − 1)/2)) with m = n₁ + n₂ − 2. Variance n/(n₁n₂) + g²/(2n), the large-sample one with g,
    as metafor's escalc has it for SMD. InputError if neither arm spreads.

    >>> round(hedges_g(Arm(7.62, 2.44, 27), Arm(2.96, 1.66, 27)).yi, 3)
    2.201
    """
    n = a.n + b.n
    half = (n - 2) / 2
    correction = math.exp(math.lgamma(half) - math.lgamma(half - 0.5)) / math.sqrt(half)
    g = correction * (a.mean - b.mean) / _pooled_sd(a, b)
    return Estimate(g, n / (a.n * b.n) + g * g / (2 * n), "Hedges g")


def _pooled_sd(a: Arm, b: Arm) -> float:
    pooled = math.sqrt(((a.n - 1) * a.sd**2 + (b.n - 1) * b.sd**2) / (a.n + b.n - 2))
    if pooled == 0:
        raise InputError("the SD of both arms is 0; a difference in units of SD does not exist")
    return pooled
