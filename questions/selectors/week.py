"""The case of the week: what staff chose for a Monday, else one that comes round by itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from math import gcd

from django.utils.timezone import make_aware

from questions.models import Audience
from questions.selectors.shelf import Ids, Label, OpenShelf, microseconds

GOLDEN = 0.618


def monday_of(day: date) -> date:
    """Return the Monday of a day's ISO week."""
    return day - timedelta(days=day.weekday())


def case_of_week(opened: OpenShelf, today: date) -> Label | None:
    """Return the case of the week that a day lies in, or None where nothing is published.

    What staff chose for the Monday comes first, where the reader may open it. Else the questions
    that are open to everybody come round, each once before any comes twice; a question published
    since Monday waits for the next. No query.

    Args:
        opened: what the person who reads may open.
        today: a day of the week, in the site's time zone.
    """
    monday, shown = monday_of(today), opened.shelf
    chosen = {week: pk for week, pk in shown.chosen.items() if week <= monday}
    if monday in chosen and opened.mask[shown.places([chosen[monday]])].any():
        return shown.label(chosen[monday])
    turns = _taking_turns(opened, monday)
    if not len(turns):
        return None
    return shown.label(pick(monday, len(turns), lambda place: int(turns[place]), chosen))


def pick(
    monday: date, count: int, question_at: Callable[[int], int], chosen: Mapping[date, int]
) -> int:
    """Return the id of the question whose turn it is in a week, of `count` that take turns.

    A question that staff chose in a week since its last turn has had its turn: the question whose
    turn they took comes instead.

    Args:
        question_at: the id of the question at a place, from 0.
        chosen: the ids of what staff chose, by Monday.
    """
    since = monday - timedelta(weeks=count)
    taken = {pk: week for week, pk in sorted(chosen.items()) if since < week < monday}
    question = question_at(place_of(monday, count))
    while question in taken:
        question = question_at(place_of(taken.pop(question), count))
    return question


def place_of(monday: date, count: int) -> int:
    """Return the place whose turn it is, of `count`.

    The turn goes round in steps that share no factor with the count, so that each place comes
    once before any comes again, and neighbors do not follow each other.
    """
    start = max(1, round(count * GOLDEN))
    step = next(each for each in range(start, start + count + 1) if gcd(each, count) == 1)
    return monday.toordinal() // 7 * step % count


def _taking_turns(opened: OpenShelf, monday: date) -> Ids:
    """The ids of the questions that take turns: those that were out on Monday, and in the first
    week all that there are."""
    shown = opened.shelf
    open_to_all = shown.out(opened.now) & shown.columns["audience"].fits([Audience.EVERYBODY])
    start = make_aware(datetime.combine(monday, time()))
    early = open_to_all & (shown.published < microseconds(start))
    return shown.ids[early if early.any() else open_to_all]
