"""Judge the engine on a file of worked examples or claims; pure: a mapping in, a mapping out."""

import time
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from metrics_lab.engine.catalogue.evaluation import evaluate_kpis
from metrics_lab.engine.claim import ClaimModel, check, worst
from metrics_lab.engine.claim.result import RANK

__all__ = ["evaluate_claims", "evaluate_kpis"]

Json = dict[str, Any]


def evaluate_claims(data: Mapping[str, Any]) -> Json:
    """Return {"summary", "items"} over labelled claims; raise ValueError if the form is not right.

    `data` is {"baselines": {id: {"values", "symbols", "relations", "plausible"}}, "claims":
    [{"baseline", "text", "verdict", "error"}]}. Rates are fractions, None where n is 0.

    `ms` of an item is the clock's time, measured once, of reading and judging its sentence, with
    nothing kept of other texts but the case's values after levers that were asked for before.
    Building the model of a case is not in it: that is done once a case, before the first sentence.
    `ms_p50` and `ms_p95` are percentiles over the items.
    """
    models = _claim_models(data)
    items = [_claim_item(claim, models) for claim in _claims(data, models)]
    wrong = [item for item in items if item["expected"] == item["verdict"] == "wrong"]
    times = sorted(item["ms"] for item in items)
    return {
        "summary": {
            "n": len(items),
            "verdict_accuracy": _rate(item["expected"] == item["verdict"] for item in items),
            "error_accuracy": _rate(item["expected_error"] == item["error"] for item in wrong),
            "error_n": len(wrong),
            "wrong_called_correct": sum(
                item["expected"] == "wrong" and item["verdict"] == "correct" for item in items
            ),
            "confusion": _confusion(items),
            "ms_p50": _percentile(times, 0.5),
            "ms_p95": _percentile(times, 0.95),
        },
        "items": items,
    }


def _claim_models(data: Mapping[str, Any]) -> dict[str, ClaimModel]:
    if not isinstance(data, Mapping) or not isinstance(data.get("baselines"), Mapping):
        raise ValueError("The file must hold an object with “baselines” and “claims”.")
    return {str(name): _claim_model(str(name), raw) for name, raw in data["baselines"].items()}


def _claim_model(name: str, raw: Any) -> ClaimModel:
    if not isinstance(raw, Mapping) or not isinstance(raw.get("values"), Mapping):
        raise ValueError(f"baselines.{name} must be an object with “values”.")
    model = ClaimModel(
        raw["values"], raw.get("symbols", {}), raw.get("relations", []), raw.get("plausible", {})
    )
    try:
        model.prepare()  # so that a fault shows here, and no sentence's time holds it
    except (ValueError, AttributeError, TypeError) as error:
        raise ValueError(f"baselines.{name} must be a sound model: {error}") from error
    return model


def _claims(data: Mapping[str, Any], models: Mapping[str, ClaimModel]) -> list[Mapping[str, Any]]:
    found = _mappings(data.get("claims"), "claims")
    for index, claim in enumerate(found):
        if claim.get("baseline") not in models or not isinstance(claim.get("text"), str):
            raise ValueError(f"claims[{index}] must have a known “baseline” and a “text”.")
        if claim.get("verdict") not in RANK:
            raise ValueError(f"claims[{index}].verdict must be one of {', '.join(RANK)}.")
    return found


def _claim_item(claim: Mapping[str, Any], models: Mapping[str, ClaimModel]) -> Json:
    begun = time.perf_counter()
    checks = check(claim["text"], models[claim["baseline"]])
    spent = 1000 * (time.perf_counter() - begun)
    decisive = worst(checks)
    return {
        "text": claim["text"],
        "expected": claim["verdict"],
        "expected_error": claim.get("error"),
        "verdict": decisive.verdict if decisive else "none",
        "error": decisive.error if decisive else None,
        "quote": decisive.quote if decisive else None,
        "start": decisive.start if decisive else None,
        "end": decisive.end if decisive else None,
        "claimed": decisive.claimed if decisive else None,
        "truth": decisive.truth if decisive else None,
        "truth_unit": decisive.truth_unit if decisive else None,
        "steps": list(decisive.steps) if decisive else [],
        "ms": spent,
    }


def _confusion(items: Sequence[Json]) -> dict[str, dict[str, int]]:
    return {
        expected: {
            verdict: sum(i["expected"] == expected and i["verdict"] == verdict for i in items)
            for verdict in RANK
        }
        for expected in RANK
    }


def _rate(hits: Iterable[bool]) -> float | None:
    found = list(hits)
    return sum(found) / len(found) if found else None


def _percentile(ordered: Sequence[float], share: float) -> float | None:
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else None


def _mappings(found: Any, name: str) -> list[Mapping[str, Any]]:
    if not isinstance(found, list) or not all(isinstance(item, Mapping) for item in found):
        raise ValueError(f"“{name}” must be a list of objects.")
    return found
