"""What people do in a discussion: write, reply, vote, change, delete, report; and moderation."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts.http import SignedInRequest, posted_from
from accounts.throttling import Limit, throttle, throttled
from questions import standing
from questions.models import Comment, CommentKind
from questions.selectors import discussion as read
from questions.selectors.bank import access_question
from questions.services import discussion as write
from questions.talk_forms import CommentForm, DecisionForm, ReplyForm, ReportForm
from questions.views.bank import question_page
from questions.views.below import Typed

COMMENTS = Limit("comment", count=10, seconds=600)
VOTES = Limit("comment-vote", count=30, seconds=60)
REPORTS = Limit("comment-report", count=10, seconds=3600)
PARENT_DIGITS = 15


@require_safe
def comment_open(request: HttpRequest, pk: int) -> HttpResponse:
    """Lead to a comment on its question's page, wherever in the discussion it stands."""
    comment, reader = read.access_comment(request, pk)
    return redirect(_place(comment, reader))


@login_required
@posted_from("question-detail", "slug")
def comment_add(request: SignedInRequest, slug: str) -> HttpResponse:
    """Write a comment, a question, or a reply to one; what cannot be taken stays as typed."""
    question = access_question(standing.questions_for(request), slug)
    reader = read.reader_of(request, question.pk)
    parent_id = _parent_id(request)
    try:
        parent = read.access_parent(question, reader, parent_id) if parent_id else None
    except Http404:
        return _left_alone(request, slug, write.GONE)
    if parent is None:
        form: ReplyForm = CommentForm(request.POST, auto_id="comment_%s")
        typed = Typed(comment=form)  # type: ignore[arg-type]  # made in the line above
    else:
        form = ReplyForm(request.POST, auto_id=f"reply_{parent.pk}_%s")
        typed = Typed(reply=form, reply_to=parent.pk)
    if not form.is_valid():
        return question_page(request, slug, typed)
    throttle(COMMENTS, f"user:{request.user.pk}")
    try:
        comment = write.comment_add(
            question=question,
            author=request.user,
            text=form.cleaned_data["text"],
            kind=form.cleaned_data.get("kind", ""),
            spoils=form.spoils,
            parent=parent,
        )
    except ValidationError as error:
        return _left_alone(request, slug, error.messages[0])
    messages.success(request, _said(comment, form.spoils))
    return redirect(_place(comment, reader))


@login_required
@require_http_methods(["GET", "POST"])
def comment_edit(request: SignedInRequest, pk: int) -> HttpResponse:
    """Change one's own words while there is time; the page also deletes them, which is all it does
    where the question is not open any more."""
    comment = read.access_own_comment(request, pk)
    is_open = _is_open(request, comment)
    if request.method == "POST" and not is_open:
        raise Http404
    entry = read.entry_of(comment, read.Reader(request.user))
    form = ReplyForm(
        request.POST if request.method == "POST" else None,
        initial={"text": comment.text, "is_open": not comment.spoils},
    )
    form.fields["text"].label = "Your words"
    if request.method == "POST" and form.is_valid():
        try:
            write.comment_edit(comment=comment, text=form.cleaned_data["text"], spoils=form.spoils)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, "Changed.")
            return redirect("comment-open", comment.pk)
    context = {"comment": comment, "entry": entry, "form": form, "is_open": is_open}
    return render(
        request, "questions/comment_edit.html", context, status=422 if form.errors else 200
    )


@login_required
@posted_from("comment-edit", "pk")
def comment_delete(request: SignedInRequest, pk: int) -> HttpResponse:
    """Delete one's own comment."""
    comment = read.access_own_comment(request, pk)
    write.comment_delete(comment=comment)
    messages.success(request, "Deleted.")
    if not _is_open(request, comment):
        return redirect("question-list")
    return redirect(f"{comment.question.get_absolute_url()}#discussion")


@login_required
@posted_from("comment-open", "pk")
@throttled(VOTES)
def comment_vote(request: SignedInRequest, pk: int) -> HttpResponse:
    """Find a comment useful, or take that back. htmx gets the button alone."""
    comment, reader = read.access_comment(request, pk)
    try:
        write.comment_vote(comment=comment, user=request.user)
    except ValidationError as error:
        messages.error(request, error.messages[0])
    if request.htmx:
        return render(request, "questions/_vote.html", {"entry": read.entry_of(comment, reader)})
    return redirect(_place(comment, reader))


@login_required
@require_http_methods(["GET", "POST"])
def comment_report(request: SignedInRequest, pk: int) -> HttpResponse:
    """Object to a comment, with a reason."""
    comment, reader = read.access_comment(request, pk)
    if reader.wrote(comment):
        raise Http404
    form = ReportForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        throttle(REPORTS, f"user:{request.user.pk}")
        try:
            write.comment_report(comment=comment, reporter=request.user, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(
                request, "Reported. A moderator looks at it, and you get a notice of the decision."
            )
            return redirect(f"{comment.question.get_absolute_url()}#discussion")
    context = {"entry": read.entry_of(comment, reader), "comment": comment, "form": form}
    return render(
        request, "questions/comment_report.html", context, status=422 if form.errors else 200
    )


@login_required
@require_safe
def moderation(request: SignedInRequest) -> HttpResponse:
    """The reported comments, for staff: what waits, or what was decided."""
    if not request.user.is_staff:
        raise Http404
    decided = request.GET.get("show") == "decided"
    queue = Paginator(read.moderation_queue(decided=decided), read.REPORTS_A_PAGE)
    page = queue.get_page(request.GET.get("page"))
    context = {
        "page": page,
        "decided": decided,
        "query": "show=decided&" if decided else "",
        "hides_from": read.REPORTS_THAT_HIDE,
    }
    return render(request, "questions/moderation.html", context)


@login_required
@posted_from("question-moderation")
def comment_decide(request: SignedInRequest, pk: int) -> HttpResponse:
    """Keep a reported comment, mark it as a spoiler, or hide it."""
    comment = read.access_reported(request.user, pk)
    form = DecisionForm(request.POST)
    if not form.is_valid():
        raise Http404
    try:
        write.comment_decide(comment=comment, moderator=request.user, **form.cleaned_data)
    except ValidationError as error:
        messages.error(request, error.messages[0])
    else:
        messages.success(request, "Decided. The writer and those who reported it are told.")
    tab = "?show=decided" if form.cleaned_data["again"] else ""
    return redirect(f"{reverse('question-moderation')}{tab}")


def _parent_id(request: HttpRequest) -> int:
    """Return the id of the comment that is replied to, 0 for none.

    Raises:
        Http404: what was sent is no id.
    """
    sent = request.POST.get("parent", "")
    if sent and not (sent.isascii() and sent.isdigit() and len(sent) <= PARENT_DIGITS):
        raise Http404
    return int(sent or 0)


def _left_alone(request: HttpRequest, slug: str, why: str) -> HttpResponse:
    """Show a reply to what was taken away meanwhile as a comment of its own, not yet posted.

    What it replied to may have become a spoiler, so that everybody reads it is ticked anew.
    """
    sent = request.POST.copy()
    sent["kind"] = CommentKind.COMMENT
    sent.pop("is_open", None)
    form = CommentForm(sent, auto_id="comment_%s")
    form.add_error(None, why)
    return question_page(request, slug, Typed(comment=form))


def _is_open(request: HttpRequest, comment: Comment) -> bool:
    """Whether the question of a comment is open to the asker."""
    return standing.questions_for(request).filter(pk=comment.question_id).exists()


def _place(comment: Comment, reader: read.Reader) -> str:
    number = read.page_of(comment, reader)
    page = f"?page={number}" if number > 1 else ""
    return f"{comment.question.get_absolute_url()}{page}#comment-{comment.pk}"


def _said(comment: Comment, spoils: bool) -> str:
    if not comment.spoils:
        return "It stands below, and everybody can read it."
    if not spoils:
        return "It stands below. It replies to a spoiler, so it opens together with that."
    return "It stands below, and opens for those who have handed in a step."
