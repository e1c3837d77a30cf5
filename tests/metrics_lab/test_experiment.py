"""Sizes against published figures, statsmodels and plain enumeration; what must hold for all.

statsmodels is imported where it is asked: it takes a second, which each process of the suite would
pay that reads this file to know its tests.
"""

from __future__ import annotations

import math
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.stats import binom, norm

from metrics_lab.engine import experiment
from metrics_lab.engine.experiment import (
    ExperimentError,
    Guardrail,
    Levels,
    Ratio,
    detectable_rate,
    error_of_looks,
    exact_power,
    judge_rates,
    obrien_fleming,
    plan,
    pocock,
    pooled_size,
    power_at,
)
from metrics_lab.engine.experiment.exact import approximate_power, binomial_window
from metrics_lab.engine.experiment.sizes import pooled

rates = st.floats(0.01, 0.5)
gaps = st.floats(0.01, 0.2)
anywhere = st.floats(1e-6, 1 - 1e-6) | st.sampled_from([0.0, 1.0])
levels = st.builds(
    Levels,
    st.sampled_from([0.01, 0.05, 0.1]),
    st.sampled_from([0.7, 0.8, 0.95]),
    st.sampled_from([1, 2]),
    st.sampled_from([2, 3, 5]),
)
CASES = [(0.2, 0.25), (0.02, 0.025), (0.02, 0.022), (0.1, 0.11)]


def enumerated(p: float, q: float, n: int, alpha: float = 0.05, sides: int = 2) -> float:
    """Return the power of the pooled z-test by going through every pair of counts."""
    x, y = np.meshgrid(np.arange(n + 1), np.arange(n + 1), indexing="ij")
    mean = (x + y) / (2 * n)
    with np.errstate(divide="ignore", invalid="ignore"):
        z = np.nan_to_num((y - x) / n / np.sqrt(2 * mean * (1 - mean) / n))
    critical = norm.isf(alpha / sides)
    rejected = np.abs(z) > critical if sides == 2 else z * math.copysign(1, q - p) > critical
    chance = np.outer(binom.pmf(np.arange(n + 1), n, p), binom.pmf(np.arange(n + 1), n, q))
    return float(chance[rejected].sum())


# The published forms


@pytest.mark.parametrize(
    ("p", "q", "form", "size"),
    [
        (0.2, 0.25, "pooled", 1093.7),
        (0.2, 0.25, "baseline", 1030.2),
        (0.2, 0.25, "unpooled", 1091.0),
        (0.2, 0.25, "arcsine", 1091.9),
        (0.2, 0.25, "sixteen", 1116),
        (0.02, 0.025, "pooled", 13808.9),
        (0.02, 0.025, "baseline", 12748.4),
        (0.02, 0.025, "sixteen", 14076),
        (0.02, 0.022, "baseline", 78039.0),
        (0.02, 0.022, "unpooled", 80678.6),
        (0.1, 0.11, "arcsine", 14744.1),
        (0.1, 0.11, "unpooled", 14748.1),
    ],
)
def test_every_published_form_gives_its_known_size(
    p: float, q: float, form: str, size: float
) -> None:
    forms = {item.name: item.per_arm for item in experiment.published_forms(p, q)}
    assert forms[form] == pytest.approx(size, abs=0.11)


@pytest.mark.parametrize(("p", "q"), CASES)
def test_the_arcsine_form_is_that_of_statsmodels(p: float, q: float) -> None:
    from statsmodels.stats.power import NormalIndPower
    from statsmodels.stats.proportion import proportion_effectsize

    size = NormalIndPower().solve_power(proportion_effectsize(q, p), alpha=0.05, power=0.8)
    assert experiment.arcsine_size(p, q) == pytest.approx(size, rel=1e-5)


def test_the_baseline_form_is_rounded_to_the_nearest_as_where_it_comes_from() -> None:
    forms = {form.name: form.people for form in experiment.published_forms(0.2, 0.25)}
    assert (forms["pooled"], forms["baseline"]) == (1094, 1030)


# True power


@pytest.mark.parametrize(
    ("p", "q", "per_arm", "power"),
    [
        (0.2, 0.25, 1030, 0.777),
        (0.2, 0.25, 1094, 0.801),
        (0.02, 0.025, 12748, 0.769),
        (0.02, 0.025, 13809, 0.801),
        (0.02, 0.022, 78039, 0.787),
        (0.1, 0.11, 14313, 0.788),
        (0.1, 0.11, 14751, 0.800),
    ],
)
def test_the_true_power_is_the_measured_one(p: float, q: float, per_arm: int, power: float) -> None:
    assert exact_power(p, q, per_arm) == pytest.approx(power, abs=0.0007)


@pytest.mark.parametrize(
    ("p", "q", "n"), [(0.2, 0.25, 200), (0.5, 0.1, 20), (0.02, 0.1, 90), (0.9, 0.99, 60)]
)  # fmt: skip
@pytest.mark.parametrize("sides", [1, 2])
@pytest.mark.parametrize("alpha", [0.05, 0.2])
def test_the_true_power_is_that_of_plain_enumeration(
    p: float, q: float, n: int, sides: int, alpha: float
) -> None:
    found = exact_power(p, q, n, Levels(alpha, sides=sides))
    assert found == pytest.approx(enumerated(p, q, n, alpha, sides), abs=1e-12)


@given(anywhere, anywhere, st.integers(1, 40), levels)
@settings(max_examples=40)
def test_any_small_test_is_enumerated_rightly(p: float, q: float, n: int, at: Levels) -> None:
    expected = enumerated(p, q, n, at.alpha_each, at.sides) if p != q or at.sides == 2 else None
    if expected is not None:
        assert exact_power(p, q, n, at) == pytest.approx(expected, abs=1e-9)


def test_the_true_error_level_is_a_little_above_five_percent() -> None:
    assert exact_power(0.2, 0.2, 1094) == pytest.approx(0.05004, abs=0.00001)
    assert exact_power(0.02, 0.02, 13809) == pytest.approx(0.05006, abs=0.00001)


@given(st.integers(1, 10**5), anywhere)
@settings(max_examples=30)
def test_a_window_of_a_binomial_holds_all_that_matters(n: int, p: float) -> None:
    first, chances = binomial_window(n, p)
    counts = np.arange(first, first + len(chances))
    assert chances == pytest.approx(binom.pmf(counts, n, p), abs=1e-9)
    assert binom.cdf(first - 1, n, p) + binom.sf(counts[-1], n, p) < 1e-14


def test_the_work_grows_with_the_root_of_the_people() -> None:
    assert len(binomial_window(10**8, 0.5)[1]) < 100_000
    assert len(binomial_window(14_000, 0.02)[1]) < 500


@given(rates, gaps, st.integers(2, 4000))
@settings(max_examples=40)
def test_power_is_the_same_seen_from_either_end(p: float, gap: float, n: int) -> None:
    forwards = exact_power(p, p + gap, n)
    assert exact_power(p + gap, p, n) == pytest.approx(forwards, abs=1e-9)
    assert exact_power(1 - p, 1 - p - gap, n) == pytest.approx(forwards, abs=1e-9)


@given(rates, gaps, st.integers(20, 3000))
@settings(max_examples=40)
def test_more_people_see_more(p: float, gap: float, n: int) -> None:
    # Exact power is a little jagged in n, for counts are whole.
    assert exact_power(p, p + gap, int(n * 1.3) + 2) > exact_power(p, p + gap, n) - 0.005


@given(rates, gaps, st.integers(50, 3000))
@settings(max_examples=40)
def test_a_larger_effect_and_a_looser_level_see_more(p: float, gap: float, n: int) -> None:
    power = exact_power(p, p + gap, n)
    assert exact_power(p, p + gap * 1.2, n) >= power - 1e-12
    assert exact_power(p, p + gap, n, Levels(alpha=0.1)) >= power
    assert exact_power(p, p + gap, n, Levels(sides=1)) >= power - 1e-12


@given(rates, gaps, levels)
def test_the_approximation_keeps_the_promise_of_the_pooled_form(
    p: float, gap: float, at: Levels
) -> None:
    size = pooled(p, p + gap, at)
    assume(size > 1)
    assert approximate_power(p, p + gap, size, at) == pytest.approx(at.power, abs=0.001)


def test_more_people_than_anybody_tests_on_are_approximated() -> None:
    assert experiment.true_power(0.2, 0.20001, 10**12) == pytest.approx(1)
    assert power_at(0.2, 0.25, 1030) == pytest.approx(0.777, abs=0.002)


# Plans


def test_a_plan_counts_both_arms_and_whole_weeks() -> None:
    made = plan(0.03, 0.033, people_per_week=56_000)
    assert (made.per_arm, made.total, made.weeks) == (53_211, 106_422, 2)
    assert made.power >= 0.8


@pytest.mark.parametrize(("people", "weekly", "weeks"), [(2188, 1000, 3), (7, 1e9, 1), (14, 7, 2)])
def test_weeks_are_whole(people: float, weekly: float, weeks: int) -> None:
    assert experiment.weeks_needed(people, weekly) == weeks


@pytest.mark.parametrize(("p", "q"), [(0.2, 0.2), (-0.1, 0.2), (0.2, 1.1), (0.5, math.nan)])
def test_rates_that_cannot_be_tested_are_refused(p: float, q: float) -> None:
    with pytest.raises(ExperimentError):
        plan(p, q)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"alpha": 0}, "alpha"),
        ({"alpha": 1}, "alpha"),
        ({"power": 1}, "power"),
        ({"power": 0.02}, "power"),
        ({"sides": 3}, "sides"),
        ({"arms": 1}, "arms"),
        ({"arms": 21}, "arms"),
    ],
)
def test_a_setting_out_of_range_is_named(changes: dict[str, float], field: str) -> None:
    with pytest.raises(ExperimentError) as caught:
        Levels(**changes)  # type: ignore[arg-type]
    assert caught.value.field == field


def test_no_traffic_has_no_weeks() -> None:
    with pytest.raises(ExperimentError, match="Traffic"):
        plan(0.1, 0.2, people_per_week=0)


def test_more_people_than_there_are_is_refused() -> None:
    with pytest.raises(ExperimentError, match="that many"):
        plan(0.2, 0.2 + 1e-9)


def test_several_variants_share_the_error_level() -> None:
    three = Levels(arms=3)
    assert three.alpha_each == pytest.approx(0.025)
    assert pooled(0.2, 0.25, three) == pytest.approx(pooled(0.2, 0.25, Levels(alpha=0.025)))
    assert pooled(0.2, 0.25, Levels(arms=3, divided=False)) == pooled_size(0.2, 0.25)


@given(rates, st.floats(0.01, 0.2), st.floats(1.1, 2))
def test_a_larger_effect_needs_fewer_people(p: float, gap: float, more: float) -> None:
    assert pooled_size(p, p + gap * more) < pooled_size(p, p + gap)


@given(rates, gaps, levels)
def test_surer_tests_need_more_people(p: float, gap: float, at: Levels) -> None:
    size = pooled(p, p + gap, at)
    assert pooled(p, p + gap, Levels(at.alpha / 2, at.power, at.sides, at.arms)) > size
    assert pooled(p, p + gap, Levels(at.alpha, at.power + 0.04, at.sides, at.arms)) > size
    assert pooled(p, p + gap, Levels(at.alpha, at.power, at.sides, at.arms + 1)) > size


# What one can see


@given(st.floats(0.001, 0.99), st.floats(10, 1e7), levels, st.booleans())
def test_the_smallest_visible_rate_needs_just_these_people(
    p: float, n: float, at: Levels, fall: bool
) -> None:
    q = detectable_rate(p, n, at, fall=fall)
    end = 0.0 if fall else 1.0
    if q is None:
        assert pooled(p, end, at) > n
    else:
        assert (q < p) is fall
        assert pooled(p, q, at) == pytest.approx(n, rel=1e-6) or q == pytest.approx(end, abs=1e-9)


@given(st.floats(0.01, 1e6), st.integers(1, 10**7), levels)
def test_the_smallest_visible_difference_needs_just_these_people(
    sd: float, n: int, at: Levels
) -> None:
    difference = experiment.detectable_mean(sd, n, at)
    assert experiment.mean_size(sd, difference, at) == pytest.approx(n)


# A figure that somebody brings


@pytest.mark.parametrize(
    ("people", "kind", "words", "power"),
    [
        (1094, "same", "", 0.801),
        (1100, "same", "", 0.803),
        (1030, "other_form", "the baseline’s variance", 0.777),
        (1116, "other_form", "at the mean", 0.808),
        (1024, "other_form", "at the baseline", 0.774),
        (2188, "other_form", "total of all 2 arms", 0.978),
        (862, "other_form", "one-sided", 0.702),
        (246, "other_form", "margin of error", 0.265),
        (700, "other", "", 0.611),
        (5, "other", "", 0.048),
    ],
)
def test_a_brought_size_is_named_and_told_its_true_power(
    people: int, kind: str, words: str, power: float
) -> None:
    found = judge_rates(people, 0.2, 0.25, experiment.published_forms(0.2, 0.25), Levels())
    assert found.kind == kind
    assert words in found.label
    assert found.power == pytest.approx(power, abs=0.002)


def test_a_size_that_forgot_the_other_variants_is_named() -> None:
    at = Levels(arms=3)
    found = judge_rates(1094, 0.2, 0.25, experiment.forms_of(0.2, 0.25, at), at)
    assert "not divided" in found.label


# Means and ratios


@pytest.mark.parametrize(("sd", "difference"), [(10, 1), (1, 1), (3, 2), (50, 0.5)])
@pytest.mark.parametrize("sides", [1, 2])
def test_a_test_of_means_is_sized_as_by_statsmodels(
    sd: float, difference: float, sides: int
) -> None:
    from statsmodels.stats.power import TTestIndPower

    at, side = Levels(sides=sides), "larger" if sides == 1 else "two-sided"
    size = TTestIndPower().solve_power(difference / sd, alpha=0.05, power=0.8, alternative=side)
    assert experiment.mean_forms(sd, difference, at)[0].per_arm == pytest.approx(
        size, rel=5e-6, abs=0.3
    )


@pytest.mark.parametrize("n", [2, 5, 17, 64, 900, 5000, 5001])
@pytest.mark.parametrize("sides", [1, 2])
def test_the_power_of_a_t_test_is_that_of_statsmodels(n: int, sides: int) -> None:
    from statsmodels.stats.power import TTestIndPower

    side = "larger" if sides == 1 else "two-sided"
    expected = TTestIndPower().power(0.1, n, 0.05, alternative=side)
    found = experiment.student_power(10, 1, n, Levels(sides=sides))
    assert found == pytest.approx(expected, abs=2e-4)


def test_a_ratios_variance_is_that_of_many_samples() -> None:
    # 8,000 samples of 400 people who view a Poisson number of pages and click on some of them.
    rng = np.random.default_rng(5)
    views = rng.poisson(rng.gamma(2, 4, size=(8_000, 400)))
    clicks = rng.binomial(views, 0.1)
    ratios = clicks.sum(axis=1) / views.sum(axis=1)
    covariance = np.cov(clicks.ravel(), views.ravel())
    ratio = Ratio(clicks.mean(), covariance[0, 0], views.mean(), covariance[1, 1], covariance[0, 1])
    assert ratio.variance / 400 == pytest.approx(ratios.var(), rel=0.05)


def test_a_ratio_with_a_constant_denominator_is_a_mean() -> None:
    ratio = Ratio(0.3, 0.21, 1, 0, 0)
    assert ratio.variance == pytest.approx(0.21)
    assert ratio.naive_variance == pytest.approx(0.21)
    forms = experiment.ratio_forms(ratio, 0.05)
    assert forms[0].per_arm == pytest.approx(experiment.mean_size(math.sqrt(0.21), 0.05))


def test_units_that_are_taken_for_people_give_too_small_a_test() -> None:
    delta, units = experiment.ratio_forms(Ratio(0.8, 3.2, 16, 400, 24), 0.0025)
    assert delta.per_arm == pytest.approx(2.368 * units.per_arm, rel=0.001)
    assert units.power == pytest.approx(0.445, abs=0.002)


@pytest.mark.parametrize(
    ("figures", "field"),
    [
        ((0, 1, 1, 1, 0), "mean_top"),
        ((1, 1, 0, 1, 0), "mean_bottom"),
        ((1, -1, 1, 1, 0), "variance_top"),
        ((1, 1, 1, -1, 0), "variance_bottom"),
        ((1, 1, 1, 4, 2.1), "covariance"),
    ],
)
def test_figures_that_cannot_belong_together_are_named(
    figures: tuple[float, ...], field: str
) -> None:
    with pytest.raises(ExperimentError) as caught:
        Ratio(*figures)
    assert caught.value.field == field


def test_a_ratio_that_never_varies_needs_no_test() -> None:
    with pytest.raises(ExperimentError, match="same ratio"):
        experiment.ratio_forms(Ratio(1, 1, 1, 1, 1), 0.1)


@pytest.mark.parametrize(("sd", "difference"), [(0, 1), (-1, 1), (1, 0), (1e300, 1e-300)])
def test_means_that_cannot_be_tested_are_refused(sd: float, difference: float) -> None:
    with pytest.raises(ExperimentError):
        experiment.mean_forms(sd, difference)


# Guardrails


def test_a_guardrail_is_sized_as_by_the_textbook() -> None:
    # Two-sided 5 % leaves 2.5 % on the side of harm: 2 x 0.04 x 0.96 x (1.96 + 0.84)^2 / 0.01^2.
    rail = Guardrail("refunds", 0.01, baseline=0.04)
    assert experiment.non_inferiority_size(rail) == pytest.approx(6028, abs=1)
    one_sided = experiment.non_inferiority_size(rail, Levels(sides=1))
    assert one_sided == pytest.approx(4748.3, abs=1)


def test_a_guardrails_size_has_the_power_it_promises() -> None:
    rail = Guardrail("refunds", 0.05, baseline=0.2)
    n = math.ceil(experiment.non_inferiority_size(rail))
    counts = np.arange(n + 1)
    x, y = np.meshgrid(counts / n, counts / n, indexing="ij")
    spread = np.sqrt((x * (1 - x) + y * (1 - y)) / n)
    chance = np.outer(binom.pmf(counts, n, 0.2), binom.pmf(counts, n, 0.2))
    passed = y - x + norm.isf(0.025) * spread < 0.05
    assert chance[passed].sum() == pytest.approx(0.8, abs=0.01)


def test_the_guardrail_that_needs_most_decides_the_length() -> None:
    rails = [
        Guardrail("refunds", 0.01, baseline=0.04),
        Guardrail("seconds to load", 0.1, sd=1.5),
    ]
    made = plan(0.2, 0.25, people_per_week=1000)
    length = experiment.length_of(made, rails, Levels(), 1000)
    assert (length.decided_by, length.per_arm, length.weeks) == ("refunds", 6028, 13)
    assert length.guardrails[1].per_arm == 3532
    loose = experiment.length_of(made, [Guardrail("refunds", 0.1, baseline=0.04)], Levels(), 1000)
    assert (loose.decided_by, loose.per_arm, loose.weeks) == ("", 1094, 3)


@pytest.mark.parametrize(
    ("rail", "field"),
    [
        (Guardrail("a", 0, baseline=0.1), "margin"),
        (Guardrail("a", 0.1), "baseline"),
        (Guardrail("a", 0.1, baseline=1), "baseline"),
        (Guardrail("a", 0.1, sd=0), "sd"),
    ],
)
def test_a_guardrail_that_cannot_be_is_named(rail: Guardrail, field: str) -> None:
    with pytest.raises(ExperimentError) as caught:
        experiment.non_inferiority_size(rail)
    assert caught.value.field == field


# Early looks


@pytest.mark.parametrize(
    ("looks", "error"),
    [(1, 0.05), (2, 0.083), (3, 0.107), (4, 0.126), (5, 0.142), (10, 0.193), (50, 0.320)],
)  # fmt: skip
def test_repeated_looks_have_the_error_of_armitage_mcpherson_and_rowe(
    looks: int, error: float
) -> None:
    assert error_of_looks(looks) == pytest.approx(error, abs=0.0006)


def test_two_one_sided_looks_are_a_bivariate_normal() -> None:
    from scipy.stats import multivariate_normal

    z, r = norm.isf(0.05), math.sqrt(0.5)
    stayed = multivariate_normal([0, 0], [[1, r], [r, 1]]).cdf([z, z])
    assert error_of_looks(2, 0.05, 1) == pytest.approx(1 - stayed, abs=1e-5)


@given(st.integers(1, 40), st.sampled_from([0.01, 0.05, 0.1]), st.sampled_from([1, 2]))
@settings(max_examples=25)
def test_each_further_look_errs_more(looks: int, alpha: float, sides: int) -> None:
    errors = [error_of_looks(n, alpha, sides) for n in (looks, looks + 1)]
    assert alpha - 1e-9 <= errors[0] < errors[1] < 1


@pytest.mark.parametrize(
    ("looks", "same", "last", "dearer", "little"),
    [
        (2, 2.178, 1.977, 1.110, 1.008),
        (5, 2.413, 2.040, 1.229, 1.028),
        (10, 2.555, 2.087, 1.301, 1.040),
    ],
)  # fmt: skip
def test_bounds_are_those_of_jennison_and_turnbull(
    looks: int, same: float, last: float, dearer: float, little: float
) -> None:
    even, late = pocock(looks), obrien_fleming(looks)
    assert (even.critical[0], late.critical[-1]) == pytest.approx((same, last), abs=0.001)
    assert (even.inflation, late.inflation) == pytest.approx((dearer, little), abs=0.001)
    assert late.critical[0] == pytest.approx(late.critical[-1] * math.sqrt(looks))


@pytest.mark.parametrize("looks", [0, -1, 101])
def test_looks_out_of_range_are_refused(looks: int) -> None:
    for function in (error_of_looks, pocock, obrien_fleming):
        with pytest.raises(ExperimentError):
            function(looks)


def test_a_test_of_rates_is_sized_without_scipy() -> None:
    code = (
        "import sys; sys.modules['scipy'] = None\n"
        "from metrics_lab.engine import experiment\n"
        "from metrics_lab.engine.pretotype import rule\n"
        "experiment.plan(0.2, 0.25); experiment.pocock(3); experiment.mean_forms(10, 1)\n"
        "rule.smallest_test(0.15, 0.1); rule.clopper_pearson(3, 20)\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
