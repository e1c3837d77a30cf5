"""What is taken out of a text before it leaves: who wrote it and how to reach them."""

from __future__ import annotations

import pytest

from coach.language_model.scrub import Private, scrub

ANNA = Private(
    names=("Anna-María Lindqvist", "am.lindqvist"), places=("North University", "north", "S-1234")
)


@pytest.mark.parametrize(
    "text",
    [
        "I, Anna-María Lindqvist, choose buyers.",
        "ANNA MARIA LINDQVIST chooses buyers",
        "lindqvist here",
        "signed: Anna",
        "anna's choice",
        "Anna_Lindqvist",
        "mail am.lindqvist@example.com",
        "mail am.lindqvist (at) example.com",
        "mail someone.else @ example . org",
        "call +49 170 123 45 67",
        "call 0170/1234567 now",
        "call (415) 555-2671",
        "see www.lindqvist.se/anna",
        "I am @lindq on the net",
        "student S-1234 of north university",
    ],
)
def test_a_name_or_an_address_is_taken_out(text: str) -> None:
    left = scrub(text, ANNA).lower()
    for private in ("anna", "maría", "maria", "lindq", "example", "123", "555", "north"):
        assert private not in left, left


@pytest.mark.parametrize(
    "text",
    [
        "1.5 million shoppers, 40% of 3,000,000, pay $2,500,000 a year.",
        "Reach 12 000 000, impact 3, effort 2.5: score 18 000 000.",
        "Between 2019 and 2024 it rose from 2 % to 2.5 %.",
        "Ages 18-24 and 25-34; 10:30 to 11:45; 2026-11-22.",
        "We will see whether they may buy. It is a long way to go.",
    ],
)
def test_figures_and_common_words_stay(text: str) -> None:
    assert scrub(text, Private(names=("Will May", "long.way"))) == text


def test_a_name_that_is_a_word_goes_only_with_a_capital() -> None:
    left = scrub("Will Young thinks they will stay young. WILL said so.", Private(("Will Young",)))
    assert left == "[name] thinks they will stay young. [name] said so."


def test_a_short_name_goes_with_a_capital() -> None:
    assert scrub("Li is in the list, li.", Private(("Li",))) in (
        "[name] is in the list, li.",
        "[name] is in the list, [name].",
    )


def test_without_anything_private_a_text_stays() -> None:
    assert (
        scrub("The curious ones rarely pay.", Private(("", ""))) == "The curious ones rarely pay."
    )
