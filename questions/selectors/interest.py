"""Reading what people tell about questions, and which cases are near one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
from django.core.paginator import Page, Paginator
from django.db.models import Count, Exists, Max, OuterRef, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from numpy.typing import NDArray

from accounts.models import User
from questions.case import STEPS_BY_TYPE
from questions.models import (
    Asked,
    Company,
    Question,
    QuestionRequest,
    RequestState,
    RequestVote,
)
from questions.selectors.shelf import Label, OpenShelf, Shelf

Nearness = NDArray[np.float64]
RELATED = 4
REQUESTS_A_PAGE = 20
COMPANIES_SHOWN = 12
SAME_TYPE, SAME_INDUSTRY, SAME_TAG, SAME_STEPS = 2.0, 2.0, 2.0, 1.0
"""What each thing that two cases share adds to their nearness; steps count by the share of them
that is the same."""

REQUEST_TABS: Mapping[str, tuple[str, tuple[RequestState, ...]]] = {
    "wanted": ("Wanted", (RequestState.OPEN, RequestState.PLANNED)),
    "written": ("Written", (RequestState.DONE,)),
    "declined": ("Not planned", (RequestState.DECLINED,)),
}


@dataclass(frozen=True)
class AskedBy:
    """How many people were asked a question by a company, and the latest month."""

    company: str
    people: int
    latest: date


@dataclass(frozen=True)
class Related:
    """A case near another, with the tags they share."""

    question: Label
    shared: tuple[str, ...]


@dataclass(frozen=True)
class Wish:
    """A requested question as one person sees it; `question` is the one written for it, where
    they may open it."""

    request: QuestionRequest
    is_own: bool
    is_voted: bool
    question: Question | None = None

    @property
    def is_open(self) -> bool:
        """Whether it can still be voted for."""
        return self.request.state in (RequestState.OPEN, RequestState.PLANNED)


def asked_by(question: Question) -> list[AskedBy]:
    """Return the companies that asked a question: the most often, then the latest first. Counts
    only; who told it is nobody's business. One query."""
    rows = (
        Asked.objects.filter(question=question)
        .order_by()
        .values("company__name")
        .annotate(people=Count("pk"), latest=Max("month"))
        .order_by("-people", "-latest", "company__name")[:COMPANIES_SHOWN]
    )
    return [AskedBy(row["company__name"], row["people"], row["latest"]) for row in rows]


def asked_of(question: Question, user: User) -> list[Asked]:
    """Return what a person told about a question, the latest month first. One query."""
    told = Asked.objects.filter(question=question, user=user)
    return list(told.select_related("company"))


def access_asked(user: User, question: Question, pk: int) -> Asked:
    """Return what a person told about a question.

    Raises:
        Http404: there is none, or somebody else told it.
    """
    return get_object_or_404(Asked, pk=pk, user=user, question=question)


def companies_known() -> list[str]:
    """Return the names of the companies of cases and of those that somebody says asked one, for
    typing ahead. One query."""
    of_cases = Question.companies.through.objects.filter(company=OuterRef("pk"))
    told = Asked.objects.filter(company=OuterRef("pk"))
    known = Company.objects.filter(Exists(of_cases) | Exists(told))
    return list(known.order_by("name").values_list("name", flat=True))


def related_questions(opened: OpenShelf, question_id: int) -> list[Related]:
    """Return up to four of the questions somebody may open that are nearest to one of them: by
    type, industry, tags and steps; the same ones each time. No query."""
    shown, found = opened.shelf, opened.shelf.places([question_id])
    if not len(found):
        return []
    own = int(found[0])
    others = shown.orders["title"][opened.mask[shown.orders["title"]]]
    others = others[others != own]
    nearest = np.argsort(-_nearness(shown, own)[others], kind="stable")[:RELATED]
    tags = set(shown.tags_at(own))
    return [
        Related(shown.label_at(place), tuple(tag for tag in shown.tags_at(place) if tag in tags))
        for place in others[nearest].tolist()
    ]


def _nearness(shown: Shelf, own: int) -> Nearness:
    """How near each question is to the one at a place."""
    types, industries, tags = shown.columns["type"], shown.columns["industry"], shown.links["tag"]
    steps = np.array([_shared_steps(types.at(own), each) for each in types.values])
    nearness: Nearness = steps[types.codes] + SAME_TYPE * (types.codes == types.codes[own])
    if industries.at(own):
        nearness += SAME_INDUSTRY * (industries.codes == industries.codes[own])
    shared = np.isin(tags.codes, tags.codes[tags.owners == own])
    nearness += SAME_TAG * np.bincount(tags.owners[shared], minlength=len(nearness))
    return nearness


def _shared_steps(one: str, other: str) -> float:
    """What the share of the steps of two types that both have adds."""
    steps, others = set(STEPS_BY_TYPE[one]), set(STEPS_BY_TYPE[other])
    return SAME_STEPS * len(steps & others) / len(steps | others)


def requests_of(tab: str, page: int | str | None) -> Page[QuestionRequest]:
    """Return a page of the requests of a tab (a key of `REQUEST_TABS`), the most wanted first."""
    states = REQUEST_TABS[tab][1]
    found = QuestionRequest.objects.filter(state__in=states).select_related("question")
    return Paginator(found, REQUESTS_A_PAGE).get_page(page)


def wishes(
    requests: Iterable[QuestionRequest], questions: QuerySet[Question], user: User | None
) -> list[Wish]:
    """Return requests as a person sees them. Two queries at most.

    Args:
        questions: what this person may open; a question that is not among them stays unnamed.
    """
    rows = list(requests)
    written = {row.question_id for row in rows if row.question_id}
    may_open = set(questions.filter(pk__in=written).values_list("pk", flat=True)) if written else ()
    voted: set[int] = set()
    if user is not None:
        votes = RequestVote.objects.filter(user=user, request__in=[row.pk for row in rows])
        voted = set(votes.values_list("request_id", flat=True))
    return [
        Wish(
            request=row,
            is_own=user is not None and row.author_id == user.pk,
            is_voted=row.pk in voted,
            question=row.question if row.question_id in may_open else None,
        )
        for row in rows
    ]


def access_request(pk: int) -> QuestionRequest:
    """Return a request; everybody may see all of them.

    Raises:
        Http404: there is none.
    """
    return get_object_or_404(QuestionRequest, pk=pk)


def access_own_request(user: User, pk: int) -> QuestionRequest:
    """Return a request that a person made.

    Raises:
        Http404: there is none, or somebody else made it.
    """
    request = access_request(pk)
    if request.author_id != user.pk:
        raise Http404
    return request
