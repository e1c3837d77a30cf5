"""Cohorts, for staff."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render

from accounts.http import SignedInRequest, posted_from
from universities.access import STAFF, access_cohort, access_member, access_university
from universities.forms import CohortAddForm, CohortForm
from universities.selectors import cohort_members, cohorts_of
from universities.services.cohorts import (
    cohort_create,
    cohort_member_remove,
    cohort_members_add,
    cohort_rename,
)

COHORTS_A_PAGE = 50
MEMBERS_A_PAGE = 50


@login_required
def cohort_list(request: SignedInRequest, slug: str) -> HttpResponse:
    """List cohorts; make one."""
    university = access_university(request.user, slug, roles=STAFF)
    form = CohortForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            cohort = cohort_create(university=university, actor=request.user, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, f"{cohort.name} is there. Now put people in.")
            return redirect("cohort-detail", slug, cohort.pk)
    page = Paginator(cohorts_of(university), COHORTS_A_PAGE).get_page(request.GET.get("page"))
    context = {"university": university, "tab": "cohort-list", "form": form, "page": page}
    return render(request, "universities/cohorts.html", context)


@login_required
def cohort_detail(request: SignedInRequest, slug: str, pk: uuid.UUID) -> HttpResponse:
    """Show a cohort; put students in."""
    university = access_university(request.user, slug, roles=STAFF)
    cohort = access_cohort(university, pk)
    form = CohortAddForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            joined = cohort_members_add(cohort=cohort, actor=request.user, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, f"{joined} joined {cohort.name}.")
            return redirect("cohort-detail", slug, pk)
    page = Paginator(cohort_members(cohort), MEMBERS_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "university": university,
        "tab": "cohort-list",
        "cohort": cohort,
        "form": form,
        "rename": CohortForm(initial={"name": cohort.name}, auto_id="rename_%s"),
        "page": page,
    }
    return render(request, "universities/cohort.html", context)


@login_required
@posted_from("cohort-detail", "slug", "pk")
def cohort_rename_page(request: SignedInRequest, slug: str, pk: uuid.UUID) -> HttpResponse:
    """Give a cohort another name; a name that cannot be used is shown with its error."""
    university = access_university(request.user, slug, roles=STAFF)
    cohort = access_cohort(university, pk)
    form = CohortForm(request.POST, auto_id="rename_%s")
    if form.is_valid():
        try:
            cohort_rename(cohort=cohort, actor=request.user, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, "The cohort has its new name.")
            return redirect("cohort-detail", slug, pk)
    cohort.refresh_from_db()
    page = Paginator(cohort_members(cohort), MEMBERS_A_PAGE).get_page(1)
    context = {
        "university": university,
        "tab": "cohort-list",
        "cohort": cohort,
        "form": CohortAddForm(),
        "rename": form,
        "page": page,
    }
    return render(request, "universities/cohort.html", context)


@login_required
@posted_from("cohort-detail", "slug", "pk")
def cohort_take_out(
    request: SignedInRequest, slug: str, pk: uuid.UUID, member_pk: uuid.UUID
) -> HttpResponse:
    """Take one student out of a cohort."""
    university = access_university(request.user, slug, roles=STAFF)
    cohort = access_cohort(university, pk)
    member = access_member(university, member_pk)
    cohort_member_remove(cohort=cohort, actor=request.user, membership=member)
    messages.success(request, f"{member.user} is no longer in {cohort.name}.")
    return redirect("cohort-detail", slug, pk)
