"""What stands below a question: how people do, who asked it, what is near, and the discussion."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from questions import standing
from questions.models import Question
from questions.selectors import discussion, interest
from questions.standing import ENOUGH_PEOPLE
from questions.talk_forms import AskedForm, CommentForm, ReplyForm


@dataclass(frozen=True)
class Typed:
    """A form that did not go through, to be shown as it was typed; a reply names its parent."""

    comment: CommentForm | None = None
    reply: ReplyForm | None = None
    reply_to: int | None = None
    asked: AskedForm | None = None


def below(request: HttpRequest, question: Question, typed: Typed | None) -> dict[str, Any]:
    """Return what the parts below a question show. At most 13 queries, however much is there."""
    typed = typed or Typed()
    known, opened = standing.source(), standing.shelf_for(request)
    reader = discussion.reader_of(request, question.pk)
    context: dict[str, Any] = {
        "talk": discussion.discussion(question, reader, request.GET.get("page")),
        "results": known.results(question.pk) if known else None,
        "enough_people": ENOUGH_PEOPLE,
        "asked_by": interest.asked_by(question),
        "related": interest.related_questions(opened, question.pk),
    }
    if reader.user is not None:
        context |= {
            "asked_of": interest.asked_of(question, reader.user),
            "companies": interest.companies_known(),
            "asked_form": typed.asked or AskedForm(auto_id="asked_%s"),
            "comment_form": typed.comment or CommentForm(auto_id="comment_%s"),
            "reply_form": typed.reply,
            "reply_to": typed.reply_to,
        }
    return context
