"""What the universities app holds about a person."""

from __future__ import annotations

from allauth.account.models import EmailAddress
from django.db.models import QuerySet
from django.db.models.functions import Lower

from accounts.models import User
from accounts.privacy import PersonalData, registry
from universities.models import (
    ApiKey,
    AuditEvent,
    Cohort,
    Invitation,
    Membership,
    Role,
    RosterImport,
    University,
)


def _invitations(user: User) -> QuerySet[Invitation]:
    """Select invitations to the addresses a person has confirmed.

    Anybody can sign up with somebody else's address. Before it is confirmed, what a university
    wrote to it is not theirs to read or to delete.
    """
    confirmed = EmailAddress.objects.filter(user=user, verified=True)
    addresses = {email.lower() for email in confirmed.values_list("email", flat=True)}
    return Invitation.objects.annotate(address=Lower("email")).filter(address__in=addresses)


def _invitations_erase(user: User) -> None:
    _invitations(user).delete()


def _rosters_erase(user: User) -> None:
    # An uploaded list that waits may name the person; it can be uploaded again.
    waiting = RosterImport.objects.filter(applied_at__isnull=True)
    confirmed = EmailAddress.objects.filter(user=user, verified=True)
    for email in confirmed.values_list("email", flat=True):
        waiting.filter(text__icontains=email).delete()


def _only_staff(user: User) -> list[str]:
    alone = []
    staffed = Membership.objects.filter(user=user, role=Role.STAFF, removed_at__isnull=True)
    for membership in staffed.select_related("university"):
        others = Membership.objects.filter(
            university=membership.university_id, role=Role.STAFF, removed_at__isnull=True
        ).exclude(pk=membership.pk)
        if not others.exists():
            alone.append(
                f"You are the only staff member of {membership.university}. "
                "Give somebody else the staff role first."
            )
    return alone


registry.obstacle(_only_staff)
registry.register(
    PersonalData(
        model=Membership,
        title="Your universities",
        purpose="To know where you are a member, in which role and in which cohorts.",
        rows=lambda user: Membership.objects.filter(user=user),
        fields=(
            "university__name",
            "role",
            "external_id",
            "cohorts__name",
            "created_at",
            "removed_at",
        ),
    )
)
registry.register(
    PersonalData(
        model=Invitation,
        title="Invitations to your address",
        purpose="To let a university ask you to join.",
        rows=_invitations,
        fields=(
            "university__name",
            "email",
            "name",
            "role",
            "external_id",
            "cohort__name",
            "created_at",
            "expires_at",
        ),
        withheld={"token_hash": "the hash of a one-time token"},
        erase=_invitations_erase,
    )
)
registry.register(
    PersonalData(
        model=RosterImport,
        title="Lists you uploaded",
        purpose="To show what an import would do before it does it; cleared after a day.",
        rows=lambda user: RosterImport.objects.filter(created_by=user),
        fields=("university__name", "created_at", "applied_at"),
        withheld={"text": "a list of other people, cleared when it is imported or after a day"},
        erase=_rosters_erase,
        kept="Kept without your name: that a list was imported, and when",
    )
)
registry.register(
    PersonalData(
        model=ApiKey,
        title="API keys you made",
        purpose="To let a university's own systems read its data.",
        rows=lambda user: ApiKey.objects.filter(created_by=user),
        fields=("university__name", "name", "prefix", "scopes", "created_at", "expires_at"),
        withheld={"secret_hash": "the hash of a secret"},
        kept="Kept without your name: the key belongs to the university",
    )
)
registry.register(
    PersonalData(
        model=AuditEvent,
        title="What you did as a member",
        purpose="To let a university see who changed what.",
        rows=lambda user: AuditEvent.objects.filter(actor=user),
        fields=("university__name", "action", "subject", "created_at"),
        kept="Kept without your name: the university must account for what was changed",
    )
)
registry.holds_nothing_personal(University, "it describes an institution")
registry.holds_nothing_personal(Cohort, "it names a group; who is in it is part of a membership")
