"""What a report may tell while the attempt is open: no figure that was not asked for.

The rules check numbers against every figure of the case. Until the attempt is finished a student
could otherwise read the fact sheet by claiming any value and looking at the sum.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace

from coach.assessment.detect.claims import truth_words
from coach.assessment.report import Finding, NumberCheck, StepReport
from coach.models import Attempt, Feedback, LedgerEntry
from metrics_lab.engine.claim.result import ClaimCheck

GIVEN, SUPPOSED, SUM = " (given)", " (supposed)", "The sum gives"
FROM_THE_CASE = (GIVEN, " = ", SUM, "igits ", " today", " would go from ")
"""Marks of a step of a sum that may be made of the case's own figures."""
IN_A_SUM = 3
"""Signs of a sum of the case: label = formula = numbers = value."""
_ONE_FIGURE = tuple(
    re.compile(pattern)
    for pattern in (
        r"(.+) is .+ today(?:\.|; .+)",
        r"(.+) would go from .+ to .+\.",
        r"those are the digits of the (.+)\.",
        r"the digits are those of the (.+), which is .+\.",
    )
)
"""Steps that tell one figure of the case, with its label."""
_NUMBERS = re.compile(r"[§\d.,%\s()+×/^-]*")
_SIDE_BY_SIDE = re.compile(r"[§\d]\s+[§\d]")
UNASKED = "unasked"
"""The verdict of a check that is held back, whether the number was right or wrong."""
HELD_BACK = "It rests on figures you have not asked for. The sum opens when you finish."


def report_of(attempt: Attempt, feedback: Feedback) -> StepReport:
    """Return a stored report, with the sums held back that tell what was not asked for."""
    return report_told(attempt, feedback, None)


def report_told(attempt: Attempt, feedback: Feedback, given: AbstractSet[str] | None) -> StepReport:
    """Return a stored report as ``report_of`` does, for a caller that knows what was ``given``;
    None reads it where it is needed."""
    report = StepReport.from_dict(feedback.report)
    if attempt.is_finished or not any(_tells(check) for check in report.checks):
        return report
    if given is None:
        facts = attempt.ledger.filter(kind=LedgerEntry.FACT).values_list("label", "value")
        given = given_lines(facts)
    return without_unasked(report, given)


def given_lines(facts: Iterable[tuple[str, str]]) -> AbstractSet[str]:
    """Return "label: value" of the figures the student was given."""
    return frozenset(f"{label}: {value}".casefold() for label, value in facts)


def without_unasked(report: StepReport, given: AbstractSet[str]) -> StepReport:
    """Return the report without the sums, and the words of findings, that rest on more than
    ``given``."""
    told = [(check, told_steps(check, given)) for check in report.checks]
    held = [check for check, steps in told if steps is None]
    return replace(
        report,
        findings=tuple(_quiet(finding, held) for finding in report.findings),
        checks=tuple(
            _held_back(check) if steps is None else replace(check, steps=steps)
            for check, steps in told
        ),
    )


def may_be_told(check: NumberCheck | ClaimCheck, given: AbstractSet[str]) -> bool:
    """Whether the sum of a check rests on nothing but what was ``given``."""
    return told_steps(check, given) is not None


def told_steps(check: NumberCheck | ClaimCheck, given: AbstractSet[str]) -> tuple[str, ...] | None:
    """Return the steps of a check that were ``given`` or follow from it; None when some do not.

    A figure that was given as it is stands without the figures it is made of.
    """
    if not _tells(check):
        return check.steps
    labels = frozenset(line.rpartition(": ")[0] for line in given)
    if not all(_is_known(step.casefold(), given, labels) for step in check.steps):
        return None
    sums = [step for step in check.steps if step.count(" = ") == IN_A_SUM]
    if not sums and any(step.startswith(SUM) for step in check.steps):
        return check.steps if any(step.endswith(GIVEN) for step in check.steps) else None
    supposed = any(step.endswith(SUPPOSED) for step in check.steps)
    told = _told_sums(sums, frozenset() if supposed else given, labels)
    if told is None:
        return None
    steps = (told.get(step, step if step not in sums else "") for step in check.steps)
    return tuple(filter(None, steps))


def _tells(check: NumberCheck | ClaimCheck) -> bool:
    return any(mark in step for step in check.steps for mark in FROM_THE_CASE)


def _is_known(step: str, given: AbstractSet[str], labels: AbstractSet[str]) -> bool:
    """Whether a step that is no sum of the case tells only figures with one of the ``labels``."""
    if step.endswith(GIVEN):
        return step.removesuffix(GIVEN) in given
    if step.endswith(SUPPOSED):  # it may be reckoned from the figure of today
        return step.rpartition(": ")[0] in labels
    if " = " in step and step.count(" = ") != IN_A_SUM:
        return _operands(step.partition(" = ")[0], labels) is not None
    found = next(filter(None, (pattern.fullmatch(step) for pattern in _ONE_FIGURE)), None)
    return found is None or found[1] in labels


def _told_sums(
    sums: Sequence[str], given: AbstractSet[str], labels: AbstractSet[str]
) -> dict[str, str] | None:
    """Return how each sum that leads to the last may be told; None when one may not be."""
    parts = {step: [part.casefold() for part in step.split(" = ")] for step in sums}
    derived = frozenset(label for label, *_ in parts.values())
    needed, told = {parts[sums[-1]][0]} if sums else set(), {}
    for step in reversed(sums):
        label, formula, _, value = parts[step]
        if label not in needed:
            continue
        operands = _operands(formula, labels | derived)
        if operands is not None and operands & derived <= _reached(parts, given, labels):
            needed |= operands & derived
            told[step] = step
        elif f"{label}: {value}" in given:
            name, _, _, shown = step.split(" = ")
            told[step] = f"{name}: {shown}{GIVEN}"
        else:
            return None
    return told


def _reached(
    parts: Mapping[str, Sequence[str]], given: AbstractSet[str], labels: AbstractSet[str]
) -> AbstractSet[str]:
    """Return the labels of the sums that were given or follow from what was; sums are in order."""
    reached: set[str] = set()
    for label, formula, _, value in parts.values():
        if f"{label}: {value}" in given or _operands(formula, labels | reached) is not None:
            reached.add(label)
    return reached


def _operands(formula: str, labels: AbstractSet[str]) -> AbstractSet[str] | None:
    """Return the ``labels`` a formula is made of; None when it has others as well."""
    found, left = set(), formula
    for label in sorted(labels, key=len, reverse=True):
        bare = re.sub(rf"(?<!\w){re.escape(label)}(?!\w)", "§", left) if label else left
        if bare != left:
            found.add(label)
            left = bare
    whole = _NUMBERS.fullmatch(left) and not _SIDE_BY_SIDE.search(left)
    return found if whole else None


def _held_back(check: NumberCheck) -> NumberCheck:
    return replace(
        check, verdict=UNASKED, error=None, truth=None, truth_unit=None, steps=(HELD_BACK,)
    )


def _quiet(finding: Finding, held: list[NumberCheck]) -> Finding:
    for check in held:
        if words := truth_words(check):
            finding = replace(
                finding,
                why=finding.why.replace(words, "").strip(),
                question=finding.question.replace(words, "").strip(),
                rewrite=finding.rewrite.replace(words, "").strip(),
            )
    return finding
