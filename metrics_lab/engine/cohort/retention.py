"""Retention by cohort: who joined together, and how many of them are there in each later period.

A cohort is everybody who joined in one calendar day, week (from Monday) or month; period k is the
k-th calendar period after it. Joining counts as being there, so period 0 is always 100 %.
A period that had not ended when the data ends is censored: left blank, never counted as zero.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from statistics import NormalDist
from typing import Literal

Period = Literal["day", "week", "month"]
How = Literal["exact", "rolling"]
PERIODS: tuple[Period, ...] = ("day", "week", "month")
HOWS: tuple[How, ...] = ("exact", "rolling")
MOST_PERIODS = 60
"""More columns than that nobody reads; a coarser period says the same."""
COVERAGE = 0.95
FEW = 30
"""Below so many people a share says little."""

_Z = NormalDist().inv_cdf((1 + COVERAGE) / 2)


class CohortError(ValueError):
    """Data from which no triangle can be made; `field` is where to change something."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True, slots=True)
class Person:
    """One person: the day of joining and all days on which they were seen."""

    joined: date
    seen: frozenset[date] = frozenset()


@dataclass(frozen=True, slots=True)
class Cohort:
    """People who joined together. `counts[k]` are those there in period k; None is censored."""

    label: str
    size: int
    counts: tuple[int | None, ...]

    def retention(self, k: int) -> float | None:
        """Return the share of the cohort that is there in period k, None where it is censored."""
        count = self.counts[k] if k < len(self.counts) else None
        return None if count is None else count / self.size


@dataclass(frozen=True, slots=True)
class Mean:
    """Retention in period k over all cohorts that have lived through it.

    `share` weighs each cohort by its size; `lo` to `hi` is Wilson's 95 % interval, which treats
    all people alike.
    """

    k: int
    share: float
    there: int
    people: int
    cohorts: int
    lo: float
    hi: float


@dataclass(frozen=True, slots=True)
class Triangle:
    """Cohorts from the oldest to the newest, all with `periods` cells."""

    period: Period
    how: How
    cohorts: tuple[Cohort, ...]
    left_out: int = 0
    """People who joined in a period that has not ended, so that they are in no cohort yet."""

    @property
    def periods(self) -> int:
        """Return how many periods the longest-lived cohort has, period 0 included."""
        return max(sum(count is not None for count in c.counts) for c in self.cohorts)

    @property
    def people(self) -> int:
        """Return everybody who joined."""
        return sum(cohort.size for cohort in self.cohorts)

    def mean(self, k: int) -> Mean | None:
        """Return the weighted mean of period k; None when no cohort has lived through it.

        A censored cell gives neither people who came back nor people who could have.
        """
        lived = [c for c in self.cohorts if c.retention(k) is not None]
        if not lived:
            return None
        there, people = sum(c.counts[k] or 0 for c in lived), sum(c.size for c in lived)
        return Mean(k, there / people, there, people, len(lived), *wilson(there, people))

    @property
    def curve(self) -> tuple[Mean, ...]:
        """Return the weighted mean of each period, from period 0."""
        return tuple(mean for k in range(self.periods) if (mean := self.mean(k)) is not None)


def spans(people: Sequence[Person]) -> tuple[date, date]:
    """Return the first day on which anybody joined, and the last on which anybody was there."""
    last = max(max({*person.seen, person.joined}) for person in people)
    return min(person.joined for person in people), last


def wilson(hits: int, trials: int) -> tuple[float, float]:
    """Return Wilson's score interval (1927) of a share, with a coverage of 95 %."""
    share, spare = hits / trials, _Z**2 / trials
    middle = (share + spare / 2) / (1 + spare)
    half = _Z * math.sqrt(share * (1 - share) / trials + spare / (4 * trials)) / (1 + spare)
    return max(0.0, middle - half), min(1.0, middle + half)


def triangle_of(
    people: Iterable[Person], period: Period, ends: date, how: How = "exact"
) -> Triangle:
    """Return the triangle of people over calendar periods.

    Args:
        ends: the last day the data covers. A period that ends later is censored.
        how: "exact" counts who was seen in period k itself; "rolling" (also: unbounded) who was
            seen in it or at any later time.

    Raises:
        CohortError: nobody is there, a day lies after `ends`, there are more than MOST_PERIODS
            periods, or no cohort's own period has ended.
    """
    everybody = list(people)
    if not everybody:
        raise CohortError("table", "There is nobody in the table yet.")
    earliest, latest = spans(everybody)
    if latest > ends:
        raise CohortError("ends", f"The table has a day after {ends}: it goes on to {latest}.")
    first = number_of(earliest, period)
    last = _last_whole(ends, period)
    if last - first >= MOST_PERIODS:
        coarser = {"day": "weeks or months", "week": "months"}.get(period, "fewer cohorts")
        raise CohortError(
            "period",
            f"From {_start(first, period)} to {ends} there are {last - first + 1} {period}s,"
            f" and a table that can be read holds {MOST_PERIODS}. Choose {coarser}.",
        )
    cohorts = _cohorts(everybody, period, last, how)
    if not cohorts:
        raise CohortError(
            "ends", f"The first {period} has not ended by {ends}, so nothing can be counted yet."
        )
    inside = sum(cohort.size for cohort in cohorts)
    return Triangle(period, how, cohorts, len(everybody) - inside)


def counted(rows: Sequence[tuple[str, int, Sequence[int | None]]], period: Period) -> Triangle:
    """Return a triangle that was counted elsewhere: (label, size, counts from period 0)."""
    if not rows:
        raise CohortError("table", "There is no cohort in the table yet.")
    width = max(len(counts) for _, _, counts in rows)
    return Triangle(
        period,
        "exact",
        tuple(
            Cohort(label, size, (*counts, *[None] * (width - len(counts))))
            for label, size, counts in rows
        ),
    )


def remarks(triangle: Triangle) -> tuple[str, ...]:
    """Return what a reader of the triangle should know, in words; empty when nothing."""
    found = []
    curve = triangle.curve
    small = [c.label for c in triangle.cohorts if c.size < FEW]
    if small:
        found.append(
            f"{_listed(small)} {'has' if len(small) == 1 else 'have'} fewer than {FEW} people:"
            " one person more or less moves such a row by several points."
        )
    rises = [b for a, b in pairwise(curve) if b.share > a.share and b.cohorts < a.cohorts]
    if rises:
        mean = rises[0]
        left = f"{mean.cohorts} of {len(triangle.cohorts)} cohorts"
        found.append(
            f"The curve rises at {triangle.period} {mean.k}, where only {left}"
            f" {'is' if mean.cohorts == 1 else 'are'} left. Look down the columns before you call"
            " that people coming back: the mix of cohorts has changed."
        )
    if triangle.left_out:
        found.append(
            f"{triangle.left_out:,} of {triangle.left_out + triangle.people:,} people joined in a"
            f" {triangle.period} that had not ended when the data ends; they are in no row yet."
        )
    if triangle.how == "rolling" and len(curve) > 1:
        found.append(
            "Rolling retention can still rise: a person counts as soon as they are seen again,"
            " so the newest cells are lower than they will end up."
        )
    return tuple(f"{text[0].upper()}{text[1:]}" for text in found)


def number_of(day: date, period: Period) -> int:
    """Return the calendar period of a day as a running number; weeks begin on Monday."""
    if period == "month":
        return day.year * 12 + day.month - 1
    return day.toordinal() if period == "day" else (day.toordinal() - 1) // 7


def cohort_label(number: int, period: Period) -> str:
    """Return a period's name: "2026-03-12", "week of 2026-03-09" or "2026-03"."""
    start = _start(number, period)
    if period == "month":
        return f"{start:%Y-%m}"
    return f"{start}" if period == "day" else f"week of {start}"


def _start(number: int, period: Period) -> date:
    if period == "month":
        return date(number // 12, number % 12 + 1, 1)
    return date.fromordinal(number if period == "day" else number * 7 + 1)


def _last_whole(ends: date, period: Period) -> int:
    """Return the number of the last period that has ended by the evening of `ends`."""
    return number_of(ends + timedelta(days=1), period) - 1


def _cohorts(people: Sequence[Person], period: Period, last: int, how: How) -> tuple[Cohort, ...]:
    groups: dict[int, list[Person]] = {}
    for person in people:
        groups.setdefault(number_of(person.joined, period), []).append(person)
    born = sorted(number for number in groups if number <= last)
    width = last - born[0] + 1 if born else 0
    return tuple(
        Cohort(
            cohort_label(number, period),
            len(groups[number]),
            _counts(groups[number], number, period, last, how, width),
        )
        for number in born
    )


def _counts(
    members: Sequence[Person], born: int, period: Period, last: int, how: How, width: int
) -> tuple[int | None, ...]:
    counts = [0] * (last - born + 1)
    for person in members:
        seen = {0} | {number_of(day, period) - born for day in person.seen}
        lived = range(max(seen) + 1) if how == "rolling" else seen
        for k in lived:
            if k < len(counts):
                counts[k] += 1
    return (*counts, *[None] * (width - len(counts)))


def _listed(names: Sequence[str], most: int = 3) -> str:
    shown = list(names[:most])
    if len(names) > most:
        shown.append(f"{len(names) - most} more")
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}"
