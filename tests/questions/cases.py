"""Cases for tests: the TikTok Shop file with one thing changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from coach.assessment.data_file import read_yaml
from questions.case import Case
from questions.case_file import read_case

LIBRARY = Path(__file__).resolve().parents[2] / "questions" / "library"
TIKTOK = LIBRARY / "improve-tiktok-shop.yaml"


@cache
def tiktok() -> Case:
    """The TikTok Shop case."""
    return read_case(TIKTOK)


def variant(**changes: Any) -> Case:
    """The TikTok Shop case under other values."""
    return replace(tiktok(), **changes)


@cache
def small() -> Case:
    """The TikTok Shop case with one fact, one step's guide and no more than it needs: quick to
    write and to read."""
    whole = tiktok()
    first, baseline = next(iter(whole.steps.items())), next(iter(whole.baselines.items()))
    return replace(
        whole,
        facts=whole.facts[:1],
        traps=whole.traps[:1],
        relations=whole.relations[:1],
        baselines=dict([baseline]),
        steps=dict([first]),
        statements={},
        readings=(),
        scenarios={},
        north_star_candidates=(),
        drivers=(),
        guardrails=(),
        variant=None,
    )


@cache
def _text() -> str:
    return TIKTOK.read_text(encoding="utf-8")


def edited(folder: Path, swaps: Mapping[str, str], name: str = TIKTOK.stem) -> Path:
    """Write the TikTok Shop file with each text replaced once; a text that is not there fails."""
    text = _text()
    for old, new in swaps.items():
        assert old in text, old
        text = text.replace(old, new, 1)
    path = folder / f"{name}.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def line_of(path: Path, part: str) -> int:
    """The line, from 1, of the first occurrence of a text in a file."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return next(number for number, line in enumerate(lines, start=1) if part in line)


def plain_yaml(path: Path) -> dict[str, Any]:
    """A file's data without our reader."""
    data: dict[str, Any] = read_yaml(path.read_text(encoding="utf-8"))
    return data
