"""The artefact as a form: rows, marks, links, the score that computes itself, hostile data."""

from __future__ import annotations

import json

import pytest
from django.http import QueryDict
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from coach.artefact_form import (
    artefact_context,
    artefact_from_post,
    computed_value,
    links_of,
    number_in,
)
from coach.assessment import artefacts
from coach.models import Attempt


def posted(**values: str) -> QueryDict:
    """Return a posted form; "__" in a name stands for "-"."""
    data = QueryDict(mutable=True)
    for name, value in values.items():
        data[name.replace("__", "-")] = value
    return data


NAMES = st.one_of(
    st.sampled_from(
        ["rows-0-name", "rows-999-name", "rows-chosen", "rows--1-name", "field-why", "drop_row",
         "rows-0-chosen", "rows-0-unknown", "field-rows", "rows-٣-name", "rows-0-pain"]
    ),
    st.text(max_size=20),
)  # fmt: skip


@given(
    st.sampled_from(sorted(artefacts.SPECS)),
    st.dictionaries(NAMES, st.text(max_size=700), max_size=30),
)
def test_whatever_is_posted_an_artefact_stays_within_its_declaration(
    step: str, values: dict[str, str]
) -> None:
    data = QueryDict(mutable=True)
    for name, value in values.items():
        data[name] = value
    artefact = artefact_from_post(step, data)
    spec = artefacts.SPECS[step]
    columns = {column.id for column in spec.columns}
    assert set(artefact) <= {column.id for column in spec.fields} | {"rows"}
    rows = artefact.get("rows", [])
    assert len(rows) <= artefacts.MAX_ROWS
    assert all(set(row) == columns for row in rows)
    assert "\\u0000" not in json.dumps(artefact)
    cells = [value for row in rows for value in row.values() if isinstance(value, str)]
    assert all(len(cell) <= artefacts.MAX_CELL for cell in cells)
    assert artefacts.clean(step, artefact) == artefact


def test_rows_keep_their_order_and_gaps_close() -> None:
    data = posted(**{"rows-7-name": "second", "rows-2-name": "first"})
    rows = artefact_from_post("segment", data)["rows"]
    assert [row["name"] for row in rows] == ["first", "second"]


def test_dropping_a_row_takes_that_row_and_no_other() -> None:
    data = posted(**{"rows-0-name": "a", "rows-1-name": "b", "drop_row": "0"})
    assert [row["name"] for row in artefact_from_post("segment", data)["rows"]] == ["b"]


def test_a_single_mark_stands_on_one_row() -> None:
    data = posted(**{"rows-0-name": "a", "rows-1-name": "b", "rows-chosen": "1"})
    rows = artefact_from_post("segment", data)["rows"]
    assert [row["chosen"] for row in rows] == [False, True]


@pytest.mark.parametrize("odd", ["²", "9" * 5000, "x", ""])
def test_an_odd_mark_or_row_number_is_left_out(odd: str) -> None:
    data = posted(**{"rows-0-name": "a", "rows-chosen": odd, "drop_row": odd})
    assert artefact_from_post("segment", data)["rows"][0]["chosen"] is False


def test_a_link_offers_the_rows_of_the_earlier_step() -> None:
    earlier = {"pain_points": {"rows": [{"pain": "It came too late"}, {"pain": ""}]}}
    assert links_of("solutions", earlier) == {"pain_points.pain": ["It came too late"]}


def test_a_link_to_a_row_that_is_gone_keeps_its_words() -> None:
    artefact = {"rows": [{"name": "A", "pain": "gone"}]}
    context = artefact_context("solutions", artefact, links={"pain_points.pain": ["still here"]})
    assert context is not None
    link = next(c for c in context["rows"][0]["cells"] if c["column"].kind == "link")
    assert [value for value, _ in link["choices"]] == ["", "still here", "gone"]


def test_the_rice_score_computes_itself() -> None:
    row = {"reach": "1.2 M", "impact": "2", "confidence": "80 %", "effort": "4"}
    assert computed_value("score", row) == "480,000"


@pytest.mark.parametrize(
    "row",
    [
        {},
        {"reach": "many", "impact": "2", "confidence": "80", "effort": "4"},
        {"reach": "100", "impact": "2", "confidence": "80", "effort": "0"},
        {"reach": "9" * 400, "impact": "2", "confidence": "80", "effort": "4"},
    ],
)
def test_the_score_is_left_out_while_a_number_lacks_or_makes_no_sense(
    row: dict[str, str],
) -> None:
    assert computed_value("score", row) == ""


@pytest.mark.parametrize(
    ("cell", "number"),
    [("1,440,000", 1_440_000), ("2.4 M", 2_400_000), ("80 %", 80), ("about 3k", 3000), ("", None)],
)
def test_the_number_in_a_cell_is_read_as_people_write_it(cell: str, number: float | None) -> None:
    assert number_in(cell) == number


@pytest.mark.django_db
def test_adding_a_row_saves_and_shows_one_more(attempt: Attempt, as_alice: Client) -> None:
    address = reverse("practice-artefact", args=[attempt.pk, "segment"])
    names = {f"rows-{index}-name": f"Segment {index}" for index in range(3)}
    body = as_alice.post(address, names | {"add_row": "1"}).content.decode()
    assert len(attempt.steps.get(step="segment").artefact["rows"]) == 3
    assert 'name="rows-3-name"' in body


@pytest.mark.django_db
def test_dropping_a_row_in_the_form_stores_the_others(attempt: Attempt, as_alice: Client) -> None:
    address = reverse("practice-artefact", args=[attempt.pk, "segment"])
    as_alice.post(address, {"rows-0-name": "a", "rows-1-name": "b", "drop_row": "1"})
    rows = attempt.steps.get(step="segment").artefact["rows"]
    assert [row["name"] for row in rows] == ["a"]


@pytest.mark.django_db
def test_confirming_makes_read_cells_the_students_own(attempt: Attempt, as_alice: Client) -> None:
    row = attempt.steps.get(step="segment")
    row.artefact, row.read_cells = {"rows": [{"name": "a"}]}, ["rows.0.name"]
    row.save()
    address = reverse("practice-artefact", args=[attempt.pk, "segment"])
    as_alice.post(address, {"rows-0-name": "a", "confirm": "1"})
    assert attempt.steps.get(step="segment").read_cells == []


@pytest.mark.django_db
def test_a_read_cell_that_is_changed_is_no_longer_marked_as_read(
    attempt: Attempt, as_alice: Client
) -> None:
    row = attempt.steps.get(step="segment")
    row.artefact = artefacts.clean("segment", {"rows": [{"name": "a", "share": "10 %"}]})
    row.read_cells = ["rows.0.name", "rows.0.share"]
    row.save()
    address = reverse("practice-artefact", args=[attempt.pk, "segment"])
    as_alice.post(address, {"rows-0-name": "changed", "rows-0-share": "10 %"})
    assert attempt.steps.get(step="segment").read_cells == ["rows.0.share"]
