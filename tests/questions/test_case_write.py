"""A case written as YAML or JSON is read back as the same case, whatever stands in it."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questions.case_file import CaseFileError, read_case, read_json, read_text
from questions.case_write import case_yaml
from questions.services.library import library_paths
from tests.questions.cases import small, tiktok

WORDS = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"], include_characters="\n"),
    min_size=1,
    max_size=300,
).filter(lambda text: text.strip())


@pytest.mark.parametrize("path", library_paths(), ids=lambda path: path.stem)
def test_every_case_of_the_library_is_written_and_read_back(path: Path):
    case = read_case(path)
    for again in (
        read_text(case_yaml(case), "x.yaml").case,
        read_json(json.dumps(case.to_dict(), ensure_ascii=False), "x.json").case,
    ):
        assert again == case
        assert again.content_hash == case.content_hash


@given(context=WORDS, title=WORDS, want=WORDS)
def test_whatever_is_written_in_a_text_is_read_back(context: str, title: str, want: str):
    sides = (replace(small().sides[0], wants=want.strip()),)
    case = replace(small(), context=context.strip(), title=title.strip(), sides=sides)
    assert read_text(case_yaml(case), "x.yaml").case == case


@given(st.floats(-1e17, 1e17, allow_nan=False))
def test_whatever_a_number_is_it_is_read_back(value: float):
    ((symbol, baseline),) = small().baselines.items()
    case = replace(small(), baselines={symbol: replace(baseline, value=value)})
    again = read_text(case_yaml(case), "x.yaml").case
    assert again.baselines[symbol].value == value


def test_a_long_text_is_a_paragraph_of_short_lines():
    text = case_yaml(tiktok())
    assert "\ncontext: >-\n  " in text
    assert max(len(line) for line in text.splitlines()) <= 120


def broken(text: str) -> str:
    with pytest.raises(CaseFileError) as error:
        read_text(text, "x.yaml")
    return str(error.value)


def test_a_fault_of_a_json_file_is_told_with_its_line():
    data = tiktok().to_dict()
    del data["baselines"][2][1]["unit"]
    text = json.dumps(data, indent=1)
    with pytest.raises(CaseFileError) as error:
        read_json(text, "x.json")
    (problem,) = error.value.problems
    symbol = tiktok().to_dict()["baselines"][2][0]
    assert problem.message == f"baselines.{symbol}.unit is missing"
    near = text.splitlines()[problem.line - 2 : problem.line]
    assert any(f'"{symbol}"' in line for line in near)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "not JSON"),
        ("[]", "holds no case"),
        ('{"schema": NaN}', "schema is nan"),
        ("[" * 100_000, "cannot be read"),
        ('{"title": "\\u0000"}', "title holds an unprintable"),
        ('{"title": "\\ud800"}', "title holds an unprintable"),
        ('{"minutes": 1e999}', "minutes is too large"),
        ('{"type": "root_cause", "steps": ["clarify"]}', "steps has no keys"),
        ('{"type": "root_cause", "baselines": [[["a"], 1]]}', "baselines has no keys"),
        ('{"minutes": ' + "9" * 400 + "}", "minutes is too large"),
    ],
)
def test_what_is_no_case_is_told_as_a_problem(text: str, words: str):
    with pytest.raises(CaseFileError, match=words):
        read_json(text, "x.json")


def test_anchors_that_unfold_without_end_are_refused():
    levels = [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]" for i in range(1, 9)]
    assert "unfolds" in broken("\n".join(["a0: &a0 [x, x]", *levels]))
    assert "nested too deep" in broken("a: &a [*a]")


def test_a_text_that_is_too_long_is_refused():
    assert "larger than" in broken("a: " + "x" * 400_001)
