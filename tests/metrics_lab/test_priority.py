import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics_lab.engine.priority.scores import PriorityError, Rice, rank, rice_score, scale_notes

positive = st.floats(0.1, 1e6)


def test_effort_divides() -> None:
    assert rice_score(43_200, 1, 0.5, 3) == 7_200


@pytest.mark.parametrize("bad", [(1, 1, 1, 0), (-1, 1, 1, 1), (1, 1, 80, 1)])
def test_inputs_that_cannot_be_are_refused(bad: tuple[float, float, float, float]) -> None:
    with pytest.raises(PriorityError):
        rice_score(*bad)


def test_values_off_the_scales_are_remarked_on() -> None:
    assert len(scale_notes(Rice(20_000, 1.5, 0.7, 2), population=10_000)) == 3
    assert scale_notes(Rice(5_000, 1, 0.8, 2), population=10_000) == ()


def test_ideas_are_ranked_by_score() -> None:
    ideas = {"photos": Rice(100, 1, 0.5, 2), "search": Rice(100, 2, 0.5, 2)}
    assert [name for name, _ in rank(ideas)] == ["search", "photos"]


@given(positive, st.floats(0.25, 3), st.floats(0, 1), positive, st.floats(1.1, 5))
def test_more_effort_lowers_the_score_in_proportion(
    reach: float, impact: float, confidence: float, effort: float, k: float
) -> None:
    more = rice_score(reach, impact, confidence, effort * k)
    assert more * k == pytest.approx(rice_score(reach, impact, confidence, effort))
