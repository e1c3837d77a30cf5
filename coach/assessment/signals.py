"""Named checks the level conditions rest on; each returns the words it found, or None.

A condition that is no name here is a family of wording (lexicon), two of them in one sentence
("a+b"), a count ("a>=2"), a finding ("id ME4") or the absence of one of these ("not a").
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from coach.assessment import lexicon
from coach.assessment.detect import clarify, metrics, pain_points, segment, solutions, summary
from coach.assessment.detect.rule import units
from coach.assessment.numbers import numbers
from coach.assessment.reading import Reading
from coach.assessment.text import Span, stems

Signal = Callable[[Reading], Span | None]


def _goal_figure(r: Reading) -> Span | None:
    spans = [*r.all("goal"), *r.all("goal_metric")]
    return next(
        (s for s in spans if numbers(s.quote) and lexicon.has("goal_metric", s.quote)), None
    )


def _goal_number(r: Reading) -> Span | None:
    """A goal as a number to come to: "the goal is to be back at 6 percent"."""
    return next((s for s in r.all("says_goal") if numbers(s.quote)), None)


def _assume_figure(r: Reading) -> Span | None:
    grounds = ("business", "reason")
    return next(
        (s for s in r.all("assume")
         if numbers(s.quote) or any(lexicon.has(g, s.quote) for g in grounds)),
        None,
    )  # fmt: skip


def _choice_made(r: Reading) -> Span | None:
    found = r.first("choice")
    return found or (r.near() if any(row.get("chosen") for row in r.rows) else None)


def _choice_reasoned(r: Reading) -> Span | None:
    return _choice_made(r) if segment.has_reason(r) else None


def _all_features(r: Reading) -> Span | None:
    """Most pains are missing features."""
    found = [u for u in units(r) if lexicon.has("missing_feature", u.quote)]
    return found[0] if found and 2 * len(found) > len(units(r)) else None


def _ranked(r: Reading) -> Span | None:
    span = pain_points.ranking_sentence(r)
    return span if span and pain_points._grounds(r, span) else None


def _goal_tie(r: Reading) -> Span | None:
    """A criterion that is an outcome: the goal of Clarify, or a goal word here."""
    before = r.earlier.get("clarify")
    goal = before.together("goal", "goal_metric") if before else None
    own = stems(goal.quote) - stems(r.context.product) if goal else frozenset()
    named = next((s for s in r.telling if own & stems(s.quote)), None)
    return named or r.first("goal_metric", "goal", "value_for")


def _criteria_named(r: Reading) -> Span | None:
    return r.first("criterion_terms")


def _every_option(r: Reading) -> Span | None:
    return r.near("rating_words", "criterion_terms")


def _primary_defined(r: Reading) -> Span | None:
    if not metrics.has_primary(r):
        return None
    return r.together("primary", "definition") or r.first("definition", "metric_word")


def _guardrail_set(r: Reading) -> Span | None:
    return r.first("guardrail") or (r.near() if metrics.has_guardrail(r) else None)


def _guardrail_figure(r: Reading) -> Span | None:
    return next((s for s in r.all("guardrail") if numbers(s.quote)), None)


def _target_reason(r: Reading) -> Span | None:
    sums = re.compile(r"\d\s?[x×*]\s?\d|=\s?[$\d]|\bx\b.*=", re.IGNORECASE)
    worked = next((s for s in r.telling if sums.search(s.quote)), None)
    return worked or r.together("reason", "estimate") or r.together("target", "reason")


def _from_to(r: Reading) -> Span | None:
    values = {n.value for s in r.all("target") for n in numbers(s.quote) if n.value is not None}
    return metrics.target(r) if len(values) >= 2 or r.baseline_number else None


def _kept_figure(r: Reading) -> Span | None:
    known = {n.value for e in r.earlier.values() for n in e.numbers if n.value and n.value > 1}
    return next((r.around(n.start, n.end) for n in r.numbers if n.value in known), None)


def _table(r: Reading) -> Span | None:
    return r.items.spans[0] if r.items.form == "table" else None


def _anything(r: Reading) -> Span | None:
    return r.near()


SIGNALS: Mapping[str, Signal] = {
    "goal_figure": _goal_figure,
    "goal_number": _goal_number,
    "assume_figure": _assume_figure,
    "choice_made": _choice_made,
    "choice_reasoned": _choice_reasoned,
    "all_features": _all_features,
    "ranked_with_grounds": _ranked,
    "goal_tie": _goal_tie,
    "criteria_named": _criteria_named,
    "every_option": _every_option,
    "primary_defined": _primary_defined,
    "guardrail_set": _guardrail_set,
    "guardrail_figure": _guardrail_figure,
    "target_figure": metrics.target,
    "target_reason": _target_reason,
    "from_to": _from_to,
    "kept_figure": _kept_figure,
    "table": _table,
    "anything": _anything,
    "baseline": lambda r: r.baseline_number,
}


def _distinct(r: Reading, concept: str) -> int:
    """How many different phrases of a concept a step uses, in its telling sentences."""
    return len({m.lower() for s in r.telling for m in lexicon.matches(concept, s.quote)})


def _strong_effects(r: Reading) -> int:
    found = [q for q in clarify.questions(r) if lexicon.has("effect", clarify._after(r, q))]
    return len(found)


COUNTS: Mapping[str, Callable[[Reading], int]] = {
    "questions": lambda r: len(clarify.questions(r)),
    "effects": _strong_effects,
    "groups": lambda r: max(len(segment.labels(r)), min(_distinct(r, "behavior"), 2)),
    "sizes": lambda r: len(r.numbers),
    "ideas": solutions.count,
    "parts": lambda r: len(summary.present(r)),
    "units": lambda r: len(units(r)),
    "criteria_named": lambda r: max(_distinct(r, "criterion_terms"), len(r.items.header) - 1),
    "criterion_terms": lambda r: _distinct(r, "criterion_terms"),
    "rating_words": lambda r: len(
        [m for s in r.telling for m in lexicon.matches("rating_words", s.quote)]
    ),
}


def counted(r: Reading, name: str) -> Span | None:
    """The first of the things that a check of COUNTS counts; None where it counts no words."""
    if name in ("questions", "effects"):
        return next(iter(clarify.questions(r)), None)
    if name in ("units", "ideas"):
        return next(iter(units(r)), None)
    if name == "sizes":
        return r.around(r.numbers[0].start, r.numbers[0].end) if r.numbers else None
    concepts = {"groups": "behavior", "parts": "bet", "criteria_named": "criterion_terms"}
    return r.first(concepts.get(name, name)) or (r.near() if name in COUNTS else None)


def count(r: Reading, name: str) -> int:
    """How often a named thing occurs: a check of COUNTS, else different clauses of a concept."""
    return COUNTS[name](r) if name in COUNTS else len(r.all(name))
