"""Reading the bank: filtered lists, the counts beside the filters, one question's page."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import cast

import numpy as np
from django.core.paginator import Page, Paginator
from django.db.models import Q, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from numpy.typing import NDArray

from questions import search
from questions.case import STEP_TITLES, Case
from questions.models import CaseType, CaseVersion, Difficulty, Question
from questions.selectors.shelf import Mask, OpenShelf, Shelf

PAGE_SIZE = 20
SHOWN_VALUES = 6
"""Companies and tags shown before "more"."""
ROW = ("slug", "prompt", "type", "difficulty", "minutes", "about__name")
"""What the list shows of a question."""
CACHED_CASES = 64
FIRST_CASE = "improve-tiktok-shop"
"""The case a newcomer meets first: it stands first in the bank as long as nobody sorts it."""


@dataclass(frozen=True)
class MinutesRange:
    """A range of minutes people choose by; both ends belong to it."""

    id: str
    label: str
    low: int
    high: int

    @property
    def condition(self) -> Q:
        """The range as a condition."""
        return Q(minutes__gte=self.low, minutes__lte=self.high)


MINUTES = (
    MinutesRange("short", "Up to 20", 0, 20),
    MinutesRange("medium", "21 to 30", 21, 30),
    MinutesRange("long", "31 and more", 31, 32767),
)
# Without one of these a search is shown best match first, and the whole bank from A to Z after
# the case to start with.
SORTS: dict[str, str] = {
    "right": "Right for me now",
    "title": "A to Z",
    "newest": "Newest",
    "shortest": "Shortest",
    "easiest": "Easiest",
}


@dataclass(frozen=True)
class Filters:
    """What somebody looks for. Values within a group are alternatives, groups add up."""

    text: str = ""
    types: tuple[str, ...] = ()
    difficulties: tuple[str, ...] = ()
    minutes: tuple[str, ...] = ()
    companies: tuple[str, ...] = ()
    industries: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    sort: str = ""

    @property
    def chosen(self) -> int:
        """How many boxes are ticked."""
        return sum(len(group.chosen(self)) for group in _GROUPS.values())


@dataclass(frozen=True)
class FacetValue:
    """One box of a filter with the number of questions it would show."""

    value: str
    label: str
    count: int
    checked: bool


@dataclass(frozen=True)
class Facet:
    """A group of boxes; `more` are those behind "more"."""

    name: str
    label: str
    values: tuple[FacetValue, ...]
    more: tuple[FacetValue, ...] = ()

    @property
    def key(self) -> str:
        """What the facet is drawn from, as long as the bank has its stamp."""
        parts = (f"{v.value}={v.count}{'+' * v.checked}" for v in (*self.values, *self.more))
        return f"{self.name}:{len(self.values)}:{','.join(parts)}"

    @property
    def checked(self) -> tuple[FacetValue, ...]:
        """The boxes that are ticked."""
        return tuple(value for value in (*self.values, *self.more) if value.checked)


@dataclass(frozen=True)
class QuestionList:
    """A page of the bank with what stands around it."""

    page: Page[Question]
    facets: tuple[Facet, ...]
    stamp: str
    """Of the bank: under it a question reads the same, and so does a facet with its `key`."""
    found: search.Found = field(default_factory=lambda: search.Found(()))

    @property
    def facets_key(self) -> str:
        """What the facets are drawn from."""
        return f"{self.stamp} {' '.join(facet.key for facet in self.facets)}"


@dataclass(frozen=True)
class StepLine:
    """One step as a question's page shows it."""

    id: str
    title: str
    minutes: int
    brief: str


def question_list(
    opened: OpenShelf,
    filters: Filters,
    page: int | str = 1,
    ranked: Sequence[int] = (),
) -> QuestionList:
    """Return one page of the questions that fit, of those that somebody may open.

    `ranked` are ids in the order of fitting a person, for the sort "right". One query, and at most
    six for a search, however many rows.
    """
    found = search.find(filters.text) if filters.text else search.Found(())
    shown, base = opened.shelf, opened.mask
    if filters.text:
        base = base & shown.mask(found.ids)
    order = _order(shown, filters, found.ids, ranked)
    fitting = _fitting(shown, base, filters)
    places = Paginator(order[fitting[order]], PAGE_SIZE).get_page(page)
    facets = tuple(_facet(name, shown, base, filters) for name in _GROUPS)
    return QuestionList(_with_rows(places, shown), facets, shown.stamp, found)


def _with_rows(places: Page[int], shown: Shelf) -> Page[Question]:
    """The page with its questions in the place of their places on the shelf."""
    ids = [int(shown.ids[place]) for place in places.object_list]
    rows = Question.objects.select_related("about").only(*ROW).in_bulk(ids)
    questions = [rows[pk] for pk in ids if pk in rows]
    return Page(questions, places.number, cast("Paginator[Question]", places.paginator))


def questions_filtered(questions: QuerySet[Question], filters: Filters) -> QuerySet[Question]:
    """Return the questions that fit, with companies and tags, for the API."""
    base = questions
    if filters.text:
        base = base.filter(pk__in=search.find(filters.text).ids)
    return _filtered(base, filters).prefetch_related("companies", "tags")


def access_question(questions: QuerySet[Question], slug: str) -> Question:
    """Return one of the questions that somebody may open, with its version, companies and tags.

    Raises:
        Http404: there is none among them.
    """
    # The case itself is large, and `case_of_version` keeps it in memory.
    questions = questions.select_related("current_version", "about").defer("current_version__data")
    return get_object_or_404(questions.prefetch_related("companies", "tags"), slug=slug)


def question_steps(question: Question) -> tuple[StepLine, ...]:
    """Return the steps of a question's current version, without anything that helps to solve it."""
    if question.current_version is None:
        raise Http404("This question has no case yet.")
    case = case_of_version(question.current_version)
    return tuple(
        StepLine(step, STEP_TITLES[step], guide.minutes, guide.brief)
        for step, guide in case.steps.items()
    )


def has_other_numbers(question: Question) -> bool:
    """Whether a question's current case can be played with other numbers."""
    version = question.current_version
    return version is not None and case_of_version(version).variant is not None


def case_of_version(version: CaseVersion) -> Case:
    """Return the case of a version; each content is read once a process."""
    return _read(version.content_hash, version.pk)


@lru_cache(maxsize=CACHED_CASES)
def _read(content_hash: str, pk: int) -> Case:
    # The hash is part of the key: an id alone could belong to another database by now.
    return Case.from_dict(CaseVersion.objects.only("data").get(pk=pk).data)


def _order(
    shown: Shelf, filters: Filters, found: Sequence[int], ranked: Sequence[int]
) -> NDArray[np.int64]:
    """The places of all questions in the order that was asked for."""
    usual = shown.orders.get(filters.sort, shown.orders["title"])
    if filters.sort == "right" or not filters.sort:
        first = ranked if filters.sort else found or shown.with_slug(FIRST_CASE)
        front, rest = shown.places(first), ~shown.mask(first)
        return np.concatenate([front, usual[rest[usual]]])
    return usual


def _fitting(shown: Shelf, base: Mask, filters: Filters, *, skip: str = "") -> Mask:
    """Which of the base fit every group of filters but `skip`."""
    fitting = base.copy()
    for name, group in _GROUPS.items():
        if name != skip and (chosen := group.chosen(filters)):
            fitting &= group.fits(shown, chosen)
    return fitting


def _filtered(rows: QuerySet[Question], filters: Filters) -> QuerySet[Question]:
    """The same in the database."""
    for group in _GROUPS.values():
        if chosen := group.chosen(filters):
            rows = rows.filter(group.condition(chosen))
    return rows


def _minutes_condition(ids: Sequence[str]) -> Q:
    condition = Q()
    for each in MINUTES:
        if each.id in ids:
            condition |= each.condition
    return condition


@dataclass(frozen=True)
class _Group:
    """How one group of boxes is read, applied and counted, on the shelf and in the database."""

    label: str
    field: str
    condition: Callable[[Sequence[str]], Q]
    fits: Callable[[Shelf, Sequence[str]], Mask]
    counts: Callable[[Shelf, Mask], dict[str, int]]
    labels: Callable[[Shelf], Mapping[str, str]]
    is_open: bool = False
    """Whether values come and go with the library: those without a question are not shown."""

    def chosen(self, filters: Filters) -> tuple[str, ...]:
        """The values ticked in this group."""
        chosen: tuple[str, ...] = getattr(filters, self.field)
        return chosen


def _facet(name: str, shown: Shelf, base: Mask, filters: Filters) -> Facet:
    """Count a group's values under the filters of the other groups."""
    group = _GROUPS[name]
    chosen = group.chosen(filters)
    counts = group.counts(shown, _fitting(shown, base, filters, skip=name))
    labels = group.labels(shown)
    values = [
        FacetValue(value, label, counts.get(value, 0), value in chosen)
        for value, label in labels.items()
        if not group.is_open or counts.get(value) or value in chosen
    ]
    if not group.is_open:
        return Facet(name, group.label, tuple(values))
    values.sort(key=lambda value: (-value.count, value.label))
    first = (*values[:SHOWN_VALUES], *(value for value in values[SHOWN_VALUES:] if value.checked))
    more = tuple(value for value in values[SHOWN_VALUES:] if not value.checked)
    return Facet(name, group.label, first, more)


def industry_label(industry: str) -> str:
    """Return an industry as people write it."""
    return industry.replace("_", " ").capitalize()


def industries_out(shown: Shelf) -> frozenset[str]:
    """Return the industries of the questions that are out."""
    counts = shown.columns["industry"].counts(shown.out(timezone.now()))
    return frozenset(industry for industry, count in counts.items() if industry and count)


def _industry_labels(shown: Shelf) -> dict[str, str]:
    found = shown.columns["industry"].values
    return {industry: industry_label(industry) for industry in found if industry}


def _minutes_fit(shown: Shelf, ids: Sequence[str]) -> Mask:
    fitting = np.zeros(len(shown.ids), dtype=bool)
    for each in MINUTES:
        if each.id in ids:
            fitting |= (shown.minutes >= each.low) & (shown.minutes <= each.high)
    return fitting


def _count_minutes(shown: Shelf, mask: Mask) -> dict[str, int]:
    return {each.id: int((_minutes_fit(shown, [each.id]) & mask).sum()) for each in MINUTES}


def _named_condition(relation: str) -> Callable[[Sequence[str]], Q]:
    def condition(slugs: Sequence[str]) -> Q:
        # A subquery and not a join, so that a question with two matches is counted once.
        through = Question.objects.filter(**{f"{relation}__slug__in": slugs})
        return Q(pk__in=through.order_by().values("pk"))

    return condition


def _in_column(
    name: str,
    label: str,
    field: str,
    condition: Callable[[Sequence[str]], Q],
    labels: Callable[[Shelf], Mapping[str, str]],
    *,
    is_open: bool = False,
) -> _Group:
    """A group over a column of the shelf."""
    return _Group(
        label,
        field,
        condition,
        lambda shown, chosen: shown.by(name).fits(chosen),
        lambda shown, mask: shown.by(name).counts(mask),
        labels,
        is_open,
    )


_GROUPS: dict[str, _Group] = {
    "type": _in_column(
        "type", "Type", "types", lambda chosen: Q(type__in=chosen), lambda _: dict(CaseType.choices)
    ),
    "difficulty": _in_column(
        "difficulty",
        "Difficulty",
        "difficulties",
        lambda chosen: Q(difficulty__in=chosen),
        lambda _: dict(Difficulty.choices),
    ),
    "minutes": _Group(
        "Minutes",
        "minutes",
        _minutes_condition,
        _minutes_fit,
        _count_minutes,
        lambda _: {each.id: each.label for each in MINUTES},
    ),
    "industry": _in_column(
        "industry",
        "Industry",
        "industries",
        lambda chosen: Q(industry__in=chosen),
        _industry_labels,
        is_open=True,
    ),
    "company": _in_column(
        "company",
        "Company",
        "companies",
        _named_condition("companies"),
        lambda shown: shown.names["company"],
        is_open=True,
    ),
    "tag": _in_column(
        "tag",
        "Topic",
        "tags",
        _named_condition("tags"),
        lambda shown: shown.names["tag"],
        is_open=True,
    ),
}
