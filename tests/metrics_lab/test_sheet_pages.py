"""A person's sheets: made from an example, moved, kept in scenarios, and nobody else's."""

from __future__ import annotations

import html
import re
from dataclasses import replace

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from metrics_lab.engine.scenario import Lever
from metrics_lab.engine.sheet.examples import EXAMPLES
from metrics_lab.engine.sheet.model import Derived, Input
from metrics_lab.models import Scenario, Sheet
from metrics_lab.selectors import model_in
from metrics_lab.services import MAX_SCENARIOS, scenario_add, sheet_create, sheet_edit

pytestmark = pytest.mark.django_db
REDRAW = {"HX-Request": "true"}


@pytest.fixture
def sheet(alice: User) -> Sheet:
    """Alice's sheet of the shop."""
    return sheet_create(owner=alice, model=EXAMPLES["shop"].make())


def page(sheet: Sheet, scenario: Scenario | None = None) -> str:
    """Where a sheet stands."""
    address = reverse("lab-sheet", args=[sheet.pk])
    return f"{address}?scenario={scenario.pk}" if scenario else address


def named(sheet: Sheet, name: str, *levers: Lever) -> Scenario:
    """Return a scenario of a sheet."""
    return scenario_add(sheet=sheet, name=name, levers=levers)


def draft(sheet: Sheet) -> list[dict[str, object]]:
    """Return the levers of the draft."""
    return Scenario.objects.get(sheet=sheet, name="").levers


@pytest.mark.parametrize("example", sorted(EXAMPLES))
def test_a_sheet_starts_from_each_example(as_alice: Client, example: str) -> None:
    response = as_alice.post(reverse("lab-sheet-new"), {"example": example}, follow=True)
    assert response.status_code == 200
    assert Sheet.objects.get().title in response.content.decode()


def test_there_is_no_other_example(as_alice: Client) -> None:
    assert as_alice.post(reverse("lab-sheet-new"), {"example": "bank"}).status_code == 404
    assert not Sheet.objects.exists()


def test_the_list_holds_ones_own_sheets_alone(
    as_alice: Client, as_charlie: Client, sheet: Sheet
) -> None:
    address = reverse("lab-sheet-list")
    assert page(sheet) in as_alice.get(address).content.decode()
    assert page(sheet) not in as_charlie.get(address).content.decode()


@pytest.mark.parametrize(
    ("typed", "stored", "becomes"),
    [
        ({"lever-aov": "33", "how-aov": "set"}, ("aov", "set", 33.0), "$5.808 million"),
        ({"lever-aov": "3", "how-aov": "add"}, ("aov", "add", 3.0), "$5.808 million"),
        ({"lever-aov": "10", "how-aov": "times"}, ("aov", "times", 1.1), "$5.808 million"),
        ({"lever-aov": "x1.1", "how-aov": "set"}, ("aov", "times", 1.1), "$5.808 million"),
        (
            {"lever-cart_rate": "+2 points", "how-cart_rate": "set"},
            ("cart_rate", "add", 0.02),
            "$5.94 million",
        ),
    ],
)
def test_a_lever_moved_in_any_way_is_kept_as_the_draft(
    as_alice: Client,
    sheet: Sheet,
    typed: dict[str, str],
    stored: tuple[str, str, float],
    becomes: str,
) -> None:
    response = as_alice.post(page(sheet), typed, follow=True)
    assert becomes in response.content.decode()
    symbol, how, amount = stored
    assert draft(sheet) == [{"symbol": symbol, "how": how, "amount": pytest.approx(amount)}]
    assert becomes in as_alice.get(page(sheet)).content.decode()  # kept through a reload


def test_percent_of_a_share_is_asked_about_and_nothing_is_computed_before_the_answer(
    as_alice: Client, sheet: Sheet
) -> None:
    typed = {"lever-page_rate": "+10 %", "how-page_rate": "set"}
    response = as_alice.post(page(sheet), typed)
    body = response.content.decode()
    assert response.status_code == 422
    assert "10 % of it: 40 % becomes 44 %" in body
    assert "10 percentage points: 40 % becomes 50 %" in body
    assert 'value="+10 %"' in body
    assert not Scenario.objects.exists()
    as_alice.post(page(sheet), typed | {"mean-page_rate": "of_it"})
    assert draft(sheet) == [{"symbol": "page_rate", "how": "times", "amount": 1.1}]


def test_a_lever_that_cannot_be_keeps_its_text_and_the_others_their_move(
    as_alice: Client, sheet: Sheet
) -> None:
    response = as_alice.post(page(sheet), {"lever-aov": "33", "lever-cart_rate": "120"})
    body = response.content.decode()
    assert response.status_code == 422
    assert "would be 120 %: a share ends at 100 %" in body
    assert 'value="120"' in body
    assert [lever["symbol"] for lever in draft(sheet)] == ["aov"]


def test_a_script_gets_the_tree_and_what_to_say_at_each_lever(
    as_alice: Client, sheet: Sheet, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    as_alice.post(page(sheet), {"lever-aov": "32"}, headers=REDRAW)
    with django_assert_num_queries(10):
        response = as_alice.post(page(sheet), {"lever-aov": "33"}, headers=REDRAW)
    body = response.content.decode()
    assert body.lstrip().startswith('<div id="sheet-tree"')
    assert "$5.808 million" in body
    assert 'id="say-aov" hx-swap-oob="true"' in body


def test_a_lever_that_cannot_be_is_said_to_a_script_as_an_error(
    as_alice: Client, sheet: Sheet
) -> None:
    response = as_alice.post(page(sheet), {"lever-aov": "dear"}, headers=REDRAW)
    body = response.content.decode()
    assert response.status_code == 422
    assert body.lstrip().startswith('<div id="sheet-tree"')
    assert "a number" in body


def test_back_to_today_empties_the_draft(as_alice: Client, sheet: Sheet) -> None:
    as_alice.post(page(sheet), {"lever-aov": "33"})
    as_alice.post(page(sheet), {"lever-aov": "33", "reset": "1"})
    assert draft(sheet) == []


def test_levers_are_kept_under_a_name_and_the_draft_is_free_again(
    as_alice: Client, sheet: Sheet
) -> None:
    typed = {"lever-aov": "33", "save": "1", "name": "Dearer baskets"}
    response = as_alice.post(page(sheet), typed, follow=True)
    assert "Dearer baskets" in response.content.decode()
    assert "$5.808 million" in response.content.decode()
    kept = Scenario.objects.exclude(name="").get()
    assert kept.levers == [{"symbol": "aov", "how": "set", "amount": 33.0}]
    assert draft(sheet) == []


def test_moving_a_named_scenario_keeps_the_move_in_it(as_alice: Client, sheet: Sheet) -> None:
    scenario = named(sheet, "Dearer", Lever("aov", "set", 33.0))
    as_alice.post(page(sheet, scenario), {"lever-aov": "34"})
    scenario.refresh_from_db()
    assert scenario.levers == [{"symbol": "aov", "how": "set", "amount": 34.0}]


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("", "Give the scenario a name."),
        ("today", "is taken by the sheet itself"),
        ("DEARER", "There is a scenario “DEARER” already."),
        ("x" * 61, "At most 60 characters."),
    ],
)
def test_a_name_that_cannot_be_is_said_at_its_field(
    as_alice: Client, sheet: Sheet, name: str, reason: str
) -> None:
    named(sheet, "Dearer")
    response = as_alice.post(page(sheet), {"lever-aov": "33", "save": "1", "name": name})
    assert response.status_code == 422
    assert reason in response.content.decode()
    assert Scenario.objects.exclude(name="").count() == 1
    assert draft(sheet) != []  # nothing that was moved is lost


def test_a_sheet_keeps_twelve_scenarios(as_alice: Client, sheet: Sheet) -> None:
    for number in range(MAX_SCENARIOS):
        named(sheet, f"Number {number}")
    response = as_alice.post(page(sheet), {"lever-aov": "33", "save": "1", "name": "One more"})
    assert "A sheet keeps 12 scenarios. Delete one first." in response.content.decode()
    assert Scenario.objects.exclude(name="").count() == MAX_SCENARIOS


def test_a_scenario_is_renamed_and_deleted(as_alice: Client, sheet: Sheet) -> None:
    scenario = named(sheet, "Dearer", Lever("aov", "set", 33.0))
    address = reverse("lab-sheet-scenario", args=[sheet.pk, scenario.pk])
    as_alice.post(address, {"name": "Dearer baskets"})
    scenario.refresh_from_db()
    assert scenario.name == "Dearer baskets"
    refused = as_alice.post(address, {"name": "Draft"})
    assert refused.status_code == 422
    assert "is taken by the sheet itself" in refused.content.decode()
    as_alice.post(address, {"delete": "1"})
    assert not Scenario.objects.exists()
    assert as_alice.get(page(sheet, scenario)).status_code == 404


def test_three_scenarios_stand_beside_today(
    as_alice: Client, sheet: Sheet, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    rows = [named(sheet, f"AOV {n}", Lever("aov", "set", float(n))) for n in (31, 32, 33, 34)]
    address = reverse("lab-sheet-compare", args=[sheet.pk])
    with django_assert_num_queries(7):
        body = as_alice.get(address).content.decode()
    assert "today and three scenarios" in body
    assert "$5.456 million" in body
    assert "$5.808 million" in body
    assert "$5.984 million" not in body
    picked = as_alice.get(address, {"scenario": [rows[3].pk]}).content.decode()
    assert "$5.984 million" in picked
    assert "$5.456 million" not in picked


def test_a_figure_is_explained_step_by_step_with_its_numbers(
    as_alice: Client, sheet: Sheet
) -> None:
    as_alice.post(page(sheet), {"lever-aov": "33"})
    body = as_alice.get(page(sheet), {"explain": "net_gmv"}).content.decode()
    assert "How GMV after returns comes about" in body
    assert "= 200,000 × $33 = <b>$6.6 million</b>" in body
    part = as_alice.get(page(sheet), {"explain": "gmv"}, headers={"HX-Target": "explain"})
    assert part.content.decode().lstrip().startswith('<div id="explain"')


def test_a_figure_that_lacks_an_input_names_it(as_alice: Client, sheet: Sheet) -> None:
    unknown = Input("aov", "Average order value", "USD / order", status="unknown")
    sheet_edit(sheet=sheet, change=lambda model: model.with_input(unknown))
    body = as_alice.get(page(sheet), {"explain": "net_gmv"}).content.decode()
    assert "needs Average order value" in body
    assert "It cannot be computed yet." in body
    assert reverse("lab-sheet-input", args=[sheet.pk, "aov"]) in body


def test_the_star_is_chosen_and_stays(as_alice: Client, sheet: Sheet) -> None:
    as_alice.post(page(sheet), {"star": "fee_income"})
    sheet.refresh_from_db()
    assert model_in(sheet).star == "fee_income"
    assert "$264,000" in as_alice.get(page(sheet)).content.decode()


def test_a_sentence_is_checked_against_the_sheet(as_alice: Client, sheet: Sheet) -> None:
    address = reverse("lab-sheet-check", args=[sheet.pk])
    right = "If average order value rises from $30 to $33, GMV grows by 10%."
    wrong = "If average order value rises from $30 to $33, GMV grows by 40%."
    assert "Correct" in as_alice.post(address, {"claim": right}, headers=REDRAW).content.decode()
    body = as_alice.post(address, {"claim": wrong}).content.decode()
    assert "A question" in body or "Wrong" in body
    assert as_alice.post(address, {"claim": "x" * 601}).status_code == 422
    long = as_alice.post(address, {"claim": "x" * 601}, headers=REDRAW)
    assert long.status_code == 422
    assert "<html" not in long.content.decode()
    assert "x" * 601 in long.content.decode()
    nothing = as_alice.post(address, {"claim": "The weather is fine."}).content.decode()
    assert "No number in it could be tied to a figure of this sheet." in nothing


def test_a_sentence_says_how_often_it_holds_over_the_ranges(as_alice: Client, sheet: Sheet) -> None:
    claim = "If average order value rises from $30 to $33, GMV reaches $6.6 million a month."
    address = reverse("lab-sheet-check", args=[sheet.pk])
    body = as_alice.post(address, {"claim": claim}, headers=REDRAW).content.decode()
    assert "in 90 % of cases" in body


def test_a_test_is_sized_for_the_rate_that_was_moved(as_alice: Client, sheet: Sheet) -> None:
    body = as_alice.post(page(sheet), {"lever-page_rate": "44"}, follow=True).content.decode()
    found = re.search(r'href="([^"]+)">Size a test for this', body)
    assert found
    sized = as_alice.get(html.unescape(found[1]))
    assert sized.status_code == 200
    assert "from 40 % to 44 %" in sized.content.decode()


def test_the_page_asks_a_bounded_number_of_queries(
    as_alice: Client, sheet: Sheet, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(5):
        named(sheet, f"Number {number}", Lever("aov", "set", 31.0))
    as_alice.get(page(sheet))
    with django_assert_num_queries(9):
        as_alice.get(page(sheet))


def test_an_unsound_sheet_is_shown_with_what_is_wrong(as_alice: Client, sheet: Sheet) -> None:
    """Such a sheet is not stored by an edit; a case's new fact can bring one about."""
    model = model_in(sheet)
    broken = replace(model, relations=(*model.relations, Derived("a", "aov / 0", "Alpha")))
    from metrics_lab.engine.sheet.json_form import data_of

    Sheet.objects.filter(pk=sheet.pk).update(document=data_of(broken))
    response = as_alice.get(page(sheet))
    assert response.status_code == 200
    assert "divides by zero" in response.content.decode()
    assert as_alice.get(reverse("lab-sheet-parts", args=[sheet.pk])).status_code == 200
    assert as_alice.get(reverse("lab-sheet-csv", args=[sheet.pk])).status_code == 302


ROUTES = (
    "lab-sheet", "lab-sheet-check", "lab-sheet-compare", "lab-sheet-parts", "lab-sheet-title",
    "lab-sheet-undo", "lab-sheet-delete", "lab-sheet-input-add", "lab-sheet-formula-add",
    "lab-sheet-guesses", "lab-sheet-share", "lab-sheet-duplicate", "lab-sheet-csv",
    "lab-sheet-xlsx",
)  # fmt: skip
PARTS = ("lab-sheet-input", "lab-sheet-formula", "lab-sheet-remove")


@pytest.mark.parametrize("who", ["charlie", "visitor"])
def test_a_sheet_is_nobody_elses_to_find(as_charlie: Client, sheet: Sheet, who: str) -> None:
    client = as_charlie if who == "charlie" else Client()
    scenario = named(sheet, "Dearer")
    addresses = [
        *(reverse(name, args=[sheet.pk]) for name in ROUTES),
        *(reverse(name, args=[sheet.pk, "aov"]) for name in PARTS),
        reverse("lab-sheet-scenario", args=[sheet.pk, scenario.pk]),
    ]
    before = Sheet.objects.values().get()
    for address in addresses:
        assert client.get(address, follow=True).status_code == 404, address
        assert client.post(address).status_code in (404, 405), address
    assert Sheet.objects.values().get() == before
