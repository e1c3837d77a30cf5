"""The step read as a whole: learned weights on its evidence, which may move a level by one.

Criteria get their levels by ordered conditions. On answers by authors who wrote no rule those
conditions alone agree too little with people's levels (docs/evaluation.md), so a moderation over
all of a step's evidence follows, as a second reader would: each role that a sentence has, and the
figures. Good evidence can only raise the sum and bad evidence only lower it (data/moderation.json),
and every evidence counts a few times at most, so that neither length nor repetition pays.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from coach.assessment import things
from coach.assessment.data_file import read_yaml
from coach.assessment.earned import is_blamed_for, is_praised_for, is_worded_in, roles_about
from coach.assessment.grounding import ground
from coach.assessment.reading import Reading
from coach.assessment.rubric import load_rubric
from coach.assessment.text import Span

MODERATION_FILE = Path(__file__).parent / "data" / "moderation.json"
PHRASES_FILE = Path(__file__).parent / "data" / "role_phrases.yaml"
MOST_OFTEN = 3.0
"""Sentences of one role count no further."""
UNLIKELY = 0.2
"""Below this a role is no evidence: of many sentences one always has a little of it."""
ABSENT = 0.05
"""What no sentence is more likely to have is said to be absent."""
Shows = Callable[[Reading, str, Span], bool]
EMPTY = "empty_talk"
"""Such sentences are not counted at all, so that padding neither raises nor lowers a sum."""
CLEAR = 0.2
"""How far from a border a sum is beyond doubt about its level."""
_COUNTS: Mapping[str, float] = {"figured": 8, "known": 6, "firm": 8}


@dataclass(frozen=True)
class Moderated:
    """What the evidence adds up to, on the scale of the levels 1 to 4.

    ``clear`` is whether the level is beyond doubt about its border; ``for_it`` and ``against_it``
    are the strongest evidence either way, as clauses with the student's words where there are any,
    and "" where no single sentence is sure enough to be named.
    """

    estimate: float
    level: int
    clear: bool
    for_it: str
    against_it: str
    has_good: bool = True
    """Whether any sentence has a role that adds; figures alone raise nothing."""


@lru_cache(maxsize=1)
def published() -> Mapping[str, Any]:
    """The weights as shipped: borders, and for each step its start and its evidence's weights."""
    raw: dict[str, Any] = json.loads(MODERATION_FILE.read_text("utf-8"))
    return raw


@lru_cache(maxsize=1)
def phrases() -> Mapping[str, str]:
    """How a sentence names each role."""
    raw: dict[str, str] = read_yaml(PHRASES_FILE.read_text("utf-8"))
    return raw


def version() -> str:
    """A short hash of the weights and the words for them, part of the rules' version."""
    data = MODERATION_FILE.read_bytes() + PHRASES_FILE.read_bytes()
    return hashlib.sha256(data).hexdigest()[:8]


def evidence(r: Reading) -> dict[str, float]:
    """The step's evidence by name, each between 0 and 1; {} without sentence vectors.

    ``role`` is the highest probability among the sentences, ``role often`` how many have it.
    """
    table = r.read_roles.table
    if table is None:
        return {}
    fresh = [any(s.start <= u.start < s.end for s in r.fresh) for u in r.read_roles.units]
    found: dict[str, float] = {}
    for role, values in table.items():
        if role == EMPTY:
            continue
        counted = [value for value, counts in zip(values, fresh, strict=True) if counts]
        likely = [value for value in counted if value >= UNLIKELY]
        found[role] = max(likely, default=0.0)
        often = sum(likely)
        found[f"{role} often"] = min(often, MOST_OFTEN) / MOST_OFTEN
    counts = ground(r)
    for name, most in _COUNTS.items():
        found[name] = min(getattr(counts, name), most) / most
    return {name: round(value, 3) for name, value in found.items()}


def moderate(r: Reading, written: Reading | None = None) -> Moderated | None:
    """The step read as a whole; None where there are no sentence vectors.

    Args:
        r: the step as it is weighed, without its padding.
        written: the step as it stands; what it says in any sentence is not said to be missing.
    """
    found = evidence(r)
    table = published()["steps"].get(r.step)
    if not found or table is None:
        return None
    weights: Mapping[str, float] = table["weights"]
    estimate = table["start"] + sum(weights.get(name, 0.0) * value for name, value in found.items())
    borders = published()["borders"]
    level = 1 + sum(estimate >= border for border in borders)
    clear = min(abs(estimate - border) for border in borders) >= CLEAR
    good = _good(found, weights)
    return Moderated(
        round(estimate, 3), level, clear, _said(r, good, is_praised_for),
        _against(r, written or r, found, weights), any(map(r.role, good)),
    )  # fmt: skip


def _role(name: str) -> str:
    return name.removesuffix(" often")


def _is_absent(r: Reading, role: str) -> bool:
    """Whether no sentence, word or field of the step may be what a role is about."""
    if r.read_roles.probability(role) >= ABSENT or is_worded_in(r, role):
        return False
    return all(things.lacks(r, thing) for thing in things.with_role(role))


def _by_role(weights: Mapping[str, float], found: Mapping[str, float]) -> dict[str, float]:
    """What each role adds or takes away, both its evidences together."""
    sums: dict[str, float] = {}
    for name, weight in weights.items():
        if _role(name) in phrases():
            sums[_role(name)] = sums.get(_role(name), 0.0) + weight * found.get(name, 0.0)
    return sums


def _quoted(r: Reading, role: str, shows: Shows) -> str:
    span = r.role(role, sure=True)
    shown = span is not None and shows(r, role, span)
    return f'it has {phrases()[role]}, "{_bare(span.quote)}"' if span and shown else ""


def _said(r: Reading, roles: Sequence[str], shows: Shows) -> str:
    """The first of the roles that a sentence surely shows."""
    return next((said for role in roles if (said := _quoted(r, role, shows))), "")


def _bare(quote: str) -> str:
    """A quote without the mark it ends with, to end a sentence of the report."""
    return quote.rstrip(" .,;:")


def _good(found: Mapping[str, float], weights: Mapping[str, float]) -> list[str]:
    """The roles that add to the sum, the one that adds most first."""
    sums = sorted(_by_role(weights, found).items(), key=lambda pair: (-pair[1], pair[0]))
    return [role for role, value in sums if value > 0]


def _against(
    r: Reading, written: Reading, found: Mapping[str, float], weights: Mapping[str, float]
) -> str:
    """The present evidence that takes most away, or else the absent one that would add most."""
    sums = sorted(_by_role(weights, found).items(), key=lambda pair: (pair[1], pair[0]))
    worst = _said(r, [role for role, value in sums if value < 0], is_blamed_for)
    if worst:
        return worst
    whole = _by_role(weights, dict.fromkeys(weights, 1.0))
    asked = roles_about(load_rubric().criteria[r.step])
    absent = {role for role, _ in sums if role in asked and _is_absent(written, role)}
    lacking = {role: whole[role] - v for role, v in sums if whole[role] > 0 and role in absent}
    missed = max(sorted(lacking), key=lambda role: lacking[role], default="")
    return f"what I looked for and did not find is {phrases()[missed]}" if missed else ""
