"""Reading collections: guides and paths for everybody, lists for the person they belong to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from accounts.models import User
from questions import standing
from questions.models import Collection, CollectionItem, CollectionKind, Question
from questions.standing import Standing


@dataclass(frozen=True)
class Place:
    """A question of a collection, with where the reader stands with it."""

    item: CollectionItem
    standing: Standing | None

    @property
    def is_done(self) -> bool:
        """Whether the reader has played the question to its end."""
        return self.standing is not None and (
            self.standing.state == "finished" or self.standing.level is not None
        )


@dataclass(frozen=True)
class Shown:
    """A collection as one reader sees it; `withheld` questions are not open to them."""

    collection: Collection
    places: tuple[Place, ...]
    withheld: int

    @property
    def done(self) -> int:
        """How many of the places the reader has played to the end."""
        return sum(place.is_done for place in self.places)

    @property
    def next(self) -> Place | None:
        """The first place that is not done."""
        return next((place for place in self.places if not place.is_done), None)


def guides_and_paths() -> QuerySet[Collection]:
    """Return the company guides and the paths, by title."""
    return Collection.objects.filter(owner=None).order_by("title", "pk")


def lists_of(user: User) -> QuerySet[Collection]:
    """Return a person's own lists, the one that was changed last first."""
    return Collection.objects.filter(owner=user).order_by("-changed_at", "-pk")


def lists_with(user: User, question: Question) -> list[tuple[Collection, bool]]:
    """Return a person's lists by title, each with whether a question is in it. One query."""
    has = CollectionItem.objects.filter(collection=OuterRef("pk"), question=question)
    found = lists_of(user).annotate(has=Exists(has)).order_by("title", "pk")
    return [(each, each.has) for each in found]


def access_collection(slug: str) -> Collection:
    """Return a guide or a path; everybody may read all of them.

    Raises:
        Http404: there is none.
    """
    kinds = [CollectionKind.COMPANY_GUIDE, CollectionKind.PATH]
    found = Collection.objects.filter(owner=None, kind__in=kinds)
    return get_object_or_404(found.select_related("company"), slug=slug)


def access_list(user: User, slug: str) -> Collection:
    """Return one of a person's own lists.

    Raises:
        Http404: there is none of theirs.
    """
    return get_object_or_404(lists_of(user), slug=slug)


def access_item(user: User, slug: str, question_slug: str) -> CollectionItem:
    """Return a question's place in one of a person's own lists, with the list and the question.

    Raises:
        Http404: there is none of theirs.
    """
    found = CollectionItem.objects.select_related("collection", "question")
    return get_object_or_404(
        found, collection__owner=user, collection__slug=slug, question__slug=question_slug
    )


def items_open_to(request: HttpRequest, collections: Iterable[Collection]) -> list[CollectionItem]:
    """Return the items of some collections whose question the asker may open, in order."""
    return list(_open_items(request, list(collections)))


def shown_one(request: HttpRequest, collection: Collection) -> Shown:
    """Return a collection as the asker sees it, with the questions themselves."""
    items = _open_items(request, [collection]).select_related("question__about")
    return _shown(request, [collection], list(items))[0]


def shown(request: HttpRequest, collections: Iterable[Collection]) -> list[Shown]:
    """Return collections as the asker sees them, in the same order. Three queries and what the
    asker's standings take, however many there are; the questions are not read."""
    wanted = list(collections)
    return _shown(request, wanted, items_open_to(request, wanted))


def _open_items(
    request: HttpRequest, collections: Sequence[Collection]
) -> QuerySet[CollectionItem]:
    found = CollectionItem.objects.filter(
        collection__in=collections, question__in=standing.questions_for(request)
    )
    return found.order_by("position", "id")


def _shown(
    request: HttpRequest, wanted: Sequence[Collection], items: Sequence[CollectionItem]
) -> list[Shown]:
    known = standing.source()
    ids = sorted({item.question_id for item in items})
    standings = known.standings(request, ids) if known and ids else {}
    places: dict[int, list[Place]] = {collection.pk: [] for collection in wanted}
    for item in items:
        places[item.collection_id].append(Place(item, standings.get(item.question_id)))
    counted = Collection.objects.filter(pk__in=places).order_by().annotate(every=Count("items"))
    every = dict(counted.values_list("pk", "every"))
    return [
        Shown(each, tuple(places[each.pk]), every[each.pk] - len(places[each.pk]))
        for each in wanted
    ]
