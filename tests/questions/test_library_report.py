"""docs/cases.md tells what the library holds, and no two cases are alike."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from functools import cache

import pytest

from questions import library_report
from questions.case import CASE_TYPES, Case
from questions.library_report import MOST_ALIKE, inserted, library_cases, likenesses, shingles
from tests.questions.cases import tiktok, variant


@cache
def cases() -> tuple[Case, ...]:
    return library_cases()


def test_the_document_tells_the_library_as_it_is() -> None:
    document = library_report.DOCUMENT.read_text("utf-8")
    assert inserted(document, library_report.current()) == document


def test_no_two_cases_share_more_than_a_fifth_of_their_words_in_a_row() -> None:
    assert likenesses(cases())[0].share <= MOST_ALIKE


def test_a_case_under_another_name_is_found_out() -> None:
    (pair,) = likenesses([tiktok(), variant(slug="another")])
    assert pair.share == 1


def test_names_and_formulas_count_for_nothing() -> None:
    bare = replace(tiktok(), tags=("some", "other", "tags", "in", "a", "row"))
    assert shingles(bare) == shingles(tiktok())


def test_a_document_without_marks_is_refused() -> None:
    with pytest.raises(ValueError, match="needs the lines"):
        inserted("No marks.", "text")


def test_there_are_forty_cases_and_six_of_each_type() -> None:
    kinds = Counter(case.type for case in cases())
    assert len(cases()) >= 40
    assert all(kinds[kind] >= 6 for kind in CASE_TYPES)


def test_they_are_about_thirty_companies_in_twelve_industries() -> None:
    assert len({case.companies[0] for case in cases()}) >= 30
    assert len({case.industry for case in cases()}) >= 12
    assert {case.difficulty for case in cases()} == {"easy", "medium", "hard"}


def test_a_company_stands_under_its_own_name_not_under_a_product_of_it() -> None:
    names = {name for case in cases() for name in case.companies}
    assert not {name for name in names if any(name.startswith(f"{other} ") for other in names)}
