"""The API: keys, tenants, members, cohorts, errors, the document and its page."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, reverse
from django.utils import timezone
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.validation import validate_schema
from pytest_django import DjangoAssertNumQueries

from config import api_urls
from tests.factories import ApiKeyFactory, CohortFactory, MembershipFactory, bearer
from universities.models import ApiKey, AuditEvent, Cohort, Membership, Role, University
from universities.scopes import Scope

pytestmark = pytest.mark.django_db
MEMBERS, COHORTS = "/api/v1/members", "/api/v1/cohorts"
OPEN = {"api-schema", "api-docs"}


@pytest.fixture
def key(university: University) -> ApiKey:
    """A key of North with every scope."""
    return ApiKeyFactory(university=university, scopes=list(Scope.values))


def ask(key: ApiKey, address: str, method: str = "get", data: Any = None) -> Any:
    """Send one request with a key."""
    send = getattr(Client(), method)
    if data is None:
        return send(address, headers=bearer(key))
    return send(address, data, content_type="application/json", headers=bearer(key))


def is_problem(response: Any, status: int) -> dict[str, Any]:
    """Check that an answer is a problem document and return it."""
    body = response.json()
    assert response.status_code == status
    assert response["Content-Type"] == "application/problem+json"
    assert (body["status"], body["type"]) == (status, "about:blank")
    assert body["detail"]
    return body


def test_members_are_listed_with_their_cohorts(key: ApiKey, university: University) -> None:
    member = MembershipFactory(university=university, external_id="s-1", user__name="Ada")
    cohort = CohortFactory(university=university, members=[member])
    [found] = ask(key, MEMBERS).json()["results"]
    assert found["id"] == str(member.pk)
    assert (found["name"], found["role"], found["external_id"]) == ("Ada", "student", "s-1")
    assert found["cohorts"] == [str(cohort.pk)]


def test_members_are_filtered(key: ApiKey, university: University) -> None:
    MembershipFactory(university=university, external_id="s-1")
    MembershipFactory(university=university, role=Role.COACH)
    assert len(ask(key, f"{MEMBERS}?role=coach").json()["results"]) == 1
    assert len(ask(key, f"{MEMBERS}?external_id=s-1").json()["results"]) == 1
    is_problem(ask(key, f"{MEMBERS}?role=owner"), 400)


def test_somebody_removed_is_not_found(key: ApiKey, university: University) -> None:
    gone = MembershipFactory(university=university, removed_at=timezone.now())
    assert ask(key, MEMBERS).json()["results"] == []
    is_problem(ask(key, f"{MEMBERS}/{gone.pk}"), 404)


def test_pages_neither_double_nor_hide_when_rows_come_between(
    key: ApiKey, university: University
) -> None:
    same_time = timezone.now()
    before = MembershipFactory.create_batch(7, university=university, created_at=same_time)
    address, seen = f"{MEMBERS}?page_size=3", []
    while address:
        body = ask(key, address).json()
        seen += [row["id"] for row in body["results"]]
        address = body["next"]
        MembershipFactory(university=university)
    assert sorted(seen) == sorted(str(member.pk) for member in before)


def test_the_list_costs_the_same_for_many_members(
    key: ApiKey,
    university: University,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    members = MembershipFactory.create_batch(30, university=university)
    CohortFactory(university=university, members=members)
    with django_assert_max_num_queries(4):
        ask(key, MEMBERS)


def test_a_cohort_is_made_and_recorded_with_its_key(key: ApiKey, university: University) -> None:
    response = ask(key, COHORTS, "post", {"name": "MBA", "university": str(uuid.uuid4())})
    cohort = Cohort.objects.get()
    assert response.status_code == 201
    assert response.json()["id"] == str(cohort.pk)
    assert cohort.university == university
    assert key.prefix in AuditEvent.objects.get().subject


@pytest.mark.parametrize(
    "body", [{}, {"name": ""}, {"name": "x" * 121}, {"name": "mba"}, [], '"x"']
)
def test_a_cohort_that_cannot_be_made_says_why(
    key: ApiKey, university: University, body: Any
) -> None:
    CohortFactory(university=university, name="MBA")
    assert is_problem(ask(key, COHORTS, "post", body), 400)["errors"]
    assert Cohort.objects.count() == 1


def test_a_body_that_is_not_json_is_a_problem(key: ApiKey) -> None:
    response = Client().post(COHORTS, "{", content_type="application/json", headers=bearer(key))
    is_problem(response, 400)


def test_a_form_is_refused(key: ApiKey) -> None:
    is_problem(Client().post(COHORTS, {"name": "MBA"}, headers=bearer(key)), 415)


def test_a_cohort_is_renamed(key: ApiKey, university: University) -> None:
    cohort = CohortFactory(university=university)
    ask(key, f"{COHORTS}/{cohort.pk}", "put", {"name": "New"})
    cohort.refresh_from_db()
    assert cohort.name == "New"


def test_the_members_of_a_cohort_are_set_as_a_whole(key: ApiKey, university: University) -> None:
    old, new = MembershipFactory.create_batch(2, university=university)
    cohort = CohortFactory(university=university, members=[old])
    for _ in range(2):
        body = ask(key, f"{COHORTS}/{cohort.pk}/members", "put", {"members": [str(new.pk)]}).json()
    assert body["size"] == 1
    assert list(cohort.members.all()) == [new]
    [listed] = ask(key, f"{COHORTS}/{cohort.pk}/members").json()["results"]
    assert listed["id"] == str(new.pk)


def test_a_member_of_another_tenant_is_refused_like_an_unknown_one(
    key: ApiKey, university: University
) -> None:
    cohort = CohortFactory(university=university)
    address = f"{COHORTS}/{cohort.pk}/members"
    foreign, unknown = MembershipFactory().pk, uuid.uuid4()
    answers = [
        is_problem(ask(key, address, "put", {"members": [str(pk)]}), 400)["errors"][0]["message"]
        for pk in (foreign, unknown)
    ]
    assert answers[0].replace(str(foreign), "") == answers[1].replace(str(unknown), "")


@pytest.mark.parametrize(
    "header",
    [
        "",
        "Bearer",
        "Bearer pmc_00000000_short",
        f"Bearer pmc_00000000_{'x' * 43}",
        "Basic YTpi",
        "Token abc",
        "Bearer \x00",
    ],
)
def test_no_key_or_a_wrong_one_is_a_401(header: str) -> None:
    response = Client().get(MEMBERS, headers={"Authorization": header} if header else {})
    is_problem(response, 401)
    assert response["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.parametrize("field", ["revoked_at", "expires_at"])
def test_a_key_that_has_ended_is_a_401(university: University, field: str) -> None:
    past = timezone.now() - timedelta(seconds=1)
    ended = ApiKeyFactory(university=university, scopes=list(Scope.values), **{field: past})
    is_problem(ask(ended, MEMBERS), 401)


def test_a_key_in_the_address_is_not_read(key: ApiKey) -> None:
    secret = bearer(key)["Authorization"].removeprefix("Bearer ")
    is_problem(Client().get(f"{MEMBERS}?key={secret}&Authorization={secret}"), 401)


def test_somebody_signed_in_on_the_site_has_no_key(as_carol: Client) -> None:
    is_problem(as_carol.get(MEMBERS), 401)


def test_using_a_key_is_noted(key: ApiKey) -> None:
    ask(key, MEMBERS)
    key.refresh_from_db()
    assert key.last_used_at is not None


def test_an_address_that_is_none_is_a_problem(key: ApiKey) -> None:
    is_problem(ask(key, "/api/v1/nothing"), 404)
    is_problem(ask(key, f"{MEMBERS}/not-an-id"), 404)


def test_a_method_that_is_none_is_a_problem(key: ApiKey) -> None:
    is_problem(ask(key, MEMBERS, "delete"), 405)


@pytest.mark.parametrize("cursor", ["nonsense", "bnVsbA==", "WzFd", "WyJhIiwiYiJd", "%00", "é"])
def test_a_wrong_cursor_is_a_problem(key: ApiKey, cursor: str) -> None:
    is_problem(ask(key, f"{MEMBERS}?cursor={cursor}"), 404)


@pytest.mark.parametrize("size", ["0", "-1", "x", "²", "9" * 30])
def test_any_page_size_is_brought_into_its_bounds(
    key: ApiKey, university: University, size: str
) -> None:
    MembershipFactory(university=university)
    assert len(ask(key, f"{MEMBERS}?page_size={size}").json()["results"]) == 1


def test_above_the_rate_the_answer_says_how_long_to_wait(
    key: ApiKey, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("universities.throttling.KeyThrottle.THROTTLE_RATES", {"key": "2/min"})
    answers = [ask(key, MEMBERS) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    is_problem(answers[2], 429)
    assert int(answers[2]["Retry-After"]) > 0


def routes(patterns: list[Any], prefix: str = "/api/v1/") -> Iterator[tuple[str, URLPattern]]:
    """Walk the API's table of addresses."""
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns, prefix + str(pattern.pattern))
        elif pattern.name not in OPEN:
            yield prefix + str(pattern.pattern), pattern


ROUTES = list(routes(api_urls.urlpatterns))


@pytest.mark.parametrize(("route", "pattern"), ROUTES, ids=[route for route, _ in ROUTES])
def test_every_route_needs_a_key_and_names_a_scope_for_each_method(
    route: str, pattern: URLPattern
) -> None:
    view = pattern.callback.view_class  # type: ignore[attr-defined]
    methods = {name.upper() for name in view.http_method_names if hasattr(view, name)}
    methods -= {"OPTIONS", "HEAD"}
    assert methods == set(view.required_scopes)
    assert set(view.required_scopes.values()) <= set(Scope)


@pytest.mark.parametrize("method", ["get", "post", "put", "patch", "delete"])
@pytest.mark.parametrize(("route", "pattern"), ROUTES, ids=[route for route, _ in ROUTES])
def test_a_key_without_the_scope_is_refused_on_every_route(
    route: str, pattern: URLPattern, method: str, university: University
) -> None:
    poor = ApiKeyFactory(university=university, scopes=[])
    address = route.replace("<uuid:pk>", str(uuid.uuid4())).replace("<slug:slug>", "x")
    data = None if method == "get" else {}
    response = ask(poor, address, method, data)
    assert response.status_code in (403, 405)
    is_problem(response, response.status_code)


@pytest.mark.parametrize("method", ["get", "post", "put"])
@pytest.mark.parametrize(("route", "pattern"), ROUTES, ids=[route for route, _ in ROUTES])
def test_no_route_shows_or_changes_another_tenants_rows(
    route: str, pattern: URLPattern, method: str, university: University
) -> None:
    member = MembershipFactory(
        university=university,
        user__name="CANARY",
        user__email="canary@north.example",
        external_id="CANARY-1",
    )
    cohort = CohortFactory(university=university, name="CANARY cohort", members=[member])
    south = ApiKeyFactory(scopes=list(Scope.values))
    before = list(Cohort.objects.filter(university=university).values())
    for pk in (member.pk, cohort.pk, university.pk):
        address = route.replace("<uuid:pk>", str(pk))
        body = {"name": "New", "members": [str(member.pk)]}
        response = ask(south, address, method, None if method == "get" else body)
        assert "canary" not in response.content.decode().lower()
        if "<uuid:pk>" in route:
            assert response.status_code in (404, 405)
    assert list(Cohort.objects.filter(university=university).values()) == before
    assert list(cohort.members.all()) == [member]
    assert Membership.objects.get(pk=member.pk).role == Role.STUDENT


def test_the_document_is_openapi_3_1_and_valid() -> None:
    schema = SchemaGenerator().get_schema(request=None, public=True)
    validate_schema(schema)
    assert schema["openapi"].startswith("3.1")
    assert {"/api/v1/members", "/api/v1/cohorts"} <= set(schema["paths"])


def test_every_operation_in_the_document_is_named_and_asks_for_the_key() -> None:
    schema = SchemaGenerator().get_schema(request=None, public=True)
    operations = [op for path in schema["paths"].values() for op in path.values()]
    ids = [operation["operationId"] for operation in operations]
    assert len(ids) == len(set(ids))
    assert all(operation["security"] == [{"ApiKey": []}] for operation in operations)


def test_the_document_is_served_to_everybody(client: Client) -> None:
    assert client.get(reverse("api-schema")).json()["info"]["title"] == "Case Coach API"


def test_the_page_of_the_api_runs_no_script_of_its_own_markup(client: Client) -> None:
    response = client.get(reverse("api-docs"))
    page = response.content.decode()
    assert "<script>" not in page
    assert "style=" not in page
    assert "unsafe-inline" not in response["Content-Security-Policy"]
