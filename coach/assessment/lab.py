"""The lab's claim checker for one case, as the `check_numbers` that `assess_step` takes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from coach.assessment.context import plain
from metrics_lab.engine.claim import ClaimCheck, ClaimModel, check
from metrics_lab.engine.claim.case import model_of_case

CheckClaims = Callable[[str], Sequence[ClaimCheck]]
# The parts of a case that tell figures besides its baselines.
_TELLING = (
    "facts", "readings", "scenarios", "north_star_candidates", "drivers", "guardrails",
    "experiment", "pretotype",
)  # fmt: skip


def claim_model(case: Any) -> ClaimModel:
    """Return the numbers of a `questions.case.Case`, and every figure it tells."""
    raw = plain(case)
    told = [raw[part] for part in _TELLING if raw.get(part)]
    return model_of_case(raw.get("baselines") or {}, raw.get("relations") or (), told)


def checker(model: ClaimModel, *, answer: bool = False) -> CheckClaims:
    """Return a function that checks the numbers of a text against a model.

    An `answer` to a step is read more carefully than a sentence somebody asks about.
    """
    return lambda text: check(text, model, answer=answer)


def for_case(case: Any) -> CheckClaims:
    """Return the checker of answers to a `questions.case.Case`.

    Raises:
        ModelError: the case's relations cannot be computed (its own checks prevent that).
    """
    return checker(claim_model(case), answer=True)
