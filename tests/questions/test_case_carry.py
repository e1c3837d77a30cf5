"""Taking cases from one site to another: exported as JSON, imported, nothing lost."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from questions.case_file import read_case
from questions.models import CaseVersion, Question
from questions.services.authoring import case_import
from questions.services.library import case_load, library_paths
from tests.questions.cases import tiktok, variant

pytestmark = pytest.mark.django_db
SLUG = "improve-tiktok-shop"


def exported(slug: str = SLUG, *options: str) -> str:
    out = StringIO()
    call_command("case_export", slug, *options, stdout=out)
    return out.getvalue()


def carried(folder: Path, text: str, *options: str) -> str:
    """Import a text as a file and return what the command said."""
    path, out = folder / "case.json", StringIO()
    path.write_text(text, encoding="utf-8")
    call_command("case_import", str(path), *options, stdout=out)
    return out.getvalue()


def test_a_case_of_every_type_arrives_as_it_left(tmp_path: Path):
    """Every case is written and read back in test_case_write.py."""
    hashes = {}
    for case in {case.type: case for case in map(read_case, library_paths())}.values():
        case_load(case=case)
        hashes[case.slug] = (case.content_hash, exported(case.slug))
    Question.objects.update(current_version=None)
    CaseVersion.objects.all().delete()
    Question.objects.all().delete()
    for _, text in hashes.values():
        carried(tmp_path, text)
    arrived = dict(CaseVersion.objects.values_list("question__slug", "content_hash"))
    assert arrived == {slug: content_hash for slug, (content_hash, _) in hashes.items()}
    assert {slug: exported(slug) for slug in hashes} == {
        slug: text for slug, (_, text) in hashes.items()
    }


def test_importing_again_changes_nothing(tmp_path: Path):
    case_load(case=tiktok())
    text = exported()
    assert "unchanged, version 1" in carried(tmp_path, text)
    assert CaseVersion.objects.count() == 1


def test_an_older_version_is_exported_by_its_number_and_made_current(tmp_path: Path):
    case_load(case=tiktok())
    case_load(case=variant(prompt="Another prompt?"))
    first = exported(SLUG, "--version", "1")
    assert json.loads(first)["prompt"] == tiktok().prompt
    assert json.loads(exported())["prompt"] == "Another prompt?"
    assert "changed, version 1 is current (published" in carried(tmp_path, first)
    assert CaseVersion.objects.count() == 2


@pytest.mark.parametrize(("options", "state"), [((), "draft"), (("--publish",), "published")])
def test_a_question_that_is_new_here_is_a_draft_unless_it_is_to_be_out(
    options: tuple[str, ...], state: str, tmp_path: Path
):
    carried(tmp_path, json.dumps(tiktok().to_dict()), *options)
    assert Question.objects.get().state == state


def test_a_file_with_problems_imports_nothing_and_names_each(tmp_path: Path):
    data = tiktok().to_dict()
    data["minutes"] = 7
    data["companies"] = ["?"]
    with pytest.raises(CommandError) as error:
        carried(tmp_path, json.dumps(data, indent=1))
    said = str(error.value)
    assert "Nothing was imported" in said
    assert "case.json:" in said
    assert "minutes is 7" in said
    assert "? cannot be found by its name" in said
    assert not Question.objects.exists()


def test_a_text_that_does_not_fit_the_bank_is_told_before_it_is_stored():
    data = variant(prompt="a" * 401, industry="b" * 61).to_dict()
    with pytest.raises(ValueError, match="prompt does not fit") as error:
        case_import(text=json.dumps(data), name="x.json")
    assert "industry does not fit" in str(error.value)


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"{}" * 900_000])
def test_what_is_no_text_or_far_too_long_is_refused(content: bytes, tmp_path: Path):
    path = tmp_path / "case.json"
    path.write_bytes(content)
    with pytest.raises(CommandError, match=r"not UTF-8|too large"):
        call_command("case_import", str(path))


def test_a_file_or_a_question_that_is_not_there_is_said_so(tmp_path: Path):
    with pytest.raises(CommandError, match="cannot be opened"):
        call_command("case_import", str(tmp_path / "none.json"))
    with pytest.raises(CommandError, match="no question nothing"):
        exported("nothing")
    case_load(case=tiktok())
    with pytest.raises(CommandError, match=r"no version 9\. It has: 1"):
        exported(SLUG, "--version", "9")
