"""Forms of a sheet's parts. Numbers are read as people write them: "2 %", "$30", "10 million"."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, cast

from django import forms

from metrics_lab.engine.expr import MAX_CHARACTERS
from metrics_lab.engine.quantity import is_share as ends_at_one
from metrics_lab.engine.sheet.model import LONGEST, Derived, Input, check_input
from metrics_lab.engine.together import STRONGEST, Together
from metrics_lab.forms.numbers import read_number
from metrics_lab.words import capital, is_share, plain_number

STATUS_CHOICES = (
    ("assumed", "Assumed: your own guess"),
    ("given", "Given: told by somebody"),
    ("measured", "Measured: from data"),
    ("unknown", "Unknown: no value yet"),
)
UNIT_HELP = "Such as visitors / month, USD / order, or share of orders for a percentage."


class NumberField(forms.CharField):
    """A number as people write it, kept as text: whether 2 is 2 % depends on the unit."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=40, required=False, **kwargs)
        self.widget.attrs.update({"inputmode": "text", "autocomplete": "off"})


class InputForm(forms.Form):
    """One input of a sheet."""

    label = forms.CharField(label="Name", max_length=LONGEST["label"])
    unit = forms.CharField(
        label="Unit", max_length=LONGEST["unit"], required=False, help_text=UNIT_HELP
    )
    value = NumberField(label="Value", help_text="One number, such as 10 million, $30 or 2 %.")
    low = NumberField(label="Range from", help_text="The true value lies in it nine times in ten.")
    high = NumberField(label="Range to")
    status = forms.ChoiceField(label="Where it is from", choices=STATUS_CHOICES)
    source = forms.CharField(
        label="Source", max_length=LONGEST["source"], required=False,
        help_text="Who said it, or where you read it.",
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """Read the numbers in the unit that was typed, and what they say of the status."""
        data = super().clean() or {}
        for name in ("value", "low", "high"):
            data[name] = self._number(name, data)
        numbers = [data[name] for name in ("value", "low", "high")]
        if data.get("status") == "unknown" and any(number is not None for number in numbers):
            data["status"] = "assumed"  # with a number typed, it is known by assumption
        return data

    def _number(self, name: str, data: Mapping[str, Any]) -> float | None:
        try:
            return number_in(str(data.get(name) or ""), str(data.get("unit") or ""))
        except ValueError as error:
            self.add_error(name, str(error))
            return None

    def input(self, symbol: str, before: Input | None = None) -> Input:
        """Return the input that was typed; bands and aliases of the one before stay."""
        data = self.cleaned_data
        return Input(
            symbol=symbol,
            label=data["label"].strip(),
            unit=data["unit"].strip(),
            value=data["value"],
            low=data["low"],
            high=data["high"],
            band=_band(before, data),
            status=data["status"],
            source=data["source"].strip(),
            aliases=before.aliases if before else (),
        )


def number_in(text: str, unit: str) -> float | None:
    """Return a number typed for a unit, None for an empty field; a share is typed in percent.

    Raises:
        ValueError: the text is no number, in words for its field.
    """
    if not text.strip():
        return None
    number = read_number(text.strip())
    if number is None:
        raise ValueError("Write a number, such as 2000, 2 % or 10 million.")
    return number / 100 if "%" in text or ends_at_one(unit) else number


def input_initial(item: Input) -> dict[str, Any]:
    """Return an input as it stands in its form."""
    numbers = {name: number_text(item, getattr(item, name)) for name in ("value", "low", "high")}
    words = {name: getattr(item, name) for name in ("label", "unit", "status", "source")}
    return {**words, **numbers}


def number_text(item: Input, number: float | None) -> str:
    """Return a number of an input as a person writes it, percent with its sign."""
    if number is None:
        return ""
    if item.unit and is_share(item.unit, item.point if item.point is not None else number):
        return f"{plain_number(number * 100)} %"
    return plain_number(number)


def _band(before: Input | None, data: Mapping[str, Any]) -> tuple[float, float] | None:
    """Keep how far the slider goes as long as it holds what was typed."""
    if before is None or before.band is None or data["unit"].strip() != before.unit:
        return None
    numbers = [n for n in (data["value"], data["low"], data["high"]) if n is not None]
    low, high = before.band
    return before.band if all(low <= number <= high for number in numbers) else None


class GuessForm(forms.Form):
    """Guesses for inputs that have no value yet: one field each, all of them optional."""

    def __init__(self, data: Mapping[str, Any] | None, gaps: Sequence[Input]) -> None:
        super().__init__(data)
        self.gaps = {item.symbol: item for item in gaps}
        for item in gaps:
            unit = "in percent" if ends_at_one(item.unit) else item.unit
            self.fields[item.symbol] = NumberField(label=capital(item.label), help_text=unit)

    def clean(self) -> dict[str, Any]:
        """Read each guess in the unit of its input."""
        data = super().clean() or {}
        for symbol, item in self.gaps.items():
            try:
                data[symbol] = number_in(str(data.get(symbol) or ""), item.unit)
                check_input(self._guessed(item, data[symbol]))
            except ValueError as error:
                self.add_error(symbol, str(error))
        return data

    def inputs(self) -> list[Input]:
        """Return the inputs for which something was guessed."""
        found = self.cleaned_data
        return [self._guessed(i, found[s]) for s, i in self.gaps.items() if found[s] is not None]

    def _guessed(self, item: Input, value: float | None) -> Input:
        if value is None:
            return item
        return replace(item, value=value, status="assumed", source="Your own guess")


class TogetherForm(forms.Form):
    """Two inputs with a range, and how they go together."""

    one = forms.ChoiceField(label="Input")
    other = forms.ChoiceField(label="Goes with")
    rank = forms.CharField(
        label="How closely, from −1 to 1", max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "text", "autocomplete": "off"}),
        help_text="0.5: where one is high, the other tends to be high too. −0.5: it tends to be"
        " low. 0 is nothing in common, which is how inputs vary without a line here.",
    )  # fmt: skip

    def __init__(self, data: Mapping[str, Any] | None, ranged: Sequence[tuple[str, str]]) -> None:
        super().__init__(data)
        for index, name in enumerate(("one", "other")):
            field = cast("forms.ChoiceField", self.fields[name])
            field.choices = list(ranged)
            field.initial = ranged[index][0] if index < len(ranged) else ""
            field.error_messages["invalid_choice"] = "Choose an input that has a range."

    def clean_rank(self) -> float:
        """Read the number, within what two ranges can have in common."""
        text = self.cleaned_data["rank"].strip().replace("−", "-")
        number = read_number(text)
        if number is None:
            raise forms.ValidationError("Write a number from −1 to 1, such as 0.5 or −0.3.")
        number = number / 100 if "%" in text else number
        if number == 0:
            raise forms.ValidationError(
                "0 is how they vary already. Write a number above or below it, or remove the line."
            )
        if abs(number) > 1:
            raise forms.ValidationError(
                f"It lies between −1 and 1; {text} is beyond. Write 0.9 for very close."
            )
        if abs(number) > STRONGEST:
            raise forms.ValidationError(
                "At 1 or −1 the two would be one figure. Make one of them a formula of the other,"
                f" or write at most {STRONGEST}."
            )
        return number

    def clean(self) -> dict[str, Any]:
        """Refuse an input with itself."""
        data = super().clean() or {}
        if data.get("one") and data.get("one") == data.get("other"):
            self.add_error("other", "That is the same input. Choose another one.")
        return data

    def together(self) -> Together:
        """Return the pair that was typed."""
        return Together(**self.cleaned_data)


class FormulaForm(forms.Form):
    """A figure of one's own: a name, a unit and a formula over the others."""

    label = forms.CharField(label="Name", max_length=LONGEST["label"])
    formula = forms.CharField(
        label="Formula", max_length=MAX_CHARACTERS,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        help_text="Over the names in the table, with + − * / ( ) and numbers.",
    )  # fmt: skip
    unit = forms.CharField(
        label="Unit", max_length=LONGEST["unit"], required=False,
        help_text="Leave it empty to take the unit that the formula comes out in.",
    )  # fmt: skip
    add_missing = forms.BooleanField(
        label="Add names that are not in the sheet yet as inputs without a value", required=False
    )

    def derived(self, symbol: str) -> Derived:
        """Return the figure that was typed."""
        data = self.cleaned_data
        formula = data["formula"].strip().replace("×", "*").replace("−", "-").replace("÷", "/")
        return Derived(symbol, formula, data["label"].strip(), data["unit"].strip(), own=True)


class TitleForm(forms.Form):
    """The name of a sheet."""

    title = forms.CharField(label="Name of the sheet", max_length=LONGEST["title"])
