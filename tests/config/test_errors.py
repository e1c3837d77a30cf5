"""The one place where errors become answers."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.test import Client, RequestFactory
from rest_framework import exceptions

from accounts.throttling import Limit
from coach.views import practice
from config.errors import api_exception_handler, server_error
from tests.coach.factories import SHOP, question_of

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (Http404("none"), 404),
        (PermissionDenied(), 403),
        (ValidationError("wrong"), 400),
        (ValidationError({"name": ["taken"]}), 400),
        (ValidationError("somebody else was first", code="conflict"), 409),
        (exceptions.NotAuthenticated(), 401),
        (exceptions.Throttled(wait=7), 429),
        (exceptions.UnsupportedMediaType("text/plain"), 415),
    ],
)
def test_every_error_of_the_api_is_a_problem_document(error: Exception, status: int) -> None:
    response = api_exception_handler(error, {})
    assert response is not None
    assert response.status_code == response.data["status"] == status
    assert response.content_type == "application/problem+json"
    assert set(response.data) >= {"type", "title", "status", "detail"}


def test_a_wrong_field_is_named_however_deep_it_lies() -> None:
    error = exceptions.ValidationError({"levers": [{}, {"amount": ["A number is needed."]}]})
    response = api_exception_handler(error, {})
    assert response is not None
    assert response.data["errors"] == [
        {"field": "levers[1].amount", "message": "A number is needed."}
    ]


def test_a_throttled_caller_is_told_when_to_come_back() -> None:
    response = api_exception_handler(exceptions.Throttled(wait=7), {})
    assert response is not None
    assert response["Retry-After"] == "8"


def test_an_unknown_fault_is_left_to_the_server() -> None:
    assert api_exception_handler(RuntimeError("ours"), {}) is None


@pytest.mark.parametrize(
    ("path", "kind"), [("/api/v1/results", "application/problem+json"), ("/desk/", "text/html")]
)
def test_a_fault_of_ours_is_a_problem_in_the_api_and_a_page_elsewhere(path: str, kind: str) -> None:
    response = server_error(RequestFactory().get(path))
    assert response.status_code == 500
    assert response["Content-Type"].startswith(kind)


def test_a_fault_reaches_the_caller_of_the_api_as_a_problem(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: Any, **kwargs: Any) -> None:
        raise RuntimeError("secret words")

    monkeypatch.setattr("rest_framework.views.APIView.initial", fail)
    client.raise_request_exception = False
    response = client.get("/api/v1/results")
    assert response.status_code == response.json()["status"] == 500
    assert "secret" not in response.content.decode()


def test_an_unknown_address_has_a_page_of_its_own(client: Client) -> None:
    response = client.get("/no/such/page/")
    assert response.status_code == 404
    assert "<main" in response.content.decode()


def test_too_many_requests_have_a_page_that_says_how_long_to_wait(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    from accounts.throttling import TooManyRequests

    def full(limit: Limit, who: str) -> None:
        raise TooManyRequests(wait=42)

    question_of()
    client.post(f"/practice/start/{SHOP}/")
    monkeypatch.setattr(practice, "throttle", full)
    attempt = client.get("/practice/").context["open"][0]
    response = client.post(f"/practice/{attempt.pk}/clarify/say/", {"text": "Hello"})
    assert response.status_code == 429
    assert response["Retry-After"] == "42"
    assert "42" in response.content.decode()


def test_a_form_without_its_token_is_explained() -> None:
    client = Client(enforce_csrf_checks=True)
    response = client.post("/account/login/", {"login": "a@example.com"})
    assert response.status_code == 403
    assert "<main" in response.content.decode()
