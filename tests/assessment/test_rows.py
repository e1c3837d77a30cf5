"""Rows and cards say what they were read from, ask for what nothing shows, and deny nothing."""

import pytest
from django.template.loader import render_to_string

from coach.assessment import roles, things
from coach.assessment.answer import StepAnswer
from coach.assessment.assess import read, versions
from coach.assessment.context import from_eval, from_mapping
from coach.assessment.contrast import sentences_for
from coach.assessment.data_file import read_yaml
from coach.assessment.levels import _moderated
from coach.assessment.lexicon import pattern
from coach.assessment.moderation import Moderated
from coach.assessment.numbers import has_figure
from coach.assessment.reading import Reading
from coach.assessment.report import StepReport
from coach.assessment.rows import NO_QUOTE, UNSURE
from coach.assessment.rubric import load_rubric
from coach.assessment.things import above, lacks, nearest, sought_by
from coach.interviewer.encoder import get_encoder
from tests.assessment.helpers import LAUNDRY, laundry, report

needs_vectors = pytest.mark.skipif(get_encoder() is None, reason="no sentence vectors here")
THINGS = read_yaml(things.THINGS_FILE.read_text("utf-8"))
TESTS = {
    "rows": [
        {
            "hypothesis": "The new van",
            "test": "compare the streets it serves with the others",
            "cost": "hours",
            "falsified_by": "both are late in the same share of orders",
        }
    ]
}


def reading(step: str, text: str, **more: object) -> Reading:
    return read(laundry(), StepAnswer(step, text, **more), {}, encoder=get_encoder())[0]


def row(made: StepReport, criterion: str) -> str:
    return next(c.why for c in made.criteria if c.id == criterion)


def thing(name: str) -> things.Thing:
    return things._table().things[name]


# --- what a row was read from


@needs_vectors
def test_a_row_quotes_the_sentence_it_was_read_from_and_says_what_that_sentence_does():
    made = report(
        "decision",
        "I would let the small laundries in, since they are near. We go back to the old plan if "
        "more than one bag in twenty comes late.",
        "trade off",
        get_encoder(),
    )
    said = row(made, "reversal")

    assert "what would undo the choice" in said
    assert "more than one bag in twenty" in said


@needs_vectors
def test_a_row_that_found_too_little_shows_what_came_nearest():
    text = "We take it back when more than one bag in twenty comes late. Let the small ones in."
    said = row(report("decision", text, "trade off", get_encoder()), "reversal")

    assert "more than one bag in twenty" in said


@needs_vectors
def test_a_filled_field_stands_for_its_criterion_under_its_label():
    made = report("tests", "", encoder=get_encoder(), artefact=TESTS, source="student")

    assert "under “Result that would rule it out”" in row(made, "falsifiable")
    assert "both are late in the same share" in row(made, "falsifiable")


@needs_vectors
def test_no_row_says_that_it_was_read_from_the_wording_alone():
    texts = {
        "fix": "Undo the route planner at once, and give 40 laundries a 20$ voucher.",
        "landscape": "WashCo is cheap. We are near. Nobody else picks up after eight.",
    }
    for step, text in texts.items():
        for told in report(step, text, encoder=get_encoder()).criteria:
            is_said = told.why.startswith((UNSURE, NO_QUOTE, "looked for")) or told.quote
            assert is_said
            assert "wording alone" not in told.why


@needs_vectors
def test_a_quoted_sentence_is_not_one_with_another_role_more_probably():
    text = "Main: bags back on the promised day. Nobody may lose more than 3 in 100 pieces by it."
    made = report("metrics", text, encoder=get_encoder())

    assert "3 in 100" not in row(made, "primary")


@needs_vectors
def test_a_share_in_a_cell_is_no_group_by_age():
    rows = [
        {
            "name": "Wash on Sundays",
            "does": "bring everything at once",
            "share": "25",
            "chosen": True,
        },
        {"name": "Wash on the way", "does": "drop a shirt a day", "share": "60"},
    ]
    answer = {"rows": rows, "why": "Their bags are late most often, 22 of 100."}
    made = report("segment", "", encoder=get_encoder(), artefact=answer, source="student")

    assert "SEG2" not in {f.id for f in made.findings}
    assert "25" not in {f.quote for f in made.findings}


# --- what the next level takes


@needs_vectors
def test_the_next_level_asks_for_nothing_a_field_holds():
    filled = reading("tests", "", artefact=TESTS, source="student")
    bare = reading("tests", "We look at the streets of the new van first.")

    assert not lacks(filled, thing("against"))
    assert lacks(bare, thing("whole_product"))


@needs_vectors
@pytest.mark.parametrize(
    ("step", "name", "told"),
    [
        ("analysis", "later", "To begin with laundries earn more, by next summer they have gone."),
        ("metrics", "comparison", "In Leeds they get the locker and in York they do not."),
        ("pain_points", "coping", "Until it is mended they carry the bag to a friend's machine."),
        ("hypotheses", "counted_as_before", "Since May a bag is noted as late an hour earlier."),
        ("prioritize", "cut", "Coupons are for another year."),
    ],
)
def test_what_is_told_in_other_words_is_not_asked_for(step, name, told):
    assert not lacks(reading(step, f"Families wash on Sundays. {told}"), thing(name))


def test_without_sentence_vectors_nothing_is_said_to_lack():
    plain = read(laundry(), StepAnswer("analysis", "It is cheap."), {})[0]

    assert not any(lacks(plain, t) for t in things._table().things.values())


@needs_vectors
def test_a_thing_is_asked_for_once_and_not_beside_a_finding_about_it():
    text = "I look at effort and at reach. The locker first, because it reaches most of them."
    made = report("prioritize", text, encoder=get_encoder())
    asked = [c.question for c in made.criteria if c.question]

    assert len(asked) == len(set(asked))
    for finding in made.findings:
        sought = sought_by(finding.id, {})
        assert not sought or not any(c.question in sought.ask for c in made.criteria if c.question)


@needs_vectors
def test_a_question_of_a_row_speaks_of_the_student_s_own_words_or_the_case():
    made = report("tests", "First I call the drivers of the south.", encoder=get_encoder())

    for told in made.criteria:
        assert "{" not in told.question
        assert not told.question or told.question in told.why


def test_why_a_criterion_is_held_back_is_told_once_with_what_was_counted():
    made = report("segment", "I choose the many families, a really important and popular group.")
    told = [c.why for c in made.criteria if "; not " in c.why]

    assert sum("loose words" in why for why in told) == 1
    assert all("for the same reason" in why for why in told if "loose words" not in why)


@needs_vectors
def test_figures_that_hold_a_criterion_back_are_named_as_they_were_counted():
    text = (
        "I split by the day they wash. Sunday washers wash everything at once, 14% of their bags "
        "are late; commuters send a shirt a day. I choose the Sunday washers because their bags "
        "are late most often and they come back for years; commuters wait."
    )
    held = [c.why for c in report("segment", text, encoder=get_encoder()).criteria]

    assert not any("two sentences" in why for why in held)
    assert all('"14%"' in why for why in held if "a figure in three sentences" in why)


@pytest.mark.parametrize("text", ["a third of them", "twelve vans", "nobody", "14%", "two in ten"])
def test_a_figure_in_words_is_one(text):
    assert has_figure(text)
    assert not has_figure("the late ones, as they come back")


# --- questions about what may be there


@needs_vectors
def test_a_question_about_a_gap_shows_what_comes_nearest_and_denies_nothing():
    text = (
        "Laundries gain orders from it. For the moment it costs us coupons, later on they keep "
        "coming without any. Customers wait less."
    )
    made = report("analysis", text, "trade off", get_encoder())
    asked = {f.id: f for f in made.findings if f.kind == "asked"}

    for finding in asked.values():
        shown = finding.question.startswith("The nearest I found to ")
        assert not shown or "I could not find" not in finding.question
        assert not shown or "If it is missing" not in finding.rewrite
    assert "TR5" not in asked or "later on they keep" in asked["TR5"].question


@needs_vectors
def test_a_side_told_by_what_it_is_comes_nearest_to_its_name():
    said = reading("metrics", "Bags back on time. Family businesses that wash earn no less.")

    found = nearest(said, sought_by("ME14", {"extra": "laundries"}))
    assert found is not None
    assert "that wash" in found.quote


@needs_vectors
def test_words_beside_a_gap_are_not_those_that_fit_any_case():
    text = "There are good and bad sides to everything. Laundries gain orders, customers pay more."
    said = reading("analysis", text)

    assert "Laundries gain" in said.near("both_sides").quote


# --- the step as a whole, and the card


def test_a_whole_without_a_sure_sentence_says_no_more_than_the_levels():
    level, said = _moderated(3, Moderated(2.1, 2, True, "", ""), may_rise=True)

    assert level == 2
    assert said == "By its criteria alone this step is solid. Read as a whole it is generic."


def test_figures_alone_raise_no_step():
    assert _moderated(2, Moderated(3.1, 3, True, "", "", has_good=False), may_rise=True) == (2, "")


@needs_vectors
def test_the_card_of_a_step_without_a_mistake_quotes_what_each_criterion_was_read_from():
    text = (
        "Sixty vans, but only at weekends. We would lose a third of the weekday orders, and I "
        "accept that. Back to forty if the laundries have more than one late bag in ten."
    )
    made = report("decision", text, "trade off", get_encoder())
    drawn = render_to_string("practice/_read_from.html", {"criteria": made.to_dict()["criteria"]})

    assert "Back to forty if the laundries" in drawn
    assert all(c.name in drawn for c in made.criteria)


def test_a_report_from_before_the_questions_is_read_as_it_was():
    made = report("segment", "I choose the families, as they are four in ten.").to_dict()
    for told in made["criteria"]:
        del told["question"]

    assert all(c.question == "" for c in StepReport.from_dict(made).criteria)


@needs_vectors
def test_an_example_shows_a_criterion_by_the_sentence_that_meets_it():
    example = (
        "We give the late ones a locker. Some laundries will lose a tenth of their orders and get "
        "a place in ours. We go back if fewer than half of the bags are on time."
    )
    found = sentences_for(laundry("trade off"), "decision", example, get_encoder())

    assert found["reversal"].startswith("We go back if")
    assert set(found) <= set(load_rubric().criteria["decision"])


@needs_vectors
def test_what_is_announced_is_not_called_the_segment():
    text = "We can divide all people who wash into: Sunday washers and commuters. I take commuters."

    made = report("segment", text, encoder=get_encoder())
    assert not [f for f in made.findings if f.id == "SEG1" and f.quote.endswith(":")]


@needs_vectors
def test_a_reason_that_compares_is_not_called_taste():
    text = "Commuters, Sunday washers, students. I take commuters because they spend the most."

    assert "SEG8" not in {f.id for f in report("segment", text, encoder=get_encoder()).findings}


@needs_vectors
def test_who_loses_less_is_no_price():
    text = "I would let the lockers go. Family laundries will lose fewer orders than before."
    made = report("decision", text, "trade off", get_encoder())

    assert "fewer orders" not in row(made, "given_up")


def test_words_beside_a_gap_say_what_they_are_about():
    said = reading("metrics", "The first decides. The first number decides about the vans.")

    assert said.near("primary").quote != "The first decides."


# --- names of the case


def test_a_company_that_only_stands_in_the_tags_is_not_named_to_the_student():
    case = {
        "slug": "wash", "type": "product_design", "prompt": "Design a basket for late bags.",
        "context": "You work for a chain of laundries.", "companies": ["WashCo"],
    }  # fmt: skip
    told = from_mapping(case)

    assert (told.product, told.company) == ("the product", "the company")


def test_a_product_goes_by_the_company_s_name_and_not_by_a_place():
    prompt = "Orders from the UK have fallen. Why does WashCo Pro wash less?"
    told = from_mapping(
        {"slug": "w", "type": "root_cause", "prompt": prompt, "companies": ["WashCo"]}
    )

    assert told.product == "WashCo Pro"
    assert from_eval("foldly", LAUNDRY).product == "Foldly"


# --- the data


def test_every_thing_rests_on_names_that_exist():
    known = roles.model().by_name
    for name, given in THINGS["things"].items():
        assert set(given.get("roles", ())) <= known.keys(), name
        assert set(given.get("mistakes", ())) <= load_rubric().mistakes.keys(), name
        assert all(pattern(word) for word in given.get("words", ()))


def test_what_the_next_level_takes_is_known_for_criteria_of_the_rubric_and_can_be_asked():
    for step, criteria in THINGS["next"].items():
        assert criteria.keys() <= load_rubric().criteria[step].keys()
        for criterion, levels in criteria.items():
            for level in levels:
                assert all(t.ask for t in above(step, criterion, level))


def test_the_things_are_part_of_the_rules_version(monkeypatch, tmp_path):
    before = versions()["rules"]
    changed = tmp_path / "things.yaml"
    changed.write_text(things.THINGS_FILE.read_text("utf-8") + "# more\n", "utf-8")
    monkeypatch.setattr(things, "THINGS_FILE", changed)

    assert versions()["rules"] != before
