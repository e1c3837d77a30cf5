"""Forms of the coach's pages: they parse and clean, services decide."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils import timezone

from accounts.models import validate_timezone
from coach.models import Mode
from questions.models import Question
from universities.models import Cohort, University


class WallClockField(forms.DateTimeField):
    """A date and a time as they stand on a wall, without a zone.

    Django's own field reads them in the zone of the person, and refuses an hour that this zone
    skips or repeats, although another field says which zone is meant.
    """

    def to_python(self, value: Any) -> dt.datetime | None:
        """Return the time without a zone."""
        with timezone.override(dt.UTC):
            moment = super().to_python(value)
        return moment.replace(tzinfo=None) if moment else None


class AssignmentForm(forms.Form):
    """A case for a cohort, due at a wall-clock time in a zone."""

    question = forms.ModelChoiceField(
        Question.objects.none(), label="Case", empty_label="Choose a case"
    )
    cohort = forms.ModelChoiceField(Cohort.objects.none(), empty_label="Choose a cohort")
    mode = forms.ChoiceField(
        choices=[(Mode.GUIDED, "Guided"), (Mode.MOCK, "Mock interview")], label="How it is played"
    )
    due_at = WallClockField(
        label="Due",
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"],
    )
    timezone = forms.CharField(
        max_length=64,
        label="Time zone of the due time",
        help_text="For example Europe/Berlin. Every student sees it in their own.",
        validators=[validate_timezone],
    )
    note = forms.CharField(
        max_length=500,
        required=False,
        label="Note to the students",
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, university: University, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        questions = Question.objects.published()
        self.fields["question"].queryset = questions.order_by("title")  # type: ignore[attr-defined]
        self.fields["cohort"].queryset = university.cohorts.order_by("name")  # type: ignore[attr-defined]


class HandInForm(forms.Form):
    """Which university an attempt is handed in to."""

    university = forms.ModelChoiceField(University.objects.none(), empty_label=None)

    def __init__(self, *args: Any, choices: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["university"].queryset = choices  # type: ignore[attr-defined]
