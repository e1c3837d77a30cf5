"""Units: the lab's own dimensions, checked once when a formula is compiled.

pint's registry costs about 200 ms to build, so it is built on first use and never touched
while numbers are being computed. Formatting for people lives in `wording`.
"""

import ast
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from metrics_lab.engine.expr import Expr, constant_value

COUNTED = (
    "order", "session", "user", "view", "click", "impression", "cart", "checkout", "interaction",
    "attempt", "visit", "mention", "answer", "star", "rating", "contact", "seller", "sku",
    "invite", "person", "point", "item", "trial", "subscriber", "ride", "driver", "message",
)  # fmt: skip
MONEY = ("usd", "eur", "gbp")
_DEFINITIONS = (
    *(f"{name} = [{name}]" for name in COUNTED + MONEY),
    "period = [period]",
    "kimpression = 1000 * impression",
    "kview = 1000 * view",
    # A quarter is its own clock: it must not silently cancel against pint's seconds.
    "quarter = 3 * month",
)  # fmt: skip


class UnitError(ValueError):
    """A unit that is unknown, or two units that cannot stand together in a formula."""


@lru_cache(maxsize=1)
def registry() -> Any:
    """Return the one pint registry with the lab's dimensions, built on first use."""
    from pint import UnitRegistry  # pint's import is slow and most requests need no unit check

    units: Any = UnitRegistry(None)
    units.load_definitions([
        "second = [time] = s", "minute = 60 * second", "hour = 60 * minute", "day = 24 * hour",
        "week = 7 * day", "month = 30 * day", "year = 12 * month", *_DEFINITIONS,
    ])  # fmt: skip
    return units


@lru_cache(maxsize=512)
def parse_unit(text: str) -> Any:
    """Return pint's unit for a strict unit such as "usd/order"; raise UnitError if unknown."""
    plain = text.strip()
    if plain in ("", "1"):
        return registry().Unit("")
    try:
        return registry().Unit(
            plain.removeprefix("1/") + "**-1" if plain.startswith("1/") else plain
        )
    except Exception as error:  # pint raises tokenizer, syntax and lookup errors of many kinds
        raise UnitError(f"“{text}” is not a unit the lab knows.") from error


def unit_of(formula: Expr, units: Mapping[str, str], constants: str = "1") -> Any:
    """Return the pint unit of a formula whose symbols have `units`.

    `constants` is the unit of a factor that is a plain number, as 1000 impression/kimpression.
    Raise UnitError when unlike units are added, or a unit is missing.
    """
    return _unit(formula.tree, units, parse_unit(constants))


def check_formula(
    formula: Expr, units: Mapping[str, str], expected: str, constants: str = "1"
) -> None:
    """Raise UnitError unless the formula's unit and `expected` measure the same thing."""
    found = unit_of(formula, units, constants)
    wanted = parse_unit(expected)
    if found.dimensionality != wanted.dimensionality:
        raise UnitError(
            f"“{formula.text}” comes out in {found or 1:~P}, but {expected} is expected."
            if found.dimensionality
            else f"“{formula.text}” has no unit, but {expected} is expected."
        )


def same_unit(one: str, other: str) -> bool:
    """Return whether two strict units measure the same thing."""
    return bool(parse_unit(one).dimensionality == parse_unit(other).dimensionality)


def _unit(node: ast.expr, units: Mapping[str, str], factor: Any) -> Any:
    match node:
        case ast.Constant():
            return registry().Unit("")
        case ast.Name(id=name):
            if name not in units:
                raise UnitError(f"{name} has no unit.")
            return parse_unit(units[name])
        case ast.UnaryOp(operand=operand):
            return _unit(operand, units, factor)
        case ast.BinOp():
            return _binary_unit(node, units, factor)
        case ast.Call():
            return _call_unit(node, units, factor)
    raise UnitError("A part of the formula has no unit.")


def _binary_unit(node: ast.BinOp, units: Mapping[str, str], factor: Any) -> Any:
    if isinstance(node.op, ast.Pow):
        return _unit(node.left, units, factor) ** (constant_value(node.right) or 0)
    left, right = _factor(node.left, node, units, factor), _factor(node.right, node, units, factor)
    if isinstance(node.op, ast.Mult):
        return left * right
    if isinstance(node.op, ast.Div):
        return left / right
    if left.dimensionality != right.dimensionality:
        raise UnitError(f"Unlike units are added or subtracted: {left} and {right}.")
    return left


def _factor(node: ast.expr, parent: ast.BinOp, units: Mapping[str, str], factor: Any) -> Any:
    """Return a node's unit; a plain number above 1 that multiplies carries the factor's unit."""
    number = constant_value(node)
    if isinstance(parent.op, ast.Mult) and number is not None and number > 1:
        return factor
    return _unit(node, units, factor)


def _call_unit(node: ast.Call, units: Mapping[str, str], factor: Any) -> Any:
    name = node.func.id if isinstance(node.func, ast.Name) else ""
    found = [_unit(argument, units, factor) for argument in node.args]
    if name == "sqrt":
        return found[0] ** 0.5
    if any(unit.dimensionality != found[0].dimensionality for unit in found):
        raise UnitError(f"{name} compares unlike units.")
    if name in ("exp", "log", "phi", "z") and found[0].dimensionality:
        raise UnitError(f"{name} needs a number without a unit.")
    return found[0]
