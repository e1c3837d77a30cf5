"""Formulas on whole arrays: the same whitelist, with NumPy's operations in place of Python's.

A formula has no value where Python would refuse one: a division by zero, the root of a negative
number, an overflow. NumPy would carry on with an infinity that a later division or a `min` hides,
so a block is first computed with such events trapped. Only where one happens is the block
computed again with each step's result checked, and those samples become NaN to the end.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from functools import lru_cache, reduce
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from metrics_lab.engine.expr import Expr, Kit, compile_formula, compile_node

Array: TypeAlias = NDArray[np.float64]
Run = Callable[[Mapping[str, Array]], Array]

KNOWN_FORMULAS = 2048


def on_arrays(formula: Expr, values: Mapping[str, Array]) -> Array:
    """Return the formula's value for every sample; NaN where it has none.

    Each of `values` is of shape (n,) or (), and so is the result: () if all are.
    """
    trapped, checked = _runs(formula.text)
    try:
        with np.errstate(divide="raise", invalid="raise", over="raise", under="ignore"):
            return trapped(values)
    except FloatingPointError:
        with np.errstate(all="ignore"):
            return checked(values)


def number(value: float) -> Array:
    """Return one number as an array of shape ()."""
    return np.asarray(value, dtype=np.float64)


@lru_cache(maxsize=KNOWN_FORMULAS)
def _runs(text: str) -> tuple[Run, Run]:
    """Return a formula's closures, trapped and checked; a text is compiled once in a process."""
    tree = compile_formula(text).tree
    return compile_node(tree, TRAPPED), compile_node(tree, CHECKED)


def _power(base: Array, exponent: Array) -> Array:
    # NumPy says that no value to the power 0 is 1; where there is none, there has to be none.
    return np.power(base, exponent) if exponent else base * 0.0 + 1.0


def _ndtr(a: Array) -> Array:
    from scipy.special import ndtr  # SciPy is slow to import and few formulas need it

    found: Array = ndtr(a)
    return found


def _ndtri(a: Array) -> Array:
    from scipy.special import ndtri

    found: Array = ndtri(a)
    if not np.all(np.isfinite(found)):
        raise FloatingPointError("z has no value at 0, at 1 and beyond")
    return found


def _ndtri_checked(a: Array) -> Array:
    from scipy.special import ndtri

    found: Array = ndtri(a)
    return found


def _checked(operation: Callable[..., Array]) -> Callable[..., Array]:
    def run(*values: Array) -> Array:
        found = operation(*values)
        return np.where(np.isfinite(found), found, np.nan)

    return run


def _kit(extra: Callable[[Callable[..., Array]], Callable[..., Array]], z: Any) -> Kit[Array]:
    """Return the kit of NumPy's operations, each wrapped in `extra`."""
    return Kit(
        number=number,
        negated=np.negative,
        operators={
            ast.Add: extra(np.add),
            ast.Sub: extra(np.subtract),
            ast.Mult: extra(np.multiply),
            ast.Div: extra(np.divide),
            ast.Pow: extra(_power),
        },
        functions={
            "abs": np.abs,
            "ceil": np.ceil,
            "exp": extra(np.exp),
            "floor": np.floor,
            "log": extra(np.log),
            "max": lambda *values: reduce(np.maximum, values),
            "min": lambda *values: reduce(np.minimum, values),
            "phi": _ndtr,
            "sqrt": extra(np.sqrt),
            "z": extra(z),
        },
    )


TRAPPED = _kit(lambda operation: operation, _ndtri)
CHECKED = _kit(_checked, _ndtri_checked)
