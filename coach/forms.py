"""Forms of the coach's pages: they parse and clean, services decide."""

from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils import timezone

from accounts.models import validate_timezone
from coach.models import Mode
from questions.models import Question
from universities.models import Cohort, University

MOST_DAYS = 3653
"""Days that a link may work: ten years."""


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


class ShareLinkForm(forms.Form):
    """A case for whoever has its link."""

    question = forms.ModelChoiceField(
        Question.objects.none(), label="Case", empty_label="Choose a case"
    )
    note = forms.CharField(
        max_length=120,
        required=False,
        label="Note",
        help_text="Whom the link is for. Only staff see it.",
    )
    last_day = forms.DateField(
        required=False,
        label="Last day",
        help_text="The link works until this day ends. Without one it works until you close it.",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d"],
    )

    def __init__(self, *args: Any, zone: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone = ZoneInfo(zone or timezone.get_current_timezone_name())
        questions = Question.objects.published()
        self.fields["question"].queryset = questions.order_by("title")  # type: ignore[attr-defined]

    def clean_last_day(self) -> dt.datetime | None:
        """Return when the last day ends in the zone, a moment to come."""
        day: dt.date | None = self.cleaned_data["last_day"]
        if day is None:
            return None
        if not 0 <= (day - timezone.localdate(timezone=self.zone)).days <= MOST_DAYS:
            raise forms.ValidationError("Choose today or a later day, within ten years.")
        midnight = dt.datetime.combine(day + dt.timedelta(days=1), dt.time.min)
        return midnight.replace(tzinfo=self.zone)


class HandInForm(forms.Form):
    """Which university an attempt is handed in to."""

    university = forms.ModelChoiceField(University.objects.none(), empty_label=None)

    def __init__(self, *args: Any, choices: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["university"].queryset = choices  # type: ignore[attr-defined]
