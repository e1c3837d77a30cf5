"""Beginning a case: a file with every key of its type, empty, that the checks lead through."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from coach.assessment.data_file import read_yaml
from questions.case import CASE_TYPES, Case
from questions.case_build import say
from questions.case_check import check_case, check_library
from questions.case_file import read_case, read_text
from questions.case_skeleton import NewCase, skeleton
from questions.case_write import case_yaml
from questions.services.library import library_paths
from tests.questions.cases import tiktok

NEW = {"type": "root_cause", "title": "Rides: they fall", "company": "Uber"}


def begin(folder: Path, slug: str = "rides-fall", **changes: str) -> Path:
    """Write a skeleton with the command and return its file."""
    call_command("case_new", slug, to=folder, **{**NEW, **changes})
    return folder / f"{slug}.yaml"


@pytest.mark.parametrize("kind", CASE_TYPES)
def test_the_skeleton_of_every_type_lacks_content_alone_and_says_where(kind: str, tmp_path: Path):
    path = begin(tmp_path, type=kind)
    assert read_yaml(path.read_text("utf-8"))["type"] == kind
    problems = check_library([path])
    assert len(problems) > 80
    assert {problem.message.rpartition(" is ")[2] for problem in problems} == {"empty"}
    lines = path.read_text("utf-8").splitlines()
    for problem in problems:
        key = problem.message.removesuffix(" is empty").rpartition(".")[2]
        written = re.match(r"\s*(?:- )?([a-z_0-9]+:|-)\s*(#.*)?$", lines[problem.line - 1])
        assert written, problem
        assert written[1] == ("-" if key.endswith("]") else f"{key}:")
    assert [each.line for each in problems] == sorted(each.line for each in problems)


@pytest.mark.parametrize("kind", CASE_TYPES)
def test_every_key_that_must_be_there_is_explained(kind: str):
    steps = 0
    for line in skeleton(NewCase("a-case", kind, "A case", "Acme"), "a-case.yaml").splitlines():
        steps += bool(re.fullmatch(r"  [a-z_]+:", line))  # the later steps repeat the first
        key = re.match(r"\s*(?:- )?([a-z_]+):(.*)", line)
        if key and steps < 2 and key[1] not in ("schema", "type"):
            assert re.fullmatch(r"  [a-z_]+:", line) or "  # " in key[2], line


@pytest.mark.parametrize("kind", CASE_TYPES)
def test_filled_with_a_whole_case_of_its_type_the_keys_of_the_skeleton_are_all_known(kind: str):
    case = next(case for case in library() if case.type == kind)
    begun = read_yaml(skeleton(NewCase(case.slug, kind, case.title, "Acme"), "x.yaml"))
    assert set(begun) <= set(read_yaml(case_yaml(case)))


@cache
def library() -> list[Case]:
    return [read_case(path) for path in library_paths()]


def test_the_checks_go_on_once_every_place_is_filled(tmp_path: Path):
    path = begin(tmp_path)
    text = path.read_text("utf-8")
    choices = {"difficulty": "easy", "direction": "up", "kind": "sudden", "family": "data"}
    choices |= {"verdict": "cause", "when": "now", "band": "[0, 2]"}
    numbers = ("minutes", "value", "before", "after", "change")
    for name in (*choices, *numbers):
        text = re.sub(rf"^(\s*{name}:) *(#.*)?$", rf"\1 {choices.get(name, '1')}", text, flags=re.M)
    listing = re.compile(r"^(\s*)-$", flags=re.M)
    text = listing.sub(r"\1- words", text)
    lines = text.splitlines()
    for i, line in enumerate(lines):
        below = lines[i + 1] if i + 1 < len(lines) else ""
        depth = len(line) - len(line.lstrip(" -"))
        if re.match(r"\s*(- )?[a-z_0-9]+: *(#.*)?$", line) and (
            len(below) - len(below.lstrip(" -")) <= depth
        ):
            lines[i] = line.split(":")[0] + ": words"
    source = read_text("\n".join(lines), "x.yaml")
    said = [problem.message for problem in check_case(source)]
    assert "1 facts" in said
    assert "symbol A_SYMBOL is not lower_case" in said
    assert "hypotheses has 1" in said


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"slug": "Rides"}, "no slug"),
        ({"slug": "../rides"}, "no slug"),
        ({"slug": "a" * 81}, "no slug"),
        ({"title": " "}, "The title has 0"),
        ({"title": "a" * 81}, "The title has 81"),
        ({"company": " "}, "Name the company"),
    ],
)
def test_what_no_case_can_be_called_is_refused(changes: dict[str, str], words: str, tmp_path: Path):
    with pytest.raises(CommandError, match=words):
        begin(tmp_path, **changes)
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_there_is_left_as_it_is(tmp_path: Path):
    path = begin(tmp_path)
    path.write_text("mine", encoding="utf-8")
    with pytest.raises(CommandError, match="there already"):
        begin(tmp_path)
    assert path.read_text("utf-8") == "mine"


def test_a_title_with_signs_of_its_own_is_read_back(tmp_path: Path):
    path = begin(tmp_path, title='Uber: "rides" # fall', company="A, B")
    begun = read_yaml(path.read_text("utf-8"))
    assert (begun["title"], begun["companies"]) == ('Uber: "rides" # fall', ["A, B"])


def test_a_key_without_content_is_called_empty_and_one_that_is_not_there_missing():
    text = case_yaml(tiktok())
    for change, word in ((r"\1", "empty"), ("", "missing")):
        changed = re.sub(r"^(industry:).*\n", f"{change}\n" if change else "", text, flags=re.M)
        with pytest.raises(ValueError, match=f"{say(('industry',))} is {word}"):
            read_text(changed, "x.yaml")
