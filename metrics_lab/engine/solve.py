"""Turn a relation round: from a = b * c to b = a / c, where b stands in it once."""

import ast

from metrics_lab.engine.expr import Expr, FormulaError, compile_formula, constant_value


def isolate(symbol: str, formula: Expr, wanted: str) -> Expr | None:
    """Return the formula of `wanted` from `symbol = formula`, or None where there is no one way."""
    node: ast.expr = formula.tree
    result: ast.expr = ast.Name(id=symbol, ctx=ast.Load())
    if _count(node, wanted) != 1:
        return None
    while not isinstance(node, ast.Name):
        step = _peel(node, result, wanted)
        if step is None:
            return None
        node, result = step
    try:
        return compile_formula(ast.unparse(result))
    except FormulaError:
        return None


def _peel(node: ast.expr, result: ast.expr, wanted: str) -> tuple[ast.expr, ast.expr] | None:
    """Move the outermost operation of `node` to the other side."""
    match node:
        case ast.UnaryOp(op=ast.USub(), operand=inner):
            return inner, ast.UnaryOp(op=ast.USub(), operand=result)
        case ast.BinOp(left=left, op=ast.Pow(), right=power):
            exponent = constant_value(power)
            if not exponent:
                return None
            return left, ast.BinOp(result, ast.Pow(), ast.Constant(1 / exponent))
        case ast.BinOp(left=left, op=operator, right=right) if _count(left, wanted):
            return left, ast.BinOp(result, _inverse(operator), right)
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            return right, ast.BinOp(result, ast.Sub(), left)
        case ast.BinOp(left=left, op=ast.Mult(), right=right):
            return right, ast.BinOp(result, ast.Div(), left)
        case ast.BinOp(left=left, op=operator, right=right):
            return right, ast.BinOp(left, operator, result)
    return None


def _inverse(operator: ast.operator) -> ast.operator:
    pairs: dict[type[ast.operator], type[ast.operator]] = {
        ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult,
    }  # fmt: skip
    return pairs[type(operator)]()


def _count(node: ast.expr, wanted: str) -> int:
    return sum(isinstance(n, ast.Name) and n.id == wanted for n in ast.walk(node))
