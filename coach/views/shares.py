"""Links that open one case: coming by one, and the page on which staff make and close them."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts import visitors
from accounts.http import SignedInRequest, posted_from
from accounts.throttling import Limit, throttled
from coach.forms import ShareLinkForm
from coach.models import ShareLink
from coach.selectors.shares import links_of
from coach.services.shares import share_link_follow, share_link_make, share_link_revoke
from universities.access import access_university
from universities.models import Role, University

FOLLOWS = Limit("follow", count=30, seconds=600)
LINKS_A_PAGE = 50


@require_safe
@throttled(FOLLOWS)
def follow(request: HttpRequest, token: str) -> HttpResponse:
    """Open the case of a link to whoever comes by it, and go to its page; 404 for a dead link."""
    user = request.user if request.user.is_authenticated else None
    visitor, visitor_hash = visitors.ensure_token(request)
    question = share_link_follow(token=token, user=user, visitor_hash=visitor_hash)
    if question is None:
        raise Http404("This link does not open a case, or no longer does.")
    response = redirect(question)
    response["Referrer-Policy"] = "no-referrer"
    if user is None:
        visitors.remember(response, visitor)
    return response


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def link_list(request: SignedInRequest, slug: str) -> HttpResponse:
    """The links of a university; make one, whose address is in this answer and never again."""
    university = access_university(request.user, slug, roles=(Role.STAFF,))
    form = ShareLinkForm(request.POST or None, zone=university.timezone)
    if request.method == "POST" and form.is_valid():
        try:
            link, token = _make(request, university, form)
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            address = request.build_absolute_uri(reverse("share-follow", args=[token]))
            fresh = ShareLinkForm(zone=university.timezone)
            return _links_page(request, university, fresh, made=(link, address))
    return _links_page(request, university, form)


@login_required
@posted_from("share-link-list", "slug")
def link_close(request: SignedInRequest, slug: str, pk: uuid.UUID) -> HttpResponse:
    """Close a link; what was begun by it stays with those who began."""
    university = access_university(request.user, slug, roles=(Role.STAFF,))
    link = get_object_or_404(links_of(university), pk=pk)
    share_link_revoke(link=link, by=request.user)
    messages.success(request, f"The link to {link.question.title} is closed.")
    return redirect("share-link-list", slug)


def _make(
    request: SignedInRequest, university: University, form: ShareLinkForm
) -> tuple[ShareLink, str]:
    return share_link_make(
        question=form.cleaned_data["question"],
        by=request.user,
        university=university,
        note=form.cleaned_data["note"],
        expires_at=form.cleaned_data["last_day"],
    )


def _links_page(
    request: SignedInRequest,
    university: University,
    form: ShareLinkForm,
    made: tuple[ShareLink, str] | None = None,
) -> HttpResponse:
    page = Paginator(links_of(university), LINKS_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "university": university,
        "tab": "share-link-list",
        "form": form,
        "page": page,
        "made": made,
    }
    return render(request, "shares/list.html", context, status=422 if form.errors else 200)
