"""The lab of one attempt: the case's KPI tree, filled with what the student has been given.

A figure that was not asked for stays hidden here too; the student may assume a value for it and
see what follows. A figure that can be read in two ways is carried in both until it is settled.
Every figure is hypothetical.
"""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from functools import lru_cache

from coach import cases
from coach.lab_levers import Gap, LabLever, gap_of, lever_of, read_fields
from coach.lab_readings import Ambiguity, Carried, ambiguities_of, carry
from coach.lab_rows import LabRow, Tree
from coach.models import CaseKey
from metrics_lab.engine.errors import ModelError
from metrics_lab.engine.graph import Model, Node, Relation
from metrics_lab.engine.scenario import Lever, Outcome, what_if
from metrics_lab.engine.wording import format_value
from metrics_lab.words import capital, change_words, words
from questions.case import Case


@lru_cache(maxsize=cases.CACHED_CASES)
def model_of(key: CaseKey) -> Model:
    """Return the model of a case version with all its baselines."""
    case = cases.case_of(key)
    relations = [
        Relation(r.symbol, r.formula, label=r.label or words(r.symbol), unit=r.unit)
        for r in cases.stated_relations(case)
    ]
    given = {symbol: baseline.value for symbol, baseline in case.baselines.items()}
    labels = {symbol: b.label or words(symbol) for symbol, b in case.baselines.items()}
    units = {symbol: b.unit for symbol, b in case.baselines.items()}
    return Model.build(relations, given, labels, units)


def stars_of(case: Case, model: Model) -> list[str]:
    """Return the symbols that may stand on top of the tree, the case's own candidates first."""
    derived = [rule.symbol for rule in model.rules]
    wanted = [candidate.symbol for candidate in case.north_star_candidates if candidate.symbol]
    used = {name for rule in model.rules for name in rule.formula.names}
    tops = [symbol for symbol in derived if symbol not in used]
    return list(dict.fromkeys([s for s in (*wanted, *tops, *derived) if s in derived]))


@dataclass(frozen=True)
class Lab:
    """The lab as the page draws it. ``problem`` says what is wrong with the levers together;
    what is wrong with one of them stands at it (``errors``, by symbol)."""

    rows: list[LabRow]
    levers: list[LabLever]
    gaps: list[Gap]
    stars: list[tuple[str, str]]
    star: str
    sentence: str
    carried: list[Carried] = field(default_factory=list)
    settled: list[str] = field(default_factory=list)
    problem: str = ""
    moved: int = 0
    errors: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_wrong(self) -> bool:
        """Say whether something typed could not be used."""
        return bool(self.errors or self.problem)


@dataclass(frozen=True)
class Setting:
    """What the student knows, assumes and moves, with ``star`` on top."""

    case: Case
    model: Model
    """The case's model with the student's assumptions in place of what they do not know."""
    star: str
    inputs: list[str]
    known: AbstractSet[str]
    assumed: AbstractSet[str]
    levers: list[Lever]
    typed: Mapping[str, float]
    errors: Mapping[str, str]
    open: list[Ambiguity]
    settled: list[str]

    @property
    def reachable(self) -> AbstractSet[str]:
        """The symbols that may be computed with."""
        return self.known | self.assumed

    @property
    def is_computed(self) -> bool:
        """Say whether the star follows from what is known or assumed."""
        return self.model.ancestors(self.star) & self.model.given.keys() <= self.reachable


def build_lab(
    key: CaseKey,
    known: AbstractSet[str],
    posted: Mapping[str, str],
    star: str = "",
    given: AbstractSet[str] = frozenset(),
) -> Lab:
    """Return the lab for what is known and what the levers are set to.

    Args:
        known: symbols the student has been given.
        posted: what stands in the fields of levers and assumptions, by symbol, as typed.
        star: the symbol on top; one that is none falls back to the case's first.
        given: ids of the facts the student has been given; they open and settle readings.
    """
    setting = setting_of(key, known, posted, star, given)
    model = setting.model
    outcome, problem = _outcome(model, setting.levers)
    carried = [
        found
        for ambiguity in setting.open
        if (found := carry(ambiguity, model, setting.star, setting.reachable, setting.levers))
    ]
    open_symbols = {symbol for found in carried for symbol in found.reached}
    tree = Tree(model, outcome, setting.known, setting.reachable, open_symbols)
    return Lab(
        rows=tree.rows(model.tree(setting.star)),
        levers=[_lever(setting, s, posted) for s in setting.inputs if s in setting.known],
        gaps=[
            gap_of(model, s, posted.get(s, ""), setting.errors.get(s, ""))
            for s in setting.inputs
            if s not in setting.known
        ],
        stars=[(s, model.label(s)) for s in stars_of(setting.case, model)],
        star=setting.star,
        sentence=_sentence(setting, outcome) or next((c.sentence for c in carried), ""),
        carried=carried,
        settled=setting.settled,
        problem=problem,
        moved=len(setting.levers),
        errors=setting.errors,
    )


def setting_of(
    key: CaseKey,
    known: AbstractSet[str],
    posted: Mapping[str, str],
    star: str = "",
    given: AbstractSet[str] = frozenset(),
) -> Setting:
    """Return what was typed, read against what is known; arguments as for ``build_lab``."""
    case, model = cases.case_of(key), model_of(key)
    ambiguities = ambiguities_of(case)
    known = frozenset(known).union(*(ambiguity.told(given) for ambiguity in ambiguities))
    stars = stars_of(case, model)
    star = star if star in stars else stars[0]
    inputs = [s for s in _in_order(model.tree(star)) if s in model.given]
    typed, errors = read_fields(model, inputs, posted)
    assumed = {symbol: value for symbol, value in typed.items() if symbol not in known}
    levers = [Lever(s, "set", v) for s, v in typed.items() if s in known and v != model.given[s]]
    return Setting(
        case=case,
        model=replace(model, given={**model.given, **assumed}),
        star=star,
        inputs=inputs,
        known=known,
        assumed=frozenset(assumed),
        levers=levers,
        typed=typed,
        errors=errors,
        open=[ambiguity for ambiguity in ambiguities if ambiguity.is_open(given)],
        settled=[a.settled_words for a in ambiguities if a.is_settled(given)],
    )


def _outcome(model: Model, levers: list[Lever]) -> tuple[Outcome, str]:
    try:
        return what_if(model, levers), ""
    except ModelError as error:
        values = model.evaluate()
        return Outcome(values, values), str(error)


def _lever(setting: Setting, symbol: str, posted: Mapping[str, str]) -> LabLever:
    return lever_of(
        setting.case,
        setting.model,
        symbol,
        setting.typed.get(symbol, setting.model.given[symbol]),
        posted.get(symbol, ""),
        setting.errors.get(symbol, ""),
    )


def _sentence(setting: Setting, outcome: Outcome) -> str:
    """Return what the levers say, ready to be put into an answer."""
    if not setting.is_computed:
        return ""
    model, star = setting.model, setting.star
    change, unit, name = outcome.change(star), model.unit(star), model.label(star)
    if not setting.levers:
        return f"{capital(name)} today: {format_value(change.before, unit)} (hypothetical)."
    moves = ", ".join(
        f"{model.label(lever.symbol)} from "
        f"{format_value(outcome.before[lever.symbol], model.unit(lever.symbol))} to "
        f"{format_value(lever.amount, model.unit(lever.symbol))}"
        for lever in setting.levers
    )
    return (
        f"With {moves}, {name} goes from {format_value(change.before, unit)} to "
        f"{format_value(change.after, unit)} "
        f"({change_words(change.before, change.after, unit)})."
    )


def _in_order(node: Node) -> list[str]:
    symbols = [node.symbol]
    for child in node.children:
        symbols += [s for s in _in_order(child) if s not in symbols]
    return symbols
