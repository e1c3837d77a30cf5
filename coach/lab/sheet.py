"""An attempt's case as a sheet: its formulas, and of its figures only what the student was given.

A figure that was not asked for is an input without a value (docs/decisions/0004). One that can be
read in two ways is carried in both until the interviewer settles it.
"""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace

from coach import cases
from coach.lab.readings import Ambiguity as CaseAmbiguity
from coach.lab.readings import ambiguities_of
from coach.lab.setting import model_of, stars_of
from coach.models import CaseKey
from metrics_lab.engine.baseline import Ambiguity, Reading
from metrics_lab.engine.sheet.model import LONGEST, Derived, Input, Sheet
from metrics_lab.engine.wording import format_value
from metrics_lab.words import words
from questions.case import Baseline, Case

SOURCE = "The interviewer, hypothetical"


@dataclass(frozen=True)
class Told:
    """What the student has been given: facts by id, and the symbols that are known by them."""

    facts: AbstractSet[str]
    symbols: AbstractSet[str]

    @classmethod
    def of(cls, key: CaseKey, facts: AbstractSet[str], symbols: AbstractSet[str]) -> Told:
        """Return it with what follows once an open word is settled."""
        ambiguities = ambiguities_of(cases.case_of(key))
        return cls(facts, frozenset(symbols).union(*(a.told(facts) for a in ambiguities)))


def sheet_for(key: CaseKey, told: Told, title: str) -> Sheet:
    """Return the sheet of a case as it is opened for the first time.

    Of figures that no formula is made of, only those that were told are in it: the name of a
    hidden one would tell what there is to ask.
    """
    case, model = cases.case_of(key), model_of(key)
    relations = tuple(
        Derived(
            r.symbol, r.formula, r.label or words(r.symbol), r.unit, aliases=tuple(r.aliases[:12])
        )
        for r in cases.stated_relations(case)
    )
    named = {name for r in relations for name in cases.SYMBOL.findall(r.formula)}
    empty = Sheet(
        title=title[: LONGEST["title"]],
        inputs={s: _hidden(s, b) for s, b in case.baselines.items() if s in named},
        relations=relations,
        star=stars_of(case, model)[0],
    )
    return _with_open_words(deliver(empty, case, told.symbols), case, told)


def renewed(sheet: Sheet, key: CaseKey, told: Told, delivered: AbstractSet[str]) -> Sheet:
    """Return a student's sheet with what they were given since; what they changed stays."""
    case = cases.case_of(key)
    new = told.symbols - delivered
    return _with_open_words(deliver(sheet, case, new), case, told)


def deliver(sheet: Sheet, case: Case, symbols: Iterable[str]) -> Sheet:
    """Return the sheet with figures of the case put in: name, ranges and own formulas stay.

    A guess of the student's own gives way to the fact, and the source says what was guessed.
    """
    for symbol in sorted(symbols):
        if baseline := case.baselines.get(symbol):
            before = sheet.inputs.get(symbol) or _hidden(symbol, baseline)
            sheet = sheet.with_input(_given(before, baseline))
    return sheet


def _given(before: Input, baseline: Baseline) -> Input:
    guessed = before.point
    source = SOURCE
    if guessed is not None and guessed != float(baseline.value):
        source = f"{SOURCE}; you had assumed {format_value(guessed, before.unit or 'number')}"
    low, high = sorted(float(end) for end in baseline.band)
    return replace(
        before,
        unit=baseline.unit,
        value=float(baseline.value),
        low=None,
        high=None,
        band=(low, high) if low < high else None,
        status="given",
        source=source,
    )


def _hidden(symbol: str, baseline: Baseline) -> Input:
    return Input(
        symbol,
        baseline.label or words(symbol),
        baseline.unit,
        status="unknown",
        aliases=tuple(baseline.aliases[:12]),
    )


def _with_open_words(sheet: Sheet, case: Case, told: Told) -> Sheet:
    opened = [a for a in ambiguities_of(case) if a.is_open(told.facts)]
    return replace(sheet, ambiguities=tuple(_carried(a, case) for a in opened))


def _carried(ambiguity: CaseAmbiguity, case: Case) -> Ambiguity:
    """Return an open word with what each reading gives, the shared figures among it."""
    *term, _ = ambiguity.question.split()  # "shoppers are"
    shared = {s: float(case.baselines[s].value) for s in ambiguity.takes if s in case.baselines}
    return Ambiguity(
        " ".join(term),
        tuple(
            Reading(one.answer, {**shared, **{s: float(v) for s, v in one.set.items()}})
            for one in ambiguity.readings
        ),
    )
