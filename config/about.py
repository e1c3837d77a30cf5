"""The page about the feedback: published conditions and measurements, as they are."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from coach.assessment.detect.registry import (
    PRECISION_FILE,
    asking,
    detected,
    strengths,
    undetected,
)
from coach.assessment.levels import conditions
from coach.assessment.levels import version as conditions_version
from coach.assessment.moderation import published
from coach.assessment.roles import model as learned_roles
from coach.assessment.rubric import load_rubric
from coach.selectors.agreement import FEWEST, agreement_with_coaches
from questions.case import STEP_TITLES
from questions.standing import ENOUGH_PEOPLE

_SLOT = re.compile(r"\{\w+\}")
SMALL = 20
"""Labelled texts below which a precision says little; also the fewest from which a rule states."""


def about_feedback(request: HttpRequest) -> HttpResponse:
    """Say what judges an answer, by which conditions, and how often it was right."""
    return render(request, "pages/feedback.html", about_context())


def privacy(request: HttpRequest) -> HttpResponse:
    """Say what is kept, who sees it, and where a text may go."""
    context = {"model_host": settings.LANGUAGE_MODEL.host, "enough_people": ENOUGH_PEOPLE}
    return render(request, "pages/privacy.html", context)


def about_context() -> dict[str, Any]:
    """Return the measurements by rule and the conditions by step, read from the data files."""
    measured = rules_measured()
    fired = [row for row in measured if row["n"]]
    return {
        "steps": steps_with_conditions(),
        "measured": measured,
        "measured_count": len(measured),
        "fired_count": len(fired),
        "stating": [row for row in measured if row["states"]],
        "largest_n": max((row["n"] for row in fired), default=0),
        "states_from": json.loads(PRECISION_FILE.read_text("utf-8"))["states_from"],
        "undetected": undetected_rows(),
        "rubric_version": load_rubric().version,
        "conditions_version": conditions_version(),
        "small": SMALL,
        "sentences": learned_roles().sentences,
        "other_authors": list(published()["measured"]["other_author"].values()),
        "coaches": agreement_with_coaches(),
        "fewest_reviews": FEWEST,
        "model_host": settings.LANGUAGE_MODEL.host,
        "model_name": settings.LANGUAGE_MODEL.name,
    }


def rules_measured() -> list[dict[str, Any]]:
    """Return every rule with its title, its precision in percent (None unmeasured) and its n."""
    table = json.loads(PRECISION_FILE.read_text("utf-8"))["rules"]
    mistakes, states = load_rubric().mistakes, strengths()
    rows = [
        {
            "id": key,
            "title": _SLOT.sub("a part", mistakes[key].title),
            "step": STEP_TITLES.get(mistakes[key].steps[0], ""),
            "asks": asking(key),
            **_figures(table.get(key, {}), states.get(key, "")),
        }
        for key in mistakes
        if key in detected()
    ]
    return sorted(rows, key=lambda row: (not row["states"], -row["n"]))


def _figures(row: Mapping[str, Any], strength: str) -> dict[str, Any]:
    """Return n and precision of what a rule states; of all its findings where it only asks."""
    shown = row.get("sure", {}) if strength == "sure" else row
    return {
        "n": shown.get("n", 0),
        "precision": _percent(shown.get("precision")),
        "states": bool(strength),
        "only_sure": strength == "sure",
    }


def undetected_rows() -> list[dict[str, str]]:
    """Return the mistakes of the rubric nothing looks for, with what stands in the way."""
    mistakes = load_rubric().mistakes
    return [
        {"id": key, "title": mistakes[key].title, "reason": reason}
        for key, reason in undetected().items()
        if key in mistakes
    ]


def steps_with_conditions() -> list[dict[str, Any]]:
    """Return the criteria of every step with what levels 2, 3 and 4 take, in words."""
    criteria = load_rubric().criteria
    return [
        {
            "title": STEP_TITLES[step],
            "criteria": [
                {
                    "name": criteria[step][key],
                    "looked_for": rules["looked_for"],
                    "generic": rules[2]["have"],
                    "solid": rules[3]["have"],
                    "distinctive": rules[4]["have"],
                }
                for key, rules in by_criterion.items()
            ],
        }
        for step, by_criterion in conditions()["levels"].items()
    ]


def _percent(share: float | None) -> int | None:
    return None if share is None else round(share * 100)
