"""What a model's sentence must not do. Each guard is one question about the words alone.

A sentence that fails one is dropped, never repaired: what is shown was written by the model as it
stands, and holds nothing but the student's words, the rules' words and the rubric's.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from coach.assessment.injection import aimed_at_reviewer
from coach.assessment.numbers import numbers, same
from coach.assessment.text import STOPWORDS, normal, overlap, stems

GUARDS_VERSION = "1.0"
RUN = 4
"""So many words in a row that stand in a model answer, and nowhere the student can see, leak."""
FEWEST_TELLING = 2
"""Content words in such a run; "one of the most" is nobody's answer."""
SAME_SUBJECT = 0.25
"""Share of content stems that a rewording keeps of what it rewords."""
Places = Sequence[tuple[int, int]]

_COUNT = r"(?:\d+|one|two|three|four|five|six|seven|eight|nine|ten)"
_OF_ALL = r"(?:4|5|10|100|four|five|ten)"
_VERDICTS = (
    r"\blevels?\W*(?:(?:of|is|was|at|to|be|would|should|could) ){0,2}"
    r"(?:\d|one\b|two\b|three\b|four\b|i{1,3}v?\b)",
    r"\b\d+(?:\.\d+)?\s*/\s*\d+\b",
    rf"\b{_COUNT} (?:out )?of {_OF_ALL}\b",
    r"\b\d+ (?:points?|stars?|marks?)\b|[★☆]",
    r"\b(?:full|top|high(?:est)?|low(?:est)?) marks?\b",
    r"\bgrad(?:e[ds]?|ing)\b",
    r"\b(?:your|overall|final|the answer'?s) (?:score|rating|mark|level)\b",
    r"\b(?:deserves?|earns?|gets?|receives?|gives? (?:it|this|you)) (?:an?|the) (?:\d|[a-f]\W*$|"
    r"(?:high|low|top|perfect|full|good|bad) (?:score|mark|grade|rating|level))",
    r"\b(?:would|will|should|does|did|do) (?:not )?(?:pass|fail)\b",
    r"\b(?:passing|failing|perfect|excellent|distinctive|flawless|outstanding) "
    r"(?:answer|step|work|response|submission)\b",
    r"\b[a-f][+-](?!\w)",
)
_VERDICT = re.compile("|".join(_VERDICTS), re.IGNORECASE)
_MARKUP = re.compile(
    r"[<>`|{}\[\]\\*#]|https?:|www\.|\w@\w|\b\w{2,}\.(?:com|org|net|io|ai|dev|co|info)\b|&#?\w+;",
    re.IGNORECASE,
)
_NUMBER_WORDS = re.compile(
    r"\b(?:eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|"
    r"(?:twen|thir|for|fif|six|seven|eigh|nine)ty(?:-\w+)?|(?:a |one )?hundreds?|thousands?|"
    r"millions?|billions?|dozens?|tenfold|percent(?:age)?|halve[sd]?|triple[sd]?|quadruple[sd]?|"
    r"thrice|quarters?|thirds?|fifths?|tenths?)\b",
    re.IGNORECASE,
)
_DIGITS = re.compile(r"[^\W\d_]*\d+(?:[.,]?\d+|[^\W\d_]+\d*)*")
"""With the letters around them: CO2, 10x, and B2B are words that have to stand in the evidence."""
_QUOTED = re.compile(r"[\"“„«]([^\"“”„«»]{2,})[\"”»]")


@dataclass(frozen=True)
class Ground:
    """What a sentence may stand on, and what it must not tell.

    ``evidence`` is where its numbers must come from, ``visible`` what the student has before them
    anyway, ``secrets`` the texts that open later, ``confirmed`` the places of a sentence whose
    numbers the case's own arithmetic confirms.
    """

    evidence: str
    visible: str
    secrets: tuple[str, ...] = ()
    confirmed: Callable[[str], Places] = lambda words: ()


def why_dropped(words: str, ground: Ground) -> str:
    """Return the name of the first guard that a sentence fails, or "" when it fails none."""
    if has_markup(words):
        return "markup"
    if gives_a_verdict(words):
        return "verdict"
    if aimed_at_reviewer(words):
        return "instruction"
    if unknown_numbers(words, ground):
        return "number"
    if quotes_what_nobody_said(words, ground):
        return "quote"
    if tells_a_secret(words, ground):
        return "model answer"
    return ""


def has_markup(words: str) -> bool:
    """Whether there is anything but plain prose: markup, a link, an address, a control sign."""
    return bool(_MARKUP.search(words)) or not words.isprintable()


def gives_a_verdict(words: str) -> bool:
    """Whether a level, a score or a grade is given; that is for the rules and for people."""
    return bool(_VERDICT.search(words))


def unknown_numbers(words: str, ground: Ground) -> list[str]:
    """Return the numbers of a sentence that are neither in the evidence nor confirmed."""
    confirmed = ground.confirmed(words) if _has_number(words) else ()
    return [
        words[start:end]
        for start, end in _number_places(words)
        if not _is_known(words[start:end], ground.evidence)
        and not any(a <= start and end <= b for a, b in confirmed)
    ]


def quotes_what_nobody_said(words: str, ground: Ground) -> bool:
    """Whether something stands in quote marks that the student cannot find before them."""
    seen = normal(ground.visible)
    return any(normal(quoted) not in seen for quoted in _QUOTED.findall(words))


def tells_a_secret(words: str, ground: Ground) -> bool:
    """Whether some words in a row stand in a model answer and nowhere the student can see."""
    told = _runs(normal(words)) & _all_runs(ground.secrets)
    return bool(told - _runs(normal(ground.visible)))


def keeps_the_subject(words: str, original: str) -> bool:
    """Whether a rewording is about the same thing as what it rewords."""
    return overlap(stems(words), stems(original)) >= SAME_SUBJECT


def speaks_of(words: str, answer: str) -> bool:
    """Whether a sentence uses a word of the answer; one that fits any answer helps nobody."""
    return bool(stems(words) & stems(answer))


def _has_number(words: str) -> bool:
    return any(True for _ in _number_places(words))


def _number_places(words: str) -> Iterator[tuple[int, int]]:
    """Places of everything that says how many: digits with their unit, and words for numbers."""
    read = [(n.start, n.end) for n in numbers(words)]
    yield from read
    for pattern in (_DIGITS, _NUMBER_WORDS):
        for found in pattern.finditer(words):
            if not any(start <= found.start() and found.end() <= end for start, end in read):
                yield found.span()
    for place, sign in enumerate(words):  # signs such as one half and superscripts
        if sign.isnumeric() and not sign.isdecimal():
            yield place, place + 1


def _is_known(number: str, evidence: str) -> bool:
    read = [n for n in numbers(number) if n.value is not None]
    if read:
        return any(
            n.value is not None and same(n.value, read[0].value or 0.0, 1e-9)
            and read[0].unit in ("", n.unit)
            for n in numbers(evidence)
        ) or _stands_in(number, evidence)  # fmt: skip
    return _stands_in(number, evidence)


def _stands_in(number: str, evidence: str) -> bool:
    whole = rf"(?<![\w.,]){re.escape(number.strip())}(?!\w|[.,]\d)"
    return bool(re.search(whole, evidence, re.IGNORECASE))


def _runs(text: str) -> frozenset[tuple[str, ...]]:
    """Runs of words with enough content words in them to be recognized."""
    tokens = text.split()
    runs: Collection[tuple[str, ...]] = {
        tuple(tokens[i : i + RUN]) for i in range(len(tokens) - RUN + 1)
    }
    return frozenset(run for run in runs if sum(map(_is_telling, run)) >= FEWEST_TELLING)


def _is_telling(token: str) -> bool:
    return len(token) > 2 and token not in STOPWORDS


@lru_cache(maxsize=64)
def _all_runs(secrets: tuple[str, ...]) -> frozenset[tuple[str, ...]]:
    return frozenset().union(*(_runs(normal(secret)) for secret in secrets))
