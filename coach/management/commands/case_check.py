"""manage.py case_check: what is wrong in a case file, with file and line."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from metrics_lab.engine.graph import Model
from questions.case_check import check_library
from questions.collection_file import check_collections
from questions.services.library import collection_paths, library_paths


class Command(BaseCommand):
    """Exit status 0 without a problem, 1 with one. The numbers are computed by the lab."""

    help = "Check case files (schema, numbers, completeness), guides and paths."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Accept files; none means the whole library, as does --all."""
        parser.add_argument("files", nargs="*", type=Path)
        parser.add_argument(
            "--all", action="store_true", help="the whole library (also without files)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Print each problem as file:line: message; remedy."""
        named = [] if options["all"] else options["files"]
        paths, collections = named or library_paths(), [] if named else collection_paths()
        problems = [*check_library(paths, evaluate), *check_collections(collections, paths)]
        for problem in problems:
            self.stdout.write(f"{problem.file}:{problem.line}: {problem.message}; {problem.remedy}")
        if problems:
            count = len(paths) + len(collections)
            raise CommandError(f"{len(problems)} problems in {count} files.")
        words = f" and {len(collections)} guides and paths" if collections else ""
        self.stdout.write(f"{len(paths)} cases{words}, no problem found.")


def evaluate(formulas: Mapping[str, str], given: Mapping[str, float]) -> Mapping[str, float]:
    """Return the value of each formula by symbol, as the lab computes it.

    Raises:
        ValueError: a formula cannot be computed; the lab's message names it and says what to do.
    """
    relations = [f"{symbol} = {formula}" for symbol, formula in formulas.items()]
    return Model.build(relations, given).evaluate({})
