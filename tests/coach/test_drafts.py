"""What is typed is saved as it is typed, and an older save never undoes a newer one."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from coach.models import Attempt
from coach.services.drafts import MAX_TEXT

pytestmark = pytest.mark.django_db


@pytest.fixture
def address(attempt: Attempt) -> str:
    """Where the drafts of the segment step are saved."""
    return reverse("practice-draft", args=[attempt.pk, "segment"])


def test_typed_text_is_saved_and_its_number_comes_back(
    attempt: Attempt, address: str, as_alice: Client
) -> None:
    response = as_alice.post(address, {"text": "I would split", "seq": "3"})
    row = attempt.steps.get(step="segment")
    assert response.json() == {"seq": 3}
    assert (row.composer, row.composer_sequence) == ("I would split", 3)


def test_the_saved_text_stands_in_the_page_again(
    attempt: Attempt, address: str, as_alice: Client
) -> None:
    as_alice.post(address, {"text": "I would split <b>", "seq": "1"})
    page = as_alice.get(reverse("practice-step", args=[attempt.pk, "segment"]))
    assert "I would split &lt;b&gt;</textarea>" in page.content.decode()


def test_an_older_save_is_refused_and_the_newer_text_stays(
    attempt: Attempt, address: str, as_alice: Client
) -> None:
    as_alice.post(address, {"text": "newer", "seq": "5"})
    response = as_alice.post(address, {"text": "older", "seq": "4"})
    assert response.status_code == 409
    assert "later version" in response.json()["error"]
    assert attempt.steps.get(step="segment").composer == "newer"


def test_the_same_save_twice_is_no_conflict(address: str, as_alice: Client) -> None:
    as_alice.post(address, {"text": "same", "seq": "5"})
    assert as_alice.post(address, {"text": "same", "seq": "5"}).status_code == 200


def test_text_and_artefact_count_their_saves_apart(
    attempt: Attempt, address: str, as_alice: Client
) -> None:
    as_alice.post(address, {"text": "typed", "seq": "9"})
    response = as_alice.post(address, {"rows-0-name": "Gift buyers", "seq": "1"})
    row = attempt.steps.get(step="segment")
    assert response.json() == {"seq": 1}
    assert row.artefact["rows"][0]["name"] == "Gift buyers"
    assert row.composer == "typed"


def test_an_older_artefact_is_refused_and_the_newer_one_stays(
    attempt: Attempt, address: str, as_alice: Client
) -> None:
    as_alice.post(address, {"rows-0-name": "New", "seq": "7"})
    assert as_alice.post(address, {"rows-0-name": "Old", "seq": "6"}).status_code == 409
    assert attempt.steps.get(step="segment").artefact["rows"][0]["name"] == "New"


def test_a_draft_over_the_documented_size_is_refused_and_the_last_one_stays(
    attempt: Attempt, address: str, as_alice: Client
) -> None:
    as_alice.post(address, {"text": "fits", "seq": "1"})
    response = as_alice.post(address, {"text": "x" * (MAX_TEXT + 1), "seq": "2"})
    assert response.status_code == 422
    assert "6,000" in response.json()["error"]
    assert attempt.steps.get(step="segment").composer == "fits"


def test_line_ends_count_once_so_that_a_full_text_area_fits(
    attempt: Attempt, address: str, as_alice: Client
) -> None:
    text = "\r\n".join(["x" * 99] * 60)
    assert as_alice.post(address, {"text": text, "seq": "1"}).status_code == 200
    assert "\r" not in attempt.steps.get(step="segment").composer


@pytest.mark.parametrize("seq", ["", "²", "-3", "9" * 40, "1.5", "x"])
def test_an_odd_sequence_number_counts_as_the_first(
    attempt: Attempt, address: str, as_alice: Client, seq: str
) -> None:
    assert as_alice.post(address, {"text": "typed", "seq": seq}).json() == {"seq": 0}


def test_text_without_a_place_in_the_database_is_saved_without_it(
    attempt: Attempt, address: str, as_alice: Client
) -> None:
    as_alice.post(address, {"text": "a\x00b", "seq": "1"})
    as_alice.post(address, {"rows-0-name": "c\x00d", "field-why": "e\x00f", "seq": "1"})
    row = attempt.steps.get(step="segment")
    assert (row.composer, row.artefact["rows"][0]["name"]) == ("ab", "cd")
    assert row.artefact["why"] == "ef"


def test_too_many_saves_in_a_minute_are_told_to_wait(
    address: str, as_alice: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    from accounts.throttling import Limit
    from coach.views import practice

    monkeypatch.setattr(practice, "SAVES", Limit("save", count=2, seconds=3600))
    statuses = [as_alice.post(address, {"text": "x", "seq": str(n)}).status_code for n in range(3)]
    assert statuses == [200, 200, 429]
