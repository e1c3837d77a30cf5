"""What a claim is checked against: values, relations, names and plausible bands of one case."""

import ast
import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from typing import Any

from metrics_lab.engine.claim import lexicon as words
from metrics_lab.engine.claim.infer import BARE, Loose, infer
from metrics_lab.engine.claim.result import Source
from metrics_lab.engine.expr import Expr, FormulaError, compile_formula
from metrics_lab.engine.graph import Model, Relation, Step
from metrics_lab.engine.order import Rule
from metrics_lab.engine.scenario import Lever

# The nouns by which one counted unit goes in plain speech.
NOUNS: Mapping[str, tuple[str, ...]] = {
    "user": (
        "user", "customer", "visitor", "person", "people", "buyer", "subscriber", "member",
        "rider", "passenger", "head", "shopper", "client", "driver", "viewer", "account",
    ),
    "booking": ("booking", "reservation", "stay"),
    "order": ("order", "purchase", "parcel", "basket", "sale", "checkout"),
    "ride": ("ride", "trip", "journey"),
    "trip": ("ride", "trip", "journey"),
}  # fmt: skip
STOPS = words.word_set("a an the of on per who in for by and to at from with")
# Words that name nothing by themselves, left over when a label is shortened.
_TOO_BARE = frozenset(
    (word,)
    for word in words.word_set(
        "rate value cost month take share average number size per time total gross unit "
        "what back again income period count old new revenue net own profit"
    )
)
_PER_NOUN = re.compile(r"\bper\s+(?:paying\s+|active\s+|new\s+)?([a-z]+)")
_POSSESSIVE = re.compile(r"['’]s?$")
_WORD = re.compile(r"[A-Za-z][\w'’]*")
PEOPLE = frozenset(NOUNS["user"])

Lines = tuple[tuple[str, Source], ...]
"""The steps of a sum in words, each with what it tells."""


@dataclass(frozen=True, slots=True)
class Symbol:
    """One symbol with its unit taken apart: what it counts, per what, in which period."""

    name: str
    label: str
    unit: str
    kind: str
    counts: str
    per: tuple[str, ...]
    period: str
    currency: str
    each: tuple[str, ...]
    phrases: tuple[tuple[tuple[str, ...], float], ...]
    # Worked out from the phrases, for quick reading: the words of each whole name without its
    # little words, with the name's length; and the words of each full name.
    spelled: tuple[tuple[frozenset[str], int], ...] = ()
    full: tuple[frozenset[str], ...] = ()


@dataclass(frozen=True)
class ClaimModel:
    """A case's numbers. `symbols` maps a name to {"label", "unit", "aliases"}; shares are of 1.

    `figures` are further numbers that the case tells (in facts, scenarios, the size of its test),
    percentages in percent: a text that repeats one is never called wrong for it. `ranges` are the
    ends between which a symbol lies with 90 %, shares of 1 (see `uncertain`); `correlations` are
    rank correlations of pairs of them.
    """

    values: Mapping[str, float]
    symbols: Mapping[str, Mapping[str, Any]]
    relations: Sequence[str | Relation]
    plausible: Mapping[str, Sequence[float]] = field(default_factory=dict)
    figures: Sequence[float] = ()
    ranges: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    correlations: Mapping[tuple[str, str], float] = field(default_factory=dict)

    def prepare(self) -> None:
        """Work out what every text needs, once; raises a ModelError for an unsound case."""
        _ = self.names, self.nouns, self._above
        for name in self.known:
            self.explained(name)
            self.turned(name)

    @cached_property
    def graph(self) -> Model:
        """Return the computable model; raises a ModelError for relations that cannot be."""
        units = {name: str(about.get("unit", "")) for name, about in self.symbols.items()}
        units = {name: unit for name, unit in units.items() if unit}
        labels = {name: str(about.get("label", name)) for name, about in self.symbols.items()}
        return Model.build(self.relations, self.values, labels=labels, units=units)

    @cached_property
    def shown(self) -> Model:
        """Return the model with every unit known, for steps that people read."""
        return replace(self.graph, units=self.units)

    @cached_property
    def today(self) -> Mapping[str, float]:
        """Return every value as the case states it."""
        return self.graph.evaluate()

    @cached_property
    def known(self) -> Mapping[str, Symbol]:
        """Return every symbol with its unit and its names read."""
        units = self.units
        return {
            name: read_symbol(name, {**self.symbols.get(name, {}), "unit": units[name]}, value)
            for name, value in self.today.items()
        }

    @cached_property
    def nouns(self) -> frozenset[str]:
        """Return what the case tells figures for: the stems of "per parcel" and "per locker"."""
        return frozenset(stem(noun) for symbol in self.known.values() for noun in symbol.each)

    @cached_property
    def names(self) -> Mapping[str, Sequence[tuple[tuple[str, ...], str, float]]]:
        """Return (phrase, symbol, weight) by the phrase's first word, for quick reading."""
        found: dict[str, list[tuple[tuple[str, ...], str, float]]] = {}
        for symbol in self.known.values():
            for phrase, weight in symbol.phrases:
                found.setdefault(phrase[0], []).append((phrase, symbol.name, weight))
        return found

    @cached_property
    def _explained(self) -> dict[str, Lines]:
        return {}

    def explained(self, symbol: str) -> Lines:
        """Return the steps that lead to a symbol as the case stands today, worked out once."""
        if symbol not in self._explained:
            self._explained[symbol] = self.lines(self.shown.explain(symbol))
        return self._explained[symbol]

    def lines(self, steps: Sequence[Step]) -> Lines:
        """Return the steps of a sum in words, each with the symbols it is made of."""
        return tuple((step.text, self._source(step)) for step in steps)

    def _source(self, step: Step) -> Source:
        rule = self.graph.rule(step.symbol) if step.formula else None
        return Source(rule.formula.in_order, step.symbol) if rule else Source((step.symbol,))

    @cached_property
    def _turned(self) -> dict[str, tuple[Expr, ...] | None]:
        return {}

    def turned(self, symbol: str) -> tuple[Expr, ...] | None:
        """Return a symbol's product as quotients, its quotient as a product and upside down.

        None where it is computed by no such formula; worked out once.
        """
        if symbol not in self._turned:
            self._turned[symbol] = _turned_round(self.graph.rule(symbol))
        return self._turned[symbol]

    @cached_property
    def cache(self) -> dict[str, Any]:
        """Return a place for what readers of the model work out once."""
        return {}

    @cached_property
    def outcomes(self) -> dict[tuple[Lever, ...], Mapping[str, float] | None]:
        """Return the place where the values after levers are kept; it holds a few only."""
        return {}

    @cached_property
    def _above(self) -> dict[str, frozenset[str]]:
        return {name: frozenset(self.graph.ancestors(name)) for name in self.today}

    def above(self, symbol: str) -> frozenset[str]:
        """Return what a symbol is computed from, itself included."""
        return self._above[symbol]

    @cached_property
    def units(self) -> Mapping[str, str]:
        """Return every symbol's unit; one that is not stated is inferred from its formula."""
        found = {name: self._stated(name) for name in self.today}
        loose = {name: read_unit(unit) for name, unit in found.items() if unit}
        for rule in self.graph.rules:
            if not found[rule.symbol]:
                unit = infer(rule.formula.tree, loose)
                if not unit.is_money and unit.head != BARE and not unit.per:
                    unit = replace(unit, head=stem(self._name(rule.symbol).split(" ")[-1]))
                loose[rule.symbol], found[rule.symbol] = unit, unit.text
        return {name: unit or BARE for name, unit in found.items()}

    def _stated(self, name: str) -> str:
        unit = str(self.symbols.get(name, {}).get("unit") or "")
        return "" if unit == "number" else unit

    def _name(self, symbol: str) -> str:
        return str(self.symbols.get(symbol, {}).get("label") or symbol.replace("_", " "))


def _turned_round(rule: Rule | None) -> tuple[Expr, ...] | None:
    if rule is None or not isinstance(rule.formula.tree, ast.BinOp):
        return None
    tree = rule.formula.tree
    left, right = ast.unparse(tree.left), ast.unparse(tree.right)
    upside_down = f"({right}) / ({left})"
    texts = {
        ast.Mult: (f"({left}) / ({right})", upside_down),
        ast.Div: (f"({left}) * ({right})", upside_down),
    }.get(type(tree.op), ())
    forms = []
    for text in texts:
        with suppress(FormulaError):  # too long for a formula
            forms.append(compile_formula(text))
    return tuple(forms)


def read_symbol(name: str, about: Mapping[str, Any], value: float) -> Symbol:
    """Return a symbol from its label, unit and aliases; its value tells a share from a ratio."""
    unit = str(about.get("unit", "1")).lower()
    head = unit.split("/")[0].strip()
    loose = read_unit(unit)
    per, period = loose.per, loose.period
    currency = words.CURRENCIES.get(loose.head, "")
    label = str(about.get("label") or name.replace("_", " "))
    names = [label, name.replace("_", " "), *(str(alias) for alias in about.get("aliases", ()))]
    kind = _kind(head, per, period, currency, value)
    phrases = _phrases(names)
    if kind == "count" and all(phrase != (loose.head,) for phrase, _ in phrases):
        phrases.append(((loose.head,), 0.5))
    return Symbol(
        name,
        label,
        unit,
        kind,
        _singular(head),
        per,
        period,
        currency,
        _each(per, names),
        tuple(phrases),
        tuple(
            (frozenset(p) - STOPS, len(p)) for p, weight in phrases if len(p) > 1 and weight >= 0.9
        ),
        tuple(frozenset(p) for p, weight in phrases if weight >= 1.0),
    )


def _each(per: tuple[str, ...], names: Sequence[str]) -> tuple[str, ...]:
    """Return the nouns that one figure is told for: of its unit, and of "cost per stay"."""
    told = [match[1] for name in names for match in _PER_NOUN.finditer(name.lower())]
    nouns = [noun for noun in map(_singular, told) if noun not in words.PERIODS]
    return tuple(dict.fromkeys((*per, *nouns)))


def read_unit(unit: str) -> Loose:
    """Return a unit taken apart; "share of orders" and "1" count nothing."""
    head, *tail = [part.strip() for part in unit.lower().split("/")]
    nouns = [_singular(part) for part in tail]
    per = tuple(noun for noun in nouns if noun and noun not in words.PERIODS)
    period = next((noun for noun in nouns if noun in words.PERIODS), "")
    first = head.split(" ")[0] if head else BARE
    if first in words.CURRENCIES:
        return Loose(first, per, period)
    bare = head.startswith(("share", "%", "percent", "fraction")) or head in ("1", "")
    return Loose(BARE if bare else _singular(head), per, period)


def _kind(head: str, per: tuple[str, ...], period: str, currency: str, value: float) -> str:
    if currency:
        return "money"
    if _singular(head) in words.PERIODS and not period:
        return "time"
    if head.startswith(("share", "%", "percent", "fraction")):
        return "share"
    if (head in ("1", "") or per) and abs(value) < 1:
        return "share"
    return "rate" if per or head in ("1", "") else "count"


def _singular(word: str) -> str:
    return _one(word.strip().split(" ")[0]) if word.strip() else ""


def same_unit_noun(noun: str, unit: str) -> bool:
    """Return whether a stemmed noun of a text names what a unit counts (a "rider" is a user)."""
    people = noun in _NOUN_STEMS["user"] and unit in PEOPLE
    return people or noun in _NOUN_STEMS.get(unit, ()) or noun == stem(unit)


def is_unit_noun(noun: str) -> bool:
    """Return whether a stemmed noun is one that units are usually counted in."""
    return any(noun in nouns for nouns in _NOUN_STEMS.values())


@lru_cache(maxsize=4096)
def stem(word: str) -> str:
    """Return a word without possessive and plural endings, in lower case."""
    plain = word.lower()
    if "'" in plain or "’" in plain:
        plain = _POSSESSIVE.sub("", plain)
    if plain.endswith("ies") and len(plain) > 4:
        return plain[:-3] + "y"
    if plain.endswith(("sses", "ches", "shes", "xes")):
        return plain[:-2]
    for ending in ("ed", "ing", "ings"):
        if plain.endswith(ending) and len(plain) > len(ending) + (2 if ending == "ing" else 3):
            root = plain[: -len(ending)]
            return root[:-1] if root[-1] == root[-2] and root[-1] not in "se" else root
    return _one(plain)


def _one(word: str) -> str:
    """Return a word without its plural s."""
    return word[:-1] if word.endswith("s") and not word.endswith("ss") and len(word) > 3 else word


_NOUN_STEMS = {unit: frozenset(stem(noun) for noun in nouns) for unit, nouns in NOUNS.items()}


def _phrases(names: Sequence[str]) -> list[tuple[tuple[str, ...], float]]:
    """Return every phrase that names the symbol with its weight, longest first."""
    found: dict[tuple[str, ...], float] = {}
    heads: set[str] = set()
    for name in names:
        phrase = split(name)
        heads |= {stem(word) for word in (_bare(phrase) or ("",))[-1:]}
        _keep(found, phrase, 1.0)
        _keep(found, _bare(phrase), 0.9)
        if len(_bare(phrase)) > 1 and not STOPS & set(phrase):
            _keep(found, _bare(phrase)[-1:], 0.5)
        if "of" in phrase[1:-1]:  # "share of paying readers" goes as "paying reader share" too
            cut = phrase.index("of", 1)
            behind = tuple(word for word in phrase[cut + 1 :] if word not in STOPS)
            _keep(found, (*behind, phrase[cut - 1]), 0.9)
            _keep(found, (*behind[:1], phrase[cut - 1]), 0.8)
        first, *rest = _bare(phrase) or ("",)
        if tuple(rest) in _TOO_BARE and not is_unit_noun(first):
            _keep(found, (first,), 0.6)
        for cut in range(1, len(phrase) - 1):
            if phrase[cut] not in STOPS:
                _keep(found, phrase[cut:], 0.7)
    for key, synonyms in words.SYNONYMS.items():
        if stem(key) in heads:
            for synonym in synonyms:
                _keep(found, split(synonym), 0.6)
    return sorted(found.items(), key=lambda item: (-len(item[0]), -item[1]))


def _keep(found: dict[tuple[str, ...], float], phrase: tuple[str, ...], weight: float) -> None:
    if phrase and (weight >= 1.0 or phrase not in _TOO_BARE):
        found[phrase] = max(weight, found.get(phrase, 0.0))


def _bare(phrase: tuple[str, ...]) -> tuple[str, ...]:
    """Return a phrase without "monthly", "average" before it and "per ..." or "rate" behind it."""
    plain = list(phrase)
    while len(plain) > 1 and plain[0] in ("monthly", "average", "total", "gross", "our", "the"):
        plain.pop(0)
    for word in ("per", "in", "of", "a"):
        if word in plain[1:] and (word != "a" or plain[-1] in words.PERIODS):
            plain = plain[: plain.index(word, 1)]
    if len(plain) > 1 and plain[-1] in ("rate", "share"):
        plain.pop()
    return tuple(plain)


def split(text: str) -> tuple[str, ...]:
    """Return the stemmed words of a phrase."""
    return tuple(stem(word) for word in _WORD.findall(text))
