"""Make a university, with its first staff member."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from accounts.models import User
from universities.services.universities import university_create


class Command(BaseCommand):
    """manage.py create_university "North University" --staff carol@example.org"""

    help = "Make a university. The staff member must have an account already."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take a name, the staff member's address and a time zone."""
        parser.add_argument("name")
        parser.add_argument("--staff", required=True, metavar="EMAIL")
        parser.add_argument("--timezone", default="UTC")

    def handle(self, *args: Any, **options: Any) -> None:
        """Make it and print its address and its join code."""
        staff = User.objects.filter(email__iexact=options["staff"]).first()
        if staff is None:
            raise CommandError(f"Nobody has an account as {options['staff']}. Sign up first.")
        try:
            university = university_create(
                name=options["name"], staff=staff, timezone=options["timezone"]
            )
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        self.stdout.write(
            f"{university.name} is at /universities/{university.slug}/. "
            f"Students join with the code {university.join_code}."
        )
