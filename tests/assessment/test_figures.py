"""Floors under what is measured on answers by two authors who took no part; docs/evaluation.md.

data/unseen.json and data/unseen_two.json were written and labelled without sight of the rules, and
nothing is fitted on them.
"""

import json
from dataclasses import dataclass
from pathlib import Path

import pytest

from coach.assessment.evaluation import evaluate
from coach.interviewer.encoder import get_encoder
from tests.kept_vectors import kept_vectors

DATA = Path(__file__).parent / "data"
pytestmark = pytest.mark.skipif(get_encoder() is None, reason="needs the language model")


@dataclass(frozen=True)
class Floors:
    """What a set must reach, as shares; `kept` are the vectors its run shares with others."""

    name: str
    kept: str
    kappa: float
    exact: float
    met: float
    met_rightly: float
    gated: float


SETS = (
    Floors("unseen.json", "assessment", 0.77, 0.59, 0.63, 0.83, 0.92),
    Floors("unseen_two.json", "assessment-two", 0.84, 0.72, 0.64, 0.93, 0.95),
)


@pytest.fixture(scope="module", params=SETS, ids=lambda floors: floors.name)
def judged(request):
    data = json.loads((DATA / request.param.name).read_text("utf-8"))
    with kept_vectors(request.param.kept):
        return request.param, evaluate(data, encoder=get_encoder())["summary"]


def test_levels_agree_with_a_person_who_wrote_no_rule(judged) -> None:
    floors, found = judged
    assert found["level_qwk"] >= floors.kappa
    assert found["level_exact"] >= floors.exact
    assert found["level_within_1"] >= 0.96


def test_what_is_stated_is_mostly_right_and_most_mistakes_are_met(judged) -> None:
    floors, found = judged
    assert found["stated_precision"] >= 0.88
    assert found["asked_recall"] >= floors.met
    assert found["asked_precision"] >= floors.met_rightly


def test_the_gate_falls_where_it_should(judged) -> None:
    floors, found = judged
    assert found["gate_precision"] >= 0.92
    assert found["gate_recall"] >= floors.gated


def test_wording_and_padding_hardly_move_a_level(judged) -> None:
    _, found = judged
    assert found["invariance"] >= 0.85
    assert found["gained_by_padding"] == 0
