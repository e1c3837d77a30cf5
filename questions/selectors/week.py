"""The case of the week: what staff chose for a Monday, else one that comes round by itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from math import gcd

from django.db.models import Count, Q, QuerySet
from django.utils.timezone import make_aware

from questions.models import Audience, Question, WeekCase

GOLDEN = 0.618
MOST_WEEKS = 520
"""How many weeks of choices by staff are looked back at."""


def monday_of(day: date) -> date:
    """Return the Monday of a day's ISO week."""
    return day - timedelta(days=day.weekday())


def case_of_week(questions: QuerySet[Question], today: date) -> Question | None:
    """Return the case of the week that a day lies in, or None where nothing is published.

    What staff chose for the Monday comes first, where the reader may open it. Else the questions
    that are open to everybody come round, each once before any comes twice; a question published
    since Monday waits for the next. Three queries, and one more for each turn that staff took.

    Args:
        questions: what the person who reads may open.
        today: a day of the week, in the site's time zone.
    """
    monday = monday_of(today)
    chosen = _chosen_until(monday)
    if monday in chosen:
        own = questions.select_related("about").filter(pk=chosen[monday]).first()
        if own is not None:
            return own
    taking_turns, count = _taking_turns(monday)
    return pick(monday, count, lambda place: taking_turns[place], chosen) if count else None


def pick(
    monday: date, count: int, question_at: Callable[[int], Question], chosen: Mapping[date, int]
) -> Question:
    """Return the question whose turn it is in a week, of `count` that take turns.

    A question that staff chose in a week since its last turn has had its turn: the question whose
    turn they took comes instead.

    Args:
        question_at: the question at a place, from 0.
        chosen: the ids of what staff chose, by Monday.
    """
    since = monday - timedelta(weeks=count)
    taken = {pk: week for week, pk in sorted(chosen.items()) if since < week < monday}
    question = question_at(place_of(monday, count))
    while question.pk in taken:
        question = question_at(place_of(taken.pop(question.pk), count))
    return question


def place_of(monday: date, count: int) -> int:
    """Return the place whose turn it is, of `count`.

    The turn goes round in steps that share no factor with the count, so that each place comes
    once before any comes again, and neighbors do not follow each other.
    """
    start = max(1, round(count * GOLDEN))
    step = next(each for each in range(start, start + count + 1) if gcd(each, count) == 1)
    return monday.toordinal() // 7 * step % count


def _chosen_until(monday: date) -> dict[date, int]:
    """What staff chose for a week and those before it: question ids by Monday. One query."""
    found = WeekCase.objects.filter(monday__lte=monday).order_by("-monday")
    return dict(found.values_list("monday", "question")[:MOST_WEEKS])


def _taking_turns(monday: date) -> tuple[QuerySet[Question], int]:
    """The questions that take turns and how many they are: those that were out on Monday, and in
    the first week of all what is there. One query."""
    published = Question.objects.published().open_to([Audience.EVERYBODY])
    before = Q(published_at__lt=make_aware(datetime.combine(monday, time())))
    counts = published.aggregate(early=Count("pk", filter=before), every=Count("pk"))
    ordered = published.select_related("about").order_by("pk")
    if counts["early"]:
        return ordered.filter(before), counts["early"]
    return ordered, counts["every"]
