"""The forms of "Size a test": one for a rate, one for a mean, one for a ratio."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms

from metrics_lab.engine.experiment import ExperimentError, Guardrail, Levels, Ratio
from metrics_lab.engine.experiment.guardrails import MOST_GUARDRAILS
from metrics_lab.engine.experiment.looks import MOST_LOOKS
from metrics_lab.engine.wording import percent, plain
from metrics_lab.forms.fields import ChangeField, NumberField, TrialForm, WordsField

LARGEST = 1e12
ROWS = 5
PER = {"day": 7.0, "week": 1.0, "month": 7 / 30}
"""What a figure per day, week or month is multiplied with to be per week."""
PARTS = ("name", "kind", "level", "margin")
MORE = ("alpha", "power", "sides", "arms", "divided", "share", "wait", "looks")
"""Fields that stand folded, for they have usual values."""

assert ROWS <= MOST_GUARDRAILS  # noqa: S101 (one constant against another)


class SizeForm(TrialForm):
    """What every kind of test has: traffic, one's own figure, settings, guardrails."""

    kind = ""
    defaults = {
        "per": "week",
        "alpha": "5 %",
        "power": "80 %",
        "sides": "2",
        "arms": "2",
        "divided": "yes",
        "share": "100 %",
        **{f"g{row}_kind": "rate" for row in range(1, ROWS + 1)},
    }

    metric = WordsField(label="What you measure", help_text="As it stands in your answer.")
    traffic = NumberField(
        label="New people",
        least=1e-6,
        most=LARGEST,
        required=False,
        help_text="Who could enter the test. People who come back count once.",
    )
    per = forms.ChoiceField(
        label="per", choices=[("day", "day"), ("week", "week"), ("month", "month")], required=False
    )
    own = NumberField(
        label="My own figure",
        least=2,
        most=LARGEST,
        whole=True,
        required=False,
        help_text="People per arm from another calculator or from your answer: the lab says which"
        " form it is and what its true power is.",
    )
    alpha = NumberField(
        label="Error level",
        least=0.01,
        most=50,
        share=True,
        default=0.05,
        required=False,
        help_text="How often a change that does nothing may look like one.",
    )
    power = NumberField(
        label="Power",
        least=1,
        most=99.9,
        share=True,
        default=0.8,
        required=False,
        help_text="How often a change of this size is to be seen.",
    )
    sides = forms.ChoiceField(
        label="Sides",
        choices=[("2", "Two: better or worse"), ("1", "One: in the direction of the change")],
        required=False,
    )
    arms = NumberField(
        label="Arms",
        least=2,
        most=20,
        whole=True,
        default=2,
        required=False,
        help_text="The control and its variants.",
    )
    divided = forms.ChoiceField(
        label="With several variants",
        choices=[("yes", "divide the error level among them"), ("no", "keep it for each")],
        required=False,
    )
    share = NumberField(
        label="Share of the traffic in the test",
        least=0.01,
        most=100,
        share=True,
        default=1.0,
        required=False,
    )
    wait = NumberField(
        label="Weeks you can wait",
        least=1,
        most=520,
        whole=True,
        required=False,
        help_text="Shows the smallest change that this time lets you see.",
    )
    looks = NumberField(
        label="Looks before the end",
        least=1,
        most=MOST_LOOKS,
        whole=True,
        required=False,
        help_text="How often you mean to look at the result, the last look included.",
    )

    def levels(self) -> Levels:
        """Return the settings; call after is_valid()."""
        return self._levels(self.cleaned_data)

    def people_per_week(self) -> float | None:
        """Return new people a week in all arms together; None where no traffic is given."""
        traffic = self.cleaned_data["traffic"]
        if traffic is None:
            return None
        weekly: float = traffic * PER[self.cleaned_data["per"] or "week"]
        return weekly * float(self.cleaned_data["share"])

    def guardrails(self) -> tuple[Guardrail, ...]:
        """Return the guardrails that are filled in; call after is_valid()."""
        found = (self._guardrail(row, self.cleaned_data) for row in range(1, ROWS + 1))
        return tuple(item for item in found if item is not None)

    def clean(self) -> dict[str, Any]:
        """Check the settings together, and each guardrail's row."""
        data = super().clean() or {}
        if not {"alpha", "power", "arms", "sides", "divided"} & set(self.errors):
            try:
                self._levels(data)
            except ExperimentError as error:
                self.add_error(error.field or None, str(error))
        for row in range(1, ROWS + 1):
            self._guardrail(row, data)
        return data

    def rows(self) -> list[dict[str, Any]]:
        """Return the rows of guardrails to show: the filled ones, those with errors, one more."""
        last = max((row for row in range(1, ROWS + 1) if self._is_filled(row)), default=0)
        shown = range(1, min(ROWS, last + 1) + 1)
        return [{part: self[f"g{row}_{part}"] for part in PARTS} | {"no": row} for row in shown]

    def hidden_rows(self) -> list[Any]:
        """Return the fields of rows that are not shown."""
        first = len(self.rows()) + 1
        return [self[f"g{row}_{part}"] for row in range(first, ROWS + 1) for part in PARTS]

    @property
    def more_is_open(self) -> bool:
        """Whether a folded setting differs from its usual value or has an error."""
        return any(
            name in self.errors or self.typed(name) != self.defaults.get(name, "") for name in MORE
        )

    @property
    def guardrails_are_open(self) -> bool:
        """Whether any guardrail is filled in or has an error."""
        return any(self._is_filled(row) for row in range(1, ROWS + 1))

    def _is_filled(self, row: int) -> bool:
        names = [f"g{row}_{part}" for part in PARTS]
        return any(
            self.typed(name) if not name.endswith("_kind") else name in self.errors
            for name in names
        )

    def _levels(self, data: dict[str, Any]) -> Levels:
        return Levels(
            data["alpha"],
            data["power"],
            int(data["sides"] or 2),
            data["arms"],
            data["divided"] != "no",
        )

    def _guardrail(self, row: int, data: dict[str, Any]) -> Guardrail | None:
        """Return one row's guardrail; name what is missing or out of range at its field."""
        name, level, margin = (data.get(f"g{row}_{part}") for part in ("name", "level", "margin"))
        at = {part: f"g{row}_{part}" for part in PARTS}
        if any(field in self.errors for field in at.values()):
            return None
        if level is None and margin is None and not name:
            return None
        if level is None or margin is None:
            missing = "level" if level is None else "margin"
            self.add_error(at[missing], "A guardrail needs its level and its margin.")
            return None
        label = name or f"guardrail {row}"
        is_mean = data.get(at["kind"]) == "mean"
        if not is_mean and not level < 100:
            self.add_error(at["level"], "A rate lies between 0 and 100 %.")
            return None
        found = (
            Guardrail(label, margin, sd=level)
            if is_mean
            else Guardrail(label, margin / 100, baseline=level / 100)
        )
        if not found.is_testable:
            self.add_error(at["margin"], "No test is large enough for so narrow a margin.")
            return None
        return found


for _row in range(1, ROWS + 1):
    SizeForm.base_fields |= {
        f"g{_row}_name": WordsField(label="Metric"),
        f"g{_row}_kind": forms.ChoiceField(
            label="It is", choices=[("rate", "a rate, %"), ("mean", "a mean")], required=False
        ),
        f"g{_row}_level": ChangeField(
            label="Rate, or s. d.", least=1e-6, most=LARGEST, required=False
        ),
        f"g{_row}_margin": ChangeField(
            label="Margin",
            least=1e-6,
            most=LARGEST,
            required=False,
        ),
    }


class RatesForm(SizeForm):
    """A test of a rate: its baseline and the rate one hopes for."""

    kind = "rates"
    needed = ("baseline", "change", "change_as")
    example = {
        "metric": "visitors who put something in the cart",
        "baseline": "20",
        "change": "5",
        "change_as": "points",
        "traffic": "1000",
    }

    baseline = NumberField(label="Rate today", least=1e-4, most=99.9999, share=True)
    change = ChangeField(label="Smallest change", least=-1e6, most=1e6)
    change_as = forms.ChoiceField(
        label="It is in",
        required=False,
        choices=[
            ("", "choose"),
            ("points", "percentage points"),
            ("relative", "% of today’s rate"),
            ("target", "% as the new rate"),
        ],
    )

    def clean(self) -> dict[str, Any]:
        """Find the rate that is hoped for; ask where the change has two readings."""
        data = super().clean()
        if {"baseline", "change", "change_as"} & set(self.errors):
            return data
        p, change, how = data["baseline"], data["change"], data["change_as"]
        ends = {"points": p + change / 100, "relative": p * (1 + change / 100)}
        q = {**ends, "target": change / 100}.get(how)
        if q is None:
            self.add_error("change_as", _question(p, change, ends))
        elif not 0 <= q <= 1:
            self.add_error("change", f"That leads to {percent(q)}; a rate ends at 0 and 100 %.")
        elif abs(q - p) < 1e-9:
            self.add_error("change", "That leaves the rate as it is. Name a change worth seeing.")
        else:
            data["target"] = q
        return data


def _question(p: float, change: float, ends: dict[str, float]) -> str:
    """Ask what a change means, with what either reading leads to."""
    to = {how: f"{percent(p)} to {percent(q)}" for how, q in ends.items() if 0 <= q <= 1}
    size = plain(change)
    readings = [
        f"{size} points ({to['points']})" if "points" in to else "",
        f"{size} % of today’s rate ({to['relative']})" if "relative" in to else "",
    ]
    known = [reading for reading in readings if reading]
    if not known:
        return "Say what this number is: points, percent of today’s rate, or the new rate."
    return f"Do you mean {', or '.join(known)}, or the new rate? The sizes differ: choose."


class MeansForm(SizeForm):
    """A test of a mean: its standard deviation over people and the difference one hopes for."""

    kind = "means"
    needed = ("sd", "change", "change_as")
    example = {
        "metric": "minutes watched per person and day",
        "unit": "minutes",
        "mean": "32",
        "sd": "41",
        "change": "1",
        "change_as": "unit",
        "traffic": "20000",
    }

    unit = WordsField(label="Unit")
    mean = NumberField(label="Mean today", least=-LARGEST, most=LARGEST, required=False)
    sd = NumberField(
        label="Standard deviation over people",
        least=1e-9,
        most=LARGEST,
        help_text="STDDEV_SAMP over one row a person. Spending has a long tail: it is often two or"
        " three times the mean.",
    )
    change = ChangeField(label="Smallest change", least=-LARGEST, most=LARGEST)
    change_as = forms.ChoiceField(
        label="It is in",
        required=False,
        choices=[
            ("", "choose"),
            ("unit", "the metric’s unit"),
            ("relative", "% of today’s mean"),
        ],
    )

    def clean(self) -> dict[str, Any]:
        """Find the difference in the metric's own unit; ask where it has two readings."""
        data = super().clean()
        if {"mean", "sd", "change", "change_as"} & set(self.errors):
            return data
        change, how, mean = data["change"], data["change_as"], data["mean"]
        if not how:
            self.add_error("change_as", _unit_question(change, mean, data.get("unit") or ""))
        elif how == "relative" and not mean:
            self.add_error("mean", "Percent of what? Write today’s mean.")
        else:
            _keep_difference(self, change if how == "unit" else mean * change / 100)
        return data


class RatioForm(SizeForm):
    """A test of a ratio of two totals, from the summary of a table with one row a person."""

    kind = "ratio"
    needed = (
        "mean_top",
        "variance_top",
        "mean_bottom",
        "variance_bottom",
        "covariance",
        "change",
        "change_as",
    )
    example = {
        "metric": "clicks per view",
        "mean_top": "0.8",
        "variance_top": "3.2",
        "mean_bottom": "16",
        "variance_bottom": "400",
        "covariance": "24",
        "change": "5",
        "change_as": "relative",
        "traffic": "20000",
    }

    mean_top = NumberField(
        label="Numerator, mean per person", least=1e-9, most=LARGEST, help_text="AVG(clicks)"
    )
    variance_top = NumberField(
        label="Numerator, variance", least=0, most=LARGEST, help_text="VAR_SAMP(clicks)"
    )
    mean_bottom = NumberField(
        label="Denominator, mean per person", least=1e-9, most=LARGEST, help_text="AVG(views)"
    )
    variance_bottom = NumberField(
        label="Denominator, variance", least=0, most=LARGEST, help_text="VAR_SAMP(views)"
    )
    covariance = NumberField(
        label="Covariance of the two",
        least=-LARGEST,
        most=LARGEST,
        help_text="COVAR_SAMP(clicks, views)",
    )
    change = ChangeField(label="Smallest change", least=-LARGEST, most=LARGEST)
    change_as = forms.ChoiceField(
        label="It is in",
        required=False,
        choices=[
            ("", "choose"),
            ("relative", "% of today’s ratio"),
            ("points", "percentage points"),
            ("unit", "the ratio’s unit"),
        ],
    )

    def ratio(self) -> Ratio:
        """Return the ratio; call after is_valid()."""
        ratio: Ratio = self.cleaned_data["ratio"]
        return ratio

    def clean(self) -> dict[str, Any]:
        """Check the figures against each other, and find the difference in the ratio's unit."""
        data = super().clean()
        figures = self.needed[:5]
        if set(figures) & set(self.errors):
            return data
        try:
            data["ratio"] = Ratio(*(data[name] for name in figures))
        except ExperimentError as error:
            self.add_error(error.field, str(error))
            return data
        if {"change", "change_as"} & set(self.errors):
            return data
        change, value = data["change"], data["ratio"].value
        sizes = {"relative": value * change / 100, "points": change / 100, "unit": change}
        if data["change_as"]:
            _keep_difference(self, sizes[data["change_as"]])
        else:
            size = plain(change)
            self.add_error(
                "change_as",
                f"Do you mean {size} % of today’s ratio ({plain(value)}), {size} points, or"
                f" {size} itself? The sizes differ: choose.",
            )
        return data


def _unit_question(change: float, mean: float | None, unit: str) -> str:
    size, of = plain(change), unit or "in the metric’s own unit"
    worth = f" ({plain(mean * change / 100)} {unit})".replace(" )", ")") if mean else ""
    return f"Do you mean {size} {of}, or {size} % of today’s mean{worth}? The sizes differ: choose."


def _keep_difference(form: SizeForm, difference: float) -> None:
    if difference == 0:
        form.add_error("change", "That changes nothing. Which change is worth seeing?")
    else:
        form.cleaned_data["difference"] = difference


FORMS: dict[str, type[SizeForm]] = {form.kind: form for form in (RatesForm, MeansForm, RatioForm)}

CHANGES = ("change", "change_as")
"""Fields of one name that mean something else in each kind: 5 points of a rate are no minutes."""
LONGEST_KEPT = 200


def kept_for_others(sent: Mapping[str, str], kind: str) -> dict[str, str]:
    """Return what was typed for the other kinds, by the names under which a form carries it."""
    own = FORMS[kind].base_fields
    names = {n: None for form in FORMS.values() for n in form.base_fields if n not in own}
    aside = (f"{other}_{name}" for other in FORMS if other != kind for name in CHANGES)
    return {name: sent[name][:LONGEST_KEPT] for name in (*names, *aside) if sent.get(name)}


def switched(sent: Mapping[str, str], kind: str, to: str) -> dict[str, str]:
    """Return the parameters with which another kind is shown, nothing typed lost.

    What both kinds have goes along; the change goes aside with its kind and comes back with it.
    An example that nobody touched stays behind.
    """
    kept = kept_for_others(sent, kind)
    if to == kind or (not kept and _is_untouched(sent, kind)):
        return {"kind": to}
    own = {n: sent[n] for n in FORMS[kind].base_fields if sent.get(n)}
    moved = {"kind": to, **kept, **{n: v for n, v in own.items() if n not in CHANGES}}
    moved |= {f"{kind}_{name}": own[name] for name in CHANGES if name in own}
    for name in CHANGES:
        moved[name] = moved.pop(f"{to}_{name}", "") or _readable(name, own.get(name, ""), to)
    return {name: value for name, value in moved.items() if value}


def _is_untouched(sent: Mapping[str, str], kind: str) -> bool:
    """Say whether a form was sent as its example stands."""
    form = FORMS[kind]
    shown = {**form.defaults, **form.example}
    return all(sent[n] == shown.get(n, "") for n in form.base_fields if n in sent)


def _readable(name: str, value: str, to: str) -> str:
    """Return a value that the other kind has too, else nothing."""
    field = FORMS[to].base_fields[name]
    if isinstance(field, forms.ChoiceField) and not field.valid_value(value):
        return ""
    return value
