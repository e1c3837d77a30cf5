"""A case's table of cohorts on the lab's page: offered once it was told, to nobody else."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from coach.models import Attempt
from coach.services.ledger import facts_record
from tests.coach.factories import question_of

pytestmark = pytest.mark.django_db
OFFER = "Use this case’s table"


@pytest.fixture(autouse=True)
def shop() -> None:
    """The shop case is in the bank."""
    question_of()


def tell(attempt: Attempt, *facts: str) -> None:
    """The interviewer answered what was asked for."""
    facts_record(attempt=attempt, step="clarify", fact_ids=list(facts))


def page(client: Client, attempt: Attempt, **query: str) -> str:
    """Return the cohort page as it opens from an attempt."""
    response = client.get(reverse("lab-cohorts"), {"of": str(attempt.pk), **query})
    assert response.status_code == 200
    return response.content.decode()


def test_before_it_was_told_neither_page_names_the_table(
    attempt: Attempt, as_alice: Client
) -> None:
    tell(attempt, "kpis")
    lab = as_alice.get(reverse("practice-lab", args=[attempt.pk])).content.decode()
    assert "Table of cohorts" not in lab
    assert OFFER not in page(as_alice, attempt)
    asked_for = page(as_alice, attempt, example="case")
    assert OFFER not in asked_for
    assert "12700" not in asked_for


def test_once_it_was_told_the_lab_leads_to_it(attempt: Attempt, as_alice: Client) -> None:
    tell(attempt, "visit_history")
    lab = as_alice.get(reverse("practice-lab", args=[attempt.pk])).content.decode()
    assert f"{reverse('lab-cohorts')}?of={attempt.pk}&amp;example=case" in lab
    assert OFFER in page(as_alice, attempt)


def test_the_table_is_computed_and_says_whose_it_is(attempt: Attempt, as_alice: Client) -> None:
    tell(attempt, "visit_history")
    text = page(as_alice, attempt, example="case")
    assert "has for you, hypothetical" in text
    assert "A sample of first-time buyers" in text
    assert "2025-08,12700,12700,1470,1190,1045,961,906,864" in text
    assert "2026-01,14000,14000,1533\n" in text
    assert "Of 80,300 people, 11 % are there in month 1" in text
    assert "The right edge is blank" in text


def test_computing_again_and_the_download_keep_what_it_is(
    attempt: Attempt, as_alice: Client
) -> None:
    tell(attempt, "visit_history")
    response = as_alice.get(reverse("lab-cohorts"), {"of": str(attempt.pk), "example": "case"})
    form = response.context["form"]
    sent = {"of": str(attempt.pk), "kind": form.kind, "period": form.period, "table": form.table}
    again = as_alice.post(reverse("lab-cohorts"), sent).content.decode()
    assert "has for you, hypothetical" in again
    assert (
        "hypothetical"
        in as_alice.post(reverse("lab-cohorts"), {**sent, "as": "csv"}).content.decode().lower()
    )
    other = as_alice.post(
        reverse("lab-cohorts"), {**sent, "table": "2025-08,100,100,10\n2025-09,100,100"}
    ).content.decode()
    assert "has for you, hypothetical" not in other
    assert OFFER in other


def test_somebody_elses_attempt_is_not_there(
    attempt: Attempt, as_bob: Client, client: Client
) -> None:
    tell(attempt, "visit_history")
    for asker in (as_bob, client):
        url = reverse("lab-cohorts")
        assert asker.get(url, {"of": str(attempt.pk), "example": "case"}).status_code == 404
        assert asker.get(url, {"of": str(uuid.uuid4())}).status_code == 404
        assert asker.get(url, {"of": "x"}).status_code == 404


def test_what_was_pasted_outlives_an_attempt_that_is_gone(client: Client) -> None:
    sent = {"of": str(uuid.uuid4()), "kind": "counts", "table": "2025-08,100,100,10\n2025-09,90,90"}
    response = client.post(reverse("lab-cohorts"), sent)
    assert response.status_code == 200
    assert "2025-08,100,100,10" in response.content.decode()


def test_opening_it_asks_the_database_little(
    attempt: Attempt, as_alice: Client, django_assert_max_num_queries: Any
) -> None:
    tell(attempt, "visit_history")
    page(as_alice, attempt)
    with django_assert_max_num_queries(8):
        page(as_alice, attempt, example="case")
