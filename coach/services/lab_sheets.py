"""An attempt's sheet: made when it is first opened, and brought up to date each time."""

from __future__ import annotations

from django.db import transaction
from django.http import HttpRequest
from django.urls import reverse

from coach.access import attempts_of, with_question
from coach.lab.sheet import Told, renewed, sheet_for
from coach.models import Attempt, AttemptSheet
from coach.selectors.lab import given_to
from metrics_lab.models import Sheet
from metrics_lab.origins import Origin
from metrics_lab.services import sheet_create, sheet_renew


@transaction.atomic
def attempt_sheet_open(*, attempt: Attempt) -> Sheet:
    """Return the sheet of an attempt with all that its student has been given until now.

    Raises:
        ValidationError: the student keeps as many sheets as they may.
    """
    Attempt.objects.select_for_update().only("pk").get(pk=attempt.pk)
    link = AttemptSheet.objects.select_related("sheet").filter(attempt=attempt).first()
    told = _told(attempt)
    if link is not None:
        return _renewed(link, attempt, told)
    title = f"Lab: {attempt.case_version.question.title}"
    sheet = sheet_create(
        owner=attempt.owner,
        visitor_hash=attempt.visitor_hash,
        model=sheet_for(attempt.case_key, told, title),
    )
    AttemptSheet.objects.create(attempt=attempt, sheet=sheet, delivered=sorted(told.symbols))
    return sheet


def attempt_sheet_origin(request: HttpRequest, sheet: Sheet) -> Origin | None:
    """Return the attempt that a sheet was opened for, with the sheet brought up to date."""
    link = AttemptSheet.objects.filter(sheet=sheet).first()
    if link is None:
        return None
    attempt = with_question(attempts_of(request)).filter(pk=link.attempt_id).first()
    if attempt is None:
        return None
    row = attempt_sheet_open(attempt=attempt)
    title = attempt.case_version.question.title
    return Origin(title, reverse("practice-lab", args=[attempt.pk]), row)


def _renewed(link: AttemptSheet, attempt: Attempt, told: Told) -> Sheet:
    delivered = frozenset(link.delivered)
    row = sheet_renew(
        sheet=link.sheet,
        change=lambda model: renewed(model, attempt.case_key, told, delivered),
    )
    if new := told.symbols - delivered:
        link.delivered = sorted(delivered | new)
        link.save(update_fields=["delivered"])
    return row


def _told(attempt: Attempt) -> Told:
    given = given_to(attempt)
    return Told.of(attempt.case_key, given.facts, given.symbols)
