"""Segment: groups, the choice among them, and the evidence for it."""

from __future__ import annotations

import re

from coach.assessment import lexicon
from coach.assessment.chain import choosing_words
from coach.assessment.detect.evidence import (
    DOUBTFUL,
    committed,
    lacking,
    likelihood,
    omission,
)
from coach.assessment.detect.rule import Cue, Rule, fact_slots, gap, hit, newly_missing
from coach.assessment.earned import is_group_of_its_own
from coach.assessment.numbers import numbers
from coach.assessment.reading import Reading
from coach.assessment.text import Span, span_of, stems, words

PEOPLE = ("people", "visitors", "users", "members", "customers", "buyers", "subscribers", "persons")
"""Words in the name of a figure that counts people."""


def labels(r: Reading) -> tuple[str, ...]:
    """The names of the groups, as filled in or as read."""
    return tuple(str(row.get("name", "")) for row in r.rows if str(row.get("name", "")).strip())


def _place(r: Reading, words_: str) -> Span | None:
    """Where some words of the artefact stand in the prose; None when they are not there."""
    at = r.text.find(words_) if words_ else -1
    return span_of(r.text, at, at + len(words_)) if at >= 0 else None


def has_choice(r: Reading) -> bool:
    """Whether a row is marked as chosen or the prose chooses."""
    return any(row.get("chosen") for row in r.rows) or choosing_words(r) is not None


def around_choice(r: Reading) -> str:
    """The choosing sentence with the sentence after it; "" without a choice."""
    span = choosing_words(r)
    if span is None:
        return str(r.artefact.get("why", ""))
    position = next(i for i, s in enumerate(r.sentences) if s.start <= span.start < s.end)
    text = " ".join(s.quote for s in r.sentences[position : position + 2])
    return f"{text} {r.artefact.get('why', '') if r.confirmed else ''}"


def has_reason(r: Reading) -> bool:
    """Whether the choice stands beside a reason, a figure or a comparison, and not taste alone."""
    beside = around_choice(r)
    behind = re.split(r"[:,;–]", beside, maxsplit=1)
    told = lexicon.has("reason", beside) or bool(numbers(beside))
    long_enough = len(behind) > 1 and len(words(behind[1])) >= 4
    return (told or long_enough) and not _taste_only(beside)


_COMPARED = re.compile(
    r"\b(?:most|more|less|fewer|fewest|least|(?:high|larg|bigg|small|strong|low|fast|cheap|quick|"
    r"old|young|long|short|near|hard|easi|great|rich|poor)(?:est|er|r))\b",
    re.IGNORECASE,
)
"""A reason that compares names what it compares by, and is more than taste."""


def _taste_only(text: str) -> bool:
    weighed = numbers(text) or lexicon.has("size_words", text)
    return lexicon.has("taste", text) and not weighed


def everyone(r: Reading) -> Cue | None:
    """Everybody is the target, or there is no second group."""
    target = _everyone_chosen(r)
    if target is not None:
        return hit(target)
    if not r.confirmed and r.read_roles.known:
        span = r.role("everyone")
        if span and span.quote.rstrip().endswith(":"):
            return None  # what is announced comes after it
        nobody = lacking(r, "sets_aside", "reason_by_evidence", worded=r.has("set_aside"))
        return hit(span, sure=nobody.sure and r.has("everyone")) if nobody else None
    return None if len(labels(r)) >= 2 else hit(r.first("everyone"), exact=r.confirmed)


def _everyone_chosen(r: Reading) -> Span | None:
    """The clause that chooses everybody: the word follows the choosing verb closely."""
    for span in r.all("everyone"):
        choice = lexicon.pattern("choice").search(span.quote)
        everybody = lexicon.pattern("everyone").search(span.quote, choice.end() if choice else 0)
        if choice and everybody and everybody.start() - choice.end() < 25:
            return span
    return None


def demographics(r: Reading) -> Cue | None:
    """Groups are ages, genders, incomes, and no label holds a behavior."""
    text = " ".join(s.quote for s in r.telling)
    found = {m.lower() for m in lexicon.matches("demographic", text)}
    split = r.first("demographic_split")
    if r.read_roles.known:
        return _demographic_by_role(
            r, split or (r.first("demographic") if len(found) > 1 else None)
        )
    acting = lexicon.matches("strong_behavior", text)
    if len(found) < 2 or (acting and not split) or _everyone_chosen(r):
        return None
    if split:
        return hit(split)
    return hit(_place(r, next((n for n in labels(r) if lexicon.has("demographic", n)), ""))) or hit(
        r.first("demographic")
    )


def _demographic_by_role(r: Reading, worded: Span | None) -> Cue | None:
    found = committed(
        r,
        "demographic_segment",
        worded,
        unless=("behaviour_segment",),
        rather=("sizes_segment", "reason_by_evidence"),
    )
    if found is None or not is_group_of_its_own(r, found.span):
        return None
    return hit(found.span, sure=found.sure)


def broad(r: Reading) -> Cue | None:
    """Every label is one bare noun."""
    names = labels(r)
    bare = [n for n in names if len(n.split()) == 1 and not lexicon.has("behavior", n)]
    return hit(_place(r, bare[0])) if len(bare) >= 2 and len(bare) == len(names) else None


def narrow(r: Reading) -> Cue | None:
    """A label with more than four conditions."""
    for name in labels(r):
        if len(re.findall(r"\b(?:who|with|and|in|from|aged|that|living|over|under)\b|,", name)) > 4:
            return hit(_place(r, name))
    return None


def overlapping(r: Reading) -> Cue | None:
    """Some labels are demographics and others are behaviors."""
    names = labels(r)
    who = [n for n in names if lexicon.has("demographic", n) and not lexicon.has("behavior", n)]
    doing = [n for n in names if lexicon.has("behavior", n) and not lexicon.has("demographic", n)]
    likely = likelihood(r, "demographic_segment")
    mixed = likely is None or likely >= DOUBTFUL
    return hit(_place(r, who[0])) if who and doing and len(names) <= 6 and mixed else None


def none_chosen(r: Reading) -> Cue | None:
    """No row is marked and no sentence chooses."""
    if r.confirmed and r.rows:
        return None if has_choice(r) else gap(r, "behavior", exact=True)
    return omission(r, "chooses_segment", worded=has_choice(r), near=("behavior",))


def no_reason(r: Reading) -> Cue | None:
    """The choice stands alone."""
    span = r.role("chooses_segment") if r.read_roles.known else choosing_words(r)
    if span is None or _by_taste(r):
        return None
    found = lacking(r, "reason_by_evidence", worded=has_reason(r))
    return hit(span, sure=found.sure) if found else None


def _by_taste(r: Reading) -> Span | None:
    return choosing_words(r) if has_choice(r) and _taste_only(around_choice(r)) else None


def taste(r: Reading) -> Cue | None:
    """The only reason is what the writer likes."""
    worded = _by_taste(r)
    found = committed(r, "reason_by_taste", worded) if r.read_roles.known else None
    weighed = lacking(r, "reason_by_evidence", worded=True) is None and r.read_roles.known
    span = found.span if found else worded
    if weighed or (span and _COMPARED.search(span.quote)):
        return None
    return hit(span)


def one_side(r: Reading) -> Cue | None:
    """Only the buying side of the market is on the map."""
    missing = newly_missing(r)
    return gap(r, "choice", "everyone", extra=missing) if missing else None


def solution_in_label(r: Reading) -> Cue | None:
    """People are named by the feature they are said to need."""
    return hit(r.first("feature_need"))


def no_size(r: Reading) -> Cue | None:
    """No figure and no word of size at all."""
    cells = r.confirmed and any(
        str(row.get("share", "")) + str(row.get("size", "")) for row in r.rows
    )
    worded = bool(r.numbers) or r.has("share_words")
    sides = frozenset[str]().union(*(side.stems for side in r.context.sides))
    facts = fact_slots(r, *PEOPLE, *sorted(sides), of=sides | stems(" ".join(PEOPLE)))
    return (
        None
        if cells
        else omission(r, "sizes_segment", worded=worded, near=("choice",), facts=facts)
    )


RULES = (
    Rule("SEG1", everyone),
    Rule("SEG2", demographics),
    Rule("SEG3", broad),
    Rule("SEG4", narrow),
    Rule("SEG5", overlapping),
    Rule("SEG6", none_chosen),
    Rule("SEG7", no_reason),
    Rule("SEG8", taste),
    Rule("SEG9", one_side),
    Rule("SEG10", solution_in_label),
    Rule("SEG11", no_size),
)
