"""Guides and paths as files: what is wrong with one is said with file, line and remedy."""

from pathlib import Path

import pytest

from questions.case_file import CaseFileError
from questions.collection_file import CollectionFile, check_collections, read_collection
from questions.services.library import collection_paths, library_paths
from tests.questions.cases import TIKTOK, line_of, plain_yaml

KNOWN = {"improve-tiktok-shop": ("TikTok", "Meta"), "measure-downloads": ("Netflix",)}
GOOD = """\
schema: 1
slug: guide
kind: company_guide
title: TikTok
company: TikTok
summary: "What to play."
text: |
  Play **this** first.
items:
  - case: improve-tiktok-shop
    note: "It is the classic."
  - case: measure-downloads
    note: "It is short."
"""


def written(folder: Path, *swaps: tuple[str, str], name: str = "guide") -> Path:
    text = GOOD
    for old, new in swaps:
        assert old in text
        text = text.replace(old, new, 1)
    path = folder / f"{name}.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_every_guide_and_path_of_the_library_is_in_order():
    assert [str(each) for each in check_collections(collection_paths(), library_paths())] == []


def test_the_library_has_guides_for_eight_companies_and_paths_for_six_skills():
    read = [CollectionFile.from_dict(plain_yaml(path)) for path in collection_paths()]
    assert len({each.company for each in read if each.kind == "company_guide"}) >= 8
    assert len({each.skill for each in read if each.kind == "path" and each.skill}) >= 6


def test_a_file_is_read_as_it_is_written(tmp_path: Path):
    read = read_collection(written(tmp_path), KNOWN)
    assert (read.kind, read.company, read.text) == (
        "company_guide",
        "TikTok",
        "Play **this** first.",
    )
    assert [item.case for item in read.items] == ["improve-tiktok-shop", "measure-downloads"]


@pytest.mark.parametrize(
    ("old", "new", "at", "message", "remedy"),
    [
        (
            "case: improve-tiktok-shop",
            "case: improve-tiktok-shp",
            "- case: improve-tiktok-shp",
            "there is no case improve-tiktok-shp",
            "did you mean improve-tiktok-shop?",
        ),
        (
            "case: measure-downloads",
            "case: improve-tiktok-shop",
            'note: "It is short."',
            "improve-tiktok-shop stands here twice",
            "keep one of them",
        ),
        (
            "company: TikTok",
            "company: Tiktak",
            "company: Tiktak",
            "no case names the company Tiktak",
            "did you mean TikTok?",
        ),
        (
            "company: TikTok\n",
            "",
            "kind: company_guide",
            "the guide names no company",
            "add company:, as a case spells it",
        ),
        (
            "kind: company_guide",
            "kind: path",
            "company: TikTok",
            "a path has no company",
            "take it out, or use kind: company_guide",
        ),
        (
            "company: TikTok",
            "company: TikTok\nskill: segments",
            "skill: segments",
            "there is no step segments",
            "did you mean segment?",
        ),
        (
            "slug: guide",
            "slug: guides",
            "slug: guides",
            "slug guides is not the file's name",
            "use guide",
        ),
        (
            "It is short.",
            "long " * 61,
            'note: "long',
            "304 characters, 300 are allowed",
            "say it shorter",
        ),
        (
            "kind: company_guide",
            "kind: riddle",
            "kind: riddle",
            "kind is 'riddle'",
            "use one of: company_guide, path",
        ),
        ('summary: "What to play."', 'summary: ""', "summary", "summary is empty", "write"),
    ],
)
def test_what_does_not_fit_is_named_with_its_line_and_a_remedy(
    tmp_path: Path, old: str, new: str, at: str, message: str, remedy: str
):
    path = written(tmp_path, (old, new))
    with pytest.raises(CaseFileError) as raised:
        read_collection(path, KNOWN)
    (problem,) = raised.value.problems
    line = line_of(path, at) - (1 if at.startswith('note: "It is short') else 0)
    assert (problem.file, problem.line) == (str(path), line)
    assert problem.message.startswith(message)
    assert problem.remedy.startswith(remedy)


def test_a_collection_without_cases_says_so(tmp_path: Path):
    path = tmp_path / "guide.yaml"
    path.write_text(GOOD.split("items:")[0] + "items: []\n", encoding="utf-8")
    with pytest.raises(CaseFileError, match="the collection has no cases; add lines"):
        read_collection(path, KNOWN)


def test_a_case_with_faults_of_its_own_is_still_known(tmp_path: Path):
    case = tmp_path / "measure-downloads.yaml"
    case.write_text("schema: 1\n", encoding="utf-8")
    assert list(check_collections([written(tmp_path)], [TIKTOK, case])) == []


def test_a_file_that_is_not_there_is_a_problem_and_no_exception(tmp_path: Path):
    (problem,) = check_collections([tmp_path / "gone.yaml"], [])
    assert "cannot be opened" in problem.message
