"""How the catalogue says kinds, families, directions, units, ranges and results."""

from __future__ import annotations

from dataclasses import dataclass

from metrics_lab.engine.catalogue.metrics import Input, Metric
from metrics_lab.engine.wording import (
    currency,
    format_value,
    kind_of,
    numerator,
    percent,
    plain,
    spoken,
)

A_RATIO = 1.5
"""From here on a figure without a unit reads better as a number than in percent."""
LONG_UNITS = {
    "kimpression": "1,000 impressions",
    "kview": "1,000 views",
    "(person*month)": "person-month",
    "sku*day": "product-day",
}


@dataclass(frozen=True)
class Word:
    """A value that metrics are filtered by: its name, and what it says of a metric."""

    id: str
    label: str
    says: str = ""


KINDS = (
    Word("north_star", "North star", "one figure that grows only if customers gain"),
    Word("driver", "Driver", "a figure that a team can move, and that moves the north star"),
    Word("guardrail", "Guardrail", "a figure that must not get worse while another improves"),
    Word("vanity_risk", "Vanity risk", "grows by itself and decides little: divide it first"),
)
DIRECTIONS = (
    Word("higher", "Higher is better"),
    Word("lower", "Lower is better"),
    Word("depends", "Depends on the case"),
)
FAMILIES = tuple(
    Word(name, label)
    for name, label in (
        ("funnel", "Funnel"),
        ("value", "Value"),
        ("unit_economics", "Unit economics"),
        ("acquisition", "Acquisition"),
        ("activation", "Activation"),
        ("retention", "Retention"),
        ("lifetime", "Lifetime value"),
        ("content", "Content"),
        ("quality", "Quality"),
        ("experiment", "Experiments"),
        ("priority", "Prioritizing"),
    )
)


def label_of(words: tuple[Word, ...], value: str) -> str:
    """Return the label of a value."""
    return next(
        (word.label for word in words if word.id == value), value.replace("_", " ").capitalize()
    )


def capital(words: str) -> str:
    """Return words as the beginning of a sentence."""
    return words[:1].upper() + words[1:]


def result_words(value: float, unit: str) -> str:
    """Return a result as a person says it: "$30 per order", "2 %", "4" for a return of 4 to 1."""
    bare = unit in ("", "1") or (bool(currency(unit)) and unit == f"{numerator(unit)}/usd")
    if bare and (abs(value) >= A_RATIO or unit not in ("", "1")):
        return plain(value)
    said = format_value(value, unit)
    if "%" in said:
        return f"{said} per period" if unit.endswith("/period") else said
    said = spoken(value, unit) if kind_of(unit) != "time" or "/" in unit else said
    return _long(said)


def input_words(item: Input, value: float) -> str:
    """Return the value of an input with its unit: "200,000 orders per period", "8 of 10"."""
    if item.unit in ("", "1"):
        return result_words(value, "1") if item.most == 1 else plain(value)
    return result_words(value, item.unit)


def unit_words(unit: str, a_share: bool = True) -> str:
    """Return the unit of an input: "$ per order", "orders per period"."""
    if unit in ("", "1"):
        return "a share; 2 % is 0.02" if a_share else "a number"
    words = _long(spoken(2, unit).removeprefix("$2").removeprefix("2").strip())
    return f"$ {words}".strip() if currency(unit) else words


def input_range(item: Input) -> str:
    """Return the values an input can have: "from 0 to 1", "0 or more, whole"."""
    said = _range(item.least, item.most)
    return ", ".join(part for part in (said, "whole" if item.integer else "") if part)


def valid_range(metric: Metric) -> str:
    """Return the values a metric can have, in its own unit: "0 % to 100 %", "$0 or more"."""
    if (metric.least, metric.most) == (None, None):
        return "any value, below zero too"
    if metric.most == 1:
        low = "" if metric.least is None else f"{percent(metric.least)} to "
        return f"{low}100 %".replace("-", "−") if low else "up to 100 %"
    if metric.most is None and metric.least == -1:
        return "−100 % or more"
    return _range(metric.least, metric.most).replace("-", "−")


def unit_note(metric: Metric) -> str:
    """Return what the unit of a metric's result means for how it may be used."""
    units = [item.unit for item in metric.inputs]
    if metric.unit.endswith("/period"):
        said = "For the same period as its inputs: figures of a month give a figure a month."
    elif "/" in metric.unit:
        said = "A ratio of two figures of the same period; the period cancels."
    elif metric.unit == "1":
        said = "A share or a ratio of like things, so it has no unit."
    else:
        said = ""
    if ("user" in units or metric.unit == "user") and metric.family != "experiment":
        said += " Distinct users belong to a window: twelve months do not add up to a year."
    return said.strip()


def _range(least: float | None, most: float | None) -> str:
    if least is None and most is None:
        return "any number"
    if most is None:
        return f"{least:g} or more"
    return f"up to {most:g}" if least is None else f"from {least:g} to {most:g}"


def _long(words: str) -> str:
    for short, long in LONG_UNITS.items():
        words = words.replace(short, long)
    return words.replace("*", "-")
