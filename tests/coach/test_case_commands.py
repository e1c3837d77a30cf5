"""The commands for authors that show a case as a student meets it."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from questions.services.library import case_path
from tests.questions.cases import TIKTOK, tiktok


def shown(case: str) -> str:
    out = StringIO()
    call_command("case_preview", case, stdout=out)
    return out.getvalue()


def test_a_case_is_named_by_its_file_or_by_its_slug_in_the_library() -> None:
    assert case_path(tiktok().slug) == TIKTOK
    assert case_path("drafts/one.yaml").parts == ("drafts", "one.yaml")
    page = shown(tiktok().slug)
    assert tiktok().prompt in page
    assert page == shown(str(TIKTOK))


def test_a_preview_shows_no_fact() -> None:
    page = shown(tiktok().slug)
    assert not [fact.id for fact in tiktok().facts if fact.answer in page]


def test_a_case_that_is_not_there_is_named() -> None:
    with pytest.raises(CommandError, match="no-such-case"):
        shown("no-such-case")
