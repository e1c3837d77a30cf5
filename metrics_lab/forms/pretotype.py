"""The form of "Pretotype": a hypothesis with a number, its test, a rule, and then the data."""

from __future__ import annotations

from typing import Any

from django import forms

from metrics_lab.engine.pretotype.kinds import DOUBTS, KINDS, LEVELS
from metrics_lab.engine.pretotype.rule import (
    MOST_COUNTED,
    Interval,
    PretotypeError,
    Rule,
    SmallestTest,
    clopper_pearson,
    smallest_test,
)
from metrics_lab.forms.fields import NumberField, TrialForm, WordsField

RULE = ("rule_people", "rule_go", "rule_stop")
DATA = ("people", "did")


def _count(label: str, least: int = 0, **kwargs: Any) -> NumberField:
    return NumberField(
        label=label, least=least, most=MOST_COUNTED, whole=True, required=False, **kwargs
    )


class PretotypeForm(TrialForm):
    """Everything about one pretotype; the rule may stand without data, the data without a rule."""

    needed = ("x", "y", "z", "poor")
    defaults = {"alpha": "5 %", "power": "80 %", "source": "own"}
    example = {
        "x": "15",
        "y": "visitors who open one of 20 chosen product pages",
        "z": "put the product in the cart on that visit",
        "poor": "10",
        "doubt": "want",
        "kind": "fake_door",
    }

    x = NumberField(label="X, in percent", least=0.001, most=100, share=True)
    y = WordsField(label="Y: who", required=True)
    z = WordsField(label="Z: what they do", required=True)
    poor = NumberField(
        label="Not worth it at",
        least=0,
        most=99.999,
        share=True,
        help_text="The rate at which you would drop the idea. The test tells X from this.",
    )
    doubt = forms.ChoiceField(
        label="What you doubt",
        choices=[("", "choose"), *DOUBTS.items()],
        required=False,
    )
    kind = forms.ChoiceField(
        label="Kind",
        choices=[("", "choose"), *((kind.id, kind.name) for kind in KINDS)],
        required=False,
    )
    evidence = forms.ChoiceField(
        label="People give",
        choices=[("", "choose"), *((str(at.level), f"{at.level}: {at.name}") for at in LEVELS)],
        required=False,
    )
    rule_people = _count("People to ask", 1)
    rule_go = _count("Go on at, or more", 1)
    rule_stop = _count(
        "Stop below", help_text="Leave it empty to stop at everything below “go on”."
    )
    people = _count("People asked", 1)
    did = _count("Of them did Z")
    source = forms.ChoiceField(
        label="Whose data",
        choices=[("own", "my own, from this test"), ("others", "other people’s")],
        required=False,
    )
    source_text = WordsField(label="Where they come from")
    hours = NumberField(label="Hours to data", least=0.01, most=1e6, required=False)
    cost = NumberField(label="Cost, in $", least=0, most=1e9, required=False)
    alpha = NumberField(
        label="Chance to go on for nothing",
        least=0.01,
        most=49,
        share=True,
        default=0.05,
        required=False,
        help_text="At the rate that is not worth it.",
    )
    power = NumberField(
        label="Chance to go on if X holds",
        least=50,
        most=99.9,
        share=True,
        default=0.8,
        required=False,
    )
    seal = forms.CharField(required=False, widget=forms.HiddenInput)

    @property
    def test(self) -> SmallestTest:
        """The smallest exact test; call after is_valid()."""
        found: SmallestTest = self.cleaned_data["test"]
        return found

    @property
    def rule(self) -> Rule | None:
        """The rule that is stated; call after is_valid()."""
        return self.cleaned_data.get("rule")

    @property
    def interval(self) -> Interval | None:
        """The counted share with its interval; call after is_valid()."""
        return self.cleaned_data.get("interval")

    @property
    def rule_is_open(self) -> bool:
        """Whether the data's part of the form is shown unfolded."""
        return any(self.typed(name) or name in self.errors for name in (*RULE, *DATA))

    @property
    def more_is_open(self) -> bool:
        """Whether a folded setting differs from its usual value or has an error."""
        return any(
            name in self.errors or self.typed(name) != self.defaults[name]
            for name in ("alpha", "power")
        )

    def clean(self) -> dict[str, Any]:
        """Size the test, and check the rule and the data."""
        data = super().clean() or {}
        self._size(data)
        self._read_rule(data)
        self._read_data(data)
        return data

    def _size(self, data: dict[str, Any]) -> None:
        if {"x", "poor", "alpha", "power"} & set(self.errors):
            return
        try:
            data["test"] = smallest_test(data["x"], data["poor"], data["alpha"], data["power"])
        except PretotypeError as error:
            self.add_error(error.field, str(error))

    def _read_rule(self, data: dict[str, Any]) -> None:
        if set(RULE) & set(self.errors) or all(data[name] is None for name in RULE):
            return
        for name in RULE[:2]:
            if data[name] is None:
                self.add_error(name, "A rule needs the people to ask and the count to go on at.")
                return
        stop = data["rule_go"] if data["rule_stop"] is None else data["rule_stop"]
        try:
            data["rule"] = Rule(data["rule_people"], data["rule_go"], stop)
        except PretotypeError as error:
            self.add_error(error.field, str(error))

    def _read_data(self, data: dict[str, Any]) -> None:
        if set(DATA) & set(self.errors) or all(data[name] is None for name in DATA):
            return
        for name in DATA:
            if data[name] is None:
                self.add_error(name, "A result needs both: people asked, and how many did it.")
                return
        try:
            data["interval"] = clopper_pearson(data["did"], data["people"])
        except PretotypeError as error:
            self.add_error(error.field, str(error))
