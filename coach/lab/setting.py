"""What the lab of an attempt is computed from: what the student knows, assumes and moves."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from functools import lru_cache

from coach import cases
from coach.lab.levers import read_fields
from coach.lab.readings import Ambiguity, ambiguities_of
from coach.models import CaseKey
from metrics_lab.engine.graph import Model, Node, Relation
from metrics_lab.engine.scenario import Lever
from metrics_lab.words import words
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


def _in_order(node: Node) -> list[str]:
    symbols = [node.symbol]
    for child in node.children:
        symbols += [s for s in _in_order(child) if s not in symbols]
    return symbols
