"""The bank over the API: filters, one question, and nothing that helps to solve it."""

from __future__ import annotations

import json

import pytest
from pytest_django import DjangoAssertNumQueries
from rest_framework.exceptions import ValidationError
from rest_framework.response import Response
from rest_framework.test import APIRequestFactory

from questions.api import QuestionDetailView, QuestionListView
from questions.models import Question
from questions.services.library import case_load
from tests.questions.cases import tiktok, variant

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def bank() -> None:
    """Two questions."""
    case_load(case=tiktok())
    case_load(case=variant(slug="other", title="Other", difficulty="easy", prompt="Other?"))


def read(view: type, url: str = "/", **kwargs: str) -> Response:
    """The answer of a view to a caller who may read (keys and scopes are tested with theirs)."""
    open_view = view.as_view(authentication_classes=[], permission_classes=[], throttle_classes=[])
    response = open_view(APIRequestFactory().get(url), **kwargs)
    response.render()
    return response


def test_the_list_holds_the_published_questions():
    Question.objects.filter(slug="other").update(published_at=None)
    data = json.loads(read(QuestionListView).content)
    assert [row["slug"] for row in data["results"]] == ["improve-tiktok-shop"]
    assert data["results"][0]["companies"] == [
        {"slug": "meta", "name": "Meta"},
        {"slug": "tiktok", "name": "TikTok"},
    ]


def test_the_list_is_filtered_as_the_page_is():
    data = json.loads(read(QuestionListView, "/?difficulty=easy&q=othr").content)
    assert [row["slug"] for row in data["results"]] == ["other"]


def test_a_value_that_does_not_exist_is_refused_by_name():
    response = read(QuestionListView, "/?type=riddle")
    assert response.status_code == ValidationError.status_code
    assert "riddle" in response.content.decode()


def test_one_question_has_its_steps_and_version():
    data = json.loads(read(QuestionDetailView, slug="improve-tiktok-shop").content)
    assert data["version"] == 1
    assert data["steps"][0] == {"id": "clarify", "minutes": 4}
    assert sum(step["minutes"] for step in data["steps"]) == data["minutes"]


def test_a_withdrawn_question_is_not_found():
    Question.objects.update(published_at=None)
    assert read(QuestionDetailView, slug="other").status_code == 404


@pytest.mark.parametrize("slug", [None, "improve-tiktok-shop"])
def test_nothing_that_helps_to_solve_a_case_leaves_by_the_api(slug: str | None):
    response = read(QuestionDetailView, slug=slug) if slug else read(QuestionListView)
    text = response.content.decode()
    case = tiktok()
    secrets = [fact.answer for fact in case.facts]
    secrets += [trap.shows_as for trap in case.traps] + [case.tension]
    for step in case.steps.values():
        secrets += [step.hints.small, step.examples.level_2.text, step.follow_ups[0]]
    assert not [secret for secret in secrets if secret[:30] in text]


def test_both_views_ask_for_the_scope_of_questions():
    assert QuestionListView.required_scopes == {"GET": "questions:read"}
    assert QuestionDetailView.required_scopes == {"GET": "questions:read"}


def test_the_list_takes_the_same_queries_however_many_questions(
    django_assert_num_queries: DjangoAssertNumQueries,
):
    read(QuestionListView)  # reads the columns of the bank
    with django_assert_num_queries(4):
        read(QuestionListView)
