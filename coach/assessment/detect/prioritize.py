"""Prioritize: criteria, numbers with a source, sums that hold, a decision with its price."""

from __future__ import annotations

import re
from collections import Counter

from coach.assessment import lexicon
from coach.assessment.chain import forgets_segment, option_names
from coach.assessment.detect import scores
from coach.assessment.detect.evidence import committed, omission
from coach.assessment.detect.rule import Cue, Rule, gap, hit
from coach.assessment.numbers import known
from coach.assessment.reading import Reading
from coach.assessment.text import normal, overlap, stems

_BY_MARK = re.compile(
    r"\b[A-D]\b[^'a-z]|(?:^|[\n.])\s*[1-9](?::| first|\.? [a-z])|"
    r"\b(?:[Nn]umber|[Nn]o\.|[Oo]ption|[Ii]dea) [1-9]\b"
)
"""Options that go by a letter or a number and not by their names."""
_MULTIPLIED = re.compile(r"\s*(?:[x×*/·]|times\b)\s*[$€£]?\d", re.IGNORECASE)
_OF_PEOPLE = re.compile(
    r"\b(?:reach|people|users|customers|visitors|members)\s*:\s*$", re.IGNORECASE
)
PRODUCT_DESIGN = frozenset({"product_design"})


def unsourced(r: Reading) -> Cue | None:
    """Scores whose numbers come from nowhere."""
    if r.confirmed and any(str(row.get("reach_from", "")).strip() for row in r.rows):
        return None
    scored = scores.read(r)
    if (scored or r.has("framework")) and len(r.numbers) >= 4 and not r.has("sourced"):
        return hit(scored[0].span if scored else r.first("framework"))
    return None


def not_applied(r: Reading) -> Cue | None:
    """A framework's name without values."""
    name = r.first("framework")
    if name is None or len(r.numbers) >= 2 or len(r.all("rating_words")) >= 2 or r.items.cells:
        return None
    return hit(name) if not scores.read(r) else None


def bad_sum(r: Reading) -> Cue | None:
    """A score worked out again."""
    for score in scores.read(r):
        if score.claimed is not None and abs(score.claimed - score.true) > 0.01 * abs(score.true):
            return hit(score.span, exact=True, extra=f"{score.true:,.6g}")
    return None


def off_scale(r: Reading) -> Cue | None:
    """Impact, confidence or effort off its scale."""
    for score in scores.read(r):
        fault = score.fault()
        if fault:
            return hit(score.span, exact=True, extra=fault)
    return None


def reach_too_large(r: Reading) -> Cue | None:
    """A reach above the largest population of the case."""
    people = [b for b in r.context.baselines if "%" not in b.display and "$" not in b.display]
    largest = max(people, key=lambda b: b.value, default=None)
    for score in scores.read(r):
        if largest and largest.value >= 1000 and score.reach > largest.value:
            return hit(score.span, exact=True, extra=largest.sentence)
    return None


def _is_worked_out(r: Reading, start: int, end: int) -> bool:
    """Whether a number is the result of a sum: behind a sign, or last in the row of a table.

    What is multiplied, or called a number of people, went into the sum.
    """
    if _MULTIPLIED.match(r.text[end:]) or _OF_PEOPLE.search(r.text[:start]):
        return False
    behind = re.search(r"(?:[=:≈→]|->|\bis|\bgives|\bscores?)[\s$€£|]*$", r.text[:start])
    line = r.text[end:].split("\n", 1)[0]
    last = r.items.form == "table" and not line.strip(" |\t")
    return behind is not None or last


def _digits(value: float) -> int:
    return len(f"{value:.10g}".replace(".", "").strip("0").lstrip("0"))


def false_precision(r: Reading) -> Cue | None:
    """More than three digits on a number the case does not give."""
    for n in r.numbers:
        guessed = n.value is not None and n.value >= 1000 and _digits(n.value) > 3
        if guessed and n.value is not None and not known(n.value, r.context.figures):
            shown = r.text[n.start : n.end]
            if _is_worked_out(r, n.start, n.end):
                continue
            if len(re.sub(r"[^1-9]", "", shown)) > 3:
                return hit(r.around(n.start, n.end))
    return None


def all_high(r: Reading) -> Cue | None:
    """More than four of five cells say the same."""
    cells = [normal(c.quote) for row in r.items.cells for c in row[1:]]
    if len(cells) < 4:
        return hit(r.together("all_of_them", "rating_words"))
    word, most = Counter(cells).most_common(1)[0]
    same = most > 0.8 * len(cells) and not word.replace(".", "").isdigit()
    return gap(r, "rating_words", exact=r.items.form == "table") if same else None


def unrated(r: Reading) -> Cue | None:
    """An option of Solutions that is not named here, or a row with empty cells."""
    rows = [row for row in r.rows if r.confirmed and not str(row.get("effort", "")).strip()]
    if rows:
        return gap(r, "rating_words", exact=True, extra=str(rows[0].get("solution", "")))
    if _BY_MARK.search(r.text):
        return None
    for name in option_names(r.earlier.get("solutions")):
        if len(stems(name)) >= 1 and overlap(stems(name), r.stems) == 0:
            return gap(r, "rating_words", "choice", extra=f'"{name}"')
    return None


def not_the_top(r: Reading) -> Cue | None:
    """The chosen one is not the top score, and no word says why."""
    scored = [s for s in scores.read(r) if s.claimed is not None]
    choice = r.first("choice")
    if len(scored) < 2 or choice is None or r.has("compare", "sensitivity"):
        return None
    top = max(scored, key=lambda s: s.claimed or 0.0)
    named = [s for s in scored if overlap(stems(s.name), stems(choice.quote)) >= 0.5]
    return hit(choice, extra=top.name) if named and top not in named else None


def no_decision(r: Reading) -> Cue | None:
    """All of them, or none."""
    chosen = any(row.get("chosen") for row in r.rows)
    if r.confirmed and r.rows:
        return None if chosen or r.has("choice") else gap(r, exact=True)
    worded = None if r.has("cut") else r.first("all_of_them")
    everything = committed(r, "decides_everything", worded, unless=("decides",))
    if everything:
        return hit(everything.span, sure=everything.sure)
    return omission(r, "decides", worded=chosen or r.has("choice"))


def nothing_cut(r: Reading) -> Cue | None:
    """Nothing is left out."""
    filled = r.confirmed and str(r.artefact.get("cut", "")).strip()
    near = ("choice", "all_of_them")
    return None if filled else omission(r, "cuts", worded=r.has("cut"), near=near)


def goal_missing(r: Reading) -> Cue | None:
    """No word of the goal named in Clarify."""
    clarify = r.earlier.get("clarify")
    goal = clarify.together("goal", "goal_metric") if clarify else None
    if goal is None and clarify is None:
        return omission(r, worded=r.has("goal", "goal_metric"), near=("criteria", "choice"))
    if goal is None or stems(goal.quote) & r.stems:
        return None
    return gap(r, "criteria", extra=goal.quote)


def segment_forgotten(r: Reading) -> Cue | None:
    """The chosen people do not come up, others do."""
    chosen = forgets_segment(r)
    return gap(r, "choice", chosen=chosen.label) if chosen else None


def no_first_users(r: Reading) -> Cue | None:
    """Product design: nobody to begin with, here or before."""
    steps = (r, *r.earlier.values())
    told = any(s.has("first_users", "test") or s.role("cheap_test") for s in steps)
    return None if told else gap(r, "choice")


def everything_in_first_version(r: Reading) -> Cue | None:
    """Product design: the first version leaves out nothing."""
    return nothing_cut(r) if lexicon.has("cut", r.text) is False else None


RULES = (
    Rule("PR1", unsourced),
    Rule("PR2", not_applied),
    Rule("PR3", bad_sum),
    Rule("PR4", off_scale),
    Rule("PR5", reach_too_large),
    Rule("PR6", false_precision),
    Rule("PR7", all_high),
    Rule("PR8", unrated),
    Rule("PR9", not_the_top),
    Rule("PR10", no_decision),
    Rule("PR11", nothing_cut),
    Rule("PR12", goal_missing),
    Rule("SEG12", segment_forgotten),
    Rule("PD2", everything_in_first_version, PRODUCT_DESIGN),
    Rule("PD3", no_first_users, PRODUCT_DESIGN),
)
