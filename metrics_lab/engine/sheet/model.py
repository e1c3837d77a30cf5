"""A sheet: a model that a person builds, keeps and shares.

A sheet holds inputs (with or without a value), relations between figures, the figure on top, and
the words that can still be read in two ways. `model_of` returns the part that can be computed:
what depends on an input without a value stays unknown, and what is missing is named.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from math import isfinite, sqrt
from types import MappingProxyType
from typing import Literal

from metrics_lab.engine.baseline import Ambiguity
from metrics_lab.engine.errors import CycleError, ImpossibleError, MissingInputError, ModelError
from metrics_lab.engine.expr import (
    ARGUMENTS,
    MAX_CHARACTERS,
    Expr,
    FormulaError,
    ImpossibleValueError,
    compile_formula,
    evaluate,
)
from metrics_lab.engine.graph import Model, Relation
from metrics_lab.engine.order import direct
from metrics_lab.engine.quantity import is_share, kind_for
from metrics_lab.engine.sheet.units import fits, found_unit
from metrics_lab.engine.solve import isolate
from metrics_lab.engine.together import MOST_PAIRS, STRONGEST, Together
from metrics_lab.engine.units import UnitError

MAX_RELATIONS = 100
MAX_INPUTS = 120
MAX_AMBIGUITIES = 12
LONGEST = {"title": 120, "label": 100, "unit": 100, "source": 240, "note": 400}
LARGEST = 1e15
"""A figure beyond this is a slip of the keyboard: all the money of the world is less."""
SYMBOL = re.compile(r"[a-z][a-z0-9_]{0,39}")
KEPT_FORMULAS = 2048

Status = Literal["given", "assumed", "measured", "unknown"]
STATUSES: tuple[Status, ...] = ("given", "assumed", "measured", "unknown")


@lru_cache(maxsize=KEPT_FORMULAS)
def formula_of(text: str) -> Expr:
    """Return a compiled formula, kept for the next time; raises FormulaError."""
    return compile_formula(text)


class SheetError(ModelError):
    """Something a sheet cannot hold; `field` names the part of the input or formula at fault."""

    def __init__(self, symbol: str, message: str, field: str = "") -> None:
        super().__init__(symbol, message)
        self.field = field


class SheetFullError(SheetError):
    """More inputs, formulas or other parts than a sheet holds."""


@dataclass(frozen=True, slots=True)
class Input:
    """A figure that is put in. `value`, `low` and `high` are in `unit`, a share as a part of 1.

    `low` to `high` is the range in which the true value lies nine times in ten; `band` is how far
    a slider goes. A status of "unknown" goes with neither value nor range.
    """

    symbol: str
    label: str
    unit: str = ""
    value: float | None = None
    low: float | None = None
    high: float | None = None
    band: tuple[float, float] | None = None
    status: Status = "assumed"
    source: str = ""
    aliases: tuple[str, ...] = ()

    @property
    def has_range(self) -> bool:
        """Say whether a range is stated."""
        return self.low is not None and self.high is not None

    @property
    def point(self) -> float | None:
        """Return the one number to compute with: the value, or the middle of the range.

        The middle of a positive range is the geometric one, the median of the lognormal that
        such a range stands for; a share's is the arithmetic one.
        """
        if self.value is not None or self.low is None or self.high is None:
            return self.value
        if kind_for(self.low, self.high, self.unit) == "lognormal":
            return sqrt(self.low) * sqrt(self.high)
        return (self.low + self.high) / 2


@dataclass(frozen=True, slots=True)
class Derived:
    """A figure with a formula over the others; `own` if a person wrote it in this sheet."""

    symbol: str
    formula: str
    label: str
    unit: str = ""
    own: bool = False
    note: str = ""
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True)
class Sheet:
    """Everything a sheet knows. `star` is the symbol on top of the tree, "" for none yet."""

    title: str
    inputs: Mapping[str, Input] = field(default_factory=dict)
    relations: tuple[Derived, ...] = ()
    star: str = ""
    ambiguities: tuple[Ambiguity, ...] = ()
    together: tuple[Together, ...] = ()

    @property
    def derived(self) -> Mapping[str, Derived]:
        """Return the figures with a formula, by symbol."""
        return {relation.symbol: relation for relation in self.relations}

    @property
    def symbols(self) -> tuple[str, ...]:
        """Return every symbol once, inputs first."""
        return tuple(dict.fromkeys((*self.inputs, *(r.symbol for r in self.relations))))

    @property
    def top(self) -> str:
        """Return the symbol on top: the star, or else a figure that no other is made of."""
        if self.star in self.derived or self.star in self.inputs:
            return self.star
        used = {name for r in self.relations for name in formula_of(r.formula).names}
        tops = [r.symbol for r in self.relations if r.symbol not in used]
        return next(iter((*tops, *self.symbols)), "")

    @property
    def labels(self) -> dict[str, str]:
        """Return every figure's name for people."""
        return {s: self.label(s) for s in self.symbols}

    @property
    def units(self) -> dict[str, str]:
        """Return every figure's unit, where one is stated."""
        return {s: unit for s in self.symbols if (unit := self.unit(s))}

    def label(self, symbol: str) -> str:
        """Return a figure's name for people."""
        found = self.derived.get(symbol) or self.inputs.get(symbol)
        return found.label if found else symbol.replace("_", " ")

    def unit(self, symbol: str) -> str:
        """Return a figure's unit, "" where none is stated."""
        found = self.derived.get(symbol) or self.inputs.get(symbol)
        return found.unit if found else ""

    def users_of(self, symbol: str) -> tuple[Derived, ...]:
        """Return the figures whose formula names a symbol."""
        return tuple(r for r in self.relations if symbol in formula_of(r.formula).names)

    def with_input(self, item: Input) -> "Sheet":
        """Return the sheet with an input added or put in place of the one of its symbol."""
        return replace(self, inputs={**self.inputs, item.symbol: item})

    def with_relation(self, item: Derived) -> "Sheet":
        """Return the sheet with a formula added or put in place of the one of its symbol."""
        if item.symbol in self.derived:
            kept = tuple(item if r.symbol == item.symbol else r for r in self.relations)
            return replace(self, relations=kept)
        return replace(self, relations=(*self.relations, item))

    def with_together(self, item: Together) -> "Sheet":
        """Return the sheet with a pair added or put in place of the one of the same inputs."""
        kept = tuple(pair for pair in self.together if pair.pair != item.pair)
        return replace(self, together=(*kept, item))

    def apart(self, one: str, other: str) -> "Sheet":
        """Return the sheet in which two inputs vary on their own again."""
        kept = tuple(pair for pair in self.together if pair.pair != {one, other})
        return replace(self, together=kept)

    def without(self, symbol: str) -> "Sheet":
        """Return the sheet without a figure.

        Raises:
            SheetError: other formulas are made of it, or the sheet does not hold it.
        """
        if symbol not in self.symbols:
            raise SheetError(symbol, f"This sheet has no figure “{symbol}”.")
        if users := self.users_of(symbol):
            names = ", ".join(user.label for user in users)
            raise SheetError(
                symbol,
                f"{self.label(symbol)} cannot be removed: {names} needs it. "
                "Change or remove that formula first.",
            )
        return replace(
            self,
            inputs={name: item for name, item in self.inputs.items() if name != symbol},
            relations=tuple(r for r in self.relations if r.symbol != symbol),
            star="" if self.star == symbol else self.star,
            together=tuple(pair for pair in self.together if symbol not in pair.pair),
        )


@dataclass(frozen=True)
class Computed:
    """The part of a sheet that can be computed, and, by symbol, which inputs the rest lacks."""

    model: Model
    missing: Mapping[str, tuple[str, ...]]


def symbol_for(label: str, taken: Iterable[str] = ()) -> str:
    """Return a symbol for a name that people wrote: "Orders / month" becomes orders_month."""
    words = re.findall(r"[a-z0-9]+", label.lower())
    bare = "_".join(words)[:36].strip("_") or "figure"
    if not bare[0].isalpha() or bare in ARGUMENTS:
        bare = f"figure_{bare}"[:36].strip("_")
    used = set(taken)
    numbered = (f"{bare}_{number}" for number in range(2, MAX_INPUTS + MAX_RELATIONS + 3))
    return next(name for name in (bare, *numbered) if name not in used)


def model_of(sheet: Sheet, reading: Mapping[str, float] | None = None) -> Computed:
    """Return the computable part of a sheet.

    Args:
        reading: values that one reading of an open word gives; they go before the inputs' own.

    Raises:
        CycleError: figures are defined by one another.
        MissingInputError: a formula names a figure that the sheet does not hold.
        ImpossibleError: a share outside 0 to 1, a division by zero, a number too large.
        ContradictionError: a figure has a value and a formula that do not agree.
    """
    formulas = [(r, _compiled(r)) for r in sheet.relations]
    _check_order(sheet, formulas)
    given = {s: v for s, item in sheet.inputs.items() if (v := item.point) is not None}
    given |= {s: float(v) for s, v in (reading or {}).items() if s in sheet.symbols}
    _check_shares(sheet, given)
    relations, known = _computable(formulas, given)
    model = Model.build(
        [Relation(r.symbol, r.formula) for r in relations], given, sheet.labels, sheet.units
    )
    missing = {s: _missing(s, sheet, known) for s in sheet.symbols if s not in known}
    return Computed(model, MappingProxyType(missing))


def check_sheet(sheet: Sheet) -> Computed:
    """Return the computable part of a sheet in which everything is in order, units included.

    Units are checked of formulas that a person wrote in the sheet: those that came with a case
    or an example were checked when it was written.

    Raises:
        SheetError: a bound, a name, a unit or a formula is not accepted; `field` says where.
        ModelError: as for `model_of`.
    """
    _check_bounds(sheet)
    for item in sheet.inputs.values():
        check_input(item)
    for relation in sheet.relations:
        _check_words(relation.symbol, label=relation.label, unit=relation.unit, note=relation.note)
        _compiled(relation)
    computed = model_of(sheet)
    for relation in sheet.relations:
        if relation.own:
            check_unit(sheet, relation)
    return computed


def check_unit(sheet: Sheet, relation: Derived) -> str:
    """Return the unit that a formula comes out in; raise SheetError if another one is stated."""
    formula = _compiled(relation)
    try:
        found = found_unit(formula, sheet.units)
        if relation.unit and not fits(formula, sheet.units, relation.unit):
            shown = found or "a plain number"
            raise SheetError(
                relation.symbol,
                f"{relation.label} comes out in {shown}, not in {relation.unit}. Change the "
                "formula, or leave the unit empty to take the one that was found.",
                "unit",
            )
    except UnitError as error:
        raise SheetError(relation.symbol, f"{relation.label}: {error}", "formula") from error
    return found


def check_input(item: Input) -> None:
    """Raise SheetError unless an input can be: its name, words, numbers, range and status."""
    _check_symbol(item.symbol)
    _check_words(item.symbol, label=item.label, unit=item.unit, source=item.source)
    for name in ("value", "low", "high"):
        _check_number(item, name, getattr(item, name))
    for end in item.band or ():
        _check_number(item, "band", end)
    if (item.low is None) != (item.high is None):
        empty = "low" if item.low is None else "high"
        raise SheetError(item.symbol, f"{item.label} needs both ends of its range.", empty)
    if item.low is not None and item.high is not None:
        _check_range(item, item.low, item.high)
    if item.status not in STATUSES:
        raise SheetError(item.symbol, f"Choose one of {', '.join(STATUSES)}.", "status")
    if item.status != "unknown" and item.point is None:
        raise SheetError(
            item.symbol, f"{item.label} needs a value or a range, or the status unknown.", "value"
        )
    if item.status == "unknown" and item.point is not None:
        raise SheetError(item.symbol, f"{item.label} has a value, so it is not unknown.", "status")


def _check_range(item: Input, low: float, high: float) -> None:
    if low >= high:
        raise SheetError(
            item.symbol, f"{item.label}: the low end must be below the high end.", "high"
        )
    if item.value is not None and not low <= item.value <= high:
        raise SheetError(
            item.symbol, f"{item.label}: the value lies outside its own range.", "value"
        )


def _check_number(item: Input, name: str, value: float | None) -> None:
    if value is None:
        return
    if not isfinite(value) or abs(value) > LARGEST:
        raise SheetError(item.symbol, f"{item.label}: this number is too large.", name)
    if is_share(item.unit) and not 0 <= value <= 1:
        raise SheetError(
            item.symbol, f"{item.label} is a share, so it lies between 0 % and 100 %.", name
        )


def _check_bounds(sheet: Sheet) -> None:
    _check_words("title", title=sheet.title)
    if len(sheet.inputs) > MAX_INPUTS:
        raise SheetFullError("", f"A sheet holds at most {MAX_INPUTS} inputs.")
    if len(sheet.relations) > MAX_RELATIONS:
        raise SheetFullError("", f"A sheet holds at most {MAX_RELATIONS} formulas.")
    if len(sheet.ambiguities) > MAX_AMBIGUITIES:
        raise SheetFullError("", f"A sheet holds at most {MAX_AMBIGUITIES} open words.")
    if len(sheet.derived) != len(sheet.relations):
        raise SheetError("", "Two formulas stand for the same figure. Keep one of them.")
    for symbol in sheet.symbols:
        _check_symbol(symbol)
    _check_together(sheet)
    if sheet.star and sheet.star not in sheet.symbols:
        raise SheetError(sheet.star, f"“{sheet.star}” is not in this sheet.", "star")


def _check_together(sheet: Sheet) -> None:
    if len(sheet.together) > MOST_PAIRS:
        raise SheetFullError("", f"A sheet holds at most {MOST_PAIRS} pairs that go together.")
    if len({pair.pair for pair in sheet.together}) != len(sheet.together):
        raise SheetError("", "Two inputs are paired twice. Keep one of the two.")
    for pair in sheet.together:
        for symbol in (pair.one, pair.other):
            if symbol not in sheet.inputs:
                raise SheetError(symbol, f"“{symbol}” is no input, so nothing goes with it.", "one")
        if pair.one == pair.other:
            label = sheet.label(pair.one)
            raise SheetError(pair.one, f"{label} goes with itself. Choose another input.", "other")
        if not abs(pair.rank) <= STRONGEST:
            raise SheetError(
                pair.one,
                f"Write a number from −{STRONGEST} to {STRONGEST}: at 1 they would be one figure.",
                "rank",
            )


def _check_symbol(symbol: str) -> None:
    if not SYMBOL.fullmatch(symbol) or symbol in ARGUMENTS:
        raise SheetError(
            symbol,
            f"“{symbol}” cannot be a name in formulas: up to 40 small letters, digits and "
            "underscores, a letter first, and no function's name.",
            "symbol",
        )


def _check_words(symbol: str, **words: str) -> None:
    for name, text in words.items():
        if len(text) > LONGEST[name]:
            raise SheetError(symbol, f"At most {LONGEST[name]} characters.", name)
        if name in ("label", "title") and not text.strip():
            raise SheetError(symbol, "A name is needed.", name)


def _check_shares(sheet: Sheet, given: Mapping[str, float]) -> None:
    for symbol, value in given.items():
        if is_share(sheet.unit(symbol)) and not 0 <= value <= 1:
            raise ImpossibleError(
                symbol, f"{sheet.label(symbol)} is a share, so it lies between 0 % and 100 %."
            )


def _compiled(relation: Derived) -> Expr:
    if len(relation.formula) > MAX_CHARACTERS:
        raise SheetError(
            relation.symbol, f"A formula has at most {MAX_CHARACTERS} characters.", "formula"
        )
    try:
        formula = formula_of(relation.formula)
    except FormulaError as error:
        raise SheetError(relation.symbol, f"{relation.label}: {error}", "formula") from error
    if not formula.names:
        _check_constant(relation, formula)
    return formula


def _check_constant(relation: Derived, formula: Expr) -> None:
    try:
        evaluate(formula, {})
    except ImpossibleValueError as error:
        raise SheetError(relation.symbol, f"{relation.label}: {error}", "formula") from error


def _check_order(sheet: Sheet, formulas: list[tuple[Derived, Expr]]) -> None:
    """Refuse circles and names of nothing; inputs count as known, whether they have a value."""
    held = set(sheet.symbols)
    for relation, formula in formulas:
        strangers = sorted(formula.names - held)
        if strangers:
            raise MissingInputError(
                relation.symbol,
                f"{relation.label} needs “{strangers[0]}”, which is not in this sheet. "
                "Add it as an input, or correct the name.",
            )
    try:
        direct([(r.symbol, f) for r, f in formulas], frozenset(sheet.inputs))
    except CycleError as error:
        path = str(error).split(" is a circle")[0].split(" → ")
        names = " → ".join(sheet.label(symbol) for symbol in path)
        raise CycleError(
            error.symbol,
            f"{names} is a circle: each needs the other. Change one of these formulas.",
        ) from error


def _computable(
    formulas: list[tuple[Derived, Expr]], given: Mapping[str, float]
) -> tuple[list[Derived], set[str]]:
    """Return the relations that can be computed from what is given, and all symbols then known."""
    known, usable, left = set(given), [], list(formulas)
    while left:
        found = next((item for item in left if (_solves(item, known))), None)
        if found is None:
            break
        left.remove(found)
        usable.append(found[0])
        known |= {found[0].symbol, *found[1].names}
    return usable, known


def _solves(item: tuple[Derived, Expr], known: set[str]) -> bool:
    relation, formula = item
    unknown = formula.names - known
    if not unknown:
        return True
    if relation.symbol not in known or len(unknown) > 1:
        return False
    return isolate(relation.symbol, formula, next(iter(unknown))) is not None


def _missing(symbol: str, sheet: Sheet, known: set[str]) -> tuple[str, ...]:
    """Return the inputs without a value on which a symbol depends, in the order they are read."""
    found: dict[str, None] = {}
    derived, seen, waiting = sheet.derived, set[str](), [symbol]
    while waiting:
        name = waiting.pop(0)
        if name in seen or name in known:
            continue
        seen.add(name)
        if name in derived:
            waiting += formula_of(derived[name].formula).in_order
        else:
            found[name] = None
    return tuple(found)
