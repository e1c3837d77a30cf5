"""The lab as its page draws it: the case's KPI tree with the levers, and what they lead to.

A figure that was not asked for stays hidden here too; the student may assume a value for it and
see what follows. A figure that can be read in two ways is carried in both until it is settled.
Every figure is hypothetical.
"""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from coach.lab.levers import Gap, LabLever, gap_of, lever_of
from coach.lab.readings import carry
from coach.lab.rows import LabRow, Tree
from coach.lab.setting import Setting, setting_of, stars_of
from coach.models import CaseKey
from metrics_lab.engine.errors import ModelError
from metrics_lab.engine.graph import Model
from metrics_lab.engine.scenario import Lever, Outcome, what_if
from metrics_lab.engine.wording import format_value
from metrics_lab.presentation.carried import Carried
from metrics_lab.words import capital, change_words


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
