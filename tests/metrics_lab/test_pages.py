"""The catalogue's pages: found by any name, computed as typed, bad numbers said at their field."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from metrics_lab.engine import catalogue
from metrics_lab.fields import read_number
from metrics_lab.metric_words import result_words

HOME = "lab-home"


def metric(client: Client, metric_id: str, **typed: str) -> str:
    """Return the page of a metric."""
    return client.get(reverse("lab-metric", args=[metric_id]), typed).content.decode()


def test_the_catalogue_lists_every_metric_without_a_query(client: Client) -> None:
    body = client.get(reverse(HOME)).content.decode()  # these tests may not use the database
    assert all(reverse("lab-metric", args=[m.id]) in body for m in catalogue.load())


def test_a_search_names_every_metric_the_words_may_mean(client: Client) -> None:
    body = client.get(reverse(HOME), {"q": "conversion"}).content.decode()
    assert "Conversion rate (session)" in body
    assert "Conversion rate (visitor)" in body


def test_a_search_for_nothing_known_says_how_to_go_on(client: Client) -> None:
    body = client.get(reverse(HOME), {"q": "zzzz"}).content.decode()
    assert "No metric of that name" in body
    assert 'value="zzzz"' in body


@pytest.mark.parametrize("query", ["<script>", "x" * 5000, "\u0000", "%", "🛒"])
def test_any_search_is_answered(client: Client, query: str) -> None:
    response = client.get(reverse(HOME), {"q": query})
    assert response.status_code == 200
    assert "<script>alert" not in response.content.decode()


@pytest.mark.parametrize("metric_id", [m.id for m in catalogue.load()])
def test_every_metric_computes_its_own_example(client: Client, metric_id: str) -> None:
    response = client.get(reverse("lab-metric", args=[metric_id]))
    assert response.status_code == 200
    assert "<output" in response.content.decode()


def test_a_metric_that_is_not_there_is_a_404(client: Client) -> None:
    assert client.get(reverse("lab-metric", args=["no-such"])).status_code == 404


def test_what_is_typed_is_computed(client: Client) -> None:
    body = metric(client, "gmv", orders="10,000", aov="$45")
    assert "$450,000 per period" in body


@pytest.mark.parametrize("odd", ["abc", "nan", "inf", "1e999", "--3", "1;2", "9" * 60])
def test_a_bad_number_is_said_at_its_field_and_kept(client: Client, odd: str) -> None:
    body = metric(client, "gmv", orders=odd, aov="30")
    assert f'value="{odd}"' in body
    assert 'aria-describedby="u-orders e-orders"' in body
    assert 'id="e-orders"' in body
    assert 'id="e-aov"></div>' in body  # nothing is wrong there
    assert "<output" not in body


def test_an_emptied_field_is_not_filled_with_the_example_again(client: Client) -> None:
    body = metric(client, "gmv", orders="", aov="30")
    assert 'id="e-orders"' in body
    assert 'value="200000"' not in body


def test_a_number_that_cannot_be_is_said_at_its_field(client: Client) -> None:
    response = client.get(reverse("lab-metric", args=["gmv"]), {"orders": "-1", "aov": "30"})
    assert response.status_code == 422
    assert "at least 0" in response.content.decode()


def test_a_sum_that_cannot_be_is_said(client: Client) -> None:
    body = metric(client, "aov", gmv="5", orders="0")
    assert "<output" not in body
    assert 'class="tag wrong"' in body


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("2,5", 2.5),
        ("10,000", 10_000),
        ("1,234,567.5", 1_234_567.5),
        ("10 million", 10_000_000),
        ("3k", 3000),
        ("$ 30", 30),
        ("2 %", 2),
        (".5", 0.5),
        ("-4", -4),
        ("", None),
        ("ten", None),
        ("3 apples", None),
        ("1e999", None),
        ("1" * 41, None),
    ],
)
def test_numbers_are_read_as_people_write_them(typed: str, number: float | None) -> None:
    assert read_number(typed) == number


@pytest.mark.parametrize(
    ("value", "unit", "words"),
    [
        (30, "usd/order", "$30 per order"),
        (0.02, "order/session", "2 %"),
        (0.12, "1/period", "12 % per period"),
        (4, "usd/usd", "4"),
        (240, "1", "240"),
        (8, "usd/kimpression", "$8 per 1,000 impressions"),
    ],
)
def test_results_are_said_with_their_unit(value: float, unit: str, words: str) -> None:
    assert result_words(value, unit) == words
