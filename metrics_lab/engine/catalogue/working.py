"""Show the working of a metric: its steps with numbers, and the formula turned round."""

import ast
from collections.abc import Mapping
from dataclasses import dataclass
from statistics import NormalDist, StatisticsError

from metrics_lab.engine.catalogue.metrics import (
    InputError,
    Metric,
    compute_metric,
    formula_of,
    no_value,
    procedure,
)
from metrics_lab.engine.expr import Expr, FormulaError, ImpossibleValueError, compile_formula
from metrics_lab.engine.solve import isolate
from metrics_lab.engine.wording import format_value, plain

SAME = 1e-9
_SIGNS: Mapping[type[ast.operator], str] = {
    ast.Add: "+", ast.Sub: "−", ast.Mult: "×", ast.Div: "/", ast.Pow: "^",
}  # fmt: skip
_TIGHT = (ast.Mult, ast.Div, ast.Pow)
_RANK: Mapping[type[ast.operator], int] = {
    ast.Add: 1, ast.Sub: 1, ast.Mult: 2, ast.Div: 2, ast.Pow: 3,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Step:
    """One step: a part of the formula, the same with its numbers, and what it comes to."""

    formula: str
    numbers: str
    value: float


@dataclass(frozen=True, slots=True)
class Turned:
    """What one input would have to be for a wanted result, the other inputs as they are.

    `value` is None where no value does it; `problem` says why.
    """

    symbol: str
    formula: str
    value: float | None
    problem: str = ""


def steps(metric: Metric, values: Mapping[str, float]) -> tuple[Step, ...]:
    """Return the working from the inputs to the metric, its own step last.

    None for a figure that is counted and not computed, such as views.
    Raise InputError for values the metric cannot take.
    """
    result = compute_metric(metric, values)
    try:
        return _steps(metric, values, result)
    except (ImpossibleValueError, ArithmeticError, StatisticsError) as error:
        # A part can be beyond all numbers while the whole is not: 0 / (1e308 + 1e308).
        raise no_value(metric, values) from error


def _steps(metric: Metric, values: Mapping[str, float], result: float) -> tuple[Step, ...]:
    if procedure(metric):
        return (*_PROCEDURES[metric.id](values), Step(metric.id, "", result))
    formula = formula_of(metric)
    if isinstance(formula.tree, ast.Name):
        return ()
    found: list[Step] = []
    numbers = _written(formula.tree, _Writer(metric, values, found), root=True)
    return (*found, Step(spaced(formula.text), numbers, result))


def turned_round(metric: Metric, values: Mapping[str, float], wanted: float) -> tuple[Turned, ...]:
    """Return, for each input that can be isolated, what it must be for `wanted` to come out."""
    if procedure(metric):
        return ()
    formula = formula_of(metric)
    if metric.id in formula.names:
        return ()
    found = []
    for item in metric.inputs:
        turned = isolate(metric.id, formula, item.symbol)
        if turned is not None:
            found.append(_turned(metric, values, wanted, item.symbol, turned))
    return tuple(found)


def can_be_turned(metric: Metric) -> tuple[str, ...]:
    """Return the symbols that the formula can be solved for."""
    if procedure(metric) or metric.id in formula_of(metric).names:
        return ()
    formula = formula_of(metric)
    return tuple(i.symbol for i in metric.inputs if isolate(metric.id, formula, i.symbol))


def spaced(formula: str) -> str:
    """Return a formula with people's signs and air around them: "orders × aov".

    A text that is no expression comes back as it is.
    """
    try:
        tree = compile_formula(formula).tree
    except FormulaError:
        return formula.replace("*", " × ")
    return _spaced(tree)


def _turned(
    metric: Metric, values: Mapping[str, float], wanted: float, symbol: str, turned: Expr
) -> Turned:
    shown = spaced(turned.text)
    try:
        value = turned({**values, metric.id: wanted})
        reached = compute_metric(metric, {**values, symbol: value})
    except ImpossibleValueError:
        return Turned(symbol, shown, None, "no value does it with the other numbers as they are")
    except InputError as error:
        return Turned(symbol, shown, None, f"it would have to be {plain(value)}, and {error}")
    if abs(reached - wanted) > SAME * max(1.0, abs(wanted)):
        return Turned(symbol, shown, None, "no value does it with the other numbers as they are")
    return Turned(symbol, shown, value)


def _written(node: ast.expr, writer: "_Writer", root: bool = False, apart: bool = False) -> str:
    """Return a part with its numbers; a part that stands apart becomes a step and its value."""
    match node:
        case ast.Name(id=name):
            return writer.shown(name)
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return f"−{_written(operand, writer)}"
        case ast.BinOp(left=left, op=op, right=right):
            one = _written(left, writer, apart=_stands_apart(left, op))
            other = _written(right, writer, apart=_stands_apart(right, op, on_the_right=True))
            numbers = f"{one} {_SIGNS[type(op)]} {other}"
            if root or not apart:
                return numbers
            value = compile_formula(ast.unparse(node))(writer.values)
            writer.found.append(Step(_spaced(node), numbers, value))
            return plain(value)
    return plain(compile_formula(ast.unparse(node))(writer.values))


@dataclass(frozen=True, slots=True)
class _Writer:
    """What a working is written from, and the steps it has come to."""

    metric: Metric
    values: Mapping[str, float]
    found: list[Step]

    def shown(self, name: str) -> str:
        """Return an input's number as it is read: a share in percent, a score from 1 to 10 not."""
        item = next((each for each in self.metric.inputs if each.symbol == name), None)
        if item is None or (item.unit == "1" and item.most != 1):
            return plain(self.values[name])
        return format_value(self.values[name], item.unit)


def _stands_apart(part: ast.expr, parent: ast.operator, on_the_right: bool = False) -> bool:
    """Say whether a part is worth a step: a sum inside a product, or a quotient inside a sum."""
    if not isinstance(part, ast.BinOp):
        return False
    if isinstance(parent, _TIGHT):
        return isinstance(part.op, ast.Add | ast.Sub) or _needs_brackets(part, parent, on_the_right)
    return isinstance(part.op, ast.Div) or _needs_brackets(part, parent, on_the_right)


def _spaced(node: ast.expr) -> str:
    """Return a part with people's signs and no more brackets than it needs."""
    if not isinstance(node, ast.BinOp):
        return ast.unparse(node).replace("**", " ^ ")
    sides = []
    for side, on_the_right in ((node.left, False), (node.right, True)):
        text = _spaced(side)
        sides.append(f"({text})" if _needs_brackets(side, node.op, on_the_right) else text)
    return f"{sides[0]} {_SIGNS[type(node.op)]} {sides[1]}"


def _needs_brackets(part: ast.expr, parent: ast.operator, on_the_right: bool) -> bool:
    """Say whether a part would be read otherwise without brackets: a / (b × c), a − (b + c)."""
    if not isinstance(part, ast.BinOp):
        return False
    inner, outer = _RANK[type(part.op)], _RANK[type(parent)]
    if isinstance(parent, ast.Pow):
        return True
    return inner < outer or (
        on_the_right and inner == outer and isinstance(parent, ast.Sub | ast.Div)
    )


def _sample_size(v: Mapping[str, float]) -> tuple[Step, ...]:
    z, b, mean = _z(1 - v["alpha"] / 2), _z(v["power"]), v["p_c"] + v["mde"] / 2
    treated = v["p_c"] + v["mde"]
    spread = v["p_c"] * (1 - v["p_c"]) + treated * (1 - treated)
    null, own = z * (2 * mean * (1 - mean)) ** 0.5, b * spread**0.5
    return (
        Step("treated = p_c + mde", f"{plain(v['p_c'])} + {plain(v['mde'])}", treated),
        Step("z(1 − alpha / 2)", f"z({plain(1 - v['alpha'] / 2)})", z),
        Step("z(power)", f"z({plain(v['power'])})", b),
        Step(
            "z(1 − alpha / 2) × √(2 m (1 − m)), m the mean rate",
            f"{plain(z)} × √(2 × {plain(mean)} × {plain(1 - mean)})",
            null,
        ),
        Step("z(power) × √(both variances)", f"{plain(b)} × √{plain(spread)}", own),
        Step(
            "((first + second) / mde) ^ 2",
            f"(({plain(null)} + {plain(own)}) / {plain(v['mde'])}) ^ 2",
            ((null + own) / v["mde"]) ** 2,
        ),
    )


def _power(v: Mapping[str, float]) -> tuple[Step, ...]:
    z, mean = _z(1 - v["alpha"] / 2), v["p_c"] + v["mde"] / 2
    treated = v["p_c"] + v["mde"]
    null = z * (2 * mean * (1 - mean)) ** 0.5
    own = (v["p_c"] * (1 - v["p_c"]) + treated * (1 - treated)) ** 0.5
    shift = v["n_arm"] ** 0.5 * abs(v["mde"])
    return (
        Step("√n_arm × mde", f"√{plain(v['n_arm'])} × {plain(v['mde'])}", shift),
        Step(
            "z(1 − alpha / 2) × √(2 m (1 − m)), m the mean rate",
            f"{plain(z)} × √(2 × {plain(mean)} × {plain(1 - mean)})",
            null,
        ),
        Step("√(both variances)", "", own),
    )


def _difference(v: Mapping[str, float]) -> tuple[Step, ...]:
    z, b = _z(1 - v["alpha"] / 2), _z(v["power"])
    error = v["sd"] * (2 / v["n_arm"]) ** 0.5
    return (
        Step("z(1 − alpha / 2) + z(power)", f"{plain(z)} + {plain(b)}", z + b),
        Step("sd × √(2 / n_arm)", f"{plain(v['sd'])} × √(2 / {plain(v['n_arm'])})", error),
    )


def _z(share: float) -> float:
    return NormalDist().inv_cdf(share)


_PROCEDURES = {"sample_size": _sample_size, "power": _power, "mde": _difference}
