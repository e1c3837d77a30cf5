from hypothesis import given, settings
from hypothesis import strategies as st

from coach.assessment.artefacts import SPECS, clean
from coach.assessment.parse import cell_places, read_artefact
from tests.assessment.helpers import laundry


def test_groups_and_the_chosen_one_are_read_from_running_prose():
    text = (
        "I split customers by when they wash: weekly washers (60%), gift washers and late washers. "
        "I choose the weekly washers because they are most."
    )
    rows = read_artefact("segment", text, laundry())["rows"]

    assert [row["name"] for row in rows] == ["weekly washers", "gift washers", "late washers"]
    assert [row["chosen"] for row in rows] == [True, False, False]


def test_solutions_get_a_row_each_with_their_names():
    text = "1. Door locker: she opens it with a code.\n2. Evening van - he rings at nine."
    rows = read_artefact("solutions", text, laundry())["rows"]

    assert [row["name"] for row in rows] == ["Door locker", "Evening van"]
    assert rows[0]["user_meets"] == "she opens it with a code."


def test_rice_cells_are_read_from_prose():
    text = "Door locker: reach 8k, impact 2, confidence 50%, effort 4 = 2000"
    row = read_artefact("prioritize", text, laundry())["rows"][0]

    assert (row["reach"], row["impact"], row["confidence"], row["effort"]) == (
        "8000",
        "2",
        "50",
        "4",
    )


def test_a_metric_row_gets_role_window_baseline_and_target():
    text = (
        "- Main metric: late bags per week, from 14% to 10% by June\n"
        "- Guardrail: lost items must not rise above 3%"
    )
    main, guard = read_artefact("metrics", text, laundry())["rows"]

    assert (main["role"], main["baseline"], main["target"]) == ("north_star", "14%", "10%")
    assert guard["role"] == "guardrail"


def test_cells_know_where_their_words_stand():
    text = "1. Door locker: she opens it with a code.\n2. Evening van: he rings at nine."
    places = cell_places(text, read_artefact("solutions", text, laundry()))

    assert places["rows.1.name"].quote == "Evening van"
    assert all(text[s.start : s.end] == s.quote for s in places.values())


@settings(max_examples=80, deadline=None)
@given(st.sampled_from(sorted(SPECS)), st.text(max_size=300))
def test_any_text_gives_a_clean_artefact(step, text):
    read = read_artefact(step, text, laundry())

    assert clean(step, read) == read
