"""Importing people: a dry run that writes nothing about them, then all of it or none."""

from __future__ import annotations

import secrets
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.timezone import now

from accounts.models import User
from universities import roster_file
from universities.audit import AuditAction, audit
from universities.authentication import hash_secret
from universities.models import Cohort, Invitation, Membership, RosterImport, University
from universities.roster_file import Row, RowError
from universities.services.invitations import INVITATION_DAYS, invitations_send

KEPT_UNAPPLIED = timedelta(days=1)


@dataclass(frozen=True)
class Planned:
    """What an import would do for one person: the words for it, and on which rows it acts.

    ``kind`` is "invite", "change" or "unchanged". Nobody is added without accepting.
    """

    row: Row
    kind: str
    words: str
    member: Membership | None = None
    invitation: Invitation | None = None


@dataclass
class RosterPlan:
    """What an import would do, all of it."""

    planned: list[Planned] = field(default_factory=list)
    errors: list[RowError] = field(default_factory=list)
    new_cohorts: list[str] = field(default_factory=list)

    def of(self, kind: str) -> list[Planned]:
        """Return the people for whom it would do this."""
        return [item for item in self.planned if item.kind == kind]


class _Present:
    """Who is in the university now, found by address and by the university's own id."""

    def __init__(self, university: University) -> None:
        members = list(
            Membership.objects.filter(university=university)
            .select_related("user")
            .prefetch_related("cohorts")
        )
        open_invitations = list(
            Invitation.objects.filter(
                university=university, accepted_at__isnull=True, revoked_at__isnull=True
            ).select_related("cohort")
        )
        self.by_email = {member.user.email.lower(): member for member in members}
        self.by_id = {member.external_id: member for member in members if member.external_id}
        self.invited = {row.email.lower(): row for row in open_invitations}
        self.invited_id = {row.external_id: row for row in open_invitations if row.external_id}
        self.cohorts = {
            cohort.name.casefold(): cohort
            for cohort in Cohort.objects.filter(university=university)
        }


def roster_upload(*, university: University, actor: User, data: bytes) -> RosterImport:
    """Keep an uploaded file for its dry run; nothing of it is applied and no mail is sent.

    Raises:
        ValidationError: the file as a whole cannot be read.
    """
    stale = RosterImport.objects.filter(created_at__lt=now() - KEPT_UNAPPLIED)
    stale.filter(applied_at__isnull=True).delete()
    try:
        text = roster_file.decode(data)
        roster_file.parse(text)
    except roster_file.RosterFileError as error:
        raise ValidationError({"file": str(error)}) from error
    return RosterImport.objects.create(university=university, created_by=actor, text=text)


def roster_plan(*, roster: RosterImport) -> RosterPlan:
    """Say what an import would do now; reads only."""
    parsed = roster_file.parse(roster.text)
    present = _Present(roster.university)
    plan = RosterPlan(errors=list(parsed.errors))
    for row in parsed.rows:
        if clash := _clash(row, present):
            plan.errors.append(clash)
            continue
        plan.planned.append(_planned(row, present))
        if row.cohort and row.cohort.casefold() not in present.cohorts:
            plan.new_cohorts.append(row.cohort)
    plan.new_cohorts = list({name.casefold(): name for name in plan.new_cohorts}.values())
    plan.errors.sort(key=lambda error: error.line)
    return plan


@transaction.atomic
def roster_apply(*, roster: RosterImport, actor: User) -> RosterPlan:
    """Do what the plan says, all of it, and return it; invitations are mailed after the commit.

    Running the same file again changes nothing.

    Raises:
        ValidationError: it was applied before, or a line is wrong; nothing is done.
    """
    locked = RosterImport.objects.select_for_update().get(pk=roster.pk)
    if locked.applied_at is not None:
        raise ValidationError("This file was imported already.")
    plan = roster_plan(roster=locked)
    if plan.errors:
        raise ValidationError("Some lines are wrong. Correct them and choose the file again.")
    cohorts = _cohorts(locked.university, plan, actor)
    _invite(locked.university, actor, plan.of("invite"), cohorts)
    _change(plan.of("change"), cohorts)
    locked.applied_at, locked.text = now(), ""
    locked.save(update_fields=["applied_at", "text"])
    counts = f"{len(plan.of('invite'))} invited, {len(plan.of('change'))} changed"
    audit(locked.university, actor, AuditAction.ROSTER_APPLIED, counts)
    transaction.on_commit(invitations_send)
    return plan


def _clash(row: Row, present: _Present) -> RowError | None:
    if not row.external_id:
        return None
    owner = present.by_id.get(row.external_id)
    named = present.by_email.get(row.email)
    if owner is not None and (owner.removed_at or (named is not None and named != owner)):
        if owner != named:
            return RowError(row.line, "external_id", "This id belongs to another person.")
        return None
    invited = present.invited_id.get(row.external_id)
    if owner is None and invited is not None and invited.email.lower() != row.email:
        return RowError(row.line, "external_id", "This id is in another person's invitation.")
    return None


def _planned(row: Row, present: _Present) -> Planned:
    member = present.by_id.get(row.external_id) if row.external_id else None
    member = member or present.by_email.get(row.email)
    if member is not None and member.removed_at is None:
        return _planned_member(row, member)
    invitation = present.invited.get(row.email)
    if invitation is None:
        again = "Invited again" if member is not None else "Invited"
        return Planned(row, "invite", f"{again} as a student")
    return _planned_invitation(row, invitation)


def _planned_member(row: Row, member: Membership) -> Planned:
    changes = []
    if row.external_id and row.external_id != member.external_id:
        changes.append(f"id becomes {row.external_id}")
    if row.cohort and row.cohort.casefold() not in _cohort_names(member):
        changes.append(f"joins {row.cohort}")
    if changes:
        return Planned(row, "change", "Member: " + ", ".join(changes), member=member)
    other = member.user.email.lower() != row.email
    words = "Member, who signs in with another address" if other else "Member already"
    return Planned(row, "unchanged", words, member=member)


def _planned_invitation(row: Row, invitation: Invitation) -> Planned:
    if invitation.expires_at <= now():
        return Planned(row, "invite", "Invited again: the invitation had ended", None, invitation)
    changes = []
    if row.name and row.name != invitation.name:
        changes.append(f"name becomes {row.name}")
    if row.external_id and row.external_id != invitation.external_id:
        changes.append(f"id becomes {row.external_id}")
    named = invitation.cohort.name.casefold() if invitation.cohort else ""
    if row.cohort and row.cohort.casefold() != named:
        changes.append(f"will join {row.cohort}")
    if changes:
        return Planned(row, "change", "Invited: " + ", ".join(changes), None, invitation)
    return Planned(row, "unchanged", "Invited already", None, invitation)


def _cohort_names(member: Membership) -> set[str]:
    return {cohort.name.casefold() for cohort in member.cohorts.all()}


def _cohorts(university: University, plan: RosterPlan, actor: User) -> dict[str, Cohort]:
    Cohort.objects.bulk_create(
        Cohort(university=university, name=name) for name in plan.new_cohorts
    )
    for name in plan.new_cohorts:
        audit(university, actor, AuditAction.COHORT_CREATED, name)
    return {cohort.name.casefold(): cohort for cohort in university.cohorts.all()}


def _invite(
    university: University, actor: User, planned: list[Planned], cohorts: dict[str, Cohort]
) -> None:
    fresh = []
    for item in planned:
        invitation = item.invitation or Invitation(university=university, email=item.row.email)
        _fill(invitation, item.row, cohorts)
        invitation.created_by = actor
        invitation.expires_at = now() + timedelta(days=INVITATION_DAYS)
        invitation.token_hash = hash_secret(secrets.token_urlsafe(32))
        invitation.sent_at = None
        if item.invitation is None:
            fresh.append(invitation)
        else:
            invitation.save()
    Invitation.objects.bulk_create(fresh, batch_size=500)


def _change(planned: list[Planned], cohorts: dict[str, Cohort]) -> None:
    joining: dict[str, list[Membership]] = defaultdict(list)
    members = []
    for item in planned:
        if item.invitation is not None:
            _fill(item.invitation, item.row, cohorts)
            item.invitation.save(update_fields=["name", "external_id", "cohort"])
        elif item.member is not None:
            item.member.external_id = item.row.external_id or item.member.external_id
            members.append(item.member)
            if item.row.cohort:
                joining[item.row.cohort.casefold()].append(item.member)
    Membership.objects.bulk_update(members, ["external_id"], batch_size=500)
    for name, joined in joining.items():
        cohorts[name].members.add(*joined)


def _fill(invitation: Invitation, row: Row, cohorts: dict[str, Cohort]) -> None:
    invitation.name = row.name or invitation.name
    invitation.external_id = row.external_id or invitation.external_id
    if row.cohort:
        invitation.cohort = cohorts[row.cohort.casefold()]
