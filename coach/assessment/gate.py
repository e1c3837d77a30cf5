"""The gate before judging: is there an answer to this case at all?

A gated text is "not enough to judge", with what to do about it and no praise; the student may send
it all the same. The gate errs to the student's side: a short answer that says something passes.
"""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from coach.assessment import lexicon, roles
from coach.assessment.context import CaseContext
from coach.assessment.injection import LANGUAGES_FILE, aimed_at_reviewer, fold, without
from coach.assessment.numbers import numbers
from coach.assessment.text import STOPWORDS, count_words, normal, sentences, stem, stems, words
from coach.interviewer.encoder import Encoder, Vectors

KEPT_WORDS = 25
"""An injection gates only if fewer words of answer remain without it."""
FEWEST_WORDS = 7
FEWEST_WITH_SUBSTANCE = 5
SOME_OF_CASE = 3
"""Different words of the case that make a short text substantial."""
FEWEST_CONTENT = 10
"""Content words below which a text is too short to show that it is about something else."""
FEWEST_KNOWN = 0.6
FEWEST_DISTINCT = 0.35
FEWEST_ROUND = 6
SHORT_WORD = 2
LONGEST_ACRONYM = 5
LONGEST_WORD = 40
LAST_LATIN = 0x024F
MOSTLY = 0.6
"""Share of a text that stands in the case already from which it is copied."""
RUN_WORDS = 5
"""Consecutive words in which two texts are compared."""
MANY_TRADE = 8
MOSTLY_TRADE = 0.7
"""Share of trade among the content words: lists and nonsense made of cues lie at .80 and more,
weak answers full of them at .65 and less, but for few words often repeated."""
SOME_TRADE, PARTLY = 6, 0.4
"""The same for a bare list; no answer of the training texts is a bare list at all."""
FEW_LITTLE = 0.05
TERSE_TRADE, TERSE = 0.5, 0.15
"""The same where hardly a little word joins the others (their share): genuine telegrams of the
training texts lie at .32 and less, lists of the trade at .71 and more."""
MOST_UNITS = 16
"""A text shows in its first sentences what it is about."""
OFF_TOPIC = 0.75
"""Probability from which a text is off topic."""
TOPIC_BIAS = 10.42
TOPIC_WEIGHTS = (-3.55, -2.31, -11.3, -7.88, 0.83, -6.57, -1.56)
"""A logistic regression on `topic_signs`, fitted by training/train_gate.py."""
ANY_STEP = "summary"
"""The step in which asides were most common when roles were trained: its bias hides none."""
TRADE_FILE = Path(__file__).parent / "data" / "trade_words.txt"
VOCABULARY = Path(__file__).parents[1] / "interviewer" / "data" / "vocab.txt"
_CONNECTIVES = frozenset({"because", "therefore", "due"})
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_TOKEN = re.compile(r"[^\W\d_]+(?:[/-][^\W\d_]+)*|\d[\d.,]*%?")
_TAG = re.compile(r"</?[A-Za-z][^<>]*>")
_TASK = re.compile(
    r"\b(?:ideas?|recommend\w*|choos\w*|chose|choice|pick|decid\w*|decision|steps?|options?|"
    r"solutions?|pains?|segments?|metrics?|tests?|risks?|rice|assum\w*|prioriti\w*|hypothes\w*|"
    r"goals?|summary|target|users?|customers?|launch|ship|pilot|measure\w*|stop if|roll ?out|would|"
    r"should|we|i'd|could|effort|impact)\b",
    re.IGNORECASE,
)
_QUANTITY = re.compile(
    r"\d+(?:[.,]\d+)? ?(?:%|k\b|m\b|percent|weeks?|months?|quarters?)|[$€£]\d", re.IGNORECASE
)
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
    return frozenset(line for line in lines if line.isalpha() and len(line) > 2)


@lru_cache(maxsize=64)
def _stems_from(letter: str) -> frozenset[str]:
    """Stems of the known words with this first letter, which a stem keeps.

    To stem all of them takes a second of a process's first answer, and few letters are asked for.
    """
    return frozenset(stem(word) for word in _vocabulary() if word[0] == letter)


def is_english(word: str) -> bool:
    """Whether a lower-case word, or its stem, is that of a known word."""
    return word in _vocabulary() or stem(word) in _stems_from(word[0])


def _is_known(word: str, context: CaseContext) -> bool:
    parts = [part for part in re.split(r"['-]", word) if len(part) > 2]
    return not parts or any(
        part in _FUNCTION
        or any(stem(part) in known for known in (context.words, _trade()))
        or is_english(part)
        for part in parts
    )


def _is_acronym(word: str) -> bool:
    return word.isupper() and len(word) <= LONGEST_ACRONYM


def is_gibberish(text: str, context: CaseContext) -> bool:
    """Whether most words are no English words or have no end, or all go round in a circle.

    Acronyms of a metric list count neither way.
    """
    letters = [letter for letter in text if letter.isalpha()]
    foreign = sum(ord(letter) > LAST_LATIN for letter in letters)
    endless = sum(len(word) for word in _WORD.findall(text) if len(word) > LONGEST_WORD)
    if len(letters) >= 8 and max(foreign, endless) > len(letters) / 2:
        return True
    if goes_round(text):
        return True
    found = [w.lower() for w in _WORD.findall(text) if len(w) > SHORT_WORD and not _is_acronym(w)]
    if len(found) < 4:
        return False
    known = sum(_is_known(word, context) for word in found) / len(found)
    return bool(_vocabulary()) and known < FEWEST_KNOWN


def goes_round(text: str) -> bool:
    """Whether a few words are said over and over, short ones too."""
    found = [w.lower() for w in _WORD.findall(text) if not _is_acronym(w)]
    longer = [w for w in found if len(w) > SHORT_WORD]
    return any(
        len(some) >= FEWEST_ROUND and len(set(some)) < FEWEST_DISTINCT * len(some)
        for some in (longer, found if len(longer) < len(found) / 2 else longer)
    )


def is_copied(text: str, context: CaseContext) -> bool:
    """Whether hardly more than the prompt, the case's own text or a model answer is there."""
    own = stems(text)
    if not own:
        return False
    prompt = stems(context.prompt)
    fresh_for_prompt = own - prompt - stems("describe explain question")
    if len(own) >= 2 and len(fresh_for_prompt) <= 0.12 * len(own):
        return True
    parts = [s.quote for s in sentences(text)]
    sources = context.known_texts
    copied = sum(
        count_words(part)
        for part in parts
        if not stems(part) - prompt or any(_same(normal(part), source) for source in sources)
    )
    count = count_words(text)
    if copied >= MOSTLY * count and count - copied < KEPT_WORDS:
        return True
    return max(_shared_runs(normal(text), source) for source in sources) > MOSTLY


def _same(part: str, source: str) -> bool:
    """Whether a part stands in a source; both are in the form of `normal`."""
    long_enough = len(part.split()) >= 4
    return long_enough and (part in source or _shared_runs(part, source) > 0.8)


def _shared_runs(text: str, source: str) -> float:
    """Share of a text's runs of words that a source has too; both are in the form of `normal`."""
    runs = _runs(text)
    return len(runs & _known_runs(source)) / len(runs) if runs else 0.0


def _runs(text: str) -> frozenset[tuple[str, ...]]:
    tokens = text.split()
    return frozenset(tuple(tokens[i : i + RUN_WORDS]) for i in range(len(tokens) - RUN_WORDS + 1))


_known_runs = lru_cache(maxsize=64)(
    _runs
)  # of what a case says, with which every answer is compared


@lru_cache(maxsize=1)
def _trade() -> frozenset[str]:
    """Stems of the words of the trade: the rubric's own cues, without the names of metrics."""
    return frozenset(map(stem, TRADE_FILE.read_text("utf-8").split()))


def _is_trade(word: str) -> bool:
    return stem(word) in _trade() or all(stem(part) in _trade() for part in word.split("-"))


def is_stuffed(text: str, context: CaseContext) -> bool:
    """Whether words of the trade stand with hardly anything that they are said of.

    A list of metrics or one framework by its letters is a weak answer and no stuffing: names of
    metrics are not counted as trade, and many different words are needed; fewer in a bare list,
    without little words, figures and words of the case, and a smaller share in terse text.
    """
    found = [token.lower() for token in _TOKEN.findall(text)]
    content = [w for w in found if len(w) > 1 and (w not in _FUNCTION or _is_trade(w))]
    trade = [word for word in content if _is_trade(word)]
    many, mostly = _border_of_trade(found, context)
    return len(set(map(stem, trade))) >= many and len(trade) >= mostly * len(content)


def _border_of_trade(found: Sequence[str], context: CaseContext) -> tuple[int, float]:
    """How many different words of trade, and which share of them, are too many."""
    if _is_bare(found, context):
        return SOME_TRADE, PARTLY
    little = sum(word in STOPWORDS for word in found)
    return MANY_TRADE, TERSE_TRADE if little <= TERSE * len(found) else MOSTLY_TRADE


def _is_bare(found: Sequence[str], context: CaseContext) -> bool:
    """Whether words stand side by side, without little words, figures and words of the case."""
    other = [word for word in found if not _is_trade(word)]
    little = sum(word in STOPWORDS for word in other)
    of_case = {stem(word) for word in other} & context.words
    figured = any(word[0].isdigit() for word in found)
    return not figured and little <= FEW_LITTLE * len(found) and len(of_case) <= 1


def topic_signs(text: str, context: CaseContext, encoder: Encoder) -> tuple[float, ...]:
    """What tells a text about something else from an answer, in the order of `TOPIC_WEIGHTS`.

    Words of the case (up to six different, as a share of six), share of words of the case or of
    product work, likeness of the whole to any part of the case, likeness of its sentences, the
    log of their learned probability to be off topic, words of the task (up to four, as a share
    of four), and whether a quantity is stated.
    """
    content = [stem(word) for word in words(text) if word not in STOPWORDS and len(word) > 2]
    general = {stem(m.group().lower()) for m in lexicon.pattern("general").finditer(text)}
    of_case = {word for word in content if word in context.words}
    near = sum(word in of_case or word in general for word in content) / max(1, len(content))
    units = [unit.quote for unit in roles.units(text, sentences(text))][:MOST_UNITS]
    likeness = encoder.encode([*units, text]) @ _encoded(_about(context), encoder).T
    off = roles.model().probabilities(ANY_STEP, units, encoder)["off_topic"]
    return (
        min(len(of_case), 6) / 6,
        near,
        float(likeness[-1].max()),
        float(likeness[:-1].max(axis=1).mean()) if units else 0.0,
        math.log(sum(off) / max(1, len(off)) + 1e-3),
        min(len({m.group().lower() for m in _TASK.finditer(text)}), 4) / 4,
        float(_QUANTITY.search(text) is not None),
    )


def _about(context: CaseContext) -> tuple[str, ...]:
    background = (sentence.quote for sentence in sentences(context.background))
    return (context.prompt, *background, *context.exists_today)


@lru_cache(maxsize=32)
def _encoded(texts: tuple[str, ...], encoder: Encoder) -> Vectors:
    return encoder.encode(texts)


def off_topic_probability(signs: tuple[float, ...]) -> float:
    """The probability that a text with these signs is about something else."""
    logit = TOPIC_BIAS + sum(w * s for w, s in zip(TOPIC_WEIGHTS, signs, strict=True))
    return 1 / (1 + math.exp(-logit))


def is_off_topic(text: str, context: CaseContext, encoder: Encoder | None = None) -> bool:
    """Whether a text is about something else; without sentence vectors only the plainest are."""
    content = [stem(word) for word in words(text) if word not in STOPWORDS and len(word) > 2]
    if len(content) < FEWEST_CONTENT:
        return False
    task = {m.group().lower() for m in _TASK.finditer(text)}
    trade = {w.lower() for w in lexicon.matches("jargon", text)} - _CONNECTIVES
    if len(task) >= 3 or len(trade) >= 3:
        return False
    if encoder is not None:
        return off_topic_probability(topic_signs(text, context, encoder)) >= OFF_TOPIC
    general = {stem(m.group().lower()) for m in lexicon.pattern("general").finditer(text)}
    hits = {word for word in content if word in context.words or word in general}
    return len(task) + len(trade) < 2 and (not hits or (len(hits) == 1 and len(content) >= 7))


def _is_short(text: str, context: CaseContext) -> bool:
    text = _TAG.sub(" ", text)
    count = count_words(text)
    of_case = len(stems(text) & context.words) >= SOME_OF_CASE
    substance = bool(numbers(text)) or "?" in text or lexicon.has("choice", text) or of_case
    fewest = FEWEST_WITH_SUBSTANCE if substance else FEWEST_WORDS
    return count < fewest


def version() -> str:
    """A short hash of the gate's word lists, part of the rules' version."""
    return hashlib.sha256(TRADE_FILE.read_bytes() + LANGUAGES_FILE.read_bytes()).hexdigest()[:8]


def check(text: str, context: CaseContext, encoder: Encoder | None = None) -> Gate | None:
    """The gate a text falls into, or None when it can be judged.

    Text aimed at the reviewer is left out first; it gates only when fewer than `KEPT_WORDS`
    words of answer remain. Invisible characters and look-alikes are undone before reading.
    """
    places = aimed_at_reviewer(text)
    rest = fold(without(text, places)).text
    count = count_words(rest)
    if places and count < KEPT_WORDS:
        return _gate("injection", context, count)
    kind = _kind(rest, context, encoder)
    return _gate(kind, context, count) if kind else None


def _kind(text: str, context: CaseContext, encoder: Encoder | None) -> str:
    if is_gibberish(text, context):
        return "gibberish"
    if _is_short(text, context):
        return "too_short"
    if is_copied(text, context):
        return "copied_prompt"
    if is_stuffed(text, context):
        return "keyword_stuffing"
    if is_off_topic(text, context, encoder):
        return "off_topic"
    return ""
