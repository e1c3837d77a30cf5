"""Cohorts: retention by cohort from a pasted or uploaded table. Nothing that is sent is stored."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from accounts.throttling import Limit, throttled
from metrics_lab.case_tables import Opened, opened_from
from metrics_lab.charts.curve import curve_svg
from metrics_lab.charts.heatmap import MOST_ROWS, HeatRow, columns_that_fit, heatmap_svg
from metrics_lab.engine.cohort.retention import FEW, Cohort, Mean, Triangle, remarks
from metrics_lab.engine.export.model_words import HYPOTHETICAL
from metrics_lab.engine.export.models import Cell, Column, ExportTable
from metrics_lab.engine.wording import plain
from metrics_lab.forms.cohorts import CohortForm, example_form, read_form
from metrics_lab.pictures import svg_response
from metrics_lab.takers import takers_of
from metrics_lab.views.priority import csv_response

SENT = Limit("lab-cohorts", 60, 60)
PERIOD_CHOICES = (("day", "Days"), ("week", "Weeks, from Monday"), ("month", "Months"))
KIND_CHOICES = (
    ("events", "One line a visit: user, date, and the date of sign-up if you have it"),
    ("counts", "One line a cohort, counted already: cohort, size, people in period 0, 1, 2 …"),
)
HOW_CHOICES = (
    ("exact", "Seen in exactly that period (N-day retention)"),
    ("rolling", "Seen in it or at any later time (rolling or unbounded retention)"),
)

TITLES = {
    "triangle": "How many of each cohort are still there?",
    "curve": "Does the retention curve flatten?",
}
PICTURES = {"svg-triangle": ("heatmap", "triangle"), "svg-curve": ("curve", "curve")}
"""What asks for a chart as a file: its place in the result, and its title."""


@require_http_methods(["GET", "POST"])
@throttled(SENT)
def cohorts(request: HttpRequest) -> HttpResponse:
    """Show the form, filled by an example if asked for; a POST computes, or downloads a CSV."""
    opened = _opened(request)
    table = opened.table if opened else None
    if request.method == "POST":
        form = read_form(request.POST, request.FILES.get("file"), table)
    else:
        form = example_form(request.GET.get("example", ""), table) or CohortForm()
    if form.triangle is not None and request.POST.get("as") == "csv":
        return csv_response(_export(form.triangle, is_example=bool(form.example)), "cohorts.csv")
    result = _result(form.triangle) if form.triangle else None
    if (picture := request.POST.get("as")) in PICTURES:
        svg, name = PICTURES[picture]
        return svg_response(result[svg] if result else None, TITLES[name], f"cohorts-{name}")
    context = {
        "tab": "lab-cohorts",
        "form": form,
        "opened": opened,
        "kinds": KIND_CHOICES,
        "periods": PERIOD_CHOICES,
        "hows": HOW_CHOICES,
        "result": result,
        "titles": TITLES,
        "takers": takers_of(request) if form.triangle else [],
    }
    return render(request, "metrics_lab/cohorts.html", context, status=422 if form.errors else 200)


def _opened(request: HttpRequest) -> Opened | None:
    """Return the attempt the page was opened from; what was pasted outlives one that is gone."""
    key = (request.POST if request.method == "POST" else request.GET).get("of", "")
    opened = opened_from(request, key)
    if key and opened is None and request.method != "POST":
        raise Http404
    return opened


def share_words(share: float) -> str:
    """Return a share in whole percent, with one decimal below 10 %."""
    return f"{share:.{1 if 0 < share < 0.0995 else 0}%}".replace("%", " %")


def _result(triangle: Triangle) -> dict[str, Any]:
    rows = [HeatRow(c.label, _shares(c, triangle)) for c in triangle.cohorts]
    answer = _answer(triangle)
    return {
        "sentence": _sentence(triangle),
        "answer": answer,
        "left_out": _left_out(triangle, rows),
        "remarks": remarks(triangle),
        "heatmap": heatmap_svg(rows, answer),
        "triangle": _triangle_table(triangle),
        "curve": curve_svg(
            [mean.share for mean in triangle.curve],
            [row.shares for row in rows],
            _curve_answer(triangle),
            triangle.period,
        ),
        "curve_answer": _curve_answer(triangle),
        "curve_table": _curve_table(triangle),
        "name": _name(triangle),
        "blank": any(None in row.shares for row in rows),
        "period": triangle.period,
    }


def _shares(cohort: Cohort, triangle: Triangle) -> tuple[float | None, ...]:
    return tuple(cohort.retention(k) for k in range(triangle.periods))


def _name(triangle: Triangle) -> str:
    period = triangle.period
    return f"N-{period} retention" if triangle.how == "exact" else f"Rolling retention by {period}"


def _answer(triangle: Triangle) -> str:
    if len(triangle.curve) < 2:
        return f"No cohort has lived through a whole {triangle.period} after its own yet."
    mean = triangle.curve[1]
    return (
        f"Of {mean.people:,} people, {share_words(mean.share)} are there {_when(mean, triangle)};"
        f" by cohort {_extremes(triangle, mean.k)}."
    )


def _extremes(triangle: Triangle, k: int) -> str:
    found = [share for c in triangle.cohorts if (share := c.retention(k)) is not None]
    if len(found) == 1:
        return share_words(found[0])
    return f"{share_words(min(found))} to {share_words(max(found))}"


def _when(mean: Mean, triangle: Triangle) -> str:
    later = " or later" if triangle.how == "rolling" else ""
    return f"in {triangle.period} {mean.k}{later}"


def _sentence(triangle: Triangle) -> str:
    if len(triangle.curve) < 2:
        return ""
    first, last = triangle.curve[1], _solid(triangle)
    low, high = share_words(first.lo), share_words(first.hi)
    words = (
        f"{_name(triangle)}: {share_words(first.share)} in {triangle.period} {first.k}"
        f" (95 % interval {low} to {high}, {first.people:,} people)"
    )
    if last.k > first.k:
        words += f", {share_words(last.share)} in {triangle.period} {last.k} ({last.people:,})"
    return f"{words}; weighted by cohort size, periods that have not ended left out."


def _solid(triangle: Triangle) -> Mean:
    """Return the last point of the curve that rests on more than a few people."""
    solid = [mean for mean in triangle.curve[1:] if mean.people >= FEW and mean.cohorts > 1]
    return solid[-1] if solid else triangle.curve[1]


def _curve_answer(triangle: Triangle) -> str:
    if len(triangle.curve) < 2:
        return "One period is no curve yet."
    one, last = triangle.curve[1], triangle.curve[-1]
    if last.k == one.k:
        return f"{share_words(one.share)} in {triangle.period} 1; one more period would say more."
    cohorts = "1 cohort" if last.cohorts == 1 else f"{last.cohorts} cohorts"
    return (
        f"From {share_words(one.share)} in {triangle.period} {one.k} to {share_words(last.share)}"
        f" in {triangle.period} {last.k}, where it rests on {cohorts} of {last.people:,} people."
    )


def _left_out(triangle: Triangle, rows: list[HeatRow]) -> str:
    shown = columns_that_fit(triangle.periods, rows)
    parts = []
    if shown < triangle.periods:
        parts.append(f"the first {shown} of {triangle.periods} {triangle.period}s")
    if len(rows) > MOST_ROWS:
        parts.append(f"the newest {MOST_ROWS} of {len(rows)} cohorts")
    return f"The picture shows {' and '.join(parts)}; the table holds all." if parts else ""


def _triangle_table(triangle: Triangle) -> dict[str, Any]:
    unit = triangle.period.capitalize()
    return {
        "caption": f"{_name(triangle)}: share of each cohort that is there",
        "columns": ["Cohort", "People", *(f"{unit} {k}" for k in range(triangle.periods))],
        "rows": [
            *(
                [
                    c.label,
                    f"{c.size:,}",
                    *("" if s is None else share_words(s) for s in _shares(c, triangle)),
                ]
                for c in triangle.cohorts
            ),
            [
                "Weighted mean",
                f"{triangle.people:,}",
                *(share_words(mean.share) for mean in triangle.curve),
            ],
        ],
    }


def _curve_table(triangle: Triangle) -> dict[str, Any]:
    unit = triangle.period.capitalize()
    return {
        "caption": "Weighted mean retention by period",
        "columns": [unit, "There", "Of", "Share", "95 % interval", "Cohorts"],
        "rows": [
            [
                f"{unit} {mean.k}",
                f"{mean.there:,}",
                f"{mean.people:,}",
                share_words(mean.share),
                f"{share_words(mean.lo)} to {share_words(mean.hi)}" if mean.k else "",
                plain(mean.cohorts),
            ]
            for mean in triangle.curve
        ],
    }


def _export(triangle: Triangle, *, is_example: bool) -> ExportTable:
    periods = range(triangle.periods)
    columns = [
        Column("Cohort"),
        Column("Size", "people"),
        *(Column(f"{triangle.period} {k}", "people") for k in periods),
        *(Column(f"{triangle.period} {k}", "share") for k in periods),
    ]
    rows: list[tuple[Cell, ...]] = [
        (c.label, c.size, *c.counts[: triangle.periods], *_shares(c, triangle))
        for c in triangle.cohorts
    ]
    means = triangle.curve
    rows.append(
        (
            "Weighted mean",
            triangle.people,
            *(mean.there for mean in means),
            *(mean.share for mean in means),
        )
    )
    note = (
        f"{_name(triangle)}. An empty cell is a period that had not ended when the data ends;"
        " it is in no mean."
    )
    notes = (note, HYPOTHETICAL) if is_example else (note,)
    return ExportTable(tuple(columns), tuple(rows), notes)
