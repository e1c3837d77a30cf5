"""What an answer may hold, by all that can show it: fields, wording, learned roles, and meaning.

Rules and conditions look for words and roles. To tell a student that something lacks is a stronger
claim than not to count it, so it takes more: no field that asks for it is filled, no wording and
no role shows it, and no sentence comes near it in meaning (data/things.yaml).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from coach.assessment import lexicon
from coach.assessment.data_file import read_yaml
from coach.assessment.numbers import has_figure
from coach.assessment.reading import Reading
from coach.assessment.roles import Roles
from coach.assessment.sentence_features import Row, without_list_mark
from coach.assessment.text import Span, count_words
from coach.interviewer.encoder import Encoder

THINGS_FILE = Path(__file__).parent / "data" / "things.yaml"
NEAR, LIKELY = 0.42, 0.3
"""Likeness of meaning, or probability of a role, from which a sentence is shown as what comes
nearest. On the two sets of labelled answers the likeness is 0.30 and 0.34 on average where a
question was false, and 0.27 and 0.28 where something did lack: below this it says nothing."""
UNLIKE, UNLIKE_ALONE = 0.42, 0.32
"""Below this likeness, and with nothing else that shows it, a thing is said to lack; the second
where no learned role of the step can speak for it."""
HINTED = 0.15
"""From this probability of a role on a sentence may hold the thing."""
FAINT, WORDED = 0.4, 0.3
"""What both have to add up to where the wording shows the thing, and what such wording is worth."""
FEWEST_WORDS = 3
_LISTS = ("roles", "words", "fields", "like", "ask")


@dataclass(frozen=True)
class Thing:
    """One thing an answer may hold; see the head of the data file."""

    name: str
    roles: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    like: tuple[str, ...] = ()
    ask: tuple[str, ...] = ()
    number: bool = False


@dataclass(frozen=True)
class _Table:
    things: Mapping[str, Thing]
    by_mistake: Mapping[str, Thing]
    next: Mapping[str, Mapping[str, Mapping[int, Sequence[str]]]]
    told_in: Mapping[str, Mapping[str, Sequence[str]]]


@lru_cache(maxsize=1)
def _table() -> _Table:
    raw: dict[str, Any] = read_yaml(THINGS_FILE.read_text("utf-8"))
    things, by_mistake = {}, {}
    for name, given in raw["things"].items():
        things[name] = Thing(
            name=name,
            number=bool(given.get("number")),
            **{part: tuple(given.get(part, ())) for part in _LISTS},
        )
        by_mistake.update(dict.fromkeys(given.get("mistakes", ()), things[name]))
    return _Table(things, by_mistake, raw["next"], raw["told_in"])


def version() -> str:
    """A short hash of the data, part of the rules' version."""
    return hashlib.sha256(THINGS_FILE.read_bytes()).hexdigest()[:8]


def sought_by(mistake: str, slots: Mapping[str, str]) -> Thing | None:
    """What a gap is about; where it names people or options (``extra``), those themselves."""
    found = _table().by_mistake.get(mistake)
    extra = slots.get("extra", "")
    names = tuple(re.split(r", | and ", extra)) if extra else ()
    return found or (Thing(mistake, like=names) if names else None)


def with_role(role: str) -> tuple[Thing, ...]:
    """The things that a learned role shows."""
    return tuple(thing for thing in _table().things.values() if role in thing.roles)


def mistakes_about(thing: Thing) -> frozenset[str]:
    """The gaps that are about a thing."""
    return frozenset(key for key, about in _table().by_mistake.items() if about is thing)


def told_in(step: str, criterion: str) -> Sequence[str]:
    """The columns of a step's artefact that ask for a criterion."""
    return _table().told_in.get(step, {}).get(criterion, ())


def above(step: str, criterion: str, level: int) -> tuple[Thing, ...]:
    """What the level above takes in a criterion, the most useful first."""
    names = _table().next.get(step, {}).get(criterion, {}).get(level, ())
    return tuple(_table().things[name] for name in names)


@lru_cache(maxsize=4)
def _examples(encoder: Encoder) -> Mapping[tuple[str, ...], Row]:
    """The vectors of all examples, made in one call: a vector differs a little with its company."""
    listed = [thing.like for thing in _table().things.values()]
    rows = np.asarray(encoder.encode([text for like in listed for text in like]), dtype=np.float64)
    ends = np.cumsum([len(like) for like in listed])
    return dict(zip(listed, np.split(rows, ends[:-1]), strict=True))


def _likeness(r: Reading, like: tuple[str, ...]) -> tuple[float, ...]:
    """How near each unit of a step comes to one of the examples in meaning."""
    units = r.read_roles.units
    if r.encoder is None or not like or not units:
        return (0.0,) * len(units)
    rows = _examples(r.encoder).get(like)
    if rows is None:  # people or options of this one case
        rows = np.asarray(r.encoder.encode(list(like)), dtype=np.float64)
    found = (_own_vectors(r.read_roles, r.encoder) @ rows.T).max(axis=1)
    return tuple(np.round(found, 3).tolist())


@lru_cache(maxsize=64)
def _units(texts: tuple[str, ...], encoder: Encoder) -> Row:
    return np.asarray(encoder.encode(texts), dtype=np.float64)


def _own_vectors(read: Roles, encoder: Encoder) -> Row:
    """The vectors of a step's units, which the roles have been read from."""
    return _units(tuple(without_list_mark(unit.quote) for unit in read.units), encoder)


def _chances(r: Reading, roles: Sequence[str]) -> tuple[float, ...]:
    """For each unit the highest probability of any of the roles."""
    table = r.read_roles.table or {}
    columns = [table[role] for role in roles if role in table]
    return tuple(max(values) for values in zip(*columns, strict=True)) if columns else ()


def nearest(r: Reading, thing: Thing) -> Span | None:
    """The unit that most likely holds the thing; None where none comes near it."""
    units = r.read_roles.units
    chances = _chances(r, thing.roles) or (0.0,) * len(units)
    scored = []
    for unit, near, chance in zip(units, _likeness(r, thing.like), chances, strict=True):
        worded = any(lexicon.has(concept, unit.quote) for concept in thing.words)
        close = near >= NEAR or chance >= LIKELY or (worded and near + chance >= FAINT)
        if close and count_words(unit.quote) >= FEWEST_WORDS:
            scored.append((near + chance + WORDED * worded, -unit.start, unit))
    return max(scored)[2] if scored else None


def filled(r: Reading, thing: Thing) -> str:
    """What the student filled in where a field asks for the thing; "" for nothing."""
    if not r.confirmed:
        return ""
    columns = [f.partition(".")[2] for f in thing.fields if f.startswith(f"{r.step}.")]
    cells = [source.get(c) for c in columns for source in (*r.rows, r.artefact)]
    return next((cell for cell in cells if isinstance(cell, str) and cell.strip()), "")


def lacks(r: Reading, thing: Thing) -> bool:
    """Whether nothing in a step shows the thing, however it is told; False where it is not known.

    Without sentence vectors only wording could speak, and that is not enough to deny anything.
    """
    if not r.read_roles.known or filled(r, thing):
        return False
    if any(lexicon.has(concept, r.text) for concept in thing.words):
        return False
    if thing.number and has_figure(r.text):
        return False
    chances = _chances(r, thing.roles)
    if max(chances, default=0.0) >= HINTED:
        return False
    return max(_likeness(r, thing.like), default=0.0) < (UNLIKE if chances else UNLIKE_ALONE)
