"""What the practice page shows: steps, conversation, artefact, ledger, feedback."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.urls import reverse
from django.utils import timezone

from coach import cases
from coach.artefact_form import artefact_context, links_of
from coach.models import (
    Answer,
    Attempt,
    AttemptStep,
    Author,
    CaseKey,
    Feedback,
    JobState,
    LedgerEntry,
    Message,
    MessageKind,
    Mode,
    ModelSuggestion,
)
from coach.selectors.language_model import reworded
from coach.selectors.unasked import report_of
from coach.services.attempts import DRILL_MINUTES
from coach.services.ledger import fact_lines
from questions.case import STEP_TITLES, Fact

HINT_LETTERS = {"small": "S", "medium": "M", "large": "L"}
MODE_WORDS = {Mode.GUIDED: "guided", Mode.MOCK: "mock interview", Mode.DRILL: "drill"}


@dataclass(frozen=True)
class StepFeedback:
    """Feedback on the latest answer of a step, or where it stands."""

    answer: Answer
    feedback: Feedback | None
    state: str
    """A JobState."""

    @property
    def report(self) -> dict[str, Any]:
        """The report as far as it may be told; empty while there is none."""
        if self.feedback is None:
            return {}
        return report_of(self.answer.attempt, self.feedback).to_dict()


def budget_minutes(attempt: Attempt, step: str) -> float:
    """Return the minutes a step has, with the extra time of a mock interview."""
    case = cases.case_of(attempt.case_key)
    minutes = DRILL_MINUTES if attempt.mode == Mode.DRILL else case.steps[step].minutes
    return minutes * (1 + attempt.extra_time / 100)


def clock(seconds: float) -> str:
    """Return seconds as minutes and seconds: 4:05."""
    minutes, rest = divmod(int(seconds), 60)
    return f"{minutes}:{rest:02d}"


def step_rows(attempt: Attempt, rows: Sequence[AttemptStep], current: str) -> list[dict[str, Any]]:
    """Return the list of steps as templates/components/step_list.html wants it."""
    return [_step_row(attempt, row, current) for row in rows]


def _step_row(attempt: Attempt, row: AttemptStep, current: str) -> dict[str, Any]:
    budget = budget_minutes(attempt, row.step) * 60
    done = row.submitted_at is not None
    state = "now" if row.step == current else "done" if done else "next"
    return {
        "number": row.position,
        "step": row.step,
        "title": STEP_TITLES[row.step],
        "url": reverse("practice-step", args=[attempt.pk, row.step]),
        "state": state,
        "done": done,
        "spent": clock(row.seconds) if done or state == "now" else "",
        "budget": f"{budget / 60:g} min",
        "elapsed": row.seconds,
        "budget_seconds": int(budget),
        "budget_words": clock(budget),
        "percent": min(round(100 * row.seconds / budget), 100) if budget else 0,
        "over": row.seconds > budget,
        "running": not done and not attempt.is_finished,
    }


def whole_clock(attempt: Attempt, rows: Sequence[AttemptStep]) -> str:
    """Return time spent of time budgeted over all steps."""
    spent = sum(row.seconds for row in rows)
    budget = sum(budget_minutes(attempt, row.step) * 60 for row in rows)
    return f"{clock(spent)} of {clock(budget)}"


def messages_of(attempt: Attempt, step: str, since: int = 0) -> list[Message]:
    """Return the messages of a step from the id ``since`` on; one query."""
    return list(attempt.messages.filter(step=step, pk__gte=since).defer("text"))


def unanswered(messages: Iterable[Message]) -> list[Message]:
    """Return the student's messages that the coach has not replied to."""
    replied = {message.reply_to_id for message in messages}
    return [m for m in messages if m.author == Author.STUDENT and m.pk not in replied]


def stream(attempt: Attempt, messages: Iterable[Message]) -> list[dict[str, Any]]:
    """Return messages ready to draw, as templates/practice/_messages.html wants them."""
    said = list(messages)
    again = reworded(m.pk for m in said if m.kind == MessageKind.FOLLOW_UP)
    return [_shown(attempt.case_key, m, again.get(m.pk)) for m in said]


def _shown(key: CaseKey, message: Message, again: ModelSuggestion | None) -> dict[str, Any]:
    """Every key is there for each message: Django searches long for one that is missing."""
    data, at = message.data, timezone.localtime(message.created_at)
    return {
        "id": message.pk,
        "who": "you" if message.author == Author.STUDENT else "coach",
        "kind": message.kind,
        "html": message.html,
        "iso": at.isoformat(),
        "day": f"{at.day} {at:%B %Y, %H:%M}",
        "time": f"{at:%H:%M}",
        "uuid": str(message.client_id),
        "facts": [fact_card(key, fact_id) for fact_id in data.get("facts", ())],
        "suggestions": _facts(key, data.get("suggestions", ())),
        "note": (
            f"follow-up {data.get('number', 1)} of 2"
            if message.kind == MessageKind.FOLLOW_UP
            else ""
        ),
        "again": again,
        "size": HINT_LETTERS[data["size"]] if message.kind == MessageKind.HINT else "",
    }


def _facts(key: CaseKey, fact_ids: Iterable[str]) -> list[Fact]:
    return [cases.case_of(key).fact(fact_id) for fact_id in fact_ids]


@lru_cache(maxsize=2_000)
def fact_card(key: CaseKey, fact_id: str) -> dict[str, Any]:
    """Return a fact of a case version as templates/components/fact_card.html wants it."""
    case = cases.case_of(key)
    fact = case.fact(fact_id)
    lines = fact_lines(case, fact)
    return {
        "id": fact.id,
        "title": fact.title,
        "figures": [{"label": label, "value": value} for _, label, value in lines if value],
        "changes": fact.impact,
        "matters": fact.why_it_matters,
    }


def ledger_groups(attempt: Attempt) -> list[dict[str, Any]]:
    """Return the ledger as templates/practice/_ledger.html wants it; one query."""
    entries = list(attempt.ledger.order_by("pk").values("id", "kind", "label", "value"))
    groups = []
    for kind, title in (
        (LedgerEntry.FACT, "Facts, asked and answered"),
        (LedgerEntry.ASSUMPTION, "Assumptions, yours"),
    ):
        if lines := [entry for entry in entries if entry["kind"] == kind]:
            groups.append(
                {"title": title, "entries": lines, "removable": kind == LedgerEntry.ASSUMPTION}
            )
    return groups


def latest_answers(attempt: Attempt) -> dict[str, Answer]:
    """Return the latest answer of each step, with its feedback and job; three queries."""
    answers = attempt.answers.select_related("job").prefetch_related("feedback").order_by("version")
    return {answer.step: answer for answer in answers}


def step_feedback(answer: Answer) -> StepFeedback:
    """Return where the feedback on an answer stands."""
    made = sorted(answer.feedback.all(), key=lambda feedback: feedback.pk)
    return StepFeedback(
        answer=answer,
        feedback=made[-1] if made else None,
        state=answer.job.state if hasattr(answer, "job") else JobState.DONE,
    )


def shows_feedback(attempt: Attempt) -> bool:
    """Say whether feedback may be shown now: a mock interview keeps it for the end."""
    return attempt.mode != Mode.MOCK or attempt.is_finished


def artefact_of(
    attempt: Attempt, rows: Sequence[AttemptStep], step: str, extra_rows: int = 0
) -> dict[str, Any] | None:
    """Return the step's artefact, ready to draw; ``key`` is all that the drawing depends on."""
    by_step = {row.step: row.artefact for row in rows}
    row = next(row for row in rows if row.step == step)
    links = links_of(step, by_step)
    context = artefact_context(
        step, row.artefact, links=links, read_cells=row.read_cells, extra_rows=extra_rows
    )
    if context is not None:
        context["key"] = repr((step, row.artefact, links, row.read_cells, extra_rows))
    return context


def known_symbols(attempt: Attempt) -> set[str]:
    """Return the symbols of the figures the student has been given."""
    keys = attempt.ledger.filter(kind=LedgerEntry.FACT).values_list("key", flat=True)
    return {key.partition(":")[2] for key in keys}
