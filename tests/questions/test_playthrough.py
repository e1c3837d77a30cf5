"""What a playthrough file has to hold, and what is said where it does not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from questions.case_file import CaseFileError, read_case
from questions.playthrough import playthrough_path, read_playthrough
from tests.questions.cases import TIKTOK

CASE = read_case(TIKTOK)
ANSWERS = {step: f"What I say in {step}." for step in CASE.step_ids}
WHOLE: dict[str, Any] = {
    "schema": 1,
    "case": CASE.slug,
    "found": "Who shoppers are had to be asked twice.",
    "trap": CASE.traps[0].id,
    "mistakes": list(CASE.traps[0].mistakes[:1]),
    "good": {"asks": ["What is the goal?", "Who buys?", "What is sold?"], "answers": ANSWERS},
    "careless": {"answers": ANSWERS},
}


def written(folder: Path, **changed: Any) -> Path:
    path = folder / "played.yaml"
    path.write_text(yaml.safe_dump({**WHOLE, **changed}), "utf-8")
    return path


def problems_of(path: Path) -> list[str]:
    with pytest.raises(CaseFileError) as caught:
        read_playthrough(path, CASE)
    return [f"{problem.message}; {problem.remedy}" for problem in caught.value.problems]


def test_a_whole_playthrough_is_read(tmp_path: Path) -> None:
    played = read_playthrough(written(tmp_path), CASE)
    assert played.trap == CASE.traps[0].id
    assert list(played.good.answers) == sorted(CASE.step_ids)
    assert played.careless.asks == ()


def test_it_lies_beside_the_cases_under_the_same_name() -> None:
    assert playthrough_path(TIKTOK) == TIKTOK.parent / "playthroughs" / TIKTOK.name


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"case": "another"}, f"case is another; write {CASE.slug}"),
        ({"trap": "no_such"}, "the case has no trap no_such"),
        ({"mistakes": ["RC1"]}, "does not name RC1"),
        ({"mistakes": []}, "use some of"),
        ({"careless": {"answers": {**ANSWERS, "plan": "x"}}}, "the case has no step plan"),
        ({"good": {"answers": ANSWERS, "asks": ["Why?"]}}, "write at least 3 questions"),
        ({"good": {"answers": {}, "asks": []}}, "good does not answer clarify"),
        ({"grade": 4}, "grade is not a known key"),
    ],
)
def test_what_does_not_fit_the_case_is_told_with_its_remedy(
    tmp_path: Path, changed: dict[str, Any], told: str
) -> None:
    problems = problems_of(written(tmp_path, **changed))
    assert any(told in problem for problem in problems), problems


def test_a_problem_is_told_at_its_line(tmp_path: Path) -> None:
    path = written(tmp_path, trap="no_such")
    lines = path.read_text("utf-8").splitlines()
    with pytest.raises(CaseFileError) as caught:
        read_playthrough(path, CASE)
    assert lines[caught.value.problems[0].line - 1] == "trap: no_such"
