"""What a report may tell while the attempt is open: no figure that was not asked for.

The rules check numbers against every figure of the case. Until the attempt is finished a student
could otherwise read the fact sheet by claiming any value and looking at the sum.
"""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from dataclasses import replace

from coach.assessment.detect.claims import truth_words
from coach.assessment.report import Finding, NumberCheck, StepReport
from coach.models import Attempt, Feedback, LedgerEntry
from metrics_lab.engine.claim.result import ClaimCheck

GIVEN = " (given)"
FROM_THE_CASE = (GIVEN, " = ", "The sum gives", "Those are the digits")
"""Marks of a step of a sum that is made of the case's own figures."""
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
    held = [check for check in report.checks if not may_be_told(check, given)]
    return replace(
        report,
        findings=tuple(_quiet(finding, held) for finding in report.findings),
        checks=tuple(_held_back(c) if c in held else c for c in report.checks),
    )


def may_be_told(check: NumberCheck | ClaimCheck, given: AbstractSet[str]) -> bool:
    """Whether the sum of a check rests on nothing but what was ``given``."""
    return not _tells(check) or _is_asked(check, given)


def _tells(check: NumberCheck | ClaimCheck) -> bool:
    return any(mark in step for step in check.steps for mark in FROM_THE_CASE)


def _is_asked(check: NumberCheck | ClaimCheck, given: AbstractSet[str]) -> bool:
    stated = [step for step in check.steps if step.endswith(GIVEN)]
    digits = any(step.startswith("Those are the digits") for step in check.steps)
    return bool(stated) and not digits and all(_line(step) in given for step in stated)


def _line(step: str) -> str:
    return step.removesuffix(GIVEN).casefold()


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
