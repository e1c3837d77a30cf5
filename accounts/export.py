"""A person's own data as one file: JSON for programs, a page for reading."""

from __future__ import annotations

import json
import zipfile
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.template.loader import render_to_string

from accounts.models import User
from accounts.privacy import PersonalData, registry


@dataclass(frozen=True)
class Section:
    """The rows of one declared model that are about a person."""

    entry: PersonalData
    rows: list[dict[str, Any]]

    @property
    def readable_rows(self) -> list[list[tuple[str, str]]]:
        """Return each row as (name, value) in words, nested data as indented JSON."""
        return [
            [(_words(name), _readable(value)) for name, value in row.items()] for row in self.rows
        ]


def personal_sections(user: User) -> list[Section]:
    """Return everything that is declared about a person, in the order it was declared."""
    return [Section(entry, list(entry.rows(user).values(*entry.fields))) for entry in registry]


def export_zip(user: User, made_at: str) -> bytes:
    """Return a zip with ``data.json`` and ``data.html``; ``made_at`` is the time in words."""
    sections = personal_sections(user)
    data = {section.entry.label: section.rows for section in sections}
    page = render_to_string(
        "account/export_file.html", {"person": user, "sections": sections, "made_at": made_at}
    )
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "data.json", json.dumps(data, cls=DjangoJSONEncoder, ensure_ascii=False, indent=2)
        )
        archive.writestr("data.html", page)
    return file.getvalue()


def _words(name: str) -> str:
    return name.replace("__", " ").replace("_", " ").capitalize()


def _readable(value: Any) -> str:
    if isinstance(value, dict | list):
        return json.dumps(value, cls=DjangoJSONEncoder, ensure_ascii=False, indent=2)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)
