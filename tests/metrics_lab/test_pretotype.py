"""A pretotype's exact test and interval against SciPy and plain search; the rule; the kinds."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import beta, binom

from metrics_lab.engine.pretotype.kinds import DOUBTS, KINDS, LEVELS, kind_of, kinds_for
from metrics_lab.engine.pretotype.rule import (
    PretotypeError,
    Rule,
    SmallestTest,
    chance_of,
    clopper_pearson,
    smallest_test,
)


def searched(hoped: float, poor: float, alpha: float, power: float, most: int) -> tuple[int, int]:
    """Return the smallest exact test by trying one number of people after the other."""
    for people in range(1, most):
        go = int(binom.isf(alpha, people, poor)) + 1
        fits = binom.sf(go - 1, people, poor) <= alpha
        if go <= people and fits and binom.sf(go - 1, people, hoped) >= power:
            return people, go
    raise AssertionError("none found")


@given(
    st.floats(0.02, 0.9),
    st.floats(0.05, 0.8),
    st.sampled_from([0.01, 0.05, 0.2]),
    st.sampled_from([0.6, 0.8, 0.95]),
)
@settings(max_examples=30)
def test_the_smallest_test_is_the_one_that_a_search_finds(
    hoped: float, part: float, alpha: float, power: float
) -> None:
    poor = hoped * part
    found = smallest_test(hoped, poor, alpha, power)
    if found.people < 3000:
        assert (found.people, found.go) == searched(hoped, poor, alpha, power, 3001)


@given(st.floats(0.01, 1), st.floats(0.0, 0.9))
@settings(max_examples=60)
def test_the_test_keeps_both_promises(hoped: float, part: float) -> None:
    found = smallest_test(hoped, hoped * part)
    assert found.false_go <= 0.05
    assert found.true_go >= 0.8
    assert 1 <= found.go <= found.people


def test_a_wider_gap_needs_fewer_people() -> None:
    sizes = [smallest_test(0.15, poor).people for poor in (0.13, 0.12, 0.1, 0.05, 0.01)]
    assert sizes == sorted(sizes, reverse=True)
    assert smallest_test(0.15, 0.10) == SmallestTest(
        270, 36, pytest.approx(0.0466, abs=1e-4), pytest.approx(0.8015, abs=1e-4)
    )


@pytest.mark.parametrize(
    ("hoped", "poor", "alpha", "power", "field"),
    [
        (0, 0, 0.05, 0.8, "x"),
        (1.1, 0, 0.05, 0.8, "x"),
        (0.1, 0.1, 0.05, 0.8, "poor"),
        (0.1, 0.2, 0.05, 0.8, "poor"),
        (0.1, -0.1, 0.05, 0.8, "poor"),
        (0.1, 0.0999, 0.05, 0.8, "poor"),
        (0.1, 0.05, 0, 0.8, "alpha"),
        (0.1, 0.05, 0.5, 0.8, "alpha"),
        (0.1, 0.05, 0.3, 0.2, "power"),
        (0.1, 0.05, 0.05, 1, "power"),
    ],
)
def test_rates_that_cannot_be_told_apart_are_named(
    hoped: float, poor: float, alpha: float, power: float, field: str
) -> None:
    with pytest.raises(PretotypeError) as caught:
        smallest_test(hoped, poor, alpha, power)
    assert caught.value.field == field


@given(st.integers(1, 5000), st.data())
@settings(max_examples=60)
def test_the_interval_is_that_of_clopper_and_pearson(people: int, data: st.DataObject) -> None:
    did = data.draw(st.integers(0, people))
    found = clopper_pearson(did, people)
    low = beta.ppf(0.025, did, people - did + 1) if did else 0.0
    high = beta.ppf(0.975, did + 1, people - did) if did < people else 1.0
    assert (found.low, found.high) == pytest.approx((low, high), abs=1e-9)
    assert found.low <= found.share <= found.high


@given(st.integers(1, 2000), st.data())
@settings(max_examples=30)
def test_the_interval_is_mirrored_when_yes_and_no_change_places(
    people: int, data: st.DataObject
) -> None:
    did = data.draw(st.integers(0, people))
    one, other = clopper_pearson(did, people), clopper_pearson(people - did, people)
    assert (one.low, one.high) == pytest.approx((1 - other.high, 1 - other.low), abs=1e-9)


@given(st.integers(1, 3000), st.floats(0.001, 0.999), st.data())
@settings(max_examples=40)
def test_a_chance_is_the_binomial_one(people: int, rate: float, data: st.DataObject) -> None:
    least = data.draw(st.integers(0, people))
    assert chance_of(least, people, rate) == pytest.approx(
        float(binom.sf(least - 1, people, rate)), abs=1e-12
    )


def test_more_data_narrow_the_interval() -> None:
    widths = [clopper_pearson(n // 5, n) for n in (10, 100, 1000, 10_000_000)]
    spans = [found.high - found.low for found in widths]
    assert spans == sorted(spans, reverse=True)


@pytest.mark.parametrize(
    ("did", "people", "field"),
    [(3, 2, "did"), (-1, 2, "did"), (0, 0, "people"), (1, 10**8, "people")],
)
def test_counts_that_cannot_be_are_named(did: int, people: int, field: str) -> None:
    with pytest.raises(PretotypeError) as caught:
        clopper_pearson(did, people)
    assert caught.value.field == field


@pytest.mark.parametrize(("line", "standing"), [(0.05, "above"), (0.2, "open"), (0.5, "below")])
def test_an_interval_lies_above_below_or_around_a_line(line: float, standing: str) -> None:
    assert clopper_pearson(20, 100).standing(line) == standing


@pytest.mark.parametrize(
    ("people", "did", "outcome"),
    [
        (270, 36, "go"),
        (270, 35, "again"),
        (270, 27, "again"),
        (270, 26, "stop"),
        (269, 200, "early"),
        (271, 200, "over"),
    ],
)
def test_a_rule_says_what_to_do(people: int, did: int, outcome: str) -> None:
    assert Rule(270, 36, 27).outcome(people, did) == outcome


@pytest.mark.parametrize(
    ("counts", "field"),
    [
        ((0, 1, 1), "rule_people"),
        ((10, 11, 1), "rule_go"),
        ((10, 0, 0), "rule_go"),
        ((10, 5, 6), "rule_stop"),
        ((10, 5, -1), "rule_stop"),
    ],
)
def test_a_rule_that_cannot_be_followed_is_named(counts: tuple[int, int, int], field: str) -> None:
    with pytest.raises(PretotypeError) as caught:
        Rule(*counts)
    assert caught.value.field == field


def test_every_doubt_has_kinds_and_the_cheapest_comes_first() -> None:
    for doubt in DOUBTS:
        found = kinds_for(doubt)
        assert [kind.cost for kind in found] == sorted(kind.cost for kind in found)
        assert found
    assert len(kinds_for("")) == len(KINDS) == len({kind.id for kind in KINDS})


def test_every_kind_reaches_a_known_level_and_answers_known_doubts() -> None:
    assert [level.level for level in LEVELS] == list(range(len(LEVELS)))
    for kind in KINDS:
        assert 0 < kind.evidence < len(LEVELS)
        assert set(kind.doubts) <= set(DOUBTS)
        assert kind_of(kind.id) is kind
    assert kind_of("no such kind") is None
