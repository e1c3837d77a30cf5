"""Judge the engine on a file of worked examples or claims; pure: a mapping in, a mapping out."""

from collections.abc import Mapping
from typing import Any

from metrics_lab.engine import catalogue

Json = dict[str, Any]


def evaluate_kpis(data: Mapping[str, Any]) -> Json:
    """Return {"summary", "items"} over worked examples; raise ValueError if the form is not right.

    `data` is a catalogue ({"metrics": [{"id", "examples"}]}) or {"examples": [{"id", "inputs",
    "value"}]}. The error of an item is relative, and absolute where the true value is 0.
    """
    items = [_kpi_item(example) for example in _examples(data)]
    errors = [item["relative_error"] for item in items]
    known = [error for error in errors if error is not None]
    return {
        "summary": {
            "n": len(items),
            "within_1e-9": sum(error <= 1e-9 for error in known),
            "worst": max(known, default=None),
            "failed": len(errors) - len(known),
        },
        "items": items,
    }


def _examples(data: Mapping[str, Any]) -> list[Json]:
    if not isinstance(data, Mapping):
        raise ValueError("The file must hold an object with “examples” or “metrics”.")
    if isinstance(data.get("examples"), list):
        found = data["examples"]
    elif isinstance(data.get("metrics"), list):
        found = [
            {"id": metric.get("id"), **example}
            for metric in _mappings(data["metrics"], "metrics")
            for example in _mappings(metric.get("examples", []), "examples")
        ]
    else:
        raise ValueError("The file must hold a list “examples” or a list “metrics”.")
    return [_example(item, index) for index, item in enumerate(found)]


def _example(item: Any, index: int) -> Json:
    if not isinstance(item, Mapping) or not isinstance(item.get("inputs"), Mapping):
        raise ValueError(f"examples[{index}] must be an object with “id”, “inputs” and “value”.")
    value = item.get("value")
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError(f"examples[{index}].value must be a number.")
    return dict(item)


def _mappings(found: Any, name: str) -> list[Mapping[str, Any]]:
    if not isinstance(found, list) or not all(isinstance(item, Mapping) for item in found):
        raise ValueError(f"“{name}” must be a list of objects.")
    return found


def _kpi_item(example: Mapping[str, Any]) -> Json:
    item: Json = {"id": example.get("id"), "expected": example["value"]}
    try:
        value = catalogue.compute(str(example.get("id")), example["inputs"])
    except ValueError as error:
        return {**item, "value": None, "relative_error": None, "error": str(error)}
    return {**item, "value": value, "relative_error": _error(value, float(example["value"]))}


def _error(value: float, truth: float) -> float:
    gap = abs(value - truth)
    return gap if truth == 0 else gap / abs(truth)
