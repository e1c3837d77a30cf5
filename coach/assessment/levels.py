"""Levels by ordered, published conditions (data/levels.yaml); no model is asked for a number."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from coach.assessment.data_file import read_yaml
from coach.assessment.grounding import Grounding, ground
from coach.assessment.moderation import Moderated, moderate
from coach.assessment.reading import Reading
from coach.assessment.rubric import level_word, load_rubric
from coach.assessment.signals import SIGNALS, count, counted
from coach.assessment.text import Span

LEVELS_FILE = Path(__file__).parent / "data" / "levels.yaml"
_COUNT = re.compile(r"^(~?\w+)>=(\d+)$")
GENERIC = 2
UNSURE = 0.55
"""Below this confidence a person should see the work first."""


@dataclass(frozen=True)
class CriterionLevel:
    """A criterion's level, what decided it in words, and the student's words behind it."""

    id: str
    level: int
    why: str
    quote: Span | None


@dataclass(frozen=True)
class StepLevel:
    """A step's level with how it came about; `unsure` marks work a human should see first."""

    level: int
    criteria: tuple[CriterionLevel, ...]
    confidence: float
    unsure: bool
    capped_by: str = ""
    moderated: str = ""


@dataclass(frozen=True)
class _Met:
    met: bool
    span: Span | None = None


@lru_cache(maxsize=1)
def conditions() -> Mapping[str, Any]:
    """The published conditions, as in the data file."""
    raw: dict[str, Any] = read_yaml(LEVELS_FILE.read_text("utf-8"))
    return raw


def version() -> str:
    """A short hash of the conditions, part of the rules' version."""
    return hashlib.sha256(LEVELS_FILE.read_bytes()).hexdigest()[:8]


def lower_median(values: Sequence[int]) -> int:
    """The lower of the two middle values for an even count.

    Raises:
        ValueError: no values.
    """
    if not values:
        raise ValueError("no levels to take the median of")
    return sorted(values)[(len(values) - 1) // 2]


def _simple(name: str, r: Reading, found: frozenset[str]) -> _Met:
    if name.startswith("id "):
        return _Met(name[3:] in found)
    counted = _COUNT.match(name)
    if counted and counted[1].startswith("~"):
        spans = r.roles(counted[1][1:])
        return _Met(len(spans) >= int(counted[2]), spans[0] if spans else None)
    if counted:
        key = counted[1]
        enough = count(r, key) >= int(counted[2])
        return _Met(enough, _span(key, r) if enough else None)
    span = _span(name, r)
    return _Met(span is not None, span)


def _span(name: str, r: Reading) -> Span | None:
    if name.startswith("~"):
        return r.role(name[1:])
    if name in SIGNALS:
        return SIGNALS[name](r)
    if "+" in name:
        return r.together(*name.split("+"))
    return counted(r, name)


def _need(need: str, r: Reading, found: frozenset[str]) -> _Met:
    for alternative in need.split(" | "):
        if alternative.startswith("not "):
            result = _Met(not _simple(alternative[4:], r, found).met)
        else:
            result = _simple(alternative, r, found)
        if result.met:
            return result
    return _Met(False)


def _tried(needs: Sequence[str], r: Reading, found: frozenset[str]) -> tuple[bool, Span | None]:
    spans: list[Span] = []
    for need in needs:
        result = _need(need, r, found)
        if not result.met:
            return False, None
        if result.span:
            spans.append(result.span)
    return True, spans[0] if spans else None


def _words(level: int, rules: Mapping[Any, Any], span: Span | None) -> str:
    """What decided the level, in words that quote the student where there is something to quote."""
    above = rules.get(level + 1)
    lack = (
        f"not {level_word(level + 1).split(',')[0]}, as {above['lack']}"
        if above and "lack" in above
        else ""
    )
    if level == 1:
        return f"looked for {rules['looked_for']}, and found nothing that counts"
    have = rules[level]["have"] + (f', "{span.quote}"' if span else "")
    return f"{have}; {lack}" if lack else have


def _criterion(
    key: str, rules: Mapping[Any, Any], r: Reading, found: frozenset[str]
) -> CriterionLevel:
    for level in (4, 3, 2):
        met, span = _tried(rules[level]["needs"], r, found)
        if met:
            return CriterionLevel(key, level, _words(level, rules, span), span)
    return CriterionLevel(key, 1, _words(1, rules, None), None)


def _found(why: str) -> str:
    """The first half of what decided a level: what was found, without what was lacking."""
    return why.split("; not ")[0]


def _grounded(criterion: CriterionLevel, g: Grounding, lifted: bool) -> CriterionLevel:
    """A criterion after the grounding rules: lifted by figures, or held back by loose talk.

    ``lifted`` is False where nothing may be lifted, as after a mistake that is certain.
    """
    rules = conditions()["grounding"]
    level, why = criterion.level, criterion.why
    for key in ("figures_throughout", "figures"):
        rule = rules[key]
        fits = level in rule["from_levels"] and criterion.id not in rule.get("not_for", ())
        if lifted and fits and level == criterion.level and g.holds(rule):
            level, why = level + 1, f"{_found(why)}; {level_word(level + 1)}, as {rule['say']}"
    for key in ("loose", "few_figures"):
        rule = rules[key]
        if level > rule["at_most"] and g.holds(rule):
            level = rule["at_most"]
            why = f"{_found(why)}; not {level_word(level + 1).split(',')[0]}, as {rule['say']}"
    return replace(criterion, level=level, why=why) if level != criterion.level else criterion


def _confidence(levels: Sequence[int], confirmed: bool) -> float:
    """Agreement of the criteria: 0.9 all, 0.75 if no single one can move the median, else 0.55."""
    median = lower_median(levels)
    if len(set(levels)) == 1:
        base = 0.9
    else:
        moved = {
            lower_median([*levels[:i], min(max(level + step, 1), 4), *levels[i + 1 :]])
            for i, level in enumerate(levels)
            for step in (-1, 1)
        }
        base = 0.75 if moved == {median} else 0.55
    return round(min(base + (0.05 if confirmed else 0.0), 0.95), 2)


def _moderated(median: int, m: Moderated, may_rise: bool) -> tuple[int, str]:
    """The level after moderation, one from the criteria's median at most, and why it moved."""
    highest = median + 1 if may_rise else median
    level = min(max(m.level, median - 1), highest)
    evidence = m.for_it if level > median else m.against_it
    if level == median or not evidence:
        return median, ""
    by_criteria, whole = (level_word(v).split(",")[0] for v in (median, level))
    return level, (
        f"By its criteria alone this step is {by_criteria}. "
        f"Read as a whole it is {whole}: it has {evidence}."
    )


def _confidence_of(median: int, m: Moderated, confirmed: bool) -> float:
    """How often such a level was a person's own, measured on authors left out (n = 429)."""
    known = {(0, True): 0.75, (0, False): 0.67, (1, True): 0.58}
    base = known.get((abs(m.level - median), m.clear), 0.33)
    return round(base + (0.05 if confirmed else 0.0), 2)


def step_level(
    r: Reading, found: frozenset[str], certain: frozenset[str] = frozenset()
) -> StepLevel:
    """The level of a step: its criteria's lower median, moderated by one, capped by a broken chain.

    Args:
        r: the reading of the step.
        found: ids of the mistakes found in it.
        certain: those of them that are stated; after one, nothing is lifted.
    """
    rules = conditions()["levels"][r.step]
    grounding = ground(r)
    judged = tuple(
        _grounded(_criterion(key, rules[key], r, found), grounding, not certain)
        for key in load_rubric().criteria[r.step]
        if r.earlier or not rules[key].get("only_with_earlier")
    )
    values = [criterion.level for criterion in judged]
    level, confidence, why = lower_median(values), _confidence(values, r.confirmed), ""
    moderated = moderate(r)
    if moderated is not None:
        confidence = _confidence_of(level, moderated, r.confirmed)
        level, why = _moderated(level, moderated, not certain)
    broken = next((i for i in conditions()["cap_by_break"] if i in found), "")
    if broken and level > GENERIC:
        return StepLevel(GENERIC, judged, min(confidence, UNSURE), True, broken)
    return StepLevel(level, judged, confidence, confidence < UNSURE, moderated=why)


def whole_level(steps: Mapping[str, int]) -> tuple[int, str]:
    """The level of the whole and the core step that caps it ("" when none does).

    Raises:
        ValueError: no steps.
    """
    level = lower_median(list(steps.values()))
    core = next(
        (s for s, value in steps.items() if value == 1 and s in load_rubric().core_steps), ""
    )
    return (min(level, GENERIC), core) if core and level > GENERIC else (level, "")
