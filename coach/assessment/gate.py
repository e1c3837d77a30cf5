"""The gate before judging: is there an answer to this case at all?

A gated text is "not enough to judge", with what to do about it and no praise; the student may send
it all the same. The gate errs to the student's side: a short answer that says something passes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from coach.assessment import lexicon
from coach.assessment.context import CaseContext
from coach.assessment.injection import aimed_at_reviewer, without
from coach.assessment.numbers import numbers
from coach.assessment.text import STOPWORDS, count_words, normal, sentences, stem, stems, words
from coach.interviewer.encoder import Encoder

KEPT_WORDS = 25
"""An injection gates only if fewer words of answer remain without it."""
FEWEST_WORDS = 8
FEWEST_WITH_SUBSTANCE = 5
UNRELATED = 0.15
"""Largest similarity to any part of the case below which a text is off topic: measured,
on-topic texts lie at .27 and more, others at .10 and less."""
VOCABULARY = Path(__file__).parents[1] / "interviewer" / "data" / "vocab.txt"
_CONNECTIVES = frozenset({"because", "therefore", "due"})
_FUNCTION = STOPWORDS | {"is", "are", "the", "of", "who", "what", "would", "why", "how"}


@dataclass(frozen=True)
class Gate:
    """Why a text cannot be judged, and what the student can do."""

    kind: str
    message: str


MESSAGES = {
    "too_short": "There are {count} words here, too few to judge. Write at least two or three full "
    "sentences for this step, then ask for feedback again.",
    "off_topic": "I could not relate this to the case. Answer for {product}, in words that name "
    "its "
    "people or its numbers, or send it as it is if you meant it so.",
    "gibberish": "I could not read this as sentences. Write the step in plain words, in English, "
    "and ask for feedback again.",
    "copied_prompt": "Nearly all of this stands in the case already. Say in your own words what "
    "you "
    "would ask, choose or do, and ask for feedback again.",
    "keyword_stuffing": "These are the words of the trade without a statement about {product}. "
    "Take "
    "one of them and say what it means for one person there.",
    "injection": "Part of this speaks to the reviewer; it was left out and has no effect. Of an "
    "answer to the case {count} words remain, too few to judge. Write the step itself.",
}


def _gate(kind: str, context: CaseContext, count: int) -> Gate:
    return Gate(kind, MESSAGES[kind].format(count=count, product=context.product))


@lru_cache(maxsize=1)
def _vocabulary() -> frozenset[str]:
    """Known English words; empty when the list is not there, and then fewer texts are gibberish."""
    if not VOCABULARY.is_file():
        return frozenset()
    lines = VOCABULARY.read_text("utf-8").split("\n")
    return frozenset(stem(line) for line in lines if line.isalpha() and len(line) > 2)


def _is_known(word: str, context: CaseContext) -> bool:
    parts = [part for part in re.split(r"['-]", word) if len(part) > 2]
    return not parts or any(
        part in _FUNCTION or stem(part) in _vocabulary() or stem(part) in context.words
        for part in parts
    )


def is_gibberish(text: str, context: CaseContext) -> bool:
    """Whether most words are no words, or a few words go round in a circle."""
    found = [word for word in words(text) if len(word) > 2]
    if len(found) < 4:
        return False
    known = sum(_is_known(word, context) for word in found) / len(found)
    distinct = len(set(found)) / len(found)
    return (bool(_vocabulary()) and known < 0.6) or (len(found) >= 6 and distinct < 0.35)


def is_copied(text: str, context: CaseContext) -> bool:
    """Whether the text is the prompt, the case's own text or a model answer again."""
    own = stems(text)
    if not own:
        return False
    prompt = stems(context.prompt)
    fresh_for_prompt = own - prompt - stems("describe explain question")
    if len(own) >= 2 and len(fresh_for_prompt) <= 0.12 * len(own):
        return True
    parts = [s.quote for s in sentences(text)]
    source = normal(f"{context.prompt} {context.background}")
    copied = sum(count_words(p) for p in parts if _same(p, source) or not stems(p) - prompt)
    if copied >= 0.6 * count_words(text):
        return True
    examples = " ".join(" ".join(texts) for texts in context.examples.values())
    return bool(examples) and _shared_runs(text, examples) > 0.6


def _same(part: str, source: str) -> bool:
    tokens = normal(part)
    return len(tokens.split()) >= 4 and (tokens in source or _shared_runs(part, source) > 0.8)


def _shared_runs(text: str, source: str, size: int = 5) -> float:
    tokens, other = normal(text).split(), normal(source).split()
    runs = {tuple(tokens[i : i + size]) for i in range(len(tokens) - size + 1)}
    known = {tuple(other[i : i + size]) for i in range(len(other) - size + 1)}
    return len(runs & known) / len(runs) if runs else 0.0


def _case_stems(context: CaseContext) -> frozenset[str]:
    generic = {
        stem(w) for w in ("product", "user", "market", "goal", "growth", "service", "company")
    }
    return context.words - generic


def is_stuffed(text: str, context: CaseContext) -> bool:
    """Whether words of the trade stand without a statement about the case."""
    everything = words(text)
    content = [word for word in everything if word not in _FUNCTION and len(word) > 2]
    if len(content) < 6 or numbers(text):
        return False
    found = lexicon.matches("jargon", text)
    trade = [word for phrase in found for word in words(phrase)]
    share = sum(word not in _FUNCTION for word in trade) / len(content)
    function = sum(word in _FUNCTION for word in everything) / len(everything)
    own = {stem(word) for word in content} - {stem(word) for word in trade}
    about_case = bool(own & _case_stems(context))
    if function < 0.15:
        return share >= 0.5 and (not about_case or share > 0.7)
    return share >= 0.4 and not about_case and not lexicon.has("friction", text)


def is_off_topic(text: str, context: CaseContext, encoder: Encoder | None = None) -> bool:
    """Whether hardly a word belongs to the case or to product work; vectors can only confirm."""
    content = [stem(word) for word in words(text) if word not in STOPWORDS and len(word) > 2]
    if len(content) < 5:
        return False
    general = {stem(m.group().lower()) for m in lexicon.pattern("general").finditer(text)}
    hits = {word for word in content if word in context.words or word in general}
    share = sum(word in hits for word in content) / len(content)
    if len(hits) >= 3 and share >= 0.12:
        return False
    trade = [w for w in lexicon.matches("jargon", text) if w.lower() not in _CONNECTIVES]
    if len(trade) >= 2 or lexicon.has("choice", text) or lexicon.has("guardrail", text):
        return False
    if encoder is not None:
        return _similarity(text, context, encoder) < UNRELATED
    return not hits or (len(hits) == 1 and len(content) >= 7) or share < 0.06


def _similarity(text: str, context: CaseContext, encoder: Encoder) -> float:
    about = [
        context.prompt,
        *(s.quote for s in sentences(context.background)),
        *context.exists_today,
    ]
    rows = encoder.encode([text, *about])
    return float(max((rows[0] @ row for row in rows[1:]), default=0.0))


def _is_short(text: str) -> bool:
    count = count_words(text)
    if count >= FEWEST_WORDS + 2:
        return False
    substance = bool(numbers(text)) or "?" in text or lexicon.has("choice", text)
    fewest = FEWEST_WITH_SUBSTANCE if substance else FEWEST_WORDS
    return count < fewest


def check(text: str, context: CaseContext, encoder: Encoder | None = None) -> Gate | None:
    """The gate a text falls into, or None when it can be judged.

    Text aimed at the reviewer is left out first; it gates only when fewer than `KEPT_WORDS`
    words of answer remain.
    """
    places = aimed_at_reviewer(text)
    rest = without(text, places)
    count = count_words(rest)
    if places and count < KEPT_WORDS:
        return _gate("injection", context, count)
    if is_gibberish(rest, context):
        return _gate("gibberish", context, count)
    if _is_short(rest):
        return _gate("too_short", context, count)
    if is_copied(rest, context):
        return _gate("copied_prompt", context, count)
    if is_stuffed(rest, context):
        return _gate("keyword_stuffing", context, count)
    if is_off_topic(rest, context, encoder):
        return _gate("off_topic", context, count)
    return None
