"""What tests of the lab's pages share."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from xml.sax.saxutils import escape

import pytest


@pytest.fixture
def plain_charts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Charts that hold their words alone: real ones are drawn in tests of charts and journeys."""

    def drawn(specification: str) -> str:
        said = "".join(
            f"<text>{escape(words)}</text>" for words in _words(json.loads(specification))
        )
        return f'<svg viewBox="0 0 1 1">{said}</svg>'

    monkeypatch.setattr("vl_convert.vegalite_to_svg", drawn)


def _words(part: Any) -> Iterator[str]:
    if isinstance(part, str):
        yield part
    elif isinstance(part, dict | list):
        for each in part.values() if isinstance(part, dict) else part:
            yield from _words(each)
