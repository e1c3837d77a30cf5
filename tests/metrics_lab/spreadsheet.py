"""A small spreadsheet: reads a workbook back and computes its formulas as a spreadsheet would.

Its own grammar, so that a formula which only Python reads rightly does not pass: the minus sign
binds tighter than a power, powers are read from the left, names of functions are Excel's.
"""

from __future__ import annotations

import io
import math
import re
from collections.abc import Callable
from statistics import NormalDist
from typing import Any

import openpyxl

TOKEN = re.compile(r"\s*(\d+\.?\d*(?:[Ee][-+]?\d+)?|[A-Z]+\d+|[A-Z]+|[-+*/^(),])")
FUNCTIONS: dict[str, Callable[..., float]] = {
    "ABS": abs,
    "EXP": math.exp,
    "INT": math.floor,
    "LN": math.log,
    "MAX": max,
    "MIN": min,
    "NORMSDIST": NormalDist().cdf,
    "NORMSINV": NormalDist().inv_cdf,
    "SQRT": math.sqrt,
}
LEFT: dict[str, Callable[[float, float], float]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: a / b,
    "^": lambda a, b: a**b,
}
LEVELS = ("+-", "*/", "^")


class Sheet:
    """One sheet of a workbook, computed from its inputs alone; changed cells win."""

    def __init__(self, data: bytes, name: str = "Model") -> None:
        book = openpyxl.load_workbook(io.BytesIO(data))
        self.names: list[str] = book.sheetnames
        self.cells: dict[str, Any] = {
            cell.coordinate: cell.value
            for row in book[name].iter_rows()
            for cell in row
            if cell.value is not None
        }
        self.kinds = {c.coordinate: c.data_type for row in book[name].iter_rows() for c in row}

    def value(self, address: str) -> float:
        """Return a cell's number, its formula computed."""
        held = self.cells[address]
        if isinstance(held, str):
            assert held.startswith("="), f"{address} holds {held!r}"
            return _Reader(held[1:], self).whole()
        return float(held)

    def row_of(self, label: str) -> int:
        """Return the row whose first cell says `label`."""
        return next(int(a[1:]) for a, v in self.cells.items() if a[0] == "A" and v == label)


class _Reader:
    def __init__(self, text: str, sheet: Sheet) -> None:
        self.tokens = TOKEN.findall(text)
        assert "".join(self.tokens) == text.replace(" ", ""), f"cannot read {text}"
        self.sheet, self.at = sheet, 0

    def whole(self) -> float:
        value = self.level(0)
        assert self.at == len(self.tokens), self.tokens
        return value

    def level(self, index: int) -> float:
        if index == len(LEVELS):
            return self.signed()
        value = self.level(index + 1)
        while self.peek() and self.peek() in LEVELS[index]:
            value = LEFT[self.take()](value, self.level(index + 1))
        return value

    def signed(self) -> float:
        if self.peek() == "-":
            self.take()
            return -self.signed()
        return self.atom()

    def atom(self) -> float:
        token = self.take()
        if token == "(":
            value = self.level(0)
            assert self.take() == ")"
            return value
        if token in FUNCTIONS:
            return self.function(token)
        return self.sheet.value(token) if token[0].isalpha() else float(token)

    def function(self, name: str) -> float:
        assert self.take() == "("
        arguments = [self.level(0)]
        while self.take() == ",":
            arguments.append(self.level(0))
        return float(FUNCTIONS[name](*arguments))

    def peek(self) -> str:
        return self.tokens[self.at] if self.at < len(self.tokens) else ""

    def take(self) -> str:
        self.at += 1
        return str(self.tokens[self.at - 1])
