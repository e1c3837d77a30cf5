"""At most two follow-ups a step, aimed at the weakest finding."""

from __future__ import annotations

from dataclasses import dataclass, replace

from coach import cases
from coach.assessment.answer import StepAnswer
from coach.assessment.assess import assess_step
from coach.interviewer import encoder
from coach.interviewer.follow_up import next_follow_up
from coach.models import Attempt, AttemptStep, Message, MessageKind
from coach.services.answers import spoken_text
from coach.services.ledger import told_symbols

MAX_FOLLOW_UPS = 2
ENOUGH_WORDS = 20
"""A shorter message is a remark; asking on would interrupt."""


@dataclass(frozen=True)
class FollowUp:
    """A question of the coach: ``number`` of at most two, ``finding`` the mistake id behind it."""

    text: str
    number: int
    finding: str


def follow_up_for(*, attempt: Attempt, step: AttemptStep, message: Message) -> FollowUp | None:
    """Return the next follow-up to what was said in this step, or None when none is due."""
    if len(message.text.split()) < ENOUGH_WORDS:
        return None
    asked = list(
        Message.objects.filter(attempt=attempt, step=step.step, kind=MessageKind.FOLLOW_UP)
        .order_by("id")
        .values_list("text", flat=True)
    )
    if len(asked) >= MAX_FOLLOW_UPS:
        return None
    case = cases.case_of(attempt.case_key)
    report = assess_step(
        replace(cases.context_of(attempt.case_key), told=told_symbols(attempt)),
        StepAnswer(step=step.step, text=spoken_text(attempt, step.step), artefact=step.artefact),
    )
    chosen = next_follow_up(
        step.step,
        report.findings,
        authored=case.steps[step.step].follow_ups,
        asked=asked,
        encoder=encoder.get_encoder(),
    )
    if chosen is None:
        return None
    return FollowUp(text=chosen.question, number=len(asked) + 1, finding=chosen.finding)
