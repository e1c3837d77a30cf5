"""Choose a direction for each relation and an order in which all can be computed."""

from collections.abc import Sequence
from dataclasses import dataclass

from metrics_lab.engine.errors import CycleError, MissingInputError
from metrics_lab.engine.expr import Expr
from metrics_lab.engine.solve import isolate

Formula = tuple[str, Expr]


@dataclass(frozen=True, slots=True)
class Rule:
    """One directed relation: how to compute `symbol`."""

    symbol: str
    formula: Expr


def direct(
    formulas: Sequence[Formula], given: frozenset[str]
) -> tuple[tuple[Rule, ...], tuple[Rule, ...]]:
    """Return (rules in computable order, relations left over as checks).

    Forward readings come first; a relation is turned round only when nothing else can move.
    Raise MissingInputError or CycleError naming the symbols that stay unknown.
    """
    known, rules, left = set(given), list[Rule](), list(formulas)
    checks: list[Rule] = []
    while left:
        moved = _forward(left, known, checks) or _turned(left, known)
        if moved is None:
            if not left:
                break
            _refuse(left, known)
        else:
            rules.append(moved)
            known.add(moved.symbol)
    return tuple(rules), tuple(checks)


def _forward(left: list[Formula], known: set[str], checks: list[Rule]) -> Rule | None:
    for item in list(left):
        symbol, formula = item
        if formula.names <= known:
            left.remove(item)
            if symbol not in known:
                return Rule(symbol, formula)
            checks.append(Rule(symbol, formula))
    return None


def _turned(left: list[Formula], known: set[str]) -> Rule | None:
    for item in left:
        symbol, formula = item
        unknown = formula.names - known
        if symbol in known and len(unknown) == 1:
            wanted = next(iter(unknown))
            turned = isolate(symbol, formula, wanted)
            if turned is not None:
                left.remove(item)
                return Rule(wanted, turned)
    return None


def _refuse(left: Sequence[Formula], known: set[str]) -> None:
    defined = {symbol for symbol, _ in left} | known
    for symbol, formula in left:
        missing = sorted(formula.names - defined)
        if missing:
            raise MissingInputError(
                missing[0], f"{symbol} needs {missing[0]}. Give it a value or a formula."
            )
    path = _cycle(left, known)
    raise CycleError(
        path[0],
        f"{' → '.join(path)} is a circle: each needs the other. Give one of them a value.",
    )


def _cycle(left: Sequence[Formula], known: set[str]) -> list[str]:
    needs = {symbol: sorted(formula.names - known) for symbol, formula in left}
    path = [next((symbol for symbol in needs if symbol not in known), left[0][0])]
    while True:
        following = next((name for name in needs.get(path[-1], []) if name in needs), path[0])
        if following in path:
            return [*path[path.index(following) :], following]
        path.append(following)
