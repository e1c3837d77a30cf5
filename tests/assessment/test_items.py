"""Items are counted by their marks, not by the figures between them."""

from __future__ import annotations

from coach.assessment.items import _inline, items
from coach.assessment.parse import read_artefact
from tests.assessment.helpers import laundry


def test_the_points_of_decimals_make_no_list() -> None:
    assert _inline("Kept orders are 1.76 today and should be 2.3 in two quarters.") is None


def test_marks_in_running_text_make_a_list() -> None:
    found = _inline("1) Door locker with a code. 2) Evening van that rings.")
    assert found is not None
    assert len(found.spans) == 2


def test_a_comma_between_thousands_makes_no_groups() -> None:
    text = "Regulars have washed here before: 6 %, 600,000. I choose them, they trust us."
    assert read_artefact("segment", text, laundry())["rows"] == []


def test_lines_numbered_by_a_letter_and_a_digit_are_a_list() -> None:
    found = items("P1 finding a book\nP2 planning a visit\nP3 keeping the habit")

    assert found.form == "list"
    assert [span.quote for span in found.spans[:2]] == ["finding a book", "planning a visit"]
