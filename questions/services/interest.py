"""Writing what people tell about questions: where they were asked one, which they would like."""

from __future__ import annotations

import re
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils.text import Truncator, slugify

from accounts.models import User
from accounts.services import notice_create
from questions.models import (
    Asked,
    Company,
    Question,
    QuestionRequest,
    RequestState,
    RequestVote,
)

COMPANY_NAME = re.compile(r"[^\W_][\w .,&+!'’()\-]*")
NO_COMPANY = "Write the name of one company, such as Meta or Procter & Gamble."
ASKED_FOR = "Somebody has asked for “{title}” already. Vote for it in the list below."
OWN_REQUEST = "You asked for this yourself. Others vote for it."
CLOSED_REQUEST = "This request is settled; there is nothing to vote for any more."
WANTED = "Others have voted for this, so it stays. Your name is not shown with it."
MAX_SLUG = 60
TITLE_IN_NOTICE = 60

STATE_WORDS = {
    RequestState.OPEN: "is open again.",
    RequestState.PLANNED: "is planned: somebody is going to write it.",
    RequestState.DONE: "is written. You can play it now.",
    RequestState.DECLINED: "is not planned. Thank you for the idea.",
}


def company_name(text: str) -> str:
    """Return the name of a company with single spaces.

    Raises:
        ValidationError: the text cannot be a name, or no slug can be made of it.
    """
    name = " ".join(text.split())
    if not _slug(name) or not COMPANY_NAME.fullmatch(name):
        raise ValidationError(NO_COMPANY, code="company")
    return name


def company_named(text: str) -> Company:
    """Return the company of a name, made when its slug is new.

    Raises:
        ValidationError: the text cannot be the name of a company.
    """
    name = company_name(text)
    return Company.objects.get_or_create(slug=_slug(name), defaults={"name": name})[0]


@transaction.atomic
def asked_tell(*, question: Question, user: User, company: str, month: date) -> Asked:
    """Note that somebody was asked this by a company in a month. Telling it again changes the
    month: a person counts once a company.

    Raises:
        ValidationError: the text cannot be the name of a company.
    """
    told, _ = Asked.objects.update_or_create(
        question=question,
        user=user,
        company=company_named(company),
        defaults={"month": month.replace(day=1)},
    )
    return told


def asked_take_back(*, asked: Asked) -> None:
    """Take back that one was asked."""
    asked.delete()


def request_make(
    *, author: User, title: str, details: str = "", company: str = ""
) -> QuestionRequest:
    """Ask for a question.

    Raises:
        ValidationError: an open request has this title.
    """
    waiting = (RequestState.OPEN, RequestState.PLANNED)
    if QuestionRequest.objects.filter(title__iexact=title, state__in=waiting).exists():
        raise ValidationError(ASKED_FOR.format(title=title), code="conflict")
    return QuestionRequest.objects.create(
        author=author, title=title, details=details, company=" ".join(company.split())
    )


@transaction.atomic
def request_vote(*, request: QuestionRequest, user: User) -> bool:
    """Wish for a requested question too, or take that back; return whether it is wished for now.

    Raises:
        ValidationError: it is one's own, or it is settled.
    """
    if request.author_id == user.pk:
        raise ValidationError(OWN_REQUEST, code="own")
    locked = QuestionRequest.objects.select_for_update().get(pk=request.pk)
    if locked.state not in (RequestState.OPEN, RequestState.PLANNED):
        raise ValidationError(CLOSED_REQUEST, code="conflict")
    vote, is_new = RequestVote.objects.get_or_create(request=locked, user=user)
    if not is_new:
        vote.delete()
    locked.score = request.score = locked.votes.count()
    locked.save(update_fields=["score"])
    return is_new


@transaction.atomic
def request_take_back(*, request: QuestionRequest) -> None:
    """Take one's own request back while nobody else wants it.

    Raises:
        ValidationError: others have voted for it.
    """
    locked = QuestionRequest.objects.select_for_update().get(pk=request.pk)
    if locked.votes.exists():
        raise ValidationError(WANTED, code="conflict")
    locked.delete()


@transaction.atomic
def request_decide(
    *, request: QuestionRequest, state: str, question: Question | None
) -> QuestionRequest:
    """Set what became of a request and the question written for it; the asker is told of a new
    state."""
    locked = QuestionRequest.objects.select_for_update(of=("self",)).get(pk=request.pk)
    is_new = locked.state != state
    locked.state, locked.question = RequestState(state), question
    locked.save(update_fields=["state", "question"])
    if is_new and locked.author is not None:
        title = Truncator(locked.title).chars(TITLE_IN_NOTICE)
        is_out = locked.state == RequestState.DONE and question is not None
        notice_create(
            user=locked.author,
            text=f"The question you asked for, “{title}”, {STATE_WORDS[RequestState(state)]}",
            url=question.get_absolute_url() if question and is_out else reverse("request-list"),
        )
    return locked


def _slug(name: str) -> str:
    return slugify(name)[:MAX_SLUG].strip("-")
