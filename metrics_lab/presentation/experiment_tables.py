"""The tables of "Size a test": other forms, what the traffic shows, guardrails, early looks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from metrics_lab.engine import experiment
from metrics_lab.engine.experiment import Form, Length, Levels, OwnFigure, Plan
from metrics_lab.engine.wording import percent
from metrics_lab.forms.experiment import SizeForm
from metrics_lab.presentation.trial_words import share, weeks_words

LOOKS_SHOWN = (1, 2, 5, 10)
MOST_BOUNDS = 20
MOST_WEEKS = 520
WATCHED_WEEKS = 8

Row = tuple[str, ...]


@dataclass(frozen=True)
class Subject:
    """What is tested, in words and as functions of the people per arm."""

    sentence: str
    forms: tuple[Form, ...]
    power_of: Callable[[int], float]
    curve_of: Callable[[int], float]
    judged: Callable[[int], OwnFigure]
    seen: Callable[[float, Sequence[int]], list[Row]]
    seen_columns: Row = ("Smallest change", "Relative")
    is_exact: bool = True
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Table:
    """A table of the result: its heading, columns and rows of words."""

    title: str
    columns: Row
    rows: Sequence[Row]
    lead: str = ""
    after: tuple[str, ...] = ()

    @property
    def cells(self) -> list[list[tuple[str, str]]]:
        """Each row's cells with the heading of their column, for cards on a phone."""
        return [list(zip(self.columns, row, strict=True)) for row in self.rows]


def forms_table(subject: Subject, made: Plan) -> Table:
    """Return the published forms with their true power."""
    rows = [
        (
            form.label + (" (taken here)" if index == 0 else ""),
            f"{form.people:,}",
            share(form.power),
        )
        for index, form in enumerate(made.forms)
    ]
    true = "True power" if not subject.is_exact else "Exact power"
    return Table(
        "What other calculators say",
        ("Form", "Per arm", true),
        rows,
        lead="Published forms differ by their approximation. The last column is what the test of"
        " that size does.",
    )


def seen_table(subject: Subject, weekly: float, wait: int | None, length: Length) -> Table:
    """Return the smallest change that tests of several lengths let one see."""
    weeks = experiment.weeks_shown(
        wait, length.weeks if (length.weeks or 0) <= MOST_WEEKS else None
    )
    return Table(
        "The smallest change your traffic lets you see",
        ("Test of", "Per arm", *subject.seen_columns),
        subject.seen(weekly, weeks),
        lead="With the same error level and power. A smaller one may be there and stay unseen.",
    )


def guardrail_table(form: SizeForm, made: Plan, length: Length, levels: Levels) -> Table:
    """Return what each guardrail needs, which decides, and the caveats of several metrics."""
    count = len(length.guardrails)
    weekly = form.people_per_week()
    rows = []
    for size in length.guardrails:
        weeks = (
            weeks_words(experiment.weeks_needed(size.per_arm * levels.arms, weekly))
            if weekly
            else "–"
        )
        rows.append((size.guardrail.name, f"{size.per_arm:,}", f"{size.per_arm_together:,}", weeks))
    decides = (
        f"{length.decided_by} decides the length: it needs more people than the main metric’s"
        f" {made.per_arm:,} per arm."
        if length.decided_by
        else f"The main metric decides the length; each guardrail can be read by then"
        f" with {made.per_arm:,} per arm."
    )
    level = percent(levels.alpha_each / levels.sides)
    together = experiment.power_together(levels.power, count)
    chance = 1 - (1 - levels.alpha) ** (count + 1)
    return Table(
        "Guardrails",
        ("Metric", "Per arm", "Per arm if all are to pass", "Length"),
        rows,
        lead=f"{decides} The size rules out a worsening by the margin, one-sided at {level}, if in"
        " truth nothing changes (normal approximation).",
        after=(
            f"If the change works and harms nothing, the main test and {_count(count)} all pass"
            f" with {share(together)}, were they independent. For {percent(levels.power)} together"
            f" each needs {share(experiment.power_each(levels.power, count))}: the third column.",
            f"One metric decides. Were all {count + 1} allowed to declare success, one of them"
            f" would by luck in up to {share(chance)} of tests of a change that does nothing.",
        ),
    )


def looks_table(form: SizeForm, levels: Levels, length: Length) -> Table:
    """Return the true error level of repeated looks, and what to do instead."""
    looks, weeks = form.cleaned_data["looks"], length.weeks
    daily = 7 * weeks if weeks and 7 * weeks <= 100 else None
    shown = sorted({*LOOKS_SHOWN, *(n for n in (looks, daily) if n)})
    rows = [
        (
            _looks_words(n, daily),
            share(experiment.error_of_looks(n, levels.alpha_each, levels.sides)),
        )
        for n in shown
    ]
    planned = looks or (weeks if weeks and 2 <= weeks <= WATCHED_WEEKS else 5)
    return Table(
        "If you look before the end",
        ("Looks, evenly spaced", "True error level"),
        rows,
        lead="Stopping at the first look that seems significant, at the usual bound each time, is"
        " another test than the planned one. The figures are integrated, not simulated.",
        after=_bounds_words(planned, levels),
    )


def _bounds_words(planned: int, levels: Levels) -> tuple[str, ...]:
    once = "Set the end before you start and read the result then, once."
    if planned == 1:
        return (once,)
    if planned > MOST_BOUNDS:
        return (
            f"{once} With more than {MOST_BOUNDS} looks, use a method made for watching, such as"
            " always-valid p-values.",
        )
    settings = (planned, levels.alpha_each, levels.power, levels.sides)
    same, late = experiment.pocock(*settings), experiment.obrien_fleming(*settings)
    size = "|z|" if levels.sides == 2 else "z"
    strict = ", ".join(f"{value:.2f}" for value in late.critical)
    return (
        f"{once} If you must be able to stop early, plan {planned} looks with stricter bounds:",
        f"Pocock: stop at {size} ≥ {same.critical[0]:.2f} at any look; takes up to"
        f" {share(same.inflation - 1)} more people.",
        f"O’Brien and Fleming: stop at {size} ≥ {strict}; takes up to"
        f" {share(late.inflation - 1)} more people.",
    )


def _looks_words(looks: int, daily: int | None) -> str:
    words = "1, at the end" if looks == 1 else f"{looks}"
    return f"{words}, one a day" if looks == daily else words


def _count(guardrails: int) -> str:
    return "the guardrail" if guardrails == 1 else f"the {guardrails} guardrails"
