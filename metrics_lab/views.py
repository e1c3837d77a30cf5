"""The lab's own pages: the catalogue of metrics, and a small calculator for each."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from metrics_lab.engine import catalogue
from metrics_lab.engine.catalogue import InputError, Metric, MetricError
from metrics_lab.engine.wording import with_unit

KIND_WORDS = {
    "north_star": "North star",
    "driver": "Driver",
    "guardrail": "Guardrail",
    "vanity": "Vanity risk",
    "vanity_risk": "Vanity risk",
}
BETTER_WORDS = {"higher": "higher is better", "lower": "lower is better"}


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """List the catalogue by family; a search names every metric the words may mean."""
    query = request.GET.get("q", "").strip()[:80]
    metrics = [found.metric for found in catalogue.resolve(query)] if query else _all()
    families = [
        {"name": family.replace("_", " ").capitalize(), "metrics": [_row(m) for m in found]}
        for family, found in groupby(
            sorted(metrics, key=lambda m: m.family) if not query else metrics,
            key=lambda m: m.family,
        )
    ]
    context = {"query": query, "families": families, "count": len(metrics)}
    return render(request, "metrics_lab/home.html", context)


@require_GET
def metric(request: HttpRequest, metric_id: str) -> HttpResponse:
    """Show one metric with its formula, its pitfalls and a calculator over its inputs."""
    try:
        found = catalogue.get(metric_id)
    except MetricError as error:
        raise Http404(str(error)) from error
    inputs, result, problem = _calculated(found, request)
    context = {
        "metric": found,
        "row": _row(found),
        "inputs": inputs,
        "result": result,
        "problem": problem,
    }
    status = 422 if problem or any(item["error"] for item in inputs) else 200
    return render(request, "metrics_lab/metric.html", context, status=status)


def _all() -> list[Metric]:
    return sorted(catalogue.load(), key=lambda m: (m.family, m.name))


def _row(found: Metric) -> dict[str, Any]:
    return {
        "id": found.id,
        "name": found.name,
        "formula": found.formula.replace("*", "×"),
        "kind": KIND_WORDS.get(found.kind, found.kind.replace("_", " ").capitalize()),
        "better": BETTER_WORDS.get(found.better, "better depends on the case"),
        "aliases": found.aliases,
    }


def _calculated(found: Metric, request: HttpRequest) -> tuple[list[dict[str, Any]], str, str]:
    """Return the inputs with what was typed, the result in words, and what is wrong."""
    example = found.examples[0]["inputs"] if found.examples else {}
    inputs: list[dict[str, Any]] = []
    values: dict[str, float] = {}
    for item in found.inputs:
        typed = request.GET.get(item.symbol, "")
        text = typed or f"{example.get(item.symbol, ''):}"
        row = {"item": item, "value": text, "error": ""}
        try:
            values[item.symbol] = float(text.replace(",", "").replace("%", "e-2"))
        except ValueError:
            row["error"] = "Write a number, such as 2000 or 0.02."
        inputs.append(row)
    if len(values) < len(inputs):
        return inputs, "", ""
    try:
        value = catalogue.compute(found.id, values)
    except InputError as error:
        for given in inputs:
            if given["item"].symbol == error.symbol:
                given["error"] = str(error)
        return inputs, "", str(error)
    return inputs, with_unit(value, found.unit), ""
