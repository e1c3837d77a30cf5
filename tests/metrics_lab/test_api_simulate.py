"""Simulation and sensitivity over the API: figures, record, errors at their fields, scopes."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from tests.factories import ApiKeyFactory
from tests.universities.test_api import ask, is_problem
from universities.models import ApiKey, University
from universities.scopes import Scope

pytestmark = pytest.mark.django_db
SIMULATE, SENSITIVITY = "/api/v1/lab/simulate", "/api/v1/lab/sensitivity"
SHOP: dict[str, Any] = {
    "relations": ["orders = visitors * conversion", "gmv = orders * aov"],
    "values": {"visitors": 10_000_000},
    "units": {"conversion": "share of visitors", "aov": "usd / order"},
    "ranges": {"conversion": {"lo": 0.018, "hi": 0.024}, "aov": {"lo": 29, "hi": 31}},
    "n": 1024,
}


@pytest.fixture
def key(university: University) -> ApiKey:
    """A key of North that may compute."""
    return ApiKeyFactory(university=university, scopes=[Scope.LAB_COMPUTE])


def lever(symbol: str, how: str, amount: float) -> dict[str, Any]:
    """Return the body of one lever."""
    return {"symbol": symbol, "how": how, "amount": amount}


def test_a_run_says_what_may_come_out_and_names_its_record(key: ApiKey) -> None:
    sent = SHOP | {"target": {"symbol": "gmv", "sign": ">=", "value": 6_000_000}, "bins": 12}
    answer = ask(key, SIMULATE, "post", sent)
    assert answer.status_code == 200
    found = answer.json()
    figures = {figure["symbol"]: figure for figure in found["figures"]}
    assert set(figures) == {"visitors", "conversion", "aov", "orders", "gmv"}
    assert figures["conversion"]["low"] == pytest.approx(0.018, rel=2e-3)
    assert figures["conversion"]["high"] == pytest.approx(0.024, rel=2e-3)
    assert figures["visitors"]["low"] == figures["visitors"]["high"] == 10_000_000
    assert figures["gmv"]["low"] < 6_250_000 < figures["gmv"]["high"]
    assert 0.5 < found["target"]["chance"] < 0.8
    assert len(found["target"]["histogram"]["counts"]) == 12
    assert (found["n"], len(found["model_hash"]), found["held"]) == (1024, 12, {})
    assert ask(key, SIMULATE, "post", sent).json() == found


def test_levers_ranges_of_formulas_and_correlations_are_taken(key: ApiKey) -> None:
    sent = SHOP | {
        "ranges": SHOP["ranges"] | {"orders": {"lo": 100, "hi": 200, "kind": "lognormal"}},
        "levers": [lever("conversion", "times", 43)],
        "correlations": [{"one": "conversion", "other": "aov", "rank": -0.5}],
        "seed": 7,
    }
    found = ask(key, SIMULATE, "post", sent).json()
    figures = {figure["symbol"]: figure for figure in found["figures"]}
    assert figures["orders"]["high"] == pytest.approx(200, rel=0.01)
    assert figures["conversion"]["high"] == 1
    assert found["held"]["conversion"] > 0
    assert found["seed"] == 7
    assert found["target"] is None


def test_a_figure_without_any_value_has_no_numbers(key: ApiKey) -> None:
    sent = {
        "relations": ["gap = a - b", "y = 1 / gap"],
        "values": {"b": 1},
        "ranges": {"a": {"lo": 2, "hi": 3}},
        "levers": [lever("gap", "set", 0)],
        "target": {"symbol": "y", "sign": ">=", "value": 0},
        "n": 64,
    }
    found = ask(key, SIMULATE, "post", sent).json()
    figure = next(figure for figure in found["figures"] if figure["symbol"] == "y")
    assert (figure["median"], figure["missing"]) == (None, 64)
    assert (found["target"]["chance"], found["target"]["histogram"]) == (0, None)


@pytest.mark.parametrize("address", [SIMULATE, SENSITIVITY])
@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"relations": ["gmv = orders *"]}, "relations"),
        ({"relations": ["gmv = orders * price"]}, "relations"),
        ({"values": {"visitors": "nan"}}, "values"),
        ({"ranges": {}}, "ranges"),
        ({"ranges": {"conversion": {"lo": 0.5, "hi": 1.2}}}, "ranges"),
        ({"ranges": {"conversion": {"lo": 0.5}}}, "ranges"),
        ({"ranges": {"aov": {"lo": 3, "hi": 2}}}, "ranges"),
        ({"ranges": {"aov": {"lo": "inf", "hi": 2}}}, "ranges"),
        ({"ranges": {"aov": {"lo": 1, "hi": 2, "kind": "gamma"}}}, "ranges"),
        ({"ranges": {"aov": {"lo": 1, "hi": 2, "coverage": 1}}}, "ranges"),
        ({"ranges": {f"x{i}": {"lo": 1, "hi": 2} for i in range(33)}}, "ranges"),
        ({"units": {f"x{i}": "usd" for i in range(121)}}, "units"),
        ({"levers": [lever("price", "set", 3)]}, "levers"),
        ({"levers": [lever("conversion", "set", 3)]}, "levers"),
        ({"n": 65_537}, "n"),
        ({"n": 1}, "n"),
        ({"seed": -1}, "seed"),
    ],
)
def test_an_error_names_the_field_it_is_about(
    key: ApiKey, address: str, changes: dict[str, Any], field: str
) -> None:
    target = {"target": "gmv"} if address == SENSITIVITY else {}
    problem = is_problem(ask(key, address, "post", SHOP | target | changes), 400)
    named = {error["field"].split(".")[0].split("[")[0] for error in problem["errors"]}
    assert named == {field}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"target": {"symbol": "profit", "sign": ">=", "value": 1}}, "target"),
        ({"target": {"symbol": "gmv", "sign": "=", "value": 1}}, "target"),
        ({"target": {"symbol": "gmv", "sign": ">=", "value": "nan"}}, "target"),
        ({"correlations": [{"one": "aov", "other": "price", "rank": 0.5}]}, "correlations"),
        ({"correlations": [{"one": "aov", "other": "conversion", "rank": 2}]}, "correlations"),
        ({"correlations": [{"one": "aov", "other": "aov", "rank": 0.5}]}, "correlations"),
        ({"bins": 1}, "bins"),
    ],
)
def test_an_error_of_a_run_names_its_field(
    key: ApiKey, changes: dict[str, Any], field: str
) -> None:
    problem = is_problem(ask(key, SIMULATE, "post", SHOP | changes), 400)
    named = {error["field"].split(".")[0].split("[")[0] for error in problem["errors"]}
    assert named == {field}


def test_four_measures_answer_four_questions(key: ApiKey) -> None:
    sent = SHOP | {
        "target": "gmv",
        "levers": [lever("visitors", "times", 2), lever("aov", "times", 2)],
    }
    found = ask(key, SENSITIVITY, "post", sent).json()
    assert set(found["questions"]) == {"tornado", "elasticity", "sobol", "shapley"}
    assert [swing["symbol"] for swing in found["tornado"]] == ["conversion", "aov"]
    assert [row["percent"] for row in found["elasticity"]] == pytest.approx([1, 1, 1])
    assert found["sobol"]["indices"][0]["symbol"] == "conversion"
    assert sum(row["first"] for row in found["sobol"]["indices"]) == pytest.approx(1, abs=0.03)
    split = found["shapley"]
    assert sum(part["amount"] for part in split["parts"]) == pytest.approx(
        split["after"] - split["before"]
    )
    assert ask(key, SENSITIVITY, "post", SHOP | {"target": "gmv"}).json()["shapley"] is None


def test_a_target_that_the_model_does_not_hold_is_named(key: ApiKey) -> None:
    problem = is_problem(ask(key, SENSITIVITY, "post", SHOP | {"target": "profit"}), 400)
    assert [error["field"] for error in problem["errors"]] == ["target"]


@pytest.mark.parametrize("address", [SIMULATE, SENSITIVITY])
def test_a_key_without_the_scope_and_a_stranger_are_kept_out(
    university: University, client: Client, address: str
) -> None:
    other = ApiKeyFactory(university=university, scopes=[Scope.RESULTS_READ])
    is_problem(ask(other, address, "post", SHOP), 403)
    is_problem(client.post(address, SHOP, content_type="application/json"), 401)


@pytest.mark.parametrize(
    "changes",
    [
        {"relations": ["gmv = a ** 6 * b"], "ranges": {"a": {"lo": -1e60, "hi": 1e60}}},
        {"ranges": {"a": {"lo": 1, "hi": 2}}, "levers": [lever("a", "times", 1e308)]},
        {"ranges": {"a": {"lo": -1e100, "hi": 1e100}}, "levers": [lever("b", "set", 1e308)]},
        {"ranges": {"a": {"lo": 1e-6, "hi": 1e5}}, "levers": [lever("a", "add", -1e308)]},
        {"ranges": {"a": {"lo": 1e-9, "hi": 1e9}}},
        {"ranges": {"a": {"lo": 1, "hi": 1e101}}},
        {"ranges": {"a": {"lo": 1e-9, "hi": 1e9, "kind": "normal"}}, "values": {"b": 1e300}},
    ],
)
def test_numbers_at_the_end_of_all_numbers_are_answered_or_refused(
    key: ApiKey, changes: dict[str, Any]
) -> None:
    base = {"relations": ["gmv = a * b", "less = gmv - b"], "values": {"b": 1e10}, "n": 64}
    target = {"symbol": "gmv", "sign": ">=", "value": 1e308}
    for address, wanted in ((SIMULATE, target), (SENSITIVITY, "gmv")):
        answer = ask(key, address, "post", base | changes | {"target": wanted})
        assert answer.status_code in (200, 400)
        assert "NaN" not in answer.content.decode()
        assert "Infinity" not in answer.content.decode()
