import json

import pytest

from coach.assessment.agreement import agreement, interval, quadratic_kappa
from coach.assessment.evaluation import evaluate
from tests.assessment.helpers import LAUNDRY

GOOD = (
    "Main metric: share of customers whose bag is back on the day, per week, from 86% to 90% in a "
    "quarter. Lost items must not rise above 3%. Half of the houses get lockers, half do not."
)
WEAK = "Retention rate, churn, number of orders and revenue, seen in a dashboard every week."


def data() -> dict:
    return {
        "cases": {"foldly": LAUNDRY},
        "answers": [
            {"id": "a1", "case": "foldly", "step": "metrics", "text": GOOD, "level": 3,
             "must_find": [], "must_not_find": ["ME4"], "unknown": 1},
            {"id": "a2", "case": "foldly", "step": "metrics", "text": WEAK, "level": 2,
             "must_find": ["ME1", "ME4"], "must_not_find": ["ME6"]},
        ],
        "full_answers": [
            {"id": "f1", "case": "foldly", "steps": {"metrics": GOOD}, "levels": {"metrics": 3},
             "overall": 3, "must_find": [], "must_not_find": []},
        ],
        "gate": [
            {"id": "g1", "case": "foldly", "step": "metrics", "text": "ok", "gate": "too_short"},
        ],
        "invariance": [
            {"id": "v1", "base": "a2", "variant": WEAK + " " + WEAK, "kind": "repeated"},
        ],
    }  # fmt: skip


def test_the_summary_has_its_fixed_keys_and_the_items_keep_their_order():
    result = evaluate(data())
    keys = {
        "stated_precision", "stated_recall", "asked_recall", "mistakes", "level_exact",
        "level_within_1", "level_qwk", "level_qwk_95", "steps", "overall_qwk", "gate_precision",
        "gate_recall", "invariance", "gained_by_padding", "ms_p50", "ms_p95",
    }  # fmt: skip

    assert keys <= set(result["summary"])
    assert [item["id"] for item in result["items"]] == ["a1", "a2", "f1", "g1", "v1"]
    json.dumps(result, allow_nan=False)


def test_rates_count_what_the_labels_say():
    summary = evaluate(data())["summary"]

    assert summary["asked_recall"] == 1.0
    assert summary["mistakes"]["ME4"]["n"] == 1
    assert (summary["gate_precision"], summary["gate_recall"]) == (1.0, 1.0)
    assert (summary["invariance"], summary["gained_by_padding"]) == (1.0, 0)


def test_rates_over_nothing_are_null():
    summary = evaluate({"cases": {}, "answers": []})["summary"]

    assert summary["level_qwk"] is None
    assert summary["gate_recall"] is None
    assert summary["ms_p95"] is None


@pytest.mark.parametrize(
    ("broken", "message"),
    [
        ([], "JSON object"),
        ({"cases": []}, '"cases"'),
        ({"cases": {"x": {}}}, "no prompt"),
        ({"cases": {}, "answers": [{"id": "a"}]}, '"answers"\\[0\\] has no "case"'),
        ({"cases": {}, "gate": {}}, '"gate" has to be a list'),
        (
            {"cases": {}, "invariance": [{"id": "v", "base": "x", "variant": "", "kind": "typos"}]},
            "unknown answer",
        ),
    ],
)
def test_a_file_without_the_form_is_refused_with_its_place(broken, message):
    with pytest.raises(ValueError, match=message):
        evaluate(broken)


def test_kappa_is_one_for_agreement_and_undefined_for_one_level():
    assert quadratic_kappa([1, 2, 3, 4], [1, 2, 3, 4]) == 1.0
    assert quadratic_kappa([2, 2], [2, 2]) is None
    assert quadratic_kappa([1, 4], [4, 1]) == -1.0


def test_the_bootstrap_interval_is_the_same_each_time():
    gold, got = [1, 2, 3, 4, 2, 3], [1, 2, 4, 4, 2, 2]

    assert interval(gold, got) == interval(gold, got)
    assert agreement(gold, got)["level_within_1"] == 1.0
