"""A check tells its steps to whoever knows the figures that they are made of, and nobody else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics_lab.engine.claim.result import Source
from metrics_lab.engine.claim.telling import told_steps

STEPS = (
    "Trips = Planners / Planners per trip = 480,000 / 1.5 = 320,000",
    "Friends' trips = Trips × Trips of friends = 320,000 × 40 % = 128,000",
    "The sum gives 128,000 trips; the text says 128,000 trips.",
)
SOURCES = (Source(("planners", "per_trip"), "trips"), Source(("trips", "share"), "friends"))
INPUTS = ("planners", "per_trip", "share")
SUPPOSED = ("Planners: 500,000 (supposed)", Source(("planners",), supposed=True))


def test_a_sum_of_figures_that_are_all_known_is_told_in_full() -> None:
    assert told_steps(STEPS, SOURCES, {*INPUTS}) == STEPS


@pytest.mark.parametrize("missing", INPUTS)
def test_a_sum_with_one_figure_unknown_is_held_back(missing: str) -> None:
    assert told_steps(STEPS, SOURCES, {*INPUTS} - {missing}) is None


def test_a_figure_known_as_it_is_stands_without_what_it_is_made_of() -> None:
    told = told_steps(STEPS, SOURCES, {"trips", "share"})
    assert told == ("Trips: 320,000 (given)", *STEPS[1:])
    assert told_steps(STEPS, SOURCES, {"friends"}) == (
        "Friends' trips: 128,000 (given)",
        STEPS[2],
    )


def test_a_sum_that_leads_nowhere_is_left_out() -> None:
    steps = ("Calls = Agents × 9 = 5 × 9 = 45", *STEPS)
    sources = (Source(("agents",), "calls"), *SOURCES)
    assert told_steps(steps, sources, {*INPUTS}) == STEPS


def test_what_is_supposed_opens_only_over_a_figure_that_is_known() -> None:
    steps, sources = (SUPPOSED[0], *STEPS), (SUPPOSED[1], *SOURCES)
    assert told_steps(steps, sources, {*INPUTS}) == steps
    assert told_steps(steps, sources, {"trips", "friends", "planners"}) is None


def test_a_step_that_is_no_sum_tells_only_what_is_known() -> None:
    steps, sources = ("Planners is 480,000 today.",), (Source(("planners",)),)
    assert told_steps(steps, sources, {"planners"}) == steps
    assert told_steps(steps, sources, {"per_trip", "share"}) is None


def test_a_slip_may_name_a_figure_that_follows_from_known_ones() -> None:
    steps, sources = (
        (*STEPS, "That is the number of trips."),
        (*SOURCES, Source(), Source(("trips",))),
    )
    assert told_steps(steps, sources, {*INPUTS}) == steps


def test_a_sum_of_the_writers_own_numbers_is_always_told() -> None:
    own = ("(300 × 2 × 0.5) / 4 = 75.",)
    assert told_steps(own, (), set()) == own


@given(st.sets(st.sampled_from([*INPUTS, "trips", "friends"])))
def test_knowing_more_never_takes_a_sum_away(known: set[str]) -> None:
    if told_steps(STEPS, SOURCES, known) is not None:
        for more in (*INPUTS, "trips", "friends"):
            assert told_steps(STEPS, SOURCES, known | {more}) is not None
