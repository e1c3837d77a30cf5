"""Size a test: what is typed is sized, what is unclear is asked, what is odd is said."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

import pytest
from django.http import HttpRequest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from metrics_lab import takers
from metrics_lab.forms.experiment import FORMS
from metrics_lab.takers import Taker

pytestmark = pytest.mark.usefixtures("plain_charts")
PAGE = "lab-experiment"
RATES = {"kind": "rates", "baseline": "20", "change": "25", "change_as": "target"}
MEANS = {"kind": "means", "sd": "10", "change": "1", "change_as": "unit"}
RATIO = {
    "kind": "ratio",
    "mean_top": "0.8",
    "variance_top": "3.2",
    "mean_bottom": "16",
    "variance_bottom": "400",
    "covariance": "24",
    "change": "5",
    "change_as": "relative",
}
ODD = [
    "abc",
    "nan",
    "inf",
    "1e999",
    "--3",
    "9" * 60,
    "<script>alert(1)</script>",
    "\x00",
]
QUERIES = 6
"""Five for the frame of every page, one for the answers that a sentence can be put into."""
HTMX = {"HX-Request": "true"}


def page(client: Client, sent: dict[str, str], status: int = 200, **headers: str) -> str:
    """Return the page's text with entities resolved."""
    response = client.get(reverse(PAGE), sent, headers=headers)
    assert response.status_code == status, html.unescape(response.content.decode())[-3000:]
    return html.unescape(response.content.decode())


def said(body: str, field: str) -> str:
    """Return the message at a field, or nothing."""
    place = re.search(rf'id="id_{field}_say"[^>]*>(.*?)</div>', body, re.S)
    assert place, field
    return re.sub(r"<[^>]+>|\s+", " ", place[1]).strip()


def sentence(body: str) -> str:
    """Return the sentence that can be put into an answer."""
    found = re.search(r'<div class="card put"><p class="card-line">(.*?)</p>', body)
    return found[1] if found else ""


@pytest.mark.parametrize("kind", list(FORMS))
def test_every_kind_begins_with_an_example_that_says_it_is_hypothetical(
    client: Client, kind: str
) -> None:
    body = page(client, {"kind": kind})
    assert "hypothetical example" in body
    assert "people per arm" in sentence(body)
    assert "<svg" in body


def test_the_size_is_said_in_one_sentence(client: Client) -> None:
    body = page(client, RATES | {"metric": "conversion", "traffic": "1,000"})
    assert sentence(body) == (
        "To see conversion rise from 20 % to 25 %, a two-sided test at 5 % with 80 % power needs"
        " 1,094 people per arm (exact power 80.1 %), 2,188 in total: 3 whole weeks at 1,000 new"
        " people a week."
    )


@pytest.mark.parametrize(
    ("own", "label", "text"),
    [
        ("1,030", "Another form (the baseline’s variance)", "true power is 77.7 %"),
        ("1094", "The same form", "80.1 %"),
        ("2188", "The total of all 2 arms", "1,094 per arm"),
        ("700", "None of the published forms", "true power is 61.1 %"),
    ],
)
def test_a_brought_figure_is_named_and_never_called_wrong(
    client: Client, own: str, label: str, text: str
) -> None:
    body = page(client, RATES | {"own": own})
    answer = body[body.index("trial-own") : body.index("trial-own") + 1200]
    assert label in answer
    assert text in answer
    assert "wrong" not in answer.casefold()


def test_a_change_with_two_readings_is_asked_about(client: Client) -> None:
    body = page(client, RATES | {"change": "5 %", "change_as": ""}, 422)
    asked = said(body, "change_as")
    assert "5 points (20 % to 25 %)" in asked
    assert "5 % of today’s rate (20 % to 21 %)" in asked
    assert sentence(body) == ""
    assert 'value="5 %"' in body


@pytest.mark.parametrize(
    ("change", "how", "target"),
    [("5", "points", "25 %"), ("5", "relative", "21 %"), ("25 %", "target", "25 %")],
)
def test_a_change_means_what_was_chosen(client: Client, change: str, how: str, target: str) -> None:
    body = page(client, RATES | {"change": change, "change_as": how})
    assert f"rise from 20 % to {target}," in sentence(body)


def test_a_fall_is_a_fall(client: Client) -> None:
    body = page(client, RATES | {"change": "-5", "change_as": "points", "traffic": "1094"})
    assert "fall from 20 % to 15 %" in sentence(body)
    assert "−" in body


def test_a_mean_in_percent_needs_its_mean(client: Client) -> None:
    body = page(client, MEANS | {"change_as": "relative"}, 422)
    assert "Percent of what?" in said(body, "mean")
    body = page(client, MEANS | {"change_as": "relative", "mean": "100", "unit": "minutes"})
    assert "rise by 1 minute from 100 minutes" in sentence(body)


@pytest.mark.parametrize("sent", [MEANS, RATIO], ids=["means", "ratio"])
def test_a_change_of_a_mean_or_ratio_is_asked_about_too(
    client: Client, sent: dict[str, str]
) -> None:
    assert "choose" in said(page(client, sent | {"change_as": ""}, 422), "change_as")


def test_a_ratio_is_sized_by_person(client: Client) -> None:
    body = page(client, RATIO | {"own": "7457"})
    assert "17,660 people per arm" in sentence(body)
    assert "2.4 times too few" in body
    assert "every unit taken for a person" in body


def test_a_covariance_that_cannot_be_is_said_at_its_field(client: Client) -> None:
    body = page(client, RATIO | {"covariance": "40"}, 422)
    assert "between -35.7771 and 35.7771" in said(body, "covariance")


def test_the_guardrail_that_decides_the_length_is_named(client: Client) -> None:
    rails = {"g1_name": "refund rate", "g1_level": "4 %", "g1_margin": "1", "g2_name": "load time",
             "g2_kind": "mean", "g2_level": "1.5", "g2_margin": "0.5"}  # fmt: skip
    body = page(client, RATES | rails | {"traffic": "1000"})
    assert "the guardrail refund rate needs 6,028 per arm and so 13 whole weeks" in sentence(body)
    assert "refund rate decides the length" in body
    assert "51.2 %" in body  # 0.8 to the power of 3
    assert 'name="g3_name"' in body
    assert 'name="g4_name"' not in body


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"g1_name": "refunds"}, "g1_level"),
        ({"g1_level": "4"}, "g1_margin"),
        ({"g1_level": "140", "g1_margin": "1"}, "g1_level"),
        ({"g1_level": "4", "g1_margin": "0"}, "g1_margin"),
        ({"g1_kind": "median", "g1_level": "4", "g1_margin": "1"}, "g1_kind"),
        ({"g1_kind": "mean", "g1_level": "1e12", "g1_margin": "0.00001"}, "g1_margin"),
    ],
)
def test_a_guardrail_that_is_not_whole_is_said_at_its_field(
    client: Client, sent: dict[str, str], field: str
) -> None:
    assert said(page(client, RATES | sent, 422), field)


def test_early_looks_are_counted_and_bounds_offered(client: Client) -> None:
    body = page(client, RATES | {"looks": "5", "traffic": "1000"})
    assert "14.2 %" in body
    assert "21, one a day" in body
    assert "|z| ≥ 2.41 at any look" in body
    assert "4.56, 3.23, 2.63, 2.28, 2.04" in body


def test_several_arms_share_the_error_level_or_the_page_warns(client: Client) -> None:
    body = page(client, RATES | {"arms": "3"})
    assert "divided among 2 comparisons" in sentence(body)
    body = page(client, RATES | {"arms": "3", "divided": "no"})
    assert "shows a winner in up to 9.8 %" in body


def test_what_the_traffic_lets_one_see_is_shown_for_the_weeks_one_has(client: Client) -> None:
    body = page(client, RATES | {"traffic": "1094", "wait": "2", "share": "50 %"})
    assert "2 whole weeks" in body
    body = page(client, RATES | {"traffic": "2188", "per": "week"})
    assert re.search(r'"Points">\+5</td>.*?"Relative">\+25 %</td>.*?"To the rate">25 %<', body)


@pytest.mark.parametrize(("per", "weeks"), [("day", "1 whole week"), ("month", "10 whole weeks")])
def test_traffic_is_counted_by_day_or_month_too(client: Client, per: str, weeks: str) -> None:
    assert weeks in sentence(page(client, RATES | {"traffic": "1000", "per": per}))


def test_a_rate_below_one_percent_is_read_as_written_and_remarked_on(client: Client) -> None:
    body = page(client, RATES | {"baseline": "0.2", "change": "20", "change_as": "relative"})
    assert "read as 0.2 %. If you meant 20 %" in body
    body = page(client, RATES | {"baseline": "0.2 %", "change": "20", "change_as": "relative"})
    assert "If you meant" not in body


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"baseline": ""}, "baseline"),
        ({"baseline": "0"}, "baseline"),
        ({"baseline": "100"}, "baseline"),
        ({"change": ""}, "change"),
        ({"change": "90", "change_as": "points"}, "change"),
        ({"change": "20"}, "change"),
        ({"change": "20.0000001"}, "change"),
        ({"change_as": "furlongs"}, "change_as"),
        ({"traffic": "0"}, "traffic"),
        ({"traffic": "50 %"}, "traffic"),
        ({"per": "year"}, "per"),
        ({"own": "1"}, "own"),
        ({"own": "1030.5"}, "own"),
        ({"alpha": "60"}, "alpha"),
        ({"alpha": "40", "power": "10"}, "power"),
        ({"power": "100"}, "power"),
        ({"sides": "3"}, "sides"),
        ({"arms": "1"}, "arms"),
        ({"arms": "2.5"}, "arms"),
        ({"divided": "perhaps"}, "divided"),
        ({"share": "0"}, "share"),
        ({"wait": "0"}, "wait"),
        ({"looks": "101"}, "looks"),
        ({"metric": "m" * 81}, "metric"),
    ],
)
def test_what_cannot_be_is_said_at_its_field_and_kept(
    client: Client, sent: dict[str, str], field: str
) -> None:
    body = page(client, RATES | sent, 422)
    assert said(body, field)
    assert sentence(body) == ""
    assert f'value="{sent[field]}"' in body or field not in ("baseline", "change", "traffic")


@pytest.mark.parametrize("odd", ODD)
@pytest.mark.parametrize("sent", [RATES, MEANS, RATIO], ids=["rates", "means", "ratio"])
def test_nothing_typed_into_a_number_breaks_the_page(
    client: Client, sent: dict[str, str], odd: str
) -> None:
    fields = [next(name for name in sent if name not in ("kind", "unit")), "change", "own", "alpha"]
    for field in fields:
        response = client.get(reverse(PAGE), sent | {field: odd}, headers=HTMX)
        assert response.status_code == 422
        body = response.content.decode()
        assert "<html" not in body
        assert "<script>alert" not in body
        assert said(html.unescape(body), field), field


@pytest.mark.parametrize("kind", ["medians", "", "\x00", "<b>"])
def test_an_unknown_kind_is_a_test_of_a_rate(client: Client, kind: str) -> None:
    assert 'name="baseline"' in page(client, {"kind": kind})


def test_the_largest_figures_are_answered(client: Client) -> None:
    many = {"arms": "20", "traffic": "1e12", "own": "1000000000000", "looks": "100", "wait": "520"}
    body = page(client, RATES | many | {"baseline": "50", "change": "50.0001"})
    assert "people per arm" in sentence(body)
    huge = {"sd": "1e12", "change": "1e-9"}
    assert "that many people" in said(page(client, MEANS | huge, 422), "change")
    tiny = MEANS | {"sd": "1e-9", "change": "1e12", "own": "2"}
    assert "2 people per arm" in sentence(page(client, tiny))


def test_a_link_may_fill_in_a_part(client: Client) -> None:
    body = page(client, {"baseline": "3.4", "metric": "conversion"})
    assert 'value="3.4"' in body
    assert 'value="conversion"' in body
    assert "A figure or two to go" in body
    assert not said(body, "change")


def test_a_script_gets_the_result_with_a_message_for_each_field(client: Client) -> None:
    body = page(client, RATES, **HTMX)
    assert body.lstrip().startswith('<div class="trial-result" id="trial-result">')
    assert "<form class=" not in body
    assert body.count('hx-swap-oob="true"') == len(RATES.keys() & FORMS["rates"].base_fields)
    body = page(client, RATES | {"change_as": ""}, 422, **HTMX)
    assert "Do you mean" in said(body, "change_as")
    assert "Not computed yet" in body
    whole = page(client, RATES, **HTMX, **{"HX-History-Restore-Request": "true"})
    assert "<html" in whole


def test_the_page_is_got_and_not_posted(client: Client) -> None:
    assert client.post(reverse(PAGE), RATES).status_code == 405
    assert client.head(reverse(PAGE)).status_code == 200


@pytest.mark.django_db
def test_the_page_asks_the_database_only_who_looks(
    as_alice: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    as_alice.get(reverse("lab-home"))
    with django_assert_num_queries(QUERIES):
        page(as_alice, RATES)


@pytest.fixture
def taker() -> Iterator[Taker]:
    """An answer that is being written."""
    found = Taker("step 6 of “TikTok Shop”", "/practice/put/")

    def source(request: HttpRequest) -> list[Taker]:
        return [found]

    takers.register(source)
    yield found
    takers._sources.remove(source)


def test_the_sentence_can_be_put_into_an_answer(client: Client, taker: Taker) -> None:
    body = page(client, RATES)
    assert f'formaction="{taker.url}"' in body
    assert f'name="sentence" value="{sentence(body)}"' in body


def test_a_chart_has_its_table(client: Client) -> None:
    body = page(client, RATES | {"own": "1030"})
    assert ">1,030: 77.7 %<" in body
    assert "The diamond is your 1,030." in body
    assert re.search(r"<caption[^>]*>Power by people per arm</caption>", body)


def fields_of(body: str) -> dict[str, str]:
    """Return what a browser would send of the form: inputs and chosen options."""
    start = body.index('id="trial-form"')
    form = body[start : body.index("</form>", start)]
    sent = {}
    for found in re.finditer(r"<input ([^>]*)>", form):
        attributes = dict(re.findall(r'([\w-]+)="([^"]*)"', found[1]))
        if "name" in attributes:
            sent[attributes["name"]] = html.unescape(attributes.get("value", ""))
    for name, options in re.findall(r'<select name="(\w+)".*?>(.*?)</select>', form, re.S):
        chosen = re.search(r'value="([^"]*)" selected', options)
        sent[name] = chosen[1] if chosen else ""
    return sent


def switch(client: Client, body: str, to: str, **typed: str) -> str:
    """Type into the form as it stands, press another kind, and return the page that comes."""
    response = client.get(reverse(PAGE), fields_of(body) | typed | {"to": to}, follow=True)
    assert response.status_code == 200
    assert "to=" not in response.redirect_chain[-1][0]
    return response.content.decode()


def test_switching_the_kind_loses_nothing_typed(client: Client) -> None:
    guard = {"g1_name": "Refunds", "g1_level": "4", "g1_margin": "1"}
    rates = page(client, {"kind": "rates"})
    means = switch(
        client,
        rates,
        "means",
        metric="Sign-ups",
        baseline="12",
        alpha="1 %",
        traffic="900",
        **guard,
    )
    shown = fields_of(means)
    assert 'name="sd"' in means
    assert {n: shown[n] for n in ("metric", "alpha", "traffic", *guard)} == {
        "metric": "Sign-ups", "alpha": "1 %", "traffic": "900", **guard,
    }  # fmt: skip
    assert shown["change_as"] == ""  # points are no unit of a mean
    ratio = switch(client, means, "ratio", sd="41", change="2", change_as="unit", metric="Minutes")
    assert 'name="covariance"' in ratio
    again = fields_of(switch(client, ratio, "means"))
    assert (again["sd"], again["change"], again["change_as"]) == ("41", "2", "unit")
    back = switch(client, ratio, "rates")
    shown = fields_of(back)
    assert (shown["baseline"], shown["change"], shown["change_as"]) == ("12", "5", "points")
    assert shown["metric"] == "Minutes"
    assert "per arm" in back


def test_what_is_wrong_in_one_kind_is_kept_as_it_was_typed(client: Client) -> None:
    means = switch(client, page(client, {"kind": "rates"}), "means", baseline="much<b>")
    assert 'name="baseline" value="much&lt;b&gt;"' in means
    assert fields_of(switch(client, means, "ratio", sd="x"))["baseline"] == "much<b>"


def test_an_example_that_nobody_touched_gives_way_to_the_next(client: Client) -> None:
    means = switch(client, page(client, {"kind": "rates"}), "means")
    assert "a hypothetical example" in means
    assert fields_of(means)["metric"] == "minutes watched per person and day"
    assert "baseline" not in fields_of(means)


def test_what_is_kept_for_another_kind_is_bounded(client: Client) -> None:
    sent = {"kind": "means", "baseline": "9" * 5000, "rates_change": "7" * 5000, "metric": "x"}
    shown = fields_of(page(client, sent))
    assert len(shown["baseline"]) == len(shown["rates_change"]) == 200


@pytest.mark.parametrize("to", ["medians", "", "<b>"])
def test_a_kind_that_is_none_switches_nothing(client: Client, to: str) -> None:
    assert client.get(reverse(PAGE), RATES | {"to": to}).status_code == 200
