"""The lab's own pages: the catalogue of metrics, and a small calculator for each."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import groupby
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from metrics_lab.engine import catalogue
from metrics_lab.engine.catalogue import Input, InputError, Metric, MetricError
from metrics_lab.engine.wording import (
    currency,
    format_value,
    kind_of,
    numerator,
    plain,
    spoken,
    written_formula,
)
from metrics_lab.fields import read_number

KIND_WORDS = {
    "north_star": "North star",
    "driver": "Driver",
    "guardrail": "Guardrail",
    "vanity": "Vanity risk",
    "vanity_risk": "Vanity risk",
}
LONG_UNITS = {
    "kimpression": "1,000 impressions",
    "kview": "1,000 views",
    "(person*month)": "person-month",
}
KEPT = 80
A_RATIO = 1.5
"""From here on a figure without a unit reads better as a number than in percent."""
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
        "formula": _spaced(found.formula),
        "kind": KIND_WORDS.get(found.kind, found.kind.replace("_", " ").capitalize()),
        "better": BETTER_WORDS.get(found.better, "better depends on the case"),
        "aliases": found.aliases,
    }


def _spaced(formula: str) -> str:
    """Return a formula with air around its signs: "orders × aov"."""
    return written_formula(re.sub(r"\s*(\*\*|[*/+-])\s*", r" \1 ", formula), {}).strip()


def _calculated(found: Metric, request: HttpRequest) -> tuple[list[dict[str, Any]], str, str]:
    """Return the inputs with what was typed, the result in words, and what is wrong at large."""
    example = found.examples[0]["inputs"] if found.examples else {}
    inputs = [_input(item, request.GET, example) for item in found.inputs]
    if any(row["error"] for row in inputs):
        return inputs, "", ""
    try:
        value = catalogue.compute(found.id, {row["item"].symbol: row["number"] for row in inputs})
    except InputError as error:
        at = [row for row in inputs if row["item"].symbol == error.symbol]
        for row in at:
            row["error"] = capital(str(error))
        return inputs, "", "" if at else capital(str(error))
    return inputs, result_words(value, found.unit), ""


def _input(item: Input, typed: Mapping[str, str], example: Mapping[str, Any]) -> dict[str, Any]:
    """Return one field: as typed, or the example where nothing was; an emptied one stays so."""
    text = typed.get(item.symbol, f"{example.get(item.symbol, '')}").strip()
    number = read_number(text)
    if number is not None and "%" in text:
        number /= 100
    error = "" if number is not None else "Write a number, such as 2000, 0.02 or 2 %."
    return {
        "item": item,
        "unit": _unit_words(item.unit),
        "value": text[:KEPT],
        "number": number,
        "error": error,
    }


def result_words(value: float, unit: str) -> str:
    """Return a result as a person says it: "$30 per order", "2 %", "4" for a return of 4 to 1."""
    bare = unit in ("", "1") or (bool(currency(unit)) and unit == f"{numerator(unit)}/usd")
    if bare and (abs(value) >= A_RATIO or unit not in ("", "1")):
        return plain(value)
    said = format_value(value, unit)
    if "%" in said:
        return f"{said} per period" if unit.endswith("/period") else said
    said = spoken(value, unit) if kind_of(unit) != "time" or "/" in unit else said
    for short, long in LONG_UNITS.items():
        said = said.replace(short, long)
    return said


def _unit_words(unit: str) -> str:
    """Return the unit of an input: "$ per order", "orders per period"."""
    if unit in ("", "1"):
        return "a number; 2 % is 0.02"
    words = spoken(2, unit).removeprefix("$2").removeprefix("2").strip()
    for short, long in LONG_UNITS.items():
        words = words.replace(short, long)
    words = words.replace("*", "-")
    return f"$ {words}".strip() if currency(unit) else words


def capital(words: str) -> str:
    """Return words as the beginning of a sentence."""
    return words[:1].upper() + words[1:]
