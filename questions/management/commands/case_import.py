"""manage.py case_import: make the case of a JSON file current. Safe to run again."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from questions.case_file import MAX_BYTES, CaseFileError
from questions.services.authoring import case_import


class Command(BaseCommand):
    """Takes what case_export printed."""

    help = "Import a case from the JSON of case_export. A new question is a draft."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the file."""
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--publish", action="store_true", help="publish the question at once if it is new"
        )

    def handle(self, *args: Any, file: Path, publish: bool = False, **options: Any) -> None:
        """Import and say which version is current now.

        Raises:
            CommandError: with file, line and remedy of each problem; nothing was imported.
        """
        try:
            stored = case_import(text=_text(file), name=str(file), publish=publish)
        except CaseFileError as error:
            raise CommandError(f"Nothing was imported.\n{error}") from error
        version, question = stored.version, stored.version.question
        self.stdout.write(
            f"{question.slug}: {stored.outcome}, version {version.number} is current"
            f" ({question.state}, {version.content_hash[:12]})."
        )


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > MAX_BYTES * 4:
            raise CommandError(f"{path} is too large for a case.")
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise CommandError(f"{path} cannot be opened: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise CommandError(f"{path} is not UTF-8 text.") from error
