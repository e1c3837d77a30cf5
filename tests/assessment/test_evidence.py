"""Learned roles and wording weighed together, with probabilities set by hand."""

from coach.assessment.context import Baseline
from coach.assessment.detect.evidence import committed, having, lacking, omission
from coach.assessment.grounding import ground
from coach.assessment.reading import Reading
from coach.assessment.roles import Roles
from coach.assessment.sides import sides_in
from coach.assessment.text import stem
from tests.assessment.helpers import laundry

PLAIN = "Bags come back late. People wait at the door."
FIGURES = "Bags come back 3 days late in 14% of 9,000 orders. People wait at the door."


def reading(probability: float | None, text: str = PLAIN, role: str = "cause") -> Reading:
    """A pain-points step whose last sentence has the role with a probability; None: no roles."""
    made = Reading("pain_points", text, laundry())
    if probability is None:
        made.__dict__["read_roles"] = Roles()
    else:
        values = (0.0,) * (len(made.sentences) - 1) + (probability,)
        made.__dict__["read_roles"] = Roles(made.sentences, {role: values})
    return made


def test_a_gap_is_found_where_the_role_is_improbable_although_the_words_are_there():
    assert lacking(reading(0.02), "cause", worded=True)


def test_no_gap_is_found_where_the_role_is_probable_although_no_word_is_there():
    assert lacking(reading(0.95), "cause", worded=False) is None


def test_between_the_two_the_words_decide():
    assert lacking(reading(0.8), "cause", worded=False)
    assert lacking(reading(0.8), "cause", worded=True) is None


def test_a_step_that_argues_with_figures_is_less_readily_said_to_lack_something():
    assert lacking(reading(0.8, PLAIN), "cause", worded=False)
    assert lacking(reading(0.8, FIGURES), "cause", worded=False) is None


def test_a_gap_is_sure_only_when_role_and_words_agree():
    assert lacking(reading(0.02), "cause", worded=False).sure
    assert not lacking(reading(0.02), "cause", worded=True).sure


def test_without_roles_the_words_stand_alone_and_are_never_sure():
    assert not lacking(reading(None), "cause", worded=False).sure
    assert lacking(reading(None), "cause", worded=True) is None


def test_an_omission_names_words_near_to_it_and_quotes_none():
    cue = omission(reading(0.02), "cause", worded=False, near=("friction",), extra="why")

    assert cue.span is None
    assert cue.near.quote in PLAIN
    assert cue.slots == {"extra": "why"}


def test_a_deed_is_quoted_in_the_sentence_that_has_the_role():
    found = committed(reading(0.95), "cause", None)

    assert found.span.quote == "People wait at the door."
    assert not found.sure


def test_a_deed_in_doubt_needs_words_that_show_it():
    doubtful = reading(0.5)

    assert committed(doubtful, "cause", None) is None
    assert committed(doubtful, "cause", doubtful.sentences[1])


def test_a_deed_is_sure_when_role_and_words_agree():
    sure = reading(0.95)

    assert committed(sure, "cause", sure.sentences[1]).sure


def test_words_alone_do_not_make_a_deed_of_what_is_improbable():
    clean = reading(0.05)

    assert committed(clean, "cause", clean.sentences[0]) is None


def test_a_role_that_makes_it_good_outweighs_the_deed():
    made = reading(0.75, role="missing_feature")
    made.__dict__["read_roles"] = Roles(
        made.sentences, {"missing_feature": (0.0, 0.75), "moment": (0.9, 0.0)}
    )

    assert committed(made, "missing_feature", None, unless=("moment",)) is None


def test_sentences_are_counted_from_the_border_of_their_role():
    assert [s.quote for s in having(reading(0.9), "cause")] == ["People wait at the door."]
    assert having(reading(None), "cause") == ()


def test_sides_are_read_where_they_are_listed_and_else_where_they_are_spoken_of():
    listed = sides_in("Two sides: customers and laundries (family shops). Rivals: couriers.")
    spoken = sides_in("Guests book a room; hosts are paid a week later. Rivals: hotels.")

    assert [side.name for side in listed] == ["customers", "laundries"]
    assert [side.name for side in spoken] == ["guests", "hosts"]


def test_the_marks_of_a_running_list_make_no_sentence_with_a_figure():
    marks = "Ideas: 1. a van brings the bags 2. lockers in the hall 3. calls before the driver."
    assert ground(Reading("prioritize", marks, laundry())).figured == 0
    sized = f"{marks} The van saves 14% of late returns."
    assert ground(Reading("prioritize", sized, laundry())).figured == 1


def test_only_a_number_or_a_share_of_people_counts_people():
    people = frozenset(map(stem, ("people", "person", "members", "buyers")))

    def counts(label: str, unit: str) -> bool:
        return Baseline("x", label, 1.0, "1", "", unit).counts(people)

    assert counts("planners", "people / month")
    assert counts("bought before", "share of first-time buyers")
    assert counts("members who come back", "share")
    assert counts("monthly members", "")
    assert not counts("calls per person", "calls / person")
    assert not counts("calls per person sent back", "share")
    assert not counts("room for work", "person-months / quarter")
    assert not counts("orders of new buyers", "share of orders of buyers")
    assert not counts("fee", "USD / member")
