"""Where people were asked a question, and the questions they would like."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts.http import SignedInRequest, posted_from
from accounts.models import User
from accounts.throttling import Limit, throttle, throttled
from questions import standing
from questions.selectors import interest as read
from questions.selectors.bank import access_question
from questions.services import interest as write
from questions.talk_forms import AskedForm, RequestForm
from questions.views.bank import question_page
from questions.views.below import Typed

TELLINGS = Limit("asked", count=20, seconds=3600)
REQUESTS = Limit("question-request", count=5, seconds=3600)
VOTES = Limit("request-vote", count=30, seconds=60)


@login_required
@posted_from("question-detail", "slug")
def asked_add(request: SignedInRequest, slug: str) -> HttpResponse:
    """Tell that one was asked this by a company in a month."""
    question = access_question(standing.questions_for(request), slug)
    form = AskedForm(request.POST, auto_id="asked_%s")
    if not form.is_valid():
        return question_page(request, slug, Typed(asked=form))
    throttle(TELLINGS, f"user:{request.user.pk}")
    told = write.asked_tell(question=question, user=request.user, **form.cleaned_data)
    messages.success(
        request, f"Counted: {told.company}, {told.month:%B %Y}. Nobody sees your name."
    )
    return redirect(f"{question.get_absolute_url()}#asked")


@login_required
@posted_from("question-detail", "slug")
def asked_take_back(request: SignedInRequest, slug: str, pk: int) -> HttpResponse:
    """Take back that one was asked."""
    question = access_question(standing.questions_for(request), slug)
    write.asked_take_back(asked=read.access_asked(request.user, question, pk))
    messages.success(request, "Taken back.")
    return redirect(f"{question.get_absolute_url()}#asked")


@require_http_methods(["GET", "HEAD", "POST"])
def request_list(request: HttpRequest) -> HttpResponse:
    """The questions people would like, with a form for signed-in ones."""
    user = request.user if request.user.is_authenticated else None
    if user is None and request.method == "POST":
        return redirect_to_login(request.get_full_path())
    form = None
    if user is not None:
        form = RequestForm(request.POST if request.method == "POST" else None)
        if request.method == "POST" and form.is_valid() and _requested(user, form):
            messages.success(request, "It is in the list. Others can vote for it now.")
            return redirect("request-list")
    tab = request.GET.get("show", "")
    tab = tab if tab in read.REQUEST_TABS else next(iter(read.REQUEST_TABS))
    page = read.requests_of(tab, request.GET.get("page"))
    context = {
        "form": form,
        "companies": read.companies_known() if form else [],
        "tab": tab,
        "tabs": [(key, label) for key, (label, _) in read.REQUEST_TABS.items()],
        "page": page,
        "wishes": read.wishes(page.object_list, standing.questions_for(request), user),
        "query": f"show={tab}&",
    }
    status = 422 if form is not None and form.errors else 200
    return render(request, "questions/requests.html", context, status=status)


@login_required
@posted_from("request-list")
@throttled(VOTES)
def request_vote(request: SignedInRequest, pk: int) -> HttpResponse:
    """Wish for a requested question too, or take that back. htmx gets the button alone."""
    wish = read.access_request(pk)
    try:
        write.request_vote(request=wish, user=request.user)
    except ValidationError as error:
        messages.error(request, error.messages[0])
    if request.htmx:
        shown = read.wishes([wish], standing.questions_for(request), request.user)[0]
        return render(request, "questions/_wish_vote.html", {"wish": shown})
    return redirect("request-list")


@login_required
@posted_from("request-list")
def request_take_back(request: SignedInRequest, pk: int) -> HttpResponse:
    """Take one's own request back while nobody else wants it."""
    wish = read.access_own_request(request.user, pk)
    try:
        write.request_take_back(request=wish)
        messages.success(request, "Taken back.")
    except ValidationError as error:
        messages.error(request, error.messages[0])
    return redirect("request-list")


def _requested(user: User, form: RequestForm) -> bool:
    throttle(REQUESTS, f"user:{user.pk}")
    try:
        write.request_make(author=user, **form.cleaned_data)
    except ValidationError as error:
        form.add_error("title", error)
        return False
    return True
