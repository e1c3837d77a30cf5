"""The coach's sentences for a reply: plain and kind, chosen by a hash of the message.

They hold nothing but the case author's words and the fixed sentences of this file, so no figure can
be invented here.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from coach.interviewer.assumptions import Assumption
from coach.interviewer.engine import FactMatch, Part, Reply
from coach.interviewer.facts import Fact

UNKNOWN = (
    "I do not have that. Make an assumption, say it, and go on.",
    "That is not in what I know. Say what you assume, and go on from there.",
    "I have no answer to that. Choose a figure or a reading you can defend, and name it.",
)
UNKNOWN_PART = (
    "On “{question}”: I do not have that. Make an assumption and say it.",
    "“{question}” is not in what I know. Say what you assume.",
)
ASIDE = {
    "exercise": "I take that for a question about the exercise, and I speak only for the case.",
    "company": "I take that for a question about the company itself, which the case is not about.",
    "world": "I take that for a question that has nothing to do with the case.",
}
BACK_TO_THE_CASE = "Ask me about the product, the people who use it or its figures."
VAGUE = (
    "Can you be more specific: which number, for whom?",
    "Which part do you mean? Name the number or the group you need.",
    "Ask me for one thing: what you need, and what it would change.",
)
VAGUE_PART = ("“{question}” is too wide for me. Which number, for whom?",)
SUGGEST = ("Do you mean {options}?", "I am not sure which you mean: {options}?")
AGAIN = ("You asked that already: {title}.", "We had that: {title}.")
ASSUMED = ("Noted as your assumption: {label}.",)
NOD = (
    "Go on. Ask me if you need a figure.",
    "I am listening. Ask whenever something is missing.",
    "Carry on.",
)
SHORTEST_REFERENCE = 60


@dataclass(frozen=True)
class Block:
    """A paragraph of the coach. Kind "fact" carries the id, so that a page can show a card."""

    kind: Literal["text", "fact"]
    text: str
    fact_id: str = ""


def _pick(choices: Sequence[str], seed: str) -> str:
    digest = hashlib.sha256(seed.encode("utf-8", "replace")).digest()
    return choices[digest[0] % len(choices)]


def _listed(titles: Sequence[str]) -> str:
    if len(titles) < 2:
        return "".join(titles)
    return f"{', '.join(titles[:-1])} or {titles[-1]}"


def _short(text: str) -> str:
    """A part of the student's message to refer to, cut at a word."""
    plain = " ".join(text.split()).rstrip(" ?.!,;:")
    if len(plain) <= SHORTEST_REFERENCE:
        return plain
    return f"{plain[:SHORTEST_REFERENCE].rsplit(' ', 1)[0]} …"


def _fact_block(match: FactMatch, fact: Fact, seed: str) -> Block:
    if match.already_given:
        return Block("text", _pick(AGAIN, seed).format(title=fact.title), fact.id)
    return Block("fact", fact.answer, fact.id)


def _part_text(part: Part, facts: Mapping[str, Fact], seed: str, alone: bool) -> str:
    if part.kind == "suggest":
        titles = [facts[id_].title for id_ in part.suggestions]
        return _pick(SUGGEST, seed).format(options=_listed(titles))
    if part.aside:
        text = ASIDE[part.aside]
        return f"{text} {BACK_TO_THE_CASE}" if alone else f"“{_short(part.text)}”: {text}"
    choices: Sequence[str] = UNKNOWN if alone else UNKNOWN_PART
    if part.kind == "vague":
        choices = VAGUE if alone else VAGUE_PART
    return _pick(choices, seed).format(question=_short(part.text))


def _assumption_block(assumption: Assumption, seed: str) -> Block:
    label = assumption.label
    if assumption.value and assumption.value not in label:
        label = f"{label} = {assumption.value}"
    return Block("text", _pick(ASSUMED, seed).format(label=_short(label)))


def render(reply: Reply, facts: Sequence[Fact], message: str = "") -> tuple[Block, ...]:
    """What the coach says, block by block. `message` seeds the choice among equal wordings."""
    known = {fact.id: fact for fact in facts}
    matches = {match.id: match for match in reply.facts}
    blocks: list[Block] = [_assumption_block(a, message) for a in reply.assumptions]
    for part in reply.parts:
        seed = message + part.text
        shown = [matches[f.id] for f in part.facts if f.id in matches]
        blocks.extend(_fact_block(match, known[match.id], seed) for match in shown)
        if not part.facts:
            text = _part_text(part, known, seed, alone=len(reply.parts) == 1)
            blocks.append(Block("text", text))
    if not blocks:
        blocks.append(Block("text", _pick(NOD, message)))
    return tuple(dict.fromkeys(blocks))
