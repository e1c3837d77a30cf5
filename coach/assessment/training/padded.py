"""What padding and saying it again do to a level: every labelled answer, padded in several ways.

`python -m coach.assessment.training.padded` prints, for each way, how many answers gain a level,
how many lose one, and which. The sentences are those of padding.json that nothing is fitted on;
the other ways use the answer's own words, the prompt and the facts of the case. No text that is
added says anything of the case which the answer or the case did not say already. Deterministic.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from coach.assessment.answer import StepAnswer
from coach.assessment.assess import read
from coach.assessment.context import CaseContext
from coach.assessment.levels import level_of
from coach.assessment.text import count_words, sentences
from coach.assessment.training.answers import Labelled, answer_sets, library_examples
from coach.interviewer.encoder import Encoder, get_encoder

PADDING_FILE = Path(__file__).parent / "padding.json"
AT_ONCE = 2
"""Sentences that are added to an answer at once."""
_SMALL = re.compile(r"\b(?:the|a|an|also|then|so|very|just|really|that)\s+", re.IGNORECASE)
Way = Callable[[str, CaseContext, int], str]
"""An answer's text, its case and its place among the answers -> the padded text."""


@dataclass(frozen=True)
class Moved:
    """What a way of padding did: of how many answers the level rose, or fell."""

    way: str
    n: int
    gained: tuple[str, ...]
    lost: tuple[str, ...]


@lru_cache(maxsize=1)
def padding() -> Mapping[str, Mapping[str, Sequence[str]]]:
    """The sentences by kind: kind -> "fit" or "test" -> sentences."""
    raw: dict[str, dict[str, list[str]]] = json.loads(PADDING_FILE.read_text("utf-8"))["kinds"]
    return raw


def joined(text: str, more: str) -> str:
    """A text with more after it, on a line of its own where the text has lines or no full stop."""
    own_line = "\n" in text or text.rstrip()[-1:] not in ".!?"
    return f"{text.rstrip()}{chr(10) if own_line else ' '}{more}"


def _some(kind: str, place: int, case: CaseContext) -> str:
    found = padding()[kind]["test"]
    return " ".join(found[(AT_ONCE * place + i) % len(found)] for i in range(AT_ONCE))


def _after(kind: str) -> Way:
    return lambda text, case, place: joined(text, _some(kind, place, case))


def _before(kind: str) -> Way:
    return lambda text, case, place: joined(_some(kind, place, case), text)


def _product_named(text: str, case: CaseContext, place: int) -> str:
    """Generic sentences with the product's name before them, as if they were about it."""
    named = (f"For {case.product}, {part[:1].lower()}{part[1:]}"
             for part in padding()["trade"]["test"][place % 5 :: 5])  # fmt: skip
    return joined(text, " ".join(named))


def _everything(text: str, case: CaseContext, place: int) -> str:
    return joined(
        text, " ".join(_some(kind, place, case) for kind in padding() if kind != "groups")
    )


def _repeated(text: str, case: CaseContext, place: int) -> str:
    return joined(text, text)


def _said_again(text: str, case: CaseContext, place: int) -> str:
    """The two longest sentences once more, with a lead and without some of the small words."""
    longest = sorted(sentences(text), key=lambda s: -len(s.quote))[:AT_ONCE]
    again = (_SMALL.sub("", re.sub(r"^[\s\-*•\d.)]+", "", s.quote), count=2) for s in longest)
    return joined(
        text, " ".join(f"To say it again, {part[:1].lower()}{part[1:]}" for part in again)
    )


def _prompt(text: str, case: CaseContext, place: int) -> str:
    return joined(text, f"The question is the following. {case.prompt}")


def _facts(text: str, case: CaseContext, place: int) -> str:
    """Two sentences of the case's own text, those with figures first."""
    parts = [s.quote for s in sentences(case.background) if count_words(s.quote) >= 4]
    parts.sort(key=lambda part: not re.search(r"\d", part))
    return joined(text, " ".join(parts[:AT_ONCE])) if parts else text


WAYS: Mapping[str, Way] = {
    **{kind: _after(kind) for kind in padding()},
    "praise first": _before("praise"),
    "narration first": _before("narration"),
    "product named": _product_named,
    "everything": _everything,
    "repeated": _repeated,
    "said again": _said_again,
    "prompt": _prompt,
    "facts": _facts,
}


def level_of_text(context: CaseContext, step: str, text: str, encoder: Encoder | None) -> int:
    """The level of a step by its text alone, without the gate."""
    return level_of(read(context, StepAnswer(step, text), {}, encoder=encoder)[0]).level


def moved(answers: Sequence[Labelled], encoder: Encoder, ways: Mapping[str, Way]) -> list[Moved]:
    """Level before and after each way of padding."""
    rose: dict[str, list[str]] = {way: [] for way in ways}
    fell: dict[str, list[str]] = {way: [] for way in ways}
    for place, answer in enumerate(answers):
        r = answer.reading
        alone = replace(r, earlier={})
        before = level_of(alone).level
        for name, way in ways.items():
            after = level_of_text(r.context, r.step, way(r.text, r.context, place), encoder)
            side = rose if after > before else fell
            if after != before:
                side[name].append(f"{answer.case} {r.step} {before}->{after}")
    n = len(answers)
    return [Moved(way, n, tuple(rose[way]), tuple(fell[way])) for way in ways]


def _lines(found: Sequence[Moved]) -> Iterator[str]:
    for m in found:
        yield f"{m.way:16s} of {m.n}: {len(m.gained)} gained, {len(m.lost)} lost"
    yield f"in all {sum(m.n for m in found)}: {sum(len(m.gained) for m in found)} gained"


def main() -> int:
    """Print the table; 2 where sentence vectors cannot be had."""
    encoder = get_encoder()
    if encoder is None:
        sys.stderr.write("Measuring needs the language model of the interviewer.\n")
        return 2
    answers = [*answer_sets(encoder), *library_examples(encoder)]
    sys.stdout.write("\n".join(_lines(moved(answers, encoder, WAYS))) + "\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
