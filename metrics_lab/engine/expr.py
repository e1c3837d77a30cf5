"""Formulas that people write, read through a whitelist and compiled once to closures.

Nothing is ever handed to `eval`: the text becomes Python's syntax tree, every node must be one
of a short list, and each node turns into a small closure over a mapping of numbers.

What the closures compute with is a `Kit`: plain numbers here, whole arrays in `arrays`, numbers
that carry their derivative in `duals`. All accept the same formulas.
"""

import ast
import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from statistics import NormalDist
from typing import Generic, TypeGuard, TypeVar

MAX_CHARACTERS = 400
MAX_NODES = 120
MAX_DEPTH = 25
MAX_EXPONENT = 6

Values = Mapping[str, float]
Run = Callable[[Values], float]

_NORMAL = NormalDist()
_WRITABLE = re.compile(r"[A-Za-z0-9_+\-*/(),. ]*")
# 1_000 and 0x10 are Python's habits, not a student's: refusing them avoids silent surprises.
_ODD_NUMBER = re.compile(r"(?<![A-Za-z0-9_])(?:\d[\d.]*_|0[xXbBoO])")

T = TypeVar("T")

ARGUMENTS: Mapping[str, tuple[int, int]] = {
    "abs": (1, 1),
    "ceil": (1, 1),
    "exp": (1, 1),
    "floor": (1, 1),
    "log": (1, 1),
    "max": (2, 8),
    "min": (2, 8),
    "phi": (1, 1),
    "sqrt": (1, 1),
    "z": (1, 1),
}
"""The functions a formula may call, with the fewest and the most arguments of each."""


@dataclass(frozen=True)
class Kit(Generic[T]):
    """How to compute with one kind of value: every operator, and every name of `ARGUMENTS`."""

    number: Callable[[float], T]
    negated: Callable[[T], T]
    operators: Mapping[type[ast.operator], Callable[[T, T], T]]
    functions: Mapping[str, Callable[..., T]]


PLAIN: Kit[float] = Kit(
    number=float,
    negated=lambda a: -a,
    operators={
        ast.Add: lambda a, b: a + b,
        ast.Sub: lambda a, b: a - b,
        ast.Mult: lambda a, b: a * b,
        ast.Div: lambda a, b: a / b,
        ast.Pow: lambda a, b: a**b,
    },
    functions={
        "abs": abs,
        "ceil": math.ceil,
        "exp": math.exp,
        "floor": math.floor,
        "log": math.log,
        "max": max,
        "min": min,
        "phi": _NORMAL.cdf,
        "sqrt": math.sqrt,
        "z": _NORMAL.inv_cdf,
    },
)


class FormulaError(ValueError):
    """A formula that is not accepted, with the reason in words."""


class ImpossibleValueError(FormulaError):
    """A formula that has no finite value for the numbers given."""


@dataclass(frozen=True, slots=True)
class Expr:
    """One accepted formula: its text, the names it needs and its syntax tree."""

    text: str
    names: frozenset[str]
    tree: ast.expr
    run: Run

    @property
    def in_order(self) -> tuple[str, ...]:
        """Return the names as they are first read from left to right."""
        words = re.findall(r"[A-Za-z_]\w*", self.text)
        return tuple(dict.fromkeys(word for word in words if word in self.names))

    def __call__(self, values: Values) -> float:
        """Return the formula's value; raise ImpossibleValueError when it is not a finite number."""
        return evaluate(self, values)


def compile_formula(text: str) -> Expr:
    """Return the compiled formula, or raise FormulaError saying what is not allowed in it."""
    _check_text(text)
    tree = _parse(text.strip())
    _check_size(tree)
    names = frozenset(_variables(tree))
    return Expr(text.strip(), names, tree, compile_node(tree, PLAIN))


def evaluate(expr: Expr, values: Values) -> float:
    """Return the value of `expr` with `values`; raise FormulaError for a missing name."""
    missing = sorted(expr.names - values.keys())
    if missing:
        raise FormulaError(f"“{expr.text}” needs a value for {', '.join(missing)}.")
    try:
        result = float(expr.run(values))
    except ZeroDivisionError:
        raise ImpossibleValueError(f"“{expr.text}” divides by zero.") from None
    except (ArithmeticError, TypeError, ValueError) as error:
        # A TypeError is a negative number under a fractional power: Python makes it complex.
        raise ImpossibleValueError(f"“{expr.text}” has no value here: {error}.") from None
    if not math.isfinite(result):
        raise ImpossibleValueError(f"“{expr.text}” is too large to be a number.")
    return result


def compile_node(node: ast.expr, kit: Kit[T]) -> Callable[[Mapping[str, T]], T]:
    """Return the closure of one accepted node; raise FormulaError for any other node."""
    match node:
        case ast.Constant():
            number = kit.number(_constant(node))
            return lambda values: number
        case ast.Name(id=name):
            return lambda values: values[name]
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            inner, negated = compile_node(operand, kit), kit.negated
            return lambda values: negated(inner(values))
        case ast.UnaryOp(op=ast.UAdd(), operand=operand):
            return compile_node(operand, kit)
        case ast.BinOp():
            return _binary(node, kit)
        case ast.Call():
            return _call(node, kit)
    raise FormulaError(f"A formula may not contain {_called(node)}.")


def constant_value(node: ast.expr) -> float | None:
    """Return the number a node states, with its sign, or None if it is not a plain number."""
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        inner = constant_value(node.operand)
        return None if inner is None else -inner
    if isinstance(node, ast.Constant) and _is_number(node.value):
        return float(node.value)
    return None


def _is_number(value: object) -> TypeGuard[int | float]:
    """Return whether a constant is a plain number; True and False are not."""
    return type(value) in (int, float)


def _constant(node: ast.Constant) -> float:
    if not _is_number(node.value):
        raise FormulaError(f"“{node.value!r}” is not a number.")
    try:
        number = float(node.value)
    except OverflowError:
        raise FormulaError("A number in the formula is too large.") from None
    if not math.isfinite(number):
        raise FormulaError("A number in the formula is too large.")
    return number


def _binary(node: ast.BinOp, kit: Kit[T]) -> Callable[[Mapping[str, T]], T]:
    operator = kit.operators.get(type(node.op))
    if operator is None:
        raise FormulaError("Only +, -, *, / and ** are allowed in a formula.")
    if isinstance(node.op, ast.Pow):
        _check_power(node.right)
    left, right = compile_node(node.left, kit), compile_node(node.right, kit)
    return lambda values: operator(left(values), right(values))


def _check_power(exponent: ast.expr) -> None:
    size = constant_value(exponent)
    if size is None or abs(size) > MAX_EXPONENT:
        raise FormulaError(
            f"A power must be a plain number from -{MAX_EXPONENT} to {MAX_EXPONENT}."
        )


def _call(node: ast.Call, kit: Kit[T]) -> Callable[[Mapping[str, T]], T]:
    if not isinstance(node.func, ast.Name) or node.func.id not in ARGUMENTS:
        known = ", ".join(sorted(ARGUMENTS))
        raise FormulaError(f"Only these functions are known: {known}.")
    function, (fewest, most) = kit.functions[node.func.id], ARGUMENTS[node.func.id]
    if node.keywords or not fewest <= len(node.args) <= most:
        raise FormulaError(f"{node.func.id} does not take these arguments.")
    arguments = tuple(compile_node(argument, kit) for argument in node.args)
    return lambda values: function(*(argument(values) for argument in arguments))


def _check_text(text: str) -> None:
    if not text.strip():
        raise FormulaError("The formula is empty.")
    if len(text) > MAX_CHARACTERS:
        raise FormulaError(f"A formula may have at most {MAX_CHARACTERS} characters.")
    if not _WRITABLE.fullmatch(text):
        raise FormulaError("A formula holds only plain letters, digits and + - * / ( ) , . signs.")
    if _ODD_NUMBER.search(text):
        raise FormulaError("Write numbers plainly, as 1000 or 0.5.")


def _parse(text: str) -> ast.expr:
    try:
        return ast.parse(text, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise FormulaError(f"“{text}” cannot be read as a formula.") from None


def _check_size(tree: ast.expr) -> None:
    if _depth(tree, 1) > MAX_DEPTH:
        raise FormulaError(f"A formula may be nested at most {MAX_DEPTH} deep.")
    if sum(isinstance(node, ast.expr) for node in ast.walk(tree)) > MAX_NODES:
        raise FormulaError(f"A formula may have at most {MAX_NODES} parts.")


def _depth(node: ast.AST, level: int) -> int:
    if level > MAX_DEPTH:
        return level
    children = [n for n in ast.iter_child_nodes(node) if isinstance(n, ast.expr | ast.keyword)]
    return max((_depth(child, level + 1) for child in children), default=level)


def _variables(tree: ast.expr) -> set[str]:
    functions = {id(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    return {
        node.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Name) and id(node) not in functions
    }


def _called(node: ast.expr) -> str:
    names = {
        "Attribute": "a dot between names",
        "Subscript": "square brackets",
        "Compare": "a comparison",
        "Starred": "a star before a name",
        "Tuple": "a list of values",
    }
    return names.get(type(node).__name__, f"a {type(node).__name__.lower()}")
