"""The catalogue over the API: found by words, filtered, paged, computed; errors name the field."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

import pytest
from django.core.cache import cache
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from metrics_lab.engine.catalogue import metrics as catalogue
from metrics_lab.engine.catalogue import relations
from tests.factories import ApiKeyFactory, bearer
from tests.universities.test_api import ask, is_problem
from universities.models import ApiKey, University
from universities.scopes import Scope
from universities.throttling import KeyThrottle

pytestmark = pytest.mark.django_db
METRICS = "/api/v1/lab/metrics"


@pytest.fixture
def key(university: University) -> ApiKey:
    """A key of North that may compute in the lab and nothing else."""
    return ApiKeyFactory(university=university, scopes=[Scope.LAB_COMPUTE])


def listed(key: ApiKey, **sent: Any) -> list[dict[str, Any]]:
    """Return the metrics of one page."""
    found: list[dict[str, Any]] = ask(key, f"{METRICS}?{urlencode(sent)}").json()["results"]
    return found


def compute(key: ApiKey, metric_id: str, sent: Any) -> Any:
    """Ask for one metric to be computed."""
    return ask(key, f"{METRICS}/{metric_id}/compute", "post", sent)


@pytest.mark.parametrize("size", [27, 200])
def test_pages_hold_every_metric_once(key: ApiKey, size: int) -> None:
    address, found = f"{METRICS}?page_size={size}", []
    while address:
        page = ask(key, address).json()
        assert len(page["results"]) <= size
        found += [each["id"] for each in page["results"]]
        address = page["next"]
    assert found == [metric.id for metric in catalogue.load()]


def test_an_ambiguous_word_gives_every_metric_it_may_mean_and_how_they_differ(key: ApiKey) -> None:
    found = listed(key, q="conversion")
    assert {"cvr_session", "cvr_user", "cvr_click"} <= {each["id"] for each in found}
    said = [each["when"] for each in found[:3]]
    assert all(said)
    assert len(set(said)) == 3


def test_filters_and_views_narrow_the_list(key: ApiKey) -> None:
    found = listed(key, kind="guardrail", better="lower", family="quality")
    assert [each["id"] for each in found] == ["contact_rate"]
    heart = relations.frameworks()[1]
    assert {each["id"] for each in listed(key, view="heart")} == heart.metrics


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"kind": "best"}, "kind"),
        ({"family": "x"}, "family"),
        ({"better": "more"}, "better"),
        ({"view": "okr"}, "view"),
        ({"q": "x" * 81}, "q"),
    ],
)
def test_a_filter_without_such_a_value_is_named(
    key: ApiKey, sent: dict[str, str], field: str
) -> None:
    problem = is_problem(ask(key, f"{METRICS}?{urlencode(sent)}"), 400)
    assert [error["field"] for error in problem["errors"]] == [field]


@pytest.mark.parametrize("cursor", ["x", "Z212", "é", "Z212Cg==", "%00", "////"])
def test_a_cursor_nobody_gave_out_is_not_found(key: ApiKey, cursor: str) -> None:
    address = f"{METRICS}?{urlencode({'cursor': cursor, 'kind': 'vanity_risk'})}"
    is_problem(ask(key, address), 404)


def test_a_metric_is_told_with_its_range_pitfalls_and_neighbours(key: ApiKey) -> None:
    found = ask(key, f"{METRICS}/cvr_session").json()
    assert (found["formula"], found["unit"]) == ("orders/sessions", "order/session")
    assert (found["least"], found["most"]) == (0, 1)
    assert {each["symbol"] for each in found["inputs"]} == {"orders", "sessions"}
    assert found["pitfalls"]
    assert "cvr_user" in {each["metric"] for each in found["confused_with"]}
    assert found["can_be_solved_for"] == ["orders", "sessions"]
    assert found["benchmark"]["scope"]
    assert found["benchmark"]["sources"][0].startswith("https://")


@pytest.mark.parametrize("path", ["nothing", "nothing/compute"])
def test_a_metric_that_is_not_there_is_a_problem(key: ApiKey, path: str) -> None:
    method = "post" if path.endswith("compute") else "get"
    sent = {"inputs": {"a": 1}} if method == "post" else None
    is_problem(ask(key, f"{METRICS}/{path}", method, sent), 404)


def test_a_metric_of_each_family_computes_its_example_without_a_caution(key: ApiKey) -> None:
    """The engine's tests compute all of them."""
    for metric in {metric.family: metric for metric in catalogue.load()}.values():
        example = metric.examples[0]
        found = compute(key, metric.id, {"inputs": example["inputs"]}).json()
        assert found["value"] == pytest.approx(example["value"], rel=1e-9)
        assert (found["unit"], found["caution"]) == (metric.unit, "")
        assert [each["value"] for each in found["steps"]][-1:] in ([], [found["value"]])


def test_a_wanted_result_is_solved_for_each_input(key: ApiKey) -> None:
    sent = {"inputs": {"orders": 200_000, "aov": 30}, "wanted": 9_000_000}
    solved = {each["symbol"]: each["value"] for each in compute(key, "gmv", sent).json()["solved"]}
    assert solved == {"orders": 300_000, "aov": 45}


def test_a_rate_turned_upside_down_is_computed_and_cautioned(key: ApiKey) -> None:
    sent = {"inputs": {"orders": 100_000, "sessions": 2000}}
    found = compute(key, "cvr_session", sent).json()
    assert found["value"] == 50
    assert "upside down" in found["caution"]


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"inputs": {"orders": 3}}, "inputs.aov"),
        ({"inputs": {"orders": -1, "aov": 30}}, "inputs.orders"),
        ({"inputs": {"orders": 1, "aov": 30, "price": 2}}, "inputs.price"),
        ({"inputs": {"orders": "many", "aov": 30}}, "inputs.orders"),
        ({"inputs": {"orders": "nan", "aov": 30}}, "inputs.orders"),
        ({"inputs": {"orders": 1, "aov": 30}, "wanted": "inf"}, "wanted"),
        ({"inputs": {}}, "inputs"),
        ({"inputs": {f"v{i}": 1 for i in range(21)}}, "inputs"),
        ({}, "inputs"),
        ([], ""),
    ],
)
def test_an_error_names_the_field_it_is_about(key: ApiKey, sent: Any, field: str) -> None:
    problem = is_problem(compute(key, "gmv", sent), 400)
    assert field in [error["field"] for error in problem["errors"]] or not field


@pytest.mark.parametrize("digits", ["1" * 400, "9" * 4000, "1e400", "-1e400"])
@pytest.mark.parametrize(
    "body",
    ['{"inputs": {"orders": %s, "aov": 1}}', '{"inputs": {"orders": 1, "aov": 1}, "wanted": %s}'],
)
def test_a_number_longer_than_any_figure_is_the_callers_fault(
    key: ApiKey, body: str, digits: str
) -> None:
    answer = Client().post(
        f"{METRICS}/gmv/compute",
        body % digits,
        content_type="application/json",
        headers=bearer(key),
    )
    assert answer.status_code == 400


def test_a_division_by_zero_names_the_zero(key: ApiKey) -> None:
    problem = is_problem(compute(key, "aov", {"inputs": {"gmv": 5, "orders": 0}}), 400)
    assert problem["errors"][0]["field"] == "inputs.orders"


@pytest.mark.parametrize("path", ["", "/gmv", "/gmv/compute"])
def test_a_key_without_the_scope_is_refused(university: University, path: str) -> None:
    weak = ApiKeyFactory(university=university, scopes=[Scope.QUESTIONS_READ])
    method = "post" if path.endswith("compute") else "get"
    is_problem(ask(weak, METRICS + path, method, {} if method == "post" else None), 403)
    assert getattr(Client(), method)(METRICS + path).status_code == 401


def test_requests_are_counted_by_key(key: ApiKey, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(KeyThrottle, "THROTTLE_RATES", {"key": "2/min"})
    cache.clear()
    assert [ask(key, METRICS).status_code for _ in range(3)] == [200, 200, 429]


def test_the_catalogue_costs_no_query_beyond_the_keys_own(
    key: ApiKey, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(2):
        Client().get(METRICS, headers=bearer(key))
    with django_assert_max_num_queries(2):
        sent = json.dumps({"inputs": {"orders": 1, "aov": 30}})
        Client().post(
            f"{METRICS}/gmv/compute", sent, content_type="application/json", headers=bearer(key)
        )
