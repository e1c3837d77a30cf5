"""Labelled answers, read as the assessment reads them: for fitting and for measuring."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from coach.assessment.answer import StepAnswer
from coach.assessment.assess import read, read_earlier
from coach.assessment.context import CaseContext, from_case, from_eval
from coach.assessment.reading import Reading
from coach.interviewer.encoder import Encoder
from questions.case_file import read_case

ANSWERS = Path(__file__).parent / "answers"
LIBRARY = Path(__file__).parents[3] / "questions" / "library"


@dataclass(frozen=True)
class Labelled:
    """A step's reading with the level a person gave it and the author who wrote and judged it."""

    author: str
    case: str
    reading: Reading
    level: int


def _read(
    context: CaseContext, answer: StepAnswer, earlier: dict[str, StepAnswer], encoder: Encoder
) -> Reading:
    before = read_earlier(context, earlier, encoder)
    return read(context, answer, before, encoder=encoder)[0]


def _of_set(author: str, data: Any, encoder: Encoder) -> Iterator[Labelled]:
    contexts = {slug: from_eval(slug, raw) for slug, raw in data["cases"].items()}
    for entry in data["answers"]:
        answer = StepAnswer(entry["step"], entry["text"])
        found = _read(contexts[entry["case"]], answer, {}, encoder)
        yield Labelled(author, f"{author} {entry['case']}", found, entry["level"])
    for entry in data["full_answers"]:
        earlier: dict[str, StepAnswer] = {}
        for step, text in entry["steps"].items():
            answer = StepAnswer(step, text)
            if step in entry["levels"]:
                found = _read(contexts[entry["case"]], answer, earlier, encoder)
                case = f"{author} {entry['case']}"
                yield Labelled(author, case, found, entry["levels"][step])
            earlier[step] = answer


def answer_sets(encoder: Encoder) -> Iterator[Labelled]:
    """Every step of the labelled answers; a file is an author."""
    for path in sorted(ANSWERS.glob("*.json")):
        yield from _of_set(path.stem, json.loads(path.read_text("utf-8")), encoder)


def library_examples(encoder: Encoder) -> Iterator[Labelled]:
    """The examples of levels 2, 3 and 4 that each case of the library carries for its steps."""
    for path in sorted(LIBRARY.glob("*.yaml")):
        case = read_case(path)
        context = replace(from_case(case), examples={})
        for step, guide in case.steps.items():
            examples = (guide.examples.level_2, guide.examples.level_3, guide.examples.level_4)
            for level, example in enumerate(examples, 2):
                answer = StepAnswer(step, example.text)
                yield Labelled("library", case.slug, _read(context, answer, {}, encoder), level)
