"""A figure under every reading of a word that is open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from metrics_lab.engine.scenario import Outcome
from metrics_lab.engine.wording import format_value, plain
from metrics_lab.words import capital, change_words


@dataclass(frozen=True)
class CarriedReading:
    """One figure under one reading, in words."""

    condition: str
    today: str
    with_levers: str
    change: str


@dataclass(frozen=True)
class Carried:
    """One figure under every reading of an open question."""

    symbol: str
    label: str
    readings: tuple[CarriedReading, ...]
    apart: str
    ask: str
    reached: frozenset[str]
    """Every figure that depends on the reading and can be computed under each."""

    @property
    def sentence(self) -> str:
        """Return the finding, ready to be put into an answer."""
        values = " and ".join(f"{one.with_levers} {one.condition}" for one in self.readings)
        return f"{capital(self.label)} is {values} (hypothetical); which of them has to be asked."


def reading_of(symbol: str, unit: str, condition: str, outcome: Outcome) -> CarriedReading:
    """Return a figure of an outcome in words; ``condition`` says under which reading."""
    change = outcome.change(symbol)
    moved = abs(change.absolute) > 1e-12 * max(1.0, abs(change.before))
    return CarriedReading(
        condition=condition,
        today=format_value(change.before, unit),
        with_levers=format_value(change.after, unit),
        change=change_words(change.before, change.after, unit) if moved else "",
    )


def apart(values: Sequence[float]) -> str:
    """Say how far values lie apart, from a factor of two on; nothing where one of them is 0."""
    small, large = min(map(abs, values)), max(map(abs, values))
    if small == 0:
        return ""
    return f"{plain(large / small, 3)} times apart" if large / small >= 2 else ""
