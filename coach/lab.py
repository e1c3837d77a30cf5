"""The lab of one attempt: the case's KPI tree, filled with what the student has been given.

A figure that was not asked for stays hidden here too; the student may assume a value for it and
see what follows. Every figure is hypothetical.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from coach import cases
from metrics_lab.engine.errors import ModelError
from metrics_lab.engine.graph import Model, Node, Relation
from metrics_lab.engine.scenario import Lever, Outcome, what_if
from metrics_lab.engine.wording import format_value, kind_of, percent, points
from questions.case import Case

UNKNOWN = "?"
STEPS_ON_A_SLIDER = 100


@lru_cache(maxsize=cases.CACHED_CASES)
def model_of(version_id: int) -> Model:
    """Return the model of a case version with all its baselines."""
    case = cases.case_of(version_id)
    relations = [
        Relation(r.symbol, r.formula, label=r.label or _words(r.symbol), unit=r.unit)
        for r in cases.stated_relations(case)
    ]
    given = {symbol: baseline.value for symbol, baseline in case.baselines.items()}
    labels = {symbol: b.label or _words(symbol) for symbol, b in case.baselines.items()}
    units = {symbol: b.unit for symbol, b in case.baselines.items()}
    return Model.build(relations, given, labels, units)


def stars_of(case: Case, model: Model) -> list[str]:
    """Return the symbols that may stand on top of the tree, the case's own candidates first."""
    derived = [rule.symbol for rule in model.rules]
    wanted = [candidate.symbol for candidate in case.north_star_candidates if candidate.symbol]
    used = {name for rule in model.rules for name in rule.formula.names}
    tops = [symbol for symbol in derived if symbol not in used]
    return list(dict.fromkeys([s for s in (*wanted, *tops, *derived) if s in derived]))


@dataclass(frozen=True)
class LabRow:
    """One row of the tree."""

    symbol: str
    label: str
    formula: str
    today: str
    with_levers: str
    change: str
    depth: int
    rails: str
    moved: bool
    star: bool


@dataclass(frozen=True)
class LabLever:
    """An input as a slider and a field, in the unit people read: percent for a share."""

    symbol: str
    label: str
    value: str
    min: str
    max: str
    step: str
    unit: str
    unit_before: bool
    low_words: str
    high_words: str
    today_words: str
    today: str
    today_percent: int
    moved: bool


@dataclass(frozen=True)
class Lab:
    """The lab as the page draws it. ``problem`` says what is wrong with the levers, if anything."""

    rows: list[LabRow]
    levers: list[LabLever]
    unknown: list[tuple[str, str]]
    stars: list[tuple[str, str]]
    star: str
    sentence: str
    problem: str = ""
    moved: int = 0
    errors: Mapping[str, str] = field(default_factory=dict)


def build_lab(version_id: int, known: set[str], posted: Mapping[str, str], star: str = "") -> Lab:
    """Return the lab for what is known and what the levers are set to.

    Args:
        known: symbols the student has been given.
        posted: what stands in the fields of levers and assumptions, by symbol, as typed.
        star: the symbol on top; one that is none falls back to the case's first.
    """
    case, model = cases.case_of(version_id), model_of(version_id)
    stars = stars_of(case, model)
    star = star if star in stars else stars[0]
    inputs = [s for s in _in_order(model.tree(star)) if s in model.given]
    typed, errors = _typed(model, inputs, posted)
    assumed = {symbol: value for symbol, value in typed.items() if symbol not in known}
    today = _rebased(model, assumed)
    levers = [Lever(s, "set", v) for s, v in typed.items() if s in known and v != today.given[s]]
    outcome, problem = _outcome(today, levers)
    reachable = known | set(assumed)
    rows = _rows(today, today.tree(star), outcome, reachable, known)
    return Lab(
        rows=rows,
        levers=[_lever(case, today, s, typed.get(s, today.given[s])) for s in inputs if s in known],
        unknown=[(s, today.label(s)) for s in inputs if s not in known],
        stars=[(s, model.label(s)) for s in stars],
        star=star,
        sentence=_sentence(today, outcome, levers, star, reachable),
        problem=problem,
        moved=len(levers),
        errors=errors,
    )


def _typed(
    model: Model, inputs: list[str], posted: Mapping[str, str]
) -> tuple[dict[str, float], dict[str, str]]:
    """Read the fields; a field that is no number is an error that names itself."""
    values: dict[str, float] = {}
    errors: dict[str, str] = {}
    for symbol in inputs:
        text = posted.get(symbol, "").replace(",", "").replace("%", "").replace("$", "").strip()
        if not text:
            continue
        try:
            value = float(text)
        except ValueError:
            value = math.nan
        if not math.isfinite(value):
            errors[symbol] = f"{model.label(symbol)} needs a number, such as 2.5."
            continue
        values[symbol] = (
            value / 100 if _is_share(model.unit(symbol), model.given[symbol]) else value
        )
    return values, errors


def _rebased(model: Model, assumed: Mapping[str, float]) -> Model:
    if not assumed:
        return model
    given = {**model.given, **assumed}
    return Model(given, model.rules, model.equalities, model.labels, model.units)


def _outcome(model: Model, levers: list[Lever]) -> tuple[Outcome, str]:
    try:
        return what_if(model, levers), ""
    except ModelError as error:
        values = model.evaluate()
        return Outcome(values, values), str(error)


def _rows(
    model: Model, root: Node, outcome: Outcome, reachable: set[str], known: set[str]
) -> list[LabRow]:
    rows: list[LabRow] = []
    seen: set[str] = set()

    def walk(node: Node, depth: int, open_levels: tuple[int, ...]) -> None:
        if node.symbol in seen and depth:
            return
        seen.add(node.symbol)
        rows.append(_row(model, node, outcome, reachable, known, depth, open_levels))
        children = [child for child in node.children if child.symbol not in seen]
        for index, child in enumerate(children):
            last = index == len(children) - 1
            deeper = open_levels if last else (*open_levels, depth + 1)
            walk(child, depth + 1, deeper)

    walk(root, 0, ())
    return rows


def _row(
    model: Model,
    node: Node,
    outcome: Outcome,
    reachable: set[str],
    known: set[str],
    depth: int,
    open_levels: tuple[int, ...],
) -> LabRow:
    inputs = {symbol for symbol in model.ancestors(node.symbol) if symbol in model.given}
    shown = inputs <= reachable
    change = outcome.change(node.symbol)
    moved = shown and abs(change.absolute) > 1e-12
    source = "fact" if node.symbol in known else "your assumption"
    return LabRow(
        symbol=node.symbol,
        label=_capital(node.label),
        formula=node.formula or (source if shown else "not asked for yet"),
        today=format_value(change.before, node.unit) if shown else UNKNOWN,
        with_levers=format_value(change.after, node.unit) if shown else UNKNOWN,
        change=_change_words(change.before, change.after, node.unit) if moved else "",
        depth=min(depth, 3),
        rails="".join(str(level) for level in open_levels if level <= 3),
        moved=moved,
        star=depth == 0,
    )


def _change_words(before: float, after: float, unit: str) -> str:
    """Say a change: points for a share, percent for anything else; never the one as the other."""
    if _is_share(unit, before):
        difference = after - before
        return f"{'+' if difference >= 0 else '−'}{points(abs(difference))}"
    if before == 0:
        return format_value(after, unit)
    relative = after / before - 1
    return f"{'+' if relative >= 0 else '−'}{percent(abs(relative))}"


def _lever(case: Case, model: Model, symbol: str, value: float) -> LabLever:
    baseline = case.baselines[symbol]
    unit = model.unit(symbol)
    scale = 100.0 if _is_share(unit, baseline.value) else 1.0
    low, high = baseline.band
    low, high = min(low, baseline.value), max(high, baseline.value)
    width = high - low or abs(baseline.value) or 1.0
    return LabLever(
        symbol=symbol,
        label=_capital(model.label(symbol)),
        value=_plain(value * scale),
        min=_plain(low * scale),
        max=_plain((low + width) * scale),
        step=_plain(width * scale / STEPS_ON_A_SLIDER),
        unit="%" if scale == 100 else "$" if kind_of(unit) == "money" else "",
        unit_before=kind_of(unit) == "money",
        low_words=format_value(low, unit),
        high_words=format_value(low + width, unit),
        today_words=format_value(baseline.value, unit),
        today=_plain(baseline.value * scale),
        today_percent=round(100 * (baseline.value - low) / width),
        moved=value != model.given[symbol],
    )


def _sentence(
    model: Model, outcome: Outcome, levers: list[Lever], star: str, reachable: set[str]
) -> str:
    """Return what the levers say, ready to be put into an answer."""
    inputs = {symbol for symbol in model.ancestors(star) if symbol in model.given}
    if not inputs <= reachable:
        return ""
    change = outcome.change(star)
    unit = model.unit(star)
    name = model.label(star)
    if not levers:
        return f"{_capital(name)} today: {format_value(change.before, unit)} (hypothetical)."
    moves = ", ".join(
        f"{model.label(lever.symbol)} from "
        f"{format_value(outcome.before[lever.symbol], model.unit(lever.symbol))} to "
        f"{format_value(lever.amount, model.unit(lever.symbol))}"
        for lever in levers
    )
    words = _change_words(change.before, change.after, unit)
    return (
        f"With {moves}, {name} goes from {format_value(change.before, unit)} to "
        f"{format_value(change.after, unit)} ({words})."
    )


def _in_order(node: Node) -> list[str]:
    symbols = [node.symbol]
    for child in node.children:
        symbols += [s for s in _in_order(child) if s not in symbols]
    return symbols


def _is_share(unit: str, value: float) -> bool:
    """Say whether a figure is read in percent: a share, or a rate below one (buyers / visitor)."""
    kind = kind_of(unit)
    return kind == "share" or (kind == "rate" and 0 < abs(value) < 1)


def _plain(value: float) -> str:
    return f"{value:.10g}"


def _capital(label: str) -> str:
    return label[:1].upper() + label[1:]


def _words(symbol: str) -> str:
    return symbol.replace("_", " ")
