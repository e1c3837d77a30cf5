"""Writing guides and paths: the files of the library become collections without an owner."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify

from questions.case_file import CaseFileError, Problem
from questions.collection_file import CollectionFile, Companies, read_collection
from questions.models import Collection, CollectionItem, Company, Question


@dataclass(frozen=True)
class CollectionsLoaded:
    """What a load did, by slug; `removed` had no file any more."""

    new: tuple[str, ...]
    changed: tuple[str, ...]
    unchanged: tuple[str, ...]
    removed: tuple[str, ...]


@transaction.atomic
def collections_load(*, paths: Sequence[Path], companies: Companies) -> CollectionsLoaded:
    """Make the guides and paths those of some files, all of them or none; lists of people stay.

    Loading the same files again changes nothing. The cases must have been loaded before.

    Raises:
        CaseFileError: with every problem of every file.
    """
    outcomes: dict[str, list[str]] = {"new": [], "changed": [], "unchanged": []}
    files = _read_all(paths, companies)
    for file in files:
        outcomes[_load(file)].append(file.slug)
    gone = Collection.objects.filter(owner=None).exclude(slug__in=[file.slug for file in files])
    removed = tuple(gone.order_by("slug").values_list("slug", flat=True))
    gone.delete()
    return CollectionsLoaded(
        **{name: tuple(slugs) for name, slugs in outcomes.items()}, removed=removed
    )


def _read_all(paths: Sequence[Path], companies: Companies) -> list[CollectionFile]:
    files: list[CollectionFile] = []
    problems: list[Problem] = []
    for path in paths:
        try:
            files.append(read_collection(path, companies))
        except CaseFileError as error:
            problems += error.problems
    if problems:
        raise CaseFileError(tuple(problems))
    return files


def _load(file: CollectionFile) -> str:
    """Write one guide or path; return new, changed or unchanged."""
    fields = {
        "kind": file.kind,
        "title": file.title,
        "summary": file.summary,
        "text": file.text,
        "company": Company.objects.get(slug=slugify(file.company)) if file.company else None,
        "skill": file.skill,
    }
    collection, is_new = Collection.objects.get_or_create(
        slug=file.slug, owner=None, defaults=fields
    )
    as_written = all(getattr(collection, name) == value for name, value in fields.items())
    if not _items_write(collection, file) and as_written:
        return "new" if is_new else "unchanged"
    for name, value in fields.items():
        setattr(collection, name, value)
    collection.changed_at = timezone.now()
    collection.save()
    return "new" if is_new else "changed"


def _items_write(collection: Collection, file: CollectionFile) -> bool:
    """Write the cases of a collection; return whether anything was different."""
    ids = dict(
        Question.objects.filter(slug__in=[item.case for item in file.items]).values_list(
            "slug", "pk"
        )
    )
    wanted = [(ids[item.case], place, item.note) for place, item in enumerate(file.items, start=1)]
    if wanted == list(collection.items.values_list("question", "position", "note")):
        return False
    collection.items.all().delete()
    CollectionItem.objects.bulk_create(
        CollectionItem(collection=collection, question_id=pk, position=place, note=note)
        for pk, place, note in wanted
    )
    return True
