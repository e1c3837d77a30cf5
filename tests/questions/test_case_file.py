"""Reading a case file: each fault of its form is told with file, line and remedy."""

from pathlib import Path

import pytest

from questions.case_file import CaseFileError, Problem, read_case, read_source
from tests.questions.cases import TIKTOK, edited, line_of


def problems(path: Path) -> tuple[Problem, ...]:
    with pytest.raises(CaseFileError) as error:
        read_case(path)
    return error.value.problems


def test_a_missing_key_is_told_at_the_item_it_belongs_to(tmp_path: Path):
    path = edited(tmp_path, {"    title: Headline figures\n": ""})
    (problem,) = problems(path)
    assert str(problem) == (
        f"{path}:{line_of(path, '- id: kpis')}: facts[1].title is missing;"
        " add title:, see docs/case-authors.md"
    )


def test_a_misspelt_key_is_told_with_its_line_and_the_likely_one(tmp_path: Path):
    path = edited(tmp_path, {"    why_it_matters: Targets": "    why_it_mater: Targets"})
    unknown = next(each for each in problems(path) if "not a known key" in each.message)
    assert unknown.line == line_of(path, "why_it_mater:")
    assert unknown.remedy == "did you mean why_it_matters?"


def test_a_percentage_instead_of_a_share_is_told(tmp_path: Path):
    path = edited(tmp_path, {"{value: 0.02, unit: buyers": "{value: 2 %, unit: buyers"})
    (problem,) = problems(path)
    assert problem.line == line_of(path, "2 %, unit")
    assert "0.02 and not 2 %" in problem.remedy


def test_a_value_outside_its_choices_is_told_with_the_choices(tmp_path: Path):
    path = edited(tmp_path, {"difficulty: hard": "difficulty: brutal"})
    (problem,) = problems(path)
    assert (problem.line, problem.remedy) == (
        line_of(path, "difficulty:"),
        "use one of: easy, medium, hard",
    )


def test_broken_yaml_is_told_at_the_line_where_it_breaks(tmp_path: Path):
    path = edited(tmp_path, {"title: Improve TikTok Shop": 'title: "Improve TikTok Shop'})
    (problem,) = problems(path)
    assert problem.message.startswith("this is not YAML")
    assert problem.line > 1


def test_a_key_that_occurs_twice_is_told(tmp_path: Path):
    path = edited(tmp_path, {"difficulty: hard\n": "difficulty: hard\ndifficulty: easy\n"})
    assert "occurs twice" in problems(path)[0].message


def test_text_that_yaml_takes_for_a_date_asks_for_quotes(tmp_path: Path):
    path = edited(tmp_path, {"title: Improve TikTok Shop": "title: 2026-03-03"})
    assert 'put it in "quotes"' in problems(path)[0].remedy


def test_all_faults_are_told_at_once_in_the_order_of_lines(tmp_path: Path):
    path = edited(
        tmp_path, {"difficulty: hard": "difficulty: brutal", "minutes: 30": "minutes: thirty"}
    )
    found = problems(path)
    assert len(found) == 2
    assert found[0].line < found[1].line


@pytest.mark.parametrize("content", ["", "- a\n- b\n", "just words"])
def test_a_file_that_holds_no_case_says_how_to_start(tmp_path: Path, content: str):
    path = tmp_path / "x.yaml"
    path.write_text(content, encoding="utf-8")
    assert problems(path)[0].remedy == "start from docs/case-authors.md"


def test_a_file_that_is_not_utf_8_is_told(tmp_path: Path):
    path = tmp_path / "x.yaml"
    path.write_bytes(b"title: caf\xe9")
    assert problems(path)[0].remedy == "save it as UTF-8 text"


def test_the_lines_of_a_good_file_are_known():
    source = read_source(TIKTOK)
    assert source.lines["facts", 1, "id"] == line_of(TIKTOK, "- id: shopper_definition")
