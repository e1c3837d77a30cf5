"""Staff publish and withdraw questions; what the case file says they only read."""

import pytest
from django.test import Client

from accounts.models import User
from questions.models import CaseVersion, Question
from questions.services.library import case_load
from tests.questions.cases import tiktok

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(client: Client) -> Client:
    """An administrator's browser."""
    user = User.objects.create_superuser(email="admin@example.com", password="a long password")
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def question() -> Question:
    """The TikTok Shop question."""
    case_load(case=tiktok())
    return Question.objects.get()


def test_a_version_can_be_read_and_not_changed(admin: Client, question: Question):
    version = CaseVersion.objects.get()
    url = f"/admin/questions/caseversion/{version.pk}/change/"
    assert admin.get(url).status_code == 200
    assert admin.post(url, {"number": 7}).status_code == 403
    assert CaseVersion.objects.get().number == 1


def test_a_version_can_be_neither_added_nor_deleted(admin: Client, question: Question):
    version = CaseVersion.objects.get()
    assert admin.get("/admin/questions/caseversion/add/").status_code == 403
    assert admin.post(f"/admin/questions/caseversion/{version.pk}/delete/").status_code == 403


def test_staff_withdraw_a_question_and_change_nothing_else(admin: Client, question: Question):
    url = f"/admin/questions/question/{question.pk}/change/"
    form = {
        "title": "Another title",
        "audience": "everybody",
        "versions-TOTAL_FORMS": 0,
        "versions-INITIAL_FORMS": 0,
    }
    assert admin.post(url, form).status_code == 302
    question.refresh_from_db()
    assert question.state == "draft"
    assert question.title == "Improve TikTok Shop"
