"""Checking a text over the API: what comes back, what is refused, how much work it may be."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from metrics_lab.engine.claim.check import LONGEST
from tests.factories import ApiKeyFactory, bearer
from universities.models import ApiKey, University
from universities.scopes import Scope

pytestmark = pytest.mark.django_db
CLAIMS = "/api/v1/lab/claims"
SEATS = json.loads((Path(__file__).parent / "data" / "claims_seats.json").read_text())["baselines"]
CASE = {key: SEATS["seats"][key] for key in ("values", "relations", "symbols", "plausible")}
TEXT = "We have 28,800 seats. “Trial conversion” from 16% to 20% is a 4% improvement."


@pytest.fixture
def key(university: University) -> ApiKey:
    """A key that may compute and nothing else."""
    return ApiKeyFactory(university=university, scopes=[Scope.LAB_COMPUTE])


def post(key: ApiKey, body: Any) -> Any:
    """Send one text with its case."""
    return Client().post(CLAIMS, body, content_type="application/json", headers=bearer(key))


def test_each_number_comes_back_with_its_verdict_and_its_place_in_the_text(key: ApiKey) -> None:
    answer = post(key, {"text": TEXT, "case": CASE})
    assert answer.status_code == 200
    first, *_, last = answer.json()["checks"]
    assert (first["verdict"], first["symbol"], first["quote"]) == ("correct", "seats", "28,800")
    assert (last["verdict"], last["error"]) == ("wrong", "points_for_percent")
    assert (last["claimed"], last["unit"]) == (4, "%")
    assert last["truth"] == pytest.approx(25)
    assert last["steps"]
    for one in (first, last):
        assert TEXT[one["start"] : one["end"]] == one["quote"]


def test_names_and_bands_may_be_left_out(key: ApiKey) -> None:
    case = {"values": {"orders": 40, "aov": 30}, "relations": ["gmv = orders * aov"]}
    answer = post(key, {"text": "GMV is 1,200.", "case": case})
    assert answer.status_code == 200


def test_ranges_say_how_often_a_claim_holds(key: ApiKey) -> None:
    case = {**CASE, "ranges": {"trial_conversion": [0.12, 0.2]}}
    answer = post(key, {"text": "More than 400 new accounts come in each month.", "case": case})
    [one] = answer.json()["checks"]
    assert one["verdict"] == "correct"
    assert (one["odds"]["sign"], one["odds"]["inside"]) == (">=", True)
    assert one["odds"]["low"] == pytest.approx(360, rel=0.01)
    assert one["odds"]["high"] == pytest.approx(600, rel=0.01)
    assert 0.8 < one["odds"]["chance"] < 0.87


def test_a_text_that_claims_nothing_has_no_checks(key: ApiKey) -> None:
    answer = post(key, {"text": "I would ask five admins.", "case": CASE})
    assert answer.json() == {"checks": []}


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"case": CASE}, "text"),
        ({"text": "", "case": CASE}, "text"),
        ({"text": "a" * (LONGEST + 1), "case": CASE}, "text"),
        ({"text": TEXT}, "case"),
        ({"text": TEXT, "case": {**CASE, "values": {}}}, "case.values"),
        ({"text": TEXT, "case": {**CASE, "values": {"a": "nan"}}}, "case.values.a"),
        ({"text": TEXT, "case": {**CASE, "values": {f"v{i}": 1 for i in range(121)}}},
         "case.values"),
        ({"text": TEXT, "case": {**CASE, "relations": ["seats = accounts *"]}}, "case.relations"),
        ({"text": TEXT, "case": {**CASE, "relations": ["seats = desks * 2"]}}, "case.relations"),
        ({"text": TEXT, "case": {"values": {"n": 0, "m": 1}, "relations": ["share = m / n"]}},
         "case.relations"),
        ({"text": TEXT, "case": {**CASE, "symbols": {"seats": {"aliases": ["s"] * 13}}}},
         "case.symbols.seats.aliases"),
        ({"text": TEXT, "case": {**CASE, "symbols": {f"s{i}": {} for i in range(181)}}},
         "case.symbols"),
        ({"text": TEXT, "case": {**CASE, "plausible": {"accounts": [2, 1]}}},
         "case.plausible.accounts"),
        ({"text": TEXT, "case": {**CASE, "plausible": {"accounts": [1]}}},
         "case.plausible.accounts"),
        ({"text": TEXT, "case": {**CASE, "ranges": {"accounts": [2, 1]}}}, "case.ranges.accounts"),
        ({"text": TEXT, "case": {**CASE, "ranges": {"desks": [1, 2]}}}, "case.ranges.desks"),
        ({"text": TEXT, "case": {**CASE, "ranges": {f"r{i}": [1, 2] for i in range(31)}}},
         "case.ranges"),
    ],
)  # fmt: skip
def test_an_error_names_the_field_it_is_about(
    key: ApiKey, body: dict[str, Any], field: str
) -> None:
    answer = post(key, body)
    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    assert {error["field"].split("[")[0] for error in answer.json()["errors"]} == {field}


def test_a_key_without_the_scope_is_refused(university: University) -> None:
    other = ApiKeyFactory(university=university, scopes=[Scope.QUESTIONS_READ])
    assert post(other, {"text": TEXT, "case": CASE}).status_code == 403


def test_the_heaviest_text_over_the_largest_case_is_answered(key: ApiKey) -> None:
    values = {f"value{i}": 1.5 + i for i in range(120)}
    relations = [f"total{i} = value{i} * value{i + 1}" for i in range(60)]
    symbols = {name: {"label": f"orders of kind {name}", "unit": "order/month"} for name in values}
    text = "If orders rise 10% then orders of kind 3 are 12% of orders, so 40 more. " * 60
    case = {"values": values, "relations": relations, "symbols": symbols}
    assert post(key, {"text": text[:LONGEST], "case": case}).status_code == 200
