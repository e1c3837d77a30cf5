"""The published questions as columns in memory: filters, counts and orders without a query each.

Counting five groups of boxes under each other's filters takes the database a fifth of a second at
10,000 questions, and these columns a few milliseconds (benchmarks/search.py). A process reads
them once for each state of the bank.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from django.db.models import Count, Max, Min, QuerySet
from numpy.typing import NDArray

from questions.models import Difficulty, Question

Ids = NDArray[np.int64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Column:
    """One value a question: `codes[i]` is the position in `values` of question i."""

    values: tuple[str, ...]
    codes: NDArray[np.int32]

    def fits(self, chosen: Collection[str]) -> Mask:
        """Which questions have one of the values."""
        wanted = [code for code, value in enumerate(self.values) if value in chosen]
        return np.isin(self.codes, wanted)

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
        wanted = [code for code, value in enumerate(self.values) if value in chosen]
        mask = np.zeros(self.size, dtype=bool)
        mask[self.owners[np.isin(self.codes, wanted)]] = True
        return mask

    def counts(self, mask: Mask) -> dict[str, int]:
        """How many of the masked questions have each value."""
        found = np.bincount(self.codes[mask[self.owners]], minlength=len(self.values))
        return dict(zip(self.values, found.tolist(), strict=True))


@dataclass(frozen=True, eq=False)
class Shelf:
    """All published questions, one place each; `ids` are their primary keys, ascending."""

    ids: Ids
    slugs: tuple[str, ...]
    minutes: NDArray[np.int32]
    columns: Mapping[str, Column | Links]
    orders: Mapping[str, NDArray[np.int64]]

    def mask(self, ids: Sequence[int]) -> Mask:
        """Where these questions stand; ids that are not here are left out."""
        return np.isin(self.ids, np.asarray(ids, dtype=np.int64))

    def places(self, ids: Sequence[int]) -> NDArray[np.int64]:
        """Where these questions stand, in the order of `ids`; those that are not here left out."""
        wanted = np.asarray(ids, dtype=np.int64)
        found = np.searchsorted(self.ids, wanted)
        here = found < len(self.ids)
        here[here] = self.ids[found[here]] == wanted[here]
        return found[here]


def shelf() -> Shelf:
    """Return the shelf of the bank as it is now. One query, and seven when the bank changed."""
    published = Question.objects.published()
    stamp = published.aggregate(
        n=Count("pk"),
        first=Min("pk"),
        last=Max("current_version"),
        made=Max("current_version__created_at"),
        out=Max("published_at"),
    )
    return _read(str(stamp))


@lru_cache(maxsize=2)
def _read(stamp: str) -> Shelf:
    """Read the columns; a stamp stands for one state of the bank."""
    published = Question.objects.published()
    fields = ("pk", "slug", "prompt", "created_at", "minutes", "type", "difficulty", "industry")
    rows = list(published.order_by("pk").values_list(*fields))
    ids = np.array([row[0] for row in rows], dtype=np.int64)
    prompts, made = [row[2] for row in rows], [row[3] for row in rows]
    minutes = np.array([row[4] for row in rows], dtype=np.int32)
    hardness = [list(Difficulty).index(Difficulty(row[6])) for row in rows]
    places = range(len(rows))
    return Shelf(
        ids=ids,
        slugs=tuple(row[1] for row in rows),
        minutes=minutes,
        columns={
            "type": _column([row[5] for row in rows]),
            "difficulty": _column([row[6] for row in rows]),
            "industry": _column([row[7] for row in rows]),
            "company": _links(published, "companies", ids),
            "tag": _links(published, "tags", ids),
        },
        orders={
            "title": _order(places, lambda i: (prompts[i], i)),
            "newest": _order(places, lambda i: (made[i], i))[::-1],
            "shortest": _order(places, lambda i: (int(minutes[i]), prompts[i], i)),
            "easiest": _order(places, lambda i: (hardness[i], prompts[i], i)),
        },
    )


def _column(found: Sequence[str]) -> Column:
    values = tuple(sorted(set(found)))
    code = {value: n for n, value in enumerate(values)}
    return Column(values, np.array([code[value] for value in found], dtype=np.int32))


def _links(published: QuerySet[Question], relation: str, ids: Ids) -> Links:
    """The links of a relation to names, by slug."""
    pairs = list(
        published.filter(**{f"{relation}__isnull": False})
        .order_by()
        .values_list("pk", f"{relation}__slug")
    )
    column = _column([slug for _, slug in pairs])
    owners = np.searchsorted(ids, np.array([pk for pk, _ in pairs], dtype=np.int64))
    return Links(column.values, column.codes, owners.astype(np.int32), len(ids))


def _order(places: Sequence[int], key: Callable[[int], tuple[Any, ...]]) -> NDArray[np.int64]:
    return np.array(sorted(places, key=key), dtype=np.int64)
