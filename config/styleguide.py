"""The style guide: every component in its states; the sample data stands beside its template."""

from __future__ import annotations

import json
from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

LEVELS = (("easy", "Easy"), ("medium", "Medium"), ("hard", "Hard"))


class SampleForm(forms.Form):
    """One field of each sort, to show labels, help and errors."""

    email = forms.EmailField(label="E-mail", help_text="Where the coach's answer is announced.")
    interview_on = forms.DateField(label="Interview on", required=False)
    difficulty = forms.ChoiceField(label="Difficulty", choices=LEVELS)
    note = forms.CharField(label="Note", widget=forms.Textarea(attrs={"rows": 2}), required=False)
    agree = forms.BooleanField(label="A coach may read what I submit")


def styleguide(request: HttpRequest) -> HttpResponse:
    """Show every component; nothing is stored."""
    forms_shown = {
        "form": SampleForm(prefix="empty"),
        "wrong_form": SampleForm(
            {"wrong-email": "maya", "wrong-difficulty": "hard"}, prefix="wrong"
        ),
    }
    return render(request, "styleguide/index.html", {"s": sample(), **forms_shown})


def sample() -> dict[str, Any]:
    """Read the sample data; the templates' directory is the only one in use."""
    path = settings.BASE_DIR / "templates" / "styleguide" / "sample.json"
    data: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return data
