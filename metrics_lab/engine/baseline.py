"""Baselines whose words can be read in two ways, with every reading carried to the end."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from metrics_lab.engine.errors import UnknownSymbolError
from metrics_lab.engine.graph import Model


@dataclass(frozen=True, slots=True)
class Reading:
    """One meaning of an ambiguous word, with the values that follow from it."""

    meaning: str
    values: Mapping[str, float]
    ruled_out_by: str = ""


@dataclass(frozen=True, slots=True)
class Ambiguity:
    """A word of the case that is open until someone asks, as "shoppers"."""

    term: str
    readings: tuple[Reading, ...]

    @property
    def question(self) -> str:
        """Return the clarifying question that settles it."""
        meanings = " or ".join(reading.meaning for reading in self.readings)
        return f"When the case says “{self.term}”, does it mean {meanings}?"


@dataclass(frozen=True, slots=True)
class Carried:
    """One result under every reading; `apart` is the largest over the smallest."""

    symbol: str
    by_meaning: Mapping[str, float]

    @property
    def apart(self) -> float:
        """Return how many times apart the readings are (infinite where the smallest is 0)."""
        sizes = [abs(value) for value in self.by_meaning.values()]
        return max(sizes) / min(sizes) if min(sizes) else float("inf")


def carry(model: Model, ambiguity: Ambiguity, symbol: str) -> Carried:
    """Return the symbol's value under each reading; raise UnknownSymbolError for a foreign name."""
    return Carried(
        symbol,
        {reading.meaning: model.evaluate(reading.values)[symbol] for reading in ambiguity.readings},
    )


def ambiguities(rows: Sequence[Mapping[str, object]]) -> tuple[Ambiguity, ...]:
    """Return the ambiguities of a case's `readings`: rows with a key `if_<term>_are`."""
    found: dict[str, list[Reading]] = {}
    for row in rows:
        key = next((name for name in row if name.startswith("if_")), None)
        if key is None:
            raise UnknownSymbolError("readings", "A reading needs a key such as if_shoppers_are.")
        term = key.removeprefix("if_").removesuffix("_are").removesuffix("_is").replace("_", " ")
        found.setdefault(term, []).append(_reading(row, key))
    return tuple(Ambiguity(term, tuple(readings)) for term, readings in found.items())


def _reading(row: Mapping[str, object], key: str) -> Reading:
    numbers = {
        name: float(value)
        for name, value in row.items()
        if isinstance(value, int | float) and not isinstance(value, bool)
    }
    return Reading(str(row[key]), numbers, str(row.get("ruled_out_by", "")))
