"""The charts of an analysis, each with its question as title, a sentence and a table."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from django.utils.safestring import SafeString, mark_safe

from metrics_lab.charts import bars, fan, histogram, tornado
from metrics_lab.engine import sensitivity
from metrics_lab.engine.errors import ModelError
from metrics_lab.engine.sensitivity import QUESTIONS
from metrics_lab.engine.wording import plain
from metrics_lab.presentation.analysis import Analysis, band_of, said, shortened, steps_between
from metrics_lab.words import capital, within

FAN_STEPS = 9
NOTHING = 5e-3
APART = " It takes each input by itself, as if none of them went together."


@dataclass(frozen=True)
class Figure:
    """A chart as templates/components/chart_figure.html wants it."""

    id: str
    title: str
    answer: str
    svg: SafeString | str
    table: dict[str, Any]
    keys: list[dict[str, str]] = field(default_factory=list)


def histogram_of(found: Analysis) -> Figure | None:
    """Return how likely each outcome is; None without a run or a value."""
    run, symbol = found.run, found.figure
    if run is None or not symbol or run.missing(symbol) == run.n:
        return None
    counted = run.histogram(symbol, bins=40)
    low, high = run.interval(symbol)
    middles = [(a + b) / 2 for a, b in zip(counted.edges[:-1], counted.edges[1:], strict=True)]
    target = _in_sight(found.goal, counted.edges)
    outcomes = histogram.Outcomes(
        counted.edges,
        counted.counts,
        [_meets(found, middle) for middle in middles],
        low,
        run.median(symbol),
        high,
        target,
        "" if target is None else f"target {found.short(target)}",
    )
    return Figure(
        "outcomes-chart",
        f"How likely is each {within(found.label(symbol))}?",
        found.answer,
        _safe(histogram.histogram_svg(outcomes, found.short, found.answer)),
        _quantiles(found),
        _histogram_keys(found),
    )


def fan_of(found: Analysis) -> Figure | None:
    """Return how the outcome's range goes with one lever; None without a lever or a value."""
    from metrics_lab.engine import simulate

    run, symbol, lever = found.run, found.figure, found.lever
    if run is None or not symbol or not lever:
        return None
    amounts = steps_between(*band_of(found.page.sheet.inputs[lever]), FAN_STEPS)
    try:
        steps = simulate.fan(run, symbol, (lever, "set"), amounts)
    except ModelError:
        return None  # an end of the lever's band with which the figure has no value
    slices = [fan.Slice(step.amount, cast(Any, step.quantiles)) for step in steps]
    name, by = within(found.label(symbol)), within(found.label(lever))
    first, last = (found.say(symbol, step.quantiles[2]) for step in (steps[0], steps[-1]))
    ends = f"from {found.say(lever, amounts[0])} to {found.say(lever, amounts[-1])}"
    answer = f"With {by} {ends}, the middle goes from {first} to {last}."
    svg = fan.fan_svg(slices, lambda at: _short(found, lever, at), found.short, answer)
    return Figure(
        "fan-chart",
        f"How does {name} go with {by}?",
        f"{answer} Every other input varies over its own range.",
        _safe(svg),
        _fan_table(found, steps),
        [
            {"label": "line: the middle", "kind": ""},
            {"label": "dark: one time in two", "kind": ""},
            {"label": "pale: nine times in ten", "kind": ""},
        ],
    )


def measure_of(found: Analysis) -> Figure | None:
    """Return the chart of the measure that was asked for; None where it has no answer."""
    draw = MEASURES[found.measure]
    if found.model is None or not found.figure_or_star:
        return None
    try:
        return draw(found)
    except ModelError:
        return None  # an end of a band with which the figure has no value


def _tornado(found: Analysis) -> Figure | None:
    symbol, model = found.figure_or_star, cast(Any, found.model)
    ends = {name: (one.lo, one.hi) for name, one in found.ranges.items()}
    swings = [s for s in sensitivity.tornado(model, symbol, ends) if s.width > 0]
    if not swings:
        return None
    first = swings[0]
    answer = (
        f"{capital(found.label(first.symbol))} moves {within(found.label(symbol))} most, from "
        f"{found.say(symbol, first.worst)} to {found.say(symbol, first.best)}."
    )
    drawn = [
        tornado.Bar(
            capital(found.label(swing.symbol)),
            " to ".join(found.say(swing.symbol, end) for end in swing.band),
            swing.worst,
            swing.best,
            found.short(swing.worst),
            found.short(swing.best),
        )
        for swing in swings
    ]
    today = model.evaluate()[symbol]
    rows = [
        [
            capital(found.label(swing.symbol)),
            *(found.say(swing.symbol, end) for end in swing.band),
            *(found.say(symbol, value) for value in (swing.at_low, swing.at_high, swing.width)),
        ]
        for swing in swings
    ]
    columns = ["Input", "Low end", "High end", "At the low end", "At the high end", "Width"]
    return Figure(
        "measure-chart",
        QUESTIONS["tornado"],
        f"{answer} All others stay as they are today.",
        _safe(tornado.tornado_svg(drawn, today, answer)),
        _table(found, columns, rows),
        [
            {"label": "lowers it", "kind": "low"},
            {"label": "raises it", "kind": "high"},
            {"label": f"line: today, {found.say(symbol, today)}", "kind": ""},
        ],
    )


def _elasticity(found: Analysis) -> Figure | None:
    symbol = found.figure_or_star
    slopes = [
        e for e in sensitivity.elasticity(cast(Any, found.model), symbol) if e.percent is not None
    ]
    if not slopes:
        return None
    first = slopes[0]
    answer = (
        f"One percent more {within(found.label(first.symbol))} changes "
        f"{within(found.label(symbol))} by {_percent(first.percent)}."
    )
    drawn = [
        bars.Bar(capital(found.label(e.symbol)), _percent(e.percent), e.percent or 0.0)
        for e in slopes
    ]
    rows = [[bar.label, bar.words] for bar in drawn]
    return Figure(
        "measure-chart",
        QUESTIONS["elasticity"],
        f"{answer} Exact for a small change from today, all others as they are.",
        _safe(bars.bars_svg(drawn, answer)),
        _table(found, ["Input", "For one percent more"], rows),
    )


def _sobol(found: Analysis) -> Figure | None:
    symbol = found.figure_or_star
    result = sensitivity.sobol_indices(cast(Any, found.model), symbol, found.ranges)
    shown = [index for index in result.indices if index.total > NOTHING]
    if not shown:
        return None
    first = shown[0]
    answer = (
        f"{capital(found.label(first.symbol))} is behind {_share(first.total)} of the spread of "
        f"{within(found.label(symbol))}."
    )
    drawn = [
        bars.Bar(
            capital(found.label(index.symbol)),
            _share(index.total),
            max(index.first, 0.0),
            max(index.total, 0.0),
        )
        for index in shown
    ]
    rows = [
        [capital(found.label(index.symbol)), _share(index.first), _share(index.total)]
        for index in result.indices
    ]
    return Figure(
        "measure-chart",
        QUESTIONS["sobol"],
        f"{answer} Learn more about that one first; the shares are good to about 1 point."
        f"{APART if found.correlations else ''}",
        _safe(bars.bars_svg(drawn, answer)),
        _table(found, ["Input", "Alone", "With what it does together with others"], rows),
        [
            {"label": "alone", "kind": "high"},
            {"label": "thin line: together with others", "kind": ""},
        ],
    )


def _shapley(found: Analysis) -> Figure | None:
    symbol = found.figure_or_star
    split = sensitivity.shapley(cast(Any, found.model), symbol, found.moves, found.earlier_moves)
    if not split.parts or split.total == 0:
        return None
    unit = found.unit(symbol)
    change = _signed(split.total, unit)
    since = f"“{found.earlier.name}”" if found.earlier else "today"
    first = split.parts[0]
    answer = (
        f"Of {change} since {since}, {within(found.label(first.symbol))} earned "
        f"{_signed(first.amount, unit)}."
    )
    drawn = [
        bars.Bar(
            capital(found.label(part.symbol)),
            shortened(_signed(part.amount, unit)),
            part.amount,
        )
        for part in split.parts
    ]
    rows = [[capital(found.label(p.symbol)), _signed(p.amount, unit)] for p in split.parts]
    return Figure(
        "measure-chart",
        QUESTIONS["shapley"],
        f"{answer} What levers only reach together is shared; the parts add up to the whole.",
        _safe(bars.bars_svg(drawn, answer)),
        _table(found, ["Lever", "Part of the change"], [*rows, ["All together", change]]),
    )


MEASURES: dict[str, Callable[[Analysis], Figure | None]] = {
    "tornado": _tornado,
    "elasticity": _elasticity,
    "sobol": _sobol,
    "shapley": _shapley,
}


def _in_sight(target: float | None, edges: Sequence[float]) -> float | None:
    """Return a target that can be drawn: one far beyond the outcomes would press them flat."""
    if target is None:
        return None
    span = edges[-1] - edges[0]
    return target if edges[0] - span <= target <= edges[-1] + span else None


def _meets(found: Analysis, value: float) -> bool:
    if found.goal is None:
        return False
    return value >= found.goal if found.sign == ">=" else value <= found.goal


def _histogram_keys(found: Analysis) -> list[dict[str, str]]:
    keys = [{"label": "bar: nine times in ten, tick: the middle", "kind": ""}]
    if found.goal is None:
        return keys
    return [
        {"label": "misses the target", "kind": "low"},
        {"label": "meets it", "kind": "high"},
        *keys,
    ]


def _quantiles(found: Analysis) -> dict[str, Any]:
    run, symbol = cast(Any, found.run), found.figure
    shares = (0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99)
    rows = [
        [f"{round(share * 100)} %", found.say(symbol, run.quantile(symbol, share))]
        for share in shares
    ]
    return _table(found, ["Of the samples", "stay below"], rows)


def _fan_table(found: Analysis, steps: Sequence[Any]) -> dict[str, Any]:
    rows = [
        [
            found.say(found.lever, step.amount),
            *(found.say(found.figure, value) for value in step.quantiles),
        ]
        for step in steps
    ]
    columns = [capital(found.label(found.lever)), "5 %", "25 %", "Middle", "75 %", "95 %"]
    return _table(found, columns, rows)


def _table(found: Analysis, columns: list[str], rows: Sequence[Sequence[str]]) -> dict[str, Any]:
    name = capital(found.label(found.figure_or_star))
    return {
        "caption": f"{name}. All figures are hypothetical.",
        "columns": columns,
        "rows": [list(row) for row in rows],
    }


def _short(found: Analysis, symbol: str, value: float) -> str:
    return shortened(said(value, found.unit(symbol)))


def _signed(value: float, unit: str) -> str:
    return ("+" if value >= 0 else "−") + said(abs(value), unit)


def _percent(value: float | None) -> str:
    """Return percent of the figure for one percent of the input: "+1.45 %"."""
    number = value or 0.0
    return f"{'+' if number >= 0 else '−'}{plain(float(f'{abs(number):.3g}'))} %"


def _share(value: float) -> str:
    """Return a share of a variance, which an estimate may put just below 0."""
    return f"{max(0, round(value * 100))} %"


def _safe(svg: str) -> SafeString:
    return mark_safe(svg)  # noqa: S308 (drawn by us, its words are escaped)
