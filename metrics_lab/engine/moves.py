"""A lever as a person types it: "2.5", "+0.5 points", "x1.2", "+10 %".

"+10 %" on a share has two meanings, a tenth of it or ten percentage points. It is never guessed:
`read_move` returns both as an `Ask`.
"""

import math
import re
from collections.abc import Callable
from dataclasses import dataclass

from metrics_lab.engine.errors import LeverError
from metrics_lab.engine.scenario import How, Lever
from metrics_lab.engine.wording import format_value, percent, points

Read = Callable[[str], float | None]

_TIMES = re.compile(r"^[x×*]\s*(?P<one>.+)$|^(?P<two>.+?)\s*[x×]$", re.I)
_POINTS = re.compile(r"^(.*?)\s*(?:percentage\s+points?|points?|pp|ppts?|pts?)\.?$", re.I)
_MINUS = re.compile("[\u2212\u2013]")


@dataclass(frozen=True, slots=True)
class Target:
    """What a lever moves: `today` is in the figure's own unit, a share as a part of 1."""

    symbol: str
    label: str
    unit: str
    today: float
    share: bool
    """Whether people read it in percent, so that a typed 2.5 means 0.025."""
    ends_at_one: bool


@dataclass(frozen=True, slots=True)
class Ask:
    """A move with two meanings, each with what the figure would become."""

    question: str
    of_it: Lever
    of_it_words: str
    points: Lever
    points_words: str


def read_move(text: str, how: How, target: Target, read: Read, meaning: str = "") -> Lever | Ask:
    """Return the lever that a text means, or both where it can mean two things.

    Args:
        how: the way chosen beside the field; a sign or an "x" in the text goes before "set".
        read: reads a number as people type it ("10,000", "2.5 million"), None for no number.
        meaning: "of_it" or "points" once the question of an `Ask` was answered.

    Raises:
        LeverError: no number, a percentage of what is none, a value that cannot be.
    """
    bare = _MINUS.sub("-", text.strip())
    if factor := _TIMES.match(bare):
        return _possible(target, "times", _number(factor["one"] or factor["two"], target, read))
    if in_points := _POINTS.match(bare):
        return _in_points(in_points[1], target, read)
    number = _number(bare, target, read)
    signed, in_percent = bare[:1] in "+-", "%" in bare
    if how == "times":
        return _possible(target, "times", 1 + number / 100)
    if target.share and ((signed and how == "set") or (in_percent and how == "add")):
        return _asked(target, number / 100, meaning)
    if how == "add" or signed:
        return _added(target, number, in_percent)
    return _set(target, number, in_percent)


def applied(lever: Lever, today: float) -> float:
    """Return the value that a lever gives to a figure."""
    if lever.how == "set":
        return lever.amount
    return today + lever.amount if lever.how == "add" else today * lever.amount


def check_possible(target: Target, lever: Lever) -> Lever:
    """Return the lever; raise LeverError if what it gives cannot be."""
    value, name = applied(lever, target.today), target.label
    if not math.isfinite(value) or abs(value) > 1e15:
        raise LeverError(target.symbol, f"{name} would be too large a number.")
    if target.ends_at_one and value > 1:
        raise LeverError(target.symbol, f"{name} would be {percent(value)}: a share ends at 100 %.")
    if value < 0 <= target.today:
        raise LeverError(target.symbol, f"{name} cannot be below 0.")
    return lever


def _possible(target: Target, how: How, amount: float) -> Lever:
    return check_possible(target, Lever(target.symbol, how, amount))


def _number(text: str, target: Target, read: Read) -> float:
    value = read(text)
    if value is None:
        raise LeverError(target.symbol, f"{target.label} needs a number, such as 2.5.")
    return value


def _in_points(text: str, target: Target, read: Read) -> Lever:
    if not target.share:
        raise LeverError(
            target.symbol, f"{target.label} is not a percentage, so it has no points to add."
        )
    return _possible(target, "add", _number(text, target, read) / 100)


def _added(target: Target, number: float, in_percent: bool) -> Lever:
    if in_percent:
        return _possible(target, "times", 1 + number / 100)
    return _possible(target, "add", number / 100 if target.share else number)


def _set(target: Target, number: float, in_percent: bool) -> Lever:
    if in_percent and not target.share:
        raise LeverError(
            target.symbol,
            f"{target.label} is not a percentage. Leave out the % sign, or write "
            f"+{number:g} % to raise it by {number:g} percent.",
        )
    return _possible(target, "set", number / 100 if target.share else number)


def _asked(target: Target, part: float, meaning: str) -> Lever | Ask:
    of_it = Lever(target.symbol, "times", 1 + part)
    in_points = Lever(target.symbol, "add", part)
    if meaning == "of_it":
        return check_possible(target, of_it)
    if meaning == "points":
        return check_possible(target, in_points)
    size = percent(abs(part))
    return Ask(
        question=f"{size} of it, or {points(abs(part))}?",
        of_it=of_it,
        of_it_words=f"{size} of it: {_becomes(target, of_it)}",
        points=in_points,
        points_words=f"{points(abs(part))}: {_becomes(target, in_points)}",
    )


def _becomes(target: Target, lever: Lever) -> str:
    before = format_value(target.today, target.unit)
    return f"{before} becomes {format_value(applied(lever, target.today), target.unit)}"
