"""One's own universities: seeing them, joining, accepting an invitation, leaving."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache

from accounts.http import SignedInRequest, posted_from
from accounts.models import User
from accounts.throttling import Limit, throttled
from universities.access import access_membership
from universities.forms import JoinForm
from universities.models import Role
from universities.selectors import (
    counts_of,
    invitation_by_token,
    memberships_of,
    reviewers_of,
)
from universities.services.invitations import invitation_accept, invitation_is_open
from universities.services.members import member_remove, membership_join_by_code

JOINS = Limit("join-code", count=10, seconds=600)
ACCEPTS = Limit("invitation-accept", count=20, seconds=600)


@throttled(JOINS)
@login_required
def university_home(request: HttpRequest) -> HttpResponse:
    """List one's universities; join another with its code."""
    user = cast(User, request.user)
    form = JoinForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            membership = membership_join_by_code(user=user, code=form.cleaned_data["code"])
        except ValidationError as error:
            form.add_error("code", error)
        else:
            messages.success(request, f"You are a member of {membership.university}.")
            return redirect("university-detail", membership.university.slug)
    context = {"form": form, "memberships": list(memberships_of(user))}
    return render(request, "universities/home.html", context)


@login_required
def university_detail(request: SignedInRequest, slug: str) -> HttpResponse:
    """Show staff their university at a glance, and a member who can see what of them."""
    membership = access_membership(request.user, slug)
    university = membership.university
    context = {"university": university, "membership": membership, "tab": "university-detail"}
    if membership.role == Role.STAFF:
        context["counts"] = counts_of(university)
        return render(request, "universities/detail.html", context)
    context["reviewers"] = reviewers_of(university)
    return render(request, "universities/member.html", context)


@login_required
@posted_from("university-detail", "slug")
def university_leave(request: SignedInRequest, slug: str) -> HttpResponse:
    """End one's own membership."""
    membership = access_membership(request.user, slug)
    try:
        member_remove(membership=membership, actor=request.user)
    except ValidationError as error:
        messages.error(request, error.messages[0])
        return redirect("university-detail", slug)
    messages.success(request, f"You have left {membership.university}.")
    return redirect("university-home")


@never_cache
@throttled(ACCEPTS)
def invitation_page(request: HttpRequest, token: str) -> HttpResponse:
    """Show an invitation to whoever holds its link; a POST by the invited person accepts it."""
    invitation = invitation_by_token(token)
    if invitation is None:
        raise Http404
    context = {"invitation": invitation, "open": invitation_is_open(invitation)}
    if request.method != "POST" or not request.user.is_authenticated:
        status = 200 if context["open"] else 410
        return render(request, "universities/invitation.html", context, status=status)
    try:
        membership = invitation_accept(invitation=invitation, user=request.user)
    except ValidationError as error:
        context["error"] = error.messages[0]
        return render(request, "universities/invitation.html", context, status=409)
    messages.success(request, f"You are a member of {membership.university}.")
    return redirect("university-detail", membership.university.slug)
