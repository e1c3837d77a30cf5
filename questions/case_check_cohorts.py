"""Checks of a case's table of cohorts: its shape, who may see it, and whether it agrees."""

from collections.abc import Iterator
from itertools import pairwise

from questions.case import Case
from questions.case_build import Path
from questions.case_cohorts import CohortMatch, Cohorts, next_start, start_day

Finding = tuple[Path, str, str]

LEAST_ROWS, MOST_ROWS, MOST_AGES = 3, 24, 24
LARGEST = 1_000_000_000
# A baseline is said in whole percent, so that half a point is what rounding may hide.
HALF_A_POINT = 0.005
_AT: Path = ("cohorts",)


def check_cohorts(case: Case) -> Iterator[Finding]:
    """The table is whole, closes with the baselines, and shows none before it was told."""
    if case.cohorts is None:
        return
    shape = [*_length(case.cohorts), *_starts(case.cohorts), *_counts(case.cohorts)]
    yield from shape
    yield from _told(case, case.cohorts)
    if shape:
        return
    for i, match in enumerate(case.cohorts.agrees):
        yield from _agrees(case, case.cohorts, match, (*_AT, "agrees", i))


def _length(table: Cohorts) -> Iterator[Finding]:
    rows = len(table.rows)
    if not LEAST_ROWS <= rows <= MOST_ROWS:
        message = f"the table has {rows} row{'s' if rows != 1 else ''}"
        yield (*_AT, "rows"), message, f"write {LEAST_ROWS} to {MOST_ROWS}"
    if rows and len(table.rows[0].back) > MOST_AGES:
        message = f"the first row goes on for {len(table.rows[0].back)} {table.period}s"
        yield (*_AT, "rows", 0), message, f"write {MOST_AGES} at most"


def _starts(table: Cohorts) -> Iterator[Finding]:
    like = "a month as 2026-03" if table.period == "month" else 'a Monday as "2026-03-09"'
    days = [start_day(row.starts, table.period) for row in table.rows]
    for i, (row, day) in enumerate(zip(table.rows, days, strict=True)):
        path: Path = (*_AT, "rows", i, "starts")
        before = days[i - 1] if i else None
        if day is None:
            yield path, f"{row.starts} is not the start of a {table.period}", f"write {like}"
        elif before and row.starts != (wanted := next_start(before, table.period)):
            message = f"{row.starts} does not follow {table.rows[i - 1].starts}"
            yield path, message, f"write {wanted}"


def _counts(table: Cohorts) -> Iterator[Finding]:
    for i, row in enumerate(table.rows):
        path: Path = (*_AT, "rows", i)
        if not 1 <= row.size <= LARGEST:
            yield path, f"{row.starts} has {row.size} people", "write how many started, 1 or more"
        for age, count in enumerate(row.back, start=1):
            if not 0 <= count <= row.size:
                message = f"{row.starts} has {count} people at age {age}, and {row.size} started"
                yield path, message, "write how many of those who started were there"
    for i, (row, after) in enumerate(pairwise(table.rows), start=1):
        if len(after.back) != len(row.back) - 1:
            ages = f"{len(row.back)} {table.period}s of {row.starts}"
            message = f"{after.starts} has {len(after.back)} after the {ages}"
            remedy = "leave out what is not known yet: each row is one shorter than the one above"
            yield (*_AT, "rows", i), message, remedy


def _told(case: Case, table: Cohorts) -> Iterator[Finding]:
    known = {fact.id for fact in case.facts}
    if not table.told_by:
        yield (*_AT, "told_by"), "no fact tells the table", "name the fact that reveals its figures"
    for i, fact in enumerate(table.told_by):
        if fact not in known:
            path: Path = (*_AT, "told_by", i)
            yield path, f"no fact {fact} tells the table", "name facts of this case"


def _agrees(case: Case, table: Cohorts, match: CohortMatch, path: Path) -> Iterator[Finding]:
    baseline = case.baselines.get(match.symbol)
    if baseline is None:
        yield path, f"the table agrees with {match.symbol}, which is no baseline", "name a baseline"
        return
    told = [symbol for fact in case.facts if fact.id in table.told_by for symbol in fact.reveals]
    if match.symbol not in told:
        message = f"the table shows {match.symbol}, and no fact in told_by reveals it"
        yield path, message, "add the fact that does to told_by"
    if case.variant and match.symbol in case.variant.moves:
        message = f"the table shows {match.symbol}, which moves from one set of numbers to the next"
        yield path, message, "take it out of moves: the table stays as it is"
    deepest = max((len(row.back) for row in table.rows), default=0)
    if not match.ages or not all(1 <= age <= deepest for age in match.ages):
        yield path, f"the ages of {match.symbol} are not in the table", f"write ages 1 to {deepest}"
        return
    low, high = _between(table, match)
    if not low - HALF_A_POINT <= baseline.value <= high + HALF_A_POINT:
        shown = f"{low:.1%}" if low == high else f"{low:.1%} to {high:.1%}"
        message = f"{match.symbol} is {baseline.value:.1%} and the table gives {shown}"
        yield path, message, "correct the counts or the ages"


def _between(table: Cohorts, match: CohortMatch) -> tuple[float, float]:
    """Return what the share can be: who is there at least at one age lies between the largest
    age, if all others are among its people, and the sum, if nobody is there twice."""
    shares = [there / people for there, people in map(table.shares, match.ages)]
    return max(shares), min(1.0, sum(shares))
