"""The numbers of a text, read generously: digits, magnitudes, percent, money, words for shares."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

_SCALE = {
    "k": 1e3, "thousand": 1e3, "m": 1e6, "mn": 1e6, "mio": 1e6, "million": 1e6,
    "millions": 1e6, "bn": 1e9, "b": 1e9, "billion": 1e9,
}  # fmt: skip
_DIGITS = re.compile(
    r"(?<![\w.,])(?P<money>[$€£]\s?)?(?P<digits>\d+(?:[, ]\d{3})+(?:\.\d+)?|\d+(?:[.,]\d+)?)"
    r"\s?(?P<scale>k|mn|mio|millions?|thousand|bn|billion|[mb](?![\w]))?"
    r"(?P<percent>\s?%|\s?percent(?:age points?)?|\s?(?:pp|points?)\b)?(?!\w)",
    re.IGNORECASE,
)
_WORDS = re.compile(
    r"\b(?:half|a third|two thirds|a quarter of|three quarters|a fifth|a tenth|twice|double[sd]?|"
    r"(?:one|two|three|four|nine|\d+) (?:in|out of) (?:three|four|five|ten|\d+)|most of|"
    r"majority|nearly (?:all|every)|almost (?:all|every|everyone|nobody)|"
    r"hundreds?|thousands|millions)\b",
    re.IGNORECASE,
)
_COUNTED = (
    r"(?!\s?(?:[%$€x×*=/.,]?\d|%|percent|points?|"
    r"minutes?|hours?|days?|weeks?|months?|times|per|[km]\b))"
)
_MEASURED = (
    r"(?!\s?-?(?:seconds?|quarters?|thousand|mn\b|mio\b|millions?|bn\b|billions?|[$€£]|"
    r"dollars?|euros?|pounds?|pence|cents?)|[km]\b)"
)
_AGE = re.compile(
    r"(?<![\d$€.,])(?<!from )"
    r"(?:\b[1-9]\d\s?[-–]\s?[1-9]\d\b|\b[1-9]\d (?:to|and) [1-9]\d\b|\b[1-9]\d\+)"
    rf"{_COUNTED}"
    r"|(?<=[a-z], )[1-9]\d(?=[,.;]| and )(?![.,]\d)"
    rf"|\b(?:aged?|over|under) [1-9]\d\b{_COUNTED}{_MEASURED}"
    r"|\b[1-9]\d years? old",
)
"""Ages describe a person; they are no figures of a case. What has a unit behind it is no age."""
_LIST_MARK = re.compile(r"(?:^|\n|(?<=[.:;]\s)|(?<=\s))\(?\d{1,2}[.)](?=\s)")

_PLACE = re.compile(
    r"(?<![\w.,$€£%-])(?P<place>\d{1,2})"
    r"(?:(?P<mark>[.)](?=\s|$))|(?=\s*(?:[,;:]|$|(?:and|then|before)\b)))"
)
_LEADS_ON = re.compile(
    r"(?:^|[:;,.(\n]|\b(?:first|then|and|next|order|before))\s*\(?$", re.IGNORECASE
)
_MEASURES = re.compile(r"(?:\b(?:is|are|was|to|of|by|at|than|from|with)|=)\s*$", re.IGNORECASE)
_TITLE = re.compile(
    r"\b(?:step|option|phase|idea|stage|version|group|segment|number|priority|rank|place|point|"
    r"question|hypothesis|cause|part)\s(?P<place>\d{1,2})"
    r"(?!\d|[.,]\d|\s?(?:[%$€£]|percent|thousand|million|billion))",
    re.IGNORECASE,
)

_TOLD = re.compile(
    r"\d|\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|(?:thir|four|fif|six|seven|"
    r"eigh|nine)teen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundreds?|thousands?|"
    r"millions?|dozens?|half|halves|thirds?|fifths?|tenths?|twice|doubled?|percent|none|nobody|all)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Number:
    """A number with its place. ``unit`` is "%", "$" or ""; value of words is None."""

    value: float | None
    unit: str
    start: int
    end: int


def _read(match: re.Match[str]) -> Number:
    digits = match["digits"].replace(" ", "")
    if "," in digits:
        whole = re.fullmatch(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?", digits)
        digits = digits.replace(",", "" if whole else ".")
    value = float(digits) * _SCALE.get((match["scale"] or "").lower(), 1.0)
    unit = "%" if match["percent"] else "$" if match["money"] else ""
    return Number(value, unit, match.start(), match.end())


@lru_cache(maxsize=512)
def numbers(text: str) -> tuple[Number, ...]:
    """All numbers of a text in order, without the marks of numbered lists."""
    marks = {m.end() for m in _LIST_MARK.finditer(text)}
    digits = [_read(m) for m in _DIGITS.finditer(text)]
    ages = [range(m.start(), m.end()) for m in _AGE.finditer(text)]
    kept = [
        n
        for n in digits
        if (n.end + 1 not in marks or n.unit) and not any(n.start in age for age in ages)
    ]
    spelled = [Number(None, "", m.start(), m.end()) for m in _WORDS.finditer(text)]
    return tuple(sorted(kept + spelled, key=lambda n: n.start))


def ordinals(text: str) -> frozenset[int]:
    """Where numbers stand that only order: "1. ... 2. ...", "first 1, then 2", "option 2".

    Read in the whole text: the mark before a point of a list may end the sentence before it.
    """
    found = {m.start("place") for m in _TITLE.finditer(text)}
    run: list[int] = []
    for match in _PLACE.finditer(text):
        before = text[max(0, match.start() - 12) : match.start()]
        leads = not _MEASURES.search(before) if match["mark"] else _LEADS_ON.search(before)
        place = int(match["place"])
        if leads and place in (len(run) + 1, 1):
            run = [*run, match.start()] if place == len(run) + 1 else [match.start()]
            found |= set(run) if len(run) > 1 else set()
    return frozenset(found)


def has_figure(text: str) -> bool:
    """Whether a text may tell a figure, also one in words that `numbers` does not read.

    Read widely: it is asked before a text is said to have none.
    """
    return _TOLD.search(text) is not None


def same(left: float, right: float, tolerance: float = 0.011) -> bool:
    """Whether two values agree within a relative tolerance."""
    return abs(left - right) <= tolerance * max(abs(left), abs(right), 1e-12)


def known(value: float, figures: Iterable[float]) -> bool:
    """Whether a value is one of the figures, as it is or as percent of a fraction."""
    return any(same(value, figure) or same(value, figure * 100) for figure in figures)
