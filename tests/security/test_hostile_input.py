"""What a caller may send to hurt: too deep, too long, too large, or out of every range."""

from __future__ import annotations

import json
import time

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from accounts.models import User
from coach.assessment.lab import claim_model
from coach.interviewer.spelling import Speller
from metrics_lab.engine.claim.check import check
from metrics_lab.presentation.claim_check import LONGEST
from tests.coach.factories import SHOP, assigned, play
from tests.factories import ApiKeyFactory, CohortFactory, bearer, library_case
from universities.models import ApiKey, University
from universities.scopes import Scope

pytestmark = pytest.mark.django_db
JSON = "application/json"


@pytest.fixture
def key(university: University) -> ApiKey:
    """A key that may do everything in the university."""
    return ApiKeyFactory(university=university, scopes=list(Scope.values))


@pytest.mark.parametrize("body", ["[" * 100_000, '{"a":' * 20_000])
@pytest.mark.parametrize("name", ["api-lab-compute", "api-cohort-list", "api-assignment-list"])
def test_json_nested_too_deeply_is_the_callers_fault(key: ApiKey, name: str, body: str) -> None:
    response = Client().post(reverse(name), body, content_type=JSON, headers=bearer(key))
    assert response.status_code == 400
    assert response.json()["detail"] == "JSON parse error - nested too deeply."


@pytest.mark.parametrize(
    ("due", "zone"),
    [("9999-12-31T23:59", "America/Los_Angeles"), ("0001-01-01T00:00", "Asia/Tokyo")],
)
def test_a_due_time_outside_the_calendar_is_named(
    key: ApiKey, as_carol: Client, university: University, due: str, zone: str
) -> None:
    cohort = CohortFactory(university=university)
    question = assigned(university).question
    sent = {"question": question.slug, "cohort": str(cohort.pk), "due_local": due, "timezone": zone}
    address = reverse("api-assignment-list")
    answer = Client().post(address, json.dumps(sent), content_type=JSON, headers=bearer(key))
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == "due_local"
    form = {"question": question.pk, "cohort": cohort.pk, "mode": "guided"}
    page = as_carol.post(
        reverse("assignment-list", args=["north"]), {**form, "due_at": due, "timezone": zone}
    )
    assert page.status_code == 422


def test_a_request_larger_than_anything_we_take_is_refused_unread(key: ApiKey) -> None:
    page = Client().post(reverse("account_login"), {"login": "a" * 2_100_000})
    assert page.status_code == 413
    assert "That was too large" in page.content.decode()
    assert "Content-Security-Policy" in page.headers
    body = json.dumps({"name": "a" * 2_100_000})
    answer = Client().post(reverse("api-cohort-list"), body, content_type=JSON, headers=bearer(key))
    assert (answer.status_code, answer["Content-Type"]) == (413, "application/problem+json")


def test_a_form_larger_than_a_form_may_be_gets_a_page() -> None:
    page = Client().post(reverse("account_login"), {"login": "a" * 1_500_000})
    assert page.status_code == 413
    page = Client().post(reverse("account_login"), {f"f{n}": "a" for n in range(700)})
    assert page.status_code == 400
    assert "could not be read" in page.content.decode()


@pytest.mark.parametrize("digits", ["1" * 400, "1" + "0" * 400, "9" * 5_000])
def test_a_number_longer_than_any_figure_is_not_computed_with(
    as_alice: Client, alice: User, digits: str
) -> None:
    attempt = play(alice)
    response = as_alice.post(reverse("practice-lab", args=[attempt.pk]), {"claim": digits})
    assert response.status_code == (422 if len(digits) > LONGEST else 200)
    assert check(digits, claim_model(library_case(SHOP))) is not None


@pytest.mark.parametrize("unit", ["1 = ", "2 * ", "$1 ", "1% ", "2 x 3 = 6. ", "from 2% to 3% "])
def test_many_numbers_are_checked_in_bounded_time(unit: str) -> None:
    model = claim_model(library_case(SHOP))
    started = time.process_time()
    check((unit * 6_000)[:6_000], model)
    assert time.process_time() - started < 4


@pytest.mark.parametrize("text", ["a" * 6_000, "ab" * 3_000, "conversion" * 600, "xqzvk " * 1_000])
def test_a_very_long_word_is_answered_in_bounded_time(text: str) -> None:
    speller = Speller(["conversion rate", "average order value"])
    started = time.process_time()
    speller.mend(text)
    assert time.process_time() - started < 3


@pytest.mark.parametrize("value", ["\x00", "²", "-1", "9" * 40, "nan", "1e400", "𝟚", "{{7*7}}", ""])
def test_nothing_typed_into_a_form_of_practice_breaks_it(
    as_alice: Client, alice: User, value: str
) -> None:
    attempt = play(alice)
    names = {
        "practice-say": ("text", "client_id"),
        "practice-draft": ("text", "seq", "rows-0-name", "drop_row"),
        "practice-artefact": ("rows-chosen", "drop_row", "add_row"),
        "practice-hint": ("hint", "text"),
        "practice-assume": ("remove", "label"),
    }
    for name, fields in names.items():
        for field in fields:
            cache.clear()
            address = reverse(name, args=[attempt.pk, "pain_points"])
            assert as_alice.post(address, {field: value}).status_code < 500


def test_rewriting_without_end_is_asked_to_wait(as_alice: Client, alice: User) -> None:
    attempt = play(alice)
    address = reverse("practice-revise", args=[attempt.pk, "segment"])
    codes = [as_alice.post(address, {"text": str(n)}).status_code for n in range(41)]
    assert codes[-1] == 429
    assert 429 not in codes[:40]
