"""The tree of a sheet: every figure once, with its value today, with levers, and what it lacks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace

from metrics_lab.engine.scenario import Outcome
from metrics_lab.engine.sheet.model import Computed, Input, Sheet, formula_of
from metrics_lab.engine.wording import format_value, written_formula
from metrics_lab.words import capital, change_words

UNKNOWN = "?"
OPEN = "two readings"
DEEPEST = 3
STATUS_WORDS = {
    "given": "given",
    "assumed": "assumed",
    "measured": "measured",
    "unknown": "no value yet",
}


@dataclass(frozen=True)
class Place:
    """Where a figure stands in the tree."""

    symbol: str
    depth: int
    rails: str


@dataclass(frozen=True)
class Cell:
    """One figure in one scenario."""

    name: str
    value: str
    change: str
    moved: bool


@dataclass(frozen=True)
class SheetRow:
    """One row of the tree, as components/kpi_tree.html and scenarios.html want it."""

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
    hidden: bool
    url: str = ""
    values: tuple[Cell, ...] = ()


def places(sheet: Sheet, top: str) -> list[Place]:
    """Return the figures beneath ``top`` in reading order, each once, ``top`` first.

    The walk is bounded by the number of figures, whatever the formulas share.
    """
    derived, found, seen = sheet.derived, list[Place](), set[str]()
    waiting: list[tuple[str, int, tuple[int, ...]]] = [(top, 0, ())] if top else []
    while waiting:
        symbol, depth, rails = waiting.pop()
        if symbol in seen:
            continue
        seen.add(symbol)
        shown = "".join(str(level) for level in rails if level <= DEEPEST)
        found.append(Place(symbol, min(depth, DEEPEST), shown))
        names = formula_of(derived[symbol].formula).in_order if symbol in derived else ()
        children = [name for name in names if name not in seen]
        below = [
            (name, depth + 1, rails if index == len(children) - 1 else (*rails, depth + 1))
            for index, name in enumerate(children)
        ]
        waiting += reversed(below)
    return found


def rows_of(
    sheet: Sheet,
    computed: Computed,
    outcome: Outcome,
    top: str,
    others: Sequence[tuple[str, Outcome]] = (),
    open_words: AbstractSet[str] = frozenset(),
) -> list[SheetRow]:
    """Return the rows of the tree.

    Args:
        others: named scenarios to stand beside today.
        open_words: figures that have a value under each reading of an open word, but not one.
    """
    rows = (_row(sheet, computed, outcome, place, others) for place in places(sheet, top))
    return [
        replace(row, today=OPEN, with_levers=OPEN)
        if row.hidden and row.symbol in open_words
        else row
        for row in rows
    ]


def _row(
    sheet: Sheet,
    computed: Computed,
    outcome: Outcome,
    place: Place,
    others: Sequence[tuple[str, Outcome]],
) -> SheetRow:
    symbol, unit = place.symbol, sheet.unit(place.symbol) or "number"
    known = symbol in outcome.before
    before = outcome.before[symbol] if known else 0.0
    cell = _cell("", outcome, symbol, unit)
    return SheetRow(
        symbol=symbol,
        label=capital(sheet.label(symbol)),
        formula=_beneath(sheet, computed, symbol),
        today=format_value(before, unit) if known else UNKNOWN,
        with_levers=cell.value,
        change=cell.change,
        depth=place.depth,
        rails=place.rails,
        moved=cell.moved,
        star=place.depth == 0,
        hidden=not known,
        values=tuple(_cell(name, other, symbol, unit) for name, other in others),
    )


def _cell(name: str, outcome: Outcome, symbol: str, unit: str) -> Cell:
    if symbol not in outcome.before:
        return Cell(name, UNKNOWN, "", False)
    change = outcome.change(symbol)
    moved = abs(change.absolute) > 1e-12 * max(1.0, abs(change.before))
    said = change_words(change.before, change.after, unit) if moved else ""
    return Cell(name, format_value(change.after, unit), said, moved)


def _beneath(sheet: Sheet, computed: Computed, symbol: str) -> str:
    """Return what stands beneath a figure's name: its formula, or where its value is from."""
    missing = computed.missing.get(symbol, ())
    if relation := sheet.derived.get(symbol):
        words = written_formula(relation.formula, sheet.labels)
        lacks = [sheet.label(name) for name in missing]
        return f"{words} · needs {', '.join(lacks)}" if lacks else words
    item = sheet.inputs[symbol]
    return ", ".join(part for part in (STATUS_WORDS[item.status], range_words(item)) if part)


def range_words(item: Input) -> str:
    """Return an input's range in words, "" where it has none."""
    if item.low is None or item.high is None:
        return ""
    unit = item.unit or "number"
    return f"{format_value(item.low, unit)} to {format_value(item.high, unit)}"


def empty_outcome() -> Outcome:
    """Return the outcome of a sheet that cannot be computed at all."""
    nothing: Mapping[str, float] = {}
    return Outcome(nothing, nothing)
