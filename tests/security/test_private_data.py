"""What one person or university must never learn of another, also after an account is gone."""

from __future__ import annotations

import io
import logging
import zipfile
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Notice, User
from accounts.services import account_delete
from coach.models import Attempt
from coach.services.attempts import attempts_purge_abandoned
from coach.services.conversation import message_send
from coach.services.drafts import artefact_save, composer_save
from coach.services.ledger import assumption_add
from coach.services.reviews import comment_add, finding_decide, mark_set, review_recall
from config.logs import WithoutWords
from questions.models import CaseVersion, Question
from questions.services.discussion import comment_add as talk_add
from questions.services.discussion import comment_report
from tests.coach.factories import (
    SEGMENT_ANSWER,
    SHOP,
    assigned,
    claimed,
    handed_in,
    judged,
    play,
    released,
)
from tests.conftest import signed_in
from tests.factories import (
    ApiKeyFactory,
    InvitationFactory,
    UserFactory,
    bearer,
)
from universities.models import Membership, Role, RosterImport, University
from universities.scopes import Scope
from universities.services.cohorts import cohort_create

pytestmark = pytest.mark.django_db
CANARY = "zqxcanary"


def everything_stored() -> list[str]:
    """Return every row of every table, the cases left out, as text in small letters."""
    return [
        f"{model._meta.label}: {row}".lower()
        for model in apps.get_models()
        if model._meta.managed and model not in (Question, CaseVersion)
        for row in model._base_manager.values()
    ]


def exported(browser: Client) -> str:
    """Return the JSON of a person's export."""
    file = io.BytesIO(browser.post(reverse("account-export")).content)
    with zipfile.ZipFile(file) as archive:
        return archive.read("data.json").decode()


def canary_student(university: University, coach: User) -> User:
    """Return a student who wrote a canary wherever a student can write, reviewed twice."""
    user: User = UserFactory(email=f"{CANARY}@example.com", name=f"{CANARY} name")
    member = Membership.objects.create(
        university=university, user=user, role=Role.STUDENT, external_id=f"{CANARY}-id"
    )
    cohort_create(university=university, actor=user, name="Spring").members.add(member)
    InvitationFactory(university=university, email=user.email, name=f"{CANARY} invited")
    submission = handed_in(user, university, text=f"{SEGMENT_ANSWER} {CANARY} answer")
    attempt = submission.attempt
    message_send(
        attempt=attempt, step="solutions", text=f"I assume {CANARY} is 5 %.", client_id=attempt.pk
    )
    composer_save(attempt=attempt, step="summary", text=f"{CANARY} unsent")
    rows = {"rows": [{"name": f"{CANARY} row", "solution": f"{CANARY} row"}]}
    artefact_save(attempt=attempt, step="prioritize", artefact=rows)
    assumption_add(attempt=attempt, step="segment", label=f"{CANARY} label", value=CANARY)
    review = released(submission, coach, summary=f"{CANARY} summary")
    review = review_recall(review=review, reason=f"{CANARY} reason")
    comment_add(review=review, step="segment", start=0, end=5, body=f"{CANARY} comment")
    mark_set(review=review, step="segment", criterion="distinct", level=2, note=f"{CANARY} note")
    talk(user, coach)
    return user


def talk(user: User, other: User) -> None:
    """Write a canary wherever a student can write below a question, and be answered."""
    shop = Question.objects.get(slug=SHOP)
    said = talk_add(question=shop, author=user, text=f"{CANARY} comment below", spoils=False)
    theirs = talk_add(question=shop, author=other, text="Yes.", spoils=False, parent=said)
    talk_add(question=shop, author=user, text=f"{CANARY} reply", spoils=False, parent=said)
    comment_report(comment=theirs, reporter=user, reason="other", note=f"{CANARY} objection")


@pytest.fixture
def student(university: University, bob: User) -> User:
    """The student who planted canaries."""
    return canary_student(university, bob)


def test_the_export_holds_every_canary_a_student_planted(student: User) -> None:
    data = exported(signed_in(student))
    kinds = (
        " name", "-id", " answer", " unsent", " row", " invited", " comment below", " reply",
        " objection",
    )  # fmt: skip
    assert [kind for kind in kinds if f"{CANARY}{kind}" not in data] == []


def test_deleting_the_account_leaves_no_canary_in_the_database(student: User) -> None:
    assert any(CANARY in row for row in everything_stored())
    account_delete(user=student)
    assert [row for row in everything_stored() if CANARY in row] == []


def test_a_coachs_name_goes_from_what_their_students_were_told(
    alice: User, university: University
) -> None:
    coach = UserFactory(email=f"{CANARY}@example.com", name=f"{CANARY} Coach")
    Membership.objects.create(university=university, user=coach, role=Role.COACH)
    released(handed_in(alice, university), coach)
    LogEntry.objects.create(
        user=alice, object_id="7", object_repr=coach.email, action_flag=2, change_message=""
    )
    account_delete(user=coach)
    assert [row for row in everything_stored() if CANARY in row] == []
    assert "A coach has reviewed" in Notice.objects.get(user=alice).text


def test_an_address_that_is_not_confirmed_brings_nobodys_invitation(
    university: University,
) -> None:
    InvitationFactory(university=university, email="victim@example.org", external_id="S-777")
    RosterImport.objects.create(university=university, text="email\nvictim@example.org")
    browser = Client()
    sent = {"email": "victim@example.org", "password1": "a long enough password 1"}
    browser.post(reverse("account_signup"), sent)
    assert "S-777" not in exported(browser)
    account_delete(user=User.objects.get(email="victim@example.org"))
    assert university.invitations.filter(email="victim@example.org").exists()
    assert RosterImport.objects.exists()


def test_a_cohort_named_like_an_id_brings_no_name_from_elsewhere(
    as_carol: Client, carol: User, university: University, charlie: User
) -> None:
    south = charlie.memberships.get()
    theirs = InvitationFactory(university=south.university, email="secret@south.example")
    for name in (f"member:{south.pk}", f"invitation:{theirs.pk}", "member:none", "invitation:"):
        cohort_create(university=university, actor=carol, name=name)
    page = as_carol.get(reverse("audit-list", args=["north"]))
    assert page.status_code == 200
    assert "Charlie" not in page.content.decode()
    assert "secret@south.example" not in page.content.decode()


def test_a_removed_member_and_a_demoted_coach_see_no_more_of_the_desk(
    alice: User, bob: User, as_bob: Client, university: University
) -> None:
    submission = handed_in(alice, university)
    review = claimed(submission, bob)
    membership = bob.memberships.get()
    for change in ({"role": Role.STUDENT}, {"role": Role.COACH, "removed_at": timezone.now()}):
        Membership.objects.filter(pk=membership.pk).update(**change)
        for name, key in (("desk-submission", submission.pk), ("desk-close", review.pk)):
            assert as_bob.post(reverse(name, args=[key])).status_code in (404, 405)
        assert as_bob.get(reverse("desk-submission", args=[submission.pk])).status_code == 404
        closed = as_bob.post(reverse("desk-close", args=[review.pk]), {"release": "1"})
        assert closed.status_code == 404
    submission.refresh_from_db()
    assert submission.state == "claimed"


def test_a_deactivated_person_is_out_at_once(as_alice: Client, alice: User) -> None:
    User.objects.filter(pk=alice.pk).update(is_active=False)
    assert as_alice.get(reverse("account-home")).status_code == 302


def test_staff_cannot_review_their_own_work(
    carol: User, as_carol: Client, university: University
) -> None:
    submission = handed_in(carol, university)
    for name in ("desk-submission", "desk-claim"):
        assert as_carol.post(reverse(name, args=[submission.pk])).status_code in (404, 405)
    assert not submission.reviews.exists()


def test_an_assignment_of_another_university_starts_nothing(
    as_alice: Client, charlie: User
) -> None:
    theirs = assigned(charlie.memberships.get().university)
    sent = {"assignment": str(theirs.pk)}
    assert as_alice.post(reverse("practice-start", args=[SHOP]), sent).status_code == 404
    assert not Attempt.objects.exists()


def test_work_is_not_handed_in_to_a_university_one_is_not_in(
    as_alice: Client, alice: User, charlie: User
) -> None:
    attempt = play(alice)
    judged(attempt)
    south = charlie.memberships.get().university
    sent = as_alice.post(reverse("hand-in", args=[attempt.pk]), {"university": str(south.pk)})
    assert sent.status_code == 422
    assert not attempt.submissions.exists()


def test_a_draft_of_a_review_is_nowhere_but_on_its_coachs_desk(
    alice: User, bob: User, as_alice: Client, as_carol: Client, university: University
) -> None:
    submission = handed_in(alice, university)
    review = claimed(submission, bob)
    comment_add(review=review, step="segment", start=0, end=5, body=CANARY)
    mark_set(review=review, step="segment", criterion="distinct", level=2, note=CANARY)
    finding_decide(review=review, step="segment", position=0, decision="edit", text=CANARY)
    key = ApiKeyFactory(university=university, scopes=list(Scope.values))
    pages = [
        as_alice.get(reverse("submission-detail", args=[submission.pk])),
        as_alice.get(reverse("practice-report", args=[submission.attempt_id])),
        as_carol.get(reverse("desk-submission", args=[submission.pk])),
        as_carol.get(reverse("results-export", args=["north"])),
        Client().get(reverse("api-result-list"), headers=bearer(key)),
        Client().get(reverse("api-submission-detail", args=[submission.pk]), headers=bearer(key)),
    ]
    assert [page.status_code for page in pages] == [200] * len(pages)
    assert not [page for page in pages if CANARY in page.content.decode()]
    assert CANARY not in exported(as_alice)
    assert not mail.outbox


def test_a_visitors_attempt_goes_when_nobody_comes_back() -> None:
    left, kept = play(), play(visitor_hash="w" * 64)
    composer_save(attempt=left, step="segment", text=CANARY)
    long_ago = timezone.now() - timedelta(days=31)
    Attempt.objects.filter(pk=left.pk).update(touched_at=long_ago)
    assert attempts_purge_abandoned() == 1
    assert Attempt.objects.get() == kept
    assert not [row for row in everything_stored() if CANARY in row]


def raised(text: str) -> Any:
    """Return what logging gets of an exception with a cause."""
    try:
        try:
            int(text)
        except ValueError as error:
            raise RuntimeError(f"cannot read {text}") from error
    except RuntimeError as error:
        return (type(error), error, error.__traceback__)


def test_a_logged_exception_names_its_kind_and_place_and_none_of_the_words() -> None:
    record = logging.LogRecord("coach", 40, __file__, 1, "job %s", (7,), raised(CANARY))
    line = WithoutWords("%(message)s").format(record)
    assert CANARY not in line
    assert "builtins.RuntimeError" in line
    assert "builtins.ValueError" in line
    assert "test_private_data.py" in line


def test_the_running_site_logs_that_way() -> None:
    handlers = logging.getLogger().handlers
    assert settings.LOGGING["formatters"]["plain"]["()"] == "config.logs.WithoutWords"
    assert any(isinstance(handler.formatter, WithoutWords) for handler in handlers)
