"""Writing the bank: the library's files become questions and immutable versions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.text import slugify

from questions import search
from questions.case import Case, CaseDataError
from questions.case_file import CaseFileError, Problem, read_case
from questions.collection_file import FOLDER, companies_by_case
from questions.models import CaseVersion, Company, Question, Tag
from questions.playthrough import playthrough_path
from questions.services.collection import CollectionsLoaded, collections_load

LIBRARY = Path(__file__).resolve().parents[1] / "library"

TAG_NAMES = {
    "ab_testing": "A/B testing",
    "ai": "AI",
    "b2b": "B2B",
    "e_commerce": "E-commerce",
    "multi_sided": "Multi-sided",
    "stock_and_flow": "Stocks and flows",
}
"""Tags that are spelled otherwise than their slug suggests."""
MAX_NAME = 60
"""Characters of the name of a company or tag, as the bank keeps them."""


@dataclass(frozen=True)
class LibraryLoaded:
    """What a load did, by slug. A changed case has a new version; older ones stay as they were.

    `kept` are those of the unchanged whose current version was saved on the site, and `replaced`
    those of the changed whose was: it stays in the history. `collections` is None where only some
    files were loaded.
    """

    new: tuple[str, ...]
    changed: tuple[str, ...]
    unchanged: tuple[str, ...]
    kept: tuple[str, ...]
    replaced: tuple[str, ...]
    collections: CollectionsLoaded | None = None


def library_paths() -> list[Path]:
    """Return the case files of the library, in the order of their names."""
    return sorted(LIBRARY.glob("*.yaml"))


def case_path(name: str) -> Path:
    """Return the path of a case that is named by its file or by its slug in the library."""
    path = Path(name)
    return path if path.suffix == ".yaml" else LIBRARY / f"{name}.yaml"


def collection_paths() -> list[Path]:
    """Return the files of the guides and paths, in the order of their names."""
    return sorted((LIBRARY / FOLDER).glob("*.yaml"))


@transaction.atomic
def library_load(*, paths: Sequence[Path] | None = None) -> LibraryLoaded:
    """Load case files (the whole library with its guides and paths when none are named), all of
    them or none.

    A file is loaded when it says something else than the one loaded last, so that loading the
    same files again writes nothing, also where a case was edited on the site since. A case that
    nobody but its author has played (`questions.playthrough`) is a draft, and comes out once it
    was; one that staff made a draft stays one.

    Raises:
        CaseFileError: with every problem of every file.
    """
    names = ("new", "changed", "unchanged", "kept", "replaced")
    outcomes: dict[str, list[str]] = {name: [] for name in names}
    files = library_paths() if paths is None else paths
    cases = _read_all(files)
    played = {path.stem for path in files if playthrough_path(path).is_file()}
    _lock(cases)
    for case in cases:
        for outcome in _load(case, is_played=case.slug in played):
            outcomes[outcome].append(case.slug)
    collections = None
    if paths is None:
        companies = companies_by_case(cases)
        collections = collections_load(paths=collection_paths(), companies=companies)
    return LibraryLoaded(
        **{name: tuple(slugs) for name, slugs in outcomes.items()}, collections=collections
    )


@transaction.atomic
def case_load(*, case: Case, publish: bool = True) -> str:
    """Make a case the current version of its question and return new, changed or unchanged.

    A content that was current before becomes current again without a second copy. `publish` says
    whether a new question is out at once or a draft; one that is there stays out or in as it is.
    """
    published_at = timezone.now() if publish else None
    question, created = Question.objects.select_for_update(no_key=True).get_or_create(
        slug=case.slug, defaults={**_fields(case), "published_at": published_at}
    )
    version = _version(question, case)
    if question.current_version_id == version.pk:
        return "unchanged"
    _describe(question, case, version)
    search.index_write([question])
    return "new" if created else "changed"


def bank_faults(case: Case) -> Iterator[tuple[tuple[str | int, ...], str, str]]:
    """Return what of a case the bank cannot hold or find again: path, message, remedy."""
    try:
        Question(slug=case.slug, **_fields(case)).clean_fields()
    except ValidationError as error:
        for name, said in error.message_dict.items():
            yield (name,), f"{name} does not fit: {' '.join(said)}", "make it shorter"
    for i, name in enumerate(case.companies):
        slug = slugify(name)
        if not slug or len(slug) > MAX_NAME or len(name) > MAX_NAME:
            remedy = f"use Latin letters or digits, {MAX_NAME} at most"
            yield ("companies", i), f"{name} cannot be found by its name", remedy
    for i, tag in enumerate(case.tags):
        if len(tag) > MAX_NAME:
            yield ("tags", i), f"the tag has {len(tag)} characters", f"use at most {MAX_NAME}"


def _read_all(paths: Sequence[Path]) -> list[Case]:
    cases: list[Case] = []
    problems: list[Problem] = []
    for path in paths:
        try:
            cases.append(read_case(path))
        except CaseFileError as error:
            problems += error.problems
    if problems:
        raise CaseFileError(tuple(problems))
    return cases


def _lock(cases: Sequence[Case]) -> None:
    """Lock the questions of the cases before anything is written: whoever writes to the bank on
    PostgreSQL locks questions first, then the bank's stamp (`questions.stamp`)."""
    known = Question.objects.filter(slug__in=[case.slug for case in cases]).order_by("pk")
    list(known.select_for_update(no_key=True).values_list("pk", flat=True))


def _load(case: Case, *, is_played: bool) -> list[str]:
    """Load the case of a file unless it is the one loaded last; return what LibraryLoaded says."""
    known = Question.objects.filter(slug=case.slug)
    before = known.first()
    version = _loaded_before(before, case) if before else None
    if version is None:
        outcomes = [case_load(case=case, publish=is_played)]
        outcomes += ["replaced"] if before and _is_edited(before) else []
    else:
        is_kept = before is not None and version.pk != before.current_version_id
        outcomes = ["unchanged", "kept"] if is_kept else ["unchanged"]
    loaded_hash = version.content_hash if version else case.content_hash
    _note_load(known.get(), loaded_hash, is_played=is_played)
    return outcomes


def _loaded_before(question: Question, case: Case) -> CaseVersion | None:
    """Return the version that says what the file says, where it is current or was loaded last.

    Where it is not known what was loaded last, a content that was current before is taken for it.
    """
    current, versions = question.current_version, question.versions.all()
    if current is None:
        return None
    if question.loaded_hash:
        versions = versions.filter(content_hash=question.loaded_hash)
    return next((each for each in chain([current], versions) if _says(each, case)), None)


def _says(version: CaseVersion, case: Case) -> bool:
    """Whether a version holds a case, also one stored when cases had fewer keys than today."""
    if version.content_hash == case.content_hash:
        return True
    try:
        return Case.from_dict(version.data).content_hash == case.content_hash
    except CaseDataError:
        return False


def _is_edited(question: Question) -> bool:
    """Whether what is current was saved on the site rather than loaded from the question's file."""
    current = question.current_version
    return current is not None and current.content_hash != question.loaded_hash


def _note_load(question: Question, loaded_hash: str, *, is_played: bool) -> None:
    """Note what was loaded, and publish a draft of the library that was played by now. Nothing is
    sent where nothing changes: an update of no row moves the bank's stamp on PostgreSQL."""
    is_draft = question.published_at is None and question.retired_at is None
    is_due = is_draft and (question.waits_for_play or not question.loaded_hash)
    noted = {
        "loaded_hash": loaded_hash,
        "waits_for_play": is_due and not is_played,
        "published_at": timezone.now() if is_due and is_played else question.published_at,
    }
    changed = {name: value for name, value in noted.items() if getattr(question, name) != value}
    if changed:
        Question.objects.filter(pk=question.pk).update(**changed)


def _version(question: Question, case: Case) -> CaseVersion:
    known = question.versions.filter(content_hash=case.content_hash).first()
    if known:
        return known
    last = question.versions.aggregate(last=Max("number"))["last"] or 0
    return CaseVersion.objects.create(
        question=question,
        number=last + 1,
        content_hash=case.content_hash,
        data=case.to_dict(),
    )


def _describe(question: Question, case: Case, version: CaseVersion) -> None:
    """Write what lists and search show of the case. When it is out and for whom stays."""
    companies = [_company(name) for name in case.companies]
    for name, value in _fields(case).items():
        setattr(question, name, value)
    question.about = companies[0] if companies else None
    question.current_version = version
    question.save()
    question.companies.set(companies)
    question.tags.set(_tags(case.tags))


def _fields(case: Case) -> dict[str, str | int]:
    return {
        "title": case.title,
        "prompt": case.prompt,
        "type": case.type,
        "difficulty": case.difficulty,
        "minutes": case.minutes,
        "industry": case.industry,
        "why_practise": case.why_practise,
    }


def _company(name: str) -> Company:
    return Company.objects.get_or_create(slug=slugify(name), defaults={"name": name})[0]


def _tags(slugs: Iterable[str]) -> list[Tag]:
    return [_tag(slug) for slug in slugs]


def _tag(slug: str) -> Tag:
    name = TAG_NAMES.get(slug) or slug.replace("_", " ").capitalize()
    return Tag.objects.get_or_create(slug=slug, defaults={"name": name})[0]
