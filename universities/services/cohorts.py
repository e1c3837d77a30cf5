"""Cohorts, and who is in them."""

from __future__ import annotations

import uuid
from collections.abc import Collection

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models.functions import Lower

from universities.audit import Actor, AuditAction, audit
from universities.models import Cohort, Membership, Role, University


@transaction.atomic
def cohort_create(*, university: University, actor: Actor, name: str) -> Cohort:
    """Make a cohort.

    Raises:
        ValidationError: the name is empty, too long or taken.
    """
    cohort = Cohort(university=university, name=_checked_name(university, name))
    cohort.full_clean()
    cohort.save()
    audit(university, actor, AuditAction.COHORT_CREATED, cohort.name)
    return cohort


@transaction.atomic
def cohort_rename(*, cohort: Cohort, actor: Actor, name: str) -> Cohort:
    """Give a cohort another name.

    Raises:
        ValidationError: the name is empty, too long or taken.
    """
    cohort.name = _checked_name(cohort.university, name, besides=cohort)
    cohort.full_clean()
    cohort.save(update_fields=["name"])
    audit(cohort.university, actor, AuditAction.COHORT_RENAMED, cohort.name)
    return cohort


@transaction.atomic
def cohort_members_set(*, cohort: Cohort, actor: Actor, member_ids: Collection[uuid.UUID]) -> int:
    """Make exactly these members the cohort; return how many they are.

    Raises:
        ValidationError: an id is no present student of this university; the first few are named.
    """
    wanted = set(member_ids)
    found = Membership.objects.filter(
        university=cohort.university, pk__in=wanted, role=Role.STUDENT, removed_at__isnull=True
    )
    missing = wanted - {member.pk for member in found}
    if missing:
        named = ", ".join(sorted(str(pk) for pk in missing)[:5])
        raise ValidationError({"members": f"No student of this university has the id {named}."})
    cohort.members.set(found)
    audit(cohort.university, actor, AuditAction.COHORT_MEMBERS, cohort.name)
    return len(wanted)


def _checked_name(university: University, name: str, besides: Cohort | None = None) -> str:
    clean = " ".join(name.split())
    if not clean:
        raise ValidationError({"name": "Give the cohort a name."})
    others = Cohort.objects.filter(university=university, name__iexact=clean)
    if besides is not None:
        others = others.exclude(pk=besides.pk)
    if others.exists():
        raise ValidationError({"name": f"There is a cohort named {clean} already."})
    return clean


@transaction.atomic
def cohort_members_add(*, cohort: Cohort, actor: Actor, emails: Collection[str]) -> int:
    """Put students of the university into a cohort; return how many were new in it.

    Raises:
        ValidationError: an address is no present student; the first few are named.
    """
    wanted = {email.strip().lower() for email in emails if email.strip()}
    students = Membership.objects.filter(
        university=cohort.university, role=Role.STUDENT, removed_at__isnull=True
    ).annotate(address=Lower("user__email"))
    found = list(students.filter(address__in=wanted))
    if missing := sorted(wanted - {member.address for member in found}):
        named = ", ".join(missing[:5]) + (" and others" if len(missing) > 5 else "")
        raise ValidationError({"emails": f"No student here has this address: {named}."})
    present = set(cohort.members.values_list("pk", flat=True))
    joined = [member for member in found if member.pk not in present]
    cohort.members.add(*joined)
    audit(cohort.university, actor, AuditAction.COHORT_MEMBERS, cohort.name)
    return len(joined)


@transaction.atomic
def cohort_member_remove(*, cohort: Cohort, actor: Actor, membership: Membership) -> None:
    """Take one student out of a cohort; they stay in the university."""
    cohort.members.remove(membership)
    audit(cohort.university, actor, AuditAction.COHORT_MEMBERS, cohort.name)
