"""The lab over the API: an error names the field it is about, and work is bounded."""

from __future__ import annotations

from typing import Any

import pytest

from tests.factories import ApiKeyFactory
from tests.universities.test_api import ask, is_problem
from universities.models import ApiKey, University
from universities.scopes import Scope

pytestmark = pytest.mark.django_db
COMPUTE = "/api/v1/lab/compute"
GMV = {"relations": ["gmv = orders * aov"], "values": {"orders": 10, "aov": 30}}


@pytest.fixture
def key(university: University) -> ApiKey:
    """A key of North with every scope."""
    return ApiKeyFactory(university=university, scopes=list(Scope.values))


def lever(symbol: str, how: str, amount: float) -> dict[str, Any]:
    """Return the body of one lever."""
    return {"symbol": symbol, "how": how, "amount": amount}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"relations": ["gmv = orders *"]}, "relations"),
        ({"relations": ["gmv = orders * price"]}, "relations"),
        ({"relations": ["a = b", "b = a"], "values": {"c": 1}}, "relations"),
        ({"relations": ["__import__('os') = 1"]}, "relations"),
        ({"relations": ["x = 1"] * 61}, "relations"),
        ({"relations": ["x = " + "1+" * 300 + "1"]}, "relations"),
        ({"values": {"orders": "many", "aov": 30}}, "values"),
        ({"values": {"orders": "nan", "aov": 30}}, "values"),
        ({"values": {"orders": "inf", "aov": 30}}, "values"),
        ({"values": {f"v{i}": 1 for i in range(121)}}, "values"),
        ({"levers": [lever("price", "set", 3)]}, "levers"),
        ({"levers": [lever("aov", "doubles", 3)]}, "levers"),
        ({"levers": [lever("aov", "set", 1), lever("aov", "set", 2)]}, "levers"),
        ({"levers": [lever("aov", "set", "inf")]}, "levers"),  # type: ignore[arg-type]
        ({"levers": [lever(f"x{i}", "set", 1) for i in range(21)]}, "levers"),
    ],
)
def test_an_error_names_the_field_it_is_about(
    key: ApiKey, changes: dict[str, Any], field: str
) -> None:
    problem = is_problem(ask(key, COMPUTE, "post", GMV | changes), 400)
    named = {error["field"].split(".")[0].split("[")[0] for error in problem["errors"]}
    assert named == {field}


def test_a_division_by_zero_is_a_problem_and_no_fault_of_ours(key: ApiKey) -> None:
    sent = {"relations": ["aov = gmv / orders"], "values": {"gmv": 5, "orders": 0}}
    problem = is_problem(ask(key, COMPUTE, "post", sent), 400)
    assert "cannot be computed" in problem["errors"][0]["message"]
