"""A sheet in other hands: by a link until it is revoked, as a copy, as a file, after sign-up."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.export import personal_sections
from accounts.models import User
from accounts.services import account_delete
from metrics_lab.engine.scenario import Lever
from metrics_lab.engine.sheet.examples import EXAMPLES
from metrics_lab.models import Scenario, Sheet
from metrics_lab.services import (
    MAX_SHEETS,
    levers_save,
    scenario_add,
    sheet_create,
    sheet_share,
    sheets_purge_abandoned,
)
from tests.factories import PASSWORD

pytestmark = pytest.mark.django_db


@pytest.fixture
def sheet(alice: User) -> Sheet:
    """Alice's sheet of the shop with one scenario and a draft."""
    sheet = sheet_create(owner=alice, model=EXAMPLES["shop"].make())
    scenario_add(sheet=sheet, name="Dearer", levers=[Lever("aov", "set", 33.0)])
    levers_save(sheet=sheet, levers=[Lever("aov", "set", 27.0)], scenario=None)
    return sheet


def shared(sheet: Sheet) -> str:
    """Share a sheet and return the address."""
    return reverse("lab-shared", args=[sheet_share(sheet=sheet)])


def test_a_sheet_is_shared_by_a_link_that_nobody_can_guess(as_alice: Client, sheet: Sheet) -> None:
    address = reverse("lab-sheet-share", args=[sheet.pk])
    as_alice.post(address, {"share": "1"})
    sheet.refresh_from_db()
    assert len(sheet.share_token or "") == 43
    assert reverse("lab-shared", args=[sheet.share_token]) in as_alice.get(address).content.decode()


def test_the_link_shows_the_sheet_to_anybody_and_lets_nobody_change_it(
    sheet: Sheet, as_charlie: Client
) -> None:
    address = shared(sheet)
    for client in (Client(), as_charlie):
        response = client.get(address)
        body = response.content.decode()
        assert response.status_code == 200
        assert "$5.28 million" in body
        assert "$5.808 million" in body  # the named scenario
        assert "$4.752 million" not in body  # the draft is the owner's alone
        assert "lever-aov" not in body
        assert str(sheet.pk) not in body
        assert response["X-Robots-Tag"] == "noindex, nofollow"
        assert client.post(address).status_code == 405
        assert client.get(reverse("lab-sheet", args=[sheet.pk])).status_code == 404


def test_a_revoked_link_finds_nothing_and_a_new_one_is_another(
    as_alice: Client, sheet: Sheet
) -> None:
    before = shared(sheet)
    as_alice.post(reverse("lab-sheet-share", args=[sheet.pk]), {"revoke": "1"})
    assert Client().get(before).status_code == 404
    assert Client().post(f"{before}copy/").status_code == 404
    assert shared(sheet) != before


@pytest.mark.parametrize("token", ["None", "null", "x", "0" * 43])
def test_no_sheet_is_found_by_a_made_up_token(sheet: Sheet, token: str) -> None:
    assert Client().get(reverse("lab-shared", args=[token])).status_code == 404


def test_a_shared_sheet_is_copied_into_ones_own(
    sheet: Sheet, as_charlie: Client, charlie: User
) -> None:
    response = as_charlie.post(f"{shared(sheet)}copy/")
    copy = Sheet.objects.get(owner=charlie)
    assert response["Location"] == reverse("lab-sheet", args=[copy.pk])
    assert copy.document == sheet.document
    assert [one.name for one in copy.scenarios.all()] == ["Dearer"]
    assert copy.share_token is None


def test_the_table_has_today_and_each_scenario(as_alice: Client, sheet: Sheet) -> None:
    response = as_alice.get(reverse("lab-sheet-csv", args=[sheet.pk]))
    rows = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert rows[0][4:7] == ["Today", "Dearer", "Draft"]
    gmv = next(row for row in rows if row[1:2] == ["gmv"])
    assert [float(cell) for cell in gmv[4:7]] == pytest.approx([6e6, 6.6e6, 5.4e6])
    assert 'filename="a-shop-in-a-video-app-hypothetical.csv"' in response["Content-Disposition"]


def test_the_workbook_computes(as_alice: Client, sheet: Sheet) -> None:
    response = as_alice.get(reverse("lab-sheet-xlsx", args=[sheet.pk]))
    book = openpyxl.load_workbook(io.BytesIO(response.content))
    cells = [str(cell.value) for row in book["Model"].iter_rows() for cell in row]
    assert any(cell.startswith("=") and "*" in cell for cell in cells)
    assert "Dearer" in cells


def test_a_visitors_sheet_is_theirs_by_the_cookie_and_kept_at_sign_up(client: Client) -> None:
    client.post(reverse("lab-sheet-new"), {"example": "shop"})
    sheet = Sheet.objects.get()
    address = reverse("lab-sheet", args=[sheet.pk])
    assert sheet.owner is None
    assert client.get(address).status_code == 200
    assert Client().get(address).status_code == 404
    client.post(
        reverse("account_signup"),
        {"email": "new@example.com", "password1": PASSWORD, "consent": "on", "terms": "on"},
    )
    sheet.refresh_from_db()
    assert sheet.owner == User.objects.get(email="new@example.com")
    assert sheet.visitor_hash == ""
    assert client.get(address).status_code == 200


def test_sheets_are_exported_with_the_account_and_go_with_it(alice: User, sheet: Sheet) -> None:
    rows = {section.entry.label: section.rows for section in personal_sections(alice)}
    assert rows["metrics_lab.sheet"][0]["document"]["title"] == sheet.title
    assert {row["name"] for row in rows["metrics_lab.scenario"]} == {"", "Dearer"}
    address = shared(sheet)
    account_delete(user=alice)
    assert not Sheet.objects.exists()
    assert not Scenario.objects.exists()
    assert Client().get(address).status_code == 404


def test_a_person_keeps_a_bounded_number_of_sheets(
    as_alice: Client, alice: User, sheet: Sheet
) -> None:
    model = EXAMPLES["blank"].make()
    for _ in range(MAX_SHEETS - 1):
        sheet_create(owner=alice, model=model)
    response = as_alice.post(reverse("lab-sheet-new"), {"example": "blank"}, follow=True)
    assert "You keep 60 sheets already. Delete one first." in response.content.decode()
    assert Sheet.objects.count() == MAX_SHEETS


def test_a_visitors_forgotten_sheet_is_purged_after_thirty_days(sheet: Sheet) -> None:
    model = EXAMPLES["blank"].make()
    old = sheet_create(owner=None, visitor_hash="v" * 64, model=model)
    new = sheet_create(owner=None, visitor_hash="v" * 64, model=model)
    long_ago = timezone.now() - timedelta(days=31)
    Sheet.objects.filter(pk__in=[old.pk, sheet.pk]).update(touched_at=long_ago)
    assert sheets_purge_abandoned() == 1
    assert {*Sheet.objects.all()} == {sheet, new}
