"""/api/v1/assignments, /submissions, /results and the lab: scopes, tenants, pages, problems."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from accounts.models import Notice, User
from coach.models import Assignment, Review, Submission
from coach.services.submissions import submission_withdraw
from tests.coach.factories import (
    SEGMENT_ANSWER,
    SHOP,
    assigned,
    handed_in,
    mark_all,
    question_of,
    released,
)
from tests.coach.test_assignments import NEXT_YEAR, gap_of
from tests.factories import ApiKeyFactory, CohortFactory, MembershipFactory, UserFactory, bearer
from tests.universities.test_api import ask, is_problem
from universities.models import ApiKey, Cohort, University
from universities.scopes import Scope

pytestmark = pytest.mark.django_db
ASSIGNMENTS, SUBMISSIONS, RESULTS = (
    f"/api/v1/{noun}" for noun in ("assignments", "submissions", "results")
)
COMPUTE = "/api/v1/lab/compute"


@pytest.fixture
def key(university: University) -> ApiKey:
    """A key of North with every scope."""
    return ApiKeyFactory(university=university, scopes=list(Scope.values))


@pytest.fixture
def cohort(university: University, alice: User) -> Cohort:
    """A cohort with Alice in it."""
    question_of()
    return CohortFactory(university=university, members=[alice.memberships.get()])


def wanted(cohort: Cohort, /, **changes: Any) -> dict[str, Any]:
    """Return the body that makes an assignment."""
    return {
        "question": SHOP,
        "cohort": str(cohort.pk),
        "due_local": f"{NEXT_YEAR}-05-01T18:00",
        "timezone": "Europe/Berlin",
    } | changes


def test_an_assignment_is_made_and_its_cohort_is_told(
    key: ApiKey, cohort: Cohort, alice: User
) -> None:
    response = ask(key, ASSIGNMENTS, "post", wanted(cohort, note="Calmly"))
    body = response.json()
    assert response.status_code == 201
    assert (body["question"], body["mode"], body["note"]) == (SHOP, "guided", "Calmly")
    assert body["due_at"] == f"{NEXT_YEAR}-05-01T16:00:00Z"
    assert Notice.objects.get().user == alice
    assert ask(key, ASSIGNMENTS).json()["results"] == [body]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("question", "no-such-question"),
        ("cohort", "7b0c4c68-5f0e-4f5e-9d4b-2f6f1b6f3a11"),
        ("cohort", "x"),
        ("mode", "drill"),
        ("timezone", "Mars/Olympus"),
        ("due_local", "2001-01-01T00:00"),
        ("due_local", f"{NEXT_YEAR}-05-01T18:00+02:00"),
        ("due_local", "soon"),
        ("due_local", gap_of("Europe/Berlin").isoformat()),
        ("note", "x" * 501),
        ("note", "a\x00b"),
    ],
)
def test_a_wrong_value_is_named_by_the_field_that_was_sent(
    key: ApiKey, cohort: Cohort, field: str, value: str
) -> None:
    response = ask(key, ASSIGNMENTS, "post", wanted(cohort, **{field: value}))
    problem = is_problem(response, 400)
    assert [error["field"] for error in problem["errors"]] == [field]
    assert not Assignment.objects.exists()


def test_a_cohort_of_another_university_cannot_be_assigned_to(key: ApiKey, cohort: Cohort) -> None:
    is_problem(ask(key, ASSIGNMENTS, "post", wanted(CohortFactory())), 400)
    assert not Assignment.objects.exists()


def test_where_the_students_of_an_assignment_stand(
    key: ApiKey, alice: User, university: University
) -> None:
    member = alice.memberships.get()
    assignment = assigned(university, member)
    submission = handed_in(alice, university, assignment)
    [row] = ask(key, f"{ASSIGNMENTS}/{assignment.pk}/standings").json()
    assert (row["member"], row["state"], row["late"]) == (str(member.pk), "submitted", False)
    assert row["submission"] == str(submission.pk)


def test_where_a_student_who_has_not_started_stands(
    key: ApiKey, alice: User, university: University
) -> None:
    assignment = assigned(university, alice.memberships.get())
    [row] = ask(key, f"{ASSIGNMENTS}/{assignment.pk}/standings").json()
    assert (row["state"], row["submission"], row["submitted_at"]) == ("not started", None, None)


def test_a_submission_is_listed_without_its_text_and_read_with_it(
    key: ApiKey, submission: Submission
) -> None:
    [row] = ask(key, SUBMISSIONS).json()["results"]
    assert (row["id"], row["sha256"]) == (str(submission.pk), submission.sha256)
    assert "steps" not in row
    steps = ask(key, f"{SUBMISSIONS}/{submission.pk}").json()["steps"]
    assert steps[0]["text"] == SEGMENT_ANSWER


def test_a_withdrawn_submission_is_not_there(key: ApiKey, submission: Submission) -> None:
    submission_withdraw(submission=submission)
    assert ask(key, SUBMISSIONS).json()["results"] == []
    is_problem(ask(key, f"{SUBMISSIONS}/{submission.pk}"), 404)


def test_a_released_result_has_a_persons_levels_and_name(
    key: ApiKey, submission: Submission, bob: User
) -> None:
    released(submission, bob)
    [row] = ask(key, RESULTS).json()["results"]
    assert (row["state"], row["reviewed_by"]) == ("released", "Bob")
    assert row["steps"][0]["level"] == 3
    assert {c["level"] for c in row["steps"][0]["criteria"]} == {3}


def test_a_draft_gives_no_levels(key: ApiKey, review: Review) -> None:
    mark_all(review, level=4)
    [row] = ask(key, RESULTS).json()["results"]
    assert (row["reviewed_by"], row["released_at"], row["steps"]) == (None, None, [])


def test_results_are_filtered_by_state_and_assignment(
    key: ApiKey, alice: User, bob: User, university: University
) -> None:
    assignment = assigned(university, alice.memberships.get())
    handed_in(alice, university, assignment)
    released(handed_in(alice, university), bob)
    assert len(ask(key, f"{RESULTS}?state=released").json()["results"]) == 1
    assert len(ask(key, f"{RESULTS}?assignment={assignment.pk}").json()["results"]) == 1


@pytest.mark.parametrize("query", ["state=withdrawn", "state=x", "assignment=x"])
def test_a_filter_that_is_none_is_a_problem(key: ApiKey, query: str) -> None:
    problem = is_problem(ask(key, f"{RESULTS}?{query}"), 400)
    assert problem["errors"][0]["field"] == query.partition("=")[0]


def test_pages_of_results_neither_double_nor_hide(
    key: ApiKey, university: University, alice: User
) -> None:
    made = {str(handed_in(alice, university).pk) for _ in range(5)}
    Submission.objects.update(created_at=Submission.objects.latest("created_at").created_at)
    seen: list[str] = []
    address: str | None = f"{RESULTS}?page_size=2"
    while address:
        page = ask(key, address).json()
        seen += [row["id"] for row in page["results"]]
        address = page["next"]
        handed_in(alice, university)
        assert len(seen) < 20
    assert len(seen) == len(set(seen))
    assert made <= set(seen)


def test_a_list_of_results_costs_the_same_however_long(
    key: ApiKey, university: University, bob: User, django_assert_max_num_queries: Any
) -> None:
    for _ in range(4):
        student = UserFactory()
        MembershipFactory(university=university, user=student)
        released(handed_in(student, university), bob)
    ask(key, RESULTS)
    with django_assert_max_num_queries(5):
        assert len(ask(key, RESULTS).json()["results"]) == 4


TENANT_ROUTES = [
    ("get", "{assignments}"),
    ("get", "{assignments}/{assignment}/standings"),
    ("get", "{submissions}"),
    ("get", "{submissions}/{submission}"),
    ("get", "{results}"),
    ("get", "{results}?assignment={assignment}"),
    ("get", "{submissions}?assignment={assignment}"),
]


@pytest.mark.parametrize(("method", "route"), TENANT_ROUTES)
def test_another_tenants_key_reads_nothing(
    method: str, route: str, alice: User, university: University, charlie: User
) -> None:
    assignment = assigned(university, alice.memberships.get())
    submission = handed_in(alice, university, assignment)
    south = charlie.memberships.get().university
    key = ApiKeyFactory(university=south, scopes=list(Scope.values))
    address = route.format(
        assignments=ASSIGNMENTS, submissions=SUBMISSIONS, results=RESULTS,
        assignment=assignment.pk, submission=submission.pk,
    )  # fmt: skip
    response = ask(key, address, method)
    if "?" in route or not route.endswith("}") or route.count("{") == 1:
        assert response.json().get("results", []) == []
    else:
        is_problem(response, 404)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"relations": ["gmv = orders *"], "values": {"orders": 1}}, None),
        ({"relations": ["gmv = orders * aov"], "values": {"orders": 1}}, "relations"),
        ({"relations": ["a = b", "b = a"], "values": {"c": 1}}, None),
        ({"relations": ["a = 1 / b"], "values": {"b": 0}}, "relations"),
        ({"relations": [], "values": {"b": 0}}, "relations"),
        ({"relations": ["a = b"], "values": {}}, "values"),
        ({"relations": ["a = b"], "values": {"b": "x"}}, "values.b"),
        ({"relations": ["a = b"] * 61, "values": {"b": 1}}, "relations"),
        ({"relations": ["a = b"], "values": {"b": 1}, "levers": [{"symbol": "z"}]}, None),
        ({"relations": ["a = __import__('os')"], "values": {"b": 1}}, None),
    ],
)
def test_what_cannot_be_computed_is_a_problem_that_names_its_place(
    key: ApiKey, values: dict[str, Any], field: str | None
) -> None:
    problem = is_problem(ask(key, COMPUTE, "post", values), 400)
    assert problem["errors"][0]["field"]
    if field:
        assert problem["errors"][0]["field"] == field


def test_a_lever_is_computed(key: ApiKey) -> None:
    sent = {
        "relations": ["gmv = orders * aov"],
        "values": {"orders": 10, "aov": 30},
        "levers": [{"symbol": "aov", "how": "times", "amount": 1.5}],
    }
    body = ask(key, COMPUTE, "post", sent).json()
    assert (body["before"]["gmv"], body["after"]["gmv"]) == (300, 450)


@pytest.mark.parametrize("address", [ASSIGNMENTS, COMPUTE])
def test_bad_bodies_are_problems(key: ApiKey, address: str) -> None:
    client, headers = Client(), bearer(key)
    broken = client.post(address, "{", content_type="application/json", headers=headers)
    is_problem(broken, 400)
    is_problem(client.post(address, {"a": "b"}, headers=headers), 415)
    is_problem(client.delete(address, headers=headers), 405)
    is_problem(client.post(address, [1], content_type="application/json", headers=headers), 400)
    is_problem(client.post(address, {}, content_type="application/json"), 401)
