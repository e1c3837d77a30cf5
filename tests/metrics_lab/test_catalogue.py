import json

import pytest

from metrics_lab.engine.catalogue import metrics as catalogue
from metrics_lab.engine.catalogue import search
from metrics_lab.engine.evaluation import evaluate_kpis


def test_every_worked_example_agrees_to_a_billionth() -> None:
    summary = evaluate_kpis(json.loads(catalogue.DATA.read_text()))["summary"]
    assert summary["n"] == summary["within_1e-9"] == 82


def test_a_missing_input_is_named() -> None:
    with pytest.raises(catalogue.InputError, match="aov") as caught:
        catalogue.compute("gmv", {"orders": 3})
    assert caught.value.symbol == "aov"


@pytest.mark.parametrize(
    "bad",
    [
        -1,
        float("nan"),
        float("inf"),
        True,
        None,
        "3",
        [],
        pytest.param(10**400, id="401 digits"),
        pytest.param(-(10**5000), id="5,001 digits"),
    ],
)
def test_an_input_that_cannot_be_is_named(bad: object) -> None:
    with pytest.raises(catalogue.InputError) as caught:
        catalogue.compute("gmv", {"orders": bad, "aov": 3})  # type: ignore[dict-item]
    assert caught.value.symbol == "orders"


def test_a_division_by_zero_names_the_zero() -> None:
    with pytest.raises(catalogue.InputError) as caught:
        catalogue.compute("aov", {"gmv": 5, "orders": 0})
    assert caught.value.symbol == "orders"


@pytest.mark.parametrize(
    ("metric", "inputs"),
    [
        ("gmv", {"orders": 1e308, "aov": 10}),
        ("mde", {"sd": 40, "n_arm": 100, "alpha": 0, "power": 0.8}),
        ("mde", {"sd": 40, "n_arm": 100, "alpha": 0.05, "power": 1}),
        ("sample_size", {"p_c": 0.2, "mde": 1e-200, "alpha": 0.05, "power": 0.8}),
    ],
)
def test_numbers_that_lead_nowhere_are_named(metric: str, inputs: dict[str, float]) -> None:
    with pytest.raises(catalogue.InputError) as caught:
        catalogue.compute(metric, inputs)
    assert caught.value.symbol in inputs


def test_an_unknown_metric_is_refused() -> None:
    with pytest.raises(catalogue.MetricError, match="vibes"):
        catalogue.compute("vibes", {})


def test_a_name_finds_its_metric_first() -> None:
    assert search.resolve("average order value")[0].metric.id == "aov"
    assert search.resolve("GMV")[0].metric.id == "gmv"


def test_a_word_with_several_meanings_gives_all_of_them() -> None:
    found = {candidate.metric.id for candidate in search.resolve("conversion rate")}
    assert {"cvr_session", "cvr_user", "cvr_click"} <= found


def test_an_example_with_an_unknown_id_is_an_error_of_its_item() -> None:
    result = evaluate_kpis({"examples": [{"id": "vibes", "inputs": {}, "value": 1}]})
    assert result["items"][0]["error"]
    assert result["summary"]["within_1e-9"] == 0


def test_a_true_value_of_zero_is_judged_absolutely() -> None:
    example = {"id": "lift_rel", "inputs": {"p_c": 0.2, "p_t": 0.2}, "value": 0}
    assert evaluate_kpis({"examples": [example]})["items"][0]["relative_error"] == 0


@pytest.mark.parametrize("bad", [[], {}, {"examples": [3]}, {"examples": [{"id": "gmv"}]}])
def test_a_file_of_another_form_is_refused(bad: object) -> None:
    with pytest.raises(ValueError, match="must"):
        evaluate_kpis(bad)  # type: ignore[arg-type]
