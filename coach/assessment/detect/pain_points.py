"""Pain points: what goes wrong, for whom, when, why, and which comes first."""

from __future__ import annotations

import re
from itertools import combinations

from coach.assessment import lexicon
from coach.assessment.chain import forgets_segment
from coach.assessment.detect.evidence import committed, having, lacking, omission
from coach.assessment.detect.rule import Cue, Rule, gap, hit, units
from coach.assessment.numbers import numbers
from coach.assessment.reading import Reading
from coach.assessment.text import Span, count_words, overlap, span_of, stems

_LIVED = ("moment", "emotion", "coping", "cause")
PAINS = ("pain_in_user_voice", "missing_feature", "company_pain", "generic_pain")
MANY = 3
COMPARABLE = 2
"""So many troubles with how often they occur can be compared."""


def pains(r: Reading) -> tuple[Span, ...]:
    """The pains: items, or the sentences in which something goes wrong."""
    if r.items.spans:
        return r.items.spans
    return tuple(s for s in r.telling if lexicon.has("friction", s.quote))


def disguised(r: Reading) -> Cue | None:
    """A missing feature, with nothing that goes wrong for a person beside it."""
    found = committed(r, "missing_feature", _missing_feature(r))
    return hit(found.span, sure=found.sure) if found else None


def _missing_feature(r: Reading) -> Span | None:
    for unit in units(r):
        missing = lexicon.pattern("missing_feature").search(unit.quote)
        if missing and not any(lexicon.has(c, unit.quote) for c in _LIVED):
            return r.around(unit.start + missing.start(), unit.start + missing.end())
    return None


def need_only(r: Reading) -> Cue | None:
    """A short item that begins with a wish or an activity and names no trouble."""
    for unit in r.items.spans:
        short = re.match(r"^\W*(?:[a-z]+ing|to [a-z]+|the need)\b", unit.quote, re.IGNORECASE)
        if short and count_words(unit.quote) < 9 and not lexicon.has("friction", unit.quote):
            return hit(unit)
    return None


def generic(r: Reading) -> Cue | None:
    """Most pains are a few words that fit any product."""
    found = [
        u for u in pains(r)
        if lexicon.has("generic_pain", u.quote) and count_words(u.quote) < 12
        and not any(lexicon.has(c, u.quote) for c in ("moment", "coping")) and not numbers(u.quote)
    ]  # fmt: skip
    worded = found[0] if found and 2 * len(found) >= len(pains(r)) else None
    made = committed(r, "generic_pain", worded, unless=("pain_in_user_voice", "moment"))
    return hit(made.span, sure=made.sure) if made else None


def of_company(r: Reading) -> Cue | None:
    """The one who suffers is a number or the company."""
    worded = r.first("company_pain")
    found = committed(r, "company_pain", worded)
    if found is None or not (worded or _speaks_of_company(r, found.span)):
        return None
    return hit(_words_of_company(r, found.span), sure=found.sure)


def _speaks_of_company(r: Reading, span: Span) -> bool:
    """Whether a sentence has a word for the company or its numbers; "the others pay" has none."""
    names = stems(f"{r.context.company} {r.context.product}")
    return lexicon.has("of_company", span.quote) or bool(names & stems(span.quote))


def _words_of_company(r: Reading, span: Span) -> Span:
    """The part of a sentence that speaks of the company, where a joint sets it apart."""
    parts = list(re.finditer(r"(?!\s|,|;|and\b|but\b).+?(?=,|;|\band\b|\bbut\b|$)", span.quote))
    own = [p for p in parts if lexicon.has("of_company", p.group())]
    if not own or len(own) == len(parts):
        return span
    return span_of(r.text, span.start + own[0].start(), span.start + own[0].end())


def no_moment(r: Reading) -> Cue | None:
    """No place on the way."""
    lived = ("journey", "moment")
    return omission(r, "moment", worded=r.has(*lived), shows=lived, near=("friction",))


def only_one(r: Reading) -> Cue | None:
    """A single pain."""
    more = r.has("more_ideas") or len(pains(r)) > 1 or len(r.rows) > 1 or len(having(r, *PAINS)) > 1
    return None if more else gap(r, "friction", exact=r.confirmed and len(r.rows) == 1)


def _ranks(r: Reading) -> bool:
    return r.has("rank_words", "choice") or any(row.get("chosen") for row in r.rows)


def unranked(r: Reading) -> Cue | None:
    """More than three, and none comes first."""
    count = len(r.rows) if r.confirmed else len(r.items.spans)
    near = ("missing_feature", "friction")
    if r.confirmed:
        return (
            gap(r, *near, exact=True, count=str(count)) if count > MANY and not _ranks(r) else None
        )
    count = max(count, len(having(r, *PAINS)))
    if count <= MANY:
        return None
    ranked = ("chooses_pain", "ranks_by_assertion")
    return omission(r, *ranked, worded=_ranks(r), near=near, count=str(count))


def ranking_sentence(r: Reading) -> Span | None:
    """The clause that puts one pain first."""
    return r.together("rank_words", "choice") or r.first("rank_words") or r.first("choice")


def _grounds(r: Reading, span: Span) -> bool:
    position = next(i for i, s in enumerate(r.sentences) if s.start <= span.start < s.end)
    beside = " ".join(s.quote for s in r.sentences[max(0, position - 1) : position + 2])
    own = r.sentences[position].quote
    judged = any(lexicon.has(concept, own) for concept in ("severity", "weighed", "often"))
    often = [u for u in r.items.spans if lexicon.has("frequency", u.quote)]
    weighed = len(often) >= 2 and any(lexicon.has("severity", u.quote) for u in r.items.spans)
    return (
        weighed
        or bool(numbers(own))
        or judged
        or bool(numbers(beside) and lexicon.has("severity", beside))
    )


def asserted(r: Reading) -> Cue | None:
    """One is called the biggest without frequency, severity or comparison."""
    worded = r.first("superlative")
    claim = committed(r, "ranks_by_assertion", worded)
    if claim is None:
        return None
    grounds = _grounds(r, worded) if worded else False
    often = [s for s in r.telling if lexicon.has("often", s.quote) and numbers(s.quote)]
    grounds = grounds or len(often) >= COMPARABLE
    found = lacking(r, "severity_or_frequency", worded=grounds)
    return hit(claim.span, sure=claim.sure and found.sure) if found else None


def repeated(r: Reading) -> Cue | None:
    """Two items share most of their words."""
    for left, right in combinations(r.items.spans, 2):
        a, b = stems(left.quote), stems(right.quote)
        if min(len(a), len(b)) >= 3 and overlap(a, b) > 0.6:
            return hit(right, extra=left.quote[:80])
    return None


def wrong_people(r: Reading) -> Cue | None:
    """The people chosen in the segment step do not come up, others do."""
    chosen = forgets_segment(r)
    return gap(r, "friction", chosen=chosen.label) if chosen else None


def no_cause(r: Reading) -> Cue | None:
    """Nothing says why it happens."""
    filled = any(str(row.get("cause", "")).strip() for row in r.rows)
    if filled:
        return None
    return omission(r, "cause", worded=r.has("cause"), shows=("cause",), near=("friction",))


def no_coping(r: Reading) -> Cue | None:
    """Nothing says what people do today."""
    filled = any(str(row.get("workaround", "")).strip() for row in r.rows)
    near = ("friction", "missing_feature")
    if filled:
        return None
    return omission(r, "workaround", worded=r.has("coping"), shows=("coping",), near=near)


RULES = (
    Rule("PP1", disguised),
    Rule("PP2", need_only),
    Rule("PP3", generic),
    Rule("PP4", of_company),
    Rule("PP5", no_moment),
    Rule("PP6", only_one),
    Rule("PP7", unranked),
    Rule("PP8", asserted),
    Rule("PP9", repeated),
    Rule("PP10", wrong_people),
    Rule("PP11", no_cause),
    Rule("PP12", no_coping),
    Rule("SEG12", wrong_people),
)
