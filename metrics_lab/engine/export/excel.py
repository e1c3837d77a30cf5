"""The lab's formulas in the language of spreadsheets.

Two habits differ and are met with brackets: a spreadsheet's minus sign binds tighter than its
power (-2^2 is 4 there, -4 here), and its powers are read from the left. Functions are chosen so
that every spreadsheet since 1997 knows them: INT rounds towards minus infinity, as floor does.
"""

import ast
from collections.abc import Mapping

from metrics_lab.engine.expr import FormulaError

_SIGNS: Mapping[type[ast.operator], tuple[str, int]] = {
    ast.Add: ("+", 1),
    ast.Sub: ("-", 1),
    ast.Mult: ("*", 2),
    ast.Div: ("/", 2),
    ast.Pow: ("^", 3),
}
_ATOM = 4
_FUNCTIONS = {
    "abs": "ABS",
    "exp": "EXP",
    "floor": "INT",
    "log": "LN",
    "max": "MAX",
    "min": "MIN",
    "phi": "NORMSDIST",
    "sqrt": "SQRT",
    "z": "NORMSINV",
}


def excel_formula(tree: ast.expr, cells: Mapping[str, str]) -> str:
    """Return "=C4*C5" for an accepted formula's tree, given the cell of each name.

    Raises:
        FormulaError: the tree holds what `compile_formula` would not have accepted.
    """
    return "=" + _written(tree, cells)[0]


def _written(node: ast.expr, cells: Mapping[str, str]) -> tuple[str, int]:
    """Return a node's text and how tightly it binds."""
    match node:
        case ast.Constant(value=value) if type(value) in (int, float):
            return repr(value).upper(), _ATOM
        case ast.Name(id=name):
            return cells[name], _ATOM
        case ast.UnaryOp(op=ast.UAdd(), operand=operand):
            return _written(operand, cells)
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return f"-{_bracketed(operand, cells, _ATOM)}", 0
        case ast.BinOp(left=left, op=operator, right=right) if type(operator) in _SIGNS:
            sign, binds = _SIGNS[type(operator)]
            # A power of a power gets brackets on both sides: the two languages read it apart.
            before = _bracketed(left, cells, binds + (sign == "^"))
            return f"{before}{sign}{_bracketed(right, cells, binds + 1)}", binds
        case ast.Call(func=ast.Name(id=name), args=arguments):
            return _call(name, arguments, cells), _ATOM if name != "ceil" else 0
    raise FormulaError(f"A {type(node).__name__.lower()} cannot be written for a spreadsheet.")


def _bracketed(node: ast.expr, cells: Mapping[str, str], least: int) -> str:
    """Return a node's text, in brackets where it binds less tightly than `least`."""
    text, binds = _written(node, cells)
    return text if binds >= least else f"({text})"


def _call(name: str, arguments: list[ast.expr], cells: Mapping[str, str]) -> str:
    written = ",".join(_written(argument, cells)[0] for argument in arguments)
    if name == "ceil":
        return f"-INT(-({written}))"
    if name not in _FUNCTIONS:
        raise FormulaError(f"{name} cannot be written for a spreadsheet.")
    return f"{_FUNCTIONS[name]}({written})"
