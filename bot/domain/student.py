"""Quantiles of Student's t, for intervals around a mean of few values."""

import itertools
import math
from statistics import NormalDist

_TINY = 1e-300
_PRECISION = 1e-14


def quantile(share: float, freedom: int) -> float:
    """Return the value below which a share of Student's t lies.

    Args:
        share: Above 0 and below 1.
        freedom: Degrees of freedom, at least 1.

    Raises:
        ValueError: A value out of its range.
    """
    if not 0 < share < 1 or freedom < 1:
        raise ValueError(f"no quantile {share} of Student's t with {freedom} degrees of freedom")
    if share == 0.5:  # noqa: PLR2004 (the middle)
        return 0.0
    if share < 0.5:  # noqa: PLR2004 (the distribution is symmetric)
        return -quantile(1 - share, freedom)
    # The normal quantile lies below, and above the middle the distribution is concave: Newton climbs to the root.
    value = NormalDist().inv_cdf(share)
    while True:
        step = (share - cumulative(value, freedom)) / _density(value, freedom)
        value += step
        if step <= _PRECISION * value:
            return value


def cumulative(value: float, freedom: int) -> float:
    """Return the share of Student's t that lies below a value.

    By the regularised incomplete beta function: Abramowitz and Stegun, Handbook of Mathematical Functions, 26.7.1
    with 26.5.27.
    """
    square = value * value
    within = _beta(square / (freedom + square), 0.5, freedom / 2)
    return 0.5 + math.copysign(within / 2, value)


def _density(value: float, freedom: int) -> float:
    half = (freedom + 1) / 2
    scale = math.lgamma(half) - math.lgamma(freedom / 2) - math.log(freedom * math.pi) / 2
    return math.exp(scale - half * math.log1p(value * value / freedom))


def _beta(x: float, a: float, b: float) -> float:
    """The regularised incomplete beta function, by its continued fraction (DLMF 8.17.22)."""
    if x in {0.0, 1.0}:
        return x
    if x > (a + 1) / (a + b + 2):  # where the fraction converges slowly, its mirror does not
        return 1 - _beta(1 - x, b, a)
    logarithm = a * math.log(x) + b * math.log1p(-x) + math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b)
    return math.exp(logarithm) / a * _fraction(x, a, b)


def _fraction(x: float, a: float, b: float) -> float:
    """1/(1+ d1/(1+ d2/(1+ ...))), evaluated from the front as Lentz does (DLMF 3.10.7)."""
    value = c = 1.0
    d = 0.0
    for step in itertools.count(1):
        term = _term(step, x, a, b)
        d = 1 / ((1 + term * d) or _TINY)
        c = (1 + term / c) or _TINY
        value *= c * d
        if abs(c * d - 1) < _PRECISION:
            return 1 / value
    raise AssertionError("the count never ends")


def _term(step: int, x: float, a: float, b: float) -> float:
    m = step // 2
    if step % 2:
        return -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
    return m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
