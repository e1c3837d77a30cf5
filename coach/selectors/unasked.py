"""What a report may tell while the attempt is open: no figure that was not asked for.

The rules check numbers against every figure of the case; what a check may tell of them is decided
in ``metrics_lab.engine.claim.telling``.
"""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import replace

from coach.assessment.detect.claims import truth_words
from coach.assessment.report import Finding, NumberCheck, StepReport
from coach.models import Attempt, Feedback
from coach.services.ledger import told_symbols
from metrics_lab.engine.claim.result import Source
from metrics_lab.engine.claim.telling import told_steps

UNASKED = "unasked"
"""The verdict of a check that is held back, whether the number was right or wrong."""
HELD_BACK = "It rests on figures you have not asked for. The sum opens when you finish."


def report_of(attempt: Attempt, feedback: Feedback) -> StepReport:
    """Return a stored report, with the sums held back that tell what was not asked for."""
    return report_told(attempt, feedback, None)


def report_told(attempt: Attempt, feedback: Feedback, known: AbstractSet[str] | None) -> StepReport:
    """Return a stored report as ``report_of`` does, for a caller that has read the symbols that
    are ``known``; None reads them where they are needed."""
    report = StepReport.from_dict(feedback.report)
    if attempt.is_finished or not report.checks:
        return report
    return without_unasked(report, told_symbols(attempt) if known is None else known)


def without_unasked(report: StepReport, known: AbstractSet[str]) -> StepReport:
    """Return the report without the sums, and the words of findings, that rest on more than the
    figures that are ``known``, as symbols of the case."""
    told = [(check, _told(check, known)) for check in report.checks]
    held = [check for check, steps in told if steps is None]
    return replace(
        report,
        findings=tuple(_quiet(finding, held) for finding in report.findings),
        checks=tuple(
            _held_back(check) if steps is None else replace(check, steps=steps)
            for check, steps in told
        ),
    )


def _told(check: NumberCheck, known: AbstractSet[str]) -> tuple[str, ...] | None:
    """Return the steps that may be told; None as well where nothing says what they are made of."""
    if check.sources is None:
        return None
    return told_steps(check.steps, [Source(*source) for source in check.sources], known)


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
