"""Fields for figures as people write them, and forms that an address can fill in part."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from metrics_lab.engine.wording import plain
from metrics_lab.forms.numbers import read_number

SHARE_HELP = 'Write a percentage, such as "20" or "20 %".'
LONGEST_WORDS = 80


class NumberField(forms.CharField):
    """A number between two ends; with ``share`` it is typed in percent and cleaned to a share of 1.

    ``default`` is what an empty field that is not required means.
    """

    def __init__(
        self,
        *,
        least: float,
        most: float,
        share: bool = False,
        whole: bool = False,
        default: float | None = None,
        **kwargs: Any,
    ) -> None:
        """Keep the ends; they are in the unit that is typed."""
        self.least, self.most = least, most
        self.share, self.whole, self.default = share, whole, default
        super().__init__(**kwargs)
        self.widget.attrs |= {"inputmode": "decimal", "autocomplete": "off"}

    def clean(self, value: Any) -> Any:
        """Return the number; raises ValidationError naming what was expected."""
        text = str(super().clean(value) or "")
        if not text:
            return self.default
        number = read_number(text)
        if number is None:
            raise ValidationError(
                SHARE_HELP if self.share else "Write a number, such as 2000, 0.5 or 10,000."
            )
        if "%" in text and not self.share:
            raise ValidationError("This is a number, not a percentage.")
        if self.whole and number != int(number):
            raise ValidationError("Write a whole number.")
        if not self.least <= number <= self.most:
            sign = " %" if self.share else ""
            ends = f"{plain(self.least)}{sign} and {plain(self.most)}{sign}"
            raise ValidationError(f"Write a number between {ends}.")
        return int(number) if self.whole else number / 100 if self.share else number


class ChangeField(NumberField):
    """The size of a change: a number with or without a percent sign, whose meaning is asked for."""

    def clean(self, value: Any) -> Any:
        """Return the number as typed; the sign alone does not say percent of what."""
        text = str(value or "")
        return super().clean(text.replace("%", " ", 1) if text.count("%") == 1 else text)


class WordsField(forms.CharField):
    """A few words."""

    def __init__(self, **kwargs: Any) -> None:
        """Bound their length, in one line."""
        super().__init__(max_length=LONGEST_WORDS, **{"required": False, **kwargs})
        self.widget.attrs |= {"autocomplete": "off"}

    def to_python(self, value: Any) -> Any:
        """Return the words with single spaces."""
        return " ".join(str(super().to_python(value) or "").split())


class TrialForm(forms.Form):
    """A form whose address may hold all of it, a part of it, or nothing.

    What is missing is filled with ``defaults``; if nothing that is known was sent, with the
    ``example``. The form is bound, and so checked, once all of ``needed`` was sent: a link that
    fills in a baseline alone is no mistake.
    """

    needed: tuple[str, ...] = ()
    defaults: Mapping[str, str] = {}
    example: Mapping[str, str] = {}

    @classmethod
    def of(cls, sent: Mapping[str, str]) -> TrialForm:
        """Return the form for the parameters of an address."""
        known = {name: sent[name] for name in cls.base_fields if name in sent}
        if not known:
            form = cls({**cls.defaults, **cls.example})
        elif set(cls.needed) <= set(known):
            form = cls({**cls.defaults, **known})
        else:
            form = cls(initial={**cls.defaults, **known})
        form.is_example = not known
        return form

    is_example = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Tie each field to the place where its message appears, which a redraw fills."""
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            about = f"id_{name}_helptext id_{name}_say" if field.help_text else f"id_{name}_say"
            field.widget.attrs["aria-describedby"] = about

    def typed(self, name: str) -> str:
        """Return what stands in a field, as typed."""
        return str(self[name].value() or "").strip()
