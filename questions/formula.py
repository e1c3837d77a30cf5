"""The arithmetic of a case: + - * / and whole powers of named numbers, nothing else.

Small on purpose: the lab has the full expression language and is passed in where it is at hand.
"""

import ast
import operator
from collections.abc import Callable, Mapping
from functools import lru_cache

MAX_LENGTH = 400
MAX_POWER = 6

_BINARY: dict[type[ast.operator], Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}


class FormulaError(ValueError):
    """A formula that is not arithmetic, or that names a number the case does not have."""


def evaluate(formulas: Mapping[str, str], given: Mapping[str, float]) -> dict[str, float]:
    """Return the value of every formula; formulas may use `given` and each other.

    Raises FormulaError naming the symbol for an unknown name, a circle, a division by zero or
    anything that is not arithmetic.
    """
    values = dict(given)
    for symbol in formulas:
        _resolve(symbol, formulas, values, ())
    return {symbol: values[symbol] for symbol in formulas}


@lru_cache(maxsize=4096)
def names(formula: str) -> tuple[str, ...]:
    """Return the names a formula uses. Raises FormulaError."""
    tree = _parse(formula)
    return tuple(node.id for node in ast.walk(tree) if isinstance(node, ast.Name))


def _resolve(
    symbol: str, formulas: Mapping[str, str], values: dict[str, float], above: tuple[str, ...]
) -> float:
    if symbol in values:
        return values[symbol]
    if symbol not in formulas:
        raise FormulaError(f"{above[-1]} uses {symbol}, which is no baseline and no relation")
    if symbol in above:
        raise FormulaError(f"{' -> '.join((*above, symbol))} goes round in a circle")
    for name in names(formulas[symbol]):
        _resolve(name, formulas, values, (*above, symbol))
    try:
        values[symbol] = _value(_parse(formulas[symbol]).body, values)
    except ZeroDivisionError as error:
        raise FormulaError(f"{symbol} divides by zero") from error
    return values[symbol]


@lru_cache(maxsize=4096)
def _parse(formula: str) -> ast.Expression:
    """The tree of a formula, read once: a case is worked out with many sets of numbers."""
    if len(formula) > MAX_LENGTH:
        raise FormulaError(f"a formula has at most {MAX_LENGTH} characters")
    try:
        return ast.parse(formula, mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise FormulaError(f"{formula!r} is not a formula") from error


def _value(node: ast.expr, values: Mapping[str, float]) -> float:
    if isinstance(node, ast.Constant) and type(node.value) in (int, float):
        return float(node.value)  # type: ignore[arg-type]
    if isinstance(node, ast.Name):
        return values[node.id]
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return -_value(node.operand, values)
    if isinstance(node, ast.BinOp):
        return _operation(node, values)
    raise FormulaError(f"{ast.unparse(node)!r} is not arithmetic: use + - * / ( ) and names")


def _operation(node: ast.BinOp, values: Mapping[str, float]) -> float:
    left, right = _value(node.left, values), _value(node.right, values)
    if type(node.op) in _BINARY:
        return _BINARY[type(node.op)](left, right)
    if isinstance(node.op, ast.Pow) and right == int(right) and abs(right) <= MAX_POWER:
        return float(left**right)
    raise FormulaError(f"{ast.unparse(node)!r} is not arithmetic: whole powers up to {MAX_POWER}")
