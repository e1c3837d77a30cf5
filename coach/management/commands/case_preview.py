"""manage.py case_preview: a case file as a student meets it, and what the interviewer answers."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Iterator
from textwrap import fill, indent
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from coach import case_play
from coach.interviewer.encoder import get_encoder
from coach.interviewer.engine import Reply
from questions.case import STEP_TITLES, Case
from questions.case_file import CaseFileError, read_case
from questions.services.library import case_path

WIDTH = 88


class Command(BaseCommand):
    """Show no fact that is not asked for, no example and no trap."""

    help = "Show a case as a student sees it; with --ask, talk to its interviewer."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the case and the questions."""
        parser.add_argument("case", help="a file, or the slug of a case in the library")
        parser.add_argument(
            "--ask", nargs="+", metavar="MESSAGE", help="messages of one conversation, in order"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the case, or the conversation."""
        try:
            case = read_case(case_path(options["case"]))
        except (CaseFileError, OSError) as error:
            raise CommandError(str(error)) from error
        lines = _conversation(case, options["ask"]) if options["ask"] else _pages(case)
        for line in lines:
            self.stdout.write(line)


def _pages(case: Case) -> Iterator[str]:
    """The case's page and the briefs and hints of its steps."""
    kind = case.type.replace("_", " ")
    yield f"{case.title} ({', '.join(case.companies)})"
    yield f"{kind}, {case.difficulty}, {case.minutes} minutes"
    yield ""
    yield fill(case.prompt, WIDTH)
    yield ""
    yield fill(case.context, WIDTH)
    for step, guide in case.steps.items():
        yield ""
        yield f"{STEP_TITLES[step]} ({guide.minutes} minutes)"
        yield fill(guide.brief, WIDTH)
        for size in ("small", "medium", "large"):
            yield indent(fill(f"hint, {size}: {getattr(guide.hints, size)}", WIDTH - 2), "  ")


def _conversation(case: Case, asked: list[str]) -> Iterator[str]:
    """Each message with the facts that answer it, or what the interviewer says instead."""
    index = case_play.index_of(case, get_encoder())
    for message, reply in zip(asked, case_play.ask(index, iter(asked)), strict=True):
        yield f"You: {message}"
        for line in _said(case, reply):
            yield indent(fill(line, WIDTH - 2), "  ")


def _said(case: Case, reply: Reply) -> Iterator[str]:
    for match in reply.facts:
        yield f"Interviewer: {case.fact(match.id).answer}"
    if reply.suggestions:
        titles = " / ".join(case.fact(fact_id).title for fact_id in reply.suggestions)
        yield f"Interviewer: did you mean {titles}?"
    if not reply.facts and not reply.suggestions:
        yield f"Interviewer: ({reply.kind})"
