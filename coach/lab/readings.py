"""A figure that can be read in two ways: every reading is carried until the definition is asked.

The readings of a question stand in the order of their words, never in the order of the case
file, so that nothing tells which of them is the case's own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace

from metrics_lab.engine.errors import ModelError
from metrics_lab.engine.graph import Model
from metrics_lab.engine.scenario import Lever, Outcome, what_if
from metrics_lab.presentation.carried import Carried, apart, reading_of
from metrics_lab.words import capital
from questions.case import Case, Fact, Reading


@dataclass(frozen=True)
class Ambiguity:
    """The readings of one question, and what opens and what settles it."""

    question: str
    readings: tuple[Reading, ...]
    opened_by: str
    takes: frozenset[str]
    ways: tuple[frozenset[str], ...]
    """Sets of facts, each of which settles it."""

    def is_settled(self, given: AbstractSet[str]) -> bool:
        """Say whether the facts given so far settle it."""
        return any(way <= given for way in self.ways)

    def is_open(self, given: AbstractSet[str]) -> bool:
        """Say whether the ambiguous figure was told, and its definition was not."""
        return bool(self.opened_by) and self.opened_by in given and not self.is_settled(given)

    def told(self, given: AbstractSet[str]) -> frozenset[str]:
        """Return the baselines that are known once it was opened and settled."""
        opened = self.opened_by in given and self.is_settled(given)
        return self.takes if opened else frozenset()

    @property
    def ask(self) -> str:
        """Return the question that settles it, as a student may put it."""
        *term, verb = self.question.split()
        answers = " or ".join(reading.answer for reading in self.readings)
        if verb in ("is", "are", "means"):
            return f"When you say “{' '.join(term)}”, do you mean {answers}?"
        return f"{capital(self.question)} what: {answers}?"

    @property
    def settled_words(self) -> str:
        """Return how the case reads it; for use once it is settled."""
        own = next((reading for reading in self.readings if not reading.set), None)
        return f"Settled: {self.question} {own.answer}." if own else ""


def ambiguities_of(case: Case) -> tuple[Ambiguity, ...]:
    """Return the case's ambiguities whose readings change the model."""
    questions = dict.fromkeys(reading.question for reading in case.readings)
    groups = [[r for r in case.readings if r.question == question] for question in questions]
    return tuple(_ambiguity(case, rows) for rows in groups if any(row.set for row in rows))


def _ambiguity(case: Case, rows: Sequence[Reading]) -> Ambiguity:
    settling = settling_fact(case, rows)
    ways = ((settling.id,), *settling.also_settled_by) if settling else ()
    return Ambiguity(
        question=rows[0].question.replace("_", " "),
        readings=tuple(sorted(rows, key=lambda row: row.answer.casefold())),
        opened_by=next((row.opened_by for row in rows if row.opened_by), ""),
        takes=frozenset(symbol for row in rows for symbol in row.takes),
        ways=tuple(frozenset(way) for way in ways),
    )


def settling_fact(case: Case, rows: Sequence[Reading]) -> Fact | None:
    """Return the fact that gives the definition: the one that reveals most of what the readings
    give, then most of what they set; None where no fact reveals any of it."""
    gives = {symbol for row in rows for symbol in row.gives}
    changed = {symbol for row in rows for symbol in row.set}

    def told(fact: Fact) -> tuple[int, int]:
        return len(gives & set(fact.reveals)), len(changed & set(fact.reveals))

    best = max(case.facts, key=told, default=None)
    return best if best and told(best) > (0, 0) else None


def carry(
    ambiguity: Ambiguity,
    model: Model,
    star: str,
    reachable: AbstractSet[str],
    levers: Sequence[Lever],
) -> Carried | None:
    """Return the star under every reading, or the case's own figure where the star does not
    depend on the reading; None where what was told is not enough to compute one."""
    usable = reachable | ambiguity.takes
    reached = frozenset(
        rule.symbol
        for rule in model.rules
        if _depends(model, rule.symbol, ambiguity)
        and all(_inputs(model, rule.symbol) - r.set.keys() <= usable for r in ambiguity.readings)
    )
    given = [symbol for reading in ambiguity.readings for symbol in reversed([*reading.gives])]
    symbol = next((symbol for symbol in (star, *given) if symbol in reached), None)
    if symbol is None:
        return None
    try:
        outcomes = [_under(model, reading.set, levers) for reading in ambiguity.readings]
    except ModelError:
        return None  # the tree says what is wrong with the levers
    return Carried(
        symbol=symbol,
        label=model.label(symbol),
        readings=tuple(
            reading_of(
                symbol,
                model.unit(symbol),
                f"if {ambiguity.question} {reading.answer}",
                outcome,
            )
            for reading, outcome in zip(ambiguity.readings, outcomes, strict=True)
        ),
        apart=apart([outcome.before[symbol] for outcome in outcomes]),
        ask=ambiguity.ask,
        reached=reached,
    )


def _under(model: Model, changes: Mapping[str, float], levers: Sequence[Lever]) -> Outcome:
    read = replace(model, given={**model.given, **changes})
    return what_if(read, [lever for lever in levers if lever.symbol not in changes])


def _depends(model: Model, symbol: str, ambiguity: Ambiguity) -> bool:
    gives = {name for reading in ambiguity.readings for name in reading.gives}
    return bool(model.ancestors(symbol) & gives)


def _inputs(model: Model, symbol: str) -> frozenset[str]:
    return frozenset(name for name in model.ancestors(symbol) if name in model.given)
