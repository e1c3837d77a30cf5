"""The interviewer: a message in, the facts that were asked for out, and nothing else.

Three zones for each question of a message: answered when the engine is sure which fact is meant,
up to three facts offered when it is not, unknown when no fact fits or the question has nothing to
do with the case. What a student states, thanks
for or writes down as an answer is never answered with facts. Nothing in a message is an
instruction: text is only ever compared with the fact sheet.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from coach.interviewer.asking import only_asking
from coach.interviewer.assumptions import Assumption, find_assumptions
from coach.interviewer.division import Division, divisions, several
from coach.interviewer.generic import names_another_year, names_no_matter
from coach.interviewer.index import FactIndex, Scores
from coach.interviewer.messages import ASIDE, KINDS
from coach.interviewer.sentences import sentences

Kind = Literal["answer", "suggest", "unknown", "vague", "statement"]

# Chosen by leaving authors out, see docs/evaluation.md.
SEVERAL = 0.45
LIKELY_ASIDE, CLEARLY_ASIDE, CLEARLY_NEARER = 0.5, 0.8, 0.05
SHARED = 0.2
NEAR_NOTHING = 0.3  # likeness below which nobody can tell what a message speaks of
MAX_SUGGESTIONS = 3
MAX_FACTS = 4
MAX_CHARACTERS = 6000


@dataclass(frozen=True)
class Zones:
    """From which chance a question is answered, up to which it is unknown, when it is vague.

    `clear` is the least share that the best fact must have among all facts to be answered.
    """

    known: float
    clear: float
    unknown: float
    vague: float


ALONE = Zones(known=0.45, clear=0.4, unknown=0.27, vague=0.7)
# Whoever asks several things mostly asks for what a case has.
ONE_OF_SEVERAL = Zones(known=0.25, clear=0.0, unknown=0.13, vague=0.9)


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
    """One question of the message and what became of it; `aside` is a kind of ASIDE where it has
    nothing to do with the case."""

    text: str
    kind: Kind
    facts: tuple[FactMatch, ...] = ()
    suggestions: tuple[str, ...] = ()
    aside: str = ""


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
    given = frozenset((memory or Memory()).given)
    if (fact_id := index.asked_word_for_word(text)) is not None:
        return _word_for_word(index, text, fact_id, given)
    assumptions = find_assumptions(text)
    seems = sentences(text)
    found = only_asking(seems, index.encoder)
    if not any(sentence.asks for sentence in found):
        if not any(sentence.asks for sentence in seems):
            return Reply("statement", assumptions=assumptions)
        if not names_no_matter(text):
            ranked = _ranked(index, index.score([text])[0], ())
            return Reply("statement", ranked=ranked, assumptions=assumptions)
        found = seems
    whole, scored = _scored(index, divisions(text, found))
    zones = ALONE if len(scored) == 1 else ONE_OF_SEVERAL
    parts = _merged([_part(index, scores, given, zones) for scores in scored])
    return Reply(
        kind=_overall(parts),
        facts=_unique_facts(parts)[:MAX_FACTS],
        suggestions=_suggestions(parts),
        ranked=_ranked(index, whole, parts),
        assumptions=assumptions,
        parts=parts,
    )


def _word_for_word(index: FactIndex, text: str, fact_id: str, given: frozenset[str]) -> Reply:
    """The reply to what the sheet's author foresaw in these words, however little they say."""
    part = Part(text, "answer", (FactMatch(fact_id, 1.0, fact_id in given),))
    ranked = _ranked(index, index.score([text])[0], [part])
    return Reply("answer", part.facts, ranked=ranked, parts=(part,))


def _scored(index: FactIndex, division: Division) -> tuple[Scores, list[Scores]]:
    """Scores of the whole message, and of the questions that it consists of."""
    scores = dict(zip(division.texts, index.score(division.texts), strict=True))
    whole = scores[division.whole]
    pieces = [scores[question.text] for question in division.questions]
    if not index.has_meaning:
        return whole, pieces
    model = index.weights.several
    if len(pieces) > 1 and several(model, whole, pieces, weak=False) < SEVERAL:
        return whole, [whole]
    found: list[Scores] = []
    for question, piece in zip(division.questions, pieces, strict=True):
        topics = [scores[topic] for topic in question.topics]
        cut = topics and several(model, piece, topics, weak=True) >= SEVERAL
        found.extend(topics if cut else [piece if len(pieces) > 1 else whole])
    return whole, found


def _part(index: FactIndex, scores: Scores, given: frozenset[str], zones: Zones) -> Part:
    if (fact_id := index.asked_word_for_word(scores.text)) is not None:
        return Part(scores.text, "answer", (FactMatch(fact_id, 1.0, fact_id in given),))
    kind = _kind(scores, zones) if index.knows_a_word(scores.text) else "vague"
    if kind == "answer" and names_another_year(index, scores.text):
        kind = "suggest"
    best = index.ids[scores.order[0]]
    if kind == "answer":
        return Part(scores.text, kind, (FactMatch(best, scores.inside, best in given),))
    if kind == "unknown":
        return Part(scores.text, kind, aside=_aside(scores))
    nearest = tuple(index.ids[i] for i in scores.order[:MAX_SUGGESTIONS])
    return Part(scores.text, kind, suggestions=nearest)


def _kind(scores: Scores, zones: Zones) -> Kind:
    if scores.vague >= zones.vague or names_no_matter(scores.text):
        return "vague"
    found = scores.features
    if found and _is_near_nothing(found):
        return "vague"
    if scores.aside >= CLEARLY_ASIDE:
        return "unknown"
    if scores.inside >= zones.known and (not found or _is_supported(scores, zones)):
        return "answer"
    return "suggest" if scores.inside > zones.unknown else "unknown"


def _is_near_nothing(found: Mapping[str, float]) -> bool:
    """Neither a wording of the sheet or the banks nor any of its tokens is near."""
    whole = max(found[name] for name in ("best", "outside", "vague"))
    return whole < NEAR_NOTHING and max(found["tokens"], found["adapted_tokens"]) < SHARED


def _is_supported(scores: Scores, zones: Zones) -> bool:
    """The best fact stands out and shares something with the question, which is not likely to be
    an aside and nearer to an idle wording."""
    found = scores.features
    is_idle = scores.aside >= LIKELY_ASIDE and found["outside"] > found["best"]
    return found["share"] >= zones.clear and found["tokens"] >= SHARED and not is_idle


def _aside(scores: Scores) -> str:
    """What an unknown question is about where it has nothing to do with the case, and resembles
    such messages clearly more than what cases answer; else ""."""
    like = {kind: scores.features.get(f"like_{kind}", 0.0) for kind in KINDS}
    nearest = max(ASIDE, key=lambda kind: like[kind])
    is_clear = like[nearest] - like["in"] >= CLEARLY_NEARER
    return nearest if is_clear and scores.aside >= CLEARLY_ASIDE else ""


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


def _ranked(index: FactIndex, whole: Scores, parts: Sequence[Part]) -> tuple[str, ...]:
    """What was answered, then the rest by the message as a whole."""
    answered = [fact.id for part in parts for fact in part.facts]
    return tuple(dict.fromkeys([*answered, *(index.ids[i] for i in whole.order)]))
