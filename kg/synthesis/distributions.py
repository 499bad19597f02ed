"""Normal, Student t and chi-square distributions: what lies below and above a point, and the point for a probability.

Plain Python, for the few numbers of a meta-analysis. Methods are the textbook ones: the incomplete beta and gamma
functions by series and continued fractions (Abramowitz and Stegun 6.5.29, 6.5.31, 26.5.8), quantiles by bisection.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from statistics import NormalDist

from kg.errors import InputError

__all__ = [
    "chi2_cdf",
    "chi2_quantile",
    "chi2_survival",
    "falling_root",
    "normal_cdf",
    "normal_quantile",
    "normal_survival",
    "t_cdf",
    "t_quantile",
    "t_survival",
]

#: Stands for a zero denominator in a continued fraction (the modified method of Lentz).
_TINY = 1e-300
_PRECISION = 1e-16


def normal_cdf(z: float) -> float:
    """Give the share of the standard normal distribution below z.

    >>> round(normal_cdf(1.96), 4)
    0.975
    """
    return 0.5 * math.erfc(-z / math.sqrt(2))


def normal_survival(z: float) -> float:
    """Give the share of the standard normal distribution above z, exact far out where 1 - cdf is not."""
    return 0.5 * math.erfc(z / math.sqrt(2))


def normal_quantile(probability: float) -> float:
    """Give the z below which a share of the standard normal distribution lies; InputError outside 0 to 1.

    >>> round(normal_quantile(0.975), 6)
    1.959964
    """
    _check_probability(probability)
    return NormalDist().inv_cdf(probability)


def t_cdf(t: float, df: float) -> float:
    """Give the share of Student's t distribution with df degrees of freedom below t.

    >>> round(t_cdf(2.228139, 10), 4)
    0.975
    """
    return t_survival(-t, df)


def t_survival(t: float, df: float) -> float:
    """Give the share of Student's t distribution with df degrees of freedom above t."""
    _check_df(df)
    if math.isinf(t):
        return 0.0 if t > 0 else 1.0
    # Of the two shares of df + t² the smaller must not be a difference, or small t and far tails lose their digits.
    square = t * t
    far = 0.5 * _beta_share(df / (df + square), square / (df + square), df / 2, 0.5)
    return far if t >= 0 else 1 - far


def t_quantile(probability: float, df: float) -> float:
    """Give the t below which a share of Student's distribution lies; InputError for a share outside 0 to 1.

    >>> round(t_quantile(0.975, 10), 4)
    2.2281
    """
    _check_probability(probability)
    _check_df(df)
    if probability == 0.5:
        return 0.0
    if probability < 0.5:
        return -falling_root(lambda t: t_survival(t, df) - probability)
    return falling_root(lambda t: t_survival(t, df) - (1 - probability))


def chi2_cdf(x: float, df: float) -> float:
    """Give the share of the chi-square distribution with df degrees of freedom below x.

    >>> round(chi2_cdf(3.841459, 1), 4)
    0.95
    """
    _check_df(df)
    return _gamma_shares(df / 2, x / 2)[0]


def chi2_survival(x: float, df: float) -> float:
    """Give the share of the chi-square distribution with df degrees of freedom above x: the p value of a Q.

    >>> round(chi2_survival(3.841459, 1), 4)
    0.05
    """
    _check_df(df)
    return _gamma_shares(df / 2, x / 2)[1]


def chi2_quantile(probability: float, df: float) -> float:
    """Give the x below which a share of the chi-square distribution lies; InputError for a share outside 0 to 1.

    >>> round(chi2_quantile(0.95, 1), 4)
    3.8415
    """
    _check_probability(probability)
    _check_df(df)
    if probability < 0.5:
        return falling_root(lambda x: probability - chi2_cdf(x, df))
    return falling_root(lambda x: chi2_survival(x, df) - (1 - probability))


def falling_root(function: Callable[[float], float], high: float = 1.0) -> float:
    """Give the point from 0 on where a falling function reaches zero, to the last digit of a float.

    `high` is the first guess of a point beyond it and is doubled as needed. A function that starts below zero gives
    0. InputError if the function never comes down.

    >>> falling_root(lambda x: 9 - x * x)
    3.0
    """
    low = 0.0
    if function(low) <= 0:
        return low
    while function(high) > 0:
        low, high = high, high * 2
        if math.isinf(high):
            raise InputError("found no number that solves the equation: a value is too large or not a number")
    while low < (middle := low + (high - low) / 2) < high:
        if function(middle) > 0:
            low = middle
        else:
            high = middle
    return high


def _check_probability(probability: float) -> None:
    if not 0 < probability < 1:
        raise InputError(f"found the probability {probability}; expected a number between 0 and 1")


def _check_df(df: float) -> None:
    if not (df > 0 and math.isfinite(df)):
        raise InputError(f"found {df} degrees of freedom; expected a number above 0")


def _beta_share(x: float, rest: float, a: float, b: float) -> float:
    """Give the regularised incomplete beta function at x; `rest` is 1 - x, handed over in full precision."""
    if x <= 0 or rest <= 0:
        return 0.0 if x <= 0 else 1.0
    scale = math.exp(math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log(rest))
    if x < (a + 1) / (a + b + 2):  # where the fraction converges fast
        return scale / (a * _beta_fraction(x, a, b))
    return 1 - scale / (b * _beta_fraction(rest, b, a))


def _beta_fraction(x: float, a: float, b: float) -> float:
    def numerator(m: int) -> float:
        half = m // 2
        if m % 2:
            return -(a + half) * (a + b + half) * x / ((a + m - 1) * (a + m))
        return half * (b - half) * x / ((a + m - 1) * (a + m))

    return _continued(1.0, lambda m: (numerator(m), 1.0))


def _gamma_shares(a: float, x: float) -> tuple[float, float]:
    """Give the regularised incomplete gamma function below and above x, each small one in full precision."""
    if x <= 0:
        return 0.0, 1.0
    if math.isinf(x):
        return 1.0, 0.0
    scale = math.exp(a * math.log(x) - x - math.lgamma(a))
    if x < a + 1:
        term = total = 1 / a
        step = a
        while term > total * _PRECISION:
            step += 1
            term *= x / step
            total += term
        return scale * total, 1 - scale * total
    above = scale / _continued(x + 1 - a, lambda m: (m * (a - m), x + 1 - a + 2 * m))
    return 1 - above, above


def _continued(first: float, terms: Callable[[int], tuple[float, float]]) -> float:
    """Give first + n₁/(d₁ + n₂/(d₂ + …)) for terms (n, d), by the modified method of Lentz."""
    value = upper = first or _TINY
    lower = 0.0
    for m in range(1, 100_000):
        numerator, denominator = terms(m)
        lower = 1 / ((denominator + numerator * lower) or _TINY)
        upper = (denominator + numerator / upper) or _TINY
        factor = upper * lower
        value *= factor
        if abs(factor - 1) <= 2 * _PRECISION:
            break
    return value
