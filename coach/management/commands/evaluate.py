"""manage.py evaluate KIND FILE: run an evaluation set through one engine."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

Result = dict[str, Any]


class Command(BaseCommand):
    """Needs no database, broker or network. Exit status 2 for a file without the form."""

    help = "Run an evaluation set: interviewer, feedback, claims or kpis."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the kind, the file and --json."""
        parser.add_argument("kind", choices=sorted(ENGINES))
        parser.add_argument("file")
        parser.add_argument("--json", action="store_true", help="print one JSON object only")

    def handle(self, *args: Any, **options: Any) -> None:
        """Read the file, run the engine, print a table or JSON."""
        data = _read(options["file"])
        try:
            result = ENGINES[options["kind"]]()(data)
        except (ValueError, KeyError, TypeError) as error:
            problem = (
                f"{options['file']} does not have the form of a {options['kind']} set: {error}"
            )
            raise CommandError(problem, returncode=2) from error
        if options["json"]:
            self.stdout.write(json.dumps(result, ensure_ascii=False, allow_nan=False))
        else:
            self._print_table(result["summary"])

    def _print_table(self, summary: Mapping[str, Any], prefix: str = "") -> None:
        for key, value in summary.items():
            if isinstance(value, Mapping):
                self.stdout.write(f"{prefix}{key}")
                self._print_table(value, f"{prefix}  ")
            else:
                shown = f"{value:.3f}" if isinstance(value, float) else str(value)
                self.stdout.write(f"{prefix}{key:<28}{shown}")


def _read(file: str) -> Any:
    try:
        return json.loads(Path(file).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise CommandError(f"{file} cannot be read as JSON: {error}", returncode=2) from error


def _interviewer() -> Callable[[Any], Result]:
    from coach.interviewer.evaluation import evaluate

    return evaluate


def _feedback() -> Callable[[Any], Result]:
    from coach.assessment.evaluation import evaluate
    from coach.interviewer.encoder import get_encoder

    return partial(evaluate, encoder=get_encoder())


def _claims() -> Callable[[Any], Result]:
    from metrics_lab.engine.evaluation import evaluate_claims

    return evaluate_claims


def _kpis() -> Callable[[Any], Result]:
    from metrics_lab.engine.evaluation import evaluate_kpis

    return evaluate_kpis


ENGINES: Mapping[str, Callable[[], Callable[[Any], Result]]] = {
    # Each is imported when it is asked for: the memory figure of one is not the other's.
    "interviewer": _interviewer,
    "feedback": _feedback,
    "claims": _claims,
    "kpis": _kpis,
}
