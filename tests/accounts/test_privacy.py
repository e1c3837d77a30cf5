"""Export, deletion, and the registry behind both."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import models
from django.test import Client
from django.urls import reverse

from accounts.models import Notice, User
from accounts.privacy import registry
from accounts.services import account_delete
from coach.models import Answer, Attempt, Review, Submission
from questions.models import CaseVersion, Question
from tests.factories import (
    PASSWORD,
    AuditEventFactory,
    CaseVersionFactory,
    InvitationFactory,
    MembershipFactory,
    NoticeFactory,
    UserFactory,
)
from universities.models import AuditEvent, Invitation, Membership, Role, University

pytestmark = pytest.mark.django_db
OURS = ("accounts", "universities", "questions", "metrics_lab", "coach", "account", "usersessions")
WITHOUT_PEOPLE = {
    "questions.question": "the bank is written by its editors and read by everybody",
    "questions.caseversion": "the bank is written by its editors and read by everybody",
    "questions.company": "a company is no person",
    "questions.tag": "a word to find questions by",
    "questions.bankstamp": "a random value that tells that the bank changed",
    "metrics_lab": "a lab keeps nothing about who computes in it",
    "account.emailconfirmation": "holds the key of a link; the address is declared beside it",
}
SPEAKING = (models.CharField, models.TextField, models.JSONField, models.GenericIPAddressField)


def speaking_fields(model: type[models.Model]) -> list[str]:
    """Return a model's fields that can hold words about a person."""
    return [
        field.name
        for field in model._meta.get_fields()
        if isinstance(field, SPEAKING) and not field.auto_created
    ]


OUR_MODELS = [
    model
    for label in OURS
    if apps.is_installed(label) or label in ("account", "usersessions")
    for model in apps.get_app_config(label).get_models()
    if label not in WITHOUT_PEOPLE and model._meta.label_lower not in WITHOUT_PEOPLE
]


@pytest.mark.parametrize("model", OUR_MODELS, ids=lambda model: model._meta.label_lower)
def test_every_field_that_can_speak_of_a_person_is_declared(model: type[models.Model]) -> None:
    assert registry.undeclared_fields(model, speaking_fields(model)) == []


@pytest.mark.parametrize("entry", list(registry), ids=lambda entry: entry.label)
def test_every_declaration_can_be_read_and_says_why(entry: Any, alice: User) -> None:
    list(entry.rows(alice).values(*entry.fields))
    assert entry.title
    assert entry.purpose.endswith(".") or len(entry.purpose) > 10


def exported(browser: Client) -> tuple[dict[str, Any], str]:
    """Return the JSON and the page of a downloaded export."""
    response = browser.post(reverse("account-export"))
    assert response["Content-Disposition"].startswith("attachment")
    with zipfile.ZipFile(io.BytesIO(response.content)) as archive:
        assert sorted(archive.namelist()) == ["data.html", "data.json"]
        return json.loads(archive.read("data.json")), archive.read("data.html").decode()


def test_the_export_holds_ones_own_data_for_programs_and_for_people(
    as_alice: Client, alice: User
) -> None:
    NoticeFactory(user=alice, text="Your review is there.")
    data, page = exported(as_alice)
    assert data["accounts.user"][0]["email"] == "alice@example.com"
    assert data["accounts.notice"][0]["text"] == "Your review is there."
    assert data["universities.membership"][0]["university__name"] == "North University"
    assert "North University" in page


def test_the_export_holds_nobody_elses_data(as_alice: Client, bob: User) -> None:
    NoticeFactory(user=bob, text="A secret of Bob.")
    data, page = exported(as_alice)
    assert "Bob" not in json.dumps(data) + page
    assert "bob@example.com" not in json.dumps(data) + page


def test_the_export_holds_no_secrets(as_alice: Client, alice: User) -> None:
    data, page = exported(as_alice)
    assert alice.password not in json.dumps(data) + page
    assert as_alice.session.session_key not in json.dumps(data) + page


def test_words_in_the_exported_page_are_not_markup(as_alice: Client, alice: User) -> None:
    NoticeFactory(user=alice, text="<script>alert(1)</script>")
    assert "<script>" not in exported(as_alice)[1]


def test_deletion_needs_the_password(as_alice: Client, alice: User) -> None:
    response = as_alice.post(reverse("account-delete"), {"password": "wrong"})
    assert "This is not your password." in response.content.decode()
    assert User.objects.filter(pk=alice.pk).exists()


def test_deletion_takes_the_person_and_signs_out(as_alice: Client, alice: User) -> None:
    NoticeFactory(user=alice)
    response = as_alice.post(reverse("account-delete"), {"password": PASSWORD})
    assert response["Location"] == reverse("account-deleted")
    assert not User.objects.filter(pk=alice.pk).exists()
    assert not Notice.objects.exists()
    assert not Membership.objects.filter(user_id=alice.pk).exists()
    assert as_alice.get(reverse("account-home")).status_code == 302


def test_an_account_without_a_password_types_its_address(charlie: User) -> None:
    user = UserFactory(email="sso@example.com", password=None)
    browser = Client()
    browser.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    browser.post(reverse("account-delete"), {"email": "charlie@example.com"})
    assert User.objects.filter(pk=user.pk).exists()
    browser.post(reverse("account-delete"), {"email": "SSO@example.com"})
    assert not User.objects.filter(pk=user.pk).exists()


def test_the_only_staff_member_hands_over_first(as_carol: Client, carol: User) -> None:
    page = as_carol.get(reverse("account-delete")).content.decode()
    assert "only staff member of North University" in page
    as_carol.post(reverse("account-delete"), {"password": PASSWORD})
    assert User.objects.filter(pk=carol.pk).exists()
    with pytest.raises(ValidationError):
        account_delete(user=carol)


def test_a_deleted_person_leaves_no_trace_of_their_address(
    alice: User, carol: User, university: University
) -> None:
    member = Membership.objects.get(user=alice)
    AuditEventFactory(university=university, actor=alice, subject=f"member:{member.pk}")
    InvitationFactory(university=university, email="Alice@example.com", name="Alice A.")
    account_delete(user=alice)
    rows = [
        str(row)
        for model in apps.get_models()
        if model._meta.managed and model not in (Question, CaseVersion)
        for row in model._base_manager.values()
    ]
    assert not [row for row in rows if "alice" in row.lower()]
    assert AuditEvent.objects.get(action="member.removed").actor is None


def test_what_a_deleted_staff_member_did_stays_without_their_name(
    carol: User, university: University
) -> None:
    MembershipFactory(university=university, role=Role.STAFF)
    AuditEventFactory(university=university, actor=carol)
    account_delete(user=carol)
    event = AuditEvent.objects.get()
    assert event.actor is None


def test_the_page_about_deletion_says_what_is_kept(as_alice: Client) -> None:
    page = as_alice.get(reverse("account-delete")).content.decode()
    assert "Kept without your name" in page


def test_invitations_to_others_are_not_touched(alice: User, university: University) -> None:
    InvitationFactory(university=university, email="malice@example.com")
    account_delete(user=alice)
    assert Invitation.objects.filter(email="malice@example.com").exists()


def test_too_many_exports_are_asked_to_wait(as_alice: Client) -> None:
    codes = {as_alice.post(reverse("account-export")).status_code for _ in range(10)}
    refused = as_alice.post(reverse("account-export"))
    assert codes == {200}
    assert refused.status_code == 429
    assert int(refused["Retry-After"]) > 0


def submitted_work(student: User, coach: User, university: University) -> Review:
    """Return a released review of something a student submitted."""
    attempt = Attempt.objects.create(
        owner=student, case_version=CaseVersionFactory(), current_step="summary"
    )
    Answer.objects.create(attempt=attempt, step="summary", version=1, text="Mine", html="Mine")
    submission = Submission.objects.create(
        university=university, attempt=attempt, student=student, content={"steps": []}, sha256="0"
    )
    return Review.objects.create(
        university=university,
        submission=submission,
        coach=coach,
        state="released",
        summary="Well argued.",
        lease_until="2026-01-01T00:00Z",
    )


def test_what_was_submitted_and_reviewed_goes_with_the_student(
    alice: User, bob: User, university: University
) -> None:
    submitted_work(alice, bob, university)
    account_delete(user=alice)
    for model in (Attempt, Answer, Submission, Review):
        assert not model.objects.exists()


def test_a_review_stays_with_the_student_when_the_coach_goes(
    alice: User, bob: User, university: University
) -> None:
    review = submitted_work(alice, bob, university)
    account_delete(user=bob)
    review.refresh_from_db()
    assert (review.coach, review.summary) == (None, "Well argued.")


def test_a_student_exports_released_reviews_and_no_drafts(
    as_alice: Client, alice: User, bob: User, university: University
) -> None:
    review = submitted_work(alice, bob, university)
    assert "Well argued." in exported(as_alice)[1]
    Review.objects.filter(pk=review.pk).update(state="draft")
    assert "Well argued." not in exported(as_alice)[1]
