"""The lab's page: errors at their field, the chart after the page, nobody else's, bounded work."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from coach.lab import chart as lab_chart
from coach.lab import setting
from coach.lab.levers import LabLever
from coach.lab.page import Lab, build_lab
from coach.lab.setting import setting_of
from coach.models import Attempt, CaseKey
from coach.services.ledger import facts_record
from tests.coach.factories import FIXED_IDS, SHOP, play, question_of
from tests.factories import LIBRARY, library_case

pytestmark = pytest.mark.django_db
KEY = CaseKey(FIXED_IDS[SHOP])
GMV = {"visitors", "conversion", "orders_per_buyer", "aov"}
MODEL_OF = setting.model_of.__wrapped__  # not remembered: the tests' cases share an id
CHART = {"HX-Request": "true", "HX-Target": "lab-chart"}
TREE = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def shop() -> None:
    """The shop case is in the bank."""
    question_of()


@pytest.fixture
def told(attempt: Attempt) -> Attempt:
    """Alice's attempt in which the figures of GMV were asked for."""
    facts_record(attempt=attempt, step="clarify", fact_ids=["kpis", "shopper_definition"])
    return attempt


@pytest.fixture
def address(told: Attempt) -> str:
    """Where its lab stands."""
    return reverse("practice-lab", args=[told.pk])


def lever(built: Lab, symbol: str) -> LabLever:
    """Return a lever of the lab."""
    return next(one for one in built.levers if one.symbol == symbol)


@pytest.mark.parametrize(
    ("symbol", "typed", "reason"),
    [
        ("conversion", "120", "a share ends at 100 %"),
        ("conversion", "-1", "cannot be below 0"),
        ("aov", "-30", "cannot be below 0"),
        ("aov", "30 %", "is not a percentage"),
        ("aov", "thirty", "needs a number"),
        ("visitors", "9" * 41, "needs a number"),
    ],
)
def test_what_cannot_be_is_refused_with_the_reason_and_kept(
    symbol: str, typed: str, reason: str
) -> None:
    built = build_lab(KEY, GMV, {symbol: typed}, "gmv")
    assert reason in lever(built, symbol).error
    assert lever(built, symbol).value == typed
    assert built.moved == 0


def test_a_share_that_was_not_asked_for_ends_at_one_hundred_percent_too() -> None:
    built = build_lab(KEY, GMV, {"return_rate": "130"}, "net_gmv")
    gap = next(gap for gap in built.gaps if gap.symbol == "return_rate")
    assert "130 %" in gap.error
    assert gap.value == "130"


def test_a_value_outside_the_plausible_band_counts_and_is_said() -> None:
    built = build_lab(KEY, GMV, {"conversion": "5"}, "gmv")
    assert "Outside the plausible band 1.8 % to 2.4 %" in lever(built, "conversion").note
    assert built.rows[0].change == "+150 %"


def test_the_band_of_a_hidden_figure_stays_hidden() -> None:
    built = build_lab(KEY, GMV, {"return_rate": "90"}, "net_gmv")
    assert [gap.error for gap in built.gaps if gap.symbol == "return_rate"] == [""]


@pytest.mark.parametrize(
    ("typed", "change"), [("11 million", "+10 %"), ("11,000,000", "+10 %"), ("11M", "+10 %")]
)
def test_large_numbers_are_typed_as_people_say_them(typed: str, change: str) -> None:
    assert build_lab(KEY, GMV, {"visitors": typed}, "gmv").rows[0].change == change


def test_a_message_stands_at_its_field(address: str, as_alice: Client) -> None:
    response = as_alice.post(address, {"star": "gmv", "conversion": "120"})
    assert response.status_code == 422
    body = response.content.decode()
    at = body.index('id="say-conversion"')
    assert "a share ends at 100 %" in body[at : at + 600]
    assert 'value="120" aria-describedby="say-conversion" aria-invalid="true"' in body


def test_a_script_gets_the_messages_with_the_tree(address: str, as_alice: Client) -> None:
    response = as_alice.post(address, {"star": "gmv", "aov": "x"}, headers=TREE)
    assert response.status_code == 422
    body = response.content.decode()
    assert "<html" not in body
    assert 'id="say-aov" hx-swap-oob="true"' in body
    assert 'id="say-conversion" hx-swap-oob="true"></div>' in body


def test_enter_in_a_field_computes(address: str, as_alice: Client) -> None:
    body = as_alice.get(address).content.decode()
    form = body[body.index('id="lab-form"') :]
    first = form[form.index("<button") : form.index("</button>")]
    assert first.endswith(">Compute")
    assert "formaction" not in first


@pytest.mark.parametrize("slug", sorted(path.stem for path in LIBRARY.glob("*.yaml")))
def test_the_words_beneath_a_slider_do_not_run_into_each_other(
    slug: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = library_case(slug)
    monkeypatch.setattr("coach.cases.case_of", lambda key: case)
    monkeypatch.setattr("coach.lab.setting.model_of", MODEL_OF)
    for one in build_lab(1, set(case.baselines), {}).levers:
        assert one.label[0] == one.label[0].upper()
        width, at = 7 * len(f"today {one.today_words}"), 260 * one.today_percent / 100
        start = at if at <= 65 else at - width if at > 195 else at - width / 2
        if one.today_percent > 25 and not one.hide_low:
            assert 7 * len(one.low_words) - 8 < start
        if one.today_percent <= 75 and not one.hide_high:
            assert start + width < 268 - 7 * len(one.high_words)


def test_the_chart_says_which_lever_moves_the_star_most() -> None:
    chart = lab_chart.chart_of(setting_of(KEY, GMV, {}, "gmv"))
    assert chart is not None
    assert chart.answer.startswith("Conversion and monthly visitors move it most")
    assert chart.table["rows"][2][:3] == ["Average order value", "$27", "$34"]


def test_the_chart_waits_for_what_was_not_asked_for() -> None:
    assert lab_chart.chart_of(setting_of(KEY, GMV - {"aov"}, {}, "gmv")) is None


def test_an_assumed_figure_is_no_bar_for_its_band_is_hidden() -> None:
    chart = lab_chart.chart_of(setting_of(KEY, GMV - {"aov"}, {"aov": "40"}, "gmv"))
    assert chart is not None
    assert "Average order value" not in chart.svg
    assert "$27" not in str(chart.table)


def test_the_chart_follows_the_page_and_is_not_sent_twice(address: str, as_alice: Client) -> None:
    assert "<title>Conversion" not in as_alice.get(address, {"star": "gmv"}).content.decode()
    body = as_alice.post(address, {"star": "gmv"}, headers=CHART).content.decode()
    assert "<title>Conversion and monthly visitors" in body
    mark = body[body.index('name="chart_mark" value="') :].split('"')[3]
    again = as_alice.post(address, {"star": "gmv", "chart_mark": mark}, headers=CHART)
    assert again.status_code == 204


def test_without_a_script_the_chart_comes_with_a_press(address: str, as_alice: Client) -> None:
    body = as_alice.post(address, {"star": "gmv", "chart": "1"}).content.decode()
    assert "<title>Conversion and monthly visitors" in body
    assert "The table behind it" in body


def test_the_chart_is_a_file_without_a_script(address: str, as_alice: Client) -> None:
    page = as_alice.post(address, {"star": "gmv", "chart": "1"}).content.decode()
    assert 'form="lab-form" name="as" value="svg" data-native' in page
    response = as_alice.post(address, {"star": "gmv", "as": "svg"})
    assert response.headers["Content-Type"] == "image/svg+xml"
    assert response.headers["Content-Disposition"] == 'attachment; filename="tornado.svg"'
    assert "Which lever moves" in response.content.decode()


def test_a_chart_that_needs_more_facts_is_no_file(as_alice: Client, attempt: Attempt) -> None:
    address = reverse("practice-lab", args=[attempt.pk])
    assert as_alice.post(address, {"star": "gmv", "as": "svg"}).status_code == 404


def test_a_sentence_that_is_too_long_is_an_error_and_stays(address: str, as_alice: Client) -> None:
    sent = {"claim": "x" * 700}
    for headers in ({}, {"HX-Request": "true", "HX-Target": "lab-check"}):
        response = as_alice.post(address, sent, headers=headers)
        assert response.status_code == 422
        assert "x" * 700 in response.content.decode()


@pytest.mark.parametrize("headers", [{}, TREE, CHART, {**TREE, "HX-Target": "lab-check"}])
def test_a_stranger_finds_no_lab(address: str, as_charlie: Client, headers: dict[str, str]) -> None:
    assert as_charlie.post(address, {}, headers=headers).status_code == 404
    assert as_charlie.get(address, headers=headers).status_code == 404


def test_a_stranger_puts_nothing(told: Attempt, as_charlie: Client) -> None:
    url = reverse("practice-lab-put", args=[told.pk])
    assert as_charlie.post(url, {"sentence": "x"}).status_code == 404


def test_a_visitor_finds_no_lab_of_others(address: str, client: Client) -> None:
    assert client.get(address).status_code == 404


@pytest.mark.parametrize(("headers", "queries"), [({}, 7), (TREE, 5), (CHART, 5)])
def test_the_lab_asks_the_database_little(
    address: str,
    as_alice: Client,
    headers: dict[str, str],
    queries: int,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    sent = {"star": "gmv", "conversion": "2.2", "claim": "GMV is $6 million."}
    as_alice.post(address, sent)
    with django_assert_max_num_queries(queries):
        as_alice.post(address, sent, headers=headers)


def test_fields_of_nothing_are_passed_over(address: str, as_alice: Client) -> None:
    sent = {f"no_such_{i}": "1" for i in range(500)} | {"star": "x" * 9000, "__class__": "1"}
    assert as_alice.post(address, sent).status_code == 200


def test_a_finished_attempt_still_has_its_lab(as_alice: Client, told: Attempt) -> None:
    Attempt.objects.filter(pk=told.pk).update(finished_at=timezone.now())
    assert as_alice.get(reverse("practice-lab", args=[told.pk])).status_code == 200


def test_what_one_attempt_was_told_stays_with_it(address: str, as_alice: Client) -> None:
    other = play(Attempt.objects.get().owner)
    body = as_alice.get(reverse("practice-lab", args=[other.pk]), {"star": "gmv"})
    main = body.content.decode().split("<main")[1]
    assert "$30" not in main
    assert "10 million" not in main


def test_without_a_script_the_chart_says_what_it_still_needs(
    attempt: Attempt, as_alice: Client
) -> None:
    address = reverse("practice-lab", args=[attempt.pk])
    body = as_alice.post(address, {"star": "gmv", "chart": "1"}).content.decode()
    assert "This needs every figure" in body


def test_a_hidden_row_is_not_called_held() -> None:
    built = build_lab(KEY, {"aov"}, {}, "gmv")
    assert {row.symbol for row in built.rows if not row.hidden} == {"aov"}


def test_a_figure_told_is_shown_though_it_hangs_on_one_that_was_not() -> None:
    built = build_lab(KEY, {"gmv", "aov"}, {}, "gmv")
    assert built.rows[0].today == built.rows[0].with_levers == "$6.0 million"
    moved = build_lab(KEY, {"gmv", "aov"}, {"aov": "33"}, "gmv")
    assert (moved.rows[0].today, moved.rows[0].with_levers) == ("$6.0 million", "?")


def test_another_figure_on_top_brings_its_own_levers(address: str, as_alice: Client) -> None:
    sent = {"star": "net_gmv", "shown": "gmv", "conversion": "2.2"}
    body = as_alice.post(address, sent, headers=TREE).content.decode()
    levers = body[body.index('id="lab-levers" hx-swap-oob="true"') :]
    assert 'name="return_rate"' in levers
    assert 'value="2.2"' in levers
    again = as_alice.post(address, sent | {"shown": "net_gmv"}, headers=TREE).content.decode()
    assert "lab-levers" not in again
