"""Settings, API keys and the record of what was done, for staff."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now
from django.views.decorators.cache import never_cache

from accounts.http import SignedInRequest, posted_from
from universities.access import STAFF, access_api_key, access_university
from universities.forms import ApiKeyForm, SettingsForm
from universities.models import ApiKey, University
from universities.selectors import api_keys_of, audit_events_of, audit_lines
from universities.services.api_keys import api_key_create, api_key_revoke, api_key_rotate
from universities.services.universities import university_code_renew, university_settings_update

EVENTS_A_PAGE = 50


@login_required
def university_settings(request: SignedInRequest, slug: str) -> HttpResponse:
    """Show and save the settings."""
    university = access_university(request.user, slug, roles=STAFF)
    fields = ("name", "timezone", "join_by_code", "language_model")
    now_set = {name: getattr(university, name) for name in fields}
    form = SettingsForm(request.POST or None, initial=now_set)
    if request.method == "POST" and form.is_valid():
        university_settings_update(university=university, actor=request.user, **form.cleaned_data)
        messages.success(request, "The settings are saved.")
        return redirect("university-settings", slug)
    context = {"university": university, "tab": "university-settings", "form": form}
    return render(request, "universities/settings.html", context)


@login_required
@posted_from("university-settings", "slug")
def join_code_renew(request: SignedInRequest, slug: str) -> HttpResponse:
    """Replace the join code."""
    university = access_university(request.user, slug, roles=STAFF)
    code = university_code_renew(university=university, actor=request.user)
    messages.success(request, f"The new join code is {code}. The old one has stopped working.")
    return redirect("university-settings", slug)


@login_required
@never_cache
def api_key_list(request: SignedInRequest, slug: str) -> HttpResponse:
    """List keys; make one, which is shown in this answer and never again."""
    university = access_university(request.user, slug, roles=STAFF)
    form = ApiKeyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = api_key_create(university=university, actor=request.user, **form.cleaned_data)
        return _keys_page(request, university, ApiKeyForm(), made)
    return _keys_page(request, university, form)


@login_required
@never_cache
@posted_from("api-key-list", "slug")
def api_key_replace(request: SignedInRequest, slug: str, pk: uuid.UUID) -> HttpResponse:
    """Make a successor, shown once; the old key works for another day."""
    university = access_university(request.user, slug, roles=STAFF)
    key = access_api_key(university, pk)
    try:
        made = api_key_rotate(key=key, actor=request.user)
    except ValidationError as error:
        messages.error(request, error.messages[0])
        return redirect("api-key-list", slug)
    return _keys_page(request, university, ApiKeyForm(), made)


@login_required
@posted_from("api-key-list", "slug")
def api_key_end(request: SignedInRequest, slug: str, pk: uuid.UUID) -> HttpResponse:
    """Revoke a key."""
    university = access_university(request.user, slug, roles=STAFF)
    key = access_api_key(university, pk)
    api_key_revoke(key=key, actor=request.user)
    messages.success(request, f"The key {key.name} has stopped working.")
    return redirect("api-key-list", slug)


@login_required
def audit_list(request: SignedInRequest, slug: str) -> HttpResponse:
    """Show who did what."""
    university = access_university(request.user, slug, roles=STAFF)
    page = Paginator(audit_events_of(university), EVENTS_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "university": university,
        "tab": "audit-list",
        "page": page,
        "lines": audit_lines(page.object_list),
    }
    return render(request, "universities/audit.html", context)


def _keys_page(
    request: SignedInRequest,
    university: University,
    form: ApiKeyForm,
    made: tuple[ApiKey, str] | None = None,
) -> HttpResponse:
    context = {
        "university": university,
        "tab": "api-key-list",
        "form": form,
        "keys": api_keys_of(university),
        "now": now(),
        "made": made,
    }
    return render(request, "universities/keys.html", context)
