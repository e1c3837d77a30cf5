"""Pages of a person's own lists. Nobody else sees them; every form works without a script."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts.http import SignedInRequest
from accounts.throttling import Limit, throttled
from questions import standing
from questions.list_forms import ListForm, NoteForm, PutForm
from questions.models import Collection, Question
from questions.selectors import collection as read
from questions.selectors.bank import access_question
from questions.services import saved_lists as write

CHANGES = Limit("saved-lists", count=120, seconds=60)
GET_OR_POST = ["GET", "HEAD", "POST"]


@login_required
@require_http_methods(GET_OR_POST)
@throttled(CHANGES)
def list_index(request: SignedInRequest) -> HttpResponse:
    """One's lists, and a form for a new one."""
    form = ListForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            made = write.list_make(owner=request.user, **form.cleaned_data)
        except ValidationError as error:
            form.add_error("title", error)
        else:
            messages.success(request, f"“{made.title}” is made. Put questions in from their pages.")
            return redirect(made)
    context = {
        "form": form,
        "lists": read.shown(request, read.lists_of(request.user)),
        "most": write.MAX_LISTS,
    }
    return render(request, "questions/lists.html", context, status=_status(form))


@login_required
@require_safe
def list_detail(request: SignedInRequest, slug: str) -> HttpResponse:
    """One of one's lists with its questions in order."""
    return _list_page(request, read.access_list(request.user, slug))


@login_required
@require_http_methods(GET_OR_POST)
@throttled(CHANGES)
def list_change(request: SignedInRequest, slug: str) -> HttpResponse:
    """Rename a list; the page deletes it, too."""
    collection = read.access_list(request.user, slug)
    initial = {"title": collection.title, "summary": collection.summary}
    form = ListForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            write.list_rename(collection=collection, **form.cleaned_data)
        except ValidationError as error:
            form.add_error("title", error)
            collection.refresh_from_db()
        else:
            messages.success(request, "Saved.")
            return redirect(collection)
    context = {"collection": collection, "form": form}
    return render(request, "questions/list_change.html", context, status=_status(form))


@login_required
@require_http_methods(GET_OR_POST)
@throttled(CHANGES)
def list_delete(request: SignedInRequest, slug: str) -> HttpResponse:
    """Delete a list."""
    collection = read.access_list(request.user, slug)
    if request.method != "POST":
        return redirect("list-change", slug)
    write.list_delete(collection=collection)
    messages.success(request, f"“{collection.title}” is deleted. Its questions are in the bank.")
    return redirect("list-index")


@login_required
@require_http_methods(GET_OR_POST)
@throttled(CHANGES)
def item_move(request: SignedInRequest, slug: str, question: str) -> HttpResponse:
    """Move a question one place up or down; its button has the focus again."""
    item = read.access_item(request.user, slug, question)
    if request.method != "POST":
        return redirect(item.collection)
    among = {each.pk for each in read.items_open_to(request, [item.collection])}
    to = "up" if request.POST.get("to") == "up" else "down"
    if write.item_move(item=item, up=to == "up", among=among):
        messages.success(request, f"Moved {to}: {item.question.title}.")
    # No fragment: a browser that goes to one heeds no autofocus.
    query = urlencode({"moved": question, "to": to})
    return redirect(f"{item.collection.get_absolute_url()}?{query}")


@login_required
@require_http_methods(GET_OR_POST)
@throttled(CHANGES)
def item_note(request: SignedInRequest, slug: str, question: str) -> HttpResponse:
    """Write a note beside a question; what is too long stays as it was typed."""
    item = read.access_item(request.user, slug, question)
    if request.method == "POST":
        form = NoteForm(request.POST, auto_id=f"note-{question}_%s")
        if not form.is_valid():
            return _list_page(request, item.collection, typed={question: form})
        write.item_note(item=item, **form.cleaned_data)
        messages.success(request, "The note is saved.")
    return redirect(f"{item.collection.get_absolute_url()}#at-{question}")


@login_required
@require_http_methods(GET_OR_POST)
@throttled(CHANGES)
def item_take_out(request: SignedInRequest, slug: str, question: str) -> HttpResponse:
    """Take a question out of a list, from the list's page or the question's. Pressing twice is
    as good as once."""
    collection = read.access_list(request.user, slug)
    item = collection.items.filter(question__slug=question).first()
    if request.method == "POST" and item is not None:
        write.item_take_out(item=item)
        messages.success(request, f"Taken out of “{collection.title}”.")
    if request.POST.get("back") == "question":
        return redirect(f"{reverse('question-detail', args=[question])}#lists")
    return redirect(collection)


@login_required
@require_http_methods(GET_OR_POST)
@throttled(CHANGES)
def question_lists(request: SignedInRequest, slug: str) -> HttpResponse:
    """Put a question into one of one's lists, or into a new one."""
    question = access_question(standing.questions_for(request), slug)
    context = keeping(request, question, request.POST if request.method == "POST" else None)
    if request.method == "POST":
        form: PutForm = context["put_form"]
        if form.is_valid() and (into := _put(request, question, form)):
            messages.success(request, f"Put into “{into.title}”.")
            return redirect(f"{question.get_absolute_url()}#lists")
    context |= {"question": question}
    return render(request, "questions/list_put.html", context, status=_status(context["put_form"]))


def keeping(
    request: HttpRequest, question: Question, sent: QueryDict | None = None
) -> dict[str, Any]:
    """Return what the form on a question's page needs: the lists it is in, and the form for the
    others with what was sent. One query, none for somebody who is not signed in."""
    if not request.user.is_authenticated:
        return {}
    lists = read.lists_with(request.user, question)
    others = [each for each, has in lists if not has]
    return {
        "kept_in": [each for each, has in lists if has],
        "put_form": PutForm(sent, lists=others, auto_id="put_%s"),
    }


def _put(request: SignedInRequest, question: Question, form: PutForm) -> Collection | None:
    """Put a question where the form says; a list that cannot take it is an error of the form."""
    field = "into" if form.chosen else "title"
    try:
        into = form.chosen or write.list_make(owner=request.user, title=form.cleaned_data["title"])
        write.list_put(collection=into, question=question)
    except ValidationError as error:
        form.add_error(field, error)
        return None
    return into


def _list_page(
    request: SignedInRequest, collection: Collection, typed: dict[str, NoteForm] | None = None
) -> HttpResponse:
    """The page of a list, with a note that could not be taken."""
    typed = typed or {}
    shown = read.shown_one(request, collection)
    forms = [
        typed.get(place.item.question.slug)
        or NoteForm(
            initial={"note": place.item.note}, auto_id=f"note-{place.item.question.slug}_%s"
        )
        for place in shown.places
    ]
    context = {
        "collection": collection,
        "shown": shown,
        "rows": list(zip(shown.places, forms, strict=True)),
        "moved": request.GET.get("moved", ""),
        "moved_to": request.GET.get("to", ""),
        "with_standing": standing.source() is not None,
    }
    return render(request, "questions/list_own.html", context, status=422 if typed else 200)


def _status(form: ListForm | PutForm) -> int:
    return 422 if form.errors else 200
