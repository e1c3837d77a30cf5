"""Playing a case without a site: what the interviewer answers, what the assessment says.

For authors, for whoever plays a case before it is published, and for docs/cases.md. No database.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from coach.assessment.answer import StepAnswer
from coach.assessment.assess import assess_step
from coach.assessment.context import from_case
from coach.assessment.lab import for_case
from coach.assessment.report import StepReport
from coach.interviewer import engine
from coach.interviewer.encoder import Encoder, TokenEncoder
from coach.interviewer.engine import Memory, Reply
from coach.interviewer.facts import Fact
from coach.interviewer.index import FactIndex
from questions.case import Case
from questions.playthrough import Script

LEVELS = (2, 3, 4)
"""The levels a case shows an example of, in every step."""


@dataclass(frozen=True)
class Unreachable:
    """A way of asking for a fact that does not bring it. `position` counts the asks from 0."""

    fact: str
    position: int
    ask: str
    got: str


@dataclass(frozen=True)
class PlayedStep:
    """One step of a script as the assessment saw it. `told` are the ids of its findings."""

    step: str
    level: int
    gate: str
    told: frozenset[str]


def index_of(case: Case, encoder: TokenEncoder | None) -> FactIndex:
    """Return the interviewer's index over the fact sheet of a case."""
    return FactIndex.build(facts_of(case), encoder)


def facts_of(case: Case) -> tuple[Fact, ...]:
    """Return the fact sheet of a case as the interviewer reads it."""
    return tuple(
        Fact(
            id=fact.id,
            title=fact.title,
            question=fact.ask[0],
            answer=fact.answer,
            aliases=tuple(fact.ask[1:]),
        )
        for fact in case.facts
    )


def ask(index: FactIndex, questions: Iterator[str]) -> Iterator[Reply]:
    """Return the interviewer's reply to each question of one conversation."""
    memory = Memory()
    for question in questions:
        reply = engine.reply(index, question, memory)
        memory = memory.after(reply)
        yield reply


def unreachable(case: Case, index: FactIndex) -> Iterator[Unreachable]:
    """Return each way of asking, of the fact sheet's own, that does not bring its fact."""
    for fact in case.facts:
        for position, question in enumerate(fact.ask):
            reply = engine.reply(index, question)
            got = [match.id for match in reply.facts]
            if fact.id not in got:
                yield Unreachable(fact.id, position, question, ", ".join(got) or reply.kind)


def play(case: Case, script: Script, encoder: Encoder | None) -> tuple[PlayedStep, ...]:
    """Return what the assessment makes of each step, knowing the steps before it.

    As on the site, what was asked while clarifying is part of that step's answer.
    """
    first = case.step_ids[0]
    asked = "\n\n".join([*script.asks, script.answers[first]])
    return assess_in_order(case, {**script.answers, first: asked}, encoder)


def play_examples(case: Case, encoder: Encoder | None) -> Mapping[int, tuple[PlayedStep, ...]]:
    """Return the same for the three imagined students of the case's examples, by their level."""
    return {
        level: assess_in_order(
            case,
            {step: getattr(g.examples, f"level_{level}").text for step, g in case.steps.items()},
            encoder,
        )
        for level in LEVELS
    }


def assess_in_order(
    case: Case, texts: Mapping[str, str], encoder: Encoder | None
) -> tuple[PlayedStep, ...]:
    """Return the assessment of one student's texts, step by step in the order of the case."""
    # An example is not told that it is a copy of itself.
    context, check_numbers = replace(from_case(case), examples={}), for_case(case)
    earlier: dict[str, StepAnswer] = {}
    played: list[PlayedStep] = []
    for step in case.step_ids:
        answer = StepAnswer(step, texts[step])
        report = assess_step(context, answer, earlier, check_numbers=check_numbers, encoder=encoder)
        earlier[step] = answer
        played.append(_played(report))
    return tuple(played)


def _played(report: StepReport) -> PlayedStep:
    told = frozenset(finding.id for finding in report.findings)
    return PlayedStep(report.step, report.level, report.gate.kind if report.gate else "", told)
