"""Assignments of a university: give, see where each student stands, export the results."""

from __future__ import annotations

import csv
import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from accounts.http import SignedInRequest, posted_from
from coach.forms import AssignmentForm
from coach.models import Assignment
from coach.selectors import assignments as selectors
from coach.selectors.results import HEADER, result_rows
from coach.services import assignments
from universities.access import access_university
from universities.csv_safe import safe_cell
from universities.models import Role, University


@login_required
@require_http_methods(["GET", "POST"])
def assignment_list(request: SignedInRequest, slug: str) -> HttpResponse:
    """The assignments of a university, and the form for a new one."""
    university = access_university(request.user, slug, roles=(Role.STAFF,))
    form = AssignmentForm(
        request.POST or None, university=university, initial={"timezone": university.timezone}
    )
    if request.method == "POST" and form.is_valid():
        try:
            _create(request, university, form.cleaned_data)
        except ValidationError as error:
            _add_errors(form, error)
        else:
            messages.success(request, "Assigned. The members of the cohort see it on their page.")
            return redirect("assignment-list", slug)
    context = {
        "university": university,
        "tab": "assignment-list",
        "form": form,
        "assignments": selectors.assignments_of(university)[:200],
    }
    status = 422 if form.errors else 200
    return render(request, "assignments/list.html", context, status=status)


@login_required
@require_GET
def assignment_detail(
    request: SignedInRequest, slug: str, assignment_id: uuid.UUID
) -> HttpResponse:
    """Where each student of an assignment stands."""
    university = access_university(request.user, slug, roles=(Role.STAFF,))
    assignment = _assignment(university, assignment_id)
    rows = selectors.standings(assignment)
    wanted = request.GET.get("state", "")
    shown = [row for row in rows if wanted in ("", row.state) or (wanted == "late" and row.late)]
    context = {
        "university": university,
        "assignment": assignment,
        "rows": shown,
        "counts": selectors.counts(rows),
        "total": len(rows),
        "state": wanted,
    }
    return render(request, "assignments/detail.html", context)


@login_required
@posted_from("assignment-detail", "slug", "assignment_id")
def assignment_delete(
    request: SignedInRequest, slug: str, assignment_id: uuid.UUID
) -> HttpResponse:
    """Withdraw an assignment; what students made for it stays theirs."""
    university = access_university(request.user, slug, roles=(Role.STAFF,))
    assignments.assignment_delete(assignment=_assignment(university, assignment_id))
    messages.success(request, "Withdrawn. What students have handed in stays.")
    return redirect("assignment-list", slug)


@login_required
@require_GET
def results_export(request: SignedInRequest, slug: str) -> HttpResponse:
    """Every submission of the university with its released levels, as CSV for a spreadsheet."""
    university = access_university(request.user, slug, roles=(Role.STAFF,))
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="results-{university.slug}.csv"'
    response.write("\ufeff")
    writer = csv.writer(response, quoting=csv.QUOTE_ALL)
    writer.writerow(HEADER)
    for row in result_rows(university):
        writer.writerow([safe_cell(value) for value in row])
    return response


def _assignment(university: University, assignment_id: uuid.UUID) -> Assignment:
    found: Assignment = get_object_or_404(selectors.assignments_of(university), pk=assignment_id)
    return found


def _create(request: SignedInRequest, university: University, data: dict[str, Any]) -> None:
    assignments.assignment_create(
        university=university,
        cohort=data["cohort"],
        question=data["question"],
        due_local=data["due_at"],
        zone=data["timezone"],
        mode=data["mode"],
        note=data["note"],
        created_by=request.user,
    )


def _add_errors(form: AssignmentForm, error: ValidationError) -> None:
    for field, problems in error.message_dict.items():
        form.add_error(field if field in form.fields else None, problems)
