"""Solutions: ideas that answer the pain, differ, can be met by a person, and have a price."""

from __future__ import annotations

import re
from itertools import combinations

from coach.assessment import lexicon
from coach.assessment.chain import forgets_segment
from coach.assessment.detect.clarify import why_us
from coach.assessment.detect.rule import Cue, Rule, gap, hit, other_sides_missing, units
from coach.assessment.numbers import numbers
from coach.assessment.reading import Reading
from coach.assessment.text import Span, overlap, stems

_COUNTS = {0: "no idea", 1: "one idea", 2: "two ideas"}
_LABEL_END = re.compile(r"[:.(–]| - |, ")


def count(r: Reading) -> int:
    """How many ideas the step has: rows, items, or one and what "another" adds to it."""
    if r.confirmed and r.rows:
        return len(r.rows)
    return len(r.items.spans) or 1 + len(r.all("more_ideas"))


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
    if shared or linked or pain_words(r):
        return None
    return hit(units(r)[0]) if units(r) else None


def _works(text: str) -> bool:
    return lexicon.has("mechanism", text) or lexicon.has("flow", text) or bool(numbers(text))


def buzzword(r: Reading) -> Cue | None:
    """A big word, and nothing on what it reads or what the person sees."""
    for unit in units(r):
        word = lexicon.pattern("buzzword").search(unit.quote)
        if word and not _works(unit.quote):
            return hit(r.around(unit.start + word.start(), unit.start + word.end()))
    return None


def _existing(text: str, r: Reading) -> str:
    own = stems(text) - stems(r.context.product)
    for entry in r.context.exists_today:
        for part in re.split(r",| and ", entry):
            known = stems(part) - stems(r.context.product)
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
    return None if enough else gap(r)


def one_side(r: Reading) -> Cue | None:
    """Nothing on those who sell, drive, host or teach."""
    missing = other_sides_missing(r)
    return gap(r, "flow", extra=missing) if missing else None


def no_risk(r: Reading) -> Cue | None:
    """No cost, misuse or loser; saying there is none does not count."""
    denied = r.first("no_risk")
    if denied:
        return hit(denied)
    filled = any(str(row.get("risk", "")).strip() for row in r.rows) and r.confirmed
    return None if filled or r.has("risk") else gap(r, "flow")


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
    return None if filled or r.has("test") else gap(r, "flow")


def other_segment(r: Reading) -> Cue | None:
    """The chosen people do not come up, others do."""
    chosen = forgets_segment(r)
    return gap(r, "flow", chosen=chosen.span.quote) if chosen else None


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
    Rule("SEG12", other_segment),
    Rule("PD1", why_us, frozenset({"product_design"})),
)
