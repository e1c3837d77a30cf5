"""A metric's calculator: whatever is typed is computed or said at a field, and never breaks."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from metrics_lab.engine.catalogue import metrics as catalogue
from metrics_lab.presentation.calculator import WANT, calculate, read_share

EDGES = ["0", "-0", "1", "-1", "0.5", "2", "100", "5 %", "1e-9", "1e15", "1e308", "-1e308",
         "1e-308", "0.9999999999999999", "", "x", "1e999", "10 million", "$3", "２"]  # fmt: skip
METRICS = {metric.id: metric for metric in catalogue.load()}


def typed(metric_id: str, *texts: str) -> dict[str, str]:
    """Return what was typed into a metric's fields, in their order, and then as a wanted result."""
    names = [item.symbol for item in METRICS[metric_id].inputs]
    return dict(zip([*names, WANT], texts, strict=False))


@settings(max_examples=600)
@given(st.sampled_from(sorted(METRICS)), st.lists(st.sampled_from(EDGES), min_size=5, max_size=5))
@example("nps", ["1e308", "1e308", "1e308", "", ""])  # a part is beyond all numbers, 0 / inf is 0
@example("mde", ["0", "100", "0.8", "40", ""])
@example("follower_growth", ["1e-308", "1", "", "", ""])
def test_whatever_is_typed_has_a_result_or_an_error_at_a_field(
    metric_id: str, texts: list[str]
) -> None:
    found = calculate(METRICS[metric_id], typed(metric_id, *texts))
    said = [each.error for each in (*found.fields, found.want) if each.error]
    assert bool(found.result) or bool(said) or bool(found.problem)
    if found.is_wrong:
        assert all(error[0].isupper() and error.endswith(".") for error in said)
    if found.result:
        assert found.lines or METRICS[metric_id].formula == metric_id
        assert not [way for way in found.ways if not (way.then or way.problem)]


def test_the_example_stands_where_nothing_was_sent() -> None:
    found = calculate(METRICS["gmv"], {})
    assert found.is_example
    assert found.result == "$6.0 million per period"
    assert found.ways == []


def test_only_what_was_wanted_is_turned_round() -> None:
    found = calculate(METRICS["gmv"], typed("gmv", "10", "30", "600"))
    assert [(way.then, way.now, way.change) for way in found.ways] == [
        ("20 orders per period", "10 orders per period", "2 times as much"),
        ("$60 per order", "$30 per order", "2 times as much"),
    ]


def test_a_sentence_says_every_figure_with_its_unit() -> None:
    found = calculate(METRICS["cvr_session"], typed("cvr_session", "2000", "100000"))
    assert found.sentence == (
        "Conversion rate (session) is 2 %, from completed orders (before returns) "
        "2,000 orders per period, sessions in period 100,000 sessions per period."
    )


@pytest.mark.parametrize(
    ("text", "number"), [("2 %", 0.02), ("0.02", 0.02), ("2", 2), ("", None), ("%", None)]
)
def test_a_percent_sign_makes_a_share(text: str, number: float | None) -> None:
    assert read_share(text) == number
