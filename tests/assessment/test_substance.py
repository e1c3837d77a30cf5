"""Padding, repetition and quotes of the case are taken out before a level is given."""

import pytest

from coach.assessment.answer import StepAnswer
from coach.assessment.assess import assess_step, read
from coach.assessment.levels import level_of
from coach.assessment.substance import emptiness, padding, says_again, substance
from coach.assessment.text import normal
from coach.assessment.training.answers import answer_sets
from coach.assessment.training.padded import WAYS, moved
from coach.assessment.training.padded import padding as sentences_of_padding
from coach.interviewer.encoder import get_encoder
from tests.assessment.helpers import LAUNDRY, laundry

needs_vectors = pytest.mark.skipif(get_encoder() is None, reason="needs the language model")
ANSWER = (
    "Customers wait at home for a driver who comes two hours late, and 14% of bags are back late. "
    "Families lose most: a school shirt is missing on Monday. "
    "I take the late bags first, as they end the relation with one in five."
)
EMPTY = (
    "Every good product starts with a deep understanding of the user. "
    "I believe this is a very complete and well structured answer. "
    "We will monitor all key metrics closely and iterate as needed."
)


def reading(text: str, step: str = "pain_points"):
    return read(laundry(), StepAnswer(step, text), {}, encoder=get_encoder())[0]


@needs_vectors
@pytest.mark.parametrize("text", [f"{ANSWER} {EMPTY}", f"{EMPTY} {ANSWER}", f"{ANSWER}\n{EMPTY}"])
def test_talk_that_fits_any_case_is_taken_out_wherever_it_stands(text: str) -> None:
    assert normal(substance(reading(text)).text) == normal(substance(reading(ANSWER)).text)


@needs_vectors
def test_what_is_left_stands_where_it_stood() -> None:
    text = f"{EMPTY} {ANSWER}"
    left = substance(reading(text))
    assert len(left.text) == len(text)
    assert all(text[s.start : s.end] == s.quote for s in left.sentences)


@needs_vectors
def test_a_sentence_said_again_in_other_little_words_counts_once() -> None:
    again = "To say it again, families lose most, the school shirt is missing on Monday."
    assert normal(substance(reading(f"{ANSWER} {again}")).text) == normal(ANSWER)


@needs_vectors
def test_a_quote_of_the_case_is_no_answer() -> None:
    text = f"{ANSWER} {LAUNDRY['prompt']}"
    assert normal(substance(reading(text)).text) == normal(ANSWER)


def test_short_sentences_of_one_form_do_not_say_each_other_again() -> None:
    one, other = frozenset({"fall", "h"}), frozenset({"fall", "h", "out"})
    assert not says_again(one, [other])


@needs_vectors
def test_a_text_of_nothing_but_padding_keeps_its_least_empty_sentence() -> None:
    r = reading(EMPTY)
    assert len(padding(r)) == len(r.sentences) - 1
    assert level_of(r).level <= 2


@needs_vectors
def test_groups_by_age_add_nothing_beside_groups_by_what_people_do() -> None:
    groups = (
        "Families send big bags every week. Students come before exams and want it cheap. "
        "I choose the families, as they are four in ten orders."
    )
    by_age = "Women between 25 and 34 are an interesting group too."
    padded = level_of(reading(f"{groups} {by_age}", "segment"))
    assert padded.level == level_of(reading(groups, "segment")).level
    assert not padding(reading(f"{by_age} Men over 50 are the other group.", "segment"))


@needs_vectors
def test_a_repeated_list_is_read_without_an_error_and_gains_nothing() -> None:
    items = "1. There is no map.\n2. There is no button for help.\n3. There is no chat."
    assert level_of(reading(f"{items}\n{items}")).level == level_of(reading(items)).level


@needs_vectors
def test_quotes_of_a_padded_answer_are_cut_from_it_as_it_was_written() -> None:
    target = "The target is 8% late bags by June, from 14% today."
    text = f"Primary metric: bags back late per week. {EMPTY} {target}"
    report = assess_step(laundry(), StepAnswer("metrics", text), encoder=get_encoder())
    quoted = [c for c in report.criteria if c.quote]
    assert quoted
    assert all(text[c.start : c.end] == c.quote for c in quoted)


@needs_vectors
def test_sentences_of_padding_that_nothing_is_fitted_on_are_mostly_empty() -> None:
    test = [t for kind, found in sentences_of_padding().items() if kind != "groups"
            for t in found["test"]]  # fmt: skip
    found = emptiness(tuple(test), get_encoder())
    assert sum(odds >= 0 for odds in found) >= 0.9 * len(test)


@needs_vectors
def test_no_way_of_padding_gains_a_level_on_a_sample_of_answers() -> None:
    sample = list(answer_sets(get_encoder()))[::72]
    ways = {name: way for name, way in WAYS.items() if name not in ("trade", "product named")}
    found = moved(sample, get_encoder(), ways)
    assert sum(m.n for m in found) >= 80
    assert [gain for m in found for gain in m.gained if m.way != "everything"] == []
