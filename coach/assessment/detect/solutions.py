"""Solutions: ideas that answer the pain, differ, can be met by a person, and have a price."""

from __future__ import annotations

import re
from itertools import combinations

from coach.assessment import lexicon
from coach.assessment.chain import forgets_segment
from coach.assessment.detect.clarify import why_us
from coach.assessment.detect.evidence import (
    DOUBTFUL,
    SURELY_PRESENT,
    committed,
    lacking,
    likelihood,
    most_probable,
    omission,
)
from coach.assessment.detect.rule import Cue, Rule, gap, hit, newly_missing, units
from coach.assessment.numbers import numbers
from coach.assessment.reading import Reading
from coach.assessment.text import Span, overlap, stems

_COUNTS = {0: "no idea", 1: "one idea", 2: "two ideas"}
_ORDER = ("first", "second", "third", "fourth", "fifth")
_SPELLED = ("one", "two", "three", "four", "five")
_BARE = re.compile(
    r"(?:^|[\s(])(?:the )?(?:([1-9]|first|second|third|fourth|fifth)(?=:? [a-z])"
    r"|(?:(?<![^\n])|(?<=[.:;\n] ))(one|two|three|four|five)(?=[,:] ))",
    re.I,
)
_SAID = re.compile(
    r"\b(three|four|five|[3-5]) (?:\w+ )?(?:ideas|solutions|things|ways|options|concepts)\b", re.I
)
_ASIDE = re.compile(
    r"\b(?:by|with|to|for|in|on|at|of|from|without|once|when|if|that|which)\b", re.I
)
"""Where the name of a feature ends: "trains that wait, by decision of the control room"."""
_LABEL_END = re.compile(r"[:.(–]| - |, ")


def count(r: Reading) -> int:
    """How many ideas the step has: rows, items, or one and what "another" adds to it."""
    if r.confirmed and r.rows:
        return len(r.rows)
    said = _SAID.search(r.text)
    named = int(said.group(1)) if said and said.group(1).isdigit() else 3 if said else 0
    loose = r.items.form in ("labelled", "none")
    told = max(1 + len(r.all("more_ideas")), _bare_run(r.text), named) if loose else 0
    return max(len(r.items.spans), told)


def _bare_run(text: str) -> int:
    """Ideas counted in running text by bare figures or by order: "1 a clock, 2 a bag"."""
    run = 0
    for match in _BARE.finditer(text):
        mark = (match.group(1) or match.group(2)).lower()
        words = _SPELLED if mark in _SPELLED else _ORDER
        number = int(mark) if mark.isdigit() else words.index(mark) + 1
        if number == run + 1 or (run == 0 and mark == "second"):
            run = number
    return run


def label(span: Span) -> str:
    """The name of an idea: what stands before its first break."""
    return _LABEL_END.split(span.quote, maxsplit=1)[0][:80]


def too_few(r: Reading) -> Cue | None:
    """Fewer than three ideas."""
    found = count(r)
    return gap(r, "flow", exact=r.confirmed, count=_COUNTS[found]) if found < 3 else None


def same_idea(r: Reading) -> Cue | None:
    """Two items share most of their words."""
    for left, right in combinations(r.items.spans, 2):
        a, b = stems(left.quote), stems(right.quote)
        if min(len(a), len(b)) >= 4 and overlap(a, b) > 0.55:
            return hit(right, extra=left.quote[:80])
    return None


def pain_words(r: Reading) -> Span | None:
    """Words that tie an idea to what goes wrong."""
    return r.first("pain_link")


def unlinked(r: Reading) -> Cue | None:
    """Nothing in the step says what goes wrong today."""
    pain = r.earlier.get("pain_points")
    shared = pain is not None and len(pain.stems & r.stems - stems(r.context.product)) >= 3
    linked = r.confirmed and all(str(row.get("pain", "")).strip() for row in r.rows)
    if shared or linked or not units(r):
        return None
    found = lacking(r, worded=pain_words(r) is not None)
    return hit(units(r)[0], sure=found.sure) if found else None


def _works(text: str) -> bool:
    return lexicon.has("mechanism", text) or lexicon.has("flow", text) or bool(numbers(text))


def buzzword(r: Reading) -> Cue | None:
    """A big word, and nothing on what it reads or what the person sees."""
    worded, value = _big_word(r), likelihood(r, "vague_magic")
    if value is None:
        return hit(worded)
    if value < (DOUBTFUL if worded else SURELY_PRESENT):
        return None
    return hit(most_probable(r, "vague_magic"), sure=bool(worded) and value >= SURELY_PRESENT)


def _big_word(r: Reading) -> Span | None:
    for unit in units(r):
        word = lexicon.pattern("buzzword").search(unit.quote)
        if word and not _works(unit.quote):
            return r.around(unit.start + word.start(), unit.start + word.end())
    return None


def _existing(text: str, r: Reading) -> str:
    own = stems(text) - stems(r.context.product)
    for entry in r.context.exists_today:
        for part in filter(None, map(str.strip, re.split(r",| and ", entry))):
            if _ASIDE.match(part):
                continue
            head = stems(_ASIDE.split(part, maxsplit=1)[0]) - stems(r.context.product)
            known = head if len(head) > 1 else stems(part) - stems(r.context.product)
            few = len(known) <= 3 and known <= own
            if known and (few or (len(own & known) >= 2 and overlap(own, known) >= 0.6)):
                return entry
    return ""


def exists(r: Reading) -> Cue | None:
    """An idea whose name matches what the case says exists."""
    names = [(s, label(s)) for s in r.items.spans]
    for span, name in names:
        entry = _existing(name, r)
        if entry:
            return hit(span if len(span.quote) < 120 else _head(r, span), extra=entry)
    return None


def _head(r: Reading, span: Span) -> Span:
    return r.around(span.start, span.start + len(label(span)))


def no_flow(r: Reading) -> Cue | None:
    """In most ideas nobody sees or does anything."""
    filled = [row for row in r.rows if str(row.get("user_meets", "")).strip()]
    if r.confirmed and r.rows and len(filled) == len(r.rows):
        return None
    met = [u for u in units(r) if lexicon.has("flow", u.quote)]
    enough = len(met) * 2 >= len(units(r)) if r.items.spans else bool(met)
    return omission(r, "user_flow", worded=enough)


def one_side(r: Reading) -> Cue | None:
    """Nothing on those who sell, drive, host or teach."""
    missing = newly_missing(r)
    return gap(r, "flow", extra=missing) if missing else None


def no_risk(r: Reading) -> Cue | None:
    """No cost, misuse or loser; saying there is none does not count."""
    if r.confirmed and any(str(row.get("risk", "")).strip() for row in r.rows):
        return None
    worded = r.first("no_risk")
    denied = committed(r, "denies_risk", worded, unless=("names_risk",)) if worded else None
    if denied:
        return hit(denied.span, sure=denied.sure)
    said = ("says_risk",)
    return omission(r, "names_risk", worded=r.has("risk"), said=said, near=("flow",))


def cannot_ship(r: Reading) -> Cue | None:
    """Work no product team can do."""
    return hit(r.first("impossible"))


def no_recovery(r: Reading) -> Cue | None:
    """A case about a bad experience, and nothing for when it happens."""
    bad = re.search(r"worst|bad experience|goes wrong|failure|outage", r.context.prompt, re.I)
    return gap(r, "flow") if bad and not r.has("recovery") else None


def no_test(r: Reading) -> Cue | None:
    """Nothing finds out cheaply whether people want it."""
    filled = r.confirmed and any(str(row.get("test", "")).strip() for row in r.rows)
    if filled:
        return None
    said = ("says_test",)
    return omission(r, "cheap_test", worded=r.has("test"), said=said, near=("flow",))


def other_segment(r: Reading) -> Cue | None:
    """The chosen people do not come up, others do."""
    chosen = forgets_segment(r)
    return gap(r, "flow", chosen=chosen.label) if chosen else None


RULES = (
    Rule("SO1", too_few),
    Rule("SO2", same_idea),
    Rule("SO3", unlinked),
    Rule("SO4", buzzword),
    Rule("SO5", exists),
    Rule("SO6", no_flow),
    Rule("SO7", one_side),
    Rule("SO8", no_risk),
    Rule("SO9", cannot_ship),
    Rule("SO10", no_recovery),
    Rule("SO11", no_test),
    Rule("SO12", other_segment),
    Rule("PD1", why_us, frozenset({"product_design"})),
)
