"""manage.py case_play: play cases with their own questions, examples and scripted students."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from coach import case_play
from coach.interviewer.encoder import get_encoder
from questions.case_file import CaseFileError, read_case
from questions.playthrough import playthrough_path, read_playthrough
from questions.services.library import case_path, library_paths


class Command(BaseCommand):
    """Needs no database. What it prints is to be examined; case_check refuses."""

    help = "Play cases: facts by their own questions, levels of the examples, both scripts."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare slugs or files; none means the whole library."""
        parser.add_argument("cases", nargs="*")
        parser.add_argument("--json", action="store_true", help="print one JSON object only")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print for each case what came of it."""
        paths = [case_path(name) for name in options["cases"]] or library_paths()
        played = {path.stem: _played(path) for path in paths}
        if options["json"]:
            self.stdout.write(json.dumps(played, ensure_ascii=False))
            return
        for slug, outcome in played.items():
            self.stdout.write(slug)
            for name, value in outcome.items():
                self.stdout.write(f"  {name:<12}{json.dumps(value, ensure_ascii=False)}")


def _played(path: Path) -> dict[str, Any]:
    """Return what came of one case; `good` and `careless` only where it has a playthrough."""
    encoder = get_encoder()
    try:
        case = read_case(path)
        index = case_play.index_of(case, encoder)
        outcome: dict[str, Any] = {
            "unreachable": [
                f"{miss.fact}: {miss.ask} -> {miss.got}"
                for miss in case_play.unreachable(case, index)
            ]
        }
        for level, steps in case_play.play_examples(case, encoder).items():
            outcome[f"level_{level}"] = {step.step: step.level for step in steps}
        if not playthrough_path(path).is_file():
            return outcome
        script = read_playthrough(playthrough_path(path), case)
    except (CaseFileError, OSError) as error:
        raise CommandError(str(error)) from error
    good = case_play.play(case, script.good, encoder)
    careless = case_play.play(case, script.careless, encoder)
    told = set().union(*(step.told for step in careless))
    return {
        **outcome,
        "good": {step.step: step.level for step in good},
        "careless": {step.step: step.level for step in careless},
        "told": {mistake: mistake in told for mistake in script.mistakes},
    }
