"""What a model may say, read strictly: known keys, known types, bounded lengths, nothing else.

There is no field for a level or a score. An object with a key that is not asked for is left out
as a whole, whatever else it holds.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

MOST_ITEMS = 12
LONGEST = {"id": 8, "quote": 600, "why": 320, "task": 260, "question": 200}
SHORTEST_SENTENCE = 12
_FENCE = re.compile(r"\A```(?:json)?\s*\n(.*)\n```\Z", re.DOTALL)


class MalformedReply(ValueError):
    """Text that is no JSON object of the schema."""


@dataclass(frozen=True)
class Rewording:
    """The finding with this number, in other words."""

    number: int
    why: str
    task: str


@dataclass(frozen=True)
class Proposal:
    """A mistake the model thinks the rules missed, with the student's words."""

    id: str
    quote: str
    why: str
    task: str


@dataclass(frozen=True)
class Remarks:
    """A reply to the question about a step; ``left_out`` counts items that broke the schema."""

    rewordings: tuple[Rewording, ...]
    proposals: tuple[Proposal, ...]
    left_out: int


def read_object(text: str) -> dict[str, Any]:
    """Read one JSON object, also inside one code fence.

    Raises:
        MalformedReply: anything else, a key that stands twice, or a number that is none.
    """
    inner = text.strip()
    fenced = _FENCE.match(inner)
    try:
        value = json.loads(
            fenced[1] if fenced else inner,
            object_pairs_hook=_each_key_once,
            parse_constant=_no_such_number,
        )
    except (ValueError, RecursionError) as error:
        raise MalformedReply("not one JSON object") from error
    if not isinstance(value, dict):
        raise MalformedReply("not one JSON object")
    return value


def read_remarks(text: str) -> Remarks:
    """Read the reply about a step.

    Raises:
        MalformedReply: it is no object with the two lists and nothing else.
    """
    value = read_object(text)
    rewordings = _items(value, "rewordings")
    proposals = _items(value, "proposals")
    if set(value) - {"rewordings", "proposals"}:
        raise MalformedReply("keys that were not asked for")
    reworded = [_rewording(item) for item in rewordings]
    proposed = [_proposal(item) for item in proposals]
    return Remarks(
        tuple(item for item in reworded if item),
        tuple(item for item in proposed if item),
        reworded.count(None) + proposed.count(None),
    )


def read_question(text: str) -> str:
    """Read the reply about a follow-up: one question.

    Raises:
        MalformedReply: it is no object with that question and nothing else.
    """
    value = read_object(text)
    if set(value) != {"question"} or not _are_texts(value, "question"):
        raise MalformedReply("not one question")
    return _one_line(value["question"])


def _items(value: Mapping[str, Any], key: str) -> Sequence[Any]:
    items = value.get(key, [])
    if not isinstance(items, list) or len(items) > MOST_ITEMS:
        raise MalformedReply(f"{key} is no short list")
    return items


def _rewording(item: Any) -> Rewording | None:
    if not _has_keys(item, "number", "why", "task") or not _are_texts(item, "why", "task"):
        return None
    if not isinstance(item["number"], int) or isinstance(item["number"], bool):
        return None
    return Rewording(item["number"], _one_line(item["why"]), _one_line(item["task"]))


def _proposal(item: Any) -> Proposal | None:
    keys = ("id", "quote", "why", "task")
    if not _has_keys(item, *keys) or not _are_texts(item, *keys):
        return None
    return Proposal(item["id"], item["quote"], _one_line(item["why"]), _one_line(item["task"]))


def _has_keys(item: Any, *keys: str) -> bool:
    return isinstance(item, dict) and set(item) == set(keys)


def _are_texts(item: Mapping[str, Any], *keys: str) -> bool:
    return all(
        isinstance(item[key], str)
        and len(item[key]) <= LONGEST[key]
        and (key in ("id", "quote") or len(item[key].strip()) >= SHORTEST_SENTENCE)
        for key in keys
    )


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _each_key_once(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise ValueError("a key stands twice")
    return value


def _no_such_number(name: str) -> None:
    raise ValueError(name)
