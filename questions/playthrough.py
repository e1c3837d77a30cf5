"""A case as somebody other than its author played it, before it was published.

Two scripted students: one who asks and reasons well, one in a hurry who walks into a trap that
the case sets. Both were written from what a student sees, before the assessment was run on them;
docs/cases.md lists where it disagrees. A case without a playthrough stays a draft.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path as FilePath
from typing import Any, Literal, Self

from questions.case import Case, CaseDataError
from questions.case_build import BROKEN, Fault, Path, build
from questions.case_file import CaseFileError, Problem, nearest_line, read_built

FOLDER = "playthroughs"
FEWEST_ASKED = 3


@dataclass(frozen=True)
class Script:
    """What one student asks while clarifying, and writes in each step."""

    answers: Mapping[str, str]
    asks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Playthrough:
    """Both scripts. The careless one falls into `trap` and should be told of `mistakes`.

    `found` is what the player noticed as an interviewer would: what works, what does not.
    """

    schema: Literal[1]
    case: str
    found: str
    good: Script
    careless: Script
    trap: str
    mistakes: tuple[str, ...]

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Read the data of a playthrough file. Raises CaseDataError with all faults."""
        faults: list[Fault] = []
        built = build(cls, data, (), faults)
        if faults or built is BROKEN:
            raise CaseDataError(tuple(faults))
        played: Self = built
        return played


def playthrough_path(case_path: FilePath) -> FilePath:
    """Return where the playthrough of a case file lies, whether or not it is there."""
    return case_path.parent / FOLDER / case_path.name


def read_playthrough(path: FilePath, case: Case) -> Playthrough:
    """Return the playthrough of a case.

    Raises:
        CaseFileError: with every problem of the file, also where it does not fit the case.
    """
    played, lines = read_built(path, Playthrough.from_dict)
    problems = tuple(
        Problem(str(path), nearest_line(lines, where), message, remedy)
        for where, message, remedy in _misfits(played, case)
    )
    if problems:
        raise CaseFileError(problems)
    return played


def _misfits(played: Playthrough, case: Case) -> Iterator[tuple[Path, str, str]]:
    """What of a playthrough does not fit its case: path, message, remedy."""
    if played.case != case.slug:
        yield ("case",), f"case is {played.case}", f"write {case.slug}"
    for name, script in (("good", played.good), ("careless", played.careless)):
        yield from _misfits_of_script(name, script, case)
    if len(played.good.asks) < FEWEST_ASKED:
        remedy = f"write at least {FEWEST_ASKED} questions"
        yield ("good", "asks"), f"the good student asks {len(played.good.asks)}", remedy
    trap = next((trap for trap in case.traps if trap.id == played.trap), None)
    if trap is None:
        names = ", ".join(trap.id for trap in case.traps)
        yield ("trap",), f"the case has no trap {played.trap}", f"use one of: {names}"
        return
    foreign = sorted(set(played.mistakes) - set(trap.mistakes))
    if foreign or not played.mistakes:
        remedy = f"use some of: {', '.join(trap.mistakes)}"
        yield ("mistakes",), f"the trap {trap.id} does not name {', '.join(foreign)}", remedy


def _misfits_of_script(name: str, script: Script, case: Case) -> Iterator[tuple[Path, str, str]]:
    for step in case.step_ids:
        if step not in script.answers:
            yield (name, "answers"), f"{name} does not answer {step}", f"write {step}:"
    for step in script.answers:
        if step not in case.step_ids:
            steps = ", ".join(case.step_ids)
            yield (name, "answers", step), f"the case has no step {step}", f"its steps: {steps}"
