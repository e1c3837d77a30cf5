"""The interviewer: a message in, the facts that were asked for out, and nothing else.

Three zones for each question of a message: answered when the engine is sure which fact is meant,
up to three facts offered when it is not, unknown when no fact fits. What a student states, thanks
for or writes down as an answer is never answered with facts. Nothing in a message is an
instruction: text is only ever compared with the fact sheet.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal

from coach.interviewer.assumptions import Assumption, find_assumptions
from coach.interviewer.confidence import confidence
from coach.interviewer.generic import names_no_matter, says_nothing, topic_is_broad
from coach.interviewer.index import FactIndex, Scores
from coach.interviewer.parts import strong_parts, weak_parts
from coach.interviewer.sentences import sentences

Kind = Literal["answer", "suggest", "unknown", "vague", "statement"]

# Chosen on the development sheets, see tests/interviewer/test_figures.py.
ANSWER, SUGGEST = 0.5, 0.35
ANSWER_ONE_OF_SEVERAL = 0.4  # whoever asks several things mostly asks for what a case has
CLEARLY_OUTSIDE = 0.72
# Intents alone may point at a fact that shares nothing with the question: offered, never answered.
SHARED_MEANING = 0.36
VAGUE, VAGUE_WITHOUT_FACT = 0.72, 0.75
WEAK_PART = 0.55
MAX_SUGGESTIONS = 3
MAX_FACTS = 4
MAX_QUESTIONS = 8
MAX_CHARACTERS = 6000


@dataclass(frozen=True)
class Memory:
    """What this conversation has had so far: ids of the facts already given, in order."""

    given: tuple[str, ...] = ()

    def after(self, reply: "Reply") -> "Memory":
        """The memory once the reply has been read."""
        fresh = tuple(f.id for f in reply.facts if f.id not in self.given)
        return Memory(self.given + fresh)


@dataclass(frozen=True)
class FactMatch:
    """A fact that answers; `score` 0..1 is how sure the engine is."""

    id: str
    score: float
    already_given: bool = False


@dataclass(frozen=True)
class Part:
    """One question of the message and what became of it."""

    text: str
    kind: Kind
    facts: tuple[FactMatch, ...] = ()
    suggestions: tuple[str, ...] = ()


@dataclass(frozen=True)
class Reply:
    """What the interviewer makes of a message. `ranked` holds every fact id, best first."""

    kind: Kind
    facts: tuple[FactMatch, ...] = ()
    suggestions: tuple[str, ...] = ()
    ranked: tuple[str, ...] = ()
    assumptions: tuple[Assumption, ...] = ()
    parts: tuple[Part, ...] = field(default=())


def reply(index: FactIndex, message: str, memory: Memory | None = None) -> Reply:
    """The reply to one message; the same index, message and memory give the same reply."""
    text = message[:MAX_CHARACTERS]
    assumptions = find_assumptions(text)
    asked = [s.text for s in sentences(text) if s.asks]
    if not asked:
        return Reply("statement", assumptions=assumptions)
    given = frozenset((memory or Memory()).given)
    scored = _scored(index, asked)
    enough = ANSWER if len(scored) == 1 else ANSWER_ONE_OF_SEVERAL
    parts = _merged([_part(index, scores, given, enough) for scores in scored])
    return Reply(
        kind=_overall(parts),
        facts=_unique_facts(parts)[:MAX_FACTS],
        suggestions=_suggestions(parts),
        ranked=_ranked(index, scored),
        assumptions=assumptions,
        parts=parts,
    )


@dataclass(frozen=True)
class _Question:
    """A question as asked, and the topics it may list; a single topic is the question itself."""

    text: str
    topics: tuple[str, ...]

    @property
    def texts(self) -> tuple[str, ...]:
        return (self.text, *self.topics) if len(self.topics) > 1 else (self.text,)


def _scored(index: FactIndex, asked: Sequence[str]) -> list[Scores]:
    """Scores of every question of the message, all encoded at once."""
    questions = [_Question(p, weak_parts(p)) for text in asked for p in strong_parts(text)]
    questions = questions[:MAX_QUESTIONS]
    scores = iter(index.score([t for q in questions for t in q.texts]))
    found: list[Scores] = []
    for question in questions:
        whole, *topics = [next(scores) for _ in question.texts]
        found.extend(topics if topics and _parts_hold(whole, topics) else [whole])
    return found


def _parts_hold(whole: Scores, parts: Sequence[Scores]) -> bool:
    """Each topic is sure of a fact of its own, and the whole question points at the same facts."""
    tops = [part.order[0] for part in parts]
    sure = all(confidence(part.features) >= WEAK_PART for part in parts)
    return sure and len(set(tops)) == len(tops) and set(tops) == set(whole.order[: len(tops)])


def _part(index: FactIndex, scores: Scores, given: frozenset[str], enough: float) -> Part:
    sure = confidence(scores.features)
    kind = _kind(index, scores, sure, enough)
    best = index.ids[scores.order[0]]
    if kind == "answer":
        return Part(scores.text, kind, (FactMatch(best, sure, best in given),))
    if kind == "unknown":
        return Part(scores.text, kind)
    nearest = tuple(index.ids[i] for i in scores.order[:MAX_SUGGESTIONS])
    return Part(scores.text, kind, suggestions=nearest)


def _kind(index: FactIndex, scores: Scores, sure: float, enough: float) -> Kind:
    text = scores.text
    if names_no_matter(text) or says_nothing(index, text) or topic_is_broad(index, text):
        return "vague"
    if scores.vague >= VAGUE and sure < VAGUE_WITHOUT_FACT and scores.vague > scores.features.best:
        return "vague"
    if scores.outside >= CLEARLY_OUTSIDE and scores.outside > scores.features.best:
        return "unknown"
    if sure >= enough and _shares_something(scores):
        return "answer"
    return "suggest" if sure >= SUGGEST else "unknown"


def _shares_something(scores: Scores) -> bool:
    found = scores.features
    return found.words_only or found.unknown_words < 1 or found.best >= SHARED_MEANING


def _merged(parts: Sequence[Part]) -> tuple[Part, ...]:
    """Parts that hit the same fact become one; the rest stays in order."""
    seen: set[str] = set()
    kept: list[Part] = []
    for part in parts:
        ids = {fact.id for fact in part.facts}
        if ids and ids <= seen:
            continue
        seen |= ids
        kept.append(part)
    return tuple(kept)


def _overall(parts: Iterable[Part]) -> Kind:
    kinds = {part.kind for part in parts}
    order: tuple[Kind, ...] = ("answer", "suggest", "unknown", "vague")
    return next(kind for kind in order if kind in kinds)


def _unique_facts(parts: Iterable[Part]) -> tuple[FactMatch, ...]:
    found = {fact.id: fact for part in parts for fact in part.facts}
    return tuple(found.values())


def _suggestions(parts: Iterable[Part]) -> tuple[str, ...]:
    found = dict.fromkeys(s for part in parts for s in part.suggestions)
    return tuple(found)[:MAX_SUGGESTIONS]


def _ranked(index: FactIndex, scored: Sequence[Scores]) -> tuple[str, ...]:
    best = [max(s.values[i] for s in scored) for i in range(len(index.ids))]
    order = sorted(range(len(best)), key=lambda i: (-best[i], i))
    return tuple(index.ids[i] for i in order)
