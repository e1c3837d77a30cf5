"""Demo accounts: a small university to look around in. Development only."""

from __future__ import annotations

from pathlib import Path

import yaml
from django.db import transaction

from accounts import markdown
from accounts.models import User
from coach.models import Attempt, Author, Message
from coach.services import ledger
from coach.services.answers import answer_submit
from coach.services.attempts import attempt_finish, attempt_start, step_open
from coach.services.submissions import submission_make
from questions.models import Question
from universities.models import Cohort, Membership, Role, University

PASSWORD = "practice-by-doing"  # noqa: S105  published on purpose: demo accounts only
SLUG = "demo-university"
JOIN_CODE = "DEMO-2345"
PEOPLE = (
    ("student@demo.example", "Sam Student", Role.STUDENT),
    ("coach@demo.example", "Kim Coach", Role.COACH),
    ("staff@demo.example", "Robin Staff", Role.STAFF),
)
CASE = "improve-tiktok-shop"
FACTS_ASKED = ("kpis", "shopper_definition", "adoption", "returns")
ANSWERS = Path(__file__).parent / "demo_answers.yaml"


@transaction.atomic
def demo_create() -> University:
    """Make the demo university with its people, a cohort and one submission; twice is once."""
    university, made = University.objects.get_or_create(
        slug=SLUG, defaults={"name": "Demo University", "join_code": JOIN_CODE}
    )
    if not made:
        return university
    members = {role: _member(university, email, name, role) for email, name, role in PEOPLE}
    cohort = Cohort.objects.create(university=university, name="Autumn cohort")
    cohort.members.add(members[Role.STUDENT])
    question = Question.objects.filter(slug=CASE).first()
    if question:
        _submission(members[Role.STUDENT].user, question, university)
    return university


@transaction.atomic
def demo_remove() -> None:
    """Delete the demo university and its people with everything they made."""
    University.objects.filter(slug=SLUG).delete()
    User.objects.filter(email__in=[email for email, _, _ in PEOPLE]).delete()


def demo_exists() -> bool:
    """Say whether demo accounts are in the database."""
    return User.objects.filter(email__in=[email for email, _, _ in PEOPLE]).exists()


def _member(university: University, email: str, name: str, role: str) -> Membership:
    user = User.objects.filter(email=email).first()
    user = user or User.objects.create_user(email, PASSWORD, name=name)
    membership, _ = Membership.objects.get_or_create(
        university=university, user=user, defaults={"role": role}
    )
    return membership


def _submission(student: User, question: Question, university: University) -> None:
    """Play the case as an imagined student did, so that the desk has something to mark."""
    attempt = attempt_start(question=question, mode="guided", owner=student)
    ledger.facts_record(attempt=attempt, step="clarify", fact_ids=FACTS_ASKED)
    for step, text in yaml.safe_load(ANSWERS.read_text()).items():
        step_open(attempt=attempt, step=step)
        _say(attempt, step, text)
        answer_submit(attempt=attempt, step=step)
    attempt_finish(attempt=attempt)
    submission_make(attempt=attempt, university=university)


def _say(attempt: Attempt, step: str, text: str) -> None:
    Message.objects.create(
        attempt=attempt, step=step, author=Author.STUDENT, text=text, html=markdown.render(text)
    )
