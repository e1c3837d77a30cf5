"""Forms of a person's own lists: they parse and clean, services decide."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from questions.collection_file import MAX_NOTE, MAX_SUMMARY, MAX_TITLE
from questions.models import Collection
from questions.talk_forms import Words

NO_NAME = "Write a name for the list."
WHICH_LIST = "Choose one of your lists."
NEW = "+"
"""Stands for a list that is not there yet; no address of one can hold this character."""


class Line(Words):
    """Words in one line."""

    def to_python(self, value: Any) -> str:
        """Return the words with single spaces."""
        return " ".join(super().to_python(value).split())


class ListForm(forms.Form):
    """The name of a list and what it is for."""

    title = Line(label="Name", most=MAX_TITLE, error_messages={"required": NO_NAME})
    summary = Line(label="What it is for", most=MAX_SUMMARY, required=False)


class NoteForm(forms.Form):
    """Why a question stands in a list."""

    note = Line(label="Your note", most=MAX_NOTE, required=False)


class PutForm(forms.Form):
    """Into which list a question goes: one that is there, or a new one."""

    into = forms.ChoiceField(
        label="List",
        error_messages={"required": WHICH_LIST, "invalid_choice": WHICH_LIST},
    )
    title = Line(
        label="Name of the new list",
        most=MAX_TITLE,
        required=False,
        help_text="Only for a new list.",
        error_messages={"required": NO_NAME},
    )

    def __init__(self, *args: Any, lists: Sequence[Collection], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lists = {each.slug: each for each in lists}
        if not lists:
            del self.fields["into"]
            self.fields["title"].required = True
            self.fields["title"].help_text = ""
            return
        into: Any = self.fields["into"]
        into.choices = [*((each.slug, each.title) for each in lists), (NEW, "A new list")]

    def clean(self) -> dict[str, Any]:
        """Ask for a name where a new list was chosen."""
        cleaned = super().clean() or self.cleaned_data
        wants_new = cleaned.get("into") == NEW
        if wants_new and not cleaned.get("title") and "title" not in self.errors:
            self.add_error("title", NO_NAME)
        return cleaned

    @property
    def chosen(self) -> Collection | None:
        """The list that was chosen, or None for a new one."""
        return self.lists.get(self.cleaned_data.get("into", NEW))
