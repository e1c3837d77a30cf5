"""Making, showing once, replacing and revoking keys."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from tests.factories import ApiKeyFactory, bearer
from universities.models import ApiKey, AuditEvent, University
from universities.services.api_keys import api_key_create, api_key_rotate

pytestmark = pytest.mark.django_db
LIST = "/universities/north/keys/"
NEW = {"name": "Results", "scopes": ["members:read", "results:read"], "days": "90"}
KEY = re.compile(r"pmc_[a-z0-9]{8}_[A-Za-z0-9_-]{43}")


def test_a_key_is_shown_once_and_only_its_hash_is_stored(as_carol: Client) -> None:
    made = as_carol.post(LIST, NEW)
    [shown] = set(KEY.findall(made.content.decode()))
    assert "no-store" in made["Cache-Control"]
    assert not KEY.findall(as_carol.get(LIST).content.decode())
    assert shown[13:] not in str(ApiKey.objects.values().get())
    assert AuditEvent.objects.get().action == "key.created"


def test_a_new_key_opens_what_its_scopes_say(as_carol: Client, client: Client) -> None:
    shown = KEY.findall(as_carol.post(LIST, NEW).content.decode())[0]
    headers = {"Authorization": f"Bearer {shown}"}
    assert client.get("/api/v1/members", headers=headers).status_code == 200
    assert client.get("/api/v1/cohorts", headers=headers).status_code == 403


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"name": ""}, "name"), ({"scopes": []}, "scopes"), ({"scopes": ["all"]}, "scopes")],
)
def test_a_wrong_form_is_explained_beside_the_field(
    as_carol: Client, wrong: dict[str, object], field: str
) -> None:
    page = as_carol.post(LIST, {**NEW, **wrong}).content.decode()
    assert f'id="id_{field}_error"' in page
    assert not ApiKey.objects.exists()


@pytest.mark.parametrize("days", [0, 366])
def test_no_key_lives_longer_than_a_year(carol: User, university: University, days: int) -> None:
    with pytest.raises(ValidationError):
        api_key_create(
            university=university, actor=carol, name="x", scopes=["members:read"], days=days
        )


def test_replacing_gives_a_new_key_and_the_old_one_a_day(
    as_carol: Client, university: University, client: Client
) -> None:
    old = ApiKeyFactory(university=university, scopes=["members:read"])
    page = as_carol.post(reverse("api-key-rotate", args=["north", old.pk])).content.decode()
    shown = KEY.findall(page)[0]
    old.refresh_from_db()
    assert old.expires_at <= timezone.now() + timedelta(hours=24)
    for headers in (bearer(old), {"Authorization": f"Bearer {shown}"}):
        assert client.get("/api/v1/members", headers=headers).status_code == 200


def test_a_key_that_has_ended_cannot_be_replaced(carol: User) -> None:
    ended = ApiKeyFactory(expires_at=timezone.now())
    with pytest.raises(ValidationError):
        api_key_rotate(key=ended, actor=carol)


def test_a_revoked_key_stops_at_once(
    as_carol: Client, university: University, client: Client
) -> None:
    key = ApiKeyFactory(university=university, scopes=["members:read"])
    assert client.get("/api/v1/members", headers=bearer(key)).status_code == 200
    as_carol.post(reverse("api-key-revoke", args=["north", key.pk]))
    assert client.get("/api/v1/members", headers=bearer(key)).status_code == 401


def test_the_page_costs_the_same_for_many_keys(
    as_carol: Client,
    university: University,
    carol: User,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    ApiKeyFactory.create_batch(20, university=university, created_by=carol)
    with django_assert_max_num_queries(7):
        as_carol.get(LIST)
