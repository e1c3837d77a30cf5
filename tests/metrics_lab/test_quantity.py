"""Ranges: the kind follows from the unit, and the ends are the quantiles they claim to be."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy import stats
from scipy.special import ndtr

from metrics_lab.engine.quantity import Point, QuantityError, Range, fit_beta, spread

shares = st.floats(1e-4, 1 - 1e-4)
sizes = st.floats(1e-3, 1e9)
coverages = st.sampled_from([0.5, 0.8, 0.9, 0.95])
SCORES = np.linspace(-5, 5, 201)


def covered(found: Range) -> float:
    """Return P(lo < x < hi), by bisection for the scores at which the values reach the ends."""
    return float(ndtr(_score_at(found, found.hi)) - ndtr(_score_at(found, found.lo)))


def _score_at(found: Range, value: float) -> float:
    low, high = -6.0, 6.0
    for _ in range(60):
        middle = (low + high) / 2
        below = spread(found, np.array([middle]))[0] < value
        low, high = (middle, high) if below else (low, middle)
    return (low + high) / 2


@given(one=shares, other=shares, coverage=coverages)
@settings(max_examples=40, deadline=None)
def test_a_share_lies_in_its_range_as_often_as_the_range_says(
    one: float, other: float, coverage: float
) -> None:
    low, high = sorted((one, other))
    assume(high - low > 1e-3 * high)
    assert covered(Range(low, high, "beta", coverage)) == pytest.approx(coverage, abs=1e-5)


@given(one=sizes, times=st.floats(1.01, 100), coverage=coverages)
@settings(max_examples=40, deadline=None)
def test_a_positive_number_lies_in_its_range_as_often_as_the_range_says(
    one: float, times: float, coverage: float
) -> None:
    found = Range(one, one * times, "lognormal", coverage)
    assert covered(found) == pytest.approx(coverage, abs=1e-9)


@given(low=st.floats(-1e6, 1e6), width=st.floats(1, 1e6))
@settings(max_examples=40, deadline=None)
def test_a_number_of_either_sign_lies_in_its_range_nine_times_in_ten(
    low: float, width: float
) -> None:
    assert covered(Range(low, low + width, "normal")) == pytest.approx(0.9, abs=1e-6)


@given(one=shares, other=shares)
@settings(max_examples=40, deadline=None)
def test_both_tails_of_a_fitted_beta_hold_five_percent(one: float, other: float) -> None:
    low, high = sorted((one, other))
    assume(high - low > 1e-3 * high)
    a, b = fit_beta(low, high)
    assert stats.beta.cdf(low, a, b) == pytest.approx(0.05, abs=1e-7)
    assert stats.beta.sf(high, a, b) == pytest.approx(0.05, abs=1e-7)


@pytest.mark.parametrize(
    ("low", "high"), [(0.018, 0.024), (0.05, 0.2), (0.4, 0.6), (0.9, 0.99), (0.01, 0.9)]
)
def test_the_tabled_beta_is_the_exact_one(low: float, high: float) -> None:
    a, b = fit_beta(low, high)
    exact = stats.beta.ppf(ndtr(SCORES), a, b)
    found = spread(Range(low, high, "beta"), SCORES)
    assert np.max(np.abs(found - exact)) < 1e-6 * (high - low)


@given(one=shares, other=shares)
@settings(max_examples=40, deadline=None)
def test_a_share_never_leaves_its_bounds_and_never_turns_back(one: float, other: float) -> None:
    low, high = sorted((one, other))
    assume(high - low > 1e-3 * high)
    values = spread(Range(low, high, "beta"), np.linspace(-9, 9, 500))
    assert values.min() >= 0
    assert values.max() <= 1
    assert np.all(np.diff(values) >= -1e-15)


@given(low=sizes, times=st.floats(1.01, 100), factor=st.floats(0.01, 100))
@settings(max_examples=40, deadline=None)
def test_a_range_in_another_unit_is_the_same_range(low: float, times: float, factor: float) -> None:
    found = spread(Range(low, low * times, "lognormal"), SCORES)
    scaled = spread(Range(factor * low, factor * low * times, "lognormal"), SCORES)
    assert scaled == pytest.approx(factor * found, rel=1e-9)


@pytest.mark.parametrize(
    ("low", "high", "unit", "kind"),
    [
        (0.018, 0.024, "share of visitors", "beta"),
        (0.018, 0.024, "", "beta"),
        (0.018, 0.024, "% of orders", "beta"),
        (3, 5, "", "lognormal"),
        (29, 31, "usd / order", "lognormal"),
        (0.2, 0.5, "usd", "lognormal"),
        (-5, 5, "usd", "normal"),
        (0, 5, "orders", "normal"),
    ],
)
def test_the_unit_settles_the_kind(low: float, high: float, unit: str, kind: str) -> None:
    assert Range.of(low, high, unit).kind == kind


@pytest.mark.parametrize(
    ("low", "high", "unit", "field", "words"),
    [
        (0.5, 1.2, "share of users", "hi", "ends at 100 %"),
        (-0.1, 0.2, "share of users", "lo", "below 0 %"),
        (0, 0.2, "share of users", "lo", "more than 0 %"),
        (0.2, 1, "share of users", "hi", "less than 100 %"),
        (5, 3, "usd", "lo", "above the high end"),
        (3, 3, "usd", "hi", "equal"),
        (math.nan, 3, "usd", "lo", "finite"),
        (3, math.inf, "usd", "hi", "finite"),
        (3, 1e101, "usd", "hi", "too large"),
        (1e-9, 1e9, "usd", "hi", "apart"),
    ],
)
def test_a_range_that_cannot_be_names_the_end_at_fault(
    low: float, high: float, unit: str, field: str, words: str
) -> None:
    with pytest.raises(QuantityError, match=words) as caught:
        Range.of(low, high, unit)
    assert caught.value.field == field


def test_a_kind_or_a_status_that_is_unknown_is_refused() -> None:
    with pytest.raises(QuantityError, match="lognormal"):
        Range(1, 2, "gamma")  # type: ignore[arg-type]
    with pytest.raises(QuantityError, match="above 0"):
        Range(-1, 2, "lognormal")
    with pytest.raises(QuantityError, match="measured"):
        Range.of(1, 2, status="guessed")  # type: ignore[arg-type]
    with pytest.raises(QuantityError, match="Coverage"):
        Range.of(1, 2, coverage=1)


def test_a_point_is_a_finite_number_with_a_status() -> None:
    assert Point(3, "measured", "the case").value == 3
    with pytest.raises(QuantityError):
        Point(math.inf)
    with pytest.raises(QuantityError):
        Point(3, "unknown")  # type: ignore[arg-type]


def test_the_median_of_a_positive_range_is_its_geometric_middle() -> None:
    assert Range.of(9, 16, "usd").median == pytest.approx(12)
    assert Range.of(-2, 6, "usd").median == pytest.approx(2)
    a, b = fit_beta(0.05, 0.2)
    assert Range.of(0.05, 0.2, "share").median == pytest.approx(stats.beta.median(a, b), rel=1e-8)
