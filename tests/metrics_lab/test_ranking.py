"""Ranking with ranges: chances that are chances, shared places, scales that are checked."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metrics_lab.engine.priority.ranking import (
    SCHEMES,
    Duel,
    Idea,
    Ranking,
    Scheme,
    Value,
    check_value,
    rank_ideas,
    remark,
)
from metrics_lab.engine.priority.scores import PriorityError, rice_score
from metrics_lab.engine.quantity import Range

N = 1024
RICE = {factor.id: factor for factor in SCHEMES["rice"]}
ICE = {factor.id: factor for factor in SCHEMES["ice"]}


def rice(
    name: str, reach: Value, impact: Value = 1, confidence: Value = 0.8, effort: Value = 2
) -> Idea:
    """Return an idea scored by RICE."""
    return Idea(
        name, {"reach": reach, "impact": impact, "confidence": confidence, "effort": effort}
    )


def of(lo: float, hi: float, unit: str = "people") -> Range:
    """Return a range."""
    return Range.of(lo, hi, unit)


def value(least: float, most: float, unit: str) -> st.SearchStrategy[Value]:
    """A number, or a range of some width."""
    numbers = st.floats(least, most)
    ranges = st.tuples(numbers, st.floats(1.2, 3)).map(
        lambda pair: of(
            pair[0], min(pair[0] * pair[1], 0.97 if unit == "share" else math.inf), unit
        )
    )
    return numbers | ranges


@st.composite
def tables(draw: st.DrawFn) -> list[Idea]:
    """Two to five ideas scored by RICE, some alike."""
    ideas = draw(
        st.lists(
            st.builds(
                rice,
                st.just("x"),
                value(10, 1e4, "people"),
                value(0.25, 3, "points"),
                value(0.05, 0.8, "share"),
                value(0.5, 12, "months"),
            ),
            min_size=1,
            max_size=4,
        )
    )
    if draw(st.booleans()):
        ideas.append(ideas[0])
    return [Idea(f"idea {i}", idea.values) for i, idea in enumerate(ideas)]


def ranked(ideas: list[Idea], scheme: Scheme = "rice") -> Ranking:
    """Rank on few points: what holds for all holds for few."""
    return rank_ideas(ideas, scheme, n=N)


# What holds for every table


@settings(max_examples=40)
@given(tables())
def test_chances_of_places_sum_to_1_both_ways(ideas: list[Idea]) -> None:
    places = np.array([standing.places for standing in ranked(ideas).standings])
    assert places.sum(axis=0) == pytest.approx(np.ones(len(ideas)))
    assert places.sum(axis=1) == pytest.approx(np.ones(len(ideas)))


@settings(max_examples=40)
@given(tables())
def test_order_ranges_and_duels_fit_together(ideas: list[Idea]) -> None:
    found = ranked(ideas)
    medians = [standing.median for standing in found.standings]
    assert medians == sorted(medians, reverse=True)
    assert all(s.lo <= s.median <= s.hi for s in found.standings)
    assert len(found.duels) == len(ideas) - 1
    assert all(0 <= duel.chance <= 1 for duel in found.duels)
    for standing in found.standings:
        assert sum(standing.doubt.values()) == pytest.approx(1 if standing.doubt else 0)


@settings(max_examples=20)
@given(tables(), st.floats(1.5, 4))
def test_an_idea_that_is_better_in_every_draw_is_first(ideas: list[Idea], times: float) -> None:
    most = max(standing.hi for standing in ranked(ideas).standings) * 1e6
    best = rice("best", 1e4 * times, 3, 1, 1e4 * times * 3 / most)
    found = ranked([*ideas, best])
    assert found.standings[0].name == "best"
    assert found.standings[0].places == (1.0, *[0.0] * len(ideas))


@settings(max_examples=20)
@given(tables())
def test_the_same_table_always_has_the_same_chances(ideas: list[Idea]) -> None:
    assert ranked(ideas) == ranked(ideas)


@settings(max_examples=20)
@given(tables())
def test_more_effort_by_a_factor_lowers_every_score_by_it(ideas: list[Idea]) -> None:
    def slower(v: Value) -> Value:
        return of(v.lo * 2, v.hi * 2, "months") if isinstance(v, Range) else v * 2

    slow = [Idea(i.name, {**i.values, "effort": slower(i.values["effort"])}) for i in ideas]
    fast = {s.name: s.median for s in ranked(ideas).standings}
    for standing in ranked(slow).standings:
        assert standing.median == pytest.approx(fast[standing.name] / 2)


# By hand


def test_without_ranges_the_score_is_the_formula_and_the_order_is_sure() -> None:
    found = ranked([rice("b", 1000, 1, 0.8, 4), rice("a", 1000, 2, 0.5, 2)])
    assert [s.name for s in found.standings] == ["a", "b"]
    top = found.standings[0]
    assert top.lo == top.median == top.hi == rice_score(1000, 2, 0.5, 2)
    assert found.duels == (Duel("a", "b", 1.0),)
    assert top.doubt == {}


def test_equal_ideas_share_the_places() -> None:
    found = ranked([rice(name, 1000) for name in "abc"])
    for standing in found.standings:
        assert standing.places == pytest.approx((1 / 3, 1 / 3, 1 / 3))
    assert [duel.chance for duel in found.duels] == [0.5, 0.5]


def test_ideas_that_are_equal_but_for_rounding_are_equal() -> None:
    found = ranked([rice("a", 0.1 + 0.2, 1, 1, 1), rice("b", 0.3, 1, 1, 1)])
    assert found.standings[0].places == (0.5, 0.5)


def test_ideas_with_the_same_ranges_are_first_alike_often() -> None:
    ideas = [rice(name, of(2000, 6000), effort=of(1, 3)) for name in "ab"]
    found = rank_ideas(ideas, "rice")
    assert found.standings[0].first == pytest.approx(0.5, abs=0.01)
    assert found.duels[0].verdict == "close"


def test_the_chance_of_a_lognormal_duel_is_the_one_in_closed_form() -> None:
    """Both log scores are normal, so P(a > b) is the normal of their distance."""
    found = rank_ideas([rice("a", of(3000, 8000)), rice("b", of(2000, 6000))], "rice")
    z = 1.6448536269514722
    middle = math.log(3000 * 8000) / 2 - math.log(2000 * 6000) / 2
    spread = math.hypot(math.log(8 / 3) / (2 * z), math.log(3) / (2 * z))
    wanted = 0.5 * math.erfc(-middle / spread / math.sqrt(2))
    assert found.duels[0].chance == pytest.approx(wanted, abs=0.003)
    top = found.standings[0]
    assert (top.lo, top.hi) == pytest.approx((3000 * 0.4, 8000 * 0.4), rel=0.01)


def test_doubt_names_the_range_that_spreads_the_score_most() -> None:
    found = rank_ideas([rice("a", of(1000, 10_000), effort=of(1.9, 2.1))], "rice")
    doubt = found.standings[0].doubt
    assert doubt["reach"] > 0.99
    assert set(doubt) == {"reach", "effort"}


def test_ice_stays_between_1_and_1000() -> None:
    wild = Idea("a", {"ice_impact": of(8, 10), "ice_confidence": of(7, 10), "ice_ease": of(1, 2)})
    top = rank_ideas([wild], "ice").standings[0]
    assert 1 <= top.lo <= top.hi <= 200
    assert top.places == (1.0,)


@pytest.mark.parametrize(
    ("chance", "verdict"), [(0.5, "close"), (0.74, "close"), (0.8, "likely"), (0.95, "clear")]
)
def test_a_duel_is_called_by_its_chance(chance: float, verdict: str) -> None:
    assert Duel("a", "b", chance).verdict == verdict


@pytest.mark.parametrize(
    ("factor", "odd", "words"),
    [
        (RICE["effort"], 0, "above 0"),
        (RICE["reach"], -1, "cannot be below 0"),
        (RICE["reach"], Range(0, 5, "normal"), "begin above 0"),
        (RICE["reach"], 1e13, "million million"),
        (RICE["reach"], math.nan, "million million"),
        (RICE["confidence"], 1.2, "ends at 100 %"),
        (ICE["ice_ease"], 11, "from 1 to 10"),
        (ICE["ice_ease"], of(0.5, 4), "from 1 to 10"),
    ],
)
def test_a_value_without_a_score_is_refused(factor: object, odd: Value, words: str) -> None:
    with pytest.raises(PriorityError, match=words):
        check_value(factor, odd)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("column", "odd", "words"),
    [
        ("impact", 1.5, "Off the scale 0.25, 0.5, 1, 2, 3"),
        ("impact", of(1, 5), "Leaves the scale"),
        ("confidence", 0.7, "Off the scale 50 %"),
        ("confidence", 0.2, "moonshot"),
        ("effort", 60, "days or weeks"),
        ("effort", 0.2, "Under two weeks"),
        ("reach", 0.4, "not a share"),
        ("reach", of(9000, 20_000), "More than the 10,000 people"),
    ],
)
def test_a_value_off_its_scale_is_remarked_on(column: str, odd: Value, words: str) -> None:
    assert words in remark(RICE[column], odd, 10_000)


def test_usual_values_pass_without_remark() -> None:
    usual = {"reach": of(2000, 6000), "impact": 2, "confidence": of(0.5, 0.8), "effort": 1.5}
    assert [remark(RICE[name], v, 10_000) for name, v in usual.items()] == [""] * 4
    assert remark(ICE["ice_ease"], 3) == ""


@pytest.mark.parametrize("count", [0, 13])
def test_a_table_of_no_idea_or_too_many_is_refused(count: int) -> None:
    with pytest.raises(PriorityError, match="1 to 12"):
        ranked([rice("a", 1000)] * count)


def test_a_full_table_of_ranges_is_ranked() -> None:
    full = [
        rice(str(i), of(100 + i, 900), of(0.5, 2), of(0.5, 0.9, "share"), of(1, 4))
        for i in range(12)
    ]
    assert len(rank_ideas(full, "rice").standings[0].places) == 12
