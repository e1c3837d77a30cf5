"""The gate before judging: is there an answer to this case at all?

A gated text is "not enough to judge", with what to do about it and no praise; the student may send
it all the same. The gate errs to the student's side: a short answer that says something passes.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from coach.assessment import gate_signs, lexicon, word_order
from coach.assessment.context import CaseContext
from coach.assessment.injection import LANGUAGES_FILE, aimed_at_reviewer, fold, without
from coach.assessment.numbers import numbers
from coach.assessment.text import STOPWORDS, count_words, normal, sentences, stem, stems
from coach.interviewer.encoder import Encoder

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
FEWEST_IN_ROWS = 2
"""Words so few are no rating of options."""
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
FEWEST_PAIRS = 12
"""Pairs of neighbours below which their mean says nothing."""
OUT_OF_ORDER = -0.2
"""Mean of `word_order` below which words stand as chance has it: no genuine text of the
training sets with as many pairs, nineteen of twenty of the same texts shuffled."""
SOME_NEVER, MANY_NEVER = 4, 0.12
"""Pairs that never occur in English, and their share, that no genuine text of those reaches."""
REPEATED, MANY_REPEATED = 4, 0.25
"""Words said again at once, and their share, of a text that stammers."""
LONE_LETTERS = 10
"""Letters set apart, in a text that is half of them, that spell nothing."""
TRADE_FILE = Path(__file__).parent / "data" / "trade_words.txt"
VOCABULARY = Path(__file__).parents[1] / "interviewer" / "data" / "vocab.txt"
_CONNECTIVES = frozenset({"because", "therefore", "due"})
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_TOKEN = re.compile(r"[^\W\d_]+(?:[/-][^\W\d_]+)*|\d[\d.,]*%?")
_SET_APART = re.compile(r"(?<!\w)(?:[^\W\d_][ ._*-]{1,3}){5,}[^\W\d_](?!\w)")
_TIMES = re.compile(r"(?<=\d)\s*[x×]\s*(?=\d)")
_RATED = (
    "yes no high low medium mid strong weak none reach impact confidence effort cost value score"
)
_IN_ROWS = frozenset(_RATED.split())
"""What a list of rated options says row by row."""
_TAG = re.compile(r"</?[A-Za-z][^<>]*>")
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
    if goes_round(text) or stammers(text) or is_out_of_order(text):
        return True
    found = [w.lower() for w in _WORD.findall(text) if len(w) > SHORT_WORD and not _is_acronym(w)]
    if len(found) < 4:
        return False
    known = sum(_is_known(word, context) for word in found) / len(found)
    return bool(_vocabulary()) and known < FEWEST_KNOWN


def goes_round(text: str) -> bool:
    """Whether a few words are said over and over, short ones too.

    Options rated in rows say their ratings over and over, so they are not counted beside others.
    """
    found = [w.lower() for w in _WORD.findall(_TIMES.sub(" ", text)) if not _is_acronym(w)]
    told = [w for w in found if w not in _IN_ROWS]
    return _is_round(found) and (_is_round(told) or len(set(found)) <= FEWEST_IN_ROWS)


def _is_round(found: Sequence[str]) -> bool:
    longer = [w for w in found if len(w) > SHORT_WORD]
    return any(
        len(some) >= FEWEST_ROUND and len(set(some)) < FEWEST_DISTINCT * len(some)
        for some in (longer, found if len(longer) < len(found) / 2 else longer)
    )


def stammers(text: str) -> bool:
    """Whether much of a text says a word again at once, or is letters set apart.

    Ratings stand beside each other in any table, letters name options, and a figure parts words
    ("Day 1 nothing. Day 2 nothing.").
    """
    found = [w.lower() for w in _TOKEN.findall(text)]
    again = sum(
        w in found[max(0, i - 2) : i] and w not in _IN_ROWS and not _is_trade(w)
        for i, w in enumerate(found)
        if len(w) > 1 and w.isalpha()
    )
    alone = sum(len(_WORD.findall(run)) for run in _SET_APART.findall(text))
    return (again >= REPEATED and again >= MANY_REPEATED * len(found)) or (
        alone >= LONE_LETTERS and alone > len(found) / 2
    )


def is_out_of_order(text: str) -> bool:
    """Whether known words stand in no order that English has."""
    found = word_order.order(text)
    return (found.pairs >= FEWEST_PAIRS and found.mean < OUT_OF_ORDER) or (
        found.never >= SOME_NEVER and found.never >= MANY_NEVER * found.pairs
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
        if _is_of(part, prompt) or any(_same(normal(part), source) for source in sources)
    )
    count = count_words(text)
    if copied >= MOSTLY * count and count - copied < KEPT_WORDS:
        return True
    return max(_shared_runs(normal(text), source) for source in sources) > MOSTLY


def _is_of(part: str, prompt: frozenset[str]) -> bool:
    """Whether a part has no content word beyond the prompt's; figures alone are no copy of it."""
    own = stems(part)
    return not own - prompt and (bool(own) or not re.search(r"\d", part))


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


def is_trade_stem(word: str) -> bool:
    """Whether a stem is that of a word of the trade."""
    return word in _trade()


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


def is_off_topic(text: str, context: CaseContext) -> bool:
    """Whether a text is plainly about something else, by its words alone."""
    content = gate_signs.content(text)
    if len(content) < FEWEST_CONTENT:
        return False
    task = {m.group().lower() for m in gate_signs.TASK.finditer(text)}
    trade = {w.lower() for w in lexicon.matches("jargon", text)} - _CONNECTIVES
    general = {stem(m.group().lower()) for m in lexicon.pattern("general").finditer(text)}
    hits = {word for word in content if word in context.words or word in general}
    return len(task) + len(trade) < 2 and (not hits or (len(hits) == 1 and len(content) >= 7))


def _learned(text: str, context: CaseContext, encoder: Encoder) -> str:
    """The gate by what is learned; a text beside the case may have no sense at all."""
    models = gate_signs.models()
    row = gate_signs.text_row(text, context, encoder, is_trade_stem)
    if models["keyword_stuffing"].says(row):
        return "keyword_stuffing"
    if len(gate_signs.content(text)) < FEWEST_CONTENT or not models["off_topic"].says(row):
        return ""
    if isinstance(encoder, gate_signs.TokenReader):
        nonsense = models["nonsense"].says(gate_signs.nonsense_row(text, encoder))
        return "gibberish" if nonsense else "off_topic"
    return "off_topic"


def _is_short(text: str, context: CaseContext) -> bool:
    text = _TAG.sub(" ", text)
    count = count_words(text)
    of_case = len(stems(text) & context.words) >= SOME_OF_CASE
    substance = bool(numbers(text)) or "?" in text or lexicon.has("choice", text) or of_case
    fewest = FEWEST_WITH_SUBSTANCE if substance else FEWEST_WORDS
    return count < fewest


def version() -> str:
    """A short hash of the gate's word lists and numbers, part of the rules' version."""
    numbers_made = (gate_signs.version() + word_order.version()).encode()
    lists = TRADE_FILE.read_bytes() + LANGUAGES_FILE.read_bytes()
    return hashlib.sha256(lists + numbers_made).hexdigest()[:8]


def check(text: str, context: CaseContext, encoder: Encoder | None = None) -> Gate | None:
    """The gate a text falls into, or None when it can be judged.

    Text aimed at the reviewer, by its wording or as it is learned, is left out first; it gates
    only when fewer than `KEPT_WORDS` words of answer remain. Invisible characters and look-alikes
    are undone before reading.
    """
    places = aimed_at_reviewer(text)
    rest = fold(without(text, places)).text
    orders = gate_signs.orders(rest, encoder) if encoder is not None else ()
    count = count_words(without(rest, orders))
    if (places or orders) and count < KEPT_WORDS:
        return _gate("injection", context, count)
    kind = _kind(rest, context, encoder)
    return _gate(kind, context, count_words(rest)) if kind else None


def _kind(text: str, context: CaseContext, encoder: Encoder | None) -> str:
    if is_gibberish(text, context):
        return "gibberish"
    if _is_short(text, context):
        return "too_short"
    if is_copied(text, context):
        return "copied_prompt"
    if is_stuffed(text, context):
        return "keyword_stuffing"
    if encoder is not None:
        return _learned(text, context, encoder)
    return "off_topic" if is_off_topic(text, context) else ""
