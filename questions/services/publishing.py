"""Publishing, retiring and bringing back a question. Attempts keep their case through all of it."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from questions.models import Question


@transaction.atomic
def question_publish(*, question: Question) -> None:
    """Let people open a draft or a scheduled question from now on.

    Raises:
        ValidationError: it has no case, it is out already, or it is retired.
    """
    locked = _locked(question)
    if locked.current_version_id is None:
        raise ValidationError(f"{locked} has no case yet.")
    if locked.state == "published":
        raise ValidationError(f"{locked} is published already.")
    if locked.state == "retired":
        raise ValidationError(f"{locked} is retired. Bring it back first.")
    locked.published_at = timezone.now()
    locked.save(update_fields=["published_at"])


@transaction.atomic
def question_retire(*, question: Question) -> None:
    """Show a question no longer, from now on. Attempts that were started go on.

    Raises:
        ValidationError: it is not published.
    """
    locked = _locked(question)
    if locked.state != "published":
        stands = "a draft" if locked.state == "draft" else locked.state
        raise ValidationError(f"{locked} is {stands}. Only a published question can retire.")
    locked.retired_at = timezone.now()
    locked.save(update_fields=["retired_at"])


@transaction.atomic
def question_bring_back(*, question: Question) -> None:
    """Undo a retirement, one that is still to come as well.

    Raises:
        ValidationError: it is not to retire.
    """
    locked = _locked(question)
    if locked.retired_at is None:
        raise ValidationError(f"{locked} is not retired.")
    locked.retired_at = None
    locked.save(update_fields=["retired_at"])


def _locked(question: Question) -> Question:
    return Question.objects.select_for_update(no_key=True).get(pk=question.pk)
