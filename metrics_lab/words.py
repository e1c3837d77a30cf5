"""How the lab says values, changes and labels."""

from __future__ import annotations

from metrics_lab.engine.claim.model import PEOPLE
from metrics_lab.engine.wording import format_value, kind_of, numerator, percent, points

ERROR_WORDS = {
    "points_for_percent": "points read as percent",
    "wrong_base": "wrong base",
    "ratio_for_lift": "a ratio read as a lift",
    "upside_down": "upside down",
    "added_not_compounded": "added, not multiplied",
    "one_lever_only": "one of two levers",
    "revenue_for_gmv": "revenue and merchandise value",
    "buyers_for_visitors": "buyers and visitors",
    "spend_per_buyer_for_order_value": "spend per buyer and order value",
    "scale": "thousands and millions",
    "unit": "another unit",
    "period": "another period",
    "implausible_target": "hard to believe",
    "rice_arithmetic": "the RICE sum",
    "sample_size": "too few people",
}
"""Named wrong readings. An error without a name is shown as a question: the reading may be ours."""


def change_words(before: float, after: float, unit: str) -> str:
    """Say a change: points for a share, percent for anything else; never the one as the other."""
    if is_share(unit, before):
        difference = after - before
        return f"{'+' if difference >= 0 else '−'}{points(abs(difference))}"
    if before == 0:
        return format_value(after, unit)
    relative = after / before - 1
    return f"{'+' if relative >= 0 else '−'}{percent(abs(relative))}"


def is_share(unit: str, value: float) -> bool:
    """Say whether a figure is read in percent: a share, or a rate below one (buyers / visitor)."""
    kind = kind_of(unit)
    return kind == "share" or (kind == "rate" and 0 < abs(value) < 1)


def ends_at_one(unit: str) -> bool:
    """Say whether a figure cannot be above 100 %: a share, or people out of people."""
    if kind_of(unit) == "share":
        return True
    parts = [part.strip().lower() for part in unit.split("/")[1:]]
    return numerator(unit).rstrip("s") in PEOPLE and any(p.rstrip("s") in PEOPLE for p in parts)


def capital(label: str) -> str:
    """Return a label as the first word of a line."""
    return label[:1].upper() + label[1:]


def within(label: str) -> str:
    """Return a label as a word inside a sentence: "order value", and "GMV" as it is."""
    return label if label[1:2].isupper() else label[:1].lower() + label[1:]


def words(symbol: str) -> str:
    """Return a symbol without a label as words."""
    return symbol.replace("_", " ")


def plain_number(value: float) -> str:
    """Return a number as it stands in a field."""
    return f"{value:.10g}"
