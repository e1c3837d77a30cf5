"""Deep checks: numbers close, nothing is missing, hints give nothing away."""

from pathlib import Path

import pytest

from questions import formula
from questions.case_check import Problem, check_library
from questions.case_check_numbers import sample_size
from questions.services.library import library_paths
from tests.questions.cases import TIKTOK, edited, line_of


def checked(tmp_path: Path, old: str, new: str) -> list[Problem]:
    return check_library([edited(tmp_path, {old: new})])


@pytest.mark.parametrize("path", library_paths(), ids=lambda path: path.stem)
def test_every_case_of_the_library_is_free_of_problems(path: Path):
    assert check_library([path]) == []


def test_a_number_that_does_not_follow_is_told_with_the_right_one(tmp_path: Path):
    old = "{symbol: kept_orders, formula: orders * (1 - return_rate), value: 176000"
    (problem,) = checked(tmp_path, old, old.replace("176000", "167000"))
    assert problem.line == line_of(tmp_path / TIKTOK.name, "symbol: kept_orders")
    assert "gives 176000" in problem.message


def test_a_formula_with_an_unknown_name_is_told_at_its_relation(tmp_path: Path):
    problems = checked(tmp_path, "formula: aov * take_rate,", "formula: aov * takings,")
    assert problems[0].line == line_of(tmp_path / TIKTOK.name, "aov * takings")
    assert "takings" in problems[0].message


def test_two_formulas_of_one_number_have_to_agree(tmp_path: Path):
    problems = checked(
        tmp_path, "conv_before:          {value: 0.10", "conv_before:   {value: 0.11"
    )
    assert any("orders is 200000" in problem.message for problem in problems)


def test_a_value_outside_its_band_is_told(tmp_path: Path):
    problems = checked(tmp_path, "band: [27, 34]", "band: [31, 34]")
    assert "aov is 30, outside its band 31 to 34" in problems[0].message


def test_a_rice_score_is_worked_out_again(tmp_path: Path):
    (problem,) = checked(tmp_path, "score: 192000", "score: 182000")
    assert problem.remedy == "write 192000"


def test_reach_beyond_the_segment_is_told(tmp_path: Path):
    old = "reach: 1440000, impact: 0.5, confidence: 80, effort: 3, score: 192000"
    new = "reach: 3000000, impact: 0.5, confidence: 80, effort: 3, score: 400000"
    (problem,) = checked(tmp_path, old, new)
    assert "its segment has 2,400,000" in problem.message


def test_a_reading_is_worked_out_under_its_own_assumption(tmp_path: Path):
    problems = checked(tmp_path, "gmv: 300000000", "gmv: 30000000")
    assert "gmv is written 3e+07 and works out as 3e+08" in problems[0].message


def test_a_sample_size_by_another_formula_is_told(tmp_path: Path):
    problems = checked(tmp_path, "per_arm: 53211", "per_arm: 51000")
    assert "the pooled formula gives 53211" in problems[0].message


def test_the_pretotype_needs_the_share_of_people_it_names(tmp_path: Path):
    problems = checked(tmp_path, "needed: 840", "needed: 800")
    assert "15 percent of 5600 are 840" in problems[0].message


def test_an_ask_that_two_facts_share_is_told(tmp_path: Path):
    old = '"How many TikTok users have ever bought?"'
    (problem,) = checked(tmp_path, old, '"How is the Shop doing right now?"')
    assert problem.message.startswith("fact kpis is asked")


def test_a_fact_that_reveals_nothing_known_is_told(tmp_path: Path):
    (problem,) = checked(tmp_path, "reveals: [adoption_ever]", "reveals: [adoption_evr]")
    assert "reveals adoption_evr" in problem.message


def test_a_hint_that_repeats_an_example_is_told(tmp_path: Path):
    old = 'small: "One figure on the sheet does not say what it counts. Which?"'
    new = 'small: "What are we after, more sales or more profit per sale?"'
    (problem, *_) = checked(tmp_path, old, new)
    assert "the small hint of clarify shares" in problem.message


def test_minutes_that_do_not_add_up_are_told(tmp_path: Path):
    (problem,) = checked(tmp_path, "minutes: 30", "minutes: 35")
    assert problem.remedy == "write 30"


def test_a_mistake_id_that_does_not_exist_is_told(tmp_path: Path):
    (problem,) = checked(tmp_path, "mistakes: [SO7, SO8", "mistakes: [SO17, SO8")
    assert problem.message == "SO17 is no mistake id"


def test_a_missing_step_is_told(tmp_path: Path):
    text = TIKTOK.read_text(encoding="utf-8")
    start = text.index("  summary:\n    minutes")
    path = tmp_path / TIKTOK.name
    path.write_text(text[:start], encoding="utf-8")
    assert any("step summary is missing" in each.message for each in check_library([path]))


def test_a_slug_that_is_not_the_name_of_the_file_is_told(tmp_path: Path):
    (problem,) = check_library([edited(tmp_path, {}, name="another-name")])
    assert problem.remedy == "use another-name"


def test_a_file_that_is_not_there_is_a_problem_and_no_crash(tmp_path: Path):
    assert "cannot be opened" in check_library([tmp_path / "none.yaml"])[0].message


def test_the_arithmetic_can_be_handed_in(tmp_path: Path):
    def refuse(formulas, given):
        raise ValueError("the lab says orders has no unit")

    problems = check_library([TIKTOK], evaluate=refuse)
    assert problems[0].line == line_of(TIKTOK, "symbol: orders,")


def test_the_sample_size_is_the_pooled_one_of_the_tables():
    assert sample_size(0.10, 0.11, 0.05, 0.80, "two") == 14_751
    assert sample_size(0.02, 0.025, 0.05, 0.80, "two") == 13_809


@pytest.mark.parametrize(
    "text",
    ["__import__('os')", "a.b", "f(2)", "a if a else b", "2 ** 99", "[1][0]", "a <", "x" * 500],
)
def test_a_formula_is_arithmetic_and_nothing_else(text: str):
    with pytest.raises(formula.FormulaError):
        formula.evaluate({"y": text}, {"a": 1, "b": 2})


def test_a_circle_of_formulas_is_refused_by_name():
    with pytest.raises(formula.FormulaError, match="a -> b -> a goes round"):
        formula.evaluate({"a": "b + 1", "b": "a + 1"}, {})


def test_a_scenario_that_cannot_be_worked_out_is_a_problem_and_no_crash(tmp_path: Path):
    old = "set: {conv_before: 0.11, conversion: 0.0206}"
    (problem,) = checked(tmp_path, old, "set: {conv_before: 0.11, cart_before: 0.3, visitors: 0}")[
        :1
    ]
    assert problem.line >= line_of(tmp_path / TIKTOK.name, "before_to_11")


def test_a_reading_under_which_a_formula_divides_by_zero_is_told(tmp_path: Path):
    swaps = {
        "set: {conversion: 1}": "set: {conversion: 0}",
        "  - {symbol: orders, formula": (
            "  - {symbol: inverse, formula: 1 / conversion, value: 50}\n"
            "  - {symbol: orders, formula"
        ),
    }
    problem, _ = check_library([edited(tmp_path, swaps)])  # the variants fall with it
    assert problem.message == "inverse divides by zero"
