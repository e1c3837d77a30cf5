"""A sheet as its page shows it: the tree with a scenario's levers, and what they lead to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from metrics_lab.engine.baseline import Ambiguity
from metrics_lab.engine.errors import ModelError
from metrics_lab.engine.graph import Step
from metrics_lab.engine.scenario import Lever, Outcome, what_if
from metrics_lab.engine.sheet.model import Computed, Input, Sheet, model_of
from metrics_lab.engine.wording import format_value
from metrics_lab.presentation.carried import Carried, apart, reading_of
from metrics_lab.presentation.sheet_levers import SheetLever, levers_from
from metrics_lab.presentation.sheet_rows import SheetRow, empty_outcome, places, rows_of
from metrics_lab.words import capital, change_words, within

MOST_COMPARED = 3


@dataclass(frozen=True)
class SheetPage:
    """A sheet with the levers of one scenario.

    Args:
        stored: the levers that are kept.
        posted: the form's fields as they were typed; None shows what is kept.
    """

    sheet: Sheet
    stored: Sequence[Lever] = ()
    posted: Mapping[str, str] | None = None

    @cached_property
    def star(self) -> str:
        """The symbol on top of the tree."""
        return self.sheet.top

    @cached_property
    def stars(self) -> list[tuple[str, str]]:
        """The figures that may stand on top."""
        symbols = [*self.sheet.derived] or [*self.sheet.inputs]
        return [(symbol, capital(self.sheet.label(symbol))) for symbol in symbols]

    @cached_property
    def _built(self) -> tuple[Computed | None, str]:
        try:
            return model_of(self.sheet), ""
        except ModelError as error:
            return None, str(error)

    @cached_property
    def computed(self) -> Computed | None:
        """The computable part; None where the sheet as a whole cannot be computed."""
        return self._built[0]

    @cached_property
    def inputs(self) -> list[Input]:
        """The inputs beneath the star, in reading order."""
        found = self.sheet.inputs
        return [found[p.symbol] for p in places(self.sheet, self.star) if p.symbol in found]

    @cached_property
    def gaps(self) -> list[Input]:
        """The inputs beneath the star that have no value yet."""
        return [item for item in self.inputs if item.point is None]

    @cached_property
    def levers(self) -> list[SheetLever]:
        """The levers beneath the star."""
        return levers_from(self.inputs, self.stored, self.posted)

    @cached_property
    def moves(self) -> list[Lever]:
        """The levers to compute with: those shown, and kept ones of figures elsewhere."""
        shown = {lever.symbol for lever in self.levers}
        kept = [lever for lever in self.stored if lever.symbol not in shown]
        moved = [lever.lever for lever in self.levers if lever.lever]
        return [*kept, *moved]

    @cached_property
    def _outcome(self) -> tuple[Outcome, str]:
        if self.computed is None:
            return empty_outcome(), self._built[1]
        return outcome_of(self.computed, self.moves)

    @cached_property
    def outcome(self) -> Outcome:
        """The values today and with the levers."""
        return self._outcome[0]

    @cached_property
    def problem(self) -> str:
        """What is wrong with the sheet, or with the levers together."""
        return self._outcome[1]

    @cached_property
    def rows(self) -> list[SheetRow]:
        """The rows of the tree."""
        reached = frozenset[str]().union(*(one.reached for one in self.carried))
        return rows_of(self.sheet, self._safe, self.outcome, self.star, open_words=reached)

    @property
    def _safe(self) -> Computed:
        """The computable part, or that of no figure at all."""
        if self.computed is not None:
            return self.computed
        return model_of(Sheet(self.sheet.title))

    @property
    def is_open(self) -> bool:
        """Whether a lever waits for a correction or an answer."""
        return any(lever.is_open for lever in self.levers)

    @cached_property
    def moved_words(self) -> str:
        """How many levers are moved, in words."""
        count = len(self.moves)
        return f"{count} lever{'' if count == 1 else 's'} moved" if count else ""

    @cached_property
    def sentence(self) -> str:
        """What the levers say, ready to be put into an answer."""
        if self.star not in self.outcome.before:
            return ""
        change = self.outcome.change(self.star)
        unit, name = self._unit(self.star), within(self.sheet.label(self.star))
        before = format_value(change.before, unit)
        if not self.moves:
            return f"{capital(name)} today: {before} (hypothetical)."
        moves = ", ".join(
            f"{within(self.sheet.label(lever.symbol))} from "
            f"{format_value(self.outcome.before[lever.symbol], self._unit(lever.symbol))} to "
            f"{format_value(self.outcome.after[lever.symbol], self._unit(lever.symbol))}"
            for lever in self.moves
            if lever.symbol in self.outcome.before
        )
        return (
            f"With {moves}, {name} goes from {before} to {format_value(change.after, unit)} "
            f"({change_words(change.before, change.after, unit)}; hypothetical)."
        )

    @cached_property
    def carried(self) -> list[Carried]:
        """The star under every reading of each open word that it depends on."""
        found = (self._carry(ambiguity) for ambiguity in self.sheet.ambiguities)
        return [one for one in found if one is not None]

    def steps(self, symbol: str) -> list[tuple[Step, str]]:
        """Return the steps that lead to a figure with the levers, each with its value in words."""
        return [(step, format_value(step.value, step.unit)) for step in self._steps(symbol)]

    def _steps(self, symbol: str) -> tuple[Step, ...]:
        if self.computed is None or symbol not in self.outcome.before:
            return ()
        after, given = self.outcome.after, self.computed.model.given
        moved = {name: after[name] for name in given if after[name] != given[name]}
        return self.computed.model.explain(symbol, moved)

    def lacks(self, symbol: str) -> list[Input]:
        """Return the inputs without a value on which a figure depends."""
        missing = self.computed.missing.get(symbol, ()) if self.computed else ()
        return [self.sheet.inputs[name] for name in missing if name in self.sheet.inputs]

    def _unit(self, symbol: str) -> str:
        return self.sheet.unit(symbol) or "number"

    def _carry(self, ambiguity: Ambiguity) -> Carried | None:
        """Return the star under each reading, or the highest figure that each of them gives."""
        try:
            outcomes = [
                outcome_of(model_of(self.sheet, reading.values), self.moves)[0]
                for reading in ambiguity.readings
            ]
        except ModelError:
            return None  # the tree says what is wrong
        reached = [s for s in self.sheet.symbols if _differs(s, outcomes)]
        wanted = (self.star, *(r.symbol for r in reversed(self.sheet.relations)))
        symbol = next((s for s in wanted if s in reached), None)
        if symbol is None:
            return None
        rows = zip(ambiguity.readings, outcomes, strict=True)
        return Carried(
            symbol=symbol,
            label=self.sheet.label(symbol),
            readings=tuple(
                reading_of(
                    symbol,
                    self._unit(symbol),
                    f"if “{ambiguity.term}” means {reading.meaning}",
                    outcome,
                )
                for reading, outcome in rows
            ),
            apart=apart([one.before[symbol] for one in outcomes]),
            ask=ambiguity.question,
            reached=frozenset(reached),
        )


@dataclass(frozen=True)
class Comparison:
    """Today and up to three scenarios beside it."""

    names: list[str] = field(default_factory=list)
    rows: list[SheetRow] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def comparison_of(sheet: Sheet, scenarios: Sequence[tuple[str, Sequence[Lever]]]) -> Comparison:
    """Return today and the scenarios as columns of one tree; what cannot be computed is said."""
    page = SheetPage(sheet)
    if page.computed is None:
        return Comparison(problems=[page.problem])
    found = [(name, *outcome_of(page.computed, levers)) for name, levers in scenarios]
    return Comparison(
        names=[name for name, _, _ in found],
        rows=rows_of(
            sheet,
            page.computed,
            page.outcome,
            page.star,
            [(name, outcome) for name, outcome, _ in found],
        ),
        problems=[f"{name}: {problem}" for name, _, problem in found if problem],
    )


def outcome_of(computed: Computed, levers: Sequence[Lever]) -> tuple[Outcome, str]:
    """Return the outcome of levers, or today's values and what is wrong with the levers."""
    known = [lever for lever in levers if lever.symbol in computed.model.given]
    try:
        return what_if(computed.model, known), ""
    except ModelError as error:
        values = computed.model.evaluate()
        return Outcome(values, values), str(error)


def _differs(symbol: str, outcomes: Sequence[Outcome]) -> bool:
    if not outcomes or any(symbol not in one.before for one in outcomes):
        return False
    values = [one.before[symbol] for one in outcomes]
    return max(values) > min(values)
