"""`manage.py evaluate kpis`: any catalogue of the form, its own formulas, and faults by name."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from metrics_lab.engine.catalogue import metrics as catalogue
from metrics_lab.engine.evaluation import evaluate_kpis

LATTE = {
    "id": "latte",
    "formula": "cups / (hours * 2)",
    "inputs": [{"symbol": "cups"}, {"symbol": "hours", "min": 0}],
    "examples": [{"inputs": {"cups": 10, "hours": 2}, "value": 2.5}],
}


def run(path: Path, data: Any) -> str:
    """Run the command on a file and return what it prints."""
    path.write_text(data if isinstance(data, str) else json.dumps(data), encoding="utf-8")
    out = StringIO()
    call_command("evaluate", "kpis", str(path), stdout=out)
    return out.getvalue()


def changed(**parts: Any) -> dict[str, Any]:
    """Return a catalogue of one metric with some of its parts replaced."""
    return {"metrics": [{**LATTE, **parts}]}


def test_the_shipped_catalogue_agrees(tmp_path: Path) -> None:
    said = run(tmp_path / "kpis.json", catalogue.DATA.read_text(encoding="utf-8"))
    assert said.split()[:4] == ["n", "82", "within_1e-9", "82"]
    assert "wrong" not in said


def test_other_metrics_with_other_symbols_are_computed_by_their_own_formula() -> None:
    summary = evaluate_kpis(changed())["summary"]
    assert (summary["n"], summary["within_1e-9"], summary["failed"]) == (1, 1, 0)


def test_a_known_name_with_a_formula_of_its_own_is_taken_as_the_file_says() -> None:
    own = {**LATTE, "id": "gmv"}
    assert evaluate_kpis({"metrics": [own]})["items"][0]["value"] == 2.5


def test_a_known_name_without_a_formula_is_the_shipped_metric() -> None:
    examples = [{"inputs": {"orders": 2, "aov": 3}, "value": 6}]
    summary = evaluate_kpis({"metrics": [{"id": "gmv", "examples": examples}]})["summary"]
    assert summary["within_1e-9"] == 1


def test_a_procedure_described_in_other_words_is_still_computed() -> None:
    raw = next(m for m in json.loads(catalogue.DATA.read_text())["metrics"] if m["id"] == "power")
    summary = evaluate_kpis({"metrics": [{**raw, "formula": "by the pooled z-test, as usual"}]})
    assert summary["summary"]["within_1e-9"] == 1


def test_a_wrong_value_is_told_by_metric_expected_and_got(tmp_path: Path) -> None:
    examples = [{"inputs": {"cups": 10, "hours": 2}, "value": 3}]
    said = run(tmp_path / "own.json", changed(examples=examples))
    assert "latte" in said
    assert "expected 3, got 2.5 (error 0.17)" in said


def test_what_cannot_be_computed_is_told_with_its_reason(tmp_path: Path) -> None:
    examples = [
        {"inputs": {"cups": 10}, "value": 1},
        {"inputs": {"cups": 10, "hours": 0}, "value": 1},
        {"inputs": {"cups": 10, "hours": "2"}, "value": 1},
        {"inputs": {"cups": 10, "hours": -1}, "value": 1},
    ]
    said = run(tmp_path / "own.json", changed(examples=examples))
    assert "Give a value for hours." in said
    assert "no value when hours is 0" in said
    assert "must be a number" in said
    assert "at least 0" in said
    assert "latte (4)" in said


def test_a_hostile_formula_of_a_file_is_not_run(tmp_path: Path) -> None:
    said = run(tmp_path / "own.json", changed(formula="__import__('os').system('id')"))
    assert "A formula holds only plain letters" in said


def test_a_long_list_of_faults_is_cut() -> None:
    examples = [{"inputs": {"cups": 10, "hours": 2}, "value": n} for n in range(3, 43)]
    wrong = evaluate_kpis(changed(examples=examples))["summary"]["wrong"]
    assert len(wrong) == 21
    assert wrong["and more"] == "20"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ("{nope", "cannot be read as JSON"),
        ("", "cannot be read as JSON"),
        ([], "must hold an object"),
        ({}, "must hold a list"),
        ({"metrics": [3]}, "metrics[0] must be an object"),
        ({"metrics": [{}]}, "metrics[0].id must be"),
        ({"metrics": [{"id": "x"}]}, "metrics[0].formula must be a text: x needs one"),
        ({"metrics": [{"id": "x", "formula": "a"}]}, "“metrics[0].inputs” must be a list"),
        (changed(inputs=[{}]), "metrics[0].inputs[0].symbol must be a text"),
        (changed(inputs=[{"symbol": "a", "min": "low"}]), "metrics[0].inputs[0].min must be"),
        (changed(examples={}), "“metrics[0].examples” must be a list"),
        (changed(examples=[{}]), "metrics[0].examples[0].inputs must be"),
        (changed(examples=[{"inputs": {}}]), "metrics[0].examples[0].value must be a number"),
        (changed(examples=[{"inputs": {}, "value": True}]), "value must be a number"),
        ('{"examples": [{"id": "gmv", "inputs": {}, "value": NaN}]}', "value must be a number"),
        ({"examples": [{"inputs": {}, "value": 1}]}, "examples[0].id must be"),
    ],
)
def test_a_file_of_another_form_is_told_where(tmp_path: Path, data: Any, said: str) -> None:
    with pytest.raises(CommandError) as caught:
        run(tmp_path / "own.json", data)
    assert said in str(caught.value)
    assert caught.value.returncode == 2
