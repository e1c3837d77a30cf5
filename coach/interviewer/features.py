"""What the learned weights look at: of a message and a fact, of a message and a sheet."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from coach.interviewer.meaning import Array, Nearness, View
from coach.interviewer.messages import ASIDE, KINDS

FACT = (
    "best", "centre", "answer", "words", "characters", "intents", "tokens", "spans",
    "adapted_best", "adapted_centre", "adapted_answer", "adapted_tokens", "adapted_spans",
)  # fmt: skip
FOUND = 0.45  # a token below it is not in the fact
HOW_MANY = re.compile(
    r"\b(?:how (?:many|much|often|big|large|high|long|far|fast|old)|share|percent\w*|rates?|number|"
    r"size|figures?|counts?|fraction|volume|portion|average|proportion)\b|%",
    re.I,
)
SENTENCE = re.compile(r"[^.?!]+")
OF_ONESELF = re.compile(r"\b(?:i|i'm|me|my|mine|myself)\b", re.I)
OF_THE_INTERVIEWER = re.compile(r"\byou(?:r|rs|rself|'re)?\b", re.I)
DIGIT = re.compile(r"\d")


@dataclass(frozen=True)
class Wording:
    """The words of a message and of its best fact: shares and counts of words of matter."""

    text: str
    answer: str
    words: int
    unknown: float
    unknown_to_fact: float
    names_nothing: bool
    broad: bool


def of_facts(near: Nearness, words: Array, characters: Array) -> Array:
    """Features of each fact, shape (facts, len(FACT))."""
    own, adapted = near.own, near.adapted
    columns = [
        own.best, own.centre, own.answer, words, characters, near.intents, own.late, own.spans,
        adapted.best, adapted.centre, adapted.answer, adapted.late, adapted.spans,
    ]  # fmt: skip
    return np.stack(columns, axis=1)


def _of_tokens(view: View, top: int, prefix: str) -> dict[str, float]:
    """How well the tokens of matter are found in the best fact, and anywhere on the sheet."""
    own, anywhere = view.tokens[:, top], view.tokens.max(axis=1)
    return {
        f"{prefix}token_mean": float(own.mean()),
        f"{prefix}token_worst": float(np.sort(own)[:2].mean()),
        f"{prefix}token_missing": float((view.weights * (own < FOUND)).sum()),
        f"{prefix}sheet_worst": float(np.sort(anywhere)[:2].mean()),
        f"{prefix}sheet_mean": float(anywhere.mean()),
        f"{prefix}sheet_missing": float((view.weights * (anywhere < FOUND)).sum()),
    }


def of_message(
    near: Nearness, kinds: Sequence[float], facts: Array, values: Array, wording: Wording
) -> dict[str, float]:
    """Features that tell whether the best fact answers, nothing does, or nothing was asked.

    `kinds` is the likeness to messages of each kind, `facts` are those of `of_facts`, `values` the
    scores made of them.
    """
    order = np.argsort(-values, kind="stable")
    top = int(order[0])
    ranked = values[order]
    shares = np.exp(ranked - ranked[0])
    shares /= shares.sum()
    asks_number = bool(HOW_MANY.search(wording.text))
    like = dict(zip(KINDS, kinds, strict=True))
    return {
        **{name: float(facts[top, i]) for i, name in enumerate(FACT)},
        "score": float(ranked[0]),
        "above_mean": float(ranked[0] - values.mean()),
        "margin": float(ranked[0] - ranked[min(1, len(ranked) - 1)]),
        "margin_3": float(ranked[0] - ranked[min(2, len(ranked) - 1)]),
        "share": float(shares[0]),
        "share_3": float(shares[:3].sum()),
        **_of_tokens(near.own, top, ""),
        **_of_tokens(near.adapted, top, "adapted_"),
        **{f"like_{kind}": likeness for kind, likeness in like.items()},
        "like_aside": max(like[kind] for kind in ASIDE),
        "outside": near.outside,
        "vague": near.vague,
        "over_bank": float(facts[top, 0]) - near.nearest_intent,
        "covered": near.covered,
        "top_covered": near.top_covered,
        "unknown_words": wording.unknown,
        "unknown_to_fact": wording.unknown_to_fact,
        "words_of_matter": float(np.log1p(wording.words)),
        "length": float(np.log1p(len(wording.text.split()))),
        "marks": float(wording.text.count("?")),
        "sentences": float(len(SENTENCE.findall(wording.text))),
        "asks_number": float(asks_number),
        "number_missing": float(asks_number and not DIGIT.search(wording.answer)),
        "of_oneself": float(OF_ONESELF.search(wording.text) is not None),
        "of_the_interviewer": float(OF_THE_INTERVIEWER.search(wording.text) is not None),
        "names_nothing": float(wording.names_nothing),
        "broad": float(wording.broad),
    }
