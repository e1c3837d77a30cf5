import json

from coach.assessment.detect import registry
from coach.assessment.detect.rule import Cue
from coach.assessment.precision import of_set, table
from coach.assessment.text import Span
from tests.assessment.test_evaluation import data

SPAN = Span(0, 3, "bag")


def test_every_rule_is_in_the_public_table_with_its_n():
    published = json.loads(registry.PRECISION_FILE.read_text("utf-8"))

    assert set(published["rules"]) == registry.detected()
    assert published["states_from"] == {"precision": 0.9, "n": 20}


def test_a_rule_seldom_measured_or_often_wrong_asks():
    published = json.loads(registry.PRECISION_FILE.read_text("utf-8"))["rules"]

    for key, strength in registry.strengths().items():
        row = published[key] if strength == "all" else published[key]["sure"]
        assert row["n"] >= 20, key
        assert row["precision"] >= 0.9, key


def test_a_rule_that_may_state_when_sure_asks_when_it_is_not(monkeypatch):
    monkeypatch.setattr(registry, "strengths", lambda: {"ME4": "sure", "PP1": "all"})

    assert registry.states("ME4", Cue(SPAN, SPAN, sure=True))
    assert not registry.states("ME4", Cue(SPAN, SPAN))
    assert registry.states("PP1", Cue(SPAN, SPAN))
    assert not registry.states("ME5", Cue(SPAN, SPAN, sure=True))
    assert registry.states("ME5", Cue(SPAN, SPAN, exact=True))


def test_the_table_counts_where_a_rule_fires():
    rules = table({"set": list(of_set(data(), None))})["rules"]

    assert (rules["ME4"]["n"], rules["ME4"]["precision"], rules["ME4"]["recall"]) == (1, 1.0, 1.0)
    assert rules["ME4"]["sure"] == {"n": 0, "precision": None}
    assert (rules["ME6"]["n"], rules["ME6"]["precision"]) == (0, None)


def test_a_rule_is_counted_in_each_part_and_over_all():
    first = [("ME4", True, True, True), ("ME4", False, True, False)]
    second = [("ME4", True, True, True), ("ME4", True, False, False)]
    row = table({"a": first, "b": second})["rules"]["ME4"]

    assert (row["n"], row["precision"], row["recall"]) == (3, 0.6667, 0.6667)
    assert row["sure"] == {"n": 2, "precision": 1.0}
    assert row["parts"]["a"] == {"n": 2, "precision": 0.5, "sure": {"n": 1, "precision": 1.0}}
