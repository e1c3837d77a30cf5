"""Prioritize: the address is the table, mistakes stand at their cells, nothing typed is lost."""

from __future__ import annotations

import csv
import io
import re

import pytest
from django.http import QueryDict
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from metrics_lab import takers
from metrics_lab.engine.priority.ranking import SCHEMES
from metrics_lab.engine.priority.scores import PriorityError
from metrics_lab.engine.quantity import QuantityError, Range
from metrics_lab.forms.priority import CELL, KEYS, read_table, read_value
from metrics_lab.takers import Taker
from metrics_lab.views.priority import percent

RICE = {factor.id: factor for factor in SCHEMES["rice"]}
ICE = {factor.id: factor for factor in SCHEMES["ice"]}
TWO = {
    "scheme": "rice",
    "i-0-n": "Reviews", "i-0-r": "2000 to 6000", "i-0-i": "1", "i-0-c": "80 %", "i-0-e": "2",
    "i-1-n": "Search", "i-1-r": "1000", "i-1-i": "0.5", "i-1-c": "50", "i-1-e": "1 to 2",
}  # fmt: skip


def body(client: Client, typed: dict[str, str]) -> str:
    """Return the words of the page for a table as typed."""
    return client.get(reverse("lab-priority"), typed).content.decode()


def test_the_first_visit_shows_an_example_that_says_it_is_hypothetical(client: Client) -> None:
    response = client.get(reverse("lab-priority"))  # these tests may not use the database
    assert response.status_code == 200
    assert "hypothetical example" in response.content.decode()
    assert "Which idea comes first?" in response.content.decode()


def test_a_table_is_ranked_with_chances_ranges_and_the_order_judged(client: Client) -> None:
    words = body(client, TWO)
    assert "By RICE, Reviews comes first in 100 % of draws" in words
    assert "Reviews beats Search in 100 % of draws: clearly ahead." in words
    assert 'value="2000 to 6000"' in words
    assert "hypothetical example" not in words


def test_a_close_order_is_called_too_close(client: Client) -> None:
    close = {**TWO, "i-1-r": "2000 to 6000", "i-1-i": "1", "i-1-c": "80 %", "i-1-e": "2"}
    words = body(client, close)
    assert re.search(r"beats \w+ in (49|50|51) % of draws: too close to call", words)


def test_where_the_highest_median_is_not_first_most_often_no_idea_is_called_the_first(
    client: Client,
) -> None:
    wide = {"i-0-r": "500 to 7900", "i-0-c": "100 %", "i-0-e": "1"}
    sure = {"i-1-r": "2000", "i-1-i": "1", "i-1-c": "100 %", "i-1-e": "1"}
    third = {"i-2-n": "Gifts", "i-2-r": "500 to 7800", "i-2-i": "1", "i-2-c": "100 %", "i-2-e": "1"}
    words = body(client, {**TWO, **wide, **sure, **third})
    assert "By RICE, no idea stands out: Search has the highest median" in words
    assert "Reviews comes first most often" in words


@pytest.mark.parametrize(
    ("cell", "typed", "words"),
    [
        ("i-0-r", "many", "Write a number, or a range"),
        ("i-0-r", "6000 to 2000", "The low end, 6000, lies above"),
        ("i-0-r", "0 to 10", "begin above 0"),
        ("i-0-e", "0", "Effort must be above 0"),
        ("i-0-e", "", "Write a number or a range"),
        ("i-0-c", "120 %", "ends at 100 %"),
        ("i-0-c", "80 to 100", "less than 100 %"),
        ("people", "some", "Write a number above 0"),
    ],
)
def test_a_mistake_is_said_at_its_cell_and_what_was_typed_stays(
    client: Client, cell: str, typed: str, words: str
) -> None:
    response = client.get(reverse("lab-priority"), {**TWO, cell: typed})
    text = response.content.decode()
    assert response.status_code == 422
    assert words in text
    field = re.search(rf'<input[^>]*\bid="{cell}"[^>]*>', text)
    assert field
    assert f'value="{typed}"' in field[0]
    assert 'aria-invalid="true"' in field[0]
    assert f'href="#{cell}"' in text
    assert 'value="Search"' in text or ">Search</textarea>" in text
    assert "Which idea comes first?" not in text


def test_a_value_off_its_scale_is_remarked_on_and_ranked_all_the_same(client: Client) -> None:
    response = client.get(reverse("lab-priority"), {**TWO, "i-0-i": "1.5", "people": "4000"})
    text = response.content.decode()
    assert response.status_code == 200
    assert "Impact: Off the scale" in text
    assert "Reach: More than the 4,000 people there are." in text
    assert "Which idea comes first?" in text


def test_rows_are_added_and_removed_without_a_script(client: Client) -> None:
    more = body(client, {**TWO, "add": "1"})
    assert more.count("Name of idea") == 3 + 1  # the last is the one a script copies
    less = client.get(reverse("lab-priority"), {**TWO, "drop": "0"})
    assert less.status_code == 200
    assert "Reviews</textarea>" not in less.content.decode()
    assert "Search</textarea>" in less.content.decode()


def test_the_cells_of_the_other_scheme_are_kept(client: Client) -> None:
    words = body(client, {**TWO, "scheme": "ice", "i-0-ii": "8"})
    assert '<input type="hidden" name="i-0-r" value="2000 to 6000">' in words
    assert 'name="i-0-ii"' in words


def test_names_alone_are_no_mistake(client: Client) -> None:
    response = client.get(reverse("lab-priority"), {"scheme": "ice", "i-0-n": "Reviews"})
    assert response.status_code == 200
    assert "Fill in the figures" in response.content.decode()


def test_ideas_of_the_same_name_are_told_apart(client: Client) -> None:
    words = body(client, {**TWO, "i-1-n": "Reviews"})
    assert "Reviews beats Reviews (2)" in words


def test_more_than_twelve_ideas_are_kept_and_refused(client: Client) -> None:
    many = {"scheme": "rice"}
    for i in range(14):
        many |= {f"i-{i}-{key}": "1" for key in "rice"} | {f"i-{i}-n": f"idea {i}"}
    response = client.get(reverse("lab-priority"), many)
    assert response.status_code == 422
    assert "Remove 2 of them" in response.content.decode()
    assert "idea 13</textarea>" in response.content.decode()


def test_the_table_can_be_downloaded_and_is_safe_to_open(client: Client) -> None:
    response = client.get(
        reverse("lab-priority"), {**TWO, "i-0-n": '=HYPERLINK("http://x")', "as": "csv"}
    )
    assert response["Content-Type"].startswith("text/csv")
    assert "attachment" in response["Content-Disposition"]
    rows = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"), newline="")))
    assert rows[0][2] == "Reach (people a quarter)"
    assert rows[1][1] == '\'=HYPERLINK("http://x")'
    assert sum(float(row[-2]) for row in rows[1:3]) == pytest.approx(1)
    assert "hypothetical" in rows[-1][0]


@pytest.mark.parametrize(
    "typed",
    [
        {"scheme": "<script>", "i-0-n": "<script>alert(1)</script>", "i-0-r": "<b>"},
        {"i-999-r": "1e999", "i-0-e": "\0", "i-1-n": "🛒" * 90},
        {"scheme": "ice", "i-0-ii": "11", "i-0-ic": "-1", "i-0-ie": "1e-9 to 1e9"},
        {"drop": "abc", "add": "", "people": "0"},
    ],
)
def test_any_address_is_answered(client: Client, typed: dict[str, str]) -> None:
    response = client.get(reverse("lab-priority"), typed)
    assert response.status_code in (200, 422)
    assert "<script>alert" not in response.content.decode()


@pytest.mark.parametrize(
    ("column", "typed", "ends"),
    [
        ("reach", "2,000 to 6,000", (2000, 6000)),
        ("reach", "2-6k", (2000, 6000)),
        ("reach", "500 to 6k", (500, 6000)),
        ("reach", "1 to 2 million", (1e6, 2e6)),
        ("confidence", "50 to 80 %", (0.5, 0.8)),
        ("confidence", "0.5 – 0.8", (0.5, 0.8)),
        ("effort", "0.5..2", (0.5, 2)),
    ],
)
def test_ranges_are_read_as_people_write_them(
    column: str, typed: str, ends: tuple[float, float]
) -> None:
    value = read_value(typed, RICE[column])
    assert isinstance(value, Range)
    assert (value.lo, value.hi) == pytest.approx(ends)
    assert value.kind == ("beta" if column == "confidence" else "lognormal")


@pytest.mark.parametrize(
    ("column", "typed", "value"),
    [
        ("confidence", "80", 0.8),
        ("confidence", "0.8", 0.8),
        ("reach", "5 to 5", 5),
        ("reach", "3k", 3000),
    ],
)
def test_a_number_alone_is_exact(column: str, typed: str, value: float) -> None:
    assert read_value(typed, RICE[column]) == pytest.approx(value)


@given(st.text(max_size=45), st.sampled_from([*RICE.values(), *ICE.values()]))
def test_any_text_is_a_value_or_refused_in_words(text: str, factor: object) -> None:
    try:
        value = read_value(text, factor)  # type: ignore[arg-type]
    except (PriorityError, QuantityError) as error:
        words = str(error)
    else:
        words = "read" if isinstance(value, Range) or value >= 0 else ""
    assert words


def test_every_factor_has_a_short_name_in_the_address() -> None:
    assert set(KEYS) == {factor.id for factors in SCHEMES.values() for factor in factors}
    assert all(CELL.fullmatch(f"i-0-{key}") for key in KEYS.values())


def test_a_full_table_fits_into_an_address() -> None:
    full = QueryDict(mutable=True)
    full["scheme"] = "rice"
    for i in range(12):
        full[f"i-{i}-n"] = "An idea with a rather long name, as many have them"
        full.update({f"i-{i}-{key}": "50 % to 80 %" for key in KEYS.values()})
    assert len(full.urlencode()) < 4000  # a server's usual limit is 4,094 characters
    assert len(read_table(full).rows) == 12


def test_a_chance_is_never_said_to_be_certain_when_it_is_not() -> None:
    assert [percent(c) for c in (0, 0.001, 0.014, 0.999, 1)] == [
        "0 %", "under 1 %", "1 %", "over 99 %", "100 %",
    ]  # fmt: skip


SIGNED_IN = 6
"""Five for the frame of every page, one for the answers that a sentence can be put into."""


@pytest.mark.parametrize("name", ["lab-priority", "lab-cohorts"])
def test_a_visitors_page_asks_the_database_nothing(client: Client, name: str) -> None:
    assert client.get(reverse(name)).status_code == 200  # no mark: a query would fail


@pytest.mark.parametrize(
    ("name", "typed"), [("lab-priority", {}), ("lab-cohorts", {"example": "visits"})]
)
def test_a_signed_in_page_asks_for_its_frame_and_open_answers_alone(
    as_alice: Client,
    django_assert_num_queries: DjangoAssertNumQueries,
    name: str,
    typed: dict[str, str],
) -> None:
    with django_assert_num_queries(SIGNED_IN):
        as_alice.get(reverse(name), typed)


@pytest.mark.parametrize(
    ("name", "typed"), [("lab-priority", {}), ("lab-cohorts", {"example": "visits"})]
)
def test_the_sentence_can_be_put_into_an_answer_that_is_being_written(
    client: Client, monkeypatch: pytest.MonkeyPatch, name: str, typed: dict[str, str]
) -> None:
    found = Taker("“TikTok Shop”, prioritize", "/practice/put/")
    monkeypatch.setattr(takers, "_sources", [lambda request: [found]])
    text = client.get(reverse(name), typed).content.decode()
    said = re.search(r'<div class="card put"><p class="card-line">(.*?)</p>', text)
    assert said
    assert f'name="sentence" value="{said[1]}"' in text
    assert 'formaction="/practice/put/"' in text
