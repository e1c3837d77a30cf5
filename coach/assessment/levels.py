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
from coach.assessment.detect.registry import look, states
from coach.assessment.grounding import Grounding, ground
from coach.assessment.moderation import Moderated, moderate
from coach.assessment.reading import Reading
from coach.assessment.rubric import level_word, load_rubric
from coach.assessment.signals import COUNTS, SIGNALS, count, counted
from coach.assessment.substance import substance
from coach.assessment.text import Span, span_of

LEVELS_FILE = Path(__file__).parent / "data" / "levels.yaml"
_COUNT = re.compile(r"^(~?\w+)>=(\d+)$")
NOT_ENOUGH = ", and did not find enough"
BESIDE = ", leaving out sentences that repeat something or would fit any case"
GENERIC = 2
DISTINCTIVE = 4
CERTAIN = frozenset(("kept_figure", "table", "anything", "baseline"))
"""Checks that look up figures or places, and no wording."""
UNSURE = 0.55
"""Below this confidence a person should see the work first."""


@dataclass(frozen=True)
class CriterionLevel:
    """A criterion's level, what decided it in words, and the student's words behind it.

    ``have`` is what its own conditions found, ``rest`` what moved the level. What the next level
    takes is asked for by rows.py, and only where nothing shows it.
    """

    id: str
    level: int
    have: str
    rest: str
    quote: Span | None
    roles: tuple[tuple[str, Span], ...] = ()
    """The learned roles that met its conditions, each with its most probable sentence."""
    own: int = 0
    """The level by the criterion's own conditions, before grounding."""
    firm: bool = True
    """Whether each condition was met by a count, a sure role, or role and wording in one place."""

    @property
    def why(self) -> str:
        """What decided the level, in a sentence that quotes the student where it can."""
        quoted = f'{self.have}, "{self.quote.quote}"' if self.quote else self.have
        return f"{quoted}; {self.rest}" if self.rest else quoted


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
    roles: tuple[tuple[str, Span], ...] = ()
    firm: bool = False


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
        return _Met(name[3:] in found, firm=True)
    counted = _COUNT.match(name)
    if counted and counted[1].startswith("~"):
        role = counted[1][1:]
        best = r.role(role)
        enough = best is not None and len(r.roles(role)) >= int(counted[2])
        return _role_met(role, best, r) if best and enough else _Met(False)
    if counted:
        key = counted[1]
        enough = count(r, key) >= int(counted[2])
        return _Met(enough, _span(key, r) if enough else None, firm=key in COUNTS)
    span = _span(name, r)
    if span and name.startswith("~"):
        return _role_met(name[1:], span, r)
    return _Met(span is not None, span, firm=name in CERTAIN)


def _role_met(role: str, span: Span, r: Reading) -> _Met:
    return _Met(True, span, ((role, span),), firm=span in r.roles(role, sure=True))


def _span(name: str, r: Reading) -> Span | None:
    if name.startswith("~"):
        return r.role(name[1:])
    if name in SIGNALS:
        return SIGNALS[name](r)
    if "+" in name:
        return r.together(*name.split("+"))
    return counted(r, name)


def _alternative(name: str, r: Reading, found: frozenset[str]) -> _Met:
    if name.startswith("not "):
        return _Met(not _simple(name[4:], r, found).met, firm=True)
    return _simple(name, r, found)


def _need(need: str, r: Reading, found: frozenset[str]) -> _Met:
    """Whether a need is met; quoted is a sentence with a learned role before words of a pattern."""
    results = [_alternative(name, r, found) for name in need.split(" | ")]
    met = [result for result in results if result.met]
    if not met:
        return _Met(False)
    roles = tuple(pair for result in met for pair in result.roles)
    said = [result.span for result in met if result.span and not result.roles]
    both = any(_overlap(span, words) for _, span in roles for words in said)
    firm = both or any(result.firm for result in met)
    return _Met(True, roles[0][1] if roles else met[0].span, roles, firm)


def _overlap(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end


def _tried(needs: Sequence[str], r: Reading, found: frozenset[str]) -> _Met:
    """Whether all needs are met, with the words of the first that has a role, or else any words."""
    results: list[_Met] = []
    for need in needs:
        result = _need(need, r, found)
        if not result.met:
            return _Met(False)
        results.append(result)
    roles = tuple(pair for result in results for pair in result.roles)
    spans = [result.span for result in results if result.span]
    firm = all(result.firm for result in results)
    return _Met(True, roles[0][1] if roles else next(iter(spans), None), roles, firm)


def _criterion(
    key: str, rules: Mapping[Any, Any], r: Reading, found: frozenset[str]
) -> CriterionLevel:
    for level in (4, 3, 2):
        tried = _tried(rules[level]["needs"], r, found)
        if tried.met:
            return CriterionLevel(
                key,
                level,
                rules[level].get("shown", rules[level]["have"]),
                "",
                tried.span,
                tried.roles,
                level,
                tried.firm,
            )
    have = f"looked for {rules['looked_for']}{NOT_ENOUGH}"
    return CriterionLevel(key, 1, have, "", None, own=1)


def _word(level: int) -> str:
    """A level inside a sentence: "solid"."""
    return level_word(level).split(",")[0]


def _grounded(
    criterion: CriterionLevel, g: Grounding, lifted: bool, beside: str = ""
) -> CriterionLevel:
    """A criterion after the grounding rules: lifted by figures, or held back by loose talk.

    ``lifted`` is False where nothing may be lifted, as after a mistake that is certain; ``beside``
    says which sentences were not counted.
    """
    rules = conditions()["grounding"]
    level, rest = criterion.level, criterion.rest
    for key in ("figures_throughout", "figures"):
        rule = rules[key]
        fits = level in rule["from_levels"] and criterion.id not in rule.get("not_for", ())
        if lifted and fits and level == criterion.level and g.holds(rule):
            level, rest = level + 1, f"raised to {_word(level + 1)}, as {rule['say']}"
    for key in ("loose", "few_figures"):
        rule = rules[key]
        if level > rule["at_most"] and g.holds(rule):
            level = rule["at_most"]
            rest = f"not {_word(level + 1)}, as {_counts_in_words(rule['say'], g, beside)}"
    return replace(criterion, level=level, rest=rest) if level != criterion.level else criterion


def _counts_in_words(say: str, g: Grounding, beside: str) -> str:
    """What was counted, each thing by its own words, and what was not."""
    loose = ", ".join(f'"{word}"' for word in g.loose)
    figures = " and ".join(f'"{figure}"' for figure in g.figures) or "none"
    return say.format(loose=loose, figures=figures, beside=beside)


def _told_once(judged: Sequence[CriterionLevel]) -> tuple[CriterionLevel, ...]:
    """The criteria with each ground for holding one back told at the first, and named after it."""
    told: set[str] = set()
    out = []
    for criterion in judged:
        word, _, ground_told = criterion.rest.partition(", as ")
        if ground_told and criterion.rest in told:
            criterion = replace(criterion, rest=f"{word}, for the same reason")
        told.add(criterion.rest)
        out.append(criterion)
    return tuple(out)


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


def moderated_level(median: int, whole: int, *, may_rise: bool) -> int:
    """The level by the whole, one from the criteria's median at most."""
    return min(max(whole, median - 1), median + 1 if may_rise else median)


def _moderated(median: int, m: Moderated, may_rise: bool) -> tuple[int, str]:
    """The level after moderation and why it moved, with the strongest evidence that is sure."""
    level = moderated_level(median, m.level, may_rise=may_rise)
    if level == median or (level > median and not m.has_good):
        return median, ""
    evidence = m.for_it if level > median else m.against_it
    moved = f"By its criteria alone this step is {_word(median)}. Read as a whole it is "
    return level, f"{moved}{_word(level)}: {evidence}." if evidence else f"{moved}{_word(level)}."


def _confidence_of(median: int, m: Moderated, confirmed: bool) -> float:
    """How often such a level was a person's own, authors and cases left out (n = 1,107)."""
    known = {(0, True): 0.74, (0, False): 0.65, (1, True): 0.59, (1, False): 0.48}
    base = known.get((abs(m.level - median), m.clear), 0.33)
    return round(base + (0.05 if confirmed else 0.0), 2)


def step_level(
    r: Reading,
    found: frozenset[str],
    certain: frozenset[str] = frozenset(),
    written: Reading | None = None,
) -> StepLevel:
    """The level of a step: its criteria's lower median, moderated by one, capped by a broken chain.

    A break that is stated caps at generic; one that is only asked about leaves the step below
    distinctive, and unsure: a question is no ground for two levels.

    Args:
        r: the reading of the step.
        found: ids of the mistakes found in it.
        certain: those of them that are stated; after one, nothing is lifted.
        written: the step with its padding: nothing that stands there is said to be missing.
    """
    rules, grounding = conditions()["levels"][r.step], ground(r)
    beside = BESIDE if written is not None and written is not r else ""
    judged = _told_once(
        [
            _grounded(_criterion(key, rules[key], r, found), grounding, not certain, beside)
            for key in load_rubric().criteria[r.step]
            if r.earlier or not rules[key].get("only_with_earlier")
        ]
    )
    values = [criterion.level for criterion in judged]
    level, confidence, why = lower_median(values), _confidence(values, r.confirmed), ""
    moderated = moderate(r, written or r)
    if moderated is not None:
        confidence = _confidence_of(level, moderated, r.confirmed)
        level, why = _moderated(level, moderated, not certain)
    broken = next((i for i in conditions()["cap_by_break"] if i in found), "")
    highest = GENERIC if broken in certain else DISTINCTIVE - 1
    if broken and level > highest:
        return StepLevel(highest, judged, min(confidence, UNSURE), True, broken)
    return StepLevel(level, judged, confidence, confidence < UNSURE, moderated=why)


def _as_written(judged: StepLevel, text: str) -> StepLevel:
    """The levels with quotes as the student wrote them, what was left out between them included."""
    criteria = (
        replace(c, quote=span_of(text, c.quote.start, c.quote.end)) if c.quote else c
        for c in judged.criteria
    )
    return replace(judged, criteria=tuple(criteria))


def has_stated(r: Reading) -> bool:
    """Whether a mistake in a step is certain; nothing is lifted after one."""
    return any(states(key, cue) for key, cue in look(r))


def level_of(r: Reading) -> StepLevel:
    """The level of a step as it was written: of its substance, with the mistakes found in that.

    What padding there is neither raises nor lowers it (substance.py).
    """
    bare = substance(r)
    cues = look(bare)
    certain = frozenset(key for key, cue in cues if states(key, cue))
    judged = step_level(bare, frozenset(key for key, _ in cues), certain, r)
    if bare is not r:
        found = frozenset(key for key, _ in look(r))
        criteria = tuple(_beside_padding(c, r, found) for c in judged.criteria)
        judged = replace(judged, criteria=criteria)
    return _as_written(judged, r.text)


def _beside_padding(criterion: CriterionLevel, r: Reading, found: frozenset[str]) -> CriterionLevel:
    """A criterion that the step as it was written meets better: it was there, and not counted.

    ``found`` are the mistakes of the step as it was written: what they hold down, padding does not.
    """
    rules = conditions()["levels"][r.step][criterion.id]
    if _criterion(criterion.id, rules, r, found).level <= criterion.own:
        return criterion
    if criterion.own > 1:
        return criterion
    have = f"looked for {rules['looked_for']}, and found it only in sentences that I did not count"
    return replace(criterion, have=have)


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
