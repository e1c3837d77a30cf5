"""Praise, rows and questions say only what the answer bears."""

import pytest

from coach.assessment import earned
from coach.assessment.answer import StepAnswer
from coach.assessment.assess import assess_step, read
from coach.assessment.context import from_eval
from coach.assessment.detect.registry import asks, look
from coach.assessment.detect.rule import Cue
from coach.assessment.reading import Reading
from coach.assessment.text import Span
from coach.assessment.wording import short
from coach.interviewer.encoder import get_encoder
from tests.assessment.helpers import found, laundry, report

needs_vectors = pytest.mark.skipif(get_encoder() is None, reason="no sentence vectors here")


@needs_vectors
def test_a_rule_for_stopping_is_not_praised_as_a_limit():
    text = (
        "Main number: orders that come back complete and on time, per customer and month. "
        "Launch if 70% or more are on time. Lost bags must not rise above 3%."
    )
    reading, _ = read(laundry(), StepAnswer("metrics", text), {}, encoder=get_encoder())
    praised = [
        unit.quote
        for unit in reading.read_roles.units
        if earned.is_praised_for(reading, "guardrail", unit)
    ]

    assert "Launch if 70% or more are on time." not in praised


@needs_vectors
def test_a_row_without_a_sure_quote_says_that_it_is_a_reading():
    made = assess_step(
        laundry(),
        StepAnswer("fix", "Undo the route planner at once, and give 40 laundries a 20$ voucher."),
        encoder=get_encoder(),
    )
    for row in made.criteria:
        claims = row.level >= 3
        assert row.quote or not claims or row.why.startswith("as I read it, ")


def test_a_rule_that_was_wrong_more_often_than_right_does_not_ask(monkeypatch):
    rows = {
        "rules": {
            "A": {"n": 20, "precision": 0.4, "sure": {"n": 9, "precision": 0.8}},
            "B": {"n": 20, "precision": 0.6, "sure": {"n": 0, "precision": None}},
            "C": {"n": 3, "precision": 0.0, "sure": {"n": 0, "precision": None}},
        }
    }
    monkeypatch.setattr("coach.assessment.detect.registry.measured", lambda: rows)
    span = Span(0, 3, "yes")

    assert not asks("A", Cue(span))
    assert asks("A", Cue(span, sure=True))
    assert asks("A", Cue(span, exact=True))
    assert asks("B", Cue(span))
    assert asks("C", Cue(span))
    assert asks("never measured", Cue(span))


def test_asking_what_would_make_somebody_happy_is_no_goal_word_without_a_unit():
    text = "Which change would leave the director happy? I take fewer late bags, under 8 in 100."

    assert "CQ7" not in found("clarify", text)


def test_a_call_in_the_imperative_or_in_one_word_is_a_decision():
    for text in (
        "Drop the evening slot. It brings 40 orders a week and two in five arrive late.",
        "Evenings. They bring 40 orders a week, and the laundries are paid for them.",
    ):
        made = report("decision", text, category="trade off")
        assert "TR1" not in {f.id for f in made.findings}


def test_a_person_of_the_segment_step_keeps_the_segment():
    before = {
        "segment": "- weekly washers, 60% of orders\n- gift washers, 10%\nI choose gift washers "
        "because they pay most. Picture Nora, who sends her aunt a voucher in May."
    }
    text = (
        "1. A card Nora can sign on her phone. Laundries print it.\n"
        "2. A date her aunt picks from three.\n3. A reminder for weekly washers."
    )

    assert not {"SEG12", "SO12"} & found("solutions", text, before)


def test_options_that_go_by_their_number_are_rated():
    before = {"solutions": "1. Night desk: keys at the shop\n2. Bag scale: weigh at the door"}
    text = "By reach and effort. 1: 900 orders, 3 weeks. 2: 400 orders, 1 week. 1 goes first."

    assert "PR8" not in found("prioritize", text, before)


@pytest.mark.parametrize(
    ("background", "named"), [("For young people.", False), ("Laundry.", True)]
)
def test_the_words_of_a_case_about_young_people_make_no_group_by_age(background, named):
    case = from_eval("case", {"prompt": "Improve Foldly.", "product_context": background})
    reading = Reading("segment", "That is 9,000 young people. I take those of Sunday.", case)

    assert earned.is_group_of_its_own(reading, reading.sentences[0]) == named


def test_a_short_quote_is_not_cut_before_it_says_something():
    quote = (
        "Main metric: share of parcels that reach the person within two days of the first message"
    )

    assert len(short(quote)) > 45


def test_what_is_asked_of_the_other_sides_is_asked_once():
    before = {"clarify": "Is the aim fewer late bags? I take it as given, 14 in 100 today."}
    text = (
        "- weekly washers, 6 in 10\n- gift washers, 1 in 10\nI choose weekly washers, as most do."
    )

    assert "SEG9" in found("segment", text)
    assert "SEG9" not in found("segment", text, before)


def test_a_worked_out_number_promises_no_knowledge():
    table = (
        "| idea | people | sure | weeks | score |\n"
        "| scale | 9,100 | 50% | 3 | 1,517 |\n| desk | 4,200 | 80% | 2 | 1,683 |\nDesk first."
    )

    assert "PR6" not in found("prioritize", table)
    assert "PR6" not in found("prioritize", "Reach 9,100 x 0.5 / 3 = 1,517. The desk goes first.")
    assert "PR6" in found("prioritize", "It reaches 48,917 people. The desk goes first.")


def test_the_company_s_pain_is_quoted_without_the_person_s():
    text = "Bags come late and customers are angry, and our revenue is down. It is the worst one."
    made = report("pain_points", text)
    pain = next(f for f in made.findings if f.id == "PP4")

    assert "revenue" in pain.quote
    assert "angry" not in pain.quote


def test_a_list_of_parts_is_named_whole():
    made = report("summary", "Thank you for listening to all of this, it was a pleasure today.")
    lacking = next((f for f in made.findings if f.id == "SU3"), None)

    assert lacking is None or " and " in lacking.title


def test_an_aside_of_what_exists_is_no_feature_that_an_idea_repeats():
    case = from_eval(
        "trains",
        {
            "prompt": "Improve Foldly.",
            "exists_today": ["late returns, by choice of the van driver"],
        },
    )
    idea = "1. A seat for the van driver: he rests.\n2. A map of doors: he sees the next one."
    made = assess_step(case, StepAnswer("solutions", idea))

    assert "SO5" not in {f.id for f in made.findings}


@needs_vectors
def test_a_question_for_a_fact_is_not_called_asking_for_the_answer():
    text = (
        "Is it all over the country? I take orders of the last month, 80,000 customers, as given."
    )
    reading, _ = read(laundry(), StepAnswer("clarify", text), {}, encoder=get_encoder())

    assert "CQ4" not in {key for key, _ in look(reading)}
