"""Starting, opening, finishing and keeping attempts."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from coach import cases
from coach.models import Attempt, AttemptStep, Message, MessageKind
from coach.services.attempts import (
    attempt_finish,
    attempt_resume,
    attempt_touch,
    attempts_purge_abandoned,
    step_open,
)
from coach.services.conversation import message_send
from questions.variant import VARIANTS
from tests.coach.factories import ASK_KPIS, SHOP, answered, assigned, play, question_of
from tests.conftest import signed_in
from tests.factories import PASSWORD, UserFactory
from universities.models import University

pytestmark = pytest.mark.django_db


@pytest.fixture
def visitor(client: Client) -> Client:
    """A browser that has started the shop case without an account."""
    question_of()
    client.post(reverse("practice-start", args=[SHOP]))
    return client


def test_a_visitor_starts_without_an_account_and_is_known_by_a_signed_cookie(
    visitor: Client,
) -> None:
    attempt = Attempt.objects.get()
    cookie = visitor.cookies["visitor"]
    assert attempt.owner is None
    assert len(attempt.visitor_hash) == 64
    assert attempt.visitor_hash not in cookie.value
    assert cookie["httponly"]


def test_the_first_step_opens_with_the_coachs_brief(visitor: Client) -> None:
    attempt = Attempt.objects.get()
    page = visitor.get(reverse("practice-step", args=[attempt.pk, "clarify"]))
    assert page.status_code == 200
    assert Message.objects.get().kind == MessageKind.BRIEF
    assert AttemptStep.objects.filter(opened_at__isnull=False).count() == 1


def test_another_visitor_finds_nothing(visitor: Client) -> None:
    attempt = Attempt.objects.get()
    assert Client().get(reverse("practice-resume", args=[attempt.pk])).status_code == 404


def test_a_forged_visitor_cookie_finds_nothing(visitor: Client) -> None:
    attempt = Attempt.objects.get()
    forger = Client()
    forger.cookies["visitor"] = visitor.cookies["visitor"].value.replace(":", "x:", 1)
    assert forger.get(reverse("practice-resume", args=[attempt.pk])).status_code == 404


def test_two_attempts_of_a_browser_share_one_token(visitor: Client) -> None:
    visitor.post(reverse("practice-start", args=[SHOP]))
    assert Attempt.objects.values("visitor_hash").distinct().count() == 1


def test_signing_up_keeps_the_visitors_attempt(visitor: Client) -> None:
    response = visitor.post(
        reverse("account_signup"), {"email": "new@example.com", "password1": PASSWORD}
    )
    attempt = Attempt.objects.get()
    assert response.status_code == 302
    assert attempt.owner == User.objects.get(email="new@example.com")
    assert attempt.visitor_hash == ""


def test_signing_in_keeps_the_visitors_attempt(visitor: Client) -> None:
    user = UserFactory(email="known@example.com")
    visitor.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})
    attempt = Attempt.objects.get()
    assert attempt.owner == user
    assert visitor.get(reverse("practice-resume", args=[attempt.pk])).status_code == 302


def test_signing_in_takes_no_other_visitors_attempt(visitor: Client) -> None:
    other = play(visitor_hash="o" * 64)
    user = UserFactory()
    visitor.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})
    other.refresh_from_db()
    assert other.owner is None


def test_guided_is_the_mode_when_none_is_chosen(as_alice: Client, alice: User) -> None:
    question_of()
    response = as_alice.post(reverse("practice-start", args=[SHOP]))
    attempt = Attempt.objects.get()
    assert response.url == reverse("practice-step", args=[attempt.pk, "clarify"])
    assert (attempt.mode, attempt.owner, attempt.visitor_hash) == ("guided", alice, "")
    assert attempt.steps.count() == 7


def test_an_unknown_mode_starts_nothing(as_alice: Client) -> None:
    question_of()
    response = as_alice.post(reverse("practice-start", args=[SHOP]), {"mode": "exam"})
    assert response.url == reverse("question-detail", args=[SHOP])
    assert not Attempt.objects.exists()


def test_a_drill_is_one_step_and_gives_the_work_before_it(as_alice: Client) -> None:
    question_of()
    as_alice.post(reverse("practice-start", args=[SHOP]), {"mode": "drill", "step": "solutions"})
    attempt = Attempt.objects.get()
    assert [step.step for step in attempt.steps.all()] == ["solutions"]
    assert "Given from the earlier steps" in attempt.messages.get().text


@pytest.mark.parametrize("step", ["", "hypotheses", "no\x00step"])
def test_a_drill_of_a_step_the_case_lacks_starts_nothing(as_alice: Client, step: str) -> None:
    question_of()
    as_alice.post(reverse("practice-start", args=[SHOP]), {"mode": "drill", "step": step})
    assert not Attempt.objects.exists()


@pytest.mark.parametrize(("mode", "percent"), [("mock", 50), ("guided", 0)])
def test_extra_time_counts_in_a_mock_interview_only(alice: User, mode: str, percent: int) -> None:
    alice.extra_time = 50
    assert play(alice, mode).extra_time == percent


def test_a_question_without_a_case_version_is_not_played(alice: User) -> None:
    question = question_of()
    question.current_version = None
    question.save()
    browser = signed_in(alice)
    browser.post(reverse("practice-start", args=[SHOP]))
    assert not Attempt.objects.exists()


def test_starting_for_an_assignment_takes_its_mode(
    alice: User, as_alice: Client, university: University
) -> None:
    assignment = assigned(university, alice.memberships.get(), mode="mock")
    as_alice.post(reverse("practice-start", args=[SHOP]), {"assignment": assignment.pk})
    attempt = Attempt.objects.get()
    assert (attempt.assignment, attempt.mode) == (assignment, "mock")


@pytest.mark.parametrize("given", ["", "nonsense", "other"])
def test_a_stranger_cannot_start_for_an_assignment(
    alice: User, as_charlie: Client, university: University, given: str
) -> None:
    assignment = assigned(university, alice.memberships.get())
    sent = {"": str(assignment.pk), "nonsense": "x", "other": str(uuid.uuid4())}[given]
    response = as_charlie.post(reverse("practice-start", args=[SHOP]), {"assignment": sent})
    assert response.status_code == 404
    assert not Attempt.objects.exists()


def test_an_assignment_of_another_question_is_not_found(
    alice: User, as_alice: Client, university: University
) -> None:
    assignment = assigned(university, alice.memberships.get())
    question_of("improve-duolingo")
    address = reverse("practice-start", args=["improve-duolingo"])
    assert as_alice.post(address, {"assignment": assignment.pk}).status_code == 404


def test_resuming_goes_to_the_step_that_was_open_last(attempt: Attempt, as_alice: Client) -> None:
    step_open(attempt=attempt, step="metrics")
    response = as_alice.get(reverse("practice-resume", args=[attempt.pk]))
    assert response.url == reverse("practice-step", args=[attempt.pk, "metrics"])


def test_opening_a_step_twice_says_its_brief_once(attempt: Attempt) -> None:
    step_open(attempt=attempt, step="metrics")
    step_open(attempt=attempt, step="metrics")
    assert attempt.messages.filter(step="metrics").count() == 1


def test_time_is_counted_for_the_current_step_without_pauses(attempt: Attempt) -> None:
    attempt.touched_at = timezone.now() - timedelta(hours=3)
    attempt_touch(attempt=attempt)
    assert attempt.steps.get(step="clarify").seconds == 120


def test_coming_back_after_a_pause_counts_nothing(attempt: Attempt) -> None:
    attempt.touched_at = timezone.now() - timedelta(hours=3)
    attempt_resume(attempt=attempt)
    attempt_touch(attempt=attempt)
    assert attempt.steps.get(step="clarify").seconds == 0


def test_finishing_needs_one_submitted_step(attempt: Attempt) -> None:
    with pytest.raises(ValidationError, match="at least one step"):
        attempt_finish(attempt=attempt)


def test_finishing_twice_keeps_the_first_time(attempt: Attempt) -> None:
    answered(attempt)
    attempt_finish(attempt=attempt)
    first = attempt.finished_at
    attempt_finish(attempt=attempt)
    assert attempt.finished_at == first


def test_a_finished_attempt_takes_no_more_messages(attempt: Attempt, as_alice: Client) -> None:
    answered(attempt)
    attempt_finish(attempt=attempt)
    address = reverse("practice-say", args=[attempt.pk, "metrics"])
    assert as_alice.post(address, {"text": "One more thing"}).status_code == 404
    assert not attempt.messages.filter(step="metrics").exists()


def test_abandoned_attempts_of_visitors_go_after_thirty_days(attempt: Attempt) -> None:
    old = timezone.now() - timedelta(days=31)
    abandoned, fresh = play(visitor_hash="a" * 64), play(visitor_hash="b" * 64)
    Attempt.objects.filter(pk__in=[abandoned.pk, attempt.pk]).update(touched_at=old)
    assert attempts_purge_abandoned() == 1
    assert set(Attempt.objects.all()) == {attempt, fresh}


def test_a_second_try_with_other_numbers_is_told_them(as_alice: Client, alice: User) -> None:
    play(alice)
    page = as_alice.get(reverse("question-detail", args=[SHOP]))
    assert b'name="numbers"' in page.content
    as_alice.post(reverse("practice-start", args=[SHOP]), {"mode": "guided", "numbers": "other"})
    attempt = Attempt.objects.get(owner=alice, variant__isnull=False)
    assert attempt.variant == 1
    message_send(attempt=attempt, step="clarify", text=ASK_KPIS, client_id=uuid.uuid4())
    aov = cases.case_of(attempt.case_key).baselines["aov"].value
    told = " ".join(attempt.messages.values_list("html", flat=True))
    assert aov != cases.case_of(play(alice).case_key).baselines["aov"].value
    step = as_alice.get(reverse("practice-step", args=[attempt.pk, "clarify"])).content.decode()
    assert f"{aov:g} dollars" in step or f"{aov:g} dollars" in told
    assert "with other numbers" in step


def test_each_try_with_other_numbers_takes_the_next_set(alice: User) -> None:
    seeds = [play(alice, other_numbers=True).variant for _ in range(VARIANTS + 1)]
    assert seeds == [*range(1, VARIANTS + 1), 1]


def test_a_visitors_sets_are_counted_apart(alice: User) -> None:
    play(alice, other_numbers=True)
    assert play(None, other_numbers=True).variant == 1


def test_somebody_new_to_a_case_is_not_asked_about_numbers(as_alice: Client) -> None:
    question_of()
    page = as_alice.get(reverse("question-detail", args=[SHOP]))
    assert b'name="numbers"' not in page.content


def test_a_drill_keeps_the_numbers_of_the_work_it_is_given(alice: User) -> None:
    with pytest.raises(ValidationError, match="own numbers"):
        play(alice, mode="drill", step="metrics", other_numbers=True)
    assert not Attempt.objects.exists()
