"""The step read as a whole: signs of its weights, what pays and what does not, figures measured."""

import pytest

from coach.assessment import moderation
from coach.assessment.answer import StepAnswer
from coach.assessment.assess import assess_step, read
from coach.assessment.context import from_eval
from coach.assessment.levels import lower_median
from coach.assessment.moderation import evidence, moderate, phrases, published
from coach.assessment.roles import model
from coach.assessment.training.moderate import COUNTS, is_bad
from coach.interviewer.encoder import get_encoder
from tests.assessment.helpers import LAUNDRY

STRONG = (
    "Main metric: share of customers whose bag is back on the promised day, per week, from 86% to "
    "90% in one quarter. Lost items must not rise above 3%. Half of the houses get lockers and "
    "half do not; after six weeks we keep them if the share is up by two points and stop if not."
)
WEAK = "We track retention, churn, orders and revenue in a nice dashboard every week."
LAUNDRY_CASE = from_eval("foldly", LAUNDRY)
needs_vectors = pytest.mark.skipif(get_encoder() is None, reason="needs the language model")


def reading(text, step="metrics", encoder=None):
    return read(LAUNDRY_CASE, StepAnswer(step, text), {}, encoder=encoder or get_encoder())[0]


def test_every_role_has_its_phrase():
    assert set(phrases()) == {role.name for role in model().roles}


def test_good_evidence_never_takes_away_and_bad_evidence_never_adds():
    for step, table in published()["steps"].items():
        for name, weight in table["weights"].items():
            assert (weight <= 0) if is_bad(name) else (weight >= 0), (step, name)


def test_the_figures_on_authors_left_out_stay_above_the_floor():
    measured = published()["measured"]["other_author"]
    assert len(measured) >= 2
    assert all(row["level_qwk"] >= 0.70 for row in measured.values())


def test_without_sentence_vectors_nothing_is_moderated():
    alone = read(LAUNDRY_CASE, StepAnswer("metrics", STRONG), {}, encoder=None)[0]
    assert evidence(alone) == {}
    assert moderate(alone) is None
    assert assess_step(LAUNDRY_CASE, StepAnswer("metrics", STRONG)).moderated == ""


@needs_vectors
def test_a_strong_answer_adds_up_to_more_than_a_weak_one():
    strong, weak = moderate(reading(STRONG)), moderate(reading(WEAK))
    assert strong.estimate > weak.estimate + 1
    assert '"' in strong.for_it


@needs_vectors
@pytest.mark.parametrize("text", [STRONG, WEAK])
def test_saying_it_again_adds_nothing(text):
    once = evidence(reading(text))
    twice = evidence(reading(f"{text} Once more: {text}"))
    assert {k: v for k, v in once.items() if k in COUNTS} == {
        k: v for k, v in twice.items() if k in COUNTS
    }


@needs_vectors
def test_every_evidence_lies_between_nothing_and_one():
    for text in (STRONG, WEAK, "x", f"{STRONG} {WEAK}" * 20):
        assert all(0 <= value <= 1 for value in evidence(reading(text)).values())


@needs_vectors
@pytest.mark.parametrize("text", [STRONG, WEAK, f"{WEAK} {STRONG}"])
def test_the_level_is_one_from_the_criteria_at_most_and_a_move_is_explained(text):
    report = assess_step(LAUNDRY_CASE, StepAnswer("metrics", text), encoder=get_encoder())
    median = lower_median([criterion.level for criterion in report.criteria])
    assert abs(report.level - median) <= 1
    assert bool(report.moderated) == (report.level != median)


def test_the_weights_are_part_of_the_rules_version(monkeypatch, tmp_path):
    before = moderation.version()
    changed = tmp_path / "moderation.json"
    changed.write_text(moderation.MODERATION_FILE.read_text("utf-8") + " ", "utf-8")
    monkeypatch.setattr(moderation, "MODERATION_FILE", changed)
    assert moderation.version() != before
