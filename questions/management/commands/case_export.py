"""manage.py case_export: a version of a case as JSON, to take to another site or to keep."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from questions.case import CaseDataError
from questions.models import CaseVersion, Question
from questions.services.authoring import case_json


class Command(BaseCommand):
    """Prints the JSON alone, so that it can be sent to a file."""

    help = "Print a case of the bank as JSON, for case_import."

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        """Let --version name a version of the case; what Django is says manage.py version."""
        return super().create_parser(prog_name, subcommand, conflict_handler="resolve", **kwargs)

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the case and its version."""
        parser.add_argument("slug", help="of a question of the bank")
        parser.add_argument(
            "--version", type=int, metavar="N", dest="number", help="the current one without it"
        )

    def handle(self, *args: Any, slug: str, number: int | None = None, **options: Any) -> None:
        """Print the version.

        Raises:
            CommandError: there is no such question or version, or it cannot be read.
        """
        try:
            self.stdout.write(case_json(_version(slug, number)), ending="")
        except CaseDataError as error:
            raise CommandError(f"This version cannot be read any more: {error}") from error


def _version(slug: str, number: int | None) -> CaseVersion:
    question = Question.objects.select_related("current_version").filter(slug=slug).first()
    if question is None:
        raise CommandError(f"The bank has no question {slug}.")
    if number is None:
        if question.current_version is None:
            raise CommandError(f"{slug} has no case yet.")
        return question.current_version
    version = question.versions.filter(number=number).first()
    if version is None:
        known = ", ".join(str(each) for each in question.versions.values_list("number", flat=True))
        raise CommandError(f"{slug} has no version {number}. It has: {known or 'none'}.")
    return version
