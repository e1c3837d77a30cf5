"""Numbers as people write them: "2 %", "$30", "10 million", "$6.0 million", "8 days".

Units here may be the loose words of a case ("people / month", "share of visitors") as well as
the strict ones ("usd/order"). The same value and unit always give the same words.
"""

import math
import re
from collections.abc import Mapping
from functools import lru_cache

SIGNS = {"usd": "$", "eur": "€", "gbp": "£"}
_LARGE = ((1e12, "trillion"), (1e9, "billion"), (1e6, "million"))
_TIME = ("second", "minute", "hour", "day", "week", "month", "year")
# What is measured and not counted: 0.06 liters a trip are no 6 % of a liter.
_MEASURES = frozenset((
    "liter", "litre", "kg", "kilogram", "gram", "ton", "tonne", "km", "kilometer", "mile", "meter",
    "kwh", "gb", "mb",
))  # fmt: skip
_SHARES = ("share", "%", "percent", "fraction", "rate")


@lru_cache(maxsize=512)
def kind_of(unit: str) -> str:
    """Return what a unit counts: "share", "money", "time", "points", "rate" or "count"."""
    first = numerator(unit)
    if first in ("1", "") or first.startswith(_SHARES):
        return "share"
    if currency(unit):
        return "money"
    if first.rstrip("s") in _TIME:
        return "time"
    if first.startswith("point"):
        return "points"
    parts = [part.strip() for part in unit.split("/")]
    return "rate" if any(part.rstrip("s") not in _TIME for part in parts[1:]) else "count"


def numerator(unit: str) -> str:
    """Return what stands before the first stroke, in lower case."""
    return unit.split("/")[0].strip().lower()


@lru_cache(maxsize=512)
def currency(unit: str) -> str:
    """Return the code of the money a unit counts ("usd"), or "" if it counts no money."""
    first = numerator(unit)
    return next((code for code in SIGNS if re.match(rf"{code}\b", first)), "")


def plain(value: float, digits: int = 4) -> str:
    """Return a number without a unit: thousands with commas, millions in words."""
    if value == 0 or not math.isfinite(value):
        return "0" if value == 0 else "no number"
    size = abs(value)
    for scale, word in _LARGE:
        if _round(size, digits) >= scale:
            return f"{_trim(_round(value, digits) / scale, 6)} {word}"
    if size >= 1000:
        return f"{round(value):,}"
    return _trim(_round(value, digits), 9)


def format_value(value: float, unit: str = "") -> str:
    """Return a value in words, by its unit; a rate of people below 1 reads as a percentage."""
    kind = kind_of(unit)
    counted = kind == "rate" and numerator(unit).split(" ")[0].rstrip("s") not in _MEASURES
    if kind == "share" or (counted and 0 < abs(value) < 1):
        return percent(value)
    if kind == "money":
        return money(value, SIGNS[currency(unit)])
    if kind == "time":
        name = numerator(unit).rstrip("s")
        return f"{plain(value)} {name}{'' if value == 1 else 's'}"
    return plain(value)


def with_unit(value: float, unit: str) -> str:
    """Return the value and what it counts, as "200,000 orders / month" or "$30 / order"."""
    shown = format_value(value, unit)
    rest = unit.strip()
    if rest in ("number", "1") or kind_of(unit) in ("share", "time") or "%" in shown:
        return shown
    if currency(unit):
        rest = re.sub(r"^\w+\s*", "", rest)
        return f"{shown} {rest}".strip()
    return f"{shown} {rest}".strip()


def percent(share: float) -> str:
    """Return a share of 1 as a percentage, as "2 %"."""
    if not math.isfinite(share * 100):
        return plain(share)
    return f"{_trim(_round(share * 100, 4), 9)} %"


def points(difference: float) -> str:
    """Return a difference of two shares in percentage points."""
    shown = _trim(_round(difference * 100, 4), 9)
    return f"{shown} percentage point{'' if shown in ('1', '-1') else 's'}"


def money(value: float, sign: str = "$") -> str:
    """Return money, as "$30", "$9.36" or "$6.0 million"."""
    size = abs(value)
    minus = "-" if value < 0 else ""
    for scale, word in _LARGE:
        if _round(size, 4) >= scale:
            shown = _trim(_round(size, 4) / scale, 6)
            return f"{minus}{sign}{shown if '.' in shown else shown + '.0'} {word}"
    if size >= 1000 or size == round(size):
        return f"{minus}{sign}{round(size):,}"
    return (
        f"{minus}{sign}{size:.2f}" if size >= 0.1 else f"{minus}{sign}{_trim(_round(size, 3), 9)}"
    )


def spoken(value: float, unit: str) -> str:
    """Return a value with a unit as a person says it: "43,200 orders per month", "$9.36 per order".

    The value is in the unit as written: a "%" stands for a percentage, not a share of 1.
    """
    head, *per = [part.strip() for part in unit.split("/")]
    behind = "".join(f" per {part}" for part in per)
    if head.startswith("%"):
        return f"{plain(value)} {head}{behind}"
    if currency(head):
        return f"{money(value, SIGNS[currency(head)])}{behind}"
    if head in ("", "1", "number"):
        return f"{plain(value)}{behind}"
    if " " in head or value == 1 or head.endswith("s") or head == "people":
        return f"{plain(value)} {head}{behind}"
    return f"{plain(value)} {head}s{behind}"


def written_formula(text: str, names: Mapping[str, str]) -> str:
    """Return a formula with its names replaced and its signs as people write them."""
    shown = re.sub(r"[A-Za-z_]\w*", lambda found: names.get(found[0], found[0]), text)
    return shown.replace("**", "^").replace("*", "×")


def _round(value: float, digits: int) -> float:
    if value == 0:
        return 0.0
    return round(value, digits - 1 - math.floor(math.log10(abs(value))))


def _trim(value: float, decimals: int) -> str:
    shown = f"{value:,.{decimals}f}"
    return shown.rstrip("0").rstrip(".") if "." in shown else shown
