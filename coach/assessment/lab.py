"""The lab's claim checker for one case, as the `check_numbers` that `assess_step` takes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from coach.assessment.context import plain
from metrics_lab.engine.claim import ClaimCheck, ClaimModel, check

CheckClaims = Callable[[str], Sequence[ClaimCheck]]


def _checker(model: ClaimModel) -> CheckClaims:
    def check_numbers(text: str) -> Sequence[ClaimCheck]:
        return check(text, model)

    return check_numbers


def for_case(case: Any) -> CheckClaims:
    """The checker of a `questions.case.Case`: its baselines, relations, names and bands.

    Raises:
        ModelError: the case's relations cannot be computed (its own checks prevent that).
    """
    raw = plain(case)
    baselines: Mapping[str, Mapping[str, Any]] = raw.get("baselines") or {}
    relations: Sequence[Mapping[str, Any]] = raw.get("relations") or ()
    named = [*baselines.items(), *((r["symbol"], r) for r in relations)]
    symbols = {
        symbol: {key: about.get(key) or "" for key in ("label", "unit")}
        | {"aliases": list(about.get("aliases") or ())}
        for symbol, about in named
    }
    return _checker(
        ClaimModel(
            values={symbol: float(about["value"]) for symbol, about in baselines.items()},
            symbols={s: {**about, "label": about["label"] or s.replace("_", " ")}
                     for s, about in symbols.items()},
            relations=[f"{r['symbol']} = {r['formula']}" for r in relations],
            plausible={s: about["band"] for s, about in baselines.items() if about.get("band")},
        )
    )  # fmt: skip
