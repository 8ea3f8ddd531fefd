"""Quantiles of Student's t against published tables, and what must hold for all of them."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.student import cumulative, quantile


@pytest.mark.parametrize(
    ("share", "freedom", "published"),
    [
        (0.975, 1, 12.706205),
        (0.975, 19, 2.093024),
        (0.975, 59, 2.000995),
        (0.975, 1000, 1.962339),
        (0.90, 4, 1.533206),
        (0.90, 39, 1.303639),
        (0.995, 24, 2.796940),
        (0.9995, 1, 636.619249),
    ],
)
def test_quantiles_are_those_of_the_tables(share: float, freedom: int, published: float) -> None:
    assert quantile(share, freedom) == pytest.approx(published, abs=1e-6)


@given(st.floats(0.001, 0.999), st.integers(1, 5000))
def test_a_quantile_is_where_its_share_lies_below(share: float, freedom: int) -> None:
    assert cumulative(quantile(share, freedom), freedom) == pytest.approx(share, abs=1e-9)


@given(st.floats(0.001, 0.999), st.integers(1, 5000))
def test_the_distribution_is_symmetric(share: float, freedom: int) -> None:
    assert quantile(share, freedom) == pytest.approx(-quantile(1 - share, freedom), rel=1e-6, abs=1e-9)


@given(st.floats(-50, 50))
def test_with_one_degree_of_freedom_it_is_the_cauchy_distribution(value: float) -> None:
    assert cumulative(value, 1) == pytest.approx(0.5 + math.atan(value) / math.pi, abs=1e-12)


def test_the_middle_is_zero() -> None:
    assert quantile(0.5, 7) == 0.0


@pytest.mark.parametrize(("share", "freedom"), [(0.0, 5), (1.0, 5), (-0.1, 5), (0.5, 0)])
def test_what_has_no_quantile_is_refused(share: float, freedom: int) -> None:
    with pytest.raises(ValueError, match="no quantile"):
        quantile(share, freedom)
