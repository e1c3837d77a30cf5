"""A case's relations as one computable model.

A relation has no direction of its own: `gmv = orders * aov` gives whichever of the three is not
given. `Model.build` chooses directions for the numbers at hand and refuses what cannot be.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from metrics_lab.engine.errors import (
    ContradictionError,
    ImpossibleError,
    ModelError,
    UnknownSymbolError,
)
from metrics_lab.engine.expr import Expr, FormulaError, compile_formula, evaluate
from metrics_lab.engine.order import Rule, direct
from metrics_lab.engine.wording import format_value, written_formula

# Cases are written with rounded figures; half a percent tells rounding from contradiction.
CLOSE = 0.005


@dataclass(frozen=True, slots=True)
class Relation:
    """One relation of a case. `equals` names a symbol whose value must agree with this one."""

    symbol: str
    formula: str
    value: float | None = None
    label: str = ""
    unit: str = ""
    equals: str | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """One line of a sum: the formula in labels, then in numbers, and its value."""

    symbol: str
    label: str
    formula: str
    numbers: str
    value: float
    unit: str

    @property
    def text(self) -> str:
        """Return the line as people write it; a given number has no formula."""
        shown = format_value(self.value, self.unit)
        if not self.formula:
            return f"{self.label}: {shown} (given)"
        return f"{self.label} = {self.formula} = {self.numbers} = {shown}"


@dataclass(frozen=True, slots=True)
class Node:
    """A symbol with what it is made of, for display as a tree."""

    symbol: str
    label: str
    value: float
    unit: str
    formula: str
    children: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Model:
    """Given values and directed rules in the order in which they can be computed."""

    given: Mapping[str, float]
    rules: tuple[Rule, ...]
    equalities: tuple[tuple[str, str], ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def build(
        cls,
        relations: Sequence[str | Relation],
        given: Mapping[str, float],
        labels: Mapping[str, str] | None = None,
        units: Mapping[str, str] | None = None,
    ) -> "Model":
        """Return the model, or raise a ModelError that names the symbol and the remedy."""
        read = [_read(relation) for relation in relations]
        formulas = [(relation.symbol, _compiled(relation)) for relation in read]
        rules, checks = direct(formulas, frozenset(given))
        model = cls(
            MappingProxyType({name: float(value) for name, value in given.items()}),
            rules,
            tuple((r.symbol, r.equals) for r in read if r.equals),
            {**{r.symbol: r.label for r in read if r.label}, **(labels or {})},
            {**{r.symbol: r.unit for r in read if r.unit}, **(units or {})},
        )
        _check(model, read, checks)
        return model

    @property
    def symbols(self) -> tuple[str, ...]:
        """Return every symbol: the given ones, then the derived ones in order."""
        return (*self.given, *(rule.symbol for rule in self.rules))

    def evaluate(self, overrides: Mapping[str, float] | None = None) -> dict[str, float]:
        """Return every value; an override of a derived symbol cuts its formula.

        Raise UnknownSymbolError for an override of nothing, ImpossibleError where a formula
        has no value.
        """
        overrides = overrides or {}
        for symbol in overrides:
            self.rule(symbol)
        values = {**self.given, **{name: float(value) for name, value in overrides.items()}}
        for rule in self.rules:
            if rule.symbol not in overrides:
                values[rule.symbol] = self._value(rule, values)
        return values

    def rule(self, symbol: str) -> Rule | None:
        """Return how a symbol is computed, None if it is given; raise if it is unknown."""
        if symbol in self.given:
            return None
        for rule in self.rules:
            if rule.symbol == symbol:
                return rule
        raise UnknownSymbolError(
            symbol, f"This case has no “{symbol}”. It knows {', '.join(self.symbols)}."
        )

    def label(self, symbol: str) -> str:
        """Return the symbol's name for people."""
        return self.labels.get(symbol, symbol.replace("_", " "))

    def unit(self, symbol: str) -> str:
        """Return the symbol's unit, or a guess from its name and size where none is stated."""
        return self.units.get(symbol, "number")

    def ancestors(self, symbol: str) -> frozenset[str]:
        """Return every symbol that the symbol's value depends on, itself included."""
        self.rule(symbol)
        needed = {symbol}
        # From the last rule back: each rule once, however many paths lead to it.
        for rule in reversed(self.rules):
            if rule.symbol in needed:
                needed |= rule.formula.names
        return frozenset(needed)

    def explain(
        self, symbol: str, overrides: Mapping[str, float] | None = None
    ) -> tuple[Step, ...]:
        """Return the steps that lead to a symbol, each with its numbers, the symbol's own last."""
        values, needed = self.evaluate(overrides), self.ancestors(symbol)
        cut = overrides or {}
        steps = [self._step(r, values) for r in self.rules if r.symbol in needed - cut.keys()]
        if not steps or steps[-1].symbol != symbol:
            unit = self.unit(symbol)
            return (Step(symbol, self.label(symbol), "", "", values[symbol], unit),)
        return tuple(steps)

    def tree(self, root: str, overrides: Mapping[str, float] | None = None) -> Node:
        """Return the symbol and, beneath it, all it is made of."""
        return self._node(root, self.evaluate(overrides))

    def _node(self, symbol: str, values: Mapping[str, float]) -> Node:
        rule = self.rule(symbol)
        names = rule.formula.in_order if rule else ()
        children = tuple(self._node(name, values) for name in names)
        formula = self._written(rule.formula) if rule else ""
        label = self.label(symbol)
        return Node(symbol, label, values[symbol], self.unit(symbol), formula, children)

    def _step(self, rule: Rule, values: Mapping[str, float]) -> Step:
        shown = {name: format_value(values[name], self.unit(name)) for name in rule.formula.names}
        return Step(
            rule.symbol,
            self.label(rule.symbol),
            self._written(rule.formula),
            written_formula(rule.formula.text, shown),
            values[rule.symbol],
            self.unit(rule.symbol),
        )

    def _written(self, formula: Expr) -> str:
        return written_formula(formula.text, {name: self.label(name) for name in formula.names})

    def _value(self, rule: Rule, values: Mapping[str, float]) -> float:
        try:
            return evaluate(rule.formula, values)
        except FormulaError as error:
            raise ImpossibleError(
                rule.symbol,
                f"{self.label(rule.symbol)} cannot be computed: {error} Change one of "
                f"{', '.join(rule.formula.in_order)}.",
            ) from error


def close(one: float, other: float, tolerance: float = CLOSE) -> bool:
    """Return whether two numbers agree but for rounding."""
    return abs(one - other) <= tolerance * max(abs(one), abs(other))


def _read(relation: str | Relation) -> Relation:
    if isinstance(relation, Relation):
        return relation
    symbol, sign, formula = relation.partition("=")
    if not sign or not symbol.strip().isidentifier():
        raise ModelError(relation, f"“{relation}” is not of the form “name = formula”.")
    return Relation(symbol.strip(), formula.strip())


def _compiled(relation: Relation) -> Expr:
    try:
        return compile_formula(relation.formula)
    except FormulaError as error:
        raise ModelError(
            relation.symbol, f"The formula of {relation.symbol} is not accepted: {error}"
        ) from error


def _check(model: Model, relations: Sequence[Relation], checks: Sequence[Rule]) -> None:
    for symbol, value in model.given.items():
        if model.units.get(symbol, "").startswith("share") and not 0 <= value <= 1:
            raise ImpossibleError(symbol, f"{symbol} is a share, so it must lie between 0 and 1.")
    values = model.evaluate()
    for rule in checks:
        _agree(
            rule.symbol, values[rule.symbol], f"“{rule.formula.text}”", model._value(rule, values)
        )
    for relation in relations:
        if relation.value is not None:
            _agree(relation.symbol, values[relation.symbol], "its stated value", relation.value)
        if relation.equals:
            if relation.equals not in values:
                raise UnknownSymbolError(relation.equals, f"No symbol “{relation.equals}”.")
            _agree(
                relation.symbol, values[relation.symbol], relation.equals, values[relation.equals]
            )


def _agree(symbol: str, value: float, name: str, other: float) -> None:
    if not close(value, other):
        raise ContradictionError(
            symbol, f"{symbol} is {value:g}, but {name} gives {other:g}. Correct one of the two."
        )
