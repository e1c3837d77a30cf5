"""Writing sheets: each edit is checked as a whole before it is stored, and can be undone."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from accounts.models import User
from metrics_lab.engine.scenario import Lever
from metrics_lab.engine.sheet.json_form import data_of, sheet_of
from metrics_lab.engine.sheet.model import Sheet as Model
from metrics_lab.engine.sheet.model import check_sheet
from metrics_lab.models import Scenario, Sheet

MAX_SHEETS = 60
MAX_SCENARIOS = 12
ABANDONED_AFTER = timedelta(days=30)
DRAFT = ""
Change = Callable[[Model], Model]


@transaction.atomic
def sheet_create(*, owner: User | None, visitor_hash: str = "", model: Model) -> Sheet:
    """Store a new sheet for a person, or for a visitor.

    Raises:
        ValidationError: the person keeps as many sheets as they may.
        ModelError: the sheet does not hold together.
    """
    check_sheet(model)
    held = {"owner": owner, "visitor_hash": "" if owner else visitor_hash}
    if Sheet.objects.filter(**held).count() >= MAX_SHEETS:
        raise ValidationError(
            f"You keep {MAX_SHEETS} sheets already. Delete one first.", code="full"
        )
    return Sheet.objects.create(**held, title=model.title, document=data_of(model))


@transaction.atomic
def sheet_edit(*, sheet: Sheet, change: Change) -> Sheet:
    """Put a changed model in the place of the stored one; the one before is kept for undo.

    Raises:
        ModelError: the changed sheet does not hold together; nothing is stored.
    """
    row = Sheet.objects.select_for_update().get(pk=sheet.pk)
    changed = change(sheet_of(row.document))
    check_sheet(changed)
    return _store(row, data_of(changed))


@transaction.atomic
def sheet_renew(*, sheet: Sheet, change: Change) -> Sheet:
    """Put in what arrives from elsewhere, such as a fact of a case.

    It is stored also where it does not agree with what the person built: the page says what does
    not. There is no undo of it, for what arrived would be lost.

    Raises:
        ModelError: what arrives does not fit into the sheet any more; nothing is stored.
    """
    row = Sheet.objects.select_for_update().get(pk=sheet.pk)
    document = data_of(change(sheet_of(row.document)))
    sheet_of(document)  # what cannot be read again would be lost with all that was typed
    if document != row.document:
        row.document, row.previous, row.touched_at = document, None, timezone.now()
        row.save(update_fields=["document", "previous", "touched_at"])
    return row


@transaction.atomic
def sheet_undo(*, sheet: Sheet) -> bool:
    """Take the last edit back, or bring it again; return whether there was one."""
    row = Sheet.objects.select_for_update().get(pk=sheet.pk)
    if row.previous is None:
        return False
    _store(row, row.previous)
    return True


def _store(row: Sheet, document: dict[str, Any]) -> Sheet:
    if document != row.document:
        row.previous, row.document = row.document, document
        row.title, row.touched_at = document["title"], timezone.now()
        row.save(update_fields=["previous", "document", "title", "touched_at"])
    return row


def sheet_delete(*, sheet: Sheet) -> None:
    """Delete a sheet with its scenarios and its link."""
    sheet.delete()


@transaction.atomic
def sheet_share(*, sheet: Sheet) -> str:
    """Return the token of the sheet's link, made at the first time."""
    row = Sheet.objects.select_for_update().get(pk=sheet.pk)
    if row.share_token is None:
        row.share_token = secrets.token_urlsafe(32)
        row.save(update_fields=["share_token"])
    return row.share_token


def sheet_unshare(*, sheet: Sheet) -> None:
    """Revoke the sheet's link; a later one is another."""
    Sheet.objects.filter(pk=sheet.pk).update(share_token=None)


@transaction.atomic
def sheet_copy(*, sheet: Sheet, owner: User | None, visitor_hash: str = "") -> Sheet:
    """Return a sheet of one's own with what another holds now; raises as `sheet_create`."""
    copy = sheet_create(owner=owner, visitor_hash=visitor_hash, model=sheet_of(sheet.document))
    Scenario.objects.bulk_create(
        Scenario(sheet=copy, name=one.name, levers=one.levers, position=one.position)
        for one in sheet.scenarios.exclude(name=DRAFT)
    )
    return copy


@transaction.atomic
def levers_save(*, sheet: Sheet, levers: Sequence[Lever], scenario: Scenario | None) -> None:
    """Keep levers as they are moved: in a named scenario, or else in the draft."""
    data = levers_data(levers)
    place = {"name": DRAFT} if scenario is None else {"pk": scenario.pk}
    held = sheet.scenarios.filter(**place).update(levers=data)
    if not held and levers and scenario is None:
        Scenario.objects.update_or_create(sheet=sheet, name=DRAFT, defaults={"levers": data})
    Sheet.objects.filter(pk=sheet.pk).update(touched_at=timezone.now())


@transaction.atomic
def scenario_add(*, sheet: Sheet, name: str, levers: Sequence[Lever]) -> Scenario:
    """Store levers under a name of their own.

    Raises:
        ValidationError: no name, one that another scenario has, or too many scenarios.
    """
    Sheet.objects.select_for_update().get(pk=sheet.pk)
    named = sheet.scenarios.exclude(name=DRAFT)
    if named.count() >= MAX_SCENARIOS:
        raise ValidationError(
            f"A sheet keeps {MAX_SCENARIOS} scenarios. Delete one first.", code="full"
        )
    name = _free_name(sheet, name)
    last = named.aggregate(last=Max("position"))["last"] or 0
    return Scenario.objects.create(
        sheet=sheet, name=name, levers=levers_data(levers), position=last + 1
    )


@transaction.atomic
def scenario_rename(*, scenario: Scenario, name: str) -> None:
    """Give a scenario another name; raises ValidationError as `scenario_add`."""
    scenario.name = _free_name(scenario.sheet, name, besides=scenario.pk)
    scenario.save(update_fields=["name"])


def scenario_delete(*, scenario: Scenario) -> None:
    """Delete a scenario."""
    scenario.delete()


def sheets_adopt(*, user: User, visitor_hash: str) -> int:
    """Give a visitor's sheets to the user who has just signed up or in; return how many."""
    if not visitor_hash:
        return 0
    return Sheet.objects.filter(owner=None, visitor_hash=visitor_hash).update(
        owner=user, visitor_hash=""
    )


def sheets_purge_abandoned() -> int:
    """Delete visitors' sheets that nobody touched for 30 days; return how many."""
    before = timezone.now() - ABANDONED_AFTER
    abandoned = Sheet.objects.filter(owner=None, touched_at__lt=before)
    count = abandoned.count()
    abandoned.delete()
    return count


def levers_data(levers: Sequence[Lever]) -> list[dict[str, Any]]:
    """Return levers as they are stored."""
    return [{"symbol": one.symbol, "how": one.how, "amount": one.amount} for one in levers]


def _free_name(sheet: Sheet, name: str, besides: int = 0) -> str:
    name = " ".join(name.split())
    if not name:
        raise ValidationError("Give the scenario a name.", code="name")
    if len(name) > 60:
        raise ValidationError("At most 60 characters.", code="name")
    if name.casefold() in ("today", "draft"):
        raise ValidationError(
            f"“{name}” is taken by the sheet itself. Choose another.", code="name"
        )
    others = sheet.scenarios.exclude(pk=besides).values_list("name", flat=True)
    if name.casefold() in {other.casefold() for other in others}:
        raise ValidationError(f"There is a scenario “{name}” already.", code="name")
    return name
