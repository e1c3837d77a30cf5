"""Where a sentence from the lab can be put: the coach knows the answers being written.

The lab may not import the coach, so the coach hands in a source when the site starts
(`register`, called from the coach's AppConfig.ready). Without one the lab shows no such button.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.http import HttpRequest


@dataclass(frozen=True)
class Taker:
    """An answer that is being written: POST `sentence` to `url` puts it there."""

    label: str
    url: str


Source = Callable[[HttpRequest], Sequence[Taker]]

_sources: list[Source] = []


def register(source: Source) -> None:
    """Add a source of answers; registering it twice changes nothing."""
    if source not in _sources:
        _sources.append(source)


def takers_of(request: HttpRequest) -> list[Taker]:
    """Return the answers this person is writing, the most recent first."""
    return [taker for source in _sources for taker in source(request)]
