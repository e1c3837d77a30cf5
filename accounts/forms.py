"""Forms of the account pages."""

from __future__ import annotations

import zoneinfo
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar

from allauth.account.forms import SignupForm as AllauthSignupForm
from django import forms
from django.http import HttpRequest

from accounts.models import User

if TYPE_CHECKING:
    # Django's own class takes no type parameter when the program runs.
    UserModelForm = forms.ModelForm[User]
else:
    UserModelForm = forms.ModelForm


@cache
def timezone_choices() -> tuple[tuple[str, str], ...]:
    """Return the time zones that are places, and UTC, for a select."""
    places = sorted(
        name
        for name in zoneinfo.available_timezones()
        if "/" in name and not name.startswith(("Etc/", "SystemV/", "posix/", "right/", "US/"))
    )
    return (("UTC", "UTC"), *((name, name.replace("_", " ")) for name in places))


class TimezoneField(forms.TypedChoiceField):
    """A select of time zones. One that is stored already stays possible."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(choices=timezone_choices, coerce=str, **kwargs)

    def valid_value(self, value: Any) -> bool:
        """Accept every name of the time zone database, old spellings too."""
        return super().valid_value(value) or value in zoneinfo.available_timezones()


class SignupForm(AllauthSignupForm):  # type: ignore[misc]  # allauth has no types
    """E-mail, password and, if one likes, a name. Nothing else is asked."""

    name = forms.CharField(
        max_length=80,
        required=False,
        label="Name",
        help_text="A coach who reviews your work sees it, and whoever reads what you write below a "
        "question. You can leave it out.",
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    field_order: ClassVar[list[str]] = ["email", "password1", "name"]

    def custom_signup(self, request: HttpRequest, user: User) -> None:
        """Keep the name; allauth has stored the rest."""
        user.name = self.cleaned_data["name"]
        user.save(update_fields=["name"])


class ProfileForm(UserModelForm):
    """What a person may change about themselves."""

    timezone = TimezoneField(
        label="Time zone", help_text="Due times are shown in it, for example Europe/Berlin."
    )

    class Meta:
        model = User
        fields: ClassVar[list[str]] = ["name", "timezone", "interview_date", "extra_time"]
        help_texts: ClassVar[dict[str, Any]] = {
            "name": "A coach who reviews your work sees it, and whoever reads what you write below "
            "a question.",
            "interview_date": "The plan counts back from this day.",
            "extra_time": "Added to the budget of each step in mock mode.",
        }
        widgets: ClassVar[dict[str, Any]] = {
            "name": forms.TextInput(attrs={"autocomplete": "name"}),
            "interview_date": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        }


class DeleteAccountForm(forms.Form):
    """The password once more; the e-mail address for an account that has no password."""

    password = forms.CharField(
        label="Your password",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    email = forms.CharField(
        label="Your e-mail address",
        help_text="Type it to show that you mean this account.",
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        del self.fields["email" if user.has_usable_password() else "password"]

    def clean_password(self) -> str:
        """Refuse a wrong password."""
        password: str = self.cleaned_data["password"]
        if not self.user.check_password(password):
            raise forms.ValidationError("This is not your password.")
        return password

    def clean_email(self) -> str:
        """Refuse another address."""
        email: str = self.cleaned_data["email"].strip().lower()
        if email != self.user.email.lower():
            raise forms.ValidationError(f"Type {self.user.email} here.")
        return email
