"""Writing a person's own lists: make, rename, delete, put in, take out, reorder, note."""

from __future__ import annotations

from collections.abc import Collection as AbstractCollection

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils.text import slugify
from django.utils.timezone import now

from accounts.models import User
from questions.models import Collection, CollectionItem, CollectionKind, Question

MAX_LISTS = 30
MAX_QUESTIONS = 100
MAX_SLUG = 60
TOO_MANY_LISTS = (
    f"You have {MAX_LISTS} lists, which is as many as there can be. Delete one you do not need."
)
TITLE_TAKEN = "You have a list with this name already. Choose another."
TOO_MANY_QUESTIONS = (
    f"This list holds {MAX_QUESTIONS} questions, which is as many as it can."
    " Take one out or use another list."
)
IN_THERE = "The question is in this list already."


@transaction.atomic
def list_make(*, owner: User, title: str, summary: str = "") -> Collection:
    """Make an empty list. Its address comes from the title and stays when the title changes.

    Raises:
        ValidationError: the person has as many lists as there can be, or one of this title.
    """
    User.objects.select_for_update().get(pk=owner.pk)
    own = Collection.objects.filter(owner=owner)
    if own.count() >= MAX_LISTS:
        raise ValidationError(TOO_MANY_LISTS, code="limit")
    _refuse_taken(own.values_list("title", flat=True), title)
    return Collection.objects.create(
        owner=owner,
        kind=CollectionKind.LIST,
        slug=_free_slug(title, set(own.values_list("slug", flat=True))),
        title=title,
        summary=summary,
    )


@transaction.atomic
def list_rename(*, collection: Collection, title: str, summary: str) -> None:
    """Give a list another name and another word on what it is for.

    Raises:
        ValidationError: the person has another list of this title.
    """
    others = Collection.objects.filter(owner=collection.owner).exclude(pk=collection.pk)
    _refuse_taken(others.values_list("title", flat=True), title)
    collection.title, collection.summary = title, summary
    _touch(collection, "title", "summary")


def list_delete(*, collection: Collection) -> None:
    """Delete a list; its questions and what was played stay."""
    collection.delete()


@transaction.atomic
def list_put(*, collection: Collection, question: Question) -> CollectionItem:
    """Put a question at the end of a list.

    Raises:
        ValidationError: it is in there, or the list is full.
    """
    locked = Collection.objects.select_for_update().get(pk=collection.pk)
    if locked.items.filter(question=question).exists():
        raise ValidationError(IN_THERE, code="conflict")
    if locked.items.count() >= MAX_QUESTIONS:
        raise ValidationError(TOO_MANY_QUESTIONS, code="limit")
    last = locked.items.aggregate(last=Max("position"))["last"] or 0
    _touch(locked)
    return CollectionItem.objects.create(collection=locked, question=question, position=last + 1)


@transaction.atomic
def item_take_out(*, item: CollectionItem) -> None:
    """Take a question out of its list; those behind it move up."""
    locked = Collection.objects.select_for_update().get(pk=item.collection_id)
    item.delete()
    _write_order(list(locked.items.all()))
    _touch(locked)


@transaction.atomic
def item_move(*, item: CollectionItem, up: bool, among: AbstractCollection[int]) -> bool:
    """Let an item change places with the one before or behind it; return whether it could.

    Args:
        among: the ids of the items that the person sees; the others are passed over.
    """
    locked = Collection.objects.select_for_update().get(pk=item.collection_id)
    order = list(locked.items.all())
    seen = [place for place, each in enumerate(order) if each.pk in among]
    here = next((n for n, place in enumerate(seen) if order[place].pk == item.pk), None)
    there = None if here is None else here - 1 if up else here + 1
    if here is None or there is None or not 0 <= there < len(seen):
        return False
    one, other = seen[here], seen[there]
    order[one], order[other] = order[other], order[one]
    _write_order(order)
    _touch(locked)
    return True


def item_note(*, item: CollectionItem, note: str) -> None:
    """Write why a question stands in a list; nothing takes the note away."""
    item.note = note
    item.save(update_fields=["note"])
    _touch(item.collection)


def _touch(collection: Collection, *fields: str) -> None:
    collection.changed_at = now()
    collection.save(update_fields=[*fields, "changed_at"])


def _write_order(order: list[CollectionItem]) -> None:
    """Number items from 1 in an order."""
    for place, item in enumerate(order, start=1):
        item.position = place
    CollectionItem.objects.bulk_update(order, ["position"])


def _refuse_taken(titles: AbstractCollection[str], title: str) -> None:
    # Compared here: the database's own comparison knows no case beyond ASCII on SQLite.
    if title.casefold() in {each.casefold() for each in titles}:
        raise ValidationError(TITLE_TAKEN, code="conflict")


def _free_slug(title: str, taken: set[str]) -> str:
    """An address from a title that no other list of the person has."""
    slug = slugify(title)[:MAX_SLUG].strip("-") or "list"
    numbered = (f"{slug}-{number}" for number in range(2, len(taken) + 3))
    return slug if slug not in taken else next(each for each in numbered if each not in taken)
