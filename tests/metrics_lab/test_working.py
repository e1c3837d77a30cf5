"""The working of a metric: its steps lead to the result, and it can be turned round."""

from __future__ import annotations

import math
from statistics import NormalDist

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metrics_lab.engine.catalogue import metrics as catalogue
from metrics_lab.engine.catalogue import working
from metrics_lab.engine.catalogue.metrics import InputError, Metric

METRICS = {metric.id: metric for metric in catalogue.load()}
TURNABLE = [m for m in catalogue.load() if working.can_be_turned(m)]


def example(metric: Metric) -> dict[str, float]:
    """Return the inputs of a metric's example."""
    return dict(metric.examples[0]["inputs"])


@pytest.mark.parametrize("metric", catalogue.load(), ids=lambda m: m.id)
def test_the_last_step_is_the_result(metric: Metric) -> None:
    steps = working.steps(metric, example(metric))
    if metric.formula == metric.id:
        assert steps == ()  # counted, not computed
    else:
        assert steps[-1].value == catalogue.compute_metric(metric, example(metric))
        assert all(math.isfinite(step.value) for step in steps)


def test_a_part_in_brackets_is_a_step_of_its_own_with_its_numbers() -> None:
    one, last = working.steps(METRICS["er_view"], example(METRICS["er_view"]))
    assert (one.formula, one.numbers, one.value) == (
        "likes + comments + shares", "28,000 + 2,000 + 4,000", 34_000
    )  # fmt: skip
    assert last.numbers == "34,000 / 1 million"


def test_a_score_from_one_to_ten_is_not_read_in_percent() -> None:
    assert working.steps(METRICS["ice"], example(METRICS["ice"]))[-1].numbers == "8 × 5 × 6"


def test_the_working_of_a_sample_size_ends_in_the_rounded_number() -> None:
    *_, before, last = working.steps(METRICS["sample_size"], example(METRICS["sample_size"]))
    assert before.value == pytest.approx(1093.74, abs=0.01)
    assert last.value == 1094


def test_the_working_of_a_power_leads_to_it() -> None:
    shift, null, own, last = working.steps(METRICS["power"], example(METRICS["power"]))
    seen = NormalDist().cdf((shift.value - null.value) / own.value)
    assert last.value == pytest.approx(seen, abs=1e-4)  # the other tail is tiny


def test_the_two_factors_of_a_minimum_effect_multiply_to_it() -> None:
    levels, error, last = working.steps(METRICS["mde"], example(METRICS["mde"]))
    assert levels.value * error.value == pytest.approx(last.value)


@pytest.mark.parametrize(
    ("formula", "shown"),
    [
        ("a/(b*c)", "a / (b × c)"),
        ("a/b*c", "a / b × c"),
        ("a-(b-c)", "a − (b − c)"),
        ("a-(b+c)", "a − (b + c)"),
        ("(a+b)*c", "(a + b) × c"),
        ("(a*b)+c", "a × b + c"),
        ("(a+b)**2", "(a + b) ^ 2"),
        ("1-a/b", "1 − a / b"),
        ("a/(b/c)", "a / (b / c)"),
    ],
)
def test_a_formula_is_shown_with_the_brackets_it_needs(formula: str, shown: str) -> None:
    assert working.spaced(formula) == shown


@settings(max_examples=300)
@given(st.sampled_from(TURNABLE), st.floats(0.8, 1.2))
def test_what_a_result_needs_gives_that_result_again(metric: Metric, factor: float) -> None:
    values = example(metric)
    wanted = catalogue.compute_metric(metric, values) * factor
    for turned in working.turned_round(metric, values, wanted):
        if turned.value is None:
            assert turned.problem
        else:
            again = catalogue.compute_metric(metric, {**values, turned.symbol: turned.value})
            assert again == pytest.approx(wanted, rel=1e-8)


def test_most_of_the_catalogue_can_be_turned_round() -> None:
    assert len(TURNABLE) >= 75


def test_an_input_that_would_have_to_be_impossible_says_so() -> None:
    metric = METRICS["net_gmv"]
    ways = {t.symbol: t for t in working.turned_round(metric, example(metric), 7_000_000)}
    assert ways["returns_value"].value is None
    assert "at least 0" in ways["returns_value"].problem
    assert ways["gmv"].value == 7_480_000


def test_a_result_that_no_value_reaches_says_so() -> None:
    [way] = working.turned_round(METRICS["lifetime"], {"churn": 0.1}, 0)
    assert way.value is None
    assert "no value" in way.problem


def test_an_input_that_stands_twice_is_not_solved_for() -> None:
    assert working.can_be_turned(METRICS["cm_ratio"]) == ("variable_cost",)


def test_steps_of_impossible_values_name_the_input() -> None:
    with pytest.raises(InputError) as caught:
        working.steps(METRICS["aov"], {"gmv": 3, "orders": 0})
    assert caught.value.symbol == "orders"
