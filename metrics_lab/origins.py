"""Where a sheet comes from: the coach opens sheets for attempts, the lab only shows the way back.

The lab may not import the coach, so the coach hands in a source when the site starts (`register`,
called from the coach's AppConfig.ready). A source may bring the sheet up to date before it is read.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest

from metrics_lab.models import Sheet


@dataclass(frozen=True)
class Origin:
    """What a sheet was opened for; `sheet` is the row as it is now. What was given since is not in
    it where it `is_full`, or for the reason in `fault`, a sentence."""

    label: str
    url: str
    sheet: Sheet
    is_full: bool = False
    fault: str = ""


Source = Callable[[HttpRequest, Sheet], Origin | None]

_sources: list[Source] = []


def register(source: Source) -> None:
    """Add a source; registering it twice changes nothing."""
    if source not in _sources:
        _sources.append(source)


def origin_of(request: HttpRequest, sheet: Sheet) -> Origin | None:
    """Return what a sheet was opened for, None for one that a person made."""
    found = (source(request, sheet) for source in _sources)
    return next((origin for origin in found if origin), None)
