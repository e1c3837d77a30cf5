"""Who may see a sheet: its owner or its visitor, and whoever has its link. Others get 404."""

from __future__ import annotations

import uuid

from django.db.models import QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from accounts import visitors
from metrics_lab.models import Scenario, Sheet


def sheets_of(request: HttpRequest) -> QuerySet[Sheet]:
    """Return the sheets of the person or visitor who asks."""
    if request.user.is_authenticated:
        return Sheet.objects.filter(owner=request.user)
    token_hash = visitors.visitor_hash(request)
    if not token_hash:
        return Sheet.objects.none()
    return Sheet.objects.filter(owner=None, visitor_hash=token_hash)


def access_sheet(request: HttpRequest, sheet_id: uuid.UUID) -> Sheet:
    """Return a sheet of the asker's own; raises Http404 for anybody else's."""
    return get_object_or_404(sheets_of(request), pk=sheet_id)


def access_scenario(sheet: Sheet, scenario_id: int) -> Scenario:
    """Return a named scenario of a sheet; raises Http404 where there is none."""
    return get_object_or_404(sheet.scenarios.exclude(name=""), pk=scenario_id)


def access_shared(token: str) -> Sheet:
    """Return the sheet that a link shares; raises Http404 once its owner has revoked it."""
    return get_object_or_404(Sheet.objects.exclude(share_token=None), share_token=token)
