"""A metric's calculator: what was typed in each field, the result with its working, what is wrong.

The result can be asked for the other way round: `want` is a result, and each input that the
formula can be solved for says what it would have to be.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode

from metrics_lab.engine.catalogue import working
from metrics_lab.engine.catalogue.metrics import Input, InputError, Metric, caution, compute_metric
from metrics_lab.engine.wording import plain
from metrics_lab.forms.numbers import read_number
from metrics_lab.presentation.metrics import (
    capital,
    input_range,
    input_words,
    result_words,
    unit_note,
    unit_words,
)

KEPT = 80
WANT = "want"
NO_NUMBER = "Write a number, such as 2000, 0.02 or 2 %."


@dataclass
class Field:
    """One field as it stands: what was typed, the number it is, and what is wrong with it."""

    name: str
    label: str
    unit: str
    value: str
    number: float | None
    error: str = ""


@dataclass(frozen=True)
class Line:
    """One line of the working."""

    formula: str
    numbers: str
    value: str


@dataclass(frozen=True)
class Way:
    """One way to a wanted result: the input, what it is now, what it would have to be."""

    label: str
    now: str
    then: str
    change: str
    formula: str
    problem: str


@dataclass
class Calculation:
    """What a metric's page shows of its calculator."""

    fields: list[Field]
    want: Field
    turnable: bool
    result: str = ""
    caution: str = ""
    problem: str = ""
    note: str = ""
    lines: list[Line] = field(default_factory=list)
    ways: list[Way] = field(default_factory=list)
    wanted: str = ""
    sentence: str = ""
    is_example: bool = False
    query: str = ""

    @property
    def is_wrong(self) -> bool:
        """Say whether anything that was typed cannot be computed with."""
        return bool(self.problem or self.want.error or any(each.error for each in self.fields))


def calculate(metric: Metric, typed: Mapping[str, str]) -> Calculation:
    """Return the calculator as typed; a field that was not sent holds the metric's example."""
    example = metric.examples[0]["inputs"] if metric.examples else {}
    fields = [_field(item, typed, f"{example.get(item.symbol, '')}") for item in metric.inputs]
    found = Calculation(fields, _want(metric, typed), bool(working.can_be_turned(metric)))
    found.is_example = not any(item.symbol in typed for item in metric.inputs)
    found.note = unit_note(metric)
    values = {each.name: each.number for each in fields if each.number is not None}
    if len(values) < len(fields):
        return found
    try:
        _compute(found, metric, values)
    except InputError as error:
        at = next((each for each in fields if each.name == error.symbol), None)
        if at is None:
            found.problem = capital(str(error))
        else:
            at.error = capital(str(error))
    return found


def _compute(found: Calculation, metric: Metric, values: Mapping[str, float]) -> None:
    value, steps = compute_metric(metric, values), working.steps(metric, values)
    found.result, found.caution = result_words(value, metric.unit), caution(metric, value)
    found.lines = [_line(step, metric, last=step is steps[-1]) for step in steps]
    found.query = urlencode({each.name: each.value for each in found.fields})
    found.sentence = _sentence(metric, values, found.result)
    if found.want.number is not None and not found.want.error:
        wanted = found.want.number
        found.wanted = result_words(wanted, metric.unit)
        turned = working.turned_round(metric, values, wanted)
        found.ways = [_way(each, metric, values) for each in turned]


def _field(item: Input, typed: Mapping[str, str], example: str) -> Field:
    """Return one field: as typed, or the example where nothing was; an emptied one stays so."""
    text = typed.get(item.symbol, example).strip()
    number = read_share(text)
    said = f"{unit_words(item.unit, a_share=item.most == 1)}, {input_range(item)}"
    label, error = capital(item.label), "" if number is not None else NO_NUMBER
    return Field(item.symbol, label, said, text[:KEPT], number, error)


def _want(metric: Metric, typed: Mapping[str, str]) -> Field:
    text = typed.get(WANT, "").strip()
    number = read_share(text)
    error = NO_NUMBER if text and number is None else ""
    if number is not None and not error:
        error = caution(metric, number)
    return Field(WANT, "Result wanted", unit_words(metric.unit), text[:KEPT], number, error)


def read_share(text: str) -> float | None:
    """Return a number as typed; "2 %" is 0.02."""
    number = read_number(text)
    return number / 100 if number is not None and "%" in text else number


def _line(step: working.Step, metric: Metric, last: bool) -> Line:
    value = result_words(step.value, metric.unit) if last else _between(step.value)
    return Line(metric.name if step.formula == metric.id else step.formula, step.numbers, value)


def _between(value: float) -> str:
    """Return a value on the way to a result: a fraction stays to be seen, as in 1,093.7."""
    return f"{value:,.1f}" if 1000 <= abs(value) < 1e6 and value % 1 else plain(value)


def _way(turned: working.Turned, metric: Metric, values: Mapping[str, float]) -> Way:
    item = next(each for each in metric.inputs if each.symbol == turned.symbol)
    now, then, change = values[item.symbol], "", ""
    if turned.value is not None:
        then = input_words(item, turned.value)
        if now and turned.value != now:
            change = f"{plain(turned.value / now, 3)} times as much"
    return Way(
        capital(item.label), input_words(item, now), then, change, turned.formula, turned.problem
    )


def _sentence(metric: Metric, values: Mapping[str, float], result: str) -> str:
    """Return the calculation as one sentence for an answer."""
    parts = [
        f"{item.label} {input_words(item, values[item.symbol])}"
        for item in metric.inputs
        if item.symbol != metric.id
    ]
    if not parts:
        return f"{metric.name}: {result}."
    return f"{metric.name} is {result}, from {', '.join(parts)}."
