"""The numbers in what a case tells: where they stand, what they are worth, how they are written.

Reads digits ("12.5 percent", "$30", "4,000", "6 million") and words ("fifteen percent", "forty
thousand"), and writes another number in the place of one in the same manner.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

_SCALES = {"hundred": 1e2, "thousand": 1e3, "million": 1e6, "billion": 1e9}
_ONES = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
    "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen",
    "nineteen",
)  # fmt: skip
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_WORTH = {
    **{word: float(value) for value, word in enumerate(_ONES)},
    **{word: float(10 * value) for value, word in enumerate(_TENS, start=2)},
}
_WORD = rf"(?:(?:{'|'.join(_TENS)})-(?:{'|'.join(_ONES[1:10])})|{'|'.join(_WORTH)})"
_NUMBER = re.compile(
    r"(?<![\w.,-])(?P<money>[$€£])?"
    rf"(?:(?P<digits>\d+(?:,\d{{3}})+(?:\.\d+)?|\d+(?:\.\d+)?)|(?P<word>{_WORD})\b)"
    rf"(?P<scale>[ -](?:{'|'.join(_SCALES)})\b)?"
    r"(?P<percent>\s?%|[ -]per ?cent\b)?(?![\w]|\.\d|,\d)",
    re.IGNORECASE,
)
_FRACTIONS = {
    "half": 0.5, "a third": 1 / 3, "two thirds": 2 / 3, "a quarter": 0.25, "three quarters": 0.75,
    "a fifth": 0.2, "a sixth": 1 / 6, "an eighth": 0.125, "a tenth": 0.1,
}  # fmt: skip
_FRACTION = re.compile(
    rf"\b(?:(?P<named>{'|'.join(_FRACTIONS)})(?! (?:a|an|past)\b)"
    rf"|(?P<part>{_WORD}|\d+) (?:in|out of) (?:every )?(?P<whole>{_WORD}|\d+))\b",
    re.IGNORECASE,
)
_ROW = re.compile(r"\s*[,;]?\s*(?:and|or|to|against)?\s*", re.IGNORECASE)
_END = re.compile(r"[.!?]\s")
_NAMES_NOTHING = re.compile(
    r"\s*(?:$|[.,;:)]|(?:and|or|of|in|on|at|to|for|with|by|from|after|before|against|among|where)\b)"
)
"""What follows a number that counts no things: the end, a mark, a preposition."""
MERE_COUNT = 12
"""Up to here a bare number mostly counts things: two cities, three teams."""
LEAST_DIGITS, MOST_DIGITS = 2, 3
"""Significant digits of a number that takes the place of another."""


@dataclass(frozen=True)
class ToldNumber:
    """A number in a text: from `start` to `end`, with what stands before and behind its digits.

    `value` has the scale in it and not the percent: "12.5 percent" is 12.5, "6 million" 6e6.
    """

    value: float
    scale: float
    digits: int
    before: str
    behind: str
    start: int
    end: int
    is_percent: bool

    def tells(self, value: float, *, share: bool) -> bool:
        """Whether the number, as it is rounded, tells `value`.

        A share is told in percent, and nothing else is.
        """
        if self.is_percent != share:
            return False
        told = self.value / 100 if share else self.value
        return math.isclose(told, value, rel_tol=0.5 * 10.0 ** (1 - max(self.digits, 3)))

    def instead(self, value: float, *, share: bool) -> str:
        """Return the text that tells `value` in this number's place, rounded like `rounded`."""
        shown = rounded((100 if share else 1) * value / self.scale, self.digits)
        number = f"{shown:,.8f}".rstrip("0").rstrip(".")
        return f"{self.before}{number}{self.behind}"


def told_numbers(text: str) -> tuple[ToldNumber, ...]:
    """Return the numbers of a text in their order; "half" and "four in ten" are shares."""
    fractions = [_read_fraction(match) for match in _FRACTION.finditer(text)]
    taken = [range(found.start, found.end) for found in fractions]
    plain = [_read(match) for match in _NUMBER.finditer(text)]
    free = [found for found in plain if not any(found.start in each for each in taken)]
    found = sorted([*fractions, *free], key=lambda number: number.start)
    for i in range(len(found) - 2, -1, -1):  # the sign stands behind the last of a row
        between = _ROW.fullmatch(text, found[i].end, found[i + 1].start)
        if between and found[i + 1].is_percent and _is_bare(found[i]):
            found[i] = replace(found[i], is_percent=True)
    return tuple(_as_in_its_sentence(number, found, text) for number in found)


def _is_bare(number: ToldNumber) -> bool:
    return number.scale == 1 and not number.before


def _as_in_its_sentence(number: ToldNumber, found: Sequence[ToldNumber], text: str) -> ToldNumber:
    """A bare number is in percent where another of its sentence is: "74 percent here, there 52"."""
    counts = number.value <= MERE_COUNT or not _NAMES_NOTHING.match(text, number.end)
    if counts or not _is_bare(number):
        return number
    ends = [match.end() for match in _END.finditer(text)]
    start = max((end for end in ends if end <= number.start), default=0)
    end = min((end for end in ends if end > number.start), default=len(text))
    in_percent = any(other.is_percent and start <= other.start < end for other in found)
    return replace(number, is_percent=True) if in_percent else number


def rounded(value: float, digits: int) -> float:
    """Return a value to so many significant digits, to LEAST_DIGITS at least and MOST_DIGITS at
    most: a figure that is told should be one to reckon with."""
    kept = min(max(digits, LEAST_DIGITS), MOST_DIGITS)
    return float(f"{value:.{kept}g}")


def significant_digits(value: float) -> int:
    """Return how many digits a value is written with, zeros at either end left out."""
    return len(f"{value:.12g}".replace(".", "").lstrip("0").split("e")[0].rstrip("0")) or 1


def _read_fraction(match: re.Match[str]) -> ToldNumber:
    if match["named"]:
        share = _FRACTIONS[match["named"].casefold()]
    else:
        share = _worth(match["part"]) / (_worth(match["whole"]) or 1.0)
    return ToldNumber(
        value=100 * share,
        scale=1.0,
        digits=2,
        before="",
        behind=" percent",
        start=match.start(),
        end=match.end(),
        is_percent=True,
    )


def _worth(number: str) -> float:
    """Return what digits or words are worth, without a scale."""
    if number[0].isdigit():
        return float(number.replace(",", ""))
    return sum(_WORTH[word] for word in number.casefold().split("-"))


def _read(match: re.Match[str]) -> ToldNumber:
    bare = _worth(match["digits"] or match["word"])
    scale = _SCALES[match["scale"].strip(" -").casefold()] if match["scale"] else 1.0
    return ToldNumber(
        value=bare * scale,
        scale=scale,
        digits=significant_digits(bare),
        before=match["money"] or "",
        behind=(match["scale"] or "") + (match["percent"] or ""),
        start=match.start(),
        end=match.end(),
        is_percent=match["percent"] is not None,
    )
