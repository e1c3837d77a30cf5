"""Reading a discussion: who may read which words, and how it stands below a question.

A comment that gives something away is kept back from everybody who has not handed in a step of
the question; the coach knows who has (`questions.standing`). Words that are kept back never reach
a template: an `Entry` without words says why instead.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.core.paginator import Page, Paginator
from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.safestring import SafeString, mark_safe
from django.utils.timezone import now

from accounts.models import User
from questions import standing
from questions.models import Comment, CommentKind, CommentReport, CommentVote, Question

THREADS_A_PAGE = 20
REPORTS_A_PAGE = 20
EDIT_WINDOW = timedelta(minutes=15)
"""How long one's own words may be changed."""
FLAGS = ("spoils", "hidden_at", "deleted_at")
"""What a comment itself says about who reads it."""
REPORTS_THAT_HIDE = 3
"""So many open reports of different people hide a comment until a moderator has decided."""


@dataclass(frozen=True)
class Reader:
    """Who reads a discussion: nobody known, or a person; and whether they have handed in a step."""

    user: User | None = None
    has_submitted: bool = False

    @property
    def moderates(self) -> bool:
        """Whether this is one of the staff, who read and decide everything."""
        return self.user is not None and self.user.is_staff

    def wrote(self, comment: Comment) -> bool:
        """Whether a comment is this person's own."""
        return self.user is not None and comment.author_id == self.user.pk


@dataclass(frozen=True)
class Entry:
    """A comment as one reader sees it. `withheld` says why its words are not there: deleted,
    hidden (by a moderator), reported (until one has decided) or spoiler."""

    comment: Comment
    reader: Reader
    withheld: str = ""
    replies: tuple[Entry, ...] = ()
    is_voted: bool = False
    is_reported: bool = False

    @property
    def html(self) -> SafeString:
        """The words, rendered and cleaned when they were written; empty where they are withheld."""
        return mark_safe("" if self.withheld else self.comment.html)  # noqa: S308  accounts.markdown made it

    @property
    def is_own(self) -> bool:
        """Whether the reader wrote it."""
        return self.reader.wrote(self.comment)

    @property
    def is_spoiler(self) -> bool:
        """Whether it is kept back from those who have not handed in a step."""
        return is_spoiler(self.comment)

    @property
    def is_unanswered(self) -> bool:
        """Whether it is a question to which nobody else has replied."""
        return not self.withheld and self.comment.is_unanswered

    @property
    def shown_only_here(self) -> str:
        """Why others do not read what this reader does: hidden, reported or nothing."""
        return "" if self.withheld else _taken_away(self.comment)

    @property
    def may_act(self) -> bool:
        """Whether the reader may find it useful or report it: signed in, and not the writer."""
        readable = not self.withheld and not self.shown_only_here
        return readable and self.reader.user is not None and not self.is_own

    @property
    def may_be_answered(self) -> bool:
        """Whether the reader may reply: one level, and only to words that others read too."""
        readable = not self.withheld and not self.shown_only_here
        return readable and self.reader.user is not None and self.comment.parent_id is None

    @property
    def may_be_edited(self) -> bool:
        """Whether the reader may still change the words."""
        return self.is_own and is_editable(self.comment, self.comment.open_reports)


@dataclass(frozen=True)
class Discussion:
    """One page of a discussion, how many comments may be read, and how many open later."""

    page: Page[Comment]
    entries: tuple[Entry, ...]
    shown: int
    locked: int
    reader: Reader


def reader_of(request: HttpRequest, question_id: int) -> Reader:
    """Return who reads the discussion of a question."""
    known = standing.source()
    return Reader(
        user=request.user if request.user.is_authenticated else None,
        has_submitted=known is not None and known.has_submitted(request, question_id),
    )


def discussion(question: Question, reader: Reader, page: int | str | None = 1) -> Discussion:
    """Return a page of the discussion: open questions first, then by votes, then the newest.

    Five queries for a person and three for a visitor, however many comments there are, and one
    where there is none.
    """
    comments = _all_of(question)
    threads = Paginator(_threads(comments, reader), THREADS_A_PAGE).get_page(page)
    entries = _entries(comments, reader, threads.object_list)
    withheld = [_why_withheld(comment, reader) for comment in comments]
    return Discussion(
        page=threads,
        entries=entries,
        shown=withheld.count(""),
        locked=withheld.count("spoiler"),
        reader=reader,
    )


def entry_of(comment: Comment, reader: Reader) -> Entry:
    """Return one comment as a reader sees it, without its replies. Up to two queries."""
    return _entry(comment, reader, *_acts(reader, [comment.pk]))


def page_of(comment: Comment, reader: Reader) -> int:
    """Return the number, from 1, of the page on which a reader finds a comment or its thread."""
    threads = _threads(_all_of(comment.question), reader)
    thread_id = comment.parent_id or comment.pk
    places = {thread.pk: place for place, thread in enumerate(threads)}
    return places.get(thread_id, 0) // THREADS_A_PAGE + 1


def access_comment(request: HttpRequest, pk: int) -> tuple[Comment, Reader]:
    """Return a comment whose words somebody may read, and who they are.

    Raises:
        Http404: there is none, its question is not open to them, or its words are withheld.
    """
    comments = _with_reports(Comment.objects.select_related("question", "author", "parent"))
    open_questions = standing.questions_for(request).values("pk")
    comment = get_object_or_404(comments, pk=pk, question__in=open_questions)
    reader = reader_of(request, comment.question_id)
    if _why_withheld(comment, reader):
        raise Http404
    return comment, reader


def access_own_comment(request: HttpRequest, pk: int) -> Comment:
    """Return a comment of the person who asks, also where its question is not open to them any
    more: what they said stays theirs to delete.

    Raises:
        Http404: there is none, it is deleted, or somebody else wrote it.
    """
    if not request.user.is_authenticated:
        raise Http404
    comments = Comment.objects.filter(author=request.user, deleted_at=None)
    comments = _with_reports(comments.select_related("question", "author", "parent"))
    return get_object_or_404(comments, pk=pk)


def access_parent(question: Question, reader: Reader, pk: int) -> Comment:
    """Return the comment below a question that somebody may reply to.

    Raises:
        Http404: there is none there, it is a reply itself, or its words are withheld.
    """
    comments = _with_reports(Comment.objects.filter(question=question, parent=None))
    comment = get_object_or_404(comments, pk=pk)
    if _why_withheld(comment, reader) or _taken_away(comment):
        raise Http404
    return comment


def access_reported(user: User, pk: int) -> Comment:
    """Return a comment that was reported, for a moderator.

    Raises:
        Http404: there is none, nobody reported it, its writer deleted it, or the asker is no
            moderator.
    """
    if not user.is_staff:
        raise Http404
    reported = Comment.objects.filter(reports__isnull=False, deleted_at=None).distinct()
    return get_object_or_404(reported.select_related("question", "author"), pk=pk)


def moderation_queue(*, decided: bool = False) -> QuerySet[Comment]:
    """Return the reported comments: those that wait, the most reported first; or the decided ones,
    the latest first. The reports of each are read along."""
    comments = _with_reports(Comment.objects.filter(deleted_at=None))
    comments = comments.select_related("question", "author").prefetch_related("reports")
    if not decided:
        waiting = comments.filter(Q(open_reports__gt=0))
        return waiting.order_by(F("open_reports").desc(), "created_at", "id")
    latest = CommentReport.objects.filter(comment=OuterRef("pk"), decided_at__isnull=False)
    last = latest.order_by("-decided_at").values("decided_at")[:1]
    return (
        comments.filter(Q(open_reports=0))
        .annotate(last_decided=Subquery(last))
        .filter(last_decided__isnull=False)
        .order_by("-last_decided", "-id")
    )


def is_spoiler(comment: Comment) -> bool:
    """Whether a comment, or the one it replies to, gives something away."""
    return comment.spoils or (comment.parent is not None and comment.parent.spoils)


def is_editable(comment: Comment, objections: int) -> bool:
    """Whether its writer may still change it: a quarter of an hour, unless it was taken away or
    some objections wait for a decision."""
    is_young = now() - comment.created_at <= EDIT_WINDOW
    return is_young and comment.is_shown and not objections


def _with_reports(comments: QuerySet[Comment]) -> QuerySet[Comment]:
    """Count how many people's reports on each comment wait for a decision: `open_reports`."""
    waiting = CommentReport.objects.filter(comment=OuterRef("pk"), decided_at=None).order_by()
    number = waiting.values("comment").annotate(n=Count("reporter", distinct=True)).values("n")
    count = Coalesce(Subquery(number), 0)
    return comments.annotate(open_reports=count)  # type: ignore[no-redef]  # it fills the attribute


def _all_of(question: Question) -> list[Comment]:
    """All comments of a question without their words, with reports counted and parents set. Two
    queries, one where there is none. A reply is left out where its parent is not among them:
    nobody could say whether that gives something away."""
    comments = list(Comment.objects.filter(question=question).defer("text", "html"))
    if not comments:
        return []
    waiting = CommentReport.objects.filter(comment__question=question, decided_at=None).order_by()
    reports = Counter(pk for pk, _ in waiting.values_list("comment", "reporter").distinct())
    by_id = {comment.pk: comment for comment in comments}
    found = []
    for comment in comments:
        comment.open_reports = reports[comment.pk]
        if comment.parent_id is not None:
            if (parent := by_id.get(comment.parent_id)) is None:
                continue
            comment.parent = parent
        found.append(comment)
    return found


def _threads(comments: Sequence[Comment], reader: Reader) -> list[Comment]:
    """Those that are no replies and have words, or replies with words, for this reader: open
    questions first, then by votes, then the newest."""
    below = _below(comments)
    threads = []
    for comment in comments:
        replies = below[comment.pk]
        if comment.parent_id is None and any(
            not _why_withheld(each, reader) for each in (comment, *replies)
        ):
            comment.is_unanswered = comment.kind == CommentKind.QUESTION and not any(
                _answers(reply, comment) for reply in replies
            )
            threads.append(comment)
    return sorted(
        threads, key=lambda each: (each.is_unanswered, each.score, each.created_at, each.pk)
    )[::-1]


def _below(comments: Iterable[Comment]) -> defaultdict[int, list[Comment]]:
    """The replies to each comment, the most useful and then the earliest first."""
    below: defaultdict[int, list[Comment]] = defaultdict(list)
    for comment in sorted(comments, key=lambda each: (-each.score, each.created_at, each.pk)):
        if comment.parent_id is not None:
            below[comment.parent_id].append(comment)
    return below


def _answers(reply: Comment, comment: Comment) -> bool:
    """Whether a reply that is there comes from somebody else; from whoever left, it does."""
    return reply.is_shown and (reply.author_id is None or reply.author_id != comment.author_id)


def _entries(
    comments: Sequence[Comment], reader: Reader, threads: Iterable[Comment]
) -> tuple[Entry, ...]:
    """Put the replies that this reader may read below their threads.

    Whose words may be read is decided once more when they are there, for somebody may have
    changed them since: then a reply, or a thread without replies, is left out.
    """
    below = _below(each for each in comments if not _why_withheld(each, reader))
    shown = {each.pk: each for thread in threads for each in (thread, *below[thread.pk])}
    _read_words(shown)
    voted, reported = _acts(reader, list(shown))

    def entries(each: Iterable[Comment]) -> Iterable[Entry]:
        made = (
            _entry(comment, reader, voted, reported, entries(below[comment.pk])) for comment in each
        )
        return (entry for entry in made if entry.replies or not entry.withheld)

    return tuple(entries(each for each in shown.values() if each.parent_id is None))


def _read_words(comments: Mapping[int, Comment]) -> None:
    """Fill in what comments say and who wrote them, and with the same look all that decides who
    reads it: what gives something away and what was taken away. A comment whose row is gone counts
    as deleted. One query."""
    if not comments:
        return
    rows = Comment.objects.filter(pk__in=comments).select_related("author", "parent")
    read = {row.pk: row for row in rows.only("html", "author", *FLAGS, "parent__spoils")}
    for pk, comment in comments.items():
        if (row := read.get(pk)) is None:
            comment.deleted_at = now()
            continue
        comment.html, comment.author = row.html, row.author
        for flag in FLAGS:
            setattr(comment, flag, getattr(row, flag))
        if comment.parent is not None and row.parent is not None:
            comment.parent.spoils = row.parent.spoils


def _entry(
    comment: Comment,
    reader: Reader,
    voted: frozenset[int],
    reported: frozenset[int],
    replies: Iterable[Entry] = (),
) -> Entry:
    return Entry(
        comment=comment,
        reader=reader,
        withheld=_why_withheld(comment, reader),
        replies=tuple(replies),
        is_voted=comment.pk in voted,
        is_reported=comment.pk in reported,
    )


def _acts(reader: Reader, ids: Sequence[int]) -> tuple[frozenset[int], frozenset[int]]:
    """Return which of some comments the reader voted for and which they have open reports on."""
    if reader.user is None or not ids:
        return frozenset(), frozenset()
    votes = CommentVote.objects.filter(user=reader.user, comment__in=ids)
    reports = CommentReport.objects.filter(reporter=reader.user, comment__in=ids, decided_at=None)
    return (
        frozenset(votes.values_list("comment_id", flat=True)),
        frozenset(reports.values_list("comment_id", flat=True)),
    )


def _why_withheld(comment: Comment, reader: Reader) -> str:
    """Return why a reader does not get a comment's words, or nothing."""
    if comment.deleted_at is not None:
        return "deleted"
    if reader.moderates or reader.wrote(comment):
        return ""
    if taken_away := _taken_away(comment):
        return taken_away
    return "spoiler" if is_spoiler(comment) and not reader.has_submitted else ""


def _taken_away(comment: Comment) -> str:
    if comment.hidden_at is not None:
        return "hidden"
    return "reported" if comment.open_reports >= REPORTS_THAT_HIDE else ""
