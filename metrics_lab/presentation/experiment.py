"""What "Size a test" answers: the sentence, the figures, the tables and the remarks, in words."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from metrics_lab.charts.power import Spot, power_svg
from metrics_lab.engine import experiment
from metrics_lab.engine.experiment import Form, Length, Levels, OwnFigure, Plan
from metrics_lab.engine.experiment.exact import approximate_power, true_power
from metrics_lab.engine.wording import percent, plain
from metrics_lab.forms.experiment import MeansForm, RatesForm, RatioForm, SizeForm
from metrics_lab.presentation.experiment_tables import (
    Row,
    Subject,
    Table,
    forms_table,
    guardrail_table,
    looks_table,
    seen_table,
)
from metrics_lab.presentation.trial_words import share, weeks_words

CURVE_POINTS = 25
EXACT_CURVE = 200_000
"""Above this a curve's points are approximated: no eye sees the difference in a drawing."""
LONG_WEEKS = 8
MUCH = 1.1


@dataclass(frozen=True)
class Result:
    """Everything the page shows beside the form."""

    sentence: str
    figures: list[tuple[str, str]]
    figure: dict[str, str] | None
    notes: list[str]
    tables: list[Table]
    chart: dict[str, Any] = field(default_factory=dict)


def result_of(form: SizeForm) -> Result:
    """Return the result of a valid form.

    Raises:
        ExperimentError: the figures cannot be tested; ``field`` says where it lies.
    """
    levels, weekly = form.levels(), form.people_per_week()
    subject = subject_of(form, levels)
    made = experiment.plan_of(subject.forms, levels, weekly)
    length = experiment.length_of(made, form.guardrails(), levels, weekly)
    own = form.cleaned_data["own"]
    figure = subject.judged(own) if own else None
    wait = form.cleaned_data["wait"]
    tables = [forms_table(subject, made), looks_table(form, levels, length)]
    if form.guardrails():
        tables.insert(1, guardrail_table(form, made, length, levels))
    if weekly is not None:
        tables.insert(1, seen_table(subject, weekly, wait, length))
    return Result(
        sentence=_sentence(subject, made, length, levels, weekly),
        figures=_figures(made, length, levels, subject),
        figure=figure_words(figure, made, subject) if figure else None,
        notes=[*subject.notes, *_notes(form, made, length, levels, weekly)],
        tables=tables,
        chart=_chart(subject, made, figure, levels),
    )


def subject_of(form: SizeForm, levels: Levels) -> Subject:
    """Return what a form tests."""
    if isinstance(form, RatesForm):
        return _rates(form, levels)
    if isinstance(form, RatioForm):
        return _ratio(form, levels)
    assert isinstance(form, MeansForm)  # noqa: S101 (there is no fourth)
    return _means(form, levels)


def _rates(form: RatesForm, levels: Levels) -> Subject:
    p, q = form.cleaned_data["baseline"], form.cleaned_data["target"]
    name = form.cleaned_data["metric"] or "the rate"
    forms = experiment.forms_of(p, q, levels)

    def seen(weekly: float, weeks: Sequence[int]) -> list[Row]:
        found = experiment.seen_rates(p, weekly, weeks, levels, fall=q < p)
        way = "fall" if q < p else "rise"
        return [
            (
                weeks_words(week),
                f"{n:,}",
                *(_rate_words(p, rate) if rate else (f"no {way}", "–", "–")),
            )
            for week, n, rate in found
        ]

    def curve(n: int) -> float:
        exact = forms[0].people <= EXACT_CURVE
        return true_power(p, q, n, levels) if exact else approximate_power(p, q, n, levels)

    note = (
        f"Today’s rate was read as {percent(p)}. If you meant {percent(p * 100)}, write"
        f" “{percent(p * 100)}”."
        if p < 0.01 and "%" not in form.typed("baseline")
        else ""
    )
    return Subject(
        f"To see {name} {_moves(q - p)} from {percent(p)} to {percent(q)}",
        forms,
        lambda n: true_power(p, q, n, levels),
        curve,
        lambda n: experiment.judge_rates(n, p, q, forms, levels),
        seen,
        seen_columns=("Points", "Relative", "To the rate"),
        notes=(note,) if note else (),
    )


def _means(form: MeansForm, levels: Levels) -> Subject:
    data = form.cleaned_data
    name, unit = data["metric"] or "the mean", f" {data['unit']}" if data["unit"] else ""
    sd, difference = data["sd"], data["difference"]
    forms = experiment.mean_forms(sd, difference, levels)

    def power_of(n: int) -> float:
        return experiment.student_power(sd, difference, n, levels)

    base = f" from {plain(data['mean'])}{unit}" if data["mean"] is not None else ""
    return Subject(
        f"To see {name} {_moves(difference)} by {_amount(abs(difference), unit)}{base}",
        forms,
        power_of,
        lambda n: experiment.mean_power(sd, difference, n, levels),
        lambda n: experiment.judge(n, forms, levels, power_of),
        _seen_means(sd, levels, unit, data["mean"]),
        notes=(
            "The test of means trusts that the mean of each arm is close to normal. With a few"
            " very large values it is not: cap them, and say so before the data.",
        ),
    )


def _ratio(form: RatioForm, levels: Levels) -> Subject:
    name, difference = form.cleaned_data["metric"] or "the ratio", form.cleaned_data["difference"]
    ratio = form.ratio()
    forms = experiment.ratio_forms(ratio, difference, levels)
    sd = math.sqrt(ratio.variance)

    def power_of(n: int) -> float:
        return experiment.mean_power(sd, difference, n, levels)

    change = percent(abs(difference) / ratio.value)
    return Subject(
        f"To see {name} {_moves(difference)} by {plain(abs(difference))} ({change} of today’s"
        f" {plain(ratio.value)})",
        forms,
        power_of,
        power_of,
        lambda n: experiment.judge(n, forms, levels, power_of),
        _seen_means(sd, levels, "", ratio.value),
        is_exact=False,
        notes=tuple(_ratio_notes(ratio, forms)),
    )


def _ratio_notes(ratio: experiment.Ratio, forms: Sequence[Form]) -> list[str]:
    notes = [
        f"By the delta method the ratio varies by {plain(ratio.variance)} per person (variance)."
        " It is the ratio of two totals; the mean of people’s own ratios is another metric."
    ]
    if len(forms) > 1 and forms[0].per_arm > MUCH * forms[1].per_arm:
        times = plain(forms[0].per_arm / forms[1].per_arm, 2)
        notes.append(
            "People are put into arms, so people are what is counted. Whoever takes each unit of"
            f" the denominator for a person of its own asks for {times} times too few and has a"
            f" true power of {share(forms[1].power)}."
        )
    return notes


def _seen_means(
    sd: float, levels: Levels, unit: str, mean: float | None
) -> Callable[[float, Sequence[int]], list[Row]]:
    def seen(weekly: float, weeks: Sequence[int]) -> list[Row]:
        return [
            (weeks_words(week), f"{n:,}", *_difference_words(difference, unit, mean))
            for week, n, difference in experiment.seen_means(sd, weekly, weeks, levels)
        ]

    return seen


def _difference_words(difference: float | None, unit: str, mean: float | None) -> Row:
    if difference is None:
        return "nothing", "–"
    of_mean = _short(difference / abs(mean)) if mean else "–"
    return f"{plain(difference, 3)}{unit}", of_mean


def _rate_words(p: float, q: float) -> Row:
    sign = "+" if q > p else "−"
    relative = f"{sign}{plain(abs(q / p - 1) * 100, 2)} %"
    return f"{sign}{plain(abs(q - p) * 100, 3)}", relative, _short(q)


def _short(rate: float) -> str:
    return f"{plain(rate * 100, 3)} %"


def _sentence(
    subject: Subject, made: Plan, length: Length, levels: Levels, weekly: float | None
) -> str:
    """Return the result as one sentence that can stand in an answer."""
    sides = "two-sided" if levels.sides == 2 else "one-sided"
    level = percent(levels.alpha)
    if levels.arms > 2:
        level += (
            f" divided among {levels.comparisons} comparisons"
            if levels.divided
            else f" for each of {levels.comparisons} comparisons"
        )
    power = "exact" if subject.is_exact else "true"
    said = (
        f"{subject.sentence}, a {sides} test at {level} with {percent(levels.power)} power needs"
        f" {made.per_arm:,} people per arm ({power} power {share(made.power)}),"
        f" {made.total:,} in total"
    )
    if made.weeks is not None and weekly is not None:
        said += f": {weeks_words(made.weeks)} at {plain(weekly)} new people a week"
    if length.decided_by:
        said += f"; the guardrail {length.decided_by} needs {length.per_arm:,} per arm"
        said += f" and so {weeks_words(length.weeks)}" if length.weeks else ""
    return f"{said}."


def _figures(made: Plan, length: Length, levels: Levels, subject: Subject) -> list[tuple[str, str]]:
    figures = [
        ("people per arm", f"{made.per_arm:,}"),
        (f"people in {levels.arms} arms", f"{made.total:,}"),
        ("exact power" if subject.is_exact else "power", share(made.power)),
    ]
    if length.weeks is not None:
        days = f"whole week{'' if length.weeks == 1 else 's'}, {7 * length.weeks:,} days"
        figures.append((days, f"{length.weeks:,}"))
    return figures


def figure_words(figure: OwnFigure, made: Plan, subject: Subject) -> dict[str, str]:
    """Say which form a brought figure is and what its true power is; never that it is wrong."""
    kind = "exact" if subject.is_exact else "true"
    if figure.kind == "same":
        return {
            "kind": "good",
            "label": "The same form",
            "text": f"{figure.people:,} per arm is this form’s size; its {kind} power is"
            f" {share(figure.power)}.",
        }
    if figure.kind == "other" or figure.per_arm != figure.people:
        return _other_words(figure, made)
    form = figure.label[:1].upper() + figure.label[1:]
    return {
        "kind": "info",
        "label": form,
        "text": f"With {figure.people:,} per arm the true power is {share(figure.power)};"
        f" {made.per_arm:,} bring it to {share(made.power)}. {_verdict(figure.power, made.power)}",
    }


def _other_words(figure: OwnFigure, made: Plan) -> dict[str, str]:
    if figure.kind == "other":
        return {
            "kind": "info",
            "label": "None of the published forms",
            "text": f"With {figure.people:,} per arm the true power is {share(figure.power)}; the"
            f" plan here has {made.per_arm:,} and {share(made.power)}."
            " Look whether the levels or the sides differ.",
        }
    return {
        "kind": "info",
        "label": figure.label[:1].upper() + figure.label[1:],
        "text": f"{figure.people:,} altogether is {figure.per_arm:,} per arm, as here. As people"
        f" per arm it would have a true power of {share(figure.power)}.",
    }


def _verdict(power: float, wanted: float) -> str:
    gap = (wanted - power) * 100
    if abs(gap) < 0.5:
        return "That makes no difference in practice."
    return (
        "Both can be defended; say which one you take."
        if gap < 5
        else "Say which chance of missing the change you accept."
    )


def _notes(
    form: SizeForm, made: Plan, length: Length, levels: Levels, weekly: float | None
) -> list[str]:
    notes = []
    if weekly is not None and length.per_arm * levels.arms < weekly:
        days = math.ceil(7 * length.per_arm * levels.arms / weekly)
        notes.append(
            f"Enough people come within {days} day{'' if days == 1 else 's'}. Run the whole week"
            " all the same: people of a Sunday differ from people of a Monday."
        )
    if length.weeks is not None and length.weeks > LONG_WEEKS:
        notes.append(
            f"Over {LONG_WEEKS} weeks people lose their cookies and the product changes under the"
            " test. Look for a larger change, a metric nearer to what you change, or fewer arms."
        )
    if levels.arms > 2 and not levels.divided:
        chance = 1 - (1 - levels.alpha) ** levels.comparisons
        notes.append(
            f"With {levels.comparisons} comparisons at {percent(levels.alpha)} each, a test in"
            f" which nothing works shows a winner in up to {share(chance)} of cases."
        )
    if levels.sides == 1:
        notes.append(
            "One-sided: the test cannot show that the change does harm. Choose it only if you"
            " would do the same after “no effect” and after “harm”."
        )
    return notes


def _chart(
    subject: Subject, made: Plan, figure: OwnFigure | None, levels: Levels
) -> dict[str, Any]:
    """Return the parameters of components/chart_figure.html."""
    top = max(
        2 * made.per_arm,
        1.2 * figure.people if figure and figure.people < 5 * made.per_arm else 0,
        20,
    )
    sizes = sorted({max(2, round(top * i / CURVE_POINTS)) for i in range(1, CURVE_POINTS + 1)})
    curve = [(float(n), subject.curve_of(n)) for n in sizes]
    spots = [Spot(made.per_arm, made.power, f"{made.per_arm:,}: {share(made.power)}")]
    if figure and figure.kind != "same" and figure.people <= top:
        words = f"{figure.people:,}: {share(figure.power)}"
        spots.append(Spot(figure.people, figure.power, words, main=False))
    half = max(2, made.per_arm // 2)
    twice = subject.curve_of(2 * made.per_arm)
    answer = (
        f"{made.per_arm:,} per arm reach {share(made.power)}; half of them reach only"
        f" {share(subject.curve_of(half))}, and twice as many {share(twice)}."
    )
    if len(spots) > 1:
        answer += f" The diamond is your {spots[1].x:,.0f}."
    rows = [[f"{int(n):,}", share(power)] for n, power in curve[1::3]]
    return {
        "title": "How does the power grow with the people?",
        "answer": answer,
        "svg": power_svg(curve, levels.power, spots, answer),
        "table": {
            "caption": "Power by people per arm",
            "columns": ["People per arm", "Power"],
            "rows": rows,
        },
    }


def _amount(value: float, unit: str) -> str:
    """Return a value with its unit: "1 minute", "2 minutes", "3"."""
    one = value == 1 and unit.endswith("s") and not unit.endswith("ss")
    return plain(value) + (unit[:-1] if one else unit)


def _moves(difference: float) -> str:
    return "rise" if difference > 0 else "fall"
