"""A case's table of cohorts: who started together, and how many of them were there later.

Every figure is hypothetical. What nobody can know yet is not in it: each row is one shorter than
the row above, and a later period of it is absent, never zero.
"""

import re
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

MONTH = re.compile(r"((?:19|20)\d{2})-(0[1-9]|1[0-2])")


@dataclass(frozen=True)
class CohortRow:
    """The `size` people who started in one period; `back[k - 1]` of them were there k later."""

    starts: str
    size: int
    back: tuple[int, ...] = ()

    @property
    def counts(self) -> tuple[int, ...]:
        """Return the people there in period 0, 1, 2 and so on; joining is being there."""
        return (self.size, *self.back)


@dataclass(frozen=True)
class CohortMatch:
    """A baseline that the table shows again.

    With one age it is the share there at that age; with several it is the share there at least
    at one of them.
    """

    symbol: str
    ages: tuple[int, ...]


@dataclass(frozen=True)
class Cohorts:
    """A table that a student may take into the lab once all facts in `told_by` were given.

    `who` and `there` say in a sentence each whom a row counts and what counts as being there.
    """

    who: str
    there: str
    period: Literal["week", "month"]
    told_by: tuple[str, ...]
    agrees: tuple[CohortMatch, ...]
    rows: tuple[CohortRow, ...]

    def is_told(self, facts: AbstractSet[str]) -> bool:
        """Say whether a student with these facts has been given the table."""
        return facts >= set(self.told_by)

    def shares(self, age: int) -> tuple[int, int]:
        """Return how many were there at an age, and of how many whose age is known."""
        known = [row for row in self.rows if age < len(row.counts)]
        return sum(row.counts[age] for row in known), sum(row.size for row in known)


def start_day(starts: str, period: str) -> date | None:
    """Return the first day of a month (2026-03) or of a week (a Monday: 2026-03-09), else None."""
    if period == "month":
        found = MONTH.fullmatch(starts)
        return date(int(found[1]), int(found[2]), 1) if found else None
    try:
        day = date.fromisoformat(starts)
    except ValueError:
        return None
    return day if str(day) == starts and day.weekday() == 0 else None


def next_start(day: date, period: str) -> str:
    """Return how the period after the one that begins on `day` is written."""
    if period == "week":
        return str(day + timedelta(days=7))
    return f"{day.replace(day=28) + timedelta(days=4):%Y-%m}"
