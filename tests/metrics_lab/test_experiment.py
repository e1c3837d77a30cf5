import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics_lab.engine import experiment
from metrics_lab.engine.experiment import ExperimentError, plan, pooled_size, power_at

rates = st.floats(0.01, 0.5)


@pytest.mark.parametrize(
    ("p", "q", "form", "size"),
    [
        (0.2, 0.25, "pooled", 1093.7),
        (0.2, 0.25, "baseline", 1030.2),
        (0.2, 0.25, "unpooled", 1091.0),
        (0.2, 0.25, "arcsine", 1091.9),
        (0.02, 0.025, "pooled", 13808.9),
        (0.02, 0.022, "baseline", 78039.0),
        (0.1, 0.11, "arcsine", 14744.1),
    ],
)
def test_every_published_form_gives_its_known_size(
    p: float, q: float, form: str, size: float
) -> None:
    forms = {item.name: item.per_arm for item in experiment.published_forms(p, q)}
    assert forms[form] == pytest.approx(size, abs=0.06)


def test_the_true_power_of_another_form_is_told() -> None:
    assert power_at(0.2, 0.25, 1030) == pytest.approx(0.777, abs=0.002)


def test_a_plan_counts_both_arms_and_whole_weeks() -> None:
    made = plan(0.03, 0.033, people_per_week=56_000)
    assert (made.per_arm, made.total, made.weeks) == (53_211, 106_422, 2)
    assert made.power >= 0.8


@pytest.mark.parametrize(("p", "q"), [(0.2, 0.2), (-0.1, 0.2), (0.2, 1.1)])
def test_rates_that_cannot_be_tested_are_refused(p: float, q: float) -> None:
    with pytest.raises(ExperimentError):
        plan(p, q)


def test_no_traffic_has_no_weeks() -> None:
    with pytest.raises(ExperimentError, match="Traffic"):
        plan(0.1, 0.2, people_per_week=0)


@given(rates, st.floats(0.01, 0.2), st.floats(1.1, 2))
def test_a_larger_effect_needs_fewer_people(p: float, gap: float, more: float) -> None:
    assert pooled_size(p, p + gap * more) < pooled_size(p, p + gap)


@given(rates, st.floats(0.01, 0.2))
def test_the_pooled_size_has_the_power_it_promises(p: float, gap: float) -> None:
    assert power_at(p, p + gap, pooled_size(p, p + gap)) == pytest.approx(0.8, abs=0.001)
