"""Reading the bank: filtered lists, the counts beside the filters, one question's page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from django.core.paginator import Page, Paginator
from django.db.models import Case as DbCase
from django.db.models import Count, Q, QuerySet, Value, When
from django.http import Http404
from django.shortcuts import get_object_or_404

from questions import search
from questions.case import STEP_TITLES, Case
from questions.models import CaseType, CaseVersion, Difficulty, Question

PAGE_SIZE = 20
SHOWN_VALUES = 6
"""Companies and tags shown before "more"."""
CACHED_CASES = 64
RANKED = 100
"""Questions put in the order of fitting a person; the rest follows from A to Z."""
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
SORTS: dict[str, tuple[str, tuple[str, ...]]] = {
    "right": ("Right for me now", ("prompt", "id")),
    "title": ("A to Z", ("prompt", "id")),
    "newest": ("Newest", ("-created_at", "-id")),
    "shortest": ("Shortest", ("minutes", "prompt", "id")),
    "easiest": ("Easiest", ("hardness", "prompt", "id")),
}


@dataclass(frozen=True)
class Filters:
    """What somebody looks for. Values within a group are alternatives, groups add up."""

    text: str = ""
    types: tuple[str, ...] = ()
    difficulties: tuple[str, ...] = ()
    minutes: tuple[str, ...] = ()
    companies: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    sort: str = ""

    @property
    def chosen(self) -> int:
        """How many boxes are ticked."""
        groups = (self.types, self.difficulties, self.minutes, self.companies, self.tags)
        return sum(len(group) for group in groups)


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
    def checked(self) -> tuple[FacetValue, ...]:
        """The boxes that are ticked."""
        return tuple(value for value in (*self.values, *self.more) if value.checked)


@dataclass(frozen=True)
class QuestionList:
    """A page of the bank with what stands around it."""

    page: Page[Question]
    facets: tuple[Facet, ...]
    found: search.Found = field(default_factory=lambda: search.Found(()))


@dataclass(frozen=True)
class StepLine:
    """One step as a question's page shows it."""

    id: str
    title: str
    minutes: int
    brief: str


def question_list(
    questions: QuerySet[Question],
    filters: Filters,
    page: int | str = 1,
    ranked: Sequence[int] = (),
) -> QuestionList:
    """Return one page of the questions that fit, of those that somebody may open.

    `ranked` are ids in the order of fitting a person, for the sort "right".

    At most twelve queries, however many rows.
    """
    found = search.find(filters.text) if filters.text else search.Found(())
    base = questions
    if filters.text:
        base = base.filter(pk__in=found.ids)
    rows = _ordered(_filtered(base, filters), filters, found.ids, ranked).select_related("about")
    facets = tuple(_facet(name, base, filters) for name in _GROUPS)
    return QuestionList(Paginator(rows, PAGE_SIZE).get_page(page), facets, found)


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
    questions = questions.select_related("current_version", "about")
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


def _ordered(
    rows: QuerySet[Question], filters: Filters, found: Sequence[int], ranked: Sequence[int]
) -> QuerySet[Question]:
    if not filters.sort and found:
        return rows.order_by(_place(found))
    if filters.sort == "right" and ranked:
        return rows.order_by(_place(ranked[:RANKED]), *SORTS["right"][1])
    sort = filters.sort
    if not sort:
        first = DbCase(When(slug=FIRST_CASE, then=Value(0)), default=Value(1))
        return rows.order_by(first, *SORTS["title"][1])
    if sort == "easiest":
        hardness = (When(difficulty=level, then=Value(i)) for i, level in enumerate(Difficulty))
        rows = rows.annotate(hardness=DbCase(*hardness))
    return rows.order_by(*SORTS[sort][1])


def _place(ids: Sequence[int]) -> DbCase:
    """The place of a row in a list of ids; those that are not in it come last."""
    places = (When(pk=pk, then=Value(place)) for place, pk in enumerate(ids))
    return DbCase(*places, default=Value(len(ids)))


def _filtered(rows: QuerySet[Question], filters: Filters, *, skip: str = "") -> QuerySet[Question]:
    """Apply every group of filters but `skip`."""
    for name, group in _GROUPS.items():
        if name != skip and (chosen := group.chosen(filters)):
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
    """How one group of boxes is read, applied and counted."""

    label: str
    field: str
    condition: Callable[[Sequence[str]], Q]
    count: Callable[[QuerySet[Question]], list[tuple[str, str, int]]]

    def chosen(self, filters: Filters) -> tuple[str, ...]:
        chosen: tuple[str, ...] = getattr(filters, self.field)
        return chosen


def _facet(name: str, base: QuerySet[Question], filters: Filters) -> Facet:
    """Count a group's values under the filters of the other groups."""
    group = _GROUPS[name]
    chosen = group.chosen(filters)
    counted = group.count(_filtered(base, filters, skip=name))
    values = [FacetValue(value, label, n, value in chosen) for value, label, n in counted]
    if name not in ("company", "tag"):
        return Facet(name, group.label, tuple(values))
    values = [value for value in values if value.count or value.checked]
    first = [v for i, v in enumerate(values) if i < SHOWN_VALUES or v.checked]
    return Facet(name, group.label, tuple(first), tuple(v for v in values if v not in first))


def _count_choices(
    column: str, choices: Sequence[tuple[str, str]]
) -> Callable[[QuerySet[Question]], list[tuple[str, str, int]]]:
    def count(rows: QuerySet[Question]) -> list[tuple[str, str, int]]:
        found = dict(rows.order_by().values_list(column).annotate(n=Count("pk")))
        return [(value, label, found.get(value, 0)) for value, label in choices]

    return count


def _count_minutes(rows: QuerySet[Question]) -> list[tuple[str, str, int]]:
    counts = {each.id: Count("pk", filter=each.condition) for each in MINUTES}
    found = rows.order_by().aggregate(**counts)
    return [(each.id, each.label, found[each.id]) for each in MINUTES]


def _count_named(relation: str) -> Callable[[QuerySet[Question]], list[tuple[str, str, int]]]:
    def count(rows: QuerySet[Question]) -> list[tuple[str, str, int]]:
        # No filter joins a table (see _named_condition), so each row of this join is one match.
        columns = (f"{relation}__slug", f"{relation}__name")
        named = rows.filter(**{f"{relation}__isnull": False}).order_by()
        counted = named.values_list(*columns).annotate(n=Count("pk"))
        return sorted(counted, key=lambda row: (-row[2], row[1]))

    return count


def _named_condition(relation: str) -> Callable[[Sequence[str]], Q]:
    def condition(slugs: Sequence[str]) -> Q:
        # A subquery and not a join, so that a question with two matches is counted once.
        through = Question.objects.filter(**{f"{relation}__slug__in": slugs})
        return Q(pk__in=through.order_by().values("pk"))

    return condition


_GROUPS: dict[str, _Group] = {
    "type": _Group(
        "Type",
        "types",
        lambda chosen: Q(type__in=chosen),
        _count_choices("type", CaseType.choices),
    ),
    "difficulty": _Group(
        "Difficulty",
        "difficulties",
        lambda chosen: Q(difficulty__in=chosen),
        _count_choices("difficulty", Difficulty.choices),
    ),
    "minutes": _Group("Minutes", "minutes", _minutes_condition, _count_minutes),
    "company": _Group(
        "Company", "companies", _named_condition("companies"), _count_named("companies")
    ),
    "tag": _Group("Topic", "tags", _named_condition("tags"), _count_named("tags")),
}
