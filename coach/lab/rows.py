"""The rows of the lab's tree: what is known, what follows, and what stays a question mark."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from metrics_lab.engine.graph import Model, Node
from metrics_lab.engine.scenario import Outcome
from metrics_lab.engine.wording import format_value
from metrics_lab.words import capital, change_words

UNKNOWN = "?"
OPEN = "two readings"
DEEPEST = 3


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
    hidden: bool = False
    """Whether it has no value to show: neither moved nor held."""


@dataclass(frozen=True)
class Tree:
    """What the rows are drawn from.

    ``known`` are symbols that were told, ``reachable`` also those that the student assumed,
    ``open`` those that have a value under each reading of an open question, but not one.
    """

    model: Model
    outcome: Outcome
    known: AbstractSet[str]
    reachable: AbstractSet[str]
    open: AbstractSet[str]

    def rows(self, root: Node) -> list[LabRow]:
        """Return the rows beneath ``root``, each symbol once, the root first."""
        found: list[LabRow] = []
        seen: set[str] = set()

        def walk(node: Node, depth: int, open_levels: tuple[int, ...]) -> None:
            if node.symbol in seen and depth:
                return
            seen.add(node.symbol)
            found.append(self._row(node, depth, open_levels))
            children = [child for child in node.children if child.symbol not in seen]
            for index, child in enumerate(children):
                last = index == len(children) - 1
                deeper = open_levels if last else (*open_levels, depth + 1)
                walk(child, depth + 1, deeper)

        walk(root, 0, ())
        return found

    def is_computed(self, symbol: str) -> bool:
        """Say whether a symbol follows from what is known or assumed."""
        return self.model.ancestors(symbol) & self.model.given.keys() <= self.reachable

    def _row(self, node: Node, depth: int, open_levels: tuple[int, ...]) -> LabRow:
        change, computed = self.outcome.change(node.symbol), self.is_computed(node.symbol)
        moves = abs(change.absolute) > 1e-12
        shown = computed or node.symbol in self.known
        nothing = OPEN if node.symbol in self.open else UNKNOWN
        # A figure that was told, but hangs on one that was not, is shown as long as it stands.
        after = computed or (shown and not moves)
        return LabRow(
            symbol=node.symbol,
            label=capital(node.label),
            formula=node.formula or self._source(node.symbol, shown),
            today=format_value(change.before, node.unit) if shown else nothing,
            with_levers=format_value(change.after, node.unit) if after else nothing,
            change=change_words(change.before, change.after, node.unit)
            if computed and moves
            else "",
            depth=min(depth, DEEPEST),
            rails="".join(str(level) for level in open_levels if level <= DEEPEST),
            moved=computed and moves,
            star=depth == 0,
            hidden=not after,
        )

    def _source(self, symbol: str, shown: bool) -> str:
        if not shown:
            return "not asked for yet"
        return "fact" if symbol in self.known else "your assumption"
