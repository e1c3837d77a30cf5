"""A case's table of cohorts: read, whole, agreeing with the baselines, told by a fact."""

from pathlib import Path

import pytest

from questions.case import Case
from questions.case_check import Problem, check_library
from questions.case_file import CaseFileError, read_case
from tests.questions.cases import LIBRARY, TIKTOK, edited, line_of, tiktok, variant

FIRST = '{starts: "2025-08", size: 12700, back: [1470, 1190, 1045, 961, 906, 864]}'
SECOND = '{starts: "2025-09", size: 12900, back: [1483, 1204, 1049, 966, 913]}'


def problem(tmp_path: Path, old: str, new: str) -> tuple[Problem, Path]:
    """Return the first problem of the file with one text in place of another."""
    path = edited(tmp_path, {old: new})
    return check_library([path])[0], path


def test_the_table_is_read_and_written_back_as_it_is():
    case = tiktok()
    assert case.cohorts is not None
    assert case.cohorts.rows[0].counts == (12700, 1470, 1190, 1045, 961, 906, 864)
    assert Case.from_dict(case.to_dict()) == case


def test_a_case_without_a_table_keeps_its_hash():
    assert "cohorts" not in variant(cohorts=None).to_dict()


def test_the_share_at_an_age_weighs_by_size_and_leaves_out_what_is_not_known():
    table = read_case(LIBRARY / "improve-duolingo.yaml").cohorts
    assert table is not None
    there, people = table.shares(4)
    assert people == 5820 + 6110 + 6340 + 6090 + 5980
    assert there / people == pytest.approx(0.25, abs=1e-6)
    assert table.shares(8) == (1210, 5820)


def test_the_table_is_told_by_all_its_facts_and_not_before():
    table = tiktok().cohorts
    assert table is not None
    assert not table.is_told(frozenset({"kpis"}))
    assert table.is_told(frozenset({"kpis", "visit_history"}))


@pytest.mark.parametrize(
    ("old", "new", "message", "remedy"),
    [
        (
            "ages: [1, 2]",
            "ages: [1]",
            "second_order_60d is 18.0% and the table gives 11.3%",
            "correct the counts or the ages",
        ),
        ("ages: [1, 2]", "ages: [7]", "ages of second_order_60d are not", "write ages 1 to 6"),
        (
            "symbol: second_order_60d, ages",
            "symbol: repeat, ages",
            "agrees with repeat, which is no baseline",
            "name a baseline",
        ),
        (
            "told_by: [visit_history]",
            "told_by: [kpis]",
            "shows second_order_60d, and no fact in told_by reveals it",
            "add the fact that does",
        ),
        ("told_by: [visit_history]", "told_by: [visits]", "no fact visits", "facts of this case"),
        (SECOND, SECOND.replace("09", "10"), "2025-10 does not follow 2025-08", "write 2025-09"),
        (SECOND, SECOND.replace("2025-09", "09/2025"), "is not the start of a month", "2026-03"),
        (
            SECOND,
            SECOND.replace(", 966, 913", ""),
            "2025-09 has 3 after the 6 months of 2025-08",
            "each row is one shorter",
        ),
        (
            SECOND,
            SECOND.replace("1483", "14830"),
            "2025-09 has 14830 people at age 1, and 12900 started",
            "of those who started",
        ),
        (
            "moves: [visitors,",
            "moves: [second_order_60d, visitors,",
            "second_order_60d, which moves from one set of numbers to the next",
            "take it out of moves",
        ),
        (FIRST, FIRST.replace("12700", "0"), "2025-08 has 0 people", "how many started"),
    ],
)
def test_what_is_wrong_is_told_with_its_remedy(
    tmp_path: Path, old: str, new: str, message: str, remedy: str
):
    problems = check_library([edited(tmp_path, {old: new})])
    assert any(message in one.message and remedy in one.remedy for one in problems)


def test_a_wrong_row_is_told_at_its_line(tmp_path: Path):
    found, path = problem(tmp_path, SECOND, SECOND.replace("1483", "14830"))
    assert path.name == TIKTOK.name
    assert found.line == line_of(path, "14830")


def test_a_table_of_weeks_starts_on_mondays(tmp_path: Path):
    text = (LIBRARY / "improve-duolingo.yaml").read_text(encoding="utf-8")
    path = tmp_path / "improve-duolingo.yaml"
    path.write_text(text.replace('"2025-12-08"', '"2025-12-09"'), encoding="utf-8")
    found = check_library([path])[0]
    assert "2025-12-09 is not the start of a week" in found.message
    assert "a Monday" in found.remedy


def test_a_date_without_quotes_is_told(tmp_path: Path):
    text = (LIBRARY / "improve-duolingo.yaml").read_text(encoding="utf-8")
    path = tmp_path / "improve-duolingo.yaml"
    path.write_text(text.replace('"2025-12-08"', "2025-12-08"), encoding="utf-8")
    with pytest.raises(CaseFileError, match="quotes"):
        read_case(path)


def test_too_few_rows_are_told(tmp_path: Path):
    case = tiktok()
    assert case.cohorts is not None
    rows = [line for line in TIKTOK.read_text("utf-8").splitlines() if "starts:" in line]
    path = edited(tmp_path, {f"{row}\n": "" for row in rows[:-2]})
    messages = [found.message for found in check_library([path])]
    assert "the table has 2 rows" in messages
