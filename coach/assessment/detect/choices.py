"""Goal, analysis and decision of a trade-off; landscape, options and plan of a strategy."""

from __future__ import annotations

import re

from coach.assessment import lexicon
from coach.assessment.detect.evidence import lacking, omission
from coach.assessment.detect.rule import Cue, Detector, Rule, fact_slots, gap, hit
from coach.assessment.detect.summary import length, undecided
from coach.assessment.reading import Reading
from coach.assessment.text import STOPWORDS, Span

LONG_ANALYSIS = 350
_NO_NAMES = frozenset(
    ("option", "year", "month", "stage", "month", "quarter", "fans", "people", "live")
)
TRADE_OFF, STRATEGY = frozenset({"trade_off"}), frozenset({"strategy"})
SUCCESS = frozenset({"success_metrics"})


def without(*concepts: str, roles: tuple[str, ...] = (), near: str = "choice") -> Detector:
    """A detector for a step that lacks the roles, or in which none of the concepts occurs."""

    def detect(r: Reading) -> Cue | None:
        return omission(r, *roles, worded=r.has(*concepts), near=(near,))

    return detect


def words_without(concept: str, *support: str) -> Detector:
    """A detector for the concept's words when nothing supports them in the same sentence."""

    def detect(r: Reading) -> Cue | None:
        if any(r.together(concept, s) for s in support):
            return None
        return hit(r.first(concept))

    return detect


def no_size(r: Reading) -> Cue | None:
    """Neither side has a number."""
    filled = r.confirmed and any(str(row.get("size", "")).strip() for row in r.rows)
    facts = fact_slots(r, "users", "revenue", "monthly", "share")
    worded, near = bool(r.numbers), ("both_sides",)
    return None if filled else omission(r, "size_of_effect", worded=worded, near=near, facts=facts)


def endless(r: Reading) -> Cue | None:
    """An analysis longer than anybody listens to."""
    words = length(r)
    return gap(r, "both_sides", count=str(words)) if words > LONG_ANALYSIS else None


def third_option(r: Reading) -> Cue | None:
    """A third way in place of the call."""
    return hit(r.first("avoid_call"))


def metrics_first(r: Reading) -> Cue | None:
    """A metric, and no word on what the product is for."""
    found = lacking(r, worded=r.has("value_for"))
    return hit(r.first("metric_terms")) if found else None


def big_market(r: Reading) -> Cue | None:
    """A big or growing market without a number."""
    return None if r.numbers else hit(r.first("big_market") or _trend(r))


def _trend(r: Reading) -> Span | None:
    return r.role("trend") if r.step == "landscape" else None


def no_rival(r: Reading) -> Cue | None:
    """Nobody else serves these people."""
    filled = any(row.get("kind") == "rival" for row in r.rows)
    near = ("rivals", "strengths", "trends")
    return None if filled else omission(r, "rival", worded=bool(_names(r)), near=near)


def no_strength(r: Reading) -> Cue | None:
    """Nothing that this company has and others have not."""
    names = "|".join(re.escape(name) for name in {r.context.company, r.context.product} if name)
    owns = re.search(
        rf"\b(?:{names})(?:['’]s)? (?:\w+ )?(?:has|have|owns?|knows?|already)\b", r.text
    )
    worded = bool(owns) or r.has("company_fit", "strengths")
    return omission(r, "strength", worded=worded, near=("rivals",))


def _names(r: Reading) -> int:
    """Capitalized names in sentences, other than the product and the company.

    The first word of a sentence is a name where it is no everyday word.
    """
    own = {word.lower() for word in f"{r.context.product} {r.context.company}".split()}
    found = set()
    for sentence in r.sentences:
        first, *rest = [w.strip(".,;:()'\"’") for w in sentence.quote.split()] or [""]
        named = [w for w in rest if w[:1].isupper() and w[1:].islower()]
        acts = bool(rest) and first[:1].isupper() and lexicon.has("does_of_rivals", rest[0])
        found |= {w.lower() for w in [*named, *([first] if acts else [])]}
    return len(found - own - STOPWORDS - _NO_NAMES)


GOAL = (
    Rule("TR3", without("ecosystem", near="goal"), TRADE_OFF),
    Rule("SM1", metrics_first, SUCCESS),
)
ANALYSIS = (
    Rule("TR2", endless),
    Rule("TR3", without("ecosystem", near="both_sides")),
    Rule("TR4", no_size),
    Rule("TR5", without("long_term", roles=("horizon",), near="both_sides")),
    Rule("TR6", without("user_groups", near="both_sides")),
    Rule("TR7", without("guardrail", "reversal", near="both_sides")),
    Rule("TR9", without("attribution", "test", "estimate", near="both_sides")),
)
DECISION = (
    Rule("TR1", undecided),
    Rule("TR7", without("guardrail", "reversal", roles=("reversal_condition",))),
    Rule("TR8", third_option, TRADE_OFF),
    Rule("TR9", without("attribution", "test", "estimate"), TRADE_OFF),
    Rule("TR10", without("given_up", roles=("given_up",))),
    Rule("ST3", without("reversal", roles=("reversal_condition",)), STRATEGY),
    Rule("ST4", without("switching"), STRATEGY),
    Rule("ST5", without("break_even"), STRATEGY),
    Rule("ST8", without("company_fit", "strengths"), STRATEGY),
    Rule("ST10", without("risk", "says_doubt"), STRATEGY),
)
LANDSCAPE = (
    Rule("ST1", no_rival),
    Rule("ST2", big_market),
    Rule("ST7", words_without("trends", "so_what")),
    Rule("ST8", no_strength),
)
OPTIONS = (
    Rule("ST2", big_market),
    Rule("ST4", without("switching")),
    Rule("ST5", without("break_even")),
    Rule("ST6", without("partner")),
    Rule("ST10", without("risk", roles=("names_risk",))),
    Rule("ST8", without("company_fit", "strengths")),
)
PLAN = (
    Rule("TR7", without("guardrail", "reversal", roles=("stop_rule",), near="stages")),
    Rule("ST5", without("break_even", near="stages")),
    Rule("ST10", without("risk", roles=("plan_risk",), near="stages")),
)
