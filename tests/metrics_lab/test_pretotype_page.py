"""Pretotype: a sentence, a rule that is sealed before the data, and what the data can carry."""

from __future__ import annotations

import html
import re
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from metrics_lab.engine.pretotype.kinds import KINDS
from tests.metrics_lab.test_experiment_page import HTMX, QUERIES, said, sentence

pytestmark = pytest.mark.usefixtures("plain_charts")
PAGE = "lab-pretotype"
PLAN = {"x": "15", "y": "visitors", "z": "leave their address", "poor": "10 %"}
RULE = {"rule_people": "270", "rule_go": "36"}
DATA = {"people": "270", "did": "45"}


def page(client: Client, sent: dict[str, str], status: int = 200, **headers: str) -> str:
    """Return the page's text with entities resolved."""
    response = client.get(reverse(PAGE), sent, headers=headers)
    assert response.status_code == status, html.unescape(response.content.decode())[-3000:]
    return html.unescape(response.content.decode())


def sealed(client: Client, **changes: str) -> dict[str, str]:
    """State a rule without data and return the address's parameters, the seal among them."""
    response = client.get(reverse(PAGE), PLAN | RULE | changes)
    assert response.status_code == 302
    query = parse_qs(urlsplit(response["Location"]).query)
    assert query["seal"][0]
    return {name: values[0] for name, values in query.items()}


def test_the_page_begins_with_an_example_that_says_it_is_hypothetical(client: Client) -> None:
    body = page(client, {})
    assert "hypothetical example" in body
    assert "State the rule first." in body
    assert "<svg" in body


def test_the_three_fields_read_as_the_sentence(client: Client) -> None:
    assert "At least 15 % of visitors will leave their address." in page(client, PLAN)


def test_the_smallest_exact_test_is_said_in_words_for_an_answer(client: Client) -> None:
    assert sentence(page(client, PLAN | {"kind": "fake_door"})) == (
        "At least 15 % of visitors will leave their address. A fake door pretotype asks 270 people,"
        " and I go on at 36 or more: at 10 %, which is not worth it, that happens in 4.7 % of"
        " tests, at 15 % in 80.1 %."
    )


def test_the_suggested_rule_is_one_press_away(client: Client) -> None:
    body = page(client, PLAN)
    link = re.search(r'href="(\?[^"]*)">Take this rule', body)
    assert link
    query = parse_qs(link[1][1:])
    assert (query["rule_people"], query["rule_go"]) == (["270"], ["36"])
    assert (query["x"], query["z"]) == (["15"], ["leave their address"])


def test_a_rule_is_sealed_with_its_time_before_the_data(client: Client) -> None:
    sent = sealed(client)
    body = page(client, sent)
    assert "Ask 270 people. Go on at 36 or more, stop at fewer." in body
    assert "<time datetime=" in body
    assert f'value="{sent["seal"]}"' in body


def test_data_after_a_sealed_rule_are_judged_by_it(client: Client) -> None:
    body = page(client, sealed(client) | DATA)
    assert "Go on" in body
    assert "By the rule stated before: go on." in sentence(body)
    assert "16.7 %" in body
    assert "12.4 % to 21.7 %" in body
    assert "<time datetime=" in body
    assert "When was the rule stated?" not in body


@pytest.mark.parametrize(
    ("did", "label"), [("36", "Go on"), ("35", "Repeat"), ("27", "Repeat"), ("26", "Stop")]
)
def test_a_rule_may_leave_room_to_repeat(client: Client, did: str, label: str) -> None:
    body = page(client, sealed(client, rule_stop="27") | DATA | {"did": did})
    assert f"By the rule stated before: {label.lower()}." in sentence(body)
    assert "stop below 27, repeat from 27 to 35" in body


def test_a_rule_that_was_changed_after_the_seal_is_remarked_on(client: Client) -> None:
    body = page(client, sealed(client) | DATA | {"rule_go": "30"})
    assert "The rule was changed after it was first stated." in body
    assert "By the rule stated before" not in sentence(body)
    body = page(client, sealed(client) | DATA | {"poor": "5"})
    assert "The rule was changed after it was first stated." in body


def test_a_rule_that_is_changed_before_the_data_is_sealed_anew(client: Client) -> None:
    first = sealed(client)
    again = client.get(reverse(PAGE), first | {"rule_go": "38"})
    assert again.status_code == 302
    assert first["seal"] not in again["Location"]


def test_results_without_a_rule_get_a_remark(client: Client) -> None:
    body = page(client, PLAN | DATA)
    assert "No rule was stated before these results" in body
    assert "State the rule first." in body


def test_a_rule_that_comes_with_its_result_gets_a_remark(client: Client) -> None:
    body = page(client, PLAN | RULE | DATA)
    assert "Rule and result came together" in body
    assert "<time datetime=" not in body


@pytest.mark.parametrize("seal", ["x", "a:b:c", "\u2713", "s" * 5000])
def test_a_seal_of_another_maker_is_none(client: Client, seal: str) -> None:
    assert "Rule and result came together" in page(client, PLAN | RULE | DATA | {"seal": seal})


def test_other_peoples_data_are_an_opinion(client: Client) -> None:
    others = DATA | {"source": "others", "source_text": "a report"}
    body = page(client, sealed(client) | others)
    assert "Other people’s data: an opinion" in body
    assert "(a report)" in body
    assert "By the rule" not in sentence(body)
    assert "Of 270 people" not in sentence(body)


@pytest.mark.parametrize(
    ("people", "label"), [("100", "Too early"), ("280", "More people than the rule")]
)
def test_counts_of_other_people_than_the_rules_are_not_judged(
    client: Client, people: str, label: str
) -> None:
    body = page(client, sealed(client) | {"people": people, "did": "45"})
    assert label in body
    assert "By the rule stated before" not in sentence(body)


@pytest.mark.parametrize(
    ("did", "words"),
    [
        ("10", "lies below the rate that is not worth it"),
        ("27", "X lies above the whole interval"),
        ("45", "X is possible and the poor rate is not"),
        ("70", "lies above X"),
        ("34", "both lie in the interval"),
    ],
)
def test_what_the_data_exclude_is_said(client: Client, did: str, words: str) -> None:
    assert words in page(client, PLAN | RULE | DATA | {"did": did})


def test_a_weak_rule_hears_how_often_it_errs(client: Client) -> None:
    body = page(client, sealed(client, rule_people="40", rule_go="4"))
    assert "Your rule goes on for nothing in" in body
    body = page(client, sealed(client, rule_people="40", rule_go="9"))
    assert "your rule notices it in" in body


def test_what_an_hour_of_data_costs_is_said(client: Client) -> None:
    body = page(client, PLAN | RULE | DATA | {"hours": "6", "cost": "40"})
    assert "$6.67" in body
    assert "per hour to data" in body
    assert "$0.15" in body


def test_the_kinds_answer_the_doubt_the_cheapest_first(client: Client) -> None:
    body = page(client, PLAN | {"doubt": "pay"})
    assert body.index("Re-label<") < body.index("Facade<") < body.index("Impostor<")
    assert "Provincial<span" not in body
    assert all(f"{kind.name}<span" in page(client, PLAN) for kind in KINDS)


def test_a_kind_that_does_not_fit_is_remarked_on(client: Client) -> None:
    body = page(client, PLAN | {"doubt": "pay", "kind": "fake_door", "evidence": "4"})
    assert "does not answer that doubt; the cheapest that does is a Re-label" in body
    assert "gets a click or an address at best, not money or habit" in body
    assert "level 0 of 4" in page(client, PLAN | {"evidence": "0"})


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"x": ""}, "x"),
        ({"x": "0"}, "x"),
        ({"x": "101"}, "x"),
        ({"y": ""}, "y"),
        ({"z": " "}, "z"),
        ({"y": "y" * 81}, "y"),
        ({"poor": "15"}, "poor"),
        ({"poor": "14.9"}, "poor"),
        ({"poor": "nan"}, "poor"),
        ({"doubt": "all"}, "doubt"),
        ({"kind": "mvp"}, "kind"),
        ({"evidence": "9"}, "evidence"),
        ({"rule_people": "270"}, "rule_go"),
        ({"rule_go": "36"}, "rule_people"),
        ({"rule_people": "30", "rule_go": "31"}, "rule_go"),
        ({"rule_people": "270", "rule_go": "36", "rule_stop": "37"}, "rule_stop"),
        ({"rule_people": "1.5", "rule_go": "1"}, "rule_people"),
        ({"people": "10"}, "did"),
        ({"did": "10"}, "people"),
        ({"people": "10", "did": "11"}, "did"),
        ({"people": "1e9", "did": "1"}, "people"),
        ({"source": "nobody"}, "source"),
        ({"hours": "0"}, "hours"),
        ({"cost": "-1"}, "cost"),
        ({"alpha": "50"}, "alpha"),
        ({"power": "20"}, "power"),
    ],
)
def test_what_cannot_be_is_said_at_its_field(
    client: Client, sent: dict[str, str], field: str
) -> None:
    body = page(client, PLAN | sent, 422)
    assert said(body, field)
    assert sentence(body) == ""


@pytest.mark.parametrize("odd", ["<script>alert(1)</script>", "\x00", "{{7*7}}", "9" * 60])
def test_nothing_typed_breaks_the_page(client: Client, odd: str) -> None:
    for field in ("x", "y", "poor", "kind", "rule_go", "did", "source_text", "seal"):
        response = client.get(reverse(PAGE), PLAN | RULE | DATA | {field: odd}, headers=HTMX)
        assert response.status_code in (200, 422)
        body = response.content.decode()
        assert (response.status_code == 422) == ("notice-attention" in body)
        assert "<script>alert" not in body


def test_a_link_may_fill_in_a_part(client: Client) -> None:
    body = page(client, {"x": "12", "z": "come back"})
    assert 'value="12"' in body
    assert "A field or two to go" in body
    assert not said(body, "poor")


def test_a_script_gets_the_result_and_an_address_with_the_seal(client: Client) -> None:
    response = client.get(reverse(PAGE), PLAN | RULE, headers=HTMX)
    body = html.unescape(response.content.decode())
    seal = parse_qs(urlsplit(response["HX-Replace-Url"]).query)["seal"][0]
    assert "<form class=" not in body
    assert f'id="id_seal" value="{seal}" hx-swap-oob="true"' in body
    assert "<time datetime=" in body
    assert "By the rule stated before" in sentence(
        page(client, PLAN | RULE | DATA | {"seal": seal})
    )


def test_the_page_is_got_and_not_posted(client: Client) -> None:
    assert client.post(reverse(PAGE), PLAN).status_code == 405


@pytest.mark.django_db
def test_the_page_asks_the_database_only_who_looks(
    as_alice: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    as_alice.get(reverse("lab-home"))
    with django_assert_num_queries(QUERIES):
        page(as_alice, PLAN)
