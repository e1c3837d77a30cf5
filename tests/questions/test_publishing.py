"""Publishing, scheduling and retiring questions, by actions and by fields of the admin."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from questions.models import Audience, Question
from questions.services.library import case_load
from tests.questions.cases import tiktok

pytestmark = pytest.mark.django_db
LIST = "/admin/questions/question/"
NOW = timezone.now()
DAY = timedelta(days=1)


@pytest.fixture
def admin(client: Client) -> Client:
    """An administrator's browser."""
    user = User.objects.create_superuser(email="admin@example.com", password="a long password")
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def question() -> Question:
    """A draft."""
    case_load(case=tiktok(), publish=False)
    return Question.objects.get()


def act(admin: Client, question: Question, action: str) -> str:
    """Run an action and return the page that follows."""
    form = {"action": action, "_selected_action": [question.pk]}
    return admin.post(LIST, form, follow=True).content.decode()


def state(question: Question) -> str:
    question.refresh_from_db()
    return question.state


def test_a_draft_is_published_retired_and_brought_back(admin: Client, question: Question):
    assert state(question) == "draft"
    assert "1 question published." in act(admin, question, "publish")
    assert state(question) == "published"
    assert "1 question retired." in act(admin, question, "retire")
    assert state(question) == "retired"
    assert "1 question brought back." in act(admin, question, "bring_back")
    assert state(question) == "published"
    assert "Retired" in admin.get(f"{LIST}{question.pk}/history/").content.decode()


@pytest.mark.parametrize(
    ("action", "before", "words"),
    [
        ("publish", {"published_at": NOW - DAY}, "published already"),
        ("publish", {"published_at": NOW - 2 * DAY, "retired_at": NOW - DAY}, "Bring it back"),
        ("publish", {"current_version": None}, "no case yet"),
        ("retire", {}, "is a draft. Only a published"),
        ("retire", {"published_at": NOW + DAY}, "is scheduled. Only a published"),
        ("bring_back", {"published_at": NOW - DAY}, "not retired"),
    ],
)
def test_what_an_action_cannot_do_is_said_and_not_done(
    action: str, before: dict[str, object], words: str, admin: Client, question: Question
):
    Question.objects.update(**before)
    stands = state(question)
    assert words in act(admin, question, action)
    assert state(question) == stands


def test_an_audience_is_chosen_for_many(admin: Client, question: Question):
    act(admin, question, "for_members")
    assert Question.objects.get().audience == Audience.MEMBERS
    assert "Open to: everybody" in act(admin, question, "for_everybody")
    assert Question.objects.get().audience == Audience.EVERYBODY


def fields(**moments: object) -> dict[str, str]:
    """Return a filled form of the question's page."""
    form = {"audience": "members", "versions-TOTAL_FORMS": "0", "versions-INITIAL_FORMS": "0"}
    for name, moment in moments.items():
        form[f"{name}_0"], form[f"{name}_1"] = f"{moment:%Y-%m-%d}", f"{moment:%H:%M:%S}"
    return form


@pytest.mark.parametrize(
    ("moments", "expected"),
    [
        ({}, "draft"),
        ({"published_at": NOW + DAY}, "scheduled"),
        ({"published_at": NOW - DAY}, "published"),
        ({"published_at": NOW - DAY, "retired_at": NOW + DAY}, "published"),
        ({"published_at": NOW - 2 * DAY, "retired_at": NOW - DAY}, "retired"),
    ],
)
def test_the_fields_schedule_publishing_and_retiring(
    moments: dict[str, object], expected: str, admin: Client, question: Question
):
    response = admin.post(f"{LIST}{question.pk}/change/", fields(**moments))
    assert response.status_code == 302
    assert state(question) == expected
    assert question.audience == Audience.MEMBERS
    listed = admin.get(LIST, {"state": expected}).content.decode()
    assert tiktok().title in listed
    for other in {"draft", "scheduled", "published", "retired"} - {expected}:
        assert tiktok().title not in admin.get(LIST, {"state": other}).content.decode()


@pytest.mark.parametrize(
    ("moments", "words"),
    [
        ({"retired_at": NOW + DAY}, "Say first when it is published"),
        ({"published_at": NOW, "retired_at": NOW}, "Choose a time after it is published"),
        ({"published_at": NOW, "retired_at": NOW - DAY}, "Choose a time after it is published"),
    ],
)
def test_retiring_before_it_is_published_is_refused(
    moments: dict[str, object], words: str, admin: Client, question: Question
):
    response = admin.post(f"{LIST}{question.pk}/change/", fields(**moments))
    assert response.status_code == 200
    assert words in response.content.decode()
    assert state(question) == "draft"


@pytest.mark.parametrize(
    ("moments", "words"),
    [
        ({"published_at": NOW + DAY}, "Scheduled for"),
        ({"published_at": NOW - DAY, "retired_at": NOW + DAY}, "Published until"),
        ({"published_at": NOW - 2 * DAY, "retired_at": NOW - DAY}, "Retired "),
    ],
)
def test_the_list_says_where_a_question_stands(
    moments: dict[str, object], words: str, admin: Client, question: Question
):
    Question.objects.update(**moments)
    assert words in admin.get(LIST).content.decode()
