"""The unit of a derived figure that states none, from the loose units of what it is made of.

Case files write units for people ("buyers / visitor / month"), so strict algebra cannot be asked
of them. What the claim reader needs is coarser: money or count or share, per what, which period.
"""

import ast
from collections.abc import Mapping
from dataclasses import dataclass

from metrics_lab.engine.claim import lexicon as words

BARE = "1"


@dataclass(frozen=True, slots=True)
class Loose:
    """A unit in three parts: what is counted, per what, in which period."""

    head: str
    per: tuple[str, ...] = ()
    period: str = ""

    @property
    def text(self) -> str:
        """Return the unit as written in a case."""
        return "/".join([self.head, *self.per, *([self.period] if self.period else [])])

    @property
    def is_money(self) -> bool:
        """Return whether money is counted."""
        return self.head in words.CURRENCIES


def infer(tree: ast.expr, units: Mapping[str, Loose]) -> Loose:
    """Return the loose unit of a formula; a bare number where nothing better is known."""
    match tree:
        case ast.Name(id=name):
            return units.get(name, Loose(BARE))
        case ast.UnaryOp(operand=inner):
            return infer(inner, units)
        case ast.BinOp(left=left, op=ast.Mult(), right=right):
            return _product(infer(left, units), infer(right, units))
        case ast.BinOp(left=left, op=ast.Div(), right=right):
            return _quotient(infer(left, units), infer(right, units))
        case ast.BinOp(left=left, op=ast.Add() | ast.Sub(), right=right):
            one, other = infer(left, units), infer(right, units)
            return other if one.head == BARE else one
        case ast.BinOp(left=left):
            return infer(left, units)
        case ast.Call(args=[first, *_]):
            return infer(first, units)
    return Loose(BARE)


def _product(one: Loose, other: Loose) -> Loose:
    period = one.period or other.period
    if other.is_money or (one.per == () and other.per and not one.is_money):
        one, other = other, one
    if other.head == BARE:
        return Loose(one.head, one.per, one.period)
    if one.head == BARE:
        return Loose(other.head, other.per, other.period)
    per = other.per if one.is_money and other.per else ()
    return Loose(one.head, per, period)


def _quotient(one: Loose, other: Loose) -> Loose:
    period = "" if one.period and other.period else one.period
    if other.head == BARE:
        return one
    if one.head == other.head:
        return Loose(BARE)
    return Loose(one.head, (*one.per, other.head), period)
