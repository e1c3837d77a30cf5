"""manage.py prepare: everything between new code and a site that can serve. Safe to run again."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand

from coach import cases


class Command(BaseCommand):
    """Migrates, makes the cache table, loads the library; demo accounts in development only."""

    help = "Prepare the database, the cache and the question library."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare --no-demo."""
        parser.add_argument("--no-demo", action="store_true", help="leave the demo accounts out")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run the steps, each with a line that says so."""
        steps = [
            ("Preparing the database", "migrate", {"verbosity": 0}),
            ("Preparing the cache", "createcachetable", {"verbosity": 0}),
            ("Loading the question library", "load_library", {}),
        ]
        if settings.DEMO_ACCOUNTS and not options["no_demo"]:
            steps.append(("Adding demo accounts", "demo_data", {}))
        count = len(steps) + 1
        for number, (words, command, arguments) in enumerate(steps, start=1):
            self._say(number, count, words)
            call_command(command, stdout=self.stdout, **arguments)
        self._say(count, count, "Warming up the interviewer")
        self.stdout.write(cases.warm_up())

    def _say(self, number: int, count: int, words: str) -> None:
        self.stdout.write(f"[{number}/{count}] {words}")
        self.stdout.flush()
