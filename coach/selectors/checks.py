"""The number check of a step, as the report shows it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from coach.assessment.report import NumberCheck, StepReport
from coach.selectors.unasked import UNASKED

ERROR_WORDS = {
    "points_for_percent": "points read as percent",
    "wrong_base": "wrong base",
    "ratio_for_lift": "a ratio read as a lift",
    "upside_down": "upside down",
    "added_not_compounded": "added, not multiplied",
    "one_lever_only": "one of two levers",
    "revenue_for_gmv": "revenue and merchandise value",
    "buyers_for_visitors": "buyers and visitors",
    "spend_per_buyer_for_order_value": "spend per buyer and order value",
    "scale": "thousands and millions",
    "unit": "another unit",
    "period": "another period",
    "implausible_target": "hard to believe",
    "rice_arithmetic": "the RICE sum",
    "sample_size": "too few people",
}
"""Named wrong readings. An error without a name is shown as a question: the reading may be ours."""


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
