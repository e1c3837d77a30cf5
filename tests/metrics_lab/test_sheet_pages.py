"""A person's sheets: made from an example, moved, kept in scenarios, and nobody else's."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from metrics_lab.engine.sheet_examples import EXAMPLES
from metrics_lab.models import Scenario, Sheet
from metrics_lab.services import sheet_create

pytestmark = pytest.mark.django_db


@pytest.fixture
def sheet(alice: User) -> Sheet:
    """Alice's sheet of the shop."""
    return sheet_create(owner=alice, model=EXAMPLES["shop"].make())


def page(sheet: Sheet) -> str:
    """Where a sheet stands."""
    return reverse("lab-sheet", args=[sheet.pk])


@pytest.mark.parametrize("example", sorted(EXAMPLES))
def test_a_sheet_starts_from_each_example(as_alice: Client, example: str) -> None:
    response = as_alice.post(reverse("lab-sheet-new"), {"example": example}, follow=True)
    assert response.status_code == 200
    assert Sheet.objects.get().title in response.content.decode()


def test_a_moved_lever_is_kept_as_the_draft(as_alice: Client, sheet: Sheet) -> None:
    response = as_alice.post(page(sheet), {"lever-aov": "33", "how-aov": "set"}, follow=True)
    body = response.content.decode()
    assert "$5.808 million" in body
    draft = Scenario.objects.get()
    assert draft.is_draft
    assert draft.levers == [{"symbol": "aov", "how": "set", "amount": 33.0}]
