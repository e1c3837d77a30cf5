"""Prioritize: RICE and ICE over ranges, with the chance of each place. The address is the table."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from metrics_lab.charts.ranges import RangeBar, ranges_svg
from metrics_lab.engine.export.models import Cell, Column, ExportTable, csv_of
from metrics_lab.engine.priority.ranking import SCHEMES, Duel, Ranking, Standing, rank_ideas
from metrics_lab.engine.wording import plain
from metrics_lab.forms.priority import PriorityTable, read_table
from metrics_lab.pictures import svg_response, wants_svg
from metrics_lab.takers import takers_of

VERDICTS = {
    "clear": ("good", "clearly ahead"),
    "likely": ("info", "probably ahead"),
    "close": ("attention", "too close to call on these figures"),
}
SOLVED = 0.4
"""From this share of the doubt on, one figure is worth measuring before the others."""


@require_GET
def priority(request: HttpRequest) -> HttpResponse:
    """Show the table with its ranking; "as=csv" downloads both."""
    table = read_table(request.GET)
    ranking = rank_ideas(table.ideas, table.scheme) if table.ideas else None
    if ranking is not None and request.GET.get("as") == "csv":
        return csv_response(_export(table, ranking), f"{table.scheme}.csv")
    result = _result(request, table, ranking) if ranking else None
    if wants_svg(request):
        name = f"{table.scheme}-ranges"
        return svg_response(
            result["svg"] if result else None, result["title"] if result else "", name
        )
    context = {
        "tab": "lab-priority",
        "table": table,
        "schemes": [{"id": "rice", "label": "RICE"}, {"id": "ice", "label": "ICE"}],
        "result": result,
        "takers": takers_of(request) if ranking else [],
    }
    status = 422 if table.is_wrong else 200
    return render(request, "metrics_lab/priority.html", context, status=status)


def csv_response(table: ExportTable, name: str) -> HttpResponse:
    """Return a table as a file to keep, marked as UTF-8 for spreadsheets."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    text = "\ufeff" + csv_of(table)
    return HttpResponse(
        text.encode(errors="replace"), content_type="text/csv; charset=utf-8", headers=headers
    )


def percent(chance: float) -> str:
    """Return a chance in whole percent; what can still happen is neither 0 nor 100."""
    if 0 < chance < 0.005:
        return "under 1 %"
    if 0.995 <= chance < 1:
        return "over 99 %"
    return f"{chance:.0%}".replace("%", " %")


def figure(score: float) -> str:
    """Return a score to three digits: "11,100", "2.5"."""
    if not score:
        return "0"
    return plain(round(score, 2 - math.floor(math.log10(abs(score)))))


@dataclass(frozen=True)
class DuelWords:
    """How the order of two neighbors is said."""

    kind: str
    text: str


def _result(request: HttpRequest, table: PriorityTable, ranking: Ranking) -> dict[str, Any]:
    top = ranking.standings[0]
    places = [f"{k + 1}" for k in range(len(ranking.standings))]
    typed = {key: value for key, value in request.GET.items() if key not in ("as", "add", "drop")}
    typed = typed or {"scheme": table.scheme}
    return {
        "ranking": ranking,
        "sentence": _sentence(ranking),
        "title": "Which idea comes first?" if len(places) > 1 else f"What does {top.name} score?",
        "answer": _answer(ranking),
        "svg": ranges_svg([_bar(s, ranking) for s in ranking.standings], _answer(ranking)),
        "table": {
            "caption": "Score, its range and the chance of being first",
            "columns": ["Idea", "Score (median)", "90 % range", "First in", "Most doubt from"],
            "rows": [_line(standing, ranking) for standing in ranking.standings],
        },
        "places": places,
        "chances": [
            {"name": s.name, "cells": [percent(chance) for chance in s.places]}
            for s in ranking.standings
        ],
        "duels": [_duel(duel) for duel in ranking.duels],
        "measure": _measure(ranking),
        "svg_url": f"{reverse('lab-priority')}?{urlencode({**typed, 'as': 'svg'})}",
        "csv_url": f"{reverse('lab-priority')}?{urlencode({**typed, 'as': 'csv'})}",
    }


def _bar(standing: Standing, ranking: Ranking) -> RangeBar:
    remark = f"first in {percent(standing.first)}" if len(ranking.standings) > 1 else ""
    return RangeBar(
        standing.name,
        standing.lo,
        standing.median,
        standing.hi,
        figure(standing.lo),
        figure(standing.hi),
        remark,
    )


def _line(standing: Standing, ranking: Ranking) -> list[str]:
    ends = f"{figure(standing.lo)} to {figure(standing.hi)}"
    return [
        standing.name,
        figure(standing.median),
        ends if standing.lo < standing.hi else "no range",
        percent(standing.first),
        _doubt(standing, ranking),
    ]


def _doubt(standing: Standing, ranking: Ranking) -> str:
    if not standing.doubt:
        return "nothing is a range"
    factor = max(standing.doubt, key=lambda name: standing.doubt[name])
    labels = {f.id: f.label.lower() for f in SCHEMES[ranking.scheme]}
    return f"{labels[factor]} ({percent(standing.doubt[factor])})"


def _range_words(standing: Standing) -> str:
    if standing.lo == standing.hi:
        return f"score {figure(standing.median)}"
    lo, hi = figure(standing.lo), figure(standing.hi)
    return f"score {figure(standing.median)}, 90 % range {lo} to {hi}"


def _answer(ranking: Ranking) -> str:
    top = ranking.standings[0]
    if len(ranking.standings) == 1:
        return f"{top.name} has a {_range_words(top)}."
    often = _first_most_often(ranking)
    if often is not top:
        return (
            f"No idea stands out: {top.name} has the highest median, and {often.name} is first"
            f" most often, in {percent(often.first)} of draws against {percent(top.first)}."
        )
    return f"{top.name}, in {percent(top.first)} of draws; its {_range_words(top)}."


def _first_most_often(ranking: Ranking) -> Standing:
    """Return the idea that is first in most draws; among equals the one with the best median."""
    return max(ranking.standings, key=lambda standing: round(standing.first, 9))


def _sentence(ranking: Ranking) -> str:
    top = ranking.standings[0]
    name = ranking.scheme.upper()
    if len(ranking.standings) == 1:
        return f"By {name}, {top.name} has a {_range_words(top)}."
    duel, often = ranking.duels[0], _first_most_often(ranking)
    if often is not top:
        return (
            f"By {name}, no idea stands out: {top.name} has the highest median"
            f" ({_range_words(top)}), and {often.name} comes first most often, in"
            f" {percent(often.first)} of draws against {percent(top.first)}."
        )
    return (
        f"By {name}, {top.name} comes first in {percent(top.first)} of draws"
        f" ({_range_words(top)}); it beats {duel.lower} in {percent(duel.chance)},"
        f" {VERDICTS[duel.verdict][1]}."
    )


def _duel(duel: Duel) -> DuelWords:
    kind, verdict = VERDICTS[duel.verdict]
    return DuelWords(
        kind, f"{duel.upper} beats {duel.lower} in {percent(duel.chance)} of draws: {verdict}."
    )


def _measure(ranking: Ranking) -> str:
    """Return which figure would settle the first place best, where that is in doubt."""
    if not ranking.duels or ranking.duels[0].verdict == "clear":
        return ""
    labels = {f.id: f.label.lower() for f in SCHEMES[ranking.scheme]}
    parts = [
        (share, f"the {labels[factor]} of {standing.name}")
        for standing in ranking.standings[:2]
        for factor, share in standing.doubt.items()
        if share >= SOLVED
    ]
    wanted = " and ".join(words for _, words in sorted(parts, reverse=True)[:2])
    return f"To settle the first place, find out more about {wanted}." if wanted else ""


def _export(table: PriorityTable, ranking: Ranking) -> ExportTable:
    typed = {row.title: row for row in table.rows}
    count = len(ranking.standings)
    columns = [
        Column("Place"),
        Column("Idea"),
        *(Column(factor.label, factor.unit) for factor in table.factors),
        Column("Score, median"),
        Column("Score, 5 % quantile"),
        Column("Score, 95 % quantile"),
        *(Column(f"Chance of place {k + 1}", "share") for k in range(count)),
    ]
    rows: list[tuple[Cell, ...]] = [
        (
            place,
            s.name,
            *(cell.text for cell in typed[s.name].cells),
            s.median,
            s.lo,
            s.hi,
            *s.places,
        )
        for place, s in enumerate(ranking.standings, start=1)
    ]
    note = (
        f"{ranking.scheme.upper()} over {ranking.n:,} draws, seed {ranking.seed}."
        " A range holds the true value nine times out of ten; ranges vary independently."
    )
    return ExportTable(tuple(columns), tuple(rows), (note, "The figures are hypothetical."))
