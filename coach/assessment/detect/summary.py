"""Summary: person, pain, bet, metric, risk; short, firm, and the same as the steps."""

from __future__ import annotations

import re

from coach.assessment import lexicon
from coach.assessment.chain import contradicts_priority, forgets_segment, stray_number
from coach.assessment.detect.evidence import (
    PRESENT,
    committed,
    having,
    lacking,
    likelihood,
    omission,
)
from coach.assessment.detect.rule import Cue, Rule, gap, hit, listed
from coach.assessment.numbers import numbers
from coach.assessment.reading import Reading
from coach.assessment.text import count_words, stems

SHORTEST, LONGEST = 25, 150
SHORT_CALL = 3
"""A first sentence of so few words is the answer to the question."""
_CALL = re.compile(
    r"\W*(?:(?:so|then|therefore|my call|decision)[:,]? )?(?:yes|no|not (?:yet|now)|leave|keep|"
    r"hire|start|stop|launch|ship|build|buy|raise|lower|hold|make|take|go|don['’]t|do not|drop|"
    r"wait|test|run|sell|join|offer|introduce|let['’]?s|let us|pay|open|close|move|bring|put)\b",
    re.IGNORECASE,
)
IMPROVE = frozenset({"product_improvement", "product_design"})
PARTS = {
    "people": "whom it is for",
    "friction": "what goes wrong for them",
    "bet": "the idea you would start with",
    "metric_word": "the number that would show it",
}
PART_ROLES = {
    "people": ("names_user",),
    "friction": ("names_pain",),
    "bet": ("recommends", "names_bet"),
    "metric_word": ("names_metric",),
}


def length(r: Reading) -> int:
    """Words in distinct sentences."""
    return sum(count_words(s.quote) for s in r.sentences)


def present(r: Reading) -> tuple[str, ...]:
    """Which of person, pain, bet and metric the summary has."""
    return tuple(part for part in PARTS if r.has(part) or _carried(r, part))


def _carried(r: Reading, part: str) -> bool:
    """A part said in the words of the step it comes from."""
    step = {"people": "segment", "friction": "pain_points"}.get(part, "")
    before = r.earlier.get(step)
    if before is None or forgets_segment(r):
        return False
    return len(before.stems & r.stems - stems(r.context.product)) >= 2


def too_short(r: Reading) -> Cue | None:
    """Fewer than 25 words."""
    return gap(r, exact=True) if length(r) < SHORTEST else None


def too_long(r: Reading) -> Cue | None:
    """More than 150 words."""
    words = length(r)
    return gap(r, "process", exact=True, count=str(words)) if words > LONGEST else None


def incomplete(r: Reading) -> Cue | None:
    """A part of the four is missing."""
    there = present(r)
    gaps = {
        part: lacking(r, *PART_ROLES[part], worded=part in there or _carried(r, part))
        for part in PARTS
    }
    missing = tuple(PARTS[part] for part, found in gaps.items() if found)
    if not missing:
        return None
    sure = any(found.sure for found in gaps.values() if found)
    extra = {"extra": listed(missing)}
    return gap(r, "bet", sure=sure, facts=extra)


def contradiction(r: Reading) -> Cue | None:
    """Another option than in Prioritize."""
    found = contradicts_priority(r)
    return hit(found[0], extra=found[1].quote) if found else None


def weak_close(r: Reading) -> Cue | None:
    """A thank-you in place of a recommendation."""
    worded = None if r.has("bet", "recommend") else r.first("weak_close")
    found = committed(r, "weak_close", worded)
    if found:
        return hit(found.span, sure=found.sure)
    if not r.read_roles.known:
        return None
    return omission(r, "recommends", "next_step", worded=r.has("bet", "recommend"))


def no_risk(r: Reading) -> Cue | None:
    """Neither a risk nor a next step."""
    worded = r.has("risk_or_next")
    said = ("says_risk", "says_next")
    return omission(r, "names_risk", "next_step", worded=worded, said=said, near=("bet",))


def number_differs(r: Reading) -> Cue | None:
    """A target that Metrics does not have."""
    found = stray_number(r)
    if found is None:
        return None
    figure, span, ours = found
    alike = lexicon.has("primary", ours.quote) and bool(numbers(ours.quote))
    return hit(span, count=figure, extra=ours.quote if alike else "")


def process(r: Reading) -> Cue | None:
    """What was done, more often than what came out."""
    told = [s for s in r.telling if lexicon.has("process", s.quote)]
    firm = [s for s in r.telling if lexicon.has("bet", s.quote) and s not in told]
    steps = sum(len(lexicon.matches("process", s.quote)) for s in told)
    worded = r.first("process") if steps >= 3 and steps > len(firm) else None
    found = committed(r, "process_narration", worded, unless=("recommends",))
    if found is None or (r.read_roles.known and len(having(r, "process_narration")) < 2):
        return None
    return hit(found.span, sure=found.sure)


def hedged(r: Reading) -> Cue | None:
    """More than one hedge in 25 words."""
    count = sum(len(lexicon.matches("hedge", s.quote)) for s in r.telling)
    if count < 3 or count * 25 <= length(r):
        return None
    return hit(r.first("hedge"), count=str(count))


def segment_forgotten(r: Reading) -> Cue | None:
    """The chosen people do not come up, others do."""
    chosen = forgets_segment(r)
    return gap(r, "bet", chosen=chosen.label) if chosen else None


def no_close(r: Reading) -> Cue | None:
    """Root cause: no cause believed in, or no next look."""
    told = r.together("cause", "risk_or_next") or r.has("bet", "choice", "believes")
    return None if told else omission(r, "recommends", "next_step", worded=r.has("cause"))


def undecided(r: Reading) -> Cue | None:
    """Trade-off: both sides stay open, in so many words or for want of any call."""
    worded = r.has("choice", "bet") or _calls(r)
    if worded and not r.has("it_depends"):
        return None
    if not worded and (likelihood(r, "decides", "recommends") or 0.0) >= PRESENT:
        return None
    return omission(r, "decides", "recommends", worded=worded, near=("it_depends",)) or (
        None if worded else gap(r, "it_depends")
    )


def _calls(r: Reading) -> bool:
    """Whether a sentence begins as a call does: "Leave it as it is", "Sixty.", "No, not yet"."""
    first = r.sentences[0].quote if r.sentences else ""
    short = "?" not in first and count_words(first) <= SHORT_CALL
    return short or any(_CALL.match(s.quote) for s in r.sentences)


RULES = (
    Rule("SU1", too_short),
    Rule("SU2", too_long),
    Rule("SU3", incomplete, IMPROVE),
    Rule("SU5", contradiction, IMPROVE),
    Rule("SU6", weak_close),
    Rule("SU7", no_risk),
    Rule("SU8", number_differs),
    Rule("SU9", process),
    Rule("SU10", hedged),
    Rule("SEG12", segment_forgotten),
    Rule("RC12", no_close, frozenset({"root_cause"})),
    Rule("TR1", undecided, frozenset({"trade_off"})),
)
