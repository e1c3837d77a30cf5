"""How firmly a step stands on the case: its figures against talk that would fit any answer.

Level 3 asks for a tie to the case's evidence and level 4 for figures. Counted are distinct
sentences, never words, so that padding and repetition leave the counts as they are.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from coach.assessment import lexicon
from coach.assessment.numbers import known, numbers, ordinals
from coach.assessment.reading import Reading
from coach.assessment.text import count_words

SHORT_SENTENCE = 4
MOST_NAMED = 3


@dataclass(frozen=True)
class Grounding:
    """Counts over the fresh sentences of a step.

    ``figured`` sentences hold a quantity (a number that only orders is none), ``known`` are
    different figures of the case or one step of arithmetic from them, ``vague`` are loose words,
    ``firm`` are sentences with a quantity or without a loose word.
    """

    figured: int
    known: int
    vague: int
    firm: int
    loose: tuple[str, ...] = ()
    """Some of the loose words, each once, to be named."""
    figures: tuple[str, ...] = ()
    """A figure of each sentence that has one, as written, as many as are named."""

    def holds(self, rule: Mapping[str, Any]) -> bool:
        """Whether all limits of a published rule hold (min_ and max_ keys)."""
        return all(
            getattr(self, key[4:]) >= limit if key.startswith("min_")
            else getattr(self, key[4:]) <= limit
            for key, limit in rule.items()
            if key[:4] in ("min_", "max_")
        )  # fmt: skip

    @property
    def surplus(self) -> int:
        """Loose words beyond the sentences with a figure."""
        return self.vague - self.figured


def ground(r: Reading) -> Grounding:
    """Count the figures and the loose words of a step."""
    figures = {
        n.value
        for n in r.numbers
        if n.value is not None and n.value > 1 and known(n.value, r.context.figures)
    }
    words = [lexicon.matches("vague", s.quote) for s in r.fresh]
    loose = list(map(len, words))
    order = ordinals(r.text)
    read = [[n for n in numbers(s.quote) if s.start + n.start not in order] for s in r.fresh]
    figured = list(map(bool, read))
    told = [s.quote[n[0].start : n[0].end] for s, n in zip(r.fresh, read, strict=True) if n]
    long_enough = [count_words(s.quote) > SHORT_SENTENCE for s in r.fresh]
    firm = [f or (not v and w) for f, v, w in zip(figured, loose, long_enough, strict=True)]
    named = tuple(dict.fromkeys(word.lower() for found in words for word in found))[:MOST_NAMED]
    return Grounding(
        sum(figured), len(figures), sum(loose), sum(firm), named, tuple(told[:MOST_NAMED])
    )
