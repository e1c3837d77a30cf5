"""Forms of the account pages."""

from __future__ import annotations

from typing import Any, ClassVar

from allauth.account.forms import SignupForm as AllauthSignupForm
from django import forms
from django.http import HttpRequest

from accounts.models import User


class SignupForm(AllauthSignupForm):  # type: ignore[misc]  # allauth has no types
    """E-mail, password and, if one likes, a name. Nothing else is asked."""

    name = forms.CharField(
        max_length=80,
        required=False,
        label="Name",
        help_text="A coach who reviews your work sees it. You can leave it out.",
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )

    def custom_signup(self, request: HttpRequest, user: User) -> None:
        """Keep the name; allauth has stored the rest."""
        user.name = self.cleaned_data["name"]
        user.save(update_fields=["name"])


class ProfileForm(forms.ModelForm[User]):
    """What a person may change about themselves."""

    class Meta:
        model = User
        fields: ClassVar[list[str]] = ["name", "timezone", "interview_date", "extra_time"]
        help_texts: ClassVar[dict[str, Any]] = {
            "timezone": "Due times are shown in it, for example Europe/Berlin.",
            "interview_date": "The plan counts back from this day.",
            "extra_time": "Added to the budget of each step in mock mode.",
        }
        widgets: ClassVar[dict[str, Any]] = {
            "interview_date": forms.DateInput(attrs={"type": "date"})
        }
