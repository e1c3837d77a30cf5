"""A sheet leaves its owner's hands: by a link that can be revoked, a copy, or a file."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import slugify
from django.views.decorators.http import require_GET, require_http_methods

from accounts.http import posted_from
from accounts.throttling import throttled
from metrics_lab.access import access_shared, access_sheet
from metrics_lab.engine.errors import ModelError
from metrics_lab.exports import sheet_csv, sheet_xlsx
from metrics_lab.models import Sheet
from metrics_lab.presentation.analysis import Analysis, Asked
from metrics_lab.presentation.sheet import MOST_COMPARED, SheetPage, comparison_of
from metrics_lab.selectors import model_in, moved_scenarios
from metrics_lab.services import sheet_copy, sheet_share, sheet_unshare
from metrics_lab.views.sheet_parts import parts_of
from metrics_lab.views.sheets import NEW, TAB, made

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_http_methods(["GET", "POST"])
def share(request: HttpRequest, sheet_id: uuid.UUID) -> HttpResponse:
    """Show a sheet's link and files; a POST makes the link, or revokes it."""
    sheet = access_sheet(request, sheet_id)
    if request.method == "POST":
        if "revoke" in request.POST:
            sheet_unshare(sheet=sheet)
            messages.success(request, "The link was revoked. Whoever opens it finds nothing.")
        else:
            sheet_share(sheet=sheet)
        return redirect("lab-sheet-share", sheet.pk)
    link = ""
    if sheet.share_token:
        link = request.build_absolute_uri(reverse("lab-shared", args=[sheet.share_token]))
    context = {"tab": TAB, "part": "lab-sheet-share", "sheet": sheet, "link": link}
    return render(request, "metrics_lab/sheet_share.html", context)


@posted_from("lab-sheet", "sheet_id")
@throttled(NEW)
def duplicate(request: HttpRequest, sheet_id: uuid.UUID) -> HttpResponse:
    """Make a second sheet of one's own with what this one holds."""
    return _copied(request, access_sheet(request, sheet_id))


@require_GET
def shared(request: HttpRequest, token: str) -> HttpResponse:
    """Show a shared sheet to whoever has the link; nothing on it can be changed."""
    sheet = access_shared(token)
    model = model_in(sheet)
    scenarios = [(n, levers) for n, levers in moved_scenarios(sheet, model) if n != "Draft"]
    page = SheetPage(model)
    context = {
        "tab": "",
        "page": page,
        "pairs": Analysis(page, Asked()).pairs,
        "comparison": comparison_of(model, scenarios[:MOST_COMPARED]) if scenarios else None,
        "copy_url": reverse("lab-shared-copy", args=[token]),
        **parts_of(sheet),
    }
    response = render(request, "metrics_lab/shared.html", context)
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Referrer-Policy"] = "no-referrer"
    return response


@posted_from("lab-shared", "token")
@throttled(NEW)
def shared_copy(request: HttpRequest, token: str) -> HttpResponse:
    """Copy a shared sheet into one's own."""
    return _copied(request, access_shared(token))


@require_GET
def export_csv(request: HttpRequest, sheet_id: uuid.UUID) -> HttpResponse:
    """Return the sheet with its scenarios as CSV."""
    sheet = access_sheet(request, sheet_id)
    try:
        content = sheet_csv(sheet)
    except ModelError as error:
        return _no_file(request, sheet, error)
    return _file(sheet, content.encode("utf-8-sig"), "text/csv; charset=utf-8", "csv")


@require_GET
def export_xlsx(request: HttpRequest, sheet_id: uuid.UUID) -> HttpResponse:
    """Return the sheet with its scenarios as a workbook whose formulas compute."""
    sheet = access_sheet(request, sheet_id)
    try:
        content = sheet_xlsx(sheet)
    except ModelError as error:
        return _no_file(request, sheet, error)
    return _file(sheet, content, XLSX, "xlsx")


def _copied(request: HttpRequest, sheet: Sheet) -> HttpResponse:
    return made(
        request,
        lambda owner, token_hash: sheet_copy(sheet=sheet, owner=owner, visitor_hash=token_hash),
    )


def _file(sheet: Sheet, content: bytes, kind: str, ending: str) -> HttpResponse:
    name = slugify(sheet.title)[:60] or "sheet"
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}.{ending}"'
    return response


def _no_file(request: HttpRequest, sheet: Sheet, error: ModelError) -> HttpResponse:
    messages.error(request, str(error))
    return redirect("lab-sheet-share", sheet.pk)
