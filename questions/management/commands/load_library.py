"""manage.py load_library: put the case files, guides and paths into the bank. Safe to run again."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from questions.case_file import CaseFileError
from questions.services.library import library_load


class Command(BaseCommand):
    """Load the library, or the files that are named."""

    help = "Load cases, guides and paths into the bank. A changed case makes a new version."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Accept files; none means the whole library."""
        parser.add_argument("files", nargs="*", type=Path)

    def handle(self, *args: Any, files: list[Path], **options: Any) -> None:
        """Load and say what was new and what changed.

        Raises:
            CommandError: with file, line and remedy of each problem; nothing was loaded.
        """
        try:
            loaded = library_load(paths=files or None)
        except CaseFileError as error:
            raise CommandError(f"Nothing was loaded.\n{error}") from error
        self.stdout.write(
            f"{len(loaded.new)} new, {len(loaded.changed)} changed,"
            f" {len(loaded.unchanged)} unchanged."
        )
        if loaded.kept:
            self.stdout.write(
                "Kept as edited on the site, for the files are the ones loaded before: "
                + ", ".join(loaded.kept)
            )
        if loaded.replaced:
            self.stdout.write(
                "Changed both on the site and in the file, so the file is current and the"
                " site's version in the history: " + ", ".join(loaded.replaced)
            )
        if guides := loaded.collections:
            self.stdout.write(
                f"Guides and paths: {len(guides.new)} new, {len(guides.changed)} changed,"
                f" {len(guides.unchanged)} unchanged, {len(guides.removed)} removed."
            )
