"""The filter of the bank: a GET form for the page, and the parameters of the API."""

from __future__ import annotations

from collections.abc import Container
from typing import Any, cast

from django import forms

from questions.models import CaseType, Difficulty
from questions.selectors.bank import MINUTES, SORTS, Filters, industries_out
from questions.selectors.shelf import Shelf, shelf

MAX_QUERY = 120


class KnownField(forms.MultipleChoiceField):
    """A list of values that keeps the known ones and names the unknown one.

    The page draws the boxes itself, so the values need no labels here.
    """

    known: Container[str] = ()
    default_error_messages = {
        "invalid_choice": "There is nothing called “%(value)s” here; that filter was left out.",
    }

    def valid_value(self, value: str) -> bool:
        """Return whether the value is known."""
        return value in self.known


class FilterForm(forms.Form):
    """What one may filter by. A bad value is named, and the good ones still apply."""

    q = forms.CharField(
        label="Search questions",
        required=False,
        max_length=MAX_QUERY,
        error_messages={"max_length": f"Search with at most {MAX_QUERY} characters."},
    )
    type = KnownField(required=False)
    difficulty = KnownField(required=False)
    minutes = KnownField(required=False)
    company = KnownField(required=False)
    industry = KnownField(required=False)
    tag = KnownField(required=False)
    sort = forms.ChoiceField(
        label="Sort by",
        required=False,
        choices=list(SORTS.items()),
        error_messages={"invalid_choice": "There is no such order; the usual one is shown."},
    )

    def __init__(self, *args: Any, shown: Shelf | None = None, **kwargs: Any) -> None:
        """Take the industries, companies and tags that exist now, from `shown` where it is given.

        A query, and none with `shown`.
        """
        super().__init__(*args, **kwargs)
        shown = shown or shelf()
        known: dict[str, Container[str]] = {
            "type": CaseType.values,
            "difficulty": Difficulty.values,
            "minutes": [each.id for each in MINUTES],
            "company": shown.names["company"],
            "industry": industries_out(shown),
            "tag": shown.names["tag"],
        }
        for name, values in known.items():
            self._known_field(name).known = values

    def filters(self) -> Filters:
        """Return what can be used of what was sent; call after is_valid()."""
        return Filters(
            text=self._text(),
            types=self._known("type"),
            difficulties=self._known("difficulty"),
            minutes=self._known("minutes"),
            companies=self._known("company"),
            industries=self._known("industry"),
            tags=self._known("tag"),
            sort=self.cleaned_data.get("sort", ""),
        )

    def _text(self) -> str:
        # A text that is too long is still searched for with its beginning.
        return str(self.data.get("q", ""))[:MAX_QUERY].replace("\0", "").strip()

    def _known(self, name: str) -> tuple[str, ...]:
        field = self._known_field(name)
        return tuple(value for value in self[name].data or () if field.valid_value(value))

    def _known_field(self, name: str) -> KnownField:
        return cast(KnownField, self.fields[name])
