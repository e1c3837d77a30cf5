"""Numbers that carry their slope, so that a formula gives its exact derivative as it is computed.

Forward differentiation (Wengert 1964): each operation computes its value and, by the chain rule,
the slope of it with respect to the one input whose slope is 1.
"""

from __future__ import annotations

import ast
import math
from collections.abc import Callable
from functools import lru_cache
from statistics import NormalDist
from typing import NamedTuple

from metrics_lab.engine.expr import Kit, Values, compile_formula, compile_node

KNOWN_FORMULAS = 1024
_NORMAL = NormalDist()


class Dual(NamedTuple):
    """A value and its slope with respect to one input."""

    value: float
    slope: float = 0.0


@lru_cache(maxsize=KNOWN_FORMULAS)
def with_slope(text: str) -> Callable[[dict[str, Dual]], Dual]:
    """Return the closure of a formula over duals; it raises ArithmeticError or ValueError.

    At a kink of `max`, `min` and `abs` the slope is that of the value taken, and of the first
    of equal ones; a step of `floor` and `ceil` has slope 0.
    """
    return compile_node(compile_formula(text).tree, DUALS)


def plain(values: Values) -> dict[str, Dual]:
    """Return numbers as duals that do not depend on anything."""
    return {symbol: Dual(value) for symbol, value in values.items()}


def _product(a: Dual, b: Dual) -> Dual:
    return Dual(a.value * b.value, a.slope * b.value + a.value * b.slope)


def _quotient(a: Dual, b: Dual) -> Dual:
    value = a.value / b.value
    return Dual(value, (a.slope - value * b.slope) / b.value)


def _power(a: Dual, b: Dual) -> Dual:
    value = a.value**b.value
    if isinstance(value, complex):
        raise ValueError("a negative number has no such root")
    # An exponent is a plain number by the whitelist, so its own slope is 0.
    return Dual(value, b.value * a.value ** (b.value - 1) * a.slope if a.slope else 0.0)


def _applied(
    function: Callable[[float], float], slope: Callable[[float], float]
) -> Callable[[Dual], Dual]:
    """Return a function of one dual from the function and its derivative."""

    def run(a: Dual) -> Dual:
        return Dual(function(a.value), slope(a.value) * a.slope if a.slope else 0.0)

    return run


DUALS: Kit[Dual] = Kit(
    number=Dual,
    negated=lambda a: Dual(-a.value, -a.slope),
    operators={
        ast.Add: lambda a, b: Dual(a.value + b.value, a.slope + b.slope),
        ast.Sub: lambda a, b: Dual(a.value - b.value, a.slope - b.slope),
        ast.Mult: _product,
        ast.Div: _quotient,
        ast.Pow: _power,
    },
    functions={
        "abs": _applied(abs, lambda x: 1.0 if x >= 0 else -1.0),
        "ceil": _applied(math.ceil, lambda x: 0.0),
        "exp": _applied(math.exp, math.exp),
        "floor": _applied(math.floor, lambda x: 0.0),
        "log": _applied(math.log, lambda x: 1 / x),
        "max": lambda *values: max(values, key=lambda a: a.value),
        "min": lambda *values: min(values, key=lambda a: a.value),
        "phi": _applied(_NORMAL.cdf, _NORMAL.pdf),
        "sqrt": _applied(math.sqrt, lambda x: 0.5 / math.sqrt(x)),
        "z": _applied(_NORMAL.inv_cdf, lambda p: 1 / _NORMAL.pdf(_NORMAL.inv_cdf(p))),
    },
)
