"""Writing a discussion: comments, votes, reports, and what moderators decide."""

from __future__ import annotations

from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db import transaction
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.timezone import now

from accounts import markdown
from accounts.models import User
from accounts.services import notice_create
from questions.models import (
    Comment,
    CommentKind,
    CommentReport,
    CommentVote,
    Decision,
    Question,
    ReportReason,
)
from questions.selectors.discussion import REPORTS_THAT_HIDE, is_editable

MAX_TEXT = 4000
MAX_NOTE = 300
TITLE_IN_NOTICE = 60
EMPTY = "Write something first."
TOO_LONG = "Use at most {most:,} characters; these are {length:,}."
GONE = "The comment you replied to is not there any more. Your words can stand on their own."
ONE_LEVEL = "A reply has no replies of its own. Reply to the comment above it."
TOO_LATE = (
    "Words can be changed for 15 minutes and only while nobody has objected to them. You can still "
    "delete the comment."
)
OWN_VOTE = "This is your own. Others say whether it is useful."
OWN_REPORT = "This is your own. You can delete it instead."
REPORTED_ALREADY = "You have reported this. A moderator will look at it."
DECIDED_BEFORE = (
    "You reported this before, and a moderator has decided. You find it in your notices."
)
OWN_DECISION = "This is your own comment. A colleague has to decide."
DECIDED_ALREADY = "A colleague has just decided this."

DECISION_WORDS = {
    Decision.KEPT: "it stays as it is",
    Decision.MARKED: "it is marked as a spoiler now",
    Decision.HIDDEN: "it is hidden now",
}


@transaction.atomic
def comment_add(
    *,
    question: Question,
    author: User,
    text: str,
    kind: str = CommentKind.COMMENT,
    spoils: bool = True,
    parent: Comment | None = None,
) -> Comment:
    """Write a comment or a question, or a reply to one. What replies to a spoiler is one too.

    Raises:
        ValidationError: there are no words or too many (``MAX_TEXT``), the parent is a reply, or
            it was deleted or hidden meanwhile (code "gone").
    """
    if parent is not None:
        parent = _held_parent(parent, question)
    text = _bounded(text)
    return Comment.objects.create(
        question=question,
        parent=parent,
        author=author,
        kind=CommentKind.COMMENT if parent else kind,
        text=text,
        html=markdown.render(text),
        spoils=spoils or (parent is not None and parent.spoils),
    )


def _held_parent(parent: Comment, question: Question) -> Comment:
    """Return a comment that is replied to as it is now, held on to until the reply is stored."""
    if parent.parent_id or parent.question_id != question.pk:
        raise ValidationError(ONE_LEVEL, code="level")
    shown = Comment.objects.filter(deleted_at=None, hidden_at=None)
    held = shown.select_for_update().filter(pk=parent.pk).first()
    if held is None:
        raise ValidationError(GONE, code="gone")
    return held


def _held(comment: Comment, *with_: str) -> Comment:
    """Return a comment as it is now, with some of what belongs to it, held on to until all is
    stored.

    Raises:
        Http404: it was deleted meanwhile.
    """
    there = Comment.objects.filter(deleted_at=None).select_for_update(of=("self",))
    return get_object_or_404(there.select_related(*with_) if with_ else there, pk=comment.pk)


@transaction.atomic
def comment_edit(*, comment: Comment, text: str, spoils: bool) -> Comment:
    """Change one's own words within the time for it. What a moderator marked stays marked.

    Raises:
        ValidationError: the time is over or somebody objected (code "late"); or the words are none
            or too many.
        Http404: it was deleted meanwhile.
    """
    comment = _held(comment, "parent")
    if not is_editable(comment, comment.reports.filter(decided_at=None).count()):
        raise ValidationError(TOO_LATE, code="late")
    marked = comment.reports.filter(decision=Decision.MARKED).exists()
    comment.text = _bounded(text)
    comment.html = markdown.render(comment.text)
    comment.spoils = spoils or marked or (comment.parent is not None and comment.parent.spoils)
    comment.edited_at = now()
    comment.save(update_fields=["text", "html", "spoils", "edited_at"])
    return comment


@transaction.atomic
def comment_delete(*, comment: Comment) -> None:
    """Delete one's own comment. With replies below it, it keeps its place without its words; a
    place that loses its last reply goes too.

    Raises:
        Http404: it was deleted meanwhile.
    """
    comment = _held(comment)
    if comment.replies.exists():
        comment.delete_words()
        comment.reports.filter(decided_at=None).delete()
        return
    parent_id = comment.parent_id
    comment.delete()
    if parent_id is not None:
        place = Comment.objects.filter(pk=parent_id, deleted_at__isnull=False)
        place.filter(replies__isnull=True).delete()


@transaction.atomic
def comment_vote(*, comment: Comment, user: User) -> bool:
    """Find a comment useful, or take that back; return whether it is found useful now.

    Raises:
        ValidationError: it is one's own.
        Http404: it was deleted meanwhile.
    """
    if comment.author_id == user.pk:
        raise ValidationError(OWN_VOTE, code="own")
    locked = _held(comment)
    vote, is_new = CommentVote.objects.get_or_create(comment=locked, user=user)
    if not is_new:
        vote.delete()
    locked.score = comment.score = locked.votes.count()
    locked.save(update_fields=["score"])
    return is_new


@transaction.atomic
def comment_report(
    *, comment: Comment, reporter: User, reason: str, note: str = ""
) -> CommentReport:
    """Object to a comment. The third person's open report hides it until a moderator decides.

    Raises:
        ValidationError: it is one's own, one has reported it already, or a moderator has decided
            on one's report and the words have not changed since.
        Http404: it was deleted meanwhile.
    """
    if comment.author_id == reporter.pk:
        raise ValidationError(OWN_REPORT, code="own")
    if reason not in ReportReason.values:
        raise ValidationError("Choose a reason.", code="reason")
    locked = _held(comment)
    earlier = locked.reports.filter(reporter=reporter)
    if earlier.filter(decided_at=None).exists():
        raise ValidationError(REPORTED_ALREADY, code="conflict")
    since = locked.edited_at or locked.created_at
    if earlier.filter(decided_at__gte=since).exists():
        raise ValidationError(DECIDED_BEFORE, code="conflict")
    report = CommentReport.objects.create(
        comment=locked, reporter=reporter, reason=reason, note=note[:MAX_NOTE]
    )
    waiting = locked.reports.filter(decided_at=None).count()
    if waiting == REPORTS_THAT_HIDE and locked.hidden_at is None:
        _tell_writer(locked, "is hidden until a moderator has looked at it: three people object.")
    return report


@transaction.atomic
def comment_decide(
    *, comment: Comment, moderator: User, decision: str, again: bool = False
) -> Comment:
    """Decide on a reported comment: keep it, mark it as a spoiler, or hide it. Its writer is told
    when something changes for others, and everybody who reported it is told what was decided.

    Args:
        again: change an earlier decision; otherwise there must be an open report.

    Raises:
        ValidationError: it is the moderator's own comment, or a colleague was first (code
            "conflict").
        Http404: it was deleted meanwhile.
    """
    choice = Decision(decision)
    if comment.author_id == moderator.pk:
        raise ValidationError(OWN_DECISION, code="own")
    comment = _held(comment, "question", "author")
    waiting = list(comment.reports.filter(decided_at=None).select_related("reporter"))
    if not waiting and not again:
        raise ValidationError(DECIDED_ALREADY, code="conflict")
    was_hidden = comment.hidden_at is not None or len(waiting) >= REPORTS_THAT_HIDE
    was_marked = comment.spoils
    _apply(comment, choice)
    reports = waiting or list(comment.reports.select_related("reporter"))
    comment.reports.filter(pk__in=[report.pk for report in reports]).update(
        decision=choice, decided_at=now(), decided_by=moderator
    )
    _tell_writer(comment, _what_changed(comment, choice, reports, was_hidden, was_marked))
    _tell_reporters(comment, choice, reports)
    return comment


def _apply(comment: Comment, decision: Decision) -> None:
    comment.hidden_at = now() if decision == Decision.HIDDEN else None
    comment.spoils = comment.spoils or decision == Decision.MARKED
    comment.save(update_fields=["hidden_at", "spoils"])


def _what_changed(
    comment: Comment,
    decision: Decision,
    reports: Sequence[CommentReport],
    was_hidden: bool,
    was_marked: bool,
) -> str:
    """Return what the writer is told; nothing when nothing changed for those who read."""
    if decision == Decision.HIDDEN:
        return f"was hidden by a moderator. Reported as: {reports[0].get_reason_display()}."
    if decision == Decision.MARKED and not was_marked:
        return "was marked as a spoiler: it opens for those who have handed in a step."
    return "is shown again: a moderator has looked at it." if was_hidden else ""


def _tell_writer(comment: Comment, words: str) -> None:
    if words and comment.author is not None:
        notice_create(
            user=comment.author,
            text=f"Your comment on “{_title(comment)}” {words}",
            url=_url(comment),
        )


def _tell_reporters(comment: Comment, decision: Decision, reports: Sequence[CommentReport]) -> None:
    text = f"You reported a comment on “{_title(comment)}”: {DECISION_WORDS[decision]}. Thank you."
    for person in {report.reporter for report in reports}:
        notice_create(user=person, text=text, url=comment.question.get_absolute_url())


def _title(comment: Comment) -> str:
    return Truncator(comment.question.title).chars(TITLE_IN_NOTICE)


def _url(comment: Comment) -> str:
    return reverse("comment-open", args=[comment.pk])


def _bounded(text: str) -> str:
    text = text.replace("\r\n", "\n").replace("\x00", "").strip()
    if not text:
        raise ValidationError(EMPTY, code="empty")
    if len(text) > MAX_TEXT:
        raise ValidationError(TOO_LONG.format(most=MAX_TEXT, length=len(text)), code="length")
    return text
