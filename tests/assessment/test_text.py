import pytest
from hypothesis import given
from hypothesis import strategies as st

from coach.assessment.items import items
from coach.assessment.numbers import numbers, ordinals
from coach.assessment.text import count_words, overlap, sentences, stems


@given(st.text(max_size=400))
def test_every_span_slices_to_its_quote(text):
    for span in (*sentences(text), *items(text).spans):
        assert text[span.start : span.end] == span.quote


def test_a_decimal_and_a_list_number_end_no_sentence():
    found = [s.quote for s in sentences("1. It costs 2.5 dollars. 2. It is late.")]

    assert found == ["1. It costs 2.5 dollars.", "2. It is late."]


def test_numbers_are_read_with_magnitude_percent_and_money():
    found = [
        (n.value, n.unit) for n in numbers("80k people, 14 %, $1.4M, 210,000 and 210 000 orders")
    ]

    assert found == [(80000, ""), (14, "%"), (1.4e6, "$"), (210000, ""), (210000, "")]


def test_marks_of_a_list_are_no_numbers():
    assert [n.value for n in numbers("1. wait 20 minutes\n2) lose 3 socks")] == [20, 3]


@pytest.mark.parametrize(
    "text",
    [
        "Ideas: 1. a van 2. a chair 3. a call.",
        "First 1, then 2, then 3.",
        "I take option 2, and option 1 after it.",
    ],
)
def test_numbers_that_only_order_are_no_quantities(text: str) -> None:
    assert {n.start for n in numbers(text)} <= ordinals(text)


@pytest.mark.parametrize(
    "text",
    [
        "The score is 1. The other is 2.",
        "Effort 1, reach 2, impact 3.",
        "1 in 2 people wait 3 weeks.",
        "It rose from 1 to 2, then to 3 million.",
        "Option 12 percent of the people take.",
    ],
)
def test_small_quantities_are_not_taken_for_an_order(text: str) -> None:
    assert not ordinals(text)


def test_shares_in_words_count_as_numbers():
    assert [n.value for n in numbers("About half, or three in four.")] == [None, None]


def test_items_are_read_from_bullets_numbers_ordinals_and_tables():
    assert items("- one thing\n- two things").form == "list"
    assert items("They are 1) late bags, 2) lost socks").form == "inline"
    assert (
        items("First, bags are late. Second, socks are lost. Third, it smells.").form == "ordinal"
    )
    assert items("idea | cost\nbox | 3\nlocker | 5").header == ("idea", "cost")


def test_running_prose_has_no_items():
    assert items("I would look at the bags and then at the price of it all.").form == "none"


def test_stems_leave_out_stop_words_and_join_forms():
    assert stems("The washing of washed shirts") == stems("shirt wash")
    assert overlap(stems("late bags"), stems("bags that are late today")) == 1.0


def test_words_and_numbers_are_counted():
    assert count_words("Bags come back 2 days late.") == 6


def test_what_has_a_unit_or_thousands_behind_it_is_no_age():
    text = "Over 18 months, under 45 seconds, over 12,500 pots, from trade fairs, 27,500, by post"

    assert [n.value for n in numbers(text)] == [18, 45, 12_500, 27_500]
    assert numbers("Women over 60, aged 75, and his son, 34, came.") == ()
