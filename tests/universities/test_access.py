"""Every page of a university, asked by everybody. A page that is missing from the table fails."""

from __future__ import annotations

import uuid

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from tests.conftest import signed_in
from tests.factories import (
    ApiKeyFactory,
    CohortFactory,
    InvitationFactory,
    MembershipFactory,
)
from universities.models import Role, RosterImport, University
from universities.urls import university_urls

pytestmark = pytest.mark.django_db
STAFF_ONLY = {"student": 404, "coach": 404, "staff": 200}
STAFF_POST = {"student": 404, "coach": 404, "staff": 302}
# name -> (method, answer by role)
TABLE = {
    "university-detail": ("get", {"student": 200, "coach": 200, "staff": 200}),
    "university-leave": ("post", {"student": 302, "coach": 302, "staff": 302}),
    "member-list": ("get", STAFF_ONLY),
    "member-role": ("post", STAFF_POST),
    "member-remove": ("get", STAFF_ONLY),
    "invitation-list": ("get", STAFF_ONLY),
    "invitation-again": ("post", STAFF_POST),
    "invitation-revoke": ("post", STAFF_POST),
    "roster-import": ("get", STAFF_ONLY),
    "roster-preview": ("get", STAFF_ONLY),
    "cohort-list": ("get", STAFF_ONLY),
    "cohort-detail": ("get", STAFF_ONLY),
    "cohort-rename": ("post", {"student": 404, "coach": 404, "staff": 200}),
    "cohort-take-out": ("post", STAFF_POST),
    "api-key-list": ("get", STAFF_ONLY),
    "api-key-rotate": ("post", {"student": 404, "coach": 404, "staff": 200}),
    "api-key-revoke": ("post", STAFF_POST),
    "university-settings": ("get", STAFF_ONLY),
    "join-code-renew": ("post", STAFF_POST),
    "audit-list": ("get", STAFF_ONLY),
}
NAMES = [pattern.name for pattern in university_urls]


@pytest.fixture
def addresses(university: University) -> dict[str, str]:
    """The address of every page, for things that exist in the university."""
    member = MembershipFactory(university=university)
    cohort = CohortFactory(university=university, members=[member])
    things = {
        "member-role": [member.pk],
        "member-remove": [member.pk],
        "invitation-again": [InvitationFactory(university=university).pk],
        "invitation-revoke": [InvitationFactory(university=university).pk],
        "roster-preview": [
            RosterImport.objects.create(university=university, text="email\na@example.com").pk
        ],
        "cohort-detail": [cohort.pk],
        "cohort-rename": [cohort.pk],
        "cohort-take-out": [cohort.pk, member.pk],
        "api-key-rotate": [ApiKeyFactory(university=university).pk],
        "api-key-revoke": [ApiKeyFactory(university=university).pk],
    }
    return {name: reverse(name, args=["north", *things.get(name, [])]) for name in NAMES}


def ask(browser: Client, name: str, address: str) -> int:
    """Return the status of one page."""
    return getattr(browser, TABLE[name][0])(address).status_code


@pytest.mark.parametrize("name", NAMES)
def test_a_stranger_finds_no_page(name: str, addresses: dict[str, str], as_charlie: Client) -> None:
    assert ask(as_charlie, name, addresses[name]) == 404


@pytest.mark.parametrize("name", NAMES)
def test_a_visitor_is_asked_to_sign_in(
    name: str, addresses: dict[str, str], client: Client
) -> None:
    assert ask(client, name, addresses[name]) == 302


@pytest.mark.parametrize("role", Role.values)
@pytest.mark.parametrize("name", NAMES)
def test_each_role_sees_what_the_table_says(
    name: str, role: str, addresses: dict[str, str], university: University
) -> None:
    user = MembershipFactory(university=university, role=role).user
    MembershipFactory(university=university, role=Role.STAFF)
    assert ask(signed_in(user), name, addresses[name]) == TABLE[name][1][role]


@pytest.mark.parametrize("name", NAMES)
def test_staff_of_another_university_cannot_reach_in_by_id(
    name: str, addresses: dict[str, str], as_charlie: Client
) -> None:
    own = addresses[name].replace("/north/", "/south/")
    if "-" in own.removeprefix("/universities/south/"):
        assert ask(as_charlie, name, own) == 404


def test_a_removed_member_is_a_stranger(as_alice: Client, alice: User) -> None:
    alice.memberships.update(removed_at="2026-01-01T00:00Z")
    assert as_alice.get("/universities/north/").status_code == 404


def test_an_unknown_id_is_not_found(as_carol: Client) -> None:
    for name in ("member-remove", "cohort-detail", "roster-preview"):
        assert as_carol.get(reverse(name, args=["north", uuid.uuid4()])).status_code == 404
