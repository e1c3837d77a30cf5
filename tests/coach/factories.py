"""Attempts, answers, submissions and reviews, each made by the product's own services.

The case versions have fixed ids far above those a test database hands out: what the product
caches for a version then stays right from one test to the next, and is made once a process.
"""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from accounts import markdown
from accounts.models import User
from coach import cases
from coach.models import (
    Answer,
    Assignment,
    Attempt,
    Author,
    FeedbackJob,
    Message,
    ModelJob,
    ModelSuggestion,
    Review,
    Submission,
)
from coach.services.answers import answer_submit
from coach.services.attempts import attempt_finish, attempt_start
from coach.services.feedback import feedback_make
from coach.services.reviews import mark_set, missing_marks, review_claim, review_release
from coach.services.submissions import submission_make
from questions.models import CaseVersion, Question
from tests.factories import CaseVersionFactory, CohortFactory, QuestionFactory, library_case
from universities.models import Membership, University

SHOP = "improve-tiktok-shop"
FIXED_IDS = {SHOP: 900_001, "shop-conversion-falls-in-spain": 900_002, "improve-duolingo": 900_003}
ASK_KPIS = "What is the conversion rate and the average order value?"
"""A question that the shop case's fact "kpis" answers: 2 % and $30."""
SEGMENT_ANSWER = (
    "I split by what people want when they open the shop tab. Some only pass by. Some watch a "
    "seller film a jacket and get curious. Some type the name of a thing and want it tonight. "
    "I pick the curious ones: they are many, they rarely pay, and nobody serves them well. "
    "I leave out those who search, who manage fine already."
)
OTHER_ANSWER = (
    "My split is by how sure a person is about what to get. The unsure ones scroll, save and "
    "leave; I choose them since a small change could help so many. I set aside gift buyers."
)


def question_of(slug: str = SHOP) -> Question:
    """Return a published question whose current version is the library's case."""
    found = Question.objects.filter(slug=slug).first()
    if found:
        return found
    case = library_case(slug)
    question: Question = QuestionFactory(
        slug=slug, title=case.title, prompt=case.prompt, type=case.type, version__none=True
    )
    version: CaseVersion = CaseVersionFactory(pk=FIXED_IDS[slug], question=question, case=case)
    Question.objects.filter(pk=question.pk).update(current_version=version)
    question.current_version = version
    return question


def play(owner: User | None = None, mode: str = "guided", **kwargs: Any) -> Attempt:
    """Return a fresh attempt; without an owner it is a visitor's."""
    question = question_of(kwargs.pop("slug", SHOP))
    if owner is None:
        kwargs.setdefault("visitor_hash", "v" * 64)
    return attempt_start(question=question, mode=mode, owner=owner, **kwargs)


def say(attempt: Attempt, text: str, step: str = "segment") -> Message:
    """Store a student's words without the coach's reply."""
    return Message.objects.create(
        attempt=attempt,
        step=step,
        author=Author.STUDENT,
        text=text,
        html=markdown.render(text),
        client_id=uuid.uuid4(),
    )


def answered(attempt: Attempt, step: str = "segment", text: str = SEGMENT_ANSWER) -> Answer:
    """Return the answer to a step, with its job waiting."""
    say(attempt, text, step)
    return answer_submit(attempt=attempt, step=step)


def judged(attempt: Attempt, step: str = "segment", text: str = SEGMENT_ANSWER) -> Answer:
    """Return an answer whose feedback is made."""
    answer = answered(attempt, step, text)
    feedback_make(job_id=FeedbackJob.objects.get(answer=answer).pk)
    return answer


def finished(owner: User | None, **kwargs: Any) -> Attempt:
    """Return a finished attempt with one judged step."""
    attempt = play(owner, **kwargs)
    judged(attempt)
    attempt_finish(attempt=attempt)
    return attempt


def handed_in(
    student: User, university: University, assignment: Assignment | None = None, **kwargs: Any
) -> Submission:
    """Return a submission of one step that waits for a coach."""
    attempt = play(student, assignment=assignment)
    judged(attempt, **kwargs)
    return submission_make(attempt=attempt, university=university, assignment=assignment)


def mark_all(review: Review, level: int = 3) -> None:
    """Set the same level on every criterion of the submission."""
    for step, criterion in missing_marks(review):
        mark_set(review=review, step=step, criterion=criterion, level=level)


def claimed(submission: Submission, coach: User) -> Review:
    """Return a coach's draft."""
    return review_claim(submission=submission, coach=coach)


def released(submission: Submission, coach: User, summary: str = "") -> Review:
    """Return a released review with every level set to 3."""
    review = claimed(submission, coach)
    Review.objects.filter(pk=review.pk).update(summary=summary)
    mark_all(review)
    review_release(review=review)
    review.refresh_from_db()
    return review


def assigned(university: University, *members: Membership, **kwargs: Any) -> Assignment:
    """Return an assignment of a new cohort with these members, due tomorrow."""
    cohort = CohortFactory(university=university, members=list(members))
    kwargs.setdefault("due_at", timezone.now() + timedelta(days=1))
    return Assignment.objects.create(
        university=university, cohort=cohort, question=question_of(), **kwargs
    )


class ModelJobFactory(DjangoModelFactory[ModelJob]):
    """A question to the language model that was answered; give ``feedback`` or ``message``."""

    class Meta:
        model = ModelJob

    state = "done"
    outcome = "answered"
    model = "a-model"


class SuggestionFactory(DjangoModelFactory[ModelSuggestion]):
    """A suggestion of the language model; give ``job``, or ``job__feedback``."""

    class Meta:
        model = ModelSuggestion

    job = factory.SubFactory(ModelJobFactory)
    position = 0
    kind = "finding"
    mistake = "SEG7"
    title = "A title of the rubric"
    field = "text"
    quote = "the curious ones"
    why = "These words say who and not why them."


def forget_cases() -> None:
    """Empty what the process remembers of case versions, for tests whose ids come again."""
    from coach.lab import setting

    for remembered in (
        cases.case_of,
        cases.interviewer_facts_of,
        cases.fact_index_of,
        cases.context_of,
        cases.claim_model_of,
        cases.secrets_of,
        setting.model_of,
    ):
        remembered.cache_clear()
