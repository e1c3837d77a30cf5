"""Ranges that go together: typed without a script, kept with the sheet, refused in plain words."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from metrics_lab.engine.sheet.examples import EXAMPLES
from metrics_lab.engine.together import Together
from metrics_lab.models import Sheet
from metrics_lab.selectors import model_in
from metrics_lab.services import scenario_add, sheet_create, sheet_edit, sheet_share, sheet_undo

pytestmark = pytest.mark.django_db
PAIR = {"one": "visitors", "other": "aov", "rank": "0.5"}


@pytest.fixture
def sheet(alice: User) -> Sheet:
    """Alice's sheet of the shop."""
    return sheet_create(owner=alice, model=EXAMPLES["shop"].make())


def at(sheet: Sheet) -> str:
    """Where a pair is sent to."""
    return reverse("lab-sheet-together", args=[sheet.pk])


def stored(sheet: Sheet) -> tuple[Together, ...]:
    """Return the pairs that the row holds now."""
    return model_in(Sheet.objects.get(pk=sheet.pk)).together


def test_a_pair_is_kept_with_the_sheet_and_said_on_its_page(as_alice: Client, sheet: Sheet) -> None:
    response = as_alice.post(at(sheet), PAIR)
    page = reverse("lab-sheet-analysis", args=[sheet.pk])
    assert response.headers["Location"] == f"{page}#together"
    assert stored(sheet) == (Together("visitors", "aov", 0.5),)
    body = as_alice.get(page).content.decode()
    assert "Visitors and average order value" in body
    assert "clearly (0.5): where one is high, the other tends to be high" in body


@pytest.mark.parametrize(
    ("typed", "kept"), [("-0.3", -0.3), ("−0.3", -0.3), ("0,25", 0.25), ("40 %", 0.4)]
)
def test_the_number_is_read_as_people_write_it(
    as_alice: Client, sheet: Sheet, typed: str, kept: float
) -> None:
    as_alice.post(at(sheet), PAIR | {"rank": typed})
    assert stored(sheet) == (Together("visitors", "aov", kept),)


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"rank": "much"}, "Write a number from −1 to 1"),
        ({"rank": ""}, "required"),
        ({"rank": "0"}, "0 is how they vary already"),
        ({"rank": "5"}, "It lies between −1 and 1; 5 is beyond"),
        ({"rank": "-1"}, "At 1 or −1 the two would be one figure"),
        ({"other": "visitors"}, "That is the same input"),
        ({"other": "gmv"}, "Choose an input that has a range"),
    ],
)
def test_what_cannot_be_is_said_and_what_was_typed_stays(
    as_alice: Client, sheet: Sheet, sent: dict[str, str], words: str
) -> None:
    response = as_alice.post(at(sheet), PAIR | sent)
    body = response.content.decode()
    assert response.status_code == 422
    assert words in body
    assert f'value="{(PAIR | sent)["rank"]}"' in body or not (PAIR | sent)["rank"]
    assert '<option value="visitors" selected>' in body
    assert stored(sheet) == ()


def test_pairs_that_no_numbers_can_have_together_are_refused(
    as_alice: Client, sheet: Sheet
) -> None:
    names = [s for s, item in model_in(sheet).inputs.items() if item.has_range][:3]
    first, second, third = names
    as_alice.post(at(sheet), {"one": first, "other": second, "rank": "0.6"})
    as_alice.post(at(sheet), {"one": second, "other": third, "rank": "0.6"})
    response = as_alice.post(at(sheet), {"one": first, "other": third, "rank": "-0.9"})
    assert response.status_code == 422
    assert "These correlations cannot hold together" in response.content.decode()
    assert len(stored(sheet)) == 2


def test_a_pair_is_removed_and_comes_back_by_undo(as_alice: Client, sheet: Sheet) -> None:
    as_alice.post(at(sheet), PAIR)
    as_alice.post(at(sheet), {"apart": "aov visitors"})
    assert stored(sheet) == ()
    sheet_undo(sheet=sheet)
    assert stored(sheet) == (Together("visitors", "aov", 0.5),)


def test_the_scenario_that_is_open_stays_open(as_alice: Client, sheet: Sheet) -> None:
    scenario = scenario_add(sheet=sheet, name="Dearer", levers=[])
    response = as_alice.post(f"{at(sheet)}?scenario={scenario.pk}", PAIR)
    assert f"?scenario={scenario.pk}#together" in response.headers["Location"]


def test_who_reads_a_shared_sheet_reads_its_pairs(client: Client, sheet: Sheet) -> None:
    sheet_edit(
        sheet=sheet, change=lambda model: model.with_together(Together("visitors", "aov", -0.8))
    )
    token = sheet_share(sheet=sheet)
    body = client.get(reverse("lab-shared", args=[token])).content.decode()
    assert "closely (−0.8)" in body


@pytest.mark.parametrize("who", ["as_bob", "client"])
def test_nobody_else_pairs_anything(sheet: Sheet, who: str, request: pytest.FixtureRequest) -> None:
    outsider: Client = request.getfixturevalue(who)
    assert outsider.post(at(sheet), PAIR).status_code == 404
    assert outsider.post(at(sheet), {"apart": "visitors aov"}).status_code == 404
    assert stored(sheet) == ()


def test_keeping_a_pair_asks_the_database_little(
    as_alice: Client, sheet: Sheet, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    as_alice.post(at(sheet), PAIR)
    with django_assert_max_num_queries(12):
        as_alice.post(at(sheet), PAIR | {"rank": "0.7"})
