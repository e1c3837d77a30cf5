"""The outcome of checking one claim."""

from dataclasses import dataclass
from typing import NamedTuple

RANK = {"none": 0, "correct": 1, "close": 2, "ambiguous": 3, "wrong": 4}


@dataclass(frozen=True, slots=True)
class Odds:
    """What ranges say of a claim: the chance of "at least" (or "at most") it, the 90 % range."""

    sign: str
    chance: float
    low: float
    high: float
    inside: bool


class Source(NamedTuple):
    """What one step tells, as symbols of the case: the figure it `gives`, those it is made `of`.

    A step that names a figure as it stands is made of it and gives none; one that tells only
    numbers of the text has neither. With `supposed` the text puts another value in its place.
    """

    of: tuple[str, ...] = ()
    gives: str = ""
    supposed: bool = False


@dataclass(frozen=True, slots=True)
class ClaimCheck:
    """One checked number. `claimed` and `truth` are in `truth_unit`, percentages in percent.

    `certain` tells how it may be shown: as a statement (a named error or a restated figure), or,
    where False, only as a question ("I read ... as ...; did you mean something else?").
    `sources` goes beside `steps`, place for place; steps beyond its end tell no figure of the case.
    """

    verdict: str
    error: str | None
    quote: str
    start: int
    end: int
    claimed: float | None
    truth: float | None
    truth_unit: str | None
    steps: tuple[str, ...]
    symbol: str | None = None
    supposed: bool = False
    certain: bool = False
    odds: Odds | None = None
    sources: tuple[Source, ...] = ()


def worst(checks: tuple[ClaimCheck, ...]) -> ClaimCheck | None:
    """Return the check that decides a text: the worst verdict, a result before a restated fact."""
    return max(checks, key=lambda c: (RANK[c.verdict], not c.supposed), default=None)
