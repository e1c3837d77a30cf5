"""How metrics hang together: frameworks over them, what is confused with what, shared words."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from metrics_lab.engine.catalogue import metrics as catalogue
from metrics_lab.engine.catalogue.metrics import Metric

DATA = Path(__file__).parent / "data"


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage of a framework, or one dimension: the question it asks and metrics for it."""

    id: str
    name: str
    question: str
    metrics: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Framework:
    """A published way of ordering metrics: what it is for, where it ends, and its source."""

    id: str
    name: str
    purpose: str
    limit: str
    source: str
    source_url: str
    stages: tuple[Stage, ...]

    @property
    def metrics(self) -> frozenset[str]:
        """Return the ids of every metric that stands in it."""
        return frozenset(metric for stage in self.stages for metric in stage.metrics)


@dataclass(frozen=True, slots=True)
class Confusion:
    """A metric, what it is taken for, and how the two differ.

    `other` is the other metric's id, or "" where the other is none of the catalogue; `name` and
    `formula` say it then.
    """

    metric: str
    other: str
    name: str
    formula: str
    difference: str


@dataclass(frozen=True, slots=True)
class Meaning:
    """A word with several meanings: the question it leaves open, and when each metric is meant."""

    terms: tuple[str, ...]
    question: str
    when: Mapping[str, str]


@lru_cache(maxsize=1)
def frameworks() -> tuple[Framework, ...]:
    """Return the frameworks in their order."""
    return tuple(
        Framework(
            raw["id"],
            raw["name"],
            raw["purpose"],
            raw["limit"],
            raw["source"]["title"],
            raw["source"]["url"],
            tuple(
                Stage(s["id"], s["name"], s["question"], tuple(s["metrics"])) for s in raw["stages"]
            ),
        )
        for raw in _read("frameworks.json")["frameworks"]
    )


@lru_cache(maxsize=1)
def meanings() -> tuple[Meaning, ...]:
    """Return the words that mean several metrics."""
    return tuple(
        Meaning(
            tuple(raw["terms"]),
            raw["question"],
            {each["id"]: each["when"] for each in raw["metrics"]},
        )
        for raw in _read("relations.json")["meanings"]
    )


def confusions_of(metric_id: str) -> tuple[Confusion, ...]:
    """Return what a metric is often taken for, and what is taken for it."""
    found = []
    for raw in _read("relations.json")["confusions"]:
        pair = (raw["a"], raw.get("b", ""))
        if metric_id not in pair:
            continue
        other = pair[1] if metric_id == pair[0] else pair[0]
        name = catalogue.get(other).name if other else raw["with"]
        formula = catalogue.get(other).formula if other else raw["formula"]
        found.append(Confusion(metric_id, other, name, formula, raw["difference"]))
    return tuple(found)


def built_from(metric: Metric) -> tuple[Metric, ...]:
    """Return the metrics that are inputs of this one."""
    ids = {each.id: each for each in catalogue.load()}
    symbols = (item.symbol for item in metric.inputs if item.symbol != metric.id)
    return tuple(ids[symbol] for symbol in symbols if symbol in ids)


def used_by(metric: Metric) -> tuple[Metric, ...]:
    """Return the metrics that this one is an input of."""
    return tuple(
        each
        for each in catalogue.load()
        if each.id != metric.id and any(item.symbol == metric.id for item in each.inputs)
    )


@lru_cache(maxsize=4)
def _read(name: str) -> Any:
    return json.loads((DATA / name).read_text(encoding="utf-8"))
