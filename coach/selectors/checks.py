"""The number check of a step, as the report shows it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from coach.assessment.report import NumberCheck, StepReport
from coach.selectors.unasked import UNASKED
from metrics_lab.words import ERROR_WORDS


def checks_of(report: StepReport | None) -> dict[str, list[dict[str, Any]]]:
    """Return ``open`` (to look at) and ``right`` checks of a step."""
    rows = [_row(check) for check in (report.checks if report and not report.gate else ())]
    return {
        "open": [row for row in rows if row["kind"] != "good"],
        "right": [row for row in rows if row["kind"] == "good"],
    }


def _row(check: NumberCheck) -> dict[str, Any]:
    named = ERROR_WORDS.get(check.error or "")
    kind, label = "good", "Right"
    if check.verdict == "close":
        label = "Close"
    elif check.verdict == UNASKED:
        kind, label = "neutral", "Not asked for"
    elif check.verdict == "ambiguous":
        kind, label = "question", "Two readings"
    elif check.verdict == "wrong":
        is_sure = named and check.certain
        kind, label = ("wrong", f"Wrong: {named}") if is_sure else ("question", "A question")
    return {"quote": check.quote, "kind": kind, "label": label, "steps": _steps(check.steps)}


def _steps(steps: Sequence[str]) -> list[str]:
    return [step[:1].upper() + step[1:] for step in steps]
