"""Inviting people, one by one and from a file."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from accounts.http import SignedInRequest, posted_from
from accounts.throttling import Limit, throttle
from universities.access import STAFF, access_invitation, access_roster, access_university
from universities.forms import InviteForm, RosterForm
from universities.models import University
from universities.roster_file import COLUMNS, SHOWN_ERRORS
from universities.selectors import open_invitations_of
from universities.services.invitations import (
    invitation_create,
    invitation_renew,
    invitation_revoke,
)
from universities.services.roster import RosterPlan, roster_apply, roster_plan, roster_upload

INVITATIONS_A_PAGE = 50
SHOWN_PLANNED = 200
INVITES = Limit("invite", count=100, seconds=3600)
IMPORTS = Limit("roster", count=30, seconds=3600)


@login_required
def invitation_list(request: SignedInRequest, slug: str) -> HttpResponse:
    """List open invitations; invite somebody."""
    university = access_university(request.user, slug, roles=STAFF)
    form = InviteForm(request.POST or None, university=university, initial={"role": "student"})
    if request.method == "POST" and form.is_valid() and _invited(request, university, form):
        messages.success(request, f"{form.cleaned_data['email']} is invited.")
        return redirect("invitation-list", slug)
    page = Paginator(open_invitations_of(university), INVITATIONS_A_PAGE)
    context = {
        "university": university,
        "tab": "invitation-list",
        "form": form,
        "page": page.get_page(request.GET.get("page")),
    }
    return render(request, "universities/invitations.html", context)


@login_required
@posted_from("invitation-list", "slug")
def invitation_send_again(request: SignedInRequest, slug: str, pk: uuid.UUID) -> HttpResponse:
    """Send an invitation again with a new link."""
    throttle(INVITES, f"user:{request.user.pk}")
    university = access_university(request.user, slug, roles=STAFF)
    invitation = access_invitation(university, pk)
    invitation_renew(invitation=invitation, actor=request.user)
    messages.success(request, f"{invitation.email} is invited again. The old link has ended.")
    return redirect("invitation-list", slug)


@login_required
@posted_from("invitation-list", "slug")
def invitation_take_back(request: SignedInRequest, slug: str, pk: uuid.UUID) -> HttpResponse:
    """End an invitation."""
    university = access_university(request.user, slug, roles=STAFF)
    invitation = access_invitation(university, pk)
    invitation_revoke(invitation=invitation, actor=request.user)
    messages.success(request, f"The invitation of {invitation.email} is taken back.")
    return redirect("invitation-list", slug)


@login_required
def roster_import(request: SignedInRequest, slug: str) -> HttpResponse:
    """Take a file of students and go to its dry run."""
    university = access_university(request.user, slug, roles=STAFF)
    form = RosterForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        throttle(IMPORTS, f"user:{request.user.pk}")
        try:
            roster = roster_upload(
                university=university, actor=request.user, data=form.cleaned_data["file"]
            )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            return redirect("roster-preview", slug, roster.pk)
    context = {"university": university, "tab": "roster-import", "form": form, "columns": COLUMNS}
    return render(request, "universities/roster_import.html", context)


@login_required
def roster_preview(request: SignedInRequest, slug: str, pk: uuid.UUID) -> HttpResponse:
    """Show what an import would do; a POST does it."""
    university = access_university(request.user, slug, roles=STAFF)
    roster = access_roster(university, pk)
    if request.method == "POST":
        try:
            plan = roster_apply(roster=roster, actor=request.user)
        except ValidationError as error:
            messages.error(request, error.messages[0])
            return redirect("roster-preview", slug, pk)
        messages.success(request, _import_words(plan))
        return redirect("invitation-list", slug)
    plan = roster_plan(roster=roster)
    context = {
        "university": university,
        "tab": "roster-import",
        "roster": roster,
        "plan": plan,
        "groups": _groups(plan),
        "errors": plan.errors[:SHOWN_ERRORS],
    }
    return render(request, "universities/roster_preview.html", context)


def _invited(request: HttpRequest, university: University, form: InviteForm) -> bool:
    assert request.user.is_authenticated  # noqa: S101  login_required has seen to it
    throttle(INVITES, f"user:{request.user.pk}")
    try:
        invitation_create(university=university, actor=request.user, **form.cleaned_data)
    except ValidationError as error:
        form.add_error("email", error)
        return False
    return True


def _groups(plan: RosterPlan) -> list[dict[str, object]]:
    titles = {"invite": "To be invited", "change": "To be changed", "unchanged": "Unchanged"}
    return [
        {"title": title, "number": len(found), "shown": found[:SHOWN_PLANNED]}
        for kind, title in titles.items()
        if (found := plan.of(kind))
    ]


def _import_words(plan: RosterPlan) -> str:
    return (
        f"{len(plan.of('invite'))} invited, {len(plan.of('change'))} changed, "
        f"{len(plan.of('unchanged'))} unchanged. The mails are on their way."
    )
