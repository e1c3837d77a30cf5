"""manage.py demo_data: a small university to look around in."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from coach.services import demo


class Command(BaseCommand):
    """Makes, shows or removes the demo accounts; refuses to make them in production."""

    help = "Make the demo university and its accounts (development only)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare --show and --remove."""
        parser.add_argument("--show", action="store_true", help="print the demo sign-ins")
        parser.add_argument("--remove", action="store_true", help="delete the demo accounts")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do one of the three."""
        if options["remove"]:
            demo.demo_remove()
        elif options["show"]:
            self._show()
        elif settings.DEMO_ACCOUNTS:
            demo.demo_create()
        elif settings.IN_PRODUCTION:
            raise CommandError("Demo accounts have published passwords: not in production.")

    def _show(self) -> None:
        if not demo.demo_exists():
            return
        self.stdout.write(f"\nDemo sign-ins, all with the password {demo.PASSWORD}")
        for email, _, role in demo.PEOPLE:
            self.stdout.write(f"  {email:<22} {role.label}")
        self.stdout.write(f"  Students join Demo University with the code {demo.JOIN_CODE}")
