"""The bank's pages: the list with its filters, and one question."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe
from django_htmx.middleware import HtmxDetails

from questions import standing
from questions.forms import FilterForm
from questions.models import Question
from questions.selectors import bank
from questions.selectors.bank import Facet
from questions.selectors.week import case_of_week
from questions.standing import Standing
from questions.views.below import Typed, below
from questions.views.saved_lists import keeping


@dataclass(frozen=True)
class Row:
    """A question of the list with the standing of the person who looks."""

    question: Question
    standing: Standing | None
    reason: str = ""

    @property
    def key(self) -> str:
        """What the row is drawn from, as long as the bank has its stamp."""
        return f"{self.question.pk} {self.standing} {self.reason}"


@dataclass(frozen=True)
class Chip:
    """A filter that is on, with the address of the list without it."""

    label: str
    url: str


@require_safe
def question_list(request: HttpRequest) -> HttpResponse:
    """Show the questions that fit; htmx gets the same template's inner part."""
    opened = standing.shelf_for(request)
    form = FilterForm(request.GET, shown=opened.shelf)
    form.is_valid()
    filters = form.filters()
    known = standing.source()
    reasons = known.ranked(request) if known and filters.sort == "right" else {}
    listed = bank.question_list(opened, filters, request.GET.get("page", 1), tuple(reasons))
    rows = list(listed.page.object_list)
    standings = known.standings(request, [row.pk for row in rows]) if known else {}
    context = {
        "form": form,
        "filters": filters,
        "listed": listed,
        "rows": [Row(row, standings.get(row.pk), reasons.get(row.pk, "")) for row in rows],
        "with_standing": known is not None,
        "chips": _chips(listed.facets, request.GET),
        "query": _without(request.GET, "page"),
    }
    if _wants_fragment(request):
        response = render(request, "questions/list_results.html", {**context, "fragment": True})
    else:
        context["suggestions"] = known.suggestions(request) if known else ()
        context["total"] = opened.count
        context["week"] = case_of_week(opened, timezone.localdate())
        response = render(request, "questions/list.html", context)
    patch_vary_headers(response, ["HX-Request"])
    return response


@require_safe
def question_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """Show what a question trains, how long it takes, the ways of playing it, and the talk."""
    return question_page(request, slug)


def question_page(request: HttpRequest, slug: str, typed: Typed | None = None) -> HttpResponse:
    """Return the page of a question, with what was typed and could not be taken."""
    question = bank.access_question(standing.questions_for(request), slug)
    steps = bank.question_steps(question)
    known = standing.source()
    own = known.standings(request, [question.pk]).get(question.pk) if known else None
    context = {
        "question": question,
        "steps": steps,
        "standing": own,
        "other_numbers": own is not None and bank.has_other_numbers(question),
        **below(request, question, typed),
        **keeping(request, question),
    }
    return render(request, "questions/detail.html", context, status=422 if typed else 200)


def _wants_fragment(request: HttpRequest) -> bool:
    # Going back in the history asks for the whole page again.
    htmx: HtmxDetails = request.htmx  # type: ignore[attr-defined]  # set by the middleware
    return bool(htmx) and not htmx.history_restore_request


def _without(sent: QueryDict, *names: str) -> str:
    """Return the query without some parameters, ending in & unless it is empty."""
    pairs = [
        (name, value)
        for name, values in sent.lists()
        for value in values
        if name not in names and value
    ]
    return f"{urlencode(pairs)}&" if pairs else ""


def _chips(facets: tuple[Facet, ...], sent: QueryDict) -> list[Chip]:
    chips = []
    for facet in facets:
        for value in facet.checked:
            rest = sent.copy()
            rest.setlist(facet.name, [v for v in sent.getlist(facet.name) if v != value.value])
            chips.append(Chip(value.label, f"?{_without(rest, 'page')}".rstrip("&")))
    return chips
