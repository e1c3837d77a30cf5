"""Changing the bank's cases: from a text somebody wrote or a file another site exported."""

from __future__ import annotations

import json
from dataclasses import dataclass

from django.db import transaction

from questions.case import Case
from questions.case_check import check_case
from questions.case_file import CaseFileError, CaseSource, Problem, read_json, read_text
from questions.models import CaseVersion, Question
from questions.services.library import bank_faults, case_load


class CaseMovedOn(Exception):
    """Somebody else made another version current since the text was opened."""

    def __init__(self, current: CaseVersion) -> None:
        super().__init__(f"Version {current.number} is current now.")
        self.current = current


@dataclass(frozen=True)
class CaseStored:
    """What became of a case: new, changed or unchanged, and the version that is current now."""

    outcome: str
    version: CaseVersion


def case_problems(source: CaseSource, slug: str = "") -> list[Problem]:
    """Return everything to change in a case that was read, first line first.

    `slug` is that of the question the case is written for, where there is one.
    """
    found = [*check_case(source), *(source.problem(*fault) for fault in bank_faults(source.case))]
    if slug and source.case.slug != slug:
        message = f"slug is {source.case.slug}, and the question's is {slug}"
        found.append(source.problem(("slug",), message, f"write {slug}: it never changes"))
    return sorted(found, key=lambda problem: problem.line)


def case_json(version: CaseVersion) -> str:
    """Return a version as the text of a JSON file that `case_import` reads back.

    Raises:
        CaseDataError: the version is older than the form of cases today and cannot be read.
    """
    data = Case.from_dict(version.data).to_dict()
    return json.dumps(data, ensure_ascii=False, indent=1) + "\n"


def case_import(*, text: str, name: str, publish: bool = False) -> CaseStored:
    """Make the case of a JSON text the current version of its question.

    Importing the same text again changes nothing. A question that is new here is a draft unless
    `publish` is set; one that is known stays published, scheduled or retired as it is.

    Raises:
        CaseFileError: with every problem; nothing was stored.
    """
    return _store(_checked(read_json(text, name)).case, publish=publish)


@transaction.atomic
def case_revise(*, question: Question, text: str, name: str, base: int | None) -> CaseStored:
    """Make the YAML somebody wrote the current version of a question.

    Args:
        base: the id of the version they started from.

    Raises:
        CaseFileError: with every problem; nothing was stored.
        CaseMovedOn: another version than `base` is current by now; nothing was stored.
    """
    source = _checked(read_text(text, name), slug=question.slug)
    locked = Question.objects.select_for_update(no_key=True).get(pk=question.pk)
    if locked.current_version is not None and locked.current_version_id != base:
        raise CaseMovedOn(locked.current_version)
    return _store(source.case, publish=False)


def version_make_current(*, version: CaseVersion) -> CaseStored:
    """Make a version current again that was so before.

    Its content becomes a version anew where the form of cases has changed since.

    Raises:
        CaseDataError: it is older than the form of cases today and cannot be read.
    """
    return _store(Case.from_dict(version.data), publish=False)


def _checked(source: CaseSource, slug: str = "") -> CaseSource:
    if problems := case_problems(source, slug):
        raise CaseFileError(tuple(problems))
    return source


def _store(case: Case, *, publish: bool) -> CaseStored:
    with transaction.atomic():
        outcome = case_load(case=case, publish=publish)
        version = CaseVersion.objects.get(question__slug=case.slug, content_hash=case.content_hash)
    return CaseStored(outcome, version)
