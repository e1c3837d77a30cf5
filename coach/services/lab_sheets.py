"""An attempt's sheet: made when it is first opened, and brought up to date each time."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest
from django.urls import reverse

from coach.access import attempts_of, with_question
from coach.lab.sheet import Told, renewed, sheet_for
from coach.models import Attempt, AttemptSheet
from coach.selectors.lab import given_to
from metrics_lab.engine.errors import ModelError
from metrics_lab.engine.sheet.model import SheetFullError
from metrics_lab.models import Sheet
from metrics_lab.origins import Origin
from metrics_lab.services import sheet_create, sheet_renew

NO_SHEET = "The numbers of this case make no sheet: {why} The lab on this page has them all."


def attempt_sheet_open(*, attempt: Attempt) -> Sheet:
    """Return the sheet of an attempt with all that its student has been given until now.

    What does not fit into a sheet that the student has filled waits until there is room.

    Raises:
        ValidationError: the student keeps as many sheets as they may (code "full"), the case has
            more numbers than a sheet holds (code "size"), or they do not hold together as one
            (code "sheet").
    """
    sheet, _ = _brought_up_to_date(attempt)
    return sheet


def attempt_sheet_origin(request: HttpRequest, sheet: Sheet) -> Origin | None:
    """Return the attempt that a sheet was opened for, with the sheet brought up to date."""
    link = AttemptSheet.objects.filter(sheet=sheet).first()
    if link is None:
        return None
    attempt = with_question(attempts_of(request)).filter(pk=link.attempt_id).first()
    if attempt is None:
        return None
    row, fault = _brought_up_to_date(attempt)
    return Origin(
        label=attempt.case_version.question.title,
        url=reverse("practice-lab", args=[attempt.pk]),
        sheet=row,
        is_full=isinstance(fault, SheetFullError),
        fault="" if fault is None or isinstance(fault, SheetFullError) else str(fault),
    )


@transaction.atomic
def _brought_up_to_date(attempt: Attempt) -> tuple[Sheet, ModelError | None]:
    """Return the sheet, and why not all that was given is in it; raises as attempt_sheet_open."""
    Attempt.objects.select_for_update().only("pk").get(pk=attempt.pk)
    link = AttemptSheet.objects.select_related("sheet").filter(attempt=attempt).first()
    told = _told(attempt)
    if link is not None:
        return _renewed(link, attempt, told)
    title = f"Lab: {attempt.case_version.question.title}"
    try:
        sheet = sheet_create(
            owner=attempt.owner,
            visitor_hash=attempt.visitor_hash,
            model=sheet_for(attempt.case_key, told, title),
        )
    except ModelError as error:
        code = "size" if isinstance(error, SheetFullError) else "sheet"
        raise ValidationError(NO_SHEET.format(why=error), code=code) from error
    AttemptSheet.objects.create(attempt=attempt, sheet=sheet, delivered=sorted(told.symbols))
    return sheet, None


def _renewed(link: AttemptSheet, attempt: Attempt, told: Told) -> tuple[Sheet, ModelError | None]:
    delivered = frozenset(link.delivered)
    try:
        row = sheet_renew(
            sheet=link.sheet,
            change=lambda model: renewed(model, attempt.case_key, told, delivered),
        )
    except ModelError as error:
        return link.sheet, error
    if new := told.symbols - delivered:
        link.delivered = sorted(delivered | new)
        link.save(update_fields=["delivered"])
    return row, None


def _told(attempt: Attempt) -> Told:
    given = given_to(attempt)
    return Told.of(attempt.case_key, given.facts, given.symbols)
