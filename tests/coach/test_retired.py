"""A question that is retired or withdrawn leaves every attempt as it is."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from coach.models import Attempt
from questions.models import Question
from questions.services.publishing import question_retire
from tests.coach.factories import SHOP, finished, play

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("change", ["retired", "withdrawn", "for members"])
def test_attempts_go_on_and_no_new_one_begins(
    change: str, client: Client, as_charlie: Client, charlie: User
) -> None:
    going, done = play(charlie), finished(charlie)
    question = Question.objects.get()
    charlie.memberships.all().delete()
    if change == "retired":
        question_retire(question=question)
    elif change == "withdrawn":
        Question.objects.update(published_at=None)
    else:
        Question.objects.update(audience="members")
    step = reverse("practice-step", args=[going.pk, "clarify"])
    assert as_charlie.get(step).status_code == 200
    assert as_charlie.get(reverse("practice-report", args=[done.pk])).status_code == 200
    assert as_charlie.post(reverse("practice-start", args=[SHOP])).status_code == 404
    assert set(Attempt.objects.values_list("case_version_id", flat=True)) == {
        question.current_version_id
    }
