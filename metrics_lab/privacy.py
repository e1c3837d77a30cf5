"""What the lab holds about a person: their sheets and the scenarios in them."""

from __future__ import annotations

from accounts.privacy import PersonalData, registry
from metrics_lab.models import Scenario, Sheet

KEEP = "To let you come back to the models you build."

registry.register(
    PersonalData(
        model=Sheet,
        title="Your sheets in the lab",
        purpose=KEEP,
        rows=lambda user: Sheet.objects.filter(owner=user),
        fields=("id", "title", "document", "previous", "created_at", "touched_at"),
        withheld={
            "visitor_hash": "the hash of a browser's token, empty once you signed up",
            "share_token": "whoever holds it can read the sheet, so it stays on its page",
        },
    )
)
registry.register(
    PersonalData(
        model=Scenario,
        title="Scenarios in your sheets",
        purpose=KEEP,
        rows=lambda user: Scenario.objects.filter(sheet__owner=user),
        fields=("sheet_id", "name", "levers"),
    )
)
