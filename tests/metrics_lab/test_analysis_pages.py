"""The page of ranges: it works as a form, by parts for a script, and for nobody else."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from metrics_lab.engine.scenario import Lever
from metrics_lab.engine.sheet.examples import EXAMPLES
from metrics_lab.engine.sheet.model import Sheet as Model
from metrics_lab.models import Sheet
from metrics_lab.services import levers_save, scenario_add, sheet_create

pytestmark = pytest.mark.django_db


@pytest.fixture
def sheet(alice: User) -> Sheet:
    """Alice's sheet of the shop."""
    return sheet_create(owner=alice, model=EXAMPLES["shop"].make())


def at(sheet: Sheet) -> str:
    """Where the analysis of a sheet stands."""
    return reverse("lab-sheet-analysis", args=[sheet.pk])


def test_the_page_holds_numbers_charts_and_their_tables_without_a_script(
    as_alice: Client, sheet: Sheet
) -> None:
    response = as_alice.get(at(sheet), {"goal": "6 million", "measure": "sobol", "lever": "aov"})
    body = response.content.decode()
    assert response.status_code == 200
    assert "of 100 samples" in body
    assert body.count("<svg xmlns") == 6
    assert body.count("The table behind it") == 3
    assert "Where does my uncertainty come from?" in body
    assert 'value="6 million"' in body


def test_a_target_that_is_no_number_stays_with_its_reason(as_alice: Client, sheet: Sheet) -> None:
    response = as_alice.get(at(sheet), {"goal": "<b>plenty"})
    body = response.content.decode()
    assert response.status_code == 422
    assert "Write a number, such as 6 million" in body
    assert "&lt;b&gt;plenty" in body
    assert "<b>plenty" not in body


def test_a_target_that_is_no_number_is_an_error_to_a_script_too(
    as_alice: Client, sheet: Sheet
) -> None:
    response = as_alice.get(at(sheet), {"part": "numbers", "goal": "plenty"})
    body = response.content.decode()
    assert response.status_code == 422
    assert "<html" not in body
    assert "Write a number, such as 6 million" in body
    assert as_alice.get(at(sheet), {"part": "fan", "goal": "plenty"}).status_code == 200


def test_a_script_gets_the_numbers_alone_and_each_chart_by_itself(
    as_alice: Client, sheet: Sheet
) -> None:
    numbers = as_alice.get(at(sheet), {"part": "numbers", "goal": "6 million"})
    body = numbers.content.decode()
    assert "<html" not in body
    assert "<svg xmlns" not in body
    assert 'id="analysis-numbers"' in body
    assert 'id="goal-say"' in body
    for part in ("outcomes", "fan", "measure"):
        chart = as_alice.get(at(sheet), {"part": part}).content.decode()
        assert f'id="chart-{part}"' in chart
        assert chart.count("<svg xmlns") == 2


def test_the_sheet_gets_the_form_and_the_charts_follow(as_alice: Client, sheet: Sheet) -> None:
    response = as_alice.get(
        at(sheet), headers={"HX-Request": "true", "HX-Target": "sheet-analysis"}
    )
    body = response.content.decode()
    assert "<html" not in body
    assert 'id="analysis-form"' in body
    assert "<svg xmlns" not in body
    assert body.count('hx-trigger="load, ') == 3


def test_levers_that_are_moved_are_in_the_numbers(as_alice: Client, sheet: Sheet) -> None:
    levers_save(sheet=sheet, levers=[Lever("aov", "set", 33.0)], scenario=None)
    body = as_alice.get(at(sheet), {"measure": "shapley"}).content.decode()
    assert "The levers change it by +" in body
    assert "Who earned this change?" in body
    assert "With the levers" in body


def test_who_earned_a_change_waits_for_a_change(as_alice: Client, sheet: Sheet) -> None:
    body = as_alice.get(at(sheet), {"part": "measure", "measure": "shapley"}).content.decode()
    assert "no lever is moved that changes this figure" in body


def test_a_change_can_start_from_another_scenario(as_alice: Client, sheet: Sheet) -> None:
    first = scenario_add(sheet=sheet, name="Dearer", levers=[Lever("aov", "set", 33.0)])
    second = scenario_add(
        sheet=sheet,
        name="Dearer, and more visitors",
        levers=[Lever("aov", "set", 33.0), Lever("visitors", "set", 11e6)],
    )
    asked = {"part": "measure", "measure": "shapley", "scenario": second.pk}
    from_today = as_alice.get(at(sheet), asked).content.decode()
    assert "since today" in from_today
    assert "Average order value" in from_today
    from_first = as_alice.get(at(sheet), asked | {"before": first.pk}).content.decode()
    assert "since “Dearer”, visitors earned +" in from_first
    assert "Average order value" not in from_first


def test_a_sheet_without_ranges_or_without_figures_says_what_to_do(
    as_alice: Client, alice: User
) -> None:
    blank = sheet_create(owner=alice, model=Model("Blank"))
    body = as_alice.get(at(blank)).content.decode()
    assert "No figures yet" in body


@pytest.mark.parametrize("who", ["as_bob", "client"])
def test_nobody_else_sees_it(sheet: Sheet, who: str, request: pytest.FixtureRequest) -> None:
    client: Client = request.getfixturevalue(who)
    for part in ("", "numbers", "fan"):
        assert client.get(at(sheet), {"part": part}).status_code == 404


def test_an_unknown_scenario_is_not_found(as_alice: Client, sheet: Sheet) -> None:
    assert as_alice.get(at(sheet), {"scenario": "99"}).status_code == 404


def test_it_asks_the_database_little(
    as_alice: Client, sheet: Sheet, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    as_alice.get(at(sheet), {"part": "numbers"})
    with django_assert_max_num_queries(6):
        as_alice.get(at(sheet), {"part": "numbers"})
