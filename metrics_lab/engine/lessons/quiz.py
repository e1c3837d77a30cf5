"""Judge a number that a student answers a question with, and name the error where there is one.

The order is that of the claim check: right, then a named wrong reading, then close, then unknown.
"""

import re
from dataclasses import dataclass

from metrics_lab.engine.wording import plain

TOLERANCE = 0.01
CLOSE = 5
MOST_ROUNDED = 0.025
"""A number written with few digits may be off by half of the last one, but by no more than this."""
_NUMBER = re.compile(r"\d[\d,]*\.?\d*|\.\d+")


@dataclass(frozen=True, slots=True)
class Reading:
    """A value that a wrong way leads to: what the way is called, and a word on it."""

    value: float
    name: str
    remark: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """`kind` is "right", "wrong", "close" or "unknown"; `name` is the wrong way's."""

    kind: str
    name: str = ""
    remark: str = ""


def judge(text: str, given: float, truth: float, readings: tuple[Reading, ...]) -> Verdict:
    """Return the verdict on `given`, written as `text`, where `truth` is right.

    A wrong reading is named if it fits better than the truth does; the nearest one that fits wins.
    """
    allowed = max(TOLERANCE * abs(truth), min(_half_unit(text, given), MOST_ROUNDED * abs(truth)))
    gap = abs(given - truth)
    fitting = [each for each in readings if _fits(given, each.value) and each.value != truth]
    nearest = min(fitting, key=lambda each: abs(given - each.value), default=None)
    if gap <= allowed and (nearest is None or gap <= abs(given - nearest.value)):
        return Verdict("right")
    if nearest is not None:
        return Verdict("wrong", nearest.name, nearest.remark)
    if gap <= CLOSE * TOLERANCE * abs(truth):
        return Verdict("close", "Close", f"It is {plain(truth)}: look at the rounding on the way.")
    return Verdict(
        "unknown", "Not that", "No usual slip leads to this number: try the steps again."
    )


def _fits(given: float, value: float) -> bool:
    return abs(given - value) <= TOLERANCE * abs(value)


def _half_unit(text: str, given: float) -> float:
    """Return half of what the last written digit is worth: 0.05 for "2.5", 50,000 for "2.5 k"."""
    found = _NUMBER.search(text)
    if found is None:
        return 0.0
    written = found[0].replace(",", "")
    decimals = len(written.partition(".")[2])
    number = float(written)
    scale = abs(given) / number if number else 1.0
    return float(0.5 * 10**-decimals * scale)
