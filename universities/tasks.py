"""What the worker does for universities."""

from __future__ import annotations

from celery import shared_task

from universities.services.invitations import invitations_send

SENT_A_RUN = 200


@shared_task(name="universities.send_invitations")  # type: ignore[untyped-decorator]
def send_invitations() -> int:
    """Mail invitations that still wait: the rest of a long list, or after a mail server's rest."""
    return invitations_send(limit=SENT_A_RUN)
