"""The bank as columns in memory: filters, counts and orders without a query each.

Counting five groups of boxes under each other's filters takes the database a fifth of a second at
10,000 questions, and these columns a few milliseconds (benchmarks/search.py). A process reads
them once for each stamp of the bank (questions/stamp.py). What is out at a moment and what somebody
may open of it follow from the columns too, so a scheduled question comes out without a new stamp.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any

import numpy as np
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from numpy.typing import NDArray

from questions.models import CaseType, Company, Difficulty, Question, Sight, Tag, WeekCase
from questions.stamp import bank_stamp

Ids = NDArray[np.int64]
Mask = NDArray[np.bool_]
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
NEVER = np.iinfo(np.int64).max
MICROSECOND = timedelta(microseconds=1)
FIELDS = (
    "pk", "slug", "title", "prompt", "current_version_id", "published_at", "retired_at", "audience",
    "created_at", "minutes", "type", "difficulty", "industry",
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class Column:
    """One value a question: `codes[i]` is the position in `values` of question i."""

    values: tuple[str, ...]
    codes: NDArray[np.int32]

    def fits(self, chosen: Collection[str]) -> Mask:
        """Which questions have one of the values."""
        return _among(self.values, chosen)[self.codes]

    def at(self, place: int) -> str:
        """The value of a question."""
        return self.values[int(self.codes[place])]

    def counts(self, mask: Mask) -> dict[str, int]:
        """How many of the masked questions have each value."""
        found = np.bincount(self.codes[mask], minlength=len(self.values))
        return dict(zip(self.values, found.tolist(), strict=True))


@dataclass(frozen=True, eq=False)
class Links:
    """Several values a question: link j gives question `owners[j]` the value `codes[j]`."""

    values: tuple[str, ...]
    codes: NDArray[np.int32]
    owners: NDArray[np.int32]
    size: int

    def fits(self, chosen: Collection[str]) -> Mask:
        """Which questions have at least one of the values."""
        mask = np.zeros(self.size, dtype=bool)
        mask[self.owners[_among(self.values, chosen)[self.codes]]] = True
        return mask

    def counts(self, mask: Mask) -> dict[str, int]:
        """How many of the masked questions have each value."""
        found = np.bincount(self.codes[mask[self.owners]], minlength=len(self.values))
        return dict(zip(self.values, found.tolist(), strict=True))


@dataclass(frozen=True)
class Label:
    """What leads to a question: its words, its page, its type and how long it takes."""

    id: int
    title: str
    prompt: str
    slug: str
    type: str
    minutes: int

    def get_type_display(self) -> str:
        """The type as people read it."""
        return str(CaseType(self.type).label)

    def get_absolute_url(self) -> str:
        """The question's page."""
        return reverse("question-detail", args=[self.slug])


@dataclass(frozen=True, eq=False)
class Shelf:
    """All questions that were, are or will be out, one place each, under one stamp of the bank.

    `ids` are their primary keys, ascending. `published` and `retired` are microseconds since 1970,
    `NEVER` where there is no such time. `names` are those of the companies and tags that questions
    have, by slug, and `chosen` the ids of staff's cases of the week by Monday.
    """

    stamp: str
    ids: Ids
    slugs: tuple[str, ...]
    titles: tuple[str, ...]
    prompts: tuple[str, ...]
    versions: Ids
    published: Ids
    retired: Ids
    minutes: NDArray[np.int32]
    columns: Mapping[str, Column]
    links: Mapping[str, Links]
    orders: Mapping[str, NDArray[np.int64]]
    names: Mapping[str, Mapping[str, str]]
    chosen: Mapping[date, int]

    def out(self, now: datetime) -> Mask:
        """Which questions are out at a moment, as `QuestionQuerySet.published` has it."""
        moment = microseconds(now)
        return (self.published <= moment) & (self.retired > moment)

    def changes_until(self, now: datetime) -> int:
        """How many times a question came out or was retired until a moment. With the stamp it
        says which questions are out."""
        moment = microseconds(now)
        return int((self.published <= moment).sum() + (self.retired <= moment).sum())

    def label(self, question_id: int) -> Label:
        """Return what leads to one of the questions."""
        return self.label_at(int(np.searchsorted(self.ids, question_id)))

    def label_at(self, place: int) -> Label:
        """Return what leads to the question at a place."""
        return Label(
            int(self.ids[place]),
            self.titles[place],
            self.prompts[place],
            self.slugs[place],
            self.columns["type"].at(place),
            int(self.minutes[place]),
        )

    def tags_at(self, place: int) -> list[str]:
        """Return the names of a question's tags, in order."""
        tags = self.links["tag"]
        slugs = (tags.values[code] for code in tags.codes[tags.owners == place])
        return sorted(self.names["tag"].get(slug, slug) for slug in slugs)

    def by(self, name: str) -> Column | Links:
        """Return the column or the links of this name."""
        return self.columns[name] if name in self.columns else self.links[name]

    def with_slug(self, slug: str) -> list[int]:
        """Return the id of the question with this slug, where it is here."""
        order = self.orders["slug"]
        place = bisect_left(order, slug, key=self.slugs.__getitem__)
        if place == len(order) or self.slugs[order[place]] != slug:
            return []
        return [int(self.ids[order[place]])]

    def mask(self, ids: Sequence[int]) -> Mask:
        """Where these questions stand; ids that are not here are left out."""
        mask = np.zeros(len(self.ids), dtype=bool)
        mask[self.places(ids)] = True
        return mask

    def places(self, ids: Sequence[int]) -> NDArray[np.int64]:
        """Where these questions stand, in the order of `ids`; those that are not here left out."""
        wanted = np.asarray(ids, dtype=np.int64)
        found = np.searchsorted(self.ids, wanted)
        here = found < len(self.ids)
        here[here] = self.ids[found[here]] == wanted[here]
        return found[here]


@dataclass(frozen=True, eq=False)
class OpenShelf:
    """A shelf with what one person may open of it at one moment."""

    shelf: Shelf
    mask: Mask
    now: datetime

    @property
    def count(self) -> int:
        """How many questions the person may open."""
        return int(self.mask.sum())


def open_shelf(sight: Sight) -> OpenShelf:
    """Return the shelf as somebody with this sight has it now. One query, see `shelf`."""
    shown, now = shelf(), timezone.now()
    allowed = shown.columns["audience"].fits(sight.audiences)
    if sight.granted:
        allowed |= shown.mask(sorted(sight.granted))
    return OpenShelf(shown, shown.out(now) & allowed, now)


def shelf() -> Shelf:
    """Return the shelf of the bank as it is now. One query, and seven when the bank changed."""
    return _read(bank_stamp())


@lru_cache(maxsize=2)
def _read(stamp: str) -> Shelf:
    """Read the columns; a stamp stands for one state of the bank, or for the time since it."""
    ever_out = Question.objects.filter(published_at__isnull=False, current_version__isnull=False)
    rows = list(ever_out.order_by("pk").values_list(*FIELDS))
    columns = list(zip(*rows, strict=True)) or [()] * len(FIELDS)
    found = dict(zip(FIELDS, columns, strict=True))
    ids, minutes = np.array(found["pk"], dtype=np.int64), np.array(found["minutes"], dtype=np.int32)
    slugs, prompts, made = found["slug"], found["prompt"], found["created_at"]
    hardness = [list(Difficulty).index(Difficulty(each)) for each in found["difficulty"]]
    places = range(len(rows))
    return Shelf(
        stamp=stamp,
        ids=ids,
        slugs=slugs,
        titles=found["title"],
        prompts=prompts,
        versions=np.array(found["current_version_id"], dtype=np.int64),
        published=_moments(found["published_at"]),
        retired=_moments(found["retired_at"]),
        minutes=minutes,
        columns={
            **{name: _column(found[name]) for name in ("type", "difficulty", "industry")},
            "audience": _column(found["audience"]),
        },
        links={
            "company": _links(ever_out, "companies", ids),
            "tag": _links(ever_out, "tags", ids),
        },
        orders={
            "slug": _order(places, lambda i: (slugs[i],)),
            "title": _order(places, lambda i: (prompts[i], i)),
            "newest": _order(places, lambda i: (made[i], i))[::-1],
            "shortest": _order(places, lambda i: (int(minutes[i]), prompts[i], i)),
            "easiest": _order(places, lambda i: (hardness[i], prompts[i], i)),
        },
        names={
            "company": _names(Company),
            "tag": _names(Tag),
        },
        chosen=dict(WeekCase.objects.values_list("monday", "question")),
    )


def microseconds(when: datetime | None) -> int:
    """Return an aware time as the shelf has it, `NEVER` for none."""
    return NEVER if when is None else (when - EPOCH) // MICROSECOND


def _moments(found: Sequence[datetime | None]) -> Ids:
    return np.array([microseconds(when) for when in found], dtype=np.int64)


def _among(values: Sequence[str], chosen: Collection[str]) -> Mask:
    """Which of the values are chosen, by their code."""
    return np.array([value in chosen for value in values], dtype=bool)


def _column(found: Sequence[str]) -> Column:
    values = tuple(sorted(set(found)))
    code = {value: n for n, value in enumerate(values)}
    return Column(values, np.array([code[value] for value in found], dtype=np.int32))


def _links(ever_out: QuerySet[Question], relation: str, ids: Ids) -> Links:
    """The links of a relation to names, by slug."""
    pairs = list(
        ever_out.filter(**{f"{relation}__isnull": False})
        .order_by()
        .values_list("pk", f"{relation}__slug")
    )
    known = set(ids.tolist())  # a question may have come since they were read
    pairs = [pair for pair in pairs if pair[0] in known]
    column = _column([slug for _, slug in pairs])
    owners = np.searchsorted(ids, np.array([pk for pk, _ in pairs], dtype=np.int64))
    return Links(column.values, column.codes, owners.astype(np.int32), len(ids))


def _names(model: type[Company] | type[Tag]) -> dict[str, str]:
    """The names that a question has: one without comes and goes without a new stamp."""
    linked = model._default_manager.filter(questions__isnull=False)
    return dict(linked.distinct().values_list("slug", "name"))


def _order(places: Sequence[int], key: Callable[[int], tuple[Any, ...]]) -> NDArray[np.int64]:
    return np.array(sorted(places, key=key), dtype=np.int64)
