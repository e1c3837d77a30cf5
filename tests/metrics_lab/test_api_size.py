"""Tests are sized over the API: the figures of the engine, errors at their field, bounded work."""

from __future__ import annotations

from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from tests.factories import ApiKeyFactory
from tests.universities.test_api import ask, is_problem
from universities.models import ApiKey, University
from universities.scopes import Scope

pytestmark = pytest.mark.django_db
SIZE, PRETOTYPE = "/api/v1/lab/size", "/api/v1/lab/pretotype"
RATES = {"kind": "rates", "baseline": 0.2, "target": 0.25}
RATIO = {
    "mean_top": 0.8,
    "variance_top": 3.2,
    "mean_bottom": 16,
    "variance_bottom": 400,
    "covariance": 24,
}


@pytest.fixture
def key(university: University) -> ApiKey:
    """A key of North that may compute and nothing else."""
    return ApiKeyFactory(university=university, scopes=[Scope.LAB_COMPUTE])


def sized(key: ApiKey, **changes: Any) -> dict[str, Any]:
    """Return the answer for the standard test with changes."""
    response = ask(key, SIZE, "post", RATES | changes)
    assert response.status_code == 200, response.json()
    found: dict[str, Any] = response.json()
    return found


def test_a_test_of_rates_is_sized_with_its_exact_power(key: ApiKey) -> None:
    found = sized(key, people_per_week=1000)
    assert (found["per_arm"], found["total"], found["weeks"]) == (1094, 2188, 3)
    assert found["power"] == pytest.approx(0.801, abs=0.0005)
    forms = {form["name"]: form for form in found["forms"]}
    assert forms["baseline"]["people"] == 1030
    assert forms["baseline"]["power"] == pytest.approx(0.7765, abs=0.0005)


def test_a_brought_size_is_named(key: ApiKey) -> None:
    own = sized(key, own=1030)["own"]
    assert own["kind"] == "other_form"
    assert "baseline’s variance" in own["label"]
    assert own["power"] == pytest.approx(0.7765, abs=0.0005)


def test_a_guardrail_may_decide_the_length(key: ApiKey) -> None:
    rail = {"name": "refunds", "baseline": 0.04, "margin": 0.01}
    found = sized(key, guardrails=[rail], people_per_week=1000)
    assert found["decided_by"] == "refunds"
    assert found["per_arm_with_guardrails"] == found["guardrails"][0]["per_arm"] > found["per_arm"]
    assert found["weeks"] == 13


def test_weeks_say_what_can_be_seen_and_looks_what_they_cost(key: ApiKey) -> None:
    found = sized(key, people_per_week=1094, weeks=2, looks=5)
    assert found["seen"]["per_arm"] == 1094
    assert found["seen"]["smallest"] == pytest.approx(0.25, abs=0.0001)
    assert found["peeking"]["error"] == pytest.approx(0.142, abs=0.001)


def test_means_and_ratios_are_sized(key: ApiKey) -> None:
    means = ask(key, SIZE, "post", {"kind": "means", "sd": 10, "difference": 1}).json()
    assert means["per_arm"] == 1571
    sent = {"kind": "ratio", "ratio": RATIO, "difference": 0.0025, "own": 7457}
    ratio = ask(key, SIZE, "post", sent).json()
    assert ratio["per_arm"] == 17_660
    assert "every unit" in ratio["own"]["label"]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"kind": "medians"}, "kind"),
        ({"baseline": None}, "baseline"),
        ({"baseline": "nan"}, "baseline"),
        ({"baseline": True}, "baseline"),
        ({"baseline": 20}, "baseline"),
        ({"target": 0.2}, "target"),
        ({"target": 0.2 + 1e-12}, "target"),
        ({"kind": "means"}, "sd"),
        ({"kind": "means", "sd": 1}, "difference"),
        ({"kind": "means", "sd": 1e12, "difference": 1e-12}, "difference"),
        ({"kind": "means", "sd": 1, "difference": 0}, "difference"),
        ({"kind": "ratio", "difference": 1, "ratio": RATIO | {"covariance": 999}}, "ratio"),
        ({"kind": "ratio", "difference": 1, "ratio": {}}, "ratio"),
        ({"alpha": 0}, "alpha"),
        ({"alpha": 0.5, "power": 0.2}, "power"),
        ({"power": 1}, "power"),
        ({"sides": 3}, "sides"),
        ({"arms": 1}, "arms"),
        ({"arms": 10**9}, "arms"),
        ({"people_per_week": 0}, "people_per_week"),
        ({"people_per_week": "1e400"}, "people_per_week"),
        ({"weeks": 4}, "people_per_week"),
        ({"own": 1}, "own"),
        ({"looks": 101}, "looks"),
        ({"guardrails": [{"name": "a", "margin": 1}]}, "guardrails"),
        ({"guardrails": [{"name": "a", "sd": 1, "margin": 0}]}, "guardrails"),
        ({"guardrails": [{"name": "a", "sd": 1, "margin": 1}] * 9}, "guardrails"),
        ({"guardrails": [{"name": "a", "sd": 1e12, "margin": 1e-9}]}, "guardrails"),
    ],
)
def test_an_error_names_the_field_it_is_about(
    key: ApiKey, changes: dict[str, Any], field: str
) -> None:
    problem = is_problem(ask(key, SIZE, "post", RATES | changes), 400)
    assert {error["field"].split(".")[0].split("[")[0] for error in problem["errors"]} >= {field}


def test_the_largest_request_is_answered_and_stores_nothing(
    key: ApiKey, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    sized(key)  # the key's last use is noted once
    rails = [{"name": f"g{n}", "sd": 1e12, "margin": 1e7} for n in range(8)]
    with django_assert_num_queries(1):
        found = sized(
            key, target=0.200001, arms=20, looks=100, own=10**12, guardrails=rails, weeks=520,
            people_per_week=1e12,
        )  # fmt: skip
    assert len(found["guardrails"]) == 8


def test_a_pretotype_is_sized_and_its_data_read(key: ApiKey) -> None:
    found = ask(key, PRETOTYPE, "post", {"x": 0.15, "poor": 0.1, "people": 280, "did": 45}).json()
    assert (found["test"]["people"], found["test"]["go"]) == (270, 36)
    assert found["interval"]["low"] == pytest.approx(0.1197, abs=0.0005)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"poor": 0.2}, "poor"),
        ({"poor": 0.1499}, "poor"),
        ({"x": "inf"}, "x"),
        ({"people": 10}, "did"),
        ({"people": 10, "did": 11}, "did"),
        ({"people": 0, "did": 0}, "people"),
        ({"alpha": 0.5}, "alpha"),
    ],
)
def test_a_pretotypes_error_names_its_field(
    key: ApiKey, changes: dict[str, Any], field: str
) -> None:
    sent = {"x": 0.15, "poor": 0.1} | changes
    problem = is_problem(ask(key, PRETOTYPE, "post", sent), 400)
    assert {error["field"] for error in problem["errors"]} == {field}


@pytest.mark.parametrize("address", [SIZE, PRETOTYPE])
def test_a_key_without_the_scope_is_refused(university: University, address: str) -> None:
    key = ApiKeyFactory(university=university, scopes=[Scope.MEMBERS_READ])
    is_problem(ask(key, address, "post", RATES), 403)
