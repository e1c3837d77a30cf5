"""The one place where errors become answers."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import Http404
from django.test import Client, RequestFactory
from django.urls import reverse
from rest_framework import exceptions

from accounts import throttling
from accounts.models import User
from accounts.throttling import Limit, TooManyRequests
from coach.views import practice
from config.errors import api_exception_handler, kept_fields, server_error
from questions.models import Comment
from questions.services.discussion import comment_add
from questions.services.saved_lists import list_make
from questions.views import discussion, interest
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


def refuse(monkeypatch: pytest.MonkeyPatch, wait: int = 42) -> None:
    """Let every limit be used up."""

    def full(limit: Limit, who: str) -> None:
        raise TooManyRequests(wait=wait)

    for module in (discussion, interest, throttling):
        monkeypatch.setattr(module, "throttle", full)


class Form(HTMLParser):
    """The form of a page: where it is sent, and what a browser would send."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.action, self.sent, self._open = "", {}, ""
        self.feed("<form " + page.partition('class="form kept"')[2].partition("</form>")[0])

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        found = dict(attrs)
        if tag == "form":
            self.action = found["action"]
        elif tag == "input":
            self.sent[found["name"]] = found["value"]
        elif tag == "textarea":
            self._open = found["name"]

    def handle_data(self, data: str) -> None:
        if self._open:
            self.sent[self._open] = data.removeprefix("\n")
            self._open = ""


WORDS = "First line & <b>more</b>\n\n  - a point"


def test_what_was_written_stands_on_the_page_of_a_limit_and_is_sent_from_there(
    as_alice: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    question_of()
    address = f"/questions/{SHOP}/comments/"
    with monkeypatch.context() as patch:
        refuse(patch)
        response = as_alice.post(address, {"kind": "question", "text": WORDS, "is_open": "on"})
    page = response.content.decode()
    assert response.status_code == 429
    assert "Try again in 42 seconds" in page
    assert "<b>more</b>" not in page
    form = Form(page)
    assert form.action == address
    assert form.sent.pop("csrfmiddlewaretoken")
    assert form.sent == {"kind": "question", "text": WORDS, "is_open": "on"}
    assert as_alice.post(form.action, form.sent).status_code == 302
    comment = Comment.objects.get()
    assert (comment.text, comment.kind, comment.spoils) == (WORDS, "question", False)


def labels(sent: dict[str, Any]) -> list[tuple[str, str, str]]:
    """Return name, value and label of what is kept of a form."""
    request = RequestFactory().post("/?a=1", {**sent, "csrfmiddlewaretoken": "t"})
    return [(each.name, each.value, each.label) for each in kept_fields(request)]


def test_a_limit_shows_what_was_written_and_hides_what_was_chosen_or_filled_in() -> None:
    assert labels({"text": "One", "company": "Procter & Gamble", "cell-0-idea": "A b c"}) == [
        ("text", "One", "What you wrote"),
        ("company", "Procter & Gamble", ""),
        ("cell-0-idea", "A b c", ""),
    ]
    assert labels({"text": " ", "do": "take off"}) == [("text", " ", ""), ("do", "take off", "")]


def test_several_texts_of_one_form_are_told_apart() -> None:
    assert labels({"text": ["one two", "", "x"], "to": "up", "note": "Why"}) == [
        ("text", "one two", "What you wrote, 1 of 3"),
        ("text", "", ""),
        ("text", "x", "What you wrote, 2 of 3"),
        ("to", "up", ""),
        ("note", "Why", "What you wrote, 3 of 3"),
    ]


@pytest.mark.parametrize(
    "name",
    ["password", "newPassword1", "Token", "hidden_token", "client_secret", "code", "join-code",
     "apiKey", "KEY", "pin", "pin_2"],
)  # fmt: skip
def test_a_limit_repeats_no_secret_nor_what_was_sent_with_it(name: str) -> None:
    assert labels({name: "a b", "text": "one two"}) == []


@pytest.mark.parametrize("name", ["lever-code_left", "mean-shipping", "keyword", "opinion"])
def test_a_name_that_only_sounds_like_a_secret_is_kept(name: str) -> None:
    assert labels({name: "3"}) == [(name, "3", "")]


def test_a_limit_drops_a_form_with_a_file() -> None:
    post = RequestFactory().post
    file = SimpleUploadedFile("a.csv", b"a,b")
    assert kept_fields(post("/", {"file": file, "text": "one two"})) == []
    assert kept_fields(RequestFactory().get("/?text=one")) == []


def test_a_form_without_words_says_that_the_press_was_not_taken_and_shows_nothing(
    as_alice: Client, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    saved = list_make(owner=alice, title="For November")
    refuse(monkeypatch)
    address = reverse("list-delete", args=[saved.slug])
    response = as_alice.post(address, {"sure": "yes, delete it"})
    page = response.content.decode()
    assert response.status_code == 429
    assert "Your press was not taken. Try it again in 42 seconds." in page
    assert "<textarea" not in page
    assert ">Try it again</button>" in page
    assert "Send it again" not in page
    assert "kept" not in page.partition("<h1>")[2].partition("<form")[0]
    form = Form(page)
    assert (form.action, form.sent["sure"]) == (address, "yes, delete it")


def test_a_press_without_words_is_only_asked_to_try_again(
    as_alice: Client, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    comment = comment_add(question=question_of(), author=alice, text="Ask first.", spoils=False)
    refuse(monkeypatch)
    page = as_alice.post(f"/questions/comments/{comment.pk}/vote/").content.decode()
    assert "Send it again" not in page
    assert "Your press was not taken. Try it again in 42 seconds." in page
    assert "drafts" not in page
    assert f'href="/questions/comments/{comment.pk}/vote/">Try again' in page


def test_a_form_without_its_token_is_explained() -> None:
    client = Client(enforce_csrf_checks=True)
    response = client.post("/account/login/", {"login": "a@example.com"})
    assert response.status_code == 403
    assert "<main" in response.content.decode()
