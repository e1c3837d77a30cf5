"""Praise, rows and questions say only what the answer bears."""

import pytest

from coach.assessment import earned, lexicon
from coach.assessment.answer import StepAnswer
from coach.assessment.assess import assess_step, read
from coach.assessment.context import from_eval
from coach.assessment.detect.registry import asks, look
from coach.assessment.detect.rule import Cue
from coach.assessment.reading import Reading
from coach.assessment.rubric import load_rubric
from coach.assessment.signals import SIGNALS
from coach.assessment.text import Span, sentences
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
        read_so = row.why.startswith(("as I read it, ", "I have no single sentence"))
        assert row.quote or not claims or read_so


def test_a_rule_that_was_wrong_more_often_than_right_does_not_ask(monkeypatch):
    rows = {
        "rules": {
            "A": {"n": 20, "precision": 0.4, "sure": {"n": 9, "precision": 0.8}},
            "B": {"n": 20, "precision": 0.6, "sure": {"n": 0, "precision": None}},
            "C": {"n": 3, "precision": 0.0, "sure": {"n": 0, "precision": None}},
            "D": {"n": 8, "precision": 0.5, "sure": {"n": 0, "precision": None}},
        }
    }
    monkeypatch.setattr("coach.assessment.detect.registry.measured", lambda: rows)
    span = Span(0, 3, "yes")

    assert not asks("A", Cue(span))
    assert asks("A", Cue(span, sure=True))
    assert asks("A", Cue(span, exact=True))
    assert asks("B", Cue(span))
    assert asks("C", Cue(span))
    assert not asks("D", Cue(span))
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
    assert "PR6" not in found("prioritize", "Desk: 48,917. Card: 12,204. The desk goes first.")
    assert "PR6" in found("prioritize", "Desk: 41,873 x 2 / 3 = 27,915. The desk goes first.")
    assert "PR6" in found("prioritize", "Reach: 48,917. Effort: 3. The desk goes first.")


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


def test_a_row_denies_nothing():
    text = "I choose the families, as they are four in ten. The students wait."
    made = report("segment", text)

    for row in made.criteria:
        assert ", as the " not in row.why
        assert "; " not in row.why or any(m in row.why for m in ("; for ", "; not ", "; raised "))


def test_a_missing_criterion_that_was_written_and_not_counted_is_not_called_missing(monkeypatch):
    text = "Main number: bags back on time, 86% today. Nothing should get worse."
    last = [s for s in sentences(text) if "worse" in s.quote]
    monkeypatch.setattr("coach.assessment.substance.padding", lambda r: tuple(last))
    row = next(c for c in report("metrics", text).criteria if c.id == "guardrail")

    assert row.level == 1
    assert "did not find" not in row.why


@needs_vectors
def test_the_whole_misses_nothing_that_the_step_names():
    text = (
        "I recommend the door locker for families. Late bags fall from 14 to 10%. "
        "The risk is a slow lift."
    )
    made = assess_step(laundry(), StepAnswer("summary", text), encoder=get_encoder())

    assert "did not find is a risk" not in made.moderated


def test_a_row_counts_its_figures_and_names_the_loose_words_it_counted():
    made = report("segment", "I choose the many families, a really important and popular group.")
    told = [row.why for row in made.criteria if "loose words" in row.why]

    assert told
    assert all('"many"' in why for why in told)


@needs_vectors
def test_half_of_what_somebody_says_is_not_praised_as_a_trouble():
    text = '10:00. "The label says call back. Who calls?" In four of ten bags the card is lost.'
    reading, _ = read(laundry(), StepAnswer("pain_points", text), {}, encoder=get_encoder())

    for role in ("pain_in_user_voice", "severity_or_frequency"):
        for unit in reading.read_roles.units:
            cut = unit.quote.count('"') % 2 == 1
            assert not (cut and earned.is_praised_for(reading, role, unit))


def test_many_questions_are_shown_by_one_of_them():
    asked = "Who pays? Who waits? Which city? Since when? How many? What for? Which day?"
    made = report("clarify", f"We lose 14% of bags. {asked}")
    finding = next(f for f in made.findings if f.id == "CQ3")

    assert finding.near.endswith("?")
    assert "7 question marks" in finding.why


def test_a_goal_word_is_quoted_by_itself():
    text = (
        "To be clear from the start of this case I would like to optimize for user experience here."
    )
    made = report("clarify", text)

    assert [f.quote for f in made.findings if f.id == "CQ7"] == ["user experience"]


def test_nothing_is_asked_for_that_has_its_name_in_the_text():
    solutions = (
        "A locker at the door. She opens it by phone. Cheapest test: two houses, paper keys."
    )
    summary = "I'd start with the locker. Next step is a talk with two landlords."

    assert "SO11" not in found("solutions", solutions)
    assert "SU7" not in found("summary", summary)


def test_a_side_is_named_by_a_longer_word_of_it():
    reading, _ = read(laundry(), StepAnswer("metrics", "Customerships stay at 80,000."), {})

    assert "customers" in reading.sides()


def test_people_are_found_again_in_a_shorter_word():
    segment = "Families or photographers. I choose the photographers, they wash weekly."
    text = "She takes a photo of each bag. Families get a card."

    assert "SO12" not in found("solutions", text, {"segment": segment})


def test_a_size_is_asked_for_with_a_figure_that_counts_people():
    made = report("segment", "Families and students. I choose the families, they wash most.")
    finding = next(f for f in made.findings if f.id == "SEG11")

    assert "customers" in f"{finding.why} {finding.rewrite}"


def test_a_test_for_each_cause_by_its_letter_is_no_missing_test():
    causes = "a) a new scanner in one hub\nb) rain in the evenings\nc) drivers leave for WashCo"
    tests = (
        "a) one day by hand, if equal, ruled out\nb) last year, same weeks\nc) call thirty who left"
    )
    context = laundry("root cause")
    made = assess_step(
        context, StepAnswer("tests", tests), {"hypotheses": StepAnswer("hypotheses", causes)}
    )

    assert "RC8" not in {f.id for f in made.findings}


def test_a_time_is_not_how_often():
    assert not lexicon.has("often", "The bag is at the door in ten minutes.")
    assert not lexicon.has("often", "She has a bag of three shirts.")
    assert lexicon.has("often", "In one of ten bags a sock is lost.")
    assert lexicon.has("often", "3 in 5 wait for it.")


@pytest.mark.parametrize(
    ("concept", "other", "named"),
    [
        ("says_data", "The tracking of the parcel stops in May.", "I check our tracking first."),
        ("says_next", "The bag came on Monday.", "On Monday we talk to two drivers."),
        ("says_test", "Pilots wait for the crew bus.", "We start with a pilot in one hub."),
        ("business", "They stay with friends.", "They stay with us for a second year."),
        ("funnel", "The street becomes a market.", "A guest becomes a paying member."),
        ("returning", "The bag comes back wet.", "Main number: tenants who come back."),
        ("reversal", "The driver turns at the corner.", "The order turns at 5%."),
        ("reversal", "She looks again at the phone.", "At 5% we look again."),
    ],
)
def test_words_of_the_case_do_not_name_a_part_of_the_step(concept, other, named):
    assert not lexicon.has(concept, other)
    assert lexicon.has(concept, named)


def test_a_limit_that_cannot_be_passed_is_a_guardrail():
    assert lexicon.has("says_guardrail", "Late bags can't rise above 14%.")
    assert lexicon.has("says_guardrail", "Late bags must never exceed 14%.")


@needs_vectors
def test_a_row_that_a_mistake_holds_down_does_not_blame_it_on_padding():
    text = (
        "My segment is everyone, all people who wash, because everybody needs it. "
        "Good products need focus and a clear vision."
    )
    made = report("segment", text, encoder=get_encoder())

    assert "SEG1" in {f.id for f in made.findings}
    assert not [row.why for row in made.criteria if "words for any case" in row.why]


def test_a_fact_asked_for_is_not_the_judgment():
    assert "CQ4" not in found("clarify", "Is it reversible? Is the fall real? I assume it is, 14%.")


@needs_vectors
@pytest.mark.parametrize(
    ("step", "role", "text"),
    [
        ("segment", "behaviour_segment", "I imagine Ruth, day 40, two bags in bed at ten."),
        ("segment", "sizes_segment", "A typical one: 30 bags in the first month, 4 of them late."),
        ("segment", "sizes_segment", "Adds up to 112,000 orders a month, that is all of them."),
        ("summary", "names_metric", "Since May the late share went from 9 to 14 percent."),
        ("summary", "runner_up", "If the van waits in fewer than one of three, then not."),
        ("clarify", "says_why_it_matters", "and a quarter never sees it because it is off."),
    ],
)
def test_an_example_a_sum_the_past_and_a_bare_because_are_not_praised(step, role, text):
    reading, _ = read(laundry(), StepAnswer(step, text), {}, encoder=get_encoder())

    assert not any(earned.is_praised_for(reading, role, u) for u in reading.read_roles.units)


@needs_vectors
def test_a_named_risk_is_not_blamed_as_the_claim_that_there_is_none():
    text = "A locker at each door. A risk is that the app looks pushy."
    reading, _ = read(laundry(), StepAnswer("solutions", text), {}, encoder=get_encoder())

    for unit in reading.read_roles.units:
        assert not earned.is_blamed_for(reading, "denies_risk", unit)


def test_the_whole_misses_only_what_the_criteria_of_a_step_are_about():
    asked = earned.roles_about(load_rubric().criteria["metrics"])

    assert "links_to_mission" not in asked
    assert {"guardrail", "target"} <= asked


def test_the_number_that_is_measured_is_not_offered_as_its_own_guardrail():
    text = "Main number: late returns, 14% today, 9% in June."
    finding = next(f for f in report("metrics", text).findings if f.id == "ME4")

    assert "late returns (" not in f"{finding.why} {finding.rewrite}"


def test_a_case_without_a_company_is_not_called_the():
    context = from_eval("x", {"prompt": "Design a better way to borrow books.", "category": "x"})

    assert context.company == "the company"


def test_a_goal_with_its_number_is_a_goal_one_can_count():
    reading, _ = read(laundry(), StepAnswer("clarify", "The goal is to be back at 6 percent."), {})

    assert SIGNALS["goal_number"](reading)


def test_ideas_counted_in_words_are_counted():
    text = (
        "One, a locker: she opens it. Two, a card in the bag, he taps it. Three, a call at eight."
    )

    assert "SO1" not in found("solutions", text)


def test_the_cost_of_an_idea_is_no_option_to_be_rated():
    solutions = "A. Locker: she opens it by phone.\nB. Card: he taps it.\nCosts: a van a week."
    text = "Locker: 40 a week, two months. Card: 20, three months. I take the locker."

    assert "PR8" not in found("prioritize", text, {"solutions": solutions})


def test_two_questions_about_the_shape_may_stand_in_one_sentence():
    made = report("clarify", "I'd like to know where it fell and since which week.", "root cause")

    assert "RC1" not in {f.id for f in made.findings}


def test_why_is_not_asked_of_words_that_say_why():
    text = "He forgets the bag as it stands in the hall, because nobody rings. He waits till ten."
    made = report("pain_points", text)

    assert not [f for f in made.findings if f.id in ("PP11", "PP5") and "because" in f.near]


def test_a_figure_that_only_shares_a_word_is_not_offered_as_the_start_of_a_target():
    made = report("metrics", "We track the number of orders and how many people like us.")
    told = [f"{f.why} {f.rewrite}" for f in made.findings if f.id == "ME5"]

    assert told
    assert "average order value" not in told[0]


def test_how_many_is_no_loose_word():
    assert not lexicon.has("vague", "How many vans wait at the gate?")
    assert lexicon.has("vague", "There are many vans.")


@needs_vectors
@pytest.mark.parametrize(
    ("step", "role", "text"),
    [
        ("metrics", "baseline", "Late bags fell from 14 percent and 9 percent is realistic."),
        ("metrics", "baseline", "Weeks 5 to 12, which no one has measured, are its weak side."),
        ("hypotheses", "hypothesis", "I see four possible reasons why bags come late."),
    ],
)
def test_the_past_the_unmeasured_and_an_announcement_are_not_praised(monkeypatch, step, role, text):
    monkeypatch.setattr(earned, "_is_likeliest", lambda *_: True)
    reading, _ = read(laundry(), StepAnswer(step, text), {}, encoder=get_encoder())
    monkeypatch.setattr(Reading, "roles", lambda r, *_, **__: r.read_roles.units)

    assert not any(earned.is_praised_for(reading, role, u) for u in reading.read_roles.units)


@needs_vectors
@pytest.mark.parametrize(
    ("step", "role", "text"),
    [
        ("metrics", "baseline", "Late bags are 14 percent today and were 9 percent a year ago."),
        ("hypotheses", "hypothesis", "Two reasons: a new van route, and bags tagged by hand."),
    ],
)
def test_a_value_of_today_and_causes_by_name_may_be_praised(monkeypatch, step, role, text):
    monkeypatch.setattr(earned, "_is_likeliest", lambda *_: True)
    reading, _ = read(laundry(), StepAnswer(step, text), {}, encoder=get_encoder())
    monkeypatch.setattr(Reading, "roles", lambda r, *_, **__: r.read_roles.units)

    assert any(earned.is_praised_for(reading, role, u) for u in reading.read_roles.units)
