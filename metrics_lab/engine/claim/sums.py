"""Sums that a text writes out ("2.4M x 38% = 912k"), checked by themselves, without the case."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile

from metrics_lab.engine.claim.numbers import Number
from metrics_lab.engine.claim.result import ClaimCheck
from metrics_lab.engine.errors import ModelError
from metrics_lab.engine.expr import FormulaError, compile_formula
from metrics_lab.engine.wording import plain

# What may stand between a number and the sign behind it: what is counted ("drivers", "a week").
# A word that changes the amount ("less a tenth") is no unit, so the sum is not read.
_CHANGING = (
    r"(?:less|more|fewer|of|off|without|after|half|third|quarter|fifth|tenth|twice|both|or|"
    r"it|is|are|was|were|be)\b"
)
_COUNTED = rf"(?:[\s/]*\b(?!{_CHANGING})[A-Za-z][\w'’-]*\b){{0,5}}?\s*"
_SIGN = (
    r"(?P<sign>[x×*·÷/+−–-]|times\b|at\s+an?\b|at\b|multiplied\s+by\b|divided\s+by\b|"
    r"plus\b|minus\b)"
)
_NEXT = re.compile(
    rf"^(?P<close>\)?){_COUNTED}(?P<close2>\)?)\s*(?:,\s*(?=plus|minus))?{_SIGN}\s*(?P<open>\(?)$",
    re.I,
)
_RESULT = re.compile(
    rf"^(?P<close>\)?){_COUNTED}(?P<close2>\)?)\s*,?\s*(?:=|≈|(?:so|is|are|makes?|gives?|equals?|"
    r"that['’]s|that\s+is|which\s+is|comes?\s+to|(?:would|will)\s+be|makes?\s+up|amounts?\s+to|adds?\s+up\s+to|"
    r"totals?|yields?|works?\s+out\s+(?:at|to))\b|->|→)\s*(?:about|around|roughly|some|only|just)?\s*$",
    re.I,
)
_SIGNS = {"x": "*", "×": "*", "*": "*", "·": "*", "times": "*", "at": "*", "÷": "/", "/": "/",
          "+": "+", "plus": "+", "−": "-", "–": "-", "-": "-", "minus": "-"}  # fmt: skip
# One unit turned into another on the way: minutes to hours, shares to percent, thousands.
_TURNS = (60.0, 3600.0, 24.0, 7.0, 12.0, 30.0, 52.0, 365.0, 1e3, 1e6, 1e9)
# Between two terms, and not in "1e-05".
_PLUS = re.compile(r"(?<=[\d.)])[+-](?=[\d(])")
# A number as it is written; an "x" behind its digits multiplies.
_WRITTEN = r"\d[\d.,]*(?:%|[a-wyz]+)?"
# Before the first term, in the same sentence: a product and a joint, or a sum that is going on.
_BEGUN = re.compile(
    rf"(?<![\w.,]){_WRITTEN}(?:\s+[^\s\d.;:!?]+){{0,3}}?\s*(?:[x×*·÷/]|\b(?:at|times)\b)\s*"
    rf"[$€£]?{_WRITTEN}(?:\s+[^\s\d.;:!?]+){{0,3}}?\s*(?:\b(?:and|plus|minus|less)|[+−–])\s*[$€£(]*$"
    r"|\b(?:plus|minus|less)\b[^.;:!?]*,\s*[$€£(]*$",
    re.I,
)
SURE_WRONG = 0.03
LONGEST_GAP = 60
# Characters before a sum in which its beginning is looked for.
LONGEST_BEFORE = 200
# Farther off than this, something was left unsaid and no sum was missed.
FARTHEST = 200.0
# A term so much smaller than another one was said without its thousands or millions.
LEFT_UNSAID = 1e4

Term = tuple[Number, str, tuple[str, str]]
"""A number, the sign before it ("" for the first), and the brackets before and behind it."""


@dataclass(frozen=True, slots=True)
class Sum:
    """One written sum: the formula in plain signs, its terms and the number said to come out.

    `beyond` is the formula that the result begins, "" where it stands alone.
    """

    formula: str
    terms: tuple[Number, ...]
    result: Number
    beyond: str = ""

    @property
    def value(self) -> float | None:
        """Return what the formula gives, None where it cannot be computed."""
        try:
            return float(compile_formula(self.formula)({}))
        except (FormulaError, ModelError):
            return None


def check_sums(text: str, runs: Sequence[Sequence[Term]]) -> tuple[ClaimCheck, ...]:
    """Return a check for each sum that surely holds or surely fails; all of them are certain.

    "a x b = c x d = e" is one sum for c and one for e.
    """
    found = (one for run in runs for one in _sums_of(run))
    return tuple(check for one in found if (check := _check(one, text)) is not None)


def terms_of(runs: Sequence[Sequence[Term]]) -> frozenset[int]:
    """Return where the terms of written sums begin: they are parts of a sum and no claims."""
    starts: set[int] = set()
    for run in runs:
        if all(sign in ("", "=") for _, sign, _ in run):
            continue  # "31p makes a bill of £77.50" joins two figures and adds none
        starts |= {n.start for n, sign, _ in run[:-1]} if len(run) > 1 else set()
        starts |= {n.start for n, sign, _ in run if sign not in ("", "=")}
        starts -= {n.start for n, sign, _ in run if sign == "="}
    return frozenset(starts)


def find_runs(text: str, numbers: Sequence[Number]) -> list[list[Term]]:
    """Return the rows of numbers that signs join without anything else between them."""
    return list(_runs(text, numbers))


def _runs(text: str, numbers: Sequence[Number]) -> Iterator[list[Term]]:
    run: list[Term] = []
    for place, number in enumerate(numbers):
        before = text[: number.start].rstrip()
        opened = "(" if before.endswith("(") else ""
        sign = _sign(text, numbers[place - 1], number) if place else None
        if sign is None:
            if len(run) > 1:
                yield run
            run = [(number, "", (opened, ""))]
            continue
        kind, closed, opened = sign
        last, last_sign, (left, _) = run[-1]
        run[-1] = (last, last_sign, (left, closed))
        run.append((number, kind, (opened, "")))
    if len(run) > 1:
        yield run


def _sign(text: str, one: Number, other: Number) -> tuple[str, str, str] | None:
    gap = text[one.end : other.start]
    if len(gap) > LONGEST_GAP:
        return None
    if match := _NEXT.match(gap):
        word = match["sign"].lower().split()[0]
        if word == "at" and one.time:
            return None  # "stays 25 months at a churn of 4 %"
        sign = {"multiplied": "*", "divided": "/"}.get(word) or _SIGNS[word]
        return sign, match["close"] or match["close2"] or "", match["open"] or ""
    if match := _RESULT.match(gap):
        return "=", match["close"] or match["close2"] or "", ""
    written = text[other.start : other.start + 1]
    if not gap.strip() and gap and written in "+-−" and other.kind != "points":
        return ("+" if written == "+" else "-"), "", ""
    return None


def _sums_of(run: Sequence[Term]) -> Iterator[Sum]:
    left: list[Term] = []
    for place, term in enumerate(run):
        number, sign, _ = term
        if sign == "=":
            if len(left) > 1:
                beyond = _formula(_up_to_equals(run[place:]))
                yield Sum(_formula(left), tuple(n for n, _, _ in left), number, beyond)
            left = [(number, "", ("", term[2][1]))]
        else:
            left.append(term if place else (number, "", term[2]))


def _up_to_equals(run: Sequence[Term]) -> list[Term]:
    """Return what a result goes on with, itself first, up to the next sign of equality."""
    number, _, brackets = run[0]
    more = takewhile(lambda term: term[1] != "=", run[1:])
    found = [(number, "", ("", brackets[1])), *more]
    return found if len(found) > 1 else []


def _formula(terms: Sequence[Term]) -> str:
    parts = []
    for number, sign, (opened, closed) in terms:
        value = abs(number.share) if sign in ("+", "-") else number.share
        parts.append(f"{sign}{opened}{value!r}{closed}")
    text = "".join(parts)
    short = text.count("(") - text.count(")")
    return "(" * -short + text + ")" * max(0, short)


def _check(one: Sum, text: str) -> ClaimCheck | None:
    value, result = one.value, one.result
    if value is None or result.kind in ("points", "ratio") or any(
        term.kind in ("points", "ratio") for term in one.terms
    ):  # fmt: skip
        return None
    truth = 100 * value if result.kind == "percent" else value
    allowed = max(result.half if result.half < 0.1 * abs(truth) else result.strict,
                  0.01 * abs(truth)) + 1e-9  # fmt: skip
    gap = abs(result.value - truth)
    shown = _closed(" ".join(_written(one, text).split()))
    steps = (f"{shown} is {plain(truth)}{' %' if result.kind == 'percent' else ''}.",)
    if gap <= allowed:
        return _made(one, text, "correct", None, truth, steps)
    if _is_of_part(one, allowed) or _is_unlike(one) or _goes_on(one, text) or _is_rewritten(one):
        return None
    if gap <= allowed + SURE_WRONG * abs(truth) or not _is_comparable(one, truth):
        return None
    return _made(one, text, "wrong", "arithmetic", truth, steps)


def _is_of_part(one: Sum, allowed: float) -> bool:
    """Return whether a result is that of its last product: "1,814, plus 2,400 x 0.5 = 1,200"."""
    *sums, last = _PLUS.split(one.formula)
    value = Sum(last, one.terms, one.result).value if sums else None
    return value is not None and abs(one.result.value - value) <= allowed


def _is_rewritten(one: Sum) -> bool:
    """Return whether the other side is a sum as well: "3 x 400 + 90 = 1,200 + 90 = 1,290"."""
    value = one.value
    other = Sum(one.beyond, one.terms, one.result).value if one.beyond else None
    return value is not None and other is not None and abs(other - value) <= 0.01 * abs(value)


def _goes_on(one: Sum, text: str) -> bool:
    """Return whether a sum goes on with one before it, so that its beginning is not read.

    "30 percent at 170 and 70 percent at 220, so 30.75" adds two products, and in "9.0 million,
    minus 105,000 who pay anyway, 6.3, minus 0.7 = 2.0" the first figure is taken from as well.
    """
    start = one.terms[0].start
    return _BEGUN.search(text[max(0, start - LONGEST_BEFORE) : start]) is not None


def _is_unlike(one: Sum) -> bool:
    """Return whether a scale or a percent sign is left unsaid.

    "3.78 million, minus 1.5" and "440,000 at 98 plus 60,000 at 30 percent" do so.
    """
    if len(_PLUS.split(one.formula)) == 1:
        return False
    percents = any(term.kind == "percent" for term in one.terms)
    *_, last = _PLUS.split(one.formula)
    if one.terms[-1].kind == "percent" and not set("*/") & set(last):
        return True  # "3.6 million, minus 35 %": of what stands before it
    if percents and any(term.kind == "count" and 1 < term.value <= 100 for term in one.terms):
        return True
    parts = [Sum(part, one.terms, one.result).value for part in _PLUS.split(one.formula)]
    values = [abs(value) for value in parts if value]
    if values and max(values) > LEFT_UNSAID * min(values):
        return True  # "120M x 11 % - 9": millions as well
    sizes = [abs(term.value) for term in one.terms if term.kind != "percent" and term.value]
    products = set("*/") & set(one.formula)
    return not products and max(sizes, default=0) > LEFT_UNSAID * min(sizes, default=1)


def _is_comparable(one: Sum, truth: float) -> bool:
    """Return whether the result can be meant to be the sum and is in no other unit."""
    kinds = {term.kind for term in one.terms}
    if kinds == {"percent"} and one.result.kind != "percent":
        return False
    if one.result.kind == "percent" and "percent" not in kinds:
        return False
    if not truth or truth * one.result.value <= 0:
        return False
    if one.result.time and one.result.time not in {term.time for term in one.terms}:
        return False
    if (one.result.kind == "money") < any(term.kind == "money" for term in one.terms):
        return False
    ratio = one.result.value / truth
    # "48,000 x (22 - 12) = 4,800" left its percent signs out.
    percents = any(term.kind == "count" and 1 < abs(term.value) <= 100 for term in one.terms)
    turns = (*_TURNS, 100.0) if "percent" in kinds or percents else _TURNS
    return 1 / FARTHEST < ratio < FARTHEST and not any(
        abs(ratio / turn - 1) < SURE_WRONG or abs(ratio * turn - 1) < SURE_WRONG for turn in turns
    )


def _written(one: Sum, text: str) -> str:
    return text[one.terms[0].start : one.terms[-1].end]


def _closed(shown: str) -> str:
    """Return a sum as written, with the brackets that stand outside its first and last number."""
    short = shown.count("(") - shown.count(")")
    return "(" * -short + shown + ")" * short


def _made(
    one: Sum, text: str, verdict: str, error: str | None, truth: float, steps: tuple[str, ...]
) -> ClaimCheck:
    number = one.result
    unit = "%" if number.kind == "percent" else number.currency.upper() or None
    return ClaimCheck(
        verdict, error, text[number.start : number.end], number.start, number.end,
        number.value, truth, unit, steps, certain=True,
    )  # fmt: skip
