"""Floors under what is measured on answers by an author who took no part; docs/evaluation.md.

data/unseen.json was written and labelled without sight of the rules, and nothing is fitted on it.
"""

import json
from pathlib import Path

import pytest

from coach.assessment.evaluation import evaluate
from coach.interviewer.encoder import get_encoder
from tests.kept_vectors import kept_vectors

UNSEEN = Path(__file__).parent / "data" / "unseen.json"
pytestmark = pytest.mark.skipif(get_encoder() is None, reason="needs the language model")


@pytest.fixture(scope="module")
def unseen():
    data = json.loads(UNSEEN.read_text("utf-8"))
    with kept_vectors("assessment"):
        return evaluate(data, encoder=get_encoder())["summary"]


def test_levels_agree_with_a_person_who_wrote_no_rule(unseen) -> None:
    assert unseen["level_qwk"] >= 0.75
    assert unseen["level_exact"] >= 0.58
    assert unseen["level_within_1"] >= 0.97


def test_what_is_stated_is_mostly_right_and_most_mistakes_are_met(unseen) -> None:
    assert unseen["stated_precision"] >= 0.88
    assert unseen["asked_recall"] >= 0.68
    assert unseen["asked_precision"] >= 0.70


def test_the_gate_falls_where_it_should(unseen) -> None:
    assert unseen["gate_precision"] >= 0.92
    assert unseen["gate_recall"] >= 0.88


def test_wording_and_padding_hardly_move_a_level(unseen) -> None:
    assert unseen["invariance"] >= 0.85
    assert unseen["gained_by_padding"] == 0
