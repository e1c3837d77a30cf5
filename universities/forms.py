"""Forms of the university pages: they parse and clean, services decide."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.html import format_html

from accounts.forms import TimezoneField
from universities.models import Cohort, Role, University
from universities.roster_file import MAX_BYTES
from universities.scopes import Scope


class JoinForm(forms.Form):
    """The code a university gives to its students."""

    code = forms.CharField(
        label="Join code",
        max_length=20,
        help_text="Eight letters and digits, such as ABCD-2345.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )


class InviteForm(forms.Form):
    """One person and the role they are invited into. Shown to staff alone."""

    email = forms.EmailField(label="E-mail address", max_length=254)
    name = forms.CharField(label="Name", max_length=80, required=False)
    role = forms.ChoiceField(label="Role", choices=Role.choices)
    cohort = forms.ModelChoiceField(
        label="Cohort", queryset=Cohort.objects.none(), required=False, empty_label="None"
    )

    def __init__(self, *args: Any, university: University, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cohorts: Any = self.fields["cohort"]
        cohorts.queryset = Cohort.objects.filter(university=university).order_by("name")


class RosterForm(forms.Form):
    """A CSV file of students."""

    file = forms.FileField(
        label="CSV file",
        help_text="At most 1 MB and 5,000 people. Nothing happens before you have seen the list.",
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
    )

    def clean_file(self) -> bytes:
        """Return the bytes of the file; refuse a large one without reading it."""
        upload: UploadedFile[Any] = self.cleaned_data["file"]
        if (upload.size or 0) > MAX_BYTES:
            raise forms.ValidationError("The file is larger than 1 MB. Split it in two.")
        return bytes(upload.read())


class CohortForm(forms.Form):
    """The name of a cohort."""

    name = forms.CharField(label="Name", max_length=120)


class CohortAddForm(forms.Form):
    """Addresses of students to put into a cohort."""

    emails = forms.CharField(
        label="E-mail addresses",
        max_length=50_000,
        help_text="Students of this university, one address a line.",
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def clean_emails(self) -> list[str]:
        """Return the addresses, whatever stands between them."""
        text: str = self.cleaned_data["emails"]
        return text.replace(",", " ").replace(";", " ").split()


class ApiKeyForm(forms.Form):
    """What a key is for, what it may do and how long it lives."""

    name = forms.CharField(label="What it is for", max_length=80)
    scopes = forms.MultipleChoiceField(
        label="What it may do",
        choices=Scope.choices,
        widget=forms.CheckboxSelectMultiple,
    )
    days = forms.TypedChoiceField(
        label="How long it works",
        coerce=int,
        choices=[(30, "30 days"), (90, "90 days"), (365, "A year")],
        initial=365,
    )


class SettingsForm(forms.Form):
    """Name, time zone, and the door."""

    name = forms.CharField(label="Name", max_length=120)
    timezone = TimezoneField(
        label="Time zone", help_text="Due times of new assignments are meant in it."
    )
    join_by_code = forms.BooleanField(
        label="Students may join with the code",
        required=False,
        help_text="Switched off, people join by invitation alone.",
    )
    language_model = forms.BooleanField(
        label="A language model may add to the feedback of students who agree", required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        model = settings.LANGUAGE_MODEL
        if not model.url:
            del self.fields["language_model"]
            return
        self.fields["language_model"].help_text = format_html(
            "Off unless you switch it on, and only for students who agree in their account. "
            "What they submit then goes to {} (model {}), without their name, their address or "
            "the name of your university. It gives no level. Switching it off stops it at once.",
            model.host,
            model.name,
        )
