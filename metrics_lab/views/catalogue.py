"""The lab's own pages: its tools, the catalogue of metrics, and a calculator for each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from metrics_lab.engine.catalogue import metrics as catalogue
from metrics_lab.engine.catalogue import relations
from metrics_lab.engine.catalogue.metrics import Metric, MetricError
from metrics_lab.engine.catalogue.relations import Framework
from metrics_lab.engine.catalogue.search import Candidate, Found, search
from metrics_lab.engine.catalogue.working import spaced
from metrics_lab.presentation import metrics as metric_words
from metrics_lab.presentation.calculator import calculate
from metrics_lab.presentation.metrics import DIRECTIONS, FAMILIES, KINDS, Word, label_of
from metrics_lab.takers import takers_of

LONGEST_QUERY = 80
FACETS: Mapping[str, tuple[str, str, tuple[Word, ...]]] = {
    "kind": ("Kind", "kind", KINDS),
    "family": ("Family", "family", FAMILIES),
    "better": ("Direction", "better", DIRECTIONS),
}
"""Parameter: (its label, the metric's attribute, its values)."""


@dataclass(frozen=True)
class Row:
    """One metric of a list; `when` tells it from the others that a word may mean."""

    id: str
    name: str
    formula: str
    kind: str
    better: str
    aliases: tuple[str, ...]
    when: str


@dataclass(frozen=True)
class Group:
    """A part of the list: a family, a stage of a framework, or what a word may mean."""

    id: str
    name: str
    said: str
    rows: list[Row]


@dataclass(frozen=True)
class Value:
    """One value of a filter, with the number of metrics it would show."""

    id: str
    label: str
    says: str
    count: int
    chosen: bool


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Show the tools, and the catalogue by family or framework; a search never picks for one."""
    asked = _Asked.read(request.GET)
    found = search(asked.query) if asked.query else _everything()
    kept = [each for each in found.candidates if asked.takes(each.metric)]
    groups = _groups(asked, found, kept)
    context = {
        "tab": "lab-home",
        "asked": asked,
        "found": found,
        "groups": groups,
        "count": len({row.id for group in groups for row in group.rows}),
        "total": len(catalogue.load()),
        "facets": _facets(asked, found.candidates),
        "frameworks": relations.frameworks(),
        "wrong": asked.wrong,
    }
    fragment = bool(request.headers.get("HX-Request")) and not request.headers.get(
        "HX-History-Restore-Request"
    )
    template = "metrics_lab/home_results.html" if fragment else "metrics_lab/home.html"
    # A script swaps in an answer only if it is a success; what is wrong stands in it either way.
    status = 422 if asked.wrong and not fragment else 200
    response = render(request, template, {**context, "fragment": fragment}, status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response


@require_safe
def metric(request: HttpRequest, metric_id: str) -> HttpResponse:
    """Show one metric with its pitfalls and a calculator; a script gets the result alone."""
    try:
        found = catalogue.get(metric_id)
    except MetricError as error:
        raise Http404(str(error)) from error
    calculation = calculate(found, request.GET)
    fragment = bool(request.headers.get("HX-Request"))
    context: dict[str, Any] = {
        "tab": "lab-home",
        "metric": found,
        "calculation": calculation,
        "takers": takers_of(request) if calculation.sentence else [],
        "fragment": fragment,
    }
    status = 422 if calculation.is_wrong else 200
    if fragment:
        response = render(request, "metrics_lab/metric_result.html", context, status=status)
    else:
        context |= _about(found)
        response = render(request, "metrics_lab/metric.html", context, status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response


def _about(found: Metric) -> dict[str, Any]:
    """Return what a metric's page says beside its calculator."""
    return {
        "row": _row(Candidate(found, 1.0)),
        "kind_says": next((word.says for word in KINDS if word.id == found.kind), ""),
        "family": label_of(FAMILIES, found.family),
        "unit": metric_words.unit_words(found.unit) if found.unit != "1" else "a share or a ratio",
        "range": metric_words.valid_range(found),
        "sources": [(url, urlsplit(url).netloc) for url in _sources(found)],
        "confusions": relations.confusions_of(found.id),
        "built_from": relations.built_from(found),
        "used_by": relations.used_by(found),
        "stands_in": [
            (framework, stage)
            for framework in relations.frameworks()
            for stage in framework.stages
            if found.id in stage.metrics
        ],
    }


def _sources(found: Metric) -> tuple[str, ...]:
    return found.benchmark.sources if found.benchmark else ()


@dataclass(frozen=True)
class _Asked:
    """What the address asks for."""

    query: str
    chosen: Mapping[str, str]
    view: str
    wrong: str

    @classmethod
    def read(cls, sent: Mapping[str, str]) -> _Asked:
        """Read the parameters; a value that no filter has is left out and said."""
        chosen, wrong = {}, ""
        for name, (label, _, words) in FACETS.items():
            value = sent.get(name, "")
            if value in {word.id for word in words}:
                chosen[name] = value
            elif value:
                wrong = f"{label} has no value “{value[:40]}”, so it was left out."
        view = sent.get("view", "")
        if view and view not in {each.id for each in relations.frameworks()}:
            view, wrong = "", f"There is no view “{view[:40]}”, so it was left out."
        return cls(sent.get("q", "").strip()[:LONGEST_QUERY], chosen, view, wrong)

    def takes(self, found: Metric, without: str = "") -> bool:
        """Say whether a metric passes the filters, one of them set aside."""
        framework = self.framework
        if framework and found.id not in framework.metrics:
            return False
        return all(
            getattr(found, FACETS[name][1]) == value
            for name, value in self.chosen.items()
            if name != without
        )

    @property
    def framework(self) -> Framework | None:
        """Return the framework that is looked through, if any."""
        return next((each for each in relations.frameworks() if each.id == self.view), None)

    @property
    def without_view(self) -> str:
        """Return the other parameters for a link to another view, ending in & unless empty."""
        pairs = {"q": self.query, **self.chosen}
        kept = urlencode({name: value for name, value in pairs.items() if value})
        return f"{kept}&" if kept else ""


def _everything() -> Found:
    order = {word.id: place for place, word in enumerate(FAMILIES)}
    metrics = sorted(catalogue.load(), key=lambda m: order[m.family])
    return Found(tuple(Candidate(each, 1.0) for each in metrics))


def _groups(asked: _Asked, found: Found, kept: Sequence[Candidate]) -> list[Group]:
    """Return the list's parts: meanings first, else the framework's stages, else families."""
    rows = {each.metric.id: _row(each) for each in kept}
    if asked.framework:
        stages = asked.framework.stages
        groups = [
            Group(s.id, s.name, s.question, [rows[i] for i in s.metrics if i in rows])
            for s in stages
        ]
    elif asked.query:
        meant = [rows[c.metric.id] for c in found.candidates[: found.meant] if c.metric.id in rows]
        rest = [row for row in rows.values() if row not in meant]
        groups = [
            Group("meant", "It may mean", found.question, meant),
            Group("found", "Also found" if meant else "Found", "", rest),
        ]
    else:
        groups = [
            Group(w.id, w.label, "", [rows[c.metric.id] for c in kept if c.metric.family == w.id])
            for w in FAMILIES
        ]
    return [group for group in groups if group.rows]


def _facets(asked: _Asked, candidates: Iterable[Candidate]) -> list[dict[str, Any]]:
    """Return each filter with the number of metrics behind each of its values."""
    found = [each.metric for each in candidates]
    facets = []
    for name, (label, attribute, words) in FACETS.items():
        fitting = [each for each in found if asked.takes(each, without=name)]
        values = [
            Value(
                word.id,
                word.label,
                word.says,
                sum(getattr(each, attribute) == word.id for each in fitting),
                asked.chosen.get(name) == word.id,
            )
            for word in words
        ]
        facets.append({"name": name, "label": label, "values": values, "all": len(fitting)})
    return facets


def _row(each: Candidate) -> Row:
    found = each.metric
    return Row(
        found.id,
        found.name,
        _short(found.formula),
        label_of(KINDS, found.kind),
        label_of(DIRECTIONS, found.better).lower(),
        found.aliases,
        each.when,
    )


def _short(formula: str) -> str:
    """Return a formula for people; a procedure's is named and not written out."""
    return spaced(formula) if "ceil" not in formula and "Phi" not in formula else "by procedure"
