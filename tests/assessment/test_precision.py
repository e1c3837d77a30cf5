import json

from coach.assessment.detect import registry
from coach.assessment.precision import table
from tests.assessment.test_evaluation import data


def test_every_rule_is_in_the_public_table_with_its_n():
    published = json.loads(registry.PRECISION_FILE.read_text("utf-8"))

    assert set(published["rules"]) == registry.detected()
    assert published["states_from"] == {"precision": 0.9, "n": 20}


def test_a_rule_seldom_measured_asks():
    published = json.loads(registry.PRECISION_FILE.read_text("utf-8"))["rules"]

    assert all(published[key]["n"] >= 20 for key in registry.may_state())


def test_the_table_counts_where_a_rule_fires():
    rules = table([data()])["rules"]

    assert rules["ME4"] == {"n": 1, "precision": 1.0}
    assert rules["ME6"] == {"n": 0, "precision": None}
