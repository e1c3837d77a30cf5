"""Where somebody stands with each question: the coach knows, the bank only shows.

The bank may not import the coach, so the coach hands in a source when the site starts
(`register`, called from the coach's AppConfig.ready). Without one the bank shows no such column.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from django.db.models import QuerySet
from django.http import HttpRequest

from questions.models import Question, Sight
from questions.selectors.shelf import OpenShelf, open_shelf

MEMO = "_open_shelf"
ENOUGH_PEOPLE = 20
"""How many different people were judged before anything is said about how people do."""


@dataclass(frozen=True)
class Standing:
    """One person's standing with one question.

    `state` is a state of components/status_chip.html; `level` (1 to 4) replaces it when judged.
    """

    state: str
    label: str = ""
    level: int | None = None
    url: str = ""


@dataclass(frozen=True)
class Suggestion:
    """Something right for this person now; the first one may be `primary`, with `action`."""

    eyebrow: str
    title: str
    url: str
    text: str
    action: str = ""
    primary: bool = False


@dataclass(frozen=True)
class Results:
    """How people did on a question: `levels` are how many are on level 1, 2, 3 and 4, each
    counted once, and `minutes` the median of a whole case, None while too few have finished it.
    """

    people: int
    levels: tuple[int, int, int, int]
    minutes: int | None = None


class StandingSource(Protocol):
    """What the coach knows about the person who asks. A constant number of queries each."""

    def sight(self, request: HttpRequest) -> Sight:
        """Return which of the published questions this person may open."""

    def ranked(self, request: HttpRequest) -> Mapping[int, str]:
        """Return the reason of each question by id, the right one now first."""

    def standings(
        self, request: HttpRequest, question_ids: Sequence[int]
    ) -> Mapping[int, Standing]:
        """Return the standing by question id; questions not started may be left out."""

    def suggestions(self, request: HttpRequest) -> Sequence[Suggestion]:
        """Return at most three things to do next, none for somebody unknown."""

    def has_submitted(self, request: HttpRequest, question_id: int) -> bool:
        """Return whether this person has handed in a step of the question, in any attempt."""

    def results(self, question_id: int) -> Results | None:
        """Return how people did, or None while fewer than `ENOUGH_PEOPLE` were judged."""


_sources: list[StandingSource] = []


def register(source: StandingSource) -> None:
    """Make `source` the one that is asked; an earlier one is replaced."""
    _sources[:] = [source]


def questions_for(request: HttpRequest) -> QuerySet[Question]:
    """Return the questions the asker may open."""
    return Question.objects.published().open_to(_sight_of(request))


def shelf_for(request: HttpRequest) -> OpenShelf:
    """Return the bank in memory with what the asker may open of it, the same once a request."""
    found: OpenShelf | None = getattr(request, MEMO, None)
    if found is None:
        found = open_shelf(_sight_of(request))
        setattr(request, MEMO, found)
    return found


def _sight_of(request: HttpRequest) -> Sight:
    """What the source says; without one, what everybody may open."""
    known = source()
    return known.sight(request) if known else Sight()


def source() -> StandingSource | None:
    """Return the source that is asked, if there is one."""
    return _sources[0] if _sources else None
