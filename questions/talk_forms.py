"""Forms of what people say below a question: they parse and clean, services decide.

Lengths are checked here and not by the browser, which cuts what is pasted without a word.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from questions.models import CommentKind, Decision, ReportReason
from questions.services.discussion import EMPTY, MAX_NOTE, MAX_TEXT, TOO_LONG
from questions.services.interest import company_name

MAX_TITLE = 120
MAX_DETAILS = 1000
MAX_COMPANY = 80
MONTHS = 36
"""How far back somebody may have been asked a question."""


class Words(forms.CharField):
    """Text with plain line ends and a limit that says how long the text is."""

    def __init__(self, *, most: int, **kwargs: Any) -> None:
        self.most = most
        kwargs.setdefault("error_messages", {"required": EMPTY})
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> str:
        """Return the text with plain line ends."""
        return str(super().to_python(value)).replace("\r\n", "\n")

    def validate(self, value: str) -> None:
        """Refuse a text that is too long."""
        super().validate(value)
        if len(value) > self.most:
            raise ValidationError(
                TOO_LONG.format(most=self.most, length=len(value)), code="max_length"
            )


class ReplyForm(forms.Form):
    """Words, and whether everybody may read them at once."""

    text = Words(
        label="Your reply",
        most=MAX_TEXT,
        widget=forms.Textarea(attrs={"rows": 3, "data-composer": True}),
    )
    is_open = forms.BooleanField(
        label="This gives nothing away: show it to everybody", required=False
    )

    @property
    def spoils(self) -> bool:
        """Whether the words are kept back from those who have not handed in a step."""
        return not self.cleaned_data["is_open"]


class CommentForm(ReplyForm):
    """A comment or a question."""

    kind = forms.ChoiceField(
        label="What it is",
        choices=CommentKind.choices,
        initial=CommentKind.COMMENT,
        widget=forms.RadioSelect,
    )
    field_order = ["kind", "text", "is_open"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].label = "Your words"
        self.fields[
            "text"
        ].help_text = "Markdown works: **bold**, lists, `code`, [a link](https://example.org)."


class ReportForm(forms.Form):
    """Why somebody objects."""

    reason = forms.ChoiceField(
        label="What is wrong with it",
        choices=ReportReason.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what is wrong with it."},
    )
    note = Words(
        label="What a moderator should know",
        most=MAX_NOTE,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class DecisionForm(forms.Form):
    """What a moderator decides; `again` changes an earlier decision."""

    decision = forms.ChoiceField(choices=Decision.choices)
    again = forms.BooleanField(required=False)


class CompanyField(Words):
    """The name of a company; known ones are offered while typing, without a script."""

    def __init__(self, **kwargs: Any) -> None:
        attrs = {"list": "companies", "autocomplete": "off", "autocapitalize": "words"}
        super().__init__(
            label="Company", most=MAX_COMPANY, widget=forms.TextInput(attrs=attrs), **kwargs
        )

    def clean(self, value: Any) -> str:
        """Return the name with single spaces; refuse what can be none."""
        typed = super().clean(value)
        return company_name(typed) if typed else ""


class AskedForm(forms.Form):
    """Which company asked, and when."""

    company = CompanyField(error_messages={"required": "Write which company asked it."})
    month = forms.TypedChoiceField(
        label="Month",
        coerce=lambda value: date.fromisoformat(f"{value}-01"),
        error_messages={
            "required": "Choose the month.",
            "invalid_choice": "Choose a month of the list.",
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        month: Any = self.fields["month"]
        month.choices = [("", "Choose"), *recent_months(timezone.localdate())]


class RequestForm(forms.Form):
    """A question somebody would like to practise."""

    title = Words(
        label="The question, as it would be asked",
        most=MAX_TITLE,
        help_text="Such as: How would you improve the search of a library?",
    )
    company = CompanyField(required=False)
    details = Words(
        label="What makes it worth practicing",
        most=MAX_DETAILS,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def clean_title(self) -> str:
        """Return the title in one line."""
        return " ".join(self.cleaned_data["title"].split())


def recent_months(today: date) -> Sequence[tuple[str, str]]:
    """Return the months up to one, the latest first, as values such as 2026-11 with their names."""
    count = today.year * 12 + today.month - 1
    first_days = (date(each // 12, each % 12 + 1, 1) for each in range(count, count - MONTHS, -1))
    return [(f"{day:%Y-%m}", f"{day:%B %Y}") for day in first_days]
