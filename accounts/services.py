"""Writes to accounts: notices, sessions, and the end of an account."""

from __future__ import annotations

from allauth.usersessions.models import UserSession
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.timezone import now

from accounts.models import Consent, Notice, User
from accounts.privacy import registry


def notice_create(*, user: User, text: str, url: str = "") -> Notice:
    """Tell a person something on the site. ``url`` is a path of this site.

    Text beyond 240 characters is cut at the end.
    """
    return Notice.objects.create(user=user, text=text[:240], url=url)


def notices_mark_read(*, user: User, notice: Notice | None = None) -> int:
    """Mark one notice of a person, or all of them, as read; return how many were unread."""
    unread = Notice.objects.filter(user=user, read_at__isnull=True)
    if notice is not None:
        unread = unread.filter(pk=notice.pk)
    return unread.update(read_at=now())


def session_end(*, session: UserSession) -> None:
    """Sign one browser out."""
    session.end()


def sessions_end_all(*, user: User) -> None:
    """Sign every browser of a person out, this one included."""
    for session in UserSession.objects.filter(user=user):
        session.end()


@transaction.atomic
def consent_give(*, user: User, purpose: str, words: int, recipient: str) -> Consent:
    """Note a person's yes. The same yes again keeps its date; a yes to something else takes its
    place."""
    standing = Consent.objects.select_for_update().filter(
        user=user, purpose=purpose, withdrawn_at__isnull=True
    )
    same = standing.filter(words=words, recipient=recipient).first()
    if same is not None:
        return same
    standing.update(withdrawn_at=now())
    return Consent.objects.create(user=user, purpose=purpose, words=words, recipient=recipient)


def consent_withdraw(*, user: User, purpose: str) -> bool:
    """Take a yes back at once; return whether there was one."""
    standing = Consent.objects.filter(user=user, purpose=purpose, withdrawn_at__isnull=True)
    return bool(standing.update(withdrawn_at=now()))


@transaction.atomic
def account_delete(*, user: User) -> None:
    """Delete a person with all that is declared about them.

    Raises:
        ValidationError: something must be settled first; each message says what.
    """
    if obstacles := registry.obstacles(user):
        raise ValidationError(obstacles)
    for entry in registry:
        if entry.erase is not None:
            entry.erase(user)
    _admin_log_forget(user)
    sessions_end_all(user=user)
    user.delete()


def _admin_log_forget(user: User) -> None:
    # The admin's log repeats the person's name in rows that no foreign key ties to them, and the
    # address where one of their rows was changed there.
    person = ContentType.objects.get_for_model(User)
    of_them = Q(content_type=person, object_id=str(user.pk))
    LogEntry.objects.filter(of_them | Q(object_repr__icontains=user.email)).delete()
