"""The rubric as data, with its version: levels, criteria, and every public mistake id.

What is said lives in data/rubric.yaml, so that an editor can improve a sentence without touching
code. The version joins a number chosen by people with a hash of that file: two reports with the
same version were written from the same words.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from coach.assessment.data_file import read_yaml

RUBRIC_FILE = Path(__file__).parent / "data" / "rubric.yaml"


@dataclass(frozen=True)
class Mistake:
    """One mistake id of the rubric.

    ``why``, ``asked`` and ``rewrite`` are templates, the most specific first. ``asked`` is the
    reason for a question, and holds whatever the answer to it is; () where ``why`` serves both.
    ``effect`` (1-100) says how much repairing it would change the answer and orders the findings of
    a step.
    """

    id: str
    title: str
    steps: tuple[str, ...]
    effect: int
    looked_for: str
    ask: str
    why: tuple[str, ...]
    rewrite: tuple[str, ...]
    asked: tuple[str, ...] = ()


@dataclass(frozen=True)
class Rubric:
    """Levels, criteria per step in their order, core steps and all mistakes."""

    version: str
    levels: Mapping[int, str]
    criteria: Mapping[str, Mapping[str, str]]
    core_steps: frozenset[str]
    mistakes: Mapping[str, Mistake]


def _mistake(mistake_id: str, raw: Mapping[str, Any]) -> Mistake:
    return Mistake(
        id=mistake_id,
        title=raw["title"],
        steps=tuple(raw["steps"]),
        effect=int(raw["effect"]),
        looked_for=raw["looked_for"],
        ask=raw["ask"],
        why=tuple(raw["why"]),
        rewrite=tuple(raw["rewrite"]),
        asked=tuple(raw.get("asked", ())),
    )


@lru_cache(maxsize=1)
def load_rubric() -> Rubric:
    """Read the rubric once a process.

    Raises:
        KeyError: an entry of the data file misses a key.
    """
    content = RUBRIC_FILE.read_bytes()
    raw = read_yaml(content)
    digest = hashlib.sha256(content).hexdigest()[:8]
    return Rubric(
        version=f"{raw['version']}+{digest}",
        levels={int(level): word for level, word in raw["levels"].items()},
        criteria={step: dict(names) for step, names in raw["criteria"].items()},
        core_steps=frozenset(raw["core_steps"]),
        mistakes={key: _mistake(key, value) for key, value in raw["mistakes"].items()},
    )


def level_word(level: int) -> str:
    """The word people see for a level 1-4.

    Raises:
        KeyError: not a level.
    """
    return load_rubric().levels[level]


RUBRIC_VERSION = load_rubric().version
