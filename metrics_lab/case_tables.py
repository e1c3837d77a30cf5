"""A case's own table of cohorts: the coach knows which a student has been given.

The lab may not import the coach, so the coach hands in a source when the site starts
(`register`, called from the coach's AppConfig.ready). Without one the lab offers no such table.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest

from metrics_lab.engine.cohort.retention import Period

Row = tuple[str, int, tuple[int, ...]]


@dataclass(frozen=True)
class CaseTable:
    """Rows of (cohort, size, people from period 0); hypothetical, what is not known left out.

    `who` and `there` say whom a row counts and what counts as being there.
    """

    who: str
    there: str
    period: Period
    rows: tuple[Row, ...]

    @property
    def text(self) -> str:
        """Return the table as it is pasted into the cohort page."""
        ages = range(max(len(counts) for _, _, counts in self.rows))
        lines = [("cohort", "size", *ages), *((a, size, *counts) for a, size, counts in self.rows)]
        return "".join(",".join(map(str, line)) + "\n" for line in lines)


@dataclass(frozen=True)
class Opened:
    """The attempt a page was opened from; `table` is None until its student was given it."""

    key: str
    label: str
    url: str
    table: CaseTable | None


Source = Callable[[HttpRequest, uuid.UUID], Opened | None]

_sources: list[Source] = []


def register(source: Source) -> None:
    """Add a source of tables; registering it twice changes nothing."""
    if source not in _sources:
        _sources.append(source)


def opened_from(request: HttpRequest, key: str) -> Opened | None:
    """Return the attempt of a key, None where it is none of the asker's."""
    try:
        attempt_id = uuid.UUID(key)
    except ValueError:
        return None
    found = (source(request, attempt_id) for source in _sources)
    return next((opened for opened in found if opened), None)
