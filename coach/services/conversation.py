"""The conversation: a message is stored first, then the coach answers it."""

from __future__ import annotations

import logging
import uuid
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from accounts import markdown
from coach import cases
from coach.assessment import parse
from coach.interviewer import engine, words
from coach.interviewer.engine import Memory, Reply
from coach.models import Attempt, AttemptStep, Author, HintUse, Message, MessageKind, Mode
from coach.services import ledger
from coach.services.attempts import attempt_touch
from coach.services.drafts import check_length
from coach.services.follow_ups import follow_up_for
from coach.services.language_model import rewording_owe
from coach.services.reading import merge_read

logger = logging.getLogger(__name__)

EMPTY = "Write a message first."
MAX_MESSAGES = 200
"""Messages of a student in one attempt."""
TOO_MANY = "This conversation has reached its 200 messages. Close the step and go on."
HINTS_CLOSED = "A mock interview has no hints."


def message_send(*, attempt: Attempt, step: str, text: str, client_id: uuid.UUID) -> Message:
    """Store a student's message and the coach's answer; the same ``client_id`` makes one of each.

    The message is committed before the coach thinks, so a fault in the reply loses nothing: the
    retry, or the next opening of the page, answers it.

    Raises:
        ValidationError: the text is empty or too long, or the conversation is full.
    """
    message = _store_student_message(attempt, step, check_length(text), client_id)
    reply_try(message=message)
    attempt_touch(attempt=attempt)
    return message


def reply_try(*, message: Message) -> bool:
    """Answer a student's message; a fault is logged, without the message, and the page goes on.

    Returns:
        Whether the coach could answer. If not, the next opening of the page tries again.
    """
    try:
        reply_ensure(message=message)
    except Exception:
        logger.exception("no reply to message %s", message.pk)
        return False
    return True


def reply_ensure(*, message: Message) -> None:
    """Answer a student's message unless it has been answered.

    The coach's messages take ids made from the student's, so two requests at the same moment
    cannot answer twice.
    """
    if message.replies.exists():
        return
    attempt = message.attempt
    reply = engine.reply(
        cases.fact_index_of(attempt.case_key),
        message.text,
        Memory(given=tuple(ledger.given_fact_ids(attempt))),
    )
    try:
        with transaction.atomic():
            _answer(attempt, message, reply)
    except IntegrityError:
        return


def hint_open(*, attempt: Attempt, step: str, size: str) -> Message:
    """Say a hint of one of three sizes, and record that it was used. Twice is once.

    Raises:
        ValidationError: mock mode, or a size that is none.
    """
    if attempt.mode == Mode.MOCK:
        raise ValidationError(HINTS_CLOSED, code="mock")
    hints = cases.case_of(attempt.case_key).steps[step].hints
    text = {"small": hints.small, "medium": hints.medium, "large": hints.large}.get(size)
    if text is None:
        raise ValidationError("Choose a small, medium or large hint.", code="size")
    with transaction.atomic():
        HintUse.objects.get_or_create(attempt=attempt, step=step, size=size)
        message, _ = Message.objects.get_or_create(
            attempt=attempt,
            client_id=uuid.uuid5(attempt.pk, f"hint:{step}:{size}"),
            defaults={
                "step": step,
                "author": Author.COACH,
                "kind": MessageKind.HINT,
                "text": text,
                "html": markdown.render(text),
                "data": {"size": size},
            },
        )
    return message


def _store_student_message(attempt: Attempt, step: str, text: str, client_id: uuid.UUID) -> Message:
    existing = Message.objects.filter(attempt=attempt, client_id=client_id).first()
    if existing:
        return existing
    if not text:
        raise ValidationError(EMPTY, code="empty")
    if attempt.messages.filter(author=Author.STUDENT).count() >= MAX_MESSAGES:
        raise ValidationError(TOO_MANY, code="full")
    try:
        with transaction.atomic():
            message = Message.objects.create(
                attempt=attempt,
                step=step,
                author=Author.STUDENT,
                text=text,
                html=markdown.render(text),
                client_id=client_id,
            )
            attempt.steps.filter(step=step).update(composer="")
    except IntegrityError:  # the same message arrived twice at the same moment
        return Message.objects.get(attempt=attempt, client_id=client_id)
    return message


def _answer(attempt: Attempt, message: Message, reply: Reply) -> None:
    """Write everything the coach says to a message, in one transaction."""
    step = attempt.steps.select_for_update().get(step=message.step)
    new_facts = [match.id for match in reply.facts if not match.already_given]
    ledger.facts_record(attempt=attempt, step=step.step, fact_ids=new_facts)
    noted = ledger.assumptions_record(
        attempt=attempt, step=step.step, assumptions=reply.assumptions
    )
    only_asks = reply.kind != "statement" and not reply.assumptions
    if only_asks:
        Message.objects.filter(pk=message.pk).update(asks=True)
        message.asks = True
    said = _Sayings(attempt, message)
    facts = cases.interviewer_facts_of(attempt.case_key)
    blocks = words.render(reply, facts, message.text)
    spoken = "\n\n".join(block.text for block in blocks)
    if reply.kind != "statement":
        said.say(_kind_of(reply), spoken, facts=new_facts, suggestions=list(reply.suggestions))
        return
    read = _read_artefact(attempt, step, message.text)
    if read:
        said.say(MessageKind.READ, read)
    follow_up = follow_up_for(attempt=attempt, step=step, message=message)
    if follow_up:
        number = follow_up.number
        asked = said.say(
            MessageKind.FOLLOW_UP, follow_up.text, number=number, about=follow_up.finding
        )
        transaction.on_commit(lambda: rewording_owe(message=asked), robust=True)
    elif not read:
        said.say(MessageKind.TALK, _noted(noted, spoken))


class _Sayings:
    """Writes the coach's messages in reply to one message, with ids that follow from its id."""

    def __init__(self, attempt: Attempt, message: Message) -> None:
        self.attempt = attempt
        self.message = message
        self.count = 0

    def say(self, kind: MessageKind, text: str, **data: Any) -> Message:
        """Store one message of the coach."""
        message = Message.objects.create(
            attempt=self.attempt,
            step=self.message.step,
            author=Author.COACH,
            kind=kind,
            text=text,
            html=markdown.render(text),
            data={key: value for key, value in data.items() if value},
            client_id=uuid.uuid5(self.message.client_id, f"reply:{self.count}"),
            reply_to=self.message,
        )
        self.count += 1
        return message


def _kind_of(reply: Reply) -> MessageKind:
    return {
        "answer": MessageKind.FACTS,
        "suggest": MessageKind.SUGGEST,
        "unknown": MessageKind.UNKNOWN,
        "vague": MessageKind.UNKNOWN,
    }[reply.kind]


def _read_artefact(attempt: Attempt, step: AttemptStep, text: str) -> str:
    """Read rows from the student's prose into the step's artefact; return what to say about it."""
    context = cases.context_of(attempt.case_key)
    read = parse.read_artefact(step.step, text, context)
    merged, cells, count, row_name = merge_read(step, read)
    if not cells:
        return ""
    step.artefact = merged
    step.read_cells = cells
    step.save(update_fields=["artefact", "read_cells"])
    if not count:
        return "I read something from that into the form below. Change what I got wrong."
    noun = row_name if count == 1 else f"{row_name}s"
    return f"I read {count} {noun} from that. Change what I got wrong, then confirm."


def _noted(assumptions: int, spoken: str) -> str:
    if assumptions:
        return "Noted in the ledger. Go on." if assumptions == 1 else "Noted, all of them. Go on."
    return spoken or "Go on."
