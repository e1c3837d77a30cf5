"""The catalogue's pages: found by any name, computed as typed, bad numbers said at their field."""

from __future__ import annotations

import contextlib
import html
import re

import pytest
from django.test import Client
from django.urls import NoReverseMatch, reverse

from metrics_lab import takers
from metrics_lab.engine.catalogue import metrics as catalogue
from metrics_lab.engine.catalogue import relations
from metrics_lab.forms.numbers import read_number
from metrics_lab.presentation.metrics import result_words

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


def test_filters_narrow_the_list_and_count_what_is_behind_each_value(client: Client) -> None:
    body = client.get(reverse(HOME), {"kind": "vanity_risk", "family": "content"}).content.decode()
    wanted = [m for m in catalogue.load() if (m.kind, m.family) == ("vanity_risk", "content")]
    assert f"{len(wanted)} of 82 metrics" in body
    assert all(reverse("lab-metric", args=[m.id]) in body for m in wanted)
    assert reverse("lab-metric", args=["gmv"]) not in body
    assert f'<option value="content" selected>Content ({len(wanted)})</option>' in body


@pytest.mark.parametrize("view", ["aarrr", "heart"])
def test_a_framework_orders_the_list_and_names_its_source(client: Client, view: str) -> None:
    framework = next(each for each in relations.frameworks() if each.id == view)
    body = html.unescape(client.get(reverse(HOME), {"view": view}).content.decode())
    assert framework.purpose in body
    assert f'href="{framework.source_url}" rel="nofollow noopener"' in body
    places = [body.index(f'id="g-{stage.id}"') for stage in framework.stages]
    assert places == sorted(places)


@pytest.mark.parametrize("name", ["kind", "family", "better", "view"])
def test_a_filter_without_such_a_value_is_said_and_left_out(client: Client, name: str) -> None:
    response = client.get(reverse(HOME), {name: "<nonsense>"})
    assert response.status_code == 422
    assert "&lt;nonsense&gt;" in response.content.decode()
    assert "82 metrics" in response.content.decode()


def test_a_word_with_several_meanings_shows_them_first_and_how_they_differ(client: Client) -> None:
    body = html.unescape(client.get(reverse(HOME), {"q": "CAC"}).content.decode())
    assert "a new customer, or any action?" in body
    assert body.index("lab/metrics/cac/") < body.index("lab/metrics/payback/")
    assert "old customers included" in body


def test_a_mistyped_word_says_how_it_was_read(client: Client) -> None:
    body = client.get(reverse(HOME), {"q": "convertion"}).content.decode()
    assert "read as <b>conversion</b>" in body


def test_a_script_gets_the_list_alone_with_new_counts(client: Client) -> None:
    response = client.get(reverse(HOME), {"q": "churn"}, headers={"HX-Request": "true"})
    body = response.content.decode()
    assert "<html" not in body
    assert 'id="facets" hx-swap-oob="true"' in body
    assert "HX-Request" in response["Vary"]


def test_a_metric_says_its_range_pitfalls_neighbours_and_one_published_figure(
    client: Client,
) -> None:
    body = html.unescape(metric(client, "cvr_session"))
    assert "0 % to 100 %" in body
    assert "denominator must be stated" in body.lower()
    assert "20 % of sessions and 100 % of visitors" in body
    assert "One published figure" in body
    assert body.index("Scope:") < body.index("mean 1.4%".capitalize())
    assert 'rel="nofollow noopener"' in body
    assert "Nothing here is graded on it" in body


def test_a_result_outside_the_range_is_shown_with_a_caution(client: Client) -> None:
    response = client.get(
        reverse("lab-metric", args=["cvr_session"]), {"orders": "100000", "sessions": "2000"}
    )
    assert response.status_code == 200
    assert "upside down" in response.content.decode()


def test_the_working_is_shown_step_by_step(client: Client) -> None:
    body = metric(client, "er_view", likes="10", comments="20", shares="30", views="1000")
    assert "10 + 20 + 30" in body
    assert "60 / 1,000" in body
    assert "6 %" in body


def test_a_wanted_result_is_turned_round_for_each_input(client: Client) -> None:
    body = metric(client, "gmv", orders="200000", aov="30", want="9 million")
    assert "300,000 orders per period</b> instead of 200,000 orders per period" in body
    assert "$45 per order</b> instead of $30 per order, 1.5 times as much" in body


@pytest.mark.parametrize(
    ("want", "said"), [("lots", "Write a number"), ("150 %", "cannot be above 1")]
)
def test_a_wanted_result_that_cannot_be_is_said_at_its_field(
    client: Client, want: str, said: str
) -> None:
    sent = {"orders": "2", "sessions": "100", "want": want}
    response = client.get(reverse("lab-metric", args=["cvr_session"]), sent)
    assert response.status_code == 422
    part = response.content.decode().split('id="e-want"', 1)[1].split("</div>", 1)[0]
    assert said in part
    assert "Turned round: for" not in response.content.decode()


def test_a_script_gets_the_result_and_each_fields_error(client: Client) -> None:
    response = client.get(
        reverse("lab-metric", args=["gmv"]), {"orders": "x", "aov": "30"},
        headers={"HX-Request": "true"},
    )  # fmt: skip
    body = response.content.decode()
    assert response.status_code == 422
    assert "<html" not in body
    assert re.search(r'id="e-orders" hx-swap-oob="true"><p class="tag wrong">', body)
    assert 'id="e-aov" hx-swap-oob="true"></div>' in body
    assert "<output" not in body


def test_a_sentence_can_be_put_into_an_answer_that_is_being_written(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    writing = [takers.Taker("Grow the shop, metrics", "/practice/1/lab/put/")]
    monkeypatch.setattr(takers, "_sources", [lambda request: writing])
    body = html.unescape(metric(client, "gmv", orders="10", aov="30"))
    assert "Put into Grow the shop, metrics" in body
    assert 'formaction="/practice/1/lab/put/"' in body
    assert "Gross merchandise value is $300 per period, from completed orders" in body
    monkeypatch.setattr(takers, "_sources", [])
    assert "formaction" not in metric(client, "gmv", orders="10", aov="30")


def test_the_home_of_the_lab_links_to_each_tool_that_exists(client: Client) -> None:
    body = client.get(reverse(HOME)).content.decode()
    for name in ("lab-sheet-list", "lab-experiment", "lab-pretotype", "lab-priority",
                 "lab-cohorts", "lab-lessons"):  # fmt: skip
        with contextlib.suppress(NoReverseMatch):
            assert f'<h2><a href="{reverse(name)}">' in body


def test_leaving_a_field_redraws_nothing_under_a_click(client: Client) -> None:
    """A redraw at "change" would swap the button away between a mouse's down and its up."""
    assert 'hx-trigger="input changed delay:400ms, submit"' in metric(client, "gmv")
    home = client.get(reverse(HOME)).content.decode()
    assert "change from:#boxes, submit" in home
