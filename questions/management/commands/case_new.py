"""manage.py case_new: begin a case file with everything it needs, empty and explained."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from questions.case import CASE_TYPES
from questions.case_check_text import MAX_SLUG, MAX_TITLE, SLUG
from questions.case_file import CaseFileError, read_text
from questions.case_skeleton import NewCase, skeleton
from questions.services.library import LIBRARY


class Command(BaseCommand):
    """Writes one file and nothing into the database."""

    help = "Begin a case file: every key of its type, empty, with a comment on what belongs there."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare what is known of a case before it is written."""
        parser.add_argument("slug", help="lower-case-with-hyphens; the file's name")
        parser.add_argument("--type", required=True, choices=CASE_TYPES)
        parser.add_argument("--title", required=True, help=f"at most {MAX_TITLE} characters")
        parser.add_argument("--company", required=True, help="the one the case is about")
        parser.add_argument(
            "--to", type=Path, default=LIBRARY, metavar="FOLDER", help="instead of the library"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the file and say what comes next.

        Raises:
            CommandError: the slug, the title or the company is none, or the file is there.
        """
        new = _new(options)
        path = options["to"] / f"{new.slug}.yaml"
        text = skeleton(new, str(path))
        try:
            with path.open("x", encoding="utf-8") as file:
                file.write(text)
        except FileExistsError as error:
            raise CommandError(f"{path} is there already. Nothing was written.") from error
        except OSError as error:
            raise CommandError(f"{path} cannot be written: {error.strerror}.") from error
        self.stdout.write(
            f"{path} is written, with {_empty(text)} places to fill.\n"
            f"Next: manage.py case_check {path}"
        )


def _new(options: dict[str, Any]) -> NewCase:
    slug, title, company = options["slug"], options["title"].strip(), options["company"].strip()
    if not SLUG.fullmatch(slug) or len(slug) > MAX_SLUG:
        raise CommandError(
            f"{slug!r} is no slug. Use lower-case words with hyphens, {MAX_SLUG} characters"
            " at most, like improve-maps."
        )
    if not title or len(title) > MAX_TITLE:
        raise CommandError(f"The title has {len(title)} characters. Use 1 to {MAX_TITLE}.")
    if not company:
        raise CommandError("Name the company the case is about.")
    return NewCase(slug, options["type"], title, company)


def _empty(text: str) -> int:
    """Return how many places of a skeleton are still empty."""
    try:
        read_text(text, "")
    except CaseFileError as error:
        return len(error.problems)
    return 0
