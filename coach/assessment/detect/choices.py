"""Goal, analysis and decision of a trade-off; landscape, options and plan of a strategy."""

from __future__ import annotations

from coach.assessment.detect.rule import Cue, Detector, Rule, fact_slots, gap, hit
from coach.assessment.detect.summary import length, undecided
from coach.assessment.reading import Reading

LONG_ANALYSIS = 350
TRADE_OFF, STRATEGY = frozenset({"trade_off"}), frozenset({"strategy"})
SUCCESS = frozenset({"success_metrics"})


def without(*concepts: str, near: str = "choice") -> Detector:
    """A detector for a step in which none of the concepts occurs."""

    def detect(r: Reading) -> Cue | None:
        return None if r.has(*concepts) else gap(r, near)

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
    if filled or r.numbers:
        return None
    return gap(r, "both_sides", facts=fact_slots(r, "users", "revenue", "monthly", "share"))


def endless(r: Reading) -> Cue | None:
    """An analysis longer than anybody listens to."""
    words = length(r)
    return gap(r, "both_sides", count=str(words)) if words > LONG_ANALYSIS else None


def third_option(r: Reading) -> Cue | None:
    """A third way in place of the call."""
    return hit(r.first("avoid_call"))


def metrics_first(r: Reading) -> Cue | None:
    """A metric, and no word on what the product is for."""
    return None if r.has("value_for") else hit(r.first("metric_terms"))


def big_market(r: Reading) -> Cue | None:
    """A big market without a number."""
    return None if r.numbers else hit(r.first("big_market"))


def no_rival(r: Reading) -> Cue | None:
    """Nobody else serves these people."""
    filled = any(row.get("kind") == "rival" for row in r.rows)
    return None if filled or _names(r) else gap(r, "rivals", "strengths", "trends")


def _names(r: Reading) -> int:
    """Capitalized names inside sentences, other than the product and the company."""
    own = set(f"{r.context.product} {r.context.company}".split())
    found = {
        w for s in r.sentences for w in s.quote.split()[1:] if w[:1].isupper() and w[1:].islower()
    }
    return len({w.strip(".,;:()'\"") for w in found} - own - {"I", "We", "The"})


GOAL = (
    Rule("TR3", without("ecosystem", near="goal"), TRADE_OFF),
    Rule("SM1", metrics_first, SUCCESS),
)
ANALYSIS = (
    Rule("TR2", endless),
    Rule("TR3", without("ecosystem", near="both_sides")),
    Rule("TR4", no_size),
    Rule("TR5", without("long_term", near="both_sides")),
    Rule("TR6", without("user_groups", near="both_sides")),
    Rule("TR7", without("guardrail", "reversal", near="both_sides")),
    Rule("TR9", without("attribution", "test", "estimate", near="both_sides")),
)
DECISION = (
    Rule("TR1", undecided, TRADE_OFF),
    Rule("TR7", without("guardrail", "reversal"), TRADE_OFF),
    Rule("TR8", third_option, TRADE_OFF),
    Rule("TR9", without("attribution", "test", "estimate"), TRADE_OFF),
    Rule("TR10", without("given_up"), TRADE_OFF),
    Rule("ST3", without("reversal"), STRATEGY),
    Rule("ST4", without("switching"), STRATEGY),
    Rule("ST5", without("break_even"), STRATEGY),
    Rule("ST8", without("company_fit", "strengths"), STRATEGY),
    Rule("ST10", without("risk"), STRATEGY),
)
LANDSCAPE = (
    Rule("ST1", no_rival),
    Rule("ST2", big_market),
    Rule("ST7", words_without("trends", "so_what")),
    Rule("ST8", without("company_fit", "strengths", near="rivals")),
)
OPTIONS = (
    Rule("ST2", big_market),
    Rule("ST4", without("switching")),
    Rule("ST5", without("break_even")),
    Rule("ST6", without("partner")),
    Rule("ST8", without("company_fit", "strengths")),
)
PLAN = (
    Rule("ST5", without("break_even", near="stages")),
    Rule("ST10", without("risk", near="stages")),
)
