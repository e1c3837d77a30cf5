"""Families of wording, as data: concept -> phrases (data/lexicon.yaml).

Wording is evidence, never a verdict: students say good things without these words and bad things
with all of them, so what rests on a phrase alone is put to the student as a question.
"""

from __future__ import annotations

import hashlib
import re
from functools import lru_cache
from pathlib import Path

from coach.assessment.data_file import read_yaml

LEXICON_FILE = Path(__file__).parent / "data" / "lexicon.yaml"


def _phrase(raw: str) -> str:
    """One phrase as a pattern: a blank is any white space, ~ any ending of the word."""
    blanks = raw.strip().replace("'", "['’]").replace(" ?", r"\s*").replace(" ", r"\s+")
    return blanks.replace("~", r"[\w'’-]*")


@lru_cache(maxsize=1)
def _concepts() -> dict[str, re.Pattern[str]]:
    raw: dict[str, list[str]] = read_yaml(LEXICON_FILE.read_text("utf-8"))
    return {
        name: re.compile(r"(?<!\w)(?:" + "|".join(map(_phrase, phrases)) + r")(?!\w)", re.I)
        for name, phrases in raw.items()
    }


def pattern(concept: str) -> re.Pattern[str]:
    """The compiled phrases of a concept.

    Raises:
        KeyError: no such concept.
    """
    return _concepts()[concept]


def version() -> str:
    """A short hash of the phrases, part of the rules' version."""
    return hashlib.sha256(LEXICON_FILE.read_bytes()).hexdigest()[:8]


def has(concept: str, text: str) -> bool:
    """Whether a text holds a phrase of the concept."""
    return pattern(concept).search(text) is not None


def matches(concept: str, text: str) -> list[str]:
    """Every phrase of the concept that a text holds, in order, as written."""
    return [m.group() for m in pattern(concept).finditer(text)]
