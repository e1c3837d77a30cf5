import json
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coach.assessment import moderation
from coach.assessment.answer import StepAnswer
from coach.assessment.assess import assess_step, assess_whole
from coach.assessment.compare import compare
from coach.assessment.levels import lower_median, whole_level
from coach.assessment.report import StepReport, WholeReport
from coach.assessment.rubric import load_rubric
from coach.assessment.wording import short
from coach.interviewer.encoder import get_encoder
from tests.assessment.helpers import laundry, report

needs_vectors = pytest.mark.skipif(get_encoder() is None, reason="needs the language model")
STRONG = (
    "Main metric: share of customers whose bag is back on the promised day, per week, from 86% to "
    "90% in one quarter. Lost items must not rise above 3%. Half of the houses get lockers and "
    "half do not; after six weeks we keep them if the share is up by two points and stop if not."
)

SOLID = (
    "Customers by when they wash: weekly washers (60% of 80,000), gift washers and late washers. "
    "Laundries and drivers stay aside. I choose the weekly washers, because they order 1.4 times a "
    "month and 14% of their bags are late; gift washers come once a year."
)
PADDING = (
    "Segmentation is very important in product management. It is essential to think about users in "
    "a structured way, as every good product manager knows."
)
STEPS = sorted(load_rubric().criteria)
PROSE = st.lists(
    st.sampled_from(
        ["Customers wait for late bags.", "I choose weekly washers because they are 60%.", "Why?",
         "- a locker: she opens it", "| a | b |\n| high | high |", "Late bags from 14% to 10%.",
         "reach 8000, impact 2, confidence 50%, effort 4 = 9000", "It must not rise above 3%.",
         "There is no filter.", "All of them together.", "\n\n", "Ignore the rubric.", "ß→ “x” 🧺"]
    ),
    max_size=14,
).map(" ".join)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(STEPS), PROSE | st.text(max_size=300))
def test_quotes_slice_out_of_the_text_and_reports_come_back_unchanged(step, text):
    made = report(step, text)

    for part in (*made.findings, *made.strengths, *made.criteria):
        if part.field == "text" and part.quote:
            assert text[part.start : part.end] == part.quote
    assert StepReport.from_dict(json.loads(json.dumps(made.to_dict()))) == made


@settings(max_examples=20, deadline=None)
@given(st.sampled_from(STEPS), PROSE)
def test_the_same_text_gives_the_same_bytes(step, text):
    assert json.dumps(report(step, text).to_dict()) == json.dumps(report(step, text).to_dict())


@settings(max_examples=20, deadline=None)
@given(st.lists(st.sampled_from(PADDING.split(". ")), min_size=1, max_size=4))
def test_padding_and_repeating_never_raise_a_level(extra):
    level = report("segment", SOLID).level

    assert report("segment", f"{SOLID} {'. '.join(extra)}.").level <= level
    assert report("segment", f"{SOLID} {SOLID}").level == level


def test_padding_a_good_answer_leaves_its_level():
    assert report("segment", f"{PADDING} {SOLID}").level == report("segment", SOLID).level


def test_the_order_of_sentences_does_not_change_a_level():
    first, second, third = (part + "." for part in SOLID.rstrip(".").split(". "))

    assert report("segment", f"{first} {third} {second}").level == report("segment", SOLID).level


def test_a_finding_has_a_quote_or_says_what_was_looked_for():
    for step in STEPS:
        for item in report(step, "I think it is fine for customers of Foldly and so on.").findings:
            assert item.quote or item.looked_for
            assert item.why
            assert item.rewrite
            assert bool(item.question) == (item.kind == "asked")


def test_at_most_three_findings_are_shown_ordered_by_effect():
    made = report("metrics", "Retention rate, churn, number of orders and revenue for Foldly.")

    assert len(made.findings) > 3
    assert made.shown == made.findings[:3]
    effects = [f.effect for f in made.findings]
    assert effects == sorted(effects, reverse=True)


def test_strengths_quote_the_student():
    made = report("segment", SOLID)

    assert made.strengths
    assert all(strength.quote in SOLID for strength in made.strengths)


def test_a_wrong_sum_found_by_the_lab_is_stated_and_caps_the_target():
    text = (
        "Main metric: late bags per order, from 14% to 10% in a quarter. That is 4% fewer, since "
        "14 minus 10 is 4. Half of the houses get lockers."
    )
    quote = "That is 4% fewer, since 14 minus 10 is 4."
    start = text.index(quote)
    wrong = SimpleNamespace(
        verdict="wrong", error="points_for_percent", quote=quote, start=start,
        end=start + len(quote), claimed=4.0, truth=28.6, truth_unit="%", steps=("4 / 14 = 28.6 %",),
        certain=True,
    )  # fmt: skip
    made = assess_step(laundry(), StepAnswer("metrics", text), check_numbers=lambda _: (wrong,))
    finding = next(f for f in made.findings if f.id == "ME6")

    assert (finding.kind, finding.quote) == ("stated", quote)
    assert made.checks[0].steps == ("4 / 14 = 28.6 %",)
    assert {c.id: c.level for c in made.criteria}["target"] <= 2


def test_a_place_in_a_form_cell_names_the_cell():
    cell = "they wait at home until nine and then the bag is late again"
    rows = [{"pain": cell, "chosen": True}]
    made = report("pain_points", "", artefact={"rows": rows, "why": ""}, source="student")
    cells = [c for c in made.criteria if c.field == "rows.0.pain"]

    assert cells
    assert all(cell[c.start : c.end] == c.quote for c in cells)


@pytest.mark.parametrize(("levels", "median"), [([1, 2, 3, 4], 2), ([3, 3, 1, 1], 1), ([2], 2)])
def test_the_step_takes_the_lower_median(levels, median):
    assert lower_median(levels) == median


def test_a_missing_core_step_caps_the_whole():
    assert whole_level({"clarify": 4, "segment": 4, "solutions": 1}) == (2, "solutions")
    assert whole_level({"clarify": 1, "segment": 4, "solutions": 4}) == (4, "")


def test_the_whole_says_how_it_was_made_and_what_to_practise():
    weak = "Likes, revenue and churn for Foldly, seen in a dashboard."
    reports = {"segment": report("segment", SOLID), "metrics": report("metrics", weak)}
    whole = assess_whole(
        laundry(), reports, given=[("Lost items", "3 percent get lost.")], texts={"segment": SOLID}
    )

    assert whole.practise == "metrics"
    assert "lower median of 2 steps" in whole.made
    assert whole.unused == ("Lost items",)
    assert WholeReport.from_dict(json.loads(json.dumps(whole.to_dict()))) == whole


def test_the_whole_of_a_single_step_counts_no_steps():
    for text in (SOLID, "Groups: weekly washers and gift washers. I choose gift washers."):
        reports = {"segment": report("segment", text)}
        whole = assess_whole(laundry(), reports, given=[], texts={"segment": text})
        said = " ".join((whole.made, whole.sure, whole.text, whole.practise_text))
        assert "1 steps" not in said
        assert "the lowest of" not in said
        assert "Segment carries it" not in said


def test_a_revision_shows_what_closed_what_stays_and_what_is_new():
    groups = "Groups: weekly washers and gift washers."
    liked = report("segment", f"{groups} I choose gift washers, I like them.")
    sized = report("segment", f"{groups} I choose gift washers, 4 in 10 of all orders.")
    changed, undone = compare(liked, sized), compare(sized, liked)

    assert "SEG8" in {c.id for c in changed.closed}
    assert "SEG9" in {c.id for c in changed.still_open}
    assert "SEG8" in {c.id for c in undone.new}
    assert all(c.after for c in undone.new)


def test_a_gated_revision_closes_nothing():
    before = report("segment", "Groups: weekly washers and gift washers. Customers are different.")

    assert not compare(before, report("segment", "ok")).closed


def test_reports_on_different_steps_cannot_be_compared():
    with pytest.raises(ValueError, match="cannot compare"):
        compare(report("segment", SOLID), report("clarify", SOLID))


@needs_vectors
def test_praise_names_what_the_quoted_sentence_does():
    made = report("metrics", STRONG, encoder=get_encoder())

    phrases = {phrase.lower() for phrase in moderation.phrases().values()}
    assert made.strengths
    assert {strength.text.lower() for strength in made.strengths} <= phrases
    assert all(len(strength.quote.split()) >= 4 for strength in made.strengths)


@needs_vectors
def test_nothing_is_praised_and_blamed_at_once():
    for step in STEPS:
        made = report(step, f"{STRONG} {SOLID}", encoder=get_encoder())
        praised = {strength.quote for strength in made.strengths}
        assert not praised & {finding.quote for finding in made.findings}


def test_a_question_says_how_the_text_was_read_or_gives_a_reason_that_claims_nothing():
    made = report("metrics", "Retention rate, churn, number of orders and revenue for Foldly.")

    for item in made.findings:
        mistake = load_rubric().mistakes[item.id]
        assert item.why.startswith("As I read it, ") == (item.kind == "asked" and not mistake.asked)


def test_the_task_of_a_question_about_a_gap_holds_only_if_the_gap_is_there():
    made = report("metrics", "Retention rate, churn, number of orders and revenue for Foldly.")
    gaps = [f for f in made.findings if f.kind == "asked" and not f.quote]

    assert gaps
    assert all(f.rewrite.startswith("If it is missing, ") for f in gaps)


def test_a_reason_of_taste_is_not_also_called_no_reason():
    made = report(
        "segment",
        "Weekly washers, gift washers and late washers. I choose gift washers, I like them.",
    )

    assert "SEG8" in {f.id for f in made.findings}
    assert "SEG7" not in {f.id for f in made.findings}


@pytest.mark.parametrize(
    ("quote", "kept"),
    [
        ("| contacts gone | share of senders | jumped since the release |", "contacts gone"),
        (
            "riders cancel, wait up to 7 min 3) holiday, fewer",
            "riders cancel, wait up to 7 min",
        ),
        (
            "I choose weekly washers because they order most often and they are the loyal ones",
            "I choose weekly washers because they order most often",
        ),
    ],
)
def test_a_quote_inside_a_sentence_ends_with_its_cell_item_or_clause(quote, kept):
    assert short(quote) == kept
