"""Assignments: due at a time in a zone, where each student stands, the export."""

from __future__ import annotations

import csv
import datetime as dt
import zoneinfo
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Notice, User
from coach.models import Assignment, Attempt, Submission
from coach.selectors.assignments import counts, standings
from coach.services.assignments import assignment_delete, due_in_zone
from tests.coach.factories import assigned, handed_in, play, question_of, released
from tests.conftest import signed_in
from tests.factories import CohortFactory, MembershipFactory, UserFactory
from universities.models import Cohort, University

pytestmark = pytest.mark.django_db
NEXT_YEAR = timezone.now().year + 1


@pytest.fixture
def cohort(university: University, alice: User) -> Cohort:
    """A cohort with Alice in it."""
    return CohortFactory(university=university, members=[alice.memberships.get()])


def form(cohort: Cohort, /, **changes: str) -> dict[str, str]:
    """Return a filled form."""
    return {
        "question": str(question_of().pk),
        "cohort": str(cohort.pk),
        "mode": "guided",
        "due_at": f"{NEXT_YEAR}-05-01T18:00",
        "timezone": "Europe/Berlin",
        "note": "",
    } | changes


LIST = "/universities/north/assignments/"


def test_an_assignment_is_due_at_the_clock_of_its_zone_and_its_cohort_is_told(
    cohort: Cohort, alice: User, bob: User, as_carol: Client
) -> None:
    response = as_carol.post(LIST, form(cohort, note="Take your time"))
    made = Assignment.objects.get()
    assert response.status_code == 302
    assert made.due_at == dt.datetime(NEXT_YEAR, 5, 1, 16, 0, tzinfo=dt.UTC)
    assert made.note == "Take your time"
    assert [notice.user for notice in Notice.objects.all()] == [alice]


def test_a_person_who_left_is_not_told(cohort: Cohort, alice: User, as_carol: Client) -> None:
    alice.memberships.update(removed_at=timezone.now())
    as_carol.post(LIST, form(cohort))
    assert not Notice.objects.exists()


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("due_at", "2001-01-01T00:00", "future"),
        ("due_at", "soon", "valid date"),
        ("timezone", "Mars/Olympus", "zone"),
        ("timezone", "../etc/passwd", "zone"),
        ("mode", "drill", "valid choice"),
        ("cohort", "", "required"),
        ("note", "x" * 501, "500"),
    ],
)
def test_a_wrong_field_is_named_and_everything_typed_is_kept(
    cohort: Cohort, as_carol: Client, field: str, value: str, words: str
) -> None:
    response = as_carol.post(LIST, form(cohort, **{"note": "kept note", field: value}))
    assert response.status_code == 422
    assert words in response.content.decode()
    assert not Assignment.objects.exists()


def test_a_cohort_of_another_university_is_no_choice(as_carol: Client) -> None:
    other = CohortFactory()
    assert as_carol.post(LIST, form(other)).status_code == 422
    assert not Assignment.objects.exists()


def gap_of(zone: str) -> dt.datetime:
    """Return half past two on the day on which a zone's clocks skip that hour."""
    day = dt.datetime(NEXT_YEAR, 3, 31, 2, 30)  # noqa: DTZ001  a wall clock
    return day - timedelta(days=(day.weekday() + 1) % 7)


def test_a_time_that_clocks_skip_is_refused() -> None:
    with pytest.raises(ValidationError, match="skip this time"):
        due_in_zone(gap_of("Europe/Berlin"), "Europe/Berlin")


def test_the_zone_of_the_person_who_assigns_does_not_matter(cohort: Cohort, carol: User) -> None:
    User.objects.filter(pk=carol.pk).update(timezone="Europe/Berlin")
    skipped = gap_of("Europe/Berlin")
    sent = form(cohort, due_at=skipped.strftime("%Y-%m-%dT%H:%M"), timezone="Asia/Tokyo")
    response = signed_in(User.objects.get(pk=carol.pk)).post(LIST, sent)
    assert response.status_code == 302
    tokyo = Assignment.objects.get().due_at.astimezone(zoneinfo.ZoneInfo("Asia/Tokyo"))
    assert (tokyo.hour, tokyo.minute) == (2, 30)


@pytest.fixture
def standing(university: University, bob: User) -> Assignment:
    """An assignment with a student in each state; two of them are late."""
    users = [UserFactory(name=f"Student {number}") for number in range(5)]
    members = [MembershipFactory(university=university, user=user) for user in users]
    assignment = assigned(university, *members)
    play(users[1], assignment=assignment)
    handed_in(users[2], university, assignment)
    released(handed_in(users[3], university, assignment), bob)
    late = handed_in(users[4], university, assignment)
    assignment.due_at = timezone.now() + timedelta(days=2)
    assignment.save()
    Submission.objects.filter(pk=late.pk).update(created_at=timezone.now() + timedelta(days=3))
    return assignment


def test_every_student_of_the_cohort_has_a_standing(standing: Assignment) -> None:
    rows = standings(standing)
    assert [(row.state, row.late) for row in rows] == [
        ("not started", False),
        ("in progress", False),
        ("submitted", False),
        ("reviewed", False),
        ("submitted", True),
    ]
    assert counts(rows) == {
        "not started": 1, "in progress": 1, "submitted": 2, "reviewed": 1, "late": 1,
    }  # fmt: skip


def test_who_has_not_handed_in_is_late_once_the_time_is_past(standing: Assignment) -> None:
    standing.due_at = timezone.now() - timedelta(days=1)
    assert [row.late for row in standings(standing)] == [True, True, True, True, True]


def test_a_withdrawn_submission_counts_as_in_progress(standing: Assignment) -> None:
    Submission.objects.filter(assignment=standing, state="waiting").update(state="withdrawn")
    assert counts(standings(standing))["in progress"] == 3


def test_a_student_who_was_removed_is_not_listed(standing: Assignment) -> None:
    member = standings(standing)[0].membership
    member.removed_at = timezone.now()
    member.save()
    assert len(standings(standing)) == 4


def test_the_page_shows_and_filters_the_standings_in_few_queries(
    standing: Assignment, as_carol: Client, django_assert_max_num_queries: Any
) -> None:
    address = reverse("assignment-detail", args=["north", standing.pk])
    as_carol.get(address)
    with django_assert_max_num_queries(11):
        body = as_carol.get(address).content.decode()
    assert all(f"Student {number}" in body for number in range(5))
    late = as_carol.get(address, {"state": "late"}).content.decode()
    assert "Student 4" in late
    assert "Student 0" not in late


def test_an_assignment_of_another_university_is_not_found(
    standing: Assignment, as_charlie: Client
) -> None:
    address = reverse("assignment-detail", args=["south", standing.pk])
    assert as_charlie.get(address).status_code == 404


def test_withdrawing_an_assignment_leaves_the_students_their_work(
    standing: Assignment, as_carol: Client
) -> None:
    as_carol.post(reverse("assignment-delete", args=["north", standing.pk]))
    assert not Assignment.objects.exists()
    assert (Attempt.objects.count(), Submission.objects.count()) == (4, 3)


def test_a_student_sees_the_assignment_and_starts_it_from_there(
    cohort: Cohort, as_carol: Client, as_alice: Client
) -> None:
    as_carol.post(LIST, form(cohort, note="Mind the numbers"))
    assignment = Assignment.objects.get()
    page = as_alice.get(reverse("practice-home")).content.decode()
    assert str(assignment.pk) in page
    assert "Mind the numbers" in page or "Not started" in page


def rows_of(browser: Client) -> list[dict[str, str]]:
    """Return the rows of the exported CSV."""
    response = browser.get(reverse("results-export", args=["north"]))
    assert "attachment" in response["Content-Disposition"]
    text = response.content.decode("utf-8-sig")
    return list(csv.DictReader(StringIO(text)))


def test_the_export_holds_released_levels_and_no_draft(
    standing: Assignment, as_carol: Client
) -> None:
    rows = rows_of(as_carol)
    by_state = {row["state"]: row for row in rows}
    assert len(rows) == 3
    assert by_state["released"]["level"] == "3"
    assert by_state["released"]["reviewed_by"] == "Bob"
    assert by_state["waiting"]["level"] == ""
    assert {row["late"] for row in rows} == {"yes", "no"}


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_no_cell_of_the_export_is_a_formula(
    alice: User, university: University, as_carol: Client, name: str
) -> None:
    User.objects.filter(pk=alice.pk).update(name=name)
    handed_in(alice, university)
    assert rows_of(as_carol)[0]["name"][0] not in "=+-@\t\r"


def test_an_assignment_that_is_withdrawn_can_still_be_handed_in_without_it(
    standing: Assignment,
) -> None:
    assignment_delete(assignment=standing)
    assert not Attempt.objects.filter(assignment__isnull=False).exists()
