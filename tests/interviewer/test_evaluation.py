import json

import pytest

from coach.interviewer.evaluation import KINDS, OUTCOMES, evaluate

SHEET = {
    "cases": [
        {
            "case": "tables",
            "facts": [
                {"id": "goal", "title": "Goal", "question": "What is the goal?",
                 "answer": "Growth.", "aliases": ["objective"]},
                {"id": "rivals", "title": "Rivals", "question": "Who are the competitors?",
                 "answer": "Two chains.", "aliases": ["competition"]},
            ],
            "queries": [
                {"q": "What is the goal?", "gold": ["goal"], "kind": "in", "level": "easy"},
                {"q": "What is the goal and who competes?", "gold": ["goal", "rivals"],
                 "kind": "compound"},
                {"q": "What is the weather in Oslo?", "gold": [], "kind": "out"},
                {"q": "More details please", "gold": [], "kind": "vague"},
            ],
        }
    ]
}  # fmt: skip


def test_the_summary_has_the_agreed_keys() -> None:
    result = evaluate(SHEET)
    summary = result["summary"]
    assert summary["top_1"] == 1.0
    assert summary["abstention_precision"] == summary["abstention_recall"] == 1.0
    for kind in KINDS:
        assert set(summary[kind]) == {"n", *OUTCOMES}
        assert summary[kind]["n"] == 1
    assert {"top_3", "ms_p50", "ms_p95", "peak_mb"} <= set(summary)
    json.dumps(result, allow_nan=False)


def test_items_come_in_the_order_of_the_file() -> None:
    items = evaluate(SHEET)["items"]
    assert [item["q"] for item in items] == [q["q"] for q in SHEET["cases"][0]["queries"]]
    assert [item["reply"] for item in items] == ["answer", "answer", "unknown", "vague"]
    assert all(set(item["ranked"]) == {"goal", "rivals"} for item in items)
    assert items[0]["ids"] == ["goal"]


def test_a_rate_over_nothing_is_null() -> None:
    summary = evaluate({"cases": []})["summary"]
    assert summary["top_1"] is None
    assert summary["abstention_recall"] is None
    assert summary["ms_p95"] is None


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ([], "'cases' should be a list"),
        ({}, "'cases' should be a list"),
        ({"cases": [3]}, "every case should be an object"),
        ({"cases": [{"case": "a"}]}, "'facts' should be a list"),
        ({"cases": [{"case": "a", "facts": [{"id": "x"}], "queries": []}]}, "'title'"),
        (
            {"cases": [SHEET["cases"][0] | {"queries": [{"q": "a", "gold": [], "kind": "odd"}]}]},
            "kind should be one of",
        ),
        (
            {"cases": [SHEET["cases"][0] | {"queries": [{"q": "a", "gold": ["z"], "kind": "in"}]}]},
            "not on the sheet",
        ),
        ({"cases": [{"case": "a", "facts": [], "queries": []}]}, "at least one fact"),
    ],
)
def test_a_file_without_the_form_is_refused_with_a_reason(data, message) -> None:
    with pytest.raises(ValueError, match=message):
        evaluate(data)
