"""The words of an analysis, and its charts: what they say is what the engine found."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from metrics_lab.charts.fan import Slice, fan_svg
from metrics_lab.charts.scale import ticks
from metrics_lab.charts.svg import FORBIDDEN
from metrics_lab.engine.scenario import Lever
from metrics_lab.engine.sheet.examples import EXAMPLES
from metrics_lab.engine.sheet.model import Derived, Input, Sheet
from metrics_lab.engine.together import Together
from metrics_lab.presentation.analysis import Analysis, Asked, said, shortened
from metrics_lab.presentation.analysis_charts import fan_of, histogram_of, measure_of
from metrics_lab.presentation.sheet import SheetPage

SHOP = EXAMPLES["shop"].make()
MOVES = [Lever("aov", "set", 33.0), Lever("visitors", "times", 1.1)]


def analysis(sheet: Sheet = SHOP, moves: list[Lever] | None = None, **asked: str) -> Analysis:
    """Return the analysis of a sheet."""
    return Analysis(SheetPage(sheet, moves or []), Asked(**asked))


def small(*inputs: Input, formula: str) -> Sheet:
    """Return a sheet of one formula."""
    return Sheet(
        "Small",
        {item.symbol: item for item in inputs},
        (Derived("y", formula, "Result", "USD"),),
        "y",
    )


def test_the_answer_says_the_middle_and_the_range_of_the_star() -> None:
    found = analysis()
    assert found.figure == "net_gmv"
    run = found.today
    assert run is not None
    low, high = run.interval("net_gmv")
    for value in (run.median("net_gmv"), low, high):
        assert said(value, "USD / month") in found.answer
    assert "hypothetical" in found.answer
    assert found.record.startswith("8,192 points, seed ")


def test_a_target_is_read_in_the_figures_unit_and_answered_with_a_chance() -> None:
    found = analysis(goal="6 million", sign=">=")
    assert found.goal == 6e6
    run = found.today
    assert run is not None
    assert f"{round(100 * run.chance('net_gmv', '>=', 6e6))} of 100 samples" in found.chance
    share = analysis(figure="conversion", goal="2.2", sign="<=")
    assert share.goal == pytest.approx(0.022)
    assert "at most 2.2 %" in share.chance
    assert analysis(goal="a lot").goal_error
    assert analysis(goal="").chance == ""


def test_a_chance_is_never_rounded_to_certainty() -> None:
    assert "less than 1 of 100" in analysis(goal="12.5 million").chance
    assert "more than 99 of 100" in analysis(goal="3 million").chance


def test_levers_are_compared_on_the_same_points() -> None:
    found = analysis(moves=[Lever("aov", "times", 1.1)], goal="6 million")
    assert "+" in found.gain
    assert "100 of 100 samples" in found.gain
    assert "with the levers, and in" in found.chance
    assert all(row.with_levers for row in found.rows)
    assert analysis().gain == ""


def test_ranges_that_lean_to_one_side_are_said() -> None:
    assert "further up than down" in analysis().place
    even = small(Input("a", "A", "USD", 3.0, 2.0, 4.5), formula="a * 2")
    assert analysis(even).place == ""


def test_a_range_that_cannot_be_is_named_and_the_rest_goes_on() -> None:
    sheet = small(
        Input("a", "Part", "share of users", 0.1, 0.0, 0.3),
        Input("b", "Users", "users", 10.0, 8.0, 12.0),
        formula="a * b",
    )
    found = analysis(sheet)
    assert [fault.symbol for fault in found.faults] == ["a"]
    assert "more than 0 %" in found.faults[0].reason
    assert found.answer
    assert [row.symbol for row in found.rows] == ["y"]


def test_a_figure_without_a_value_in_some_samples_says_how_many() -> None:
    sheet = small(Input("a", "A", "USD", 4.0, -1.0, 5.0), formula="sqrt(a)")
    found = analysis(sheet)
    run = found.run
    assert run is not None
    assert run.missing("y") > 0
    assert f"In {run.missing('y'):,} of 8,192 samples" in found.cautions[0]


def test_a_lever_held_at_a_bound_is_said() -> None:
    sheet = small(Input("a", "Kept", "share of users", 0.8, 0.7, 0.9), formula="a * 100")
    found = analysis(sheet, [Lever("a", "times", 1.2)])
    assert "stops kept at 0 or 100 %" in found.cautions[0]


def test_without_ranges_only_what_needs_none_is_asked() -> None:
    sheet = small(Input("a", "A", "USD", 4.0), formula="a * 2")
    found = analysis(sheet)
    assert found.run is None
    assert [measure for measure, _ in found.measures] == ["elasticity", "shapley"]
    chart = measure_of(found)
    assert chart is not None
    assert "+1 %" in chart.answer
    moved = analysis(sheet, [Lever("a", "set", 5)], measure="shapley")
    assert moved.measure == "shapley"
    assert histogram_of(found) is None
    assert fan_of(found) is None


@pytest.mark.parametrize("measure", ["tornado", "elasticity", "sobol", "shapley"])
def test_every_measure_has_its_question_a_sentence_a_chart_and_a_table(measure: str) -> None:
    found = analysis(moves=MOVES, measure=measure)
    chart = measure_of(found)
    assert chart is not None
    assert chart.title == dict(found.measures)[measure]
    assert chart.svg.count("<svg") == 2
    assert not FORBIDDEN.search(chart.svg)
    assert chart.table["rows"]
    assert all(len(row) == len(chart.table["columns"]) for row in chart.table["rows"])
    assert "hypothetical" in chart.table["caption"]


def test_the_parts_of_a_change_end_with_the_whole() -> None:
    chart = measure_of(analysis(moves=MOVES, measure="shapley"))
    assert chart is not None
    assert chart.table["rows"][-1][0] == "All together"
    assert len(chart.table["rows"]) == 3


def test_the_histogram_marks_what_meets_the_target() -> None:
    plain, held = histogram_of(analysis()), histogram_of(analysis(goal="6 million"))
    assert plain is not None
    assert held is not None
    assert 'class="high"' not in plain.svg
    assert 'class="high"' in held.svg
    assert "target $6.0 M" in held.svg
    low = histogram_of(analysis(goal="6 million", sign="<="))
    assert low is not None
    assert low.svg.count('class="high"') != held.svg.count('class="high"')


def test_a_target_far_beyond_the_outcomes_is_said_and_not_drawn() -> None:
    found = analysis(goal="900 billion")
    chart = histogram_of(found)
    assert chart is not None
    assert "target" not in chart.svg
    assert "in 0 of 100 samples" in found.chance


def test_the_fan_goes_over_the_lever_that_was_chosen() -> None:
    chart = fan_of(analysis(lever="return_rate"))
    assert chart is not None
    assert "return rate" in chart.title
    assert len(chart.table["rows"]) == 9
    assert chart.table["rows"][0][0] == "9 %"
    middle = [row[3] for row in chart.table["rows"]]
    assert middle[0] != middle[-1]


def test_what_is_asked_of_an_unknown_figure_falls_back_to_the_star() -> None:
    found = analysis(figure="nothing", lever="nothing", measure="nothing", sign="=")
    assert (found.figure, found.sign, found.measure) == ("net_gmv", ">=", "tornado")
    assert found.lever in SHOP.inputs


def test_more_ranges_than_an_analysis_takes_are_counted() -> None:
    many = {f"x{i}": Input(f"x{i}", f"X{i}", "USD", 1.0, 0.5, 2.0) for i in range(34)}
    sheet = Sheet("Many", many, (Derived("y", "x0 * x1", "Y", "USD"),), "y")
    assert analysis(sheet).left_out == 2


@pytest.mark.parametrize(
    ("low", "high", "most"), [(0, 1, 5), (3.2, 9.7, 3), (1e6, 1.3e6, 5), (-5, 5, 4), (2, 2, 3)]
)
def test_ticks_are_few_round_and_inside(low: float, high: float, most: int) -> None:
    found = ticks(low, high, most)
    assert 1 <= len(found) <= most
    assert all(low <= tick <= high for tick in found)
    assert found == sorted(found)


def test_a_fan_of_one_value_is_a_line_and_no_fault() -> None:
    level = [Slice(float(x), (2.0,) * 5) for x in range(3)]
    assert fan_svg(level, str, str, "level").count("<svg") == 2


def test_millions_are_letters_where_room_is_short() -> None:
    assert shortened("$5.31 million") == "$5.31 M"
    assert re.fullmatch(r"12[.]3 %", said(0.12345, "share"))


def test_ranges_that_go_together_widen_their_product_and_are_said() -> None:
    apart, pair = analysis(), Together("visitors", "aov", 0.6)
    together = analysis(SHOP.with_together(pair))
    assert apart.today is not None
    assert together.today is not None
    narrow, wide = apart.today.interval("gmv"), together.today.interval("gmv")
    assert wide[1] - wide[0] > 1.1 * (narrow[1] - narrow[0])
    assert together.record != apart.record
    (said_of,) = together.pairs
    assert said_of.label == "Visitors and average order value"
    assert said_of.words == "clearly (0.6): where one is high, the other tends to be high"


def test_a_pair_without_a_range_is_kept_and_not_used() -> None:
    one = replace(SHOP.inputs["visitors"], low=None, high=None)
    found = analysis(SHOP.with_together(Together("visitors", "aov", -0.2)).with_input(one))
    (pair,) = found.pairs
    assert pair.idle
    assert "loosely (−0.2)" in pair.words
    assert "tends to be low" in pair.words
    assert found.record == analysis(SHOP.with_input(one)).record


def test_the_measure_of_uncertainty_says_that_it_takes_each_input_by_itself() -> None:
    plain = measure_of(analysis(measure="sobol"))
    paired = measure_of(
        analysis(SHOP.with_together(Together("visitors", "aov", 0.6)), measure="sobol")
    )
    assert plain is not None
    assert paired is not None
    assert "as if none of them went together" not in plain.answer
    assert "as if none of them went together" in paired.answer
