"""The pages of one's own account. Signing in and out, passwords and addresses are allauth's."""

from __future__ import annotations

from allauth.account.internal import flows
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.formats import date_format
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.timezone import localtime
from django.views.decorators.cache import never_cache

from accounts.export import export_zip
from accounts.forms import DeleteAccountForm, ProfileForm
from accounts.http import SignedInRequest, posted_from
from accounts.privacy import registry
from accounts.selectors import access_notice, access_session, notices_of
from accounts.services import (
    account_delete,
    notices_mark_read,
    session_end,
    sessions_end_all,
)
from accounts.throttling import Limit, throttled

EXPORTS = Limit("account-export", count=10, seconds=3600)
DELETIONS = Limit("account-delete", count=10, seconds=3600)
NOTICES_A_PAGE = 30


@login_required
def account_home(request: SignedInRequest) -> HttpResponse:
    """Show and save the profile; lead to everything else of the account."""
    form = ProfileForm(request.POST or None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, "Your profile is saved.")
        return redirect("account-home")
    if form.errors:
        request.user.refresh_from_db()
    return render(request, "account/home.html", {"form": form})


@login_required
def account_notices(request: SignedInRequest) -> HttpResponse:
    """List what the person was told."""
    page = Paginator(notices_of(request.user), NOTICES_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "account/notices.html", {"page": page})


@login_required
@posted_from("account-notices")
def account_notice_open(request: SignedInRequest, pk: int) -> HttpResponse:
    """Mark a notice read and go where it leads."""
    notice = access_notice(request.user, pk)
    notices_mark_read(user=request.user, notice=notice)
    if notice.url and url_has_allowed_host_and_scheme(notice.url, allowed_hosts=None):
        return redirect(notice.url)
    return redirect("account-notices")


@login_required
@posted_from("account-notices")
def account_notices_read(request: SignedInRequest) -> HttpResponse:
    """Mark all notices read."""
    notices_mark_read(user=request.user)
    return redirect("account-notices")


@login_required
@posted_from("usersessions_list")
def account_session_end(request: SignedInRequest, pk: int) -> HttpResponse:
    """Sign one browser out."""
    session = access_session(request.user, pk)
    session_end(session=session)
    messages.success(request, "That browser is signed out.")
    return redirect("usersessions_list")


@login_required
@posted_from("usersessions_list")
def account_sessions_end(request: SignedInRequest) -> HttpResponse:
    """Sign every browser out, this one too."""
    sessions_end_all(user=request.user)
    flows.logout.logout(request)
    return redirect("account_login")


@never_cache
@throttled(EXPORTS)
@login_required
def account_export(request: HttpRequest) -> HttpResponse:
    """Say what is held about the person; a POST downloads it."""
    if request.method != "POST":
        return render(request, "account/export.html", {"entries": list(registry)})
    assert request.user.is_authenticated  # noqa: S101  login_required has seen to it
    today = localtime()
    response = HttpResponse(
        export_zip(request.user, date_format(today, "j F Y, H:i e")),
        content_type="application/zip",
    )
    response["Content-Disposition"] = f'attachment; filename="case-coach-{today:%Y-%m-%d}.zip"'
    return response


@throttled(DELETIONS)
@login_required
def account_delete_page(request: HttpRequest) -> HttpResponse:
    """Say what deletion does; a POST with the password does it."""
    assert request.user.is_authenticated  # noqa: S101  login_required has seen to it
    user = request.user
    form = DeleteAccountForm(request.POST or None, user=user)
    if request.method == "POST" and form.is_valid() and _deleted(form):
        flows.logout.logout(request)
        return redirect("account-deleted")
    context = {"form": form, "entries": list(registry), "obstacles": registry.obstacles(user)}
    return render(request, "account/delete.html", context)


def account_deleted(request: HttpRequest) -> HttpResponse:
    """Say that the account is gone."""
    return render(request, "account/deleted.html")


def _deleted(form: DeleteAccountForm) -> bool:
    try:
        account_delete(user=form.user)
    except ValidationError as error:
        form.add_error(None, error)
        return False
    return True
