"""Judge the catalogue's arithmetic on a file of worked examples; a mapping in, a mapping out.

A file in the catalogue's form brings its own metrics: each is computed by its own formula over its
own symbols, so that any catalogue can be judged and not the shipped one alone.
"""

import math
import sys
from collections.abc import Mapping, Sequence
from typing import Any

from metrics_lab.engine.catalogue import metrics as catalogue
from metrics_lab.engine.catalogue.metrics import Metric, MetricError
from metrics_lab.engine.expr import FormulaError

Json = dict[str, Any]
SAME = 1e-9
MOST_SHOWN = 20


def evaluate_kpis(data: Any) -> Json:
    """Return {"summary", "items"} over worked examples; raise ValueError if the form is not right.

    `data` is a catalogue ({"metrics": [{"id", "formula", "inputs", "examples"}]}) or {"examples":
    [{"id", "inputs", "value"}]} over the shipped one. The error of an item is relative, and
    absolute where the true value is 0. The summary names what is wrong: expected and got.
    """
    items = _items(data)
    errors = [item["relative_error"] for item in items]
    known = [error for error in errors if error is not None]
    summary: Json = {
        "n": len(items),
        "within_1e-9": sum(error <= SAME for error in known),
        "worst": max(known, default=None),
        "failed": len(errors) - len(known),
    }
    wrong = [item for item in items if (item["relative_error"] or 0) > SAME]
    failed = [item for item in items if item["relative_error"] is None]
    if wrong:
        summary["wrong"] = _said(wrong, _wrong)
    if failed:
        summary["not computed"] = _said(failed, lambda item: str(item["error"]))
    return {"summary": summary, "items": items}


def _items(data: Any) -> list[Json]:
    if not isinstance(data, Mapping):
        raise ValueError("The file must hold an object with “examples” or “metrics”.")
    if isinstance(data.get("examples"), list):
        found = _objects(data["examples"], "examples")
        return [_of_shipped(example, f"examples[{n}]") for n, example in enumerate(found)]
    if isinstance(data.get("metrics"), list):
        metrics = _objects(data["metrics"], "metrics")
        return [item for n, raw in enumerate(metrics) for item in _of_file(raw, f"metrics[{n}]")]
    raise ValueError("The file must hold a list “examples” or a list “metrics”.")


def _of_shipped(example: Mapping[str, Any], place: str) -> Json:
    metric_id = example.get("id")
    if not isinstance(metric_id, str):
        raise ValueError(f"{place}.id must be the name of a metric.")
    inputs, expected = _example(example, place)
    try:
        metric = catalogue.get(metric_id)
    except MetricError as error:
        return _item(metric_id, expected, None, str(error))
    return _computed(metric, inputs, expected)


def _of_file(raw: Mapping[str, Any], place: str) -> list[Json]:
    """Return the items of one metric, computed by the formula that the file gives it."""
    metric = _metric(raw, place)
    examples = _objects(raw.get("examples", []), f"{place}.examples")
    found = []
    for n, example in enumerate(examples):
        inputs, expected = _example(example, f"{place}.examples[{n}]")
        found.append(_computed(metric, inputs, expected))
    return found


def _metric(raw: Mapping[str, Any], place: str) -> Metric:
    if not isinstance(raw.get("id"), str):
        raise ValueError(f"{place}.id must be the name of a metric.")
    shipped = next((each for each in catalogue.load() if each.id == raw["id"]), None)
    if shipped and not {"formula", "inputs"} & raw.keys():
        return shipped
    if not isinstance(raw.get("formula"), str):
        raise ValueError(f"{place}.formula must be a text: {raw['id']} needs one.")
    inputs = _objects(raw.get("inputs"), f"{place}.inputs")
    for n, item in enumerate(inputs):
        if not isinstance(item.get("symbol"), str):
            raise ValueError(f"{place}.inputs[{n}].symbol must be a text.")
        for bound in ("min", "max"):
            if item.get(bound) is not None and not _is_number(item[bound]):
                raise ValueError(f"{place}.inputs[{n}].{bound} must be a number or null.")
    # Arithmetic alone is judged here: what else a metric says of itself is not read.
    metric = catalogue.read_metric(
        {"id": raw["id"], "formula": raw["formula"], "inputs": list(inputs)}
    )
    return _or_shipped(metric, shipped)


def _or_shipped(metric: Metric, shipped: Metric | None) -> Metric:
    """Return the shipped metric where the file's formula is prose over the same symbols."""
    if shipped is None or catalogue.procedure(shipped) is None:
        return metric
    same = {item.symbol for item in metric.inputs} == {item.symbol for item in shipped.inputs}
    try:
        catalogue.formula_of(metric)
    except FormulaError:
        return shipped if same else metric
    return metric


def _example(example: Mapping[str, Any], place: str) -> tuple[Mapping[str, Any], float]:
    if not isinstance(example.get("inputs"), Mapping):
        raise ValueError(f"{place}.inputs must be an object of symbols and numbers.")
    if not _is_number(example.get("value")):
        raise ValueError(f"{place}.value must be a number.")
    return example["inputs"], float(example["value"])


def _computed(metric: Metric, inputs: Mapping[str, Any], expected: float) -> Json:
    try:
        value = catalogue.compute_metric(metric, inputs)
    except ValueError as error:
        return _item(metric.id, expected, None, str(error))
    return _item(metric.id, expected, value)


def _item(metric_id: str, expected: float, value: float | None, error: str = "") -> Json:
    relative = None if value is None else _error(value, expected)
    item: Json = {
        "id": metric_id,
        "expected": expected,
        "value": value,
        "relative_error": relative,
    }
    return {**item, "error": error} if error else item


def _error(value: float, truth: float) -> float:
    gap = abs(value - truth)
    # A number of JSON is finite, however small the truth is.
    return gap if truth == 0 else min(gap / abs(truth), sys.float_info.max)


def _said(items: Sequence[Json], say: Any) -> dict[str, str]:
    """Return one line an item under the metric's name, numbered where it has several."""
    lines: dict[str, str] = {}
    for item in items[:MOST_SHOWN]:
        name, n = item["id"], 2
        while name in lines:
            name, n = f"{item['id']} ({n})", n + 1
        lines[name] = say(item)
    if len(items) > MOST_SHOWN:
        lines["and more"] = str(len(items) - MOST_SHOWN)
    return lines


def _wrong(item: Json) -> str:
    return (
        f"expected {item['expected']:.12g}, got {item['value']:.12g}"
        f" (error {item['relative_error']:.2g})"
    )


def _objects(found: Any, name: str) -> list[Mapping[str, Any]]:
    if not isinstance(found, list):
        raise ValueError(f"“{name}” must be a list of objects.")
    for n, item in enumerate(found):
        if not isinstance(item, Mapping):
            raise ValueError(f"{name}[{n}] must be an object.")
    return found


def _is_number(value: Any) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    try:
        return math.isfinite(float(value))
    except OverflowError:
        return False
