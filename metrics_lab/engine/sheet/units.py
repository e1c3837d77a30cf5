"""Units of a sheet in the words of people ("orders / month", "USD / order"), checked by `units`.

A sheet may count anything ("lessons", "nurses"), while the lab's registry knows a fixed list of
dimensions. A noun that the registry does not know borrows, for one check, the name of a dimension
that the formula does not use; what is said afterwards has the person's own noun again.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from metrics_lab.engine.expr import Expr
from metrics_lab.engine.units import COUNTED, MONEY, UnitError, parse_unit, unit_of

PEOPLE = frozenset({
    "person", "user", "people", "visitor", "buyer", "shopper", "customer", "client", "subscriber",
    "member", "rider", "viewer", "learner", "student", "driver", "seller", "passenger", "account",
})  # fmt: skip
TIMES = frozenset({"second", "minute", "hour", "day", "week", "month", "quarter", "year"})
BARE = ("share", "%", "percent", "fraction", "number", "ratio", "1")
LEFT_OUT = re.compile(r"[^a-z0-9 /]+")


def found_unit(formula: Expr, units: Mapping[str, str]) -> str:
    """Return the unit of a formula in words, "" for a plain number.

    Raises:
        UnitError: unlike units are added or compared, said in the sheet's own nouns.
    """
    nouns = _Nouns(units[name] for name in formula.in_order if name in units)
    return nouns.words(_found(formula, units, nouns))


def fits(formula: Expr, units: Mapping[str, str], expected: str) -> bool:
    """Say whether a formula's unit and the expected one measure the same thing.

    A rate within a window ("buyers / visitor / month") may stand with or without its period: over
    one month both are right. Raises UnitError as `found_unit` does.
    """
    texts = [units[name] for name in formula.in_order if name in units]
    nouns = _Nouns([*texts, expected])
    found = _found(formula, units, nouns).dimensionality
    wanted = parse_unit(nouns.strict(expected)).dimensionality
    if any(_is_window(text) for text in (*texts, expected)):
        return _timeless(found) == _timeless(wanted)
    return bool(found == wanted)


def _found(formula: Expr, units: Mapping[str, str], nouns: "_Nouns") -> Any:
    strict = {name: nouns.strict(units.get(name, "")) for name in formula.names}
    try:
        return unit_of(formula, strict)
    except UnitError as error:
        raise UnitError(nouns.own(str(error))) from error


def _is_window(unit: str) -> bool:
    """Say whether a unit is a rate between counted things over a period."""
    per = [_singular(part) for part in unit.lower().split("/")[1:]]
    return len(per) > 1 and any(p in TIMES for p in per) and any(p not in TIMES for p in per)


def _timeless(dimensions: Mapping[str, float]) -> dict[str, float]:
    return {name: power for name, power in dimensions.items() if name != "[time]"}


class _Nouns:
    """The nouns of one check, and the dimension that each goes by."""

    def __init__(self, units: Iterable[str]) -> None:
        self._by_noun: dict[str, str] = {}
        texts = list(units)
        parts = [_singular(part) for text in texts for part in text.lower().split("/")]
        used = {part for part in parts if part in COUNTED}
        self._spare = [name for name in COUNTED if name not in used and name != "user"]
        for part in dict.fromkeys(parts):
            self._dimension(part)

    def strict(self, unit: str) -> str:
        """Return a unit as the registry reads it."""
        head, *per = [self._dimension(_singular(part)) for part in unit.lower().split("/")]
        below = [part for part in per if part]
        return "/".join([head or "1", *below]) if (head or below) else ""

    def words(self, unit: Any) -> str:
        """Return a unit of the registry in the sheet's own nouns: "USD / order"."""
        # pint has no other way to walk a unit; money is named first, as people do.
        powers = dict(sorted(unit._units.items(), key=lambda item: item[0] not in MONEY))
        above = [self._written(name, power) for name, power in powers.items() if power > 0]
        below = [self._written(name, -power) for name, power in powers.items() if power < 0]
        if not above and not below:
            return ""
        head = " × ".join(_plural(name) for name in above) or "1"
        return " / ".join([head, *below])

    def own(self, message: str) -> str:
        """Return the registry's words with the sheet's own nouns in place of borrowed ones."""
        back = {name: noun for noun, name in self._by_noun.items() if noun not in PEOPLE}
        said = re.sub(r"[a-z]+", lambda found: back.get(found[0], found[0]), message)
        return said.replace("dimensionless", "a plain number").replace(" user", " person")

    def _written(self, name: str, power: float) -> str:
        back = {dimension: noun for noun, dimension in self._by_noun.items()}
        noun = "person" if name == "user" else back.get(name, name)
        noun = noun.upper() if noun in MONEY else noun
        return noun if power == 1 else f"{noun}^{power:g}"

    def _dimension(self, noun: str) -> str:
        if not noun or noun.startswith(BARE):
            return ""
        if noun in PEOPLE:
            return "user"
        if noun in TIMES or noun in MONEY or noun in COUNTED:
            return noun
        if noun not in self._by_noun:
            if not self._spare:
                raise UnitError("This formula has more kinds of units than can be checked.")
            self._by_noun[noun] = self._spare.pop()
        return self._by_noun[noun]


def _singular(part: str) -> str:
    """Return the noun of a part of a unit: "Orders" is order, "share of carts" has none."""
    words = LEFT_OUT.sub(" ", part.lower().replace("%", "share").replace("$", "usd")).split()
    if not words or words[0].startswith(BARE):
        return ""
    if words[0] in MONEY:
        return words[0]
    return "_".join([*words[:-1], _one(words[-1])])


def _one(word: str) -> str:
    if word == "people":
        return "person"
    if word.endswith("ies") and len(word) > 4:
        return f"{word[:-3]}y"
    return word[:-1] if word.endswith("s") and not word.endswith("ss") and len(word) > 3 else word


def _plural(noun: str) -> str:
    if "^" in noun or noun.isupper():
        return noun
    plain = noun.replace("_", " ")
    if plain == "person":
        return "people"
    return f"{plain[:-1]}ies" if re.search(r"[^aeiou]y$", plain) else f"{plain}s"
