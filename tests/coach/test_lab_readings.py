"""A figure of two readings: both are carried until the definition was asked for, then one."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from coach.lab.page import Lab, build_lab
from coach.lab.readings import Ambiguity, ambiguities_of
from coach.models import Attempt, CaseKey
from coach.services.ledger import facts_record
from tests.coach.factories import FIXED_IDS, SHOP, question_of
from tests.factories import LIBRARY, library_case

KEY = CaseKey(FIXED_IDS[SHOP])
TOLD = {"conversion", "aov"}
SETTLING = {
    "design-groceries-over-75": "who_orders",
    "design-ward-handover": "incident_definition",
    "exams-for-a-lecture-platform": "who_counts",
    "five-screens-to-cancel": "kept_definition",
    "improve-duolingo": "minutes_definition",
    "improve-tiktok-shop": "shopper_definition",
    "measure-live-shopping": "viewer_definition",
    "measure-slack-recap": "use_definition",
    "one-more-ad-in-the-feed": "placing",
    "shop-conversion-falls-in-spain": "counting",
    "spotify-concert-tickets": "referrals",
}


@pytest.fixture
def shop(db: None) -> Ambiguity:
    """Whether shoppers are visitors or buyers; the case is in the bank."""
    question_of()
    return ambiguities_of(library_case(SHOP))[0]


def lab(given: set[str], star: str = "gmv", known: set[str] = TOLD, **typed: str) -> Lab:
    """Return the lab of the shop case."""
    return build_lab(KEY, known, typed, star, given)


@pytest.mark.parametrize(("slug", "fact"), SETTLING.items())
def test_the_fact_that_tells_the_definition_settles_it(slug: str, fact: str) -> None:
    found = ambiguities_of(library_case(slug))[0]
    assert found.is_settled({fact})
    assert not found.is_settled({"kpis", "goal"})


@pytest.mark.parametrize("slug", sorted(path.stem for path in LIBRARY.glob("*.yaml")))
def test_the_order_of_the_readings_does_not_tell_which_is_meant(slug: str) -> None:
    for found in ambiguities_of(library_case(slug)):
        answers = [reading.answer.casefold() for reading in found.readings]
        assert answers == sorted(answers)


def test_nothing_is_carried_before_the_figure_was_told(shop: Ambiguity) -> None:
    built = lab(set())
    assert built.carried == []
    assert built.rows[0].today == "?"


def test_both_readings_are_carried_once_the_figure_was_told(shop: Ambiguity) -> None:
    carried = lab({"kpis"}).carried[0]
    said = {reading.condition: reading.today for reading in carried.readings}
    assert said["if shoppers are visitors"] == "$6.0 million"
    assert said["if shoppers are buyers"].startswith("$300")
    assert carried.apart == "50 times apart"
    assert carried.ask == "When you say “shoppers”, do you mean buyers or visitors?"


def test_the_tree_has_no_one_value_while_it_is_open(shop: Ambiguity) -> None:
    built = lab({"kpis"})
    assert built.rows[0].today == built.rows[0].with_levers == "two readings"
    assert next(row for row in built.rows if row.symbol == "visitors").today == "?"


def test_a_lever_moves_only_the_reading_in_which_it_counts(shop: Ambiguity) -> None:
    carried = lab({"kpis"}, conversion="2.5").carried[0]
    changes = {reading.condition: reading.change for reading in carried.readings}
    assert changes == {"if shoppers are buyers": "", "if shoppers are visitors": "+25 %"}


def test_a_star_that_does_not_hang_on_it_lends_its_place(shop: Ambiguity) -> None:
    assert lab({"kpis"}, star="kept_per_100").carried[0].symbol == "gmv"


@pytest.mark.parametrize(
    "given", [{"shopper_definition"}, {"funnel"}, {"visit_history"}, {"adoption", "active_base"}]
)
def test_one_value_stands_once_it_is_settled(shop: Ambiguity, given: set[str]) -> None:
    built = lab({"kpis"} | given)
    assert built.carried == []
    assert built.settled == ["Settled: shoppers are visitors."]
    assert built.rows[0].today == "$6.0 million"


@pytest.mark.parametrize("given", [set(), {"kpis"}, {"adoption"}, {"kpis", "active_base"}])
def test_the_answer_is_not_told_before_it_is_asked(shop: Ambiguity, given: set[str]) -> None:
    assert lab(given).settled == []


def test_the_finding_can_be_put_into_an_answer(shop: Ambiguity) -> None:
    sentence = lab({"kpis"}).sentence
    assert "if shoppers are buyers" in sentence
    assert "$6.0 million if shoppers are visitors" in sentence


def test_the_page_shows_both_and_lends_the_question(
    shop: Ambiguity, attempt: Attempt, as_alice: Client
) -> None:
    facts_record(attempt=attempt, step="clarify", fact_ids=["kpis"])
    body = as_alice.get(reverse("practice-lab", args=[attempt.pk]), {"star": "gmv"})
    text = body.content.decode()
    assert "if shoppers are buyers" in text
    assert "50 times apart" in text
    assert "only 3,000,000" not in text
    asked = lab({"kpis"}).carried[0].ask
    sent = {"ask": asked, "sentence": "not this one"}
    as_alice.post(reverse("practice-lab-put", args=[attempt.pk]), sent)
    assert attempt.steps.get(step="clarify").composer == asked
