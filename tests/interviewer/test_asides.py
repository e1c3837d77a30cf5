"""What has nothing to do with the case gets no fact, and what only looks so does."""

import pytest

from coach.interviewer.engine import reply


@pytest.mark.parametrize(
    ("message", "about"),
    [
        ("How is my answer marked?", "exercise"),
        ("What would a strong candidate have said here?", "exercise"),
        ("could you tell me if my answer was right", "exercise"),
        ("How many minutes do I still have for this interview?", "exercise"),
        ("Who is the chief executive of the company?", "company"),
        ("Which programming language is your backend written in?", "company"),
        ("Will it rain in Lisbon this weekend?", "world"),
        ("Can you recommend a good film?", "world"),
    ],
)
def test_an_aside_gets_no_fact_and_is_known_for_what_it_is(index, message, about) -> None:
    found = reply(index, message)
    assert (found.kind, found.facts, found.suggestions) == ("unknown", (), ())
    assert [part.aside for part in found.parts] == [about]


@pytest.mark.parametrize(
    ("message", "fact"),
    [
        ("Which things are off the table for us?", "limits"),
        ("What would count as a good result here?", "goal"),
        ("Who else in town does what we do?", "rivals"),
        ("What share of bookings ends as a no-show?", "noshow"),
    ],
)
def test_a_question_about_the_case_that_sounds_like_an_aside_is_answered(
    index, message, fact
) -> None:
    found = reply(index, message)
    assert [match.id for match in found.facts] == [fact]
    assert not any(part.aside for part in found.parts)


def test_what_the_sheets_author_foresaw_is_never_an_aside(index) -> None:
    (part,) = reply(index, "what would success look like").parts
    assert (part.kind, part.aside) == ("answer", "")


def test_without_the_language_model_nothing_is_called_an_aside(plain_index) -> None:
    found = reply(plain_index, "How is my answer marked?")
    assert not any(part.aside for part in found.parts)
