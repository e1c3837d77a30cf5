"""The right next case for the person who asks, from what they played and how it was judged."""

from __future__ import annotations

from collections.abc import Set as AbstractSet

import numpy as np
from django.http import HttpRequest
from numpy.typing import NDArray

from coach import cases
from coach.access import attempts_of
from coach.models import CaseKey, Feedback
from coach.next_case import LONGEST_IN_LAST_DAYS, Judged, Playable, Ranked, rank
from coach.selectors.own import own_attempts
from questions import standing
from questions.selectors.bank import FIRST_CASE
from questions.selectors.shelf import Label, OpenShelf

MEMO = "_judged"


def next_case(request: HttpRequest, besides: AbstractSet[int]) -> tuple[Label, str] | None:
    """Return the question that is right now, besides some by id, with the reason."""
    opened = standing.shelf_for(request)
    ranked = _ranked(request, _candidates(request, opened, besides))
    if not ranked:
        return None
    return opened.shelf.label(ranked[0].id), ranked[0].reason


def next_cases(request: HttpRequest) -> list[Ranked]:
    """Return every question the asker may play, the right one now first.

    One query, once a request, besides what the request has read of its person and the bank.
    """
    return _ranked(request, np.flatnonzero(standing.shelf_for(request).mask))


def _candidates(
    request: HttpRequest, opened: OpenShelf, besides: AbstractSet[int]
) -> NDArray[np.int64]:
    """The places of those among which the first is.

    Cases that were never played, of one type and difficulty and both long or both short, fit alike,
    and the first by slug comes first: of each kind one is enough.
    """
    shown = opened.shelf
    places = shown.orders["slug"]
    places = places[(opened.mask & ~shown.mask(sorted(besides)))[places]]
    played = shown.mask([own.question_id for own in own_attempts(request)])[places]
    fresh = places[~played]
    types, difficulties = shown.columns["type"], shown.columns["difficulty"]
    kinds = types.codes[fresh] * len(difficulties.values) + difficulties.codes[fresh]
    _, firsts = np.unique(
        kinds * 2 + (shown.minutes[fresh] > LONGEST_IN_LAST_DAYS), return_index=True
    )
    newcomers = np.intersect1d(shown.places(shown.with_slug(FIRST_CASE)), places)
    return np.unique(np.concatenate([fresh[firsts], places[played], newcomers]))


def _ranked(request: HttpRequest, places: NDArray[np.int64]) -> list[Ranked]:
    opened = standing.shelf_for(request)
    interview = getattr(request.user, "interview_date", None)
    playable = _playable(request, opened, places)
    return rank(playable, _history(request), opened.now, interview, FIRST_CASE)


def _history(request: HttpRequest) -> list[Judged]:
    """What the asker was judged on. One query a request."""
    found: list[Judged] | None = getattr(request, MEMO, None)
    if found is None:
        judged = Feedback.objects.filter(answer__attempt__in=attempts_of(request), gate="")
        rows = judged.values_list("answer__step", "level", "created_at")
        found = [Judged(step, level, at) for step, level, at in rows]
        setattr(request, MEMO, found)
    return found


def _playable(request: HttpRequest, opened: OpenShelf, places: NDArray[np.int64]) -> list[Playable]:
    """The cases at some places, with when the asker played them."""
    played = {own.question_id: own.touched_at for own in reversed(own_attempts(request))}
    shown = opened.shelf
    kinds, difficulties = shown.columns["type"], shown.columns["difficulty"]
    rows = zip(
        shown.ids[places].tolist(),
        [shown.slugs[place] for place in places.tolist()],
        [kinds.values[code] for code in kinds.codes[places].tolist()],
        [difficulties.values[code] for code in difficulties.codes[places].tolist()],
        shown.minutes[places].tolist(),
        shown.versions[places].tolist(),
        strict=True,
    )
    return [
        Playable(
            pk, slug, kind, difficulty, minutes, played.get(pk),
            pk in played and _has_other_numbers(version),
        )
        for pk, slug, kind, difficulty, minutes, version in rows
    ]  # fmt: skip


def _has_other_numbers(version_id: int) -> bool:
    return cases.case_of(CaseKey(version_id)).variant is not None
