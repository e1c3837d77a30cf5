"""What the search of every page finds: questions, own attempts, metrics and pages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse
from rapidfuzz import fuzz, utils

from coach.access import REVIEWERS, attempts_of, questions_open_to, with_question
from coach.models import Attempt
from metrics_lab.engine.catalogue import search as metric_search
from metrics_lab.engine.catalogue.metrics import Metric
from questions import search as question_search
from questions.models import Question
from universities.models import Membership

MOST_QUESTIONS, MOST_ATTEMPTS, MOST_METRICS, MOST_PAGES = 6, 3, 4, 4
LOOKED_AT = 60
"""Own attempts that are looked through, the latest first."""
THE_NAME = 90
LIKE = 75
"""How alike (0 to 100) the words of a page or an attempt must be to what was typed."""
LONGEST = 120


@dataclass(frozen=True)
class Hit:
    """One thing to go to."""

    label: str
    said: str
    url: str


@dataclass(frozen=True)
class HitGroup:
    """Hits of one kind; `all_url` shows more of it where there may be more."""

    title: str
    hits: tuple[Hit, ...]
    all_url: str = ""


@dataclass(frozen=True)
class Place:
    """A page that one may go to by its name, with other words for it."""

    label: str
    said: str
    name: str
    words: str
    for_whom: str = "all"
    """all, signed_in, reviewers or staff."""


PLACES = (
    Place("Questions", "The bank of cases", "question-list", "cases bank list library"),
    Place("My practice", "What is open, handed in and finished", "practice-home", "attempts home"),
    Place("Metrics lab", "Every metric with its formula, models, tests", "lab-home",
          "catalogue kpi formula calculator metrics"),
    Place("My models", "Sheets with ranges and scenarios", "lab-sheet-list", "sheets model"),
    Place("Lessons", "Three worked lessons with numbers", "lab-lessons", "lesson learn guide"),
    Place("Size a test", "People an experiment needs", "lab-experiment",
          "ab test sample size power"),
    Place("Pretotype", "The cheapest test that could fail", "lab-pretotype", "xyz hypothesis"),
    Place("Prioritize", "RICE and ICE with ranges", "lab-priority", "rice ice score"),
    Place("Cohorts", "Retention from a table", "lab-cohorts", "retention curve heat map"),
    Place("How feedback is made", "Rules, precision, conditions", "about-feedback", "rubric rules"),
    Place("Privacy", "What is kept, and for how long", "privacy", "data cookies"),
    Place("Your account", "Name, e-mail, password, interview date", "account-home",
          "settings profile time zone", "signed_in"),
    Place("Notices", "What happened while you were away", "account-notices", "news", "signed_in"),
    Place("Your universities", "Join one, see what it sees", "university-home",
          "join code cohort", "signed_in"),
    Place("Desk", "Submissions to review", "desk-queue", "review coach queue", "reviewers"),
)  # fmt: skip


def palette(request: HttpRequest, text: str) -> tuple[HitGroup, ...]:
    """Return what fits the words, by kind; without words where one was, and the pages.

    At most twelve queries.
    """
    text = text[:LONGEST].replace("\0", "").strip()
    groups = (
        HitGroup("Questions", tuple(_questions(request, text)), _more(text)),
        HitGroup("My attempts", tuple(_attempts(request, text))),
        HitGroup("Metrics", tuple(_metrics(text))),
        HitGroup("Pages", tuple(_places(request, text))),
    )
    found = [group for group in groups if group.hits]
    return tuple(sorted(found, key=lambda group: not _names(group, text)))


def _names(group: HitGroup, text: str) -> bool:
    """Whether what was typed is the very name of one of the hits."""
    typed = utils.default_process(text)
    return bool(typed) and any(
        fuzz.ratio(typed, utils.default_process(hit.label)) >= THE_NAME for hit in group.hits
    )


def _more(text: str) -> str:
    return f"{reverse('question-list')}?{urlencode({'q': text})}" if text else ""


def _questions(request: HttpRequest, text: str) -> Iterator[Hit]:
    if not text:
        return
    found = question_search.find(text).ids
    allowed = questions_open_to(request).filter(pk__in=found).select_related("about").in_bulk()
    rows = [allowed[pk] for pk in found if pk in allowed]
    for question in rows[:MOST_QUESTIONS]:
        yield Hit(question.prompt, _about(question), question.get_absolute_url())


def _about(question: Question) -> str:
    company = f", {question.about.name}" if question.about else ""
    return f"{question.get_type_display()}{company}, {question.minutes} minutes"


def _attempts(request: HttpRequest, text: str) -> Iterator[Hit]:
    attempts = with_question(attempts_of(request)).order_by("-touched_at")[:LOOKED_AT]
    fitting = [a for a in attempts if not text or _is_like(text, _title(a))]
    for attempt in fitting[:MOST_ATTEMPTS]:
        if attempt.is_finished:
            said, url = "finished: read the report", reverse("practice-report", args=[attempt.pk])
        else:
            step = attempt.current_step.replace("_", " ")
            said, url = f"go on at {step}", reverse("practice-resume", args=[attempt.pk])
        yield Hit(_title(attempt), f"{attempt.get_mode_display()}, {said}", url)


def _title(attempt: Attempt) -> str:
    return attempt.case_version.question.title


def _metrics(text: str) -> Iterator[Hit]:
    for candidate in metric_search.search(text).candidates[:MOST_METRICS] if text else ():
        metric = candidate.metric
        yield Hit(
            metric.name, candidate.when or _also(metric), reverse("lab-metric", args=[metric.id])
        )


def _also(metric: Metric) -> str:
    """What else a metric is called, or its kind."""
    return ", ".join(metric.aliases[:2]) or metric.kind.replace("_", " ")


def _places(request: HttpRequest, text: str) -> Iterator[Hit]:
    may = _allowed(request)
    fitting = [
        place
        for place in PLACES
        if place.for_whom in may and (not text or _is_like(text, f"{place.label} {place.words}"))
    ]
    for place in fitting[:MOST_PAGES]:
        yield Hit(place.label, place.said, reverse(place.name))


def _allowed(request: HttpRequest) -> frozenset[str]:
    known = {"all"}
    if request.user.is_authenticated:
        known.add("signed_in")
        reviews = Membership.objects.filter(user=request.user, role__in=REVIEWERS, removed_at=None)
        if reviews.exists():
            known.add("reviewers")
    return frozenset(known)


def _is_like(text: str, words: str) -> bool:
    """Whether every word typed is, or begins, or is nearly one of the words."""
    typed, known = (utils.default_process(each).split() for each in (text, words))
    return all(
        any(each.startswith(word) or fuzz.ratio(word, each) >= LIKE for each in known)
        for word in typed
    )
