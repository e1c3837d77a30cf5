"""Every address of the project, and who may come in. An address missing from the table fails."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from allauth.usersessions.models import UserSession
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse

from accounts.models import User
from coach.models import Assignment, Attempt, Feedback, Review, Submission
from coach.services.shares import share_link_make
from metrics_lab.engine.catalogue import metrics as catalogue
from metrics_lab.engine.sheet.examples import EXAMPLES
from metrics_lab.services import scenario_add, sheet_create, sheet_share
from questions.models import Collection
from questions.services.discussion import comment_add, comment_report
from questions.services.interest import asked_tell, request_make
from questions.services.saved_lists import list_make, list_put
from tests.coach.factories import SHOP, SuggestionFactory, assigned, claimed, handed_in
from tests.conftest import signed_in
from tests.factories import (
    ApiKeyFactory,
    CohortFactory,
    InvitationFactory,
    MembershipFactory,
    NoticeFactory,
    bearer,
)
from universities.models import RosterImport, University
from universities.scopes import Scope

pytestmark = pytest.mark.django_db

EVERYBODY = {"nobody", "alice", "bob", "carol", "charlie"}
SIGNED_IN = EVERYBODY - {"nobody"}
OWNER = {"alice"}
"""The student whose attempt, submission, notice or session it is."""
HOLDER = {"bob"}
"""The coach whose review it is."""
REVIEWERS = {"bob", "carol"}
ANY_REVIEWER = {"bob", "carol", "charlie"}
MEMBERS = {"alice", "bob", "carol"}
STAFF = {"carol"}
FLOW: set[str] | None = None
"""Only open in the middle of signing in or of changing a password: a redirect otherwise."""
KEY: set[str] = set()
"""No person at all: an API key."""

ATTEMPT = ("attempt",)
STEP = ("attempt", "step")
SHEET = ("sheet",)
IN_UNIVERSITY = ("north",)
# name: (who may come in, names of the arguments)
TABLE: dict[str, tuple[set[str] | None, tuple[str, ...]]] = {
    "home": (EVERYBODY, ()),
    "question-list": (EVERYBODY, ()),
    "question-detail": (EVERYBODY, ("shop",)),
    # below a question; moderation is for the operator's staff, who belong to no university
    "question-moderation": (KEY, ()),
    "comment-decide": (KEY, ("comment",)),
    "request-list": (EVERYBODY, ()),
    "request-vote": (SIGNED_IN, ("wish",)),
    "request-take-back": (OWNER, ("wish",)),
    "collection-list": (EVERYBODY, ()),
    "collection-detail": (EVERYBODY, ("guide",)),
    "list-index": (SIGNED_IN, ()),
    "list-detail": (OWNER, ("list",)),
    "list-change": (OWNER, ("list",)),
    "list-delete": (OWNER, ("list",)),
    "list-move": (OWNER, ("list", "shop")),
    "list-note": (OWNER, ("list", "shop")),
    "list-take-out": (OWNER, ("list", "shop")),
    "question-lists": (SIGNED_IN, ("shop",)),
    "comment-open": (EVERYBODY, ("comment",)),
    "comment-edit": (OWNER, ("comment",)),
    "comment-delete": (OWNER, ("comment",)),
    "comment-vote": (SIGNED_IN, ("comment",)),
    "comment-report": (SIGNED_IN - OWNER, ("comment",)),
    "comment-add": (SIGNED_IN, ("shop",)),
    "asked-add": (SIGNED_IN, ("shop",)),
    "asked-take-back": (OWNER, ("shop", "asked")),
    "lab-home": (EVERYBODY, ()),
    "lab-metric": (EVERYBODY, ("metric",)),
    "lab-priority": (EVERYBODY, ()),
    "lab-cohorts": (EVERYBODY, ()),
    "lab-lessons": (EVERYBODY, ()),
    "lab-lesson": (EVERYBODY, ("lesson",)),
    "lab-experiment": (EVERYBODY, ()),
    "lab-pretotype": (EVERYBODY, ()),
    # lab/sheets: a visitor's or a person's own; a shared one is for whoever has its link
    "lab-sheet-list": (EVERYBODY, ()),
    "lab-sheet-new": (EVERYBODY, ()),
    "lab-sheet": (OWNER, SHEET),
    "lab-sheet-check": (OWNER, SHEET),
    "lab-sheet-compare": (OWNER, SHEET),
    "lab-sheet-scenario": (OWNER, ("sheet", "scenario")),
    "lab-sheet-parts": (OWNER, SHEET),
    "lab-sheet-title": (OWNER, SHEET),
    "lab-sheet-undo": (OWNER, SHEET),
    "lab-sheet-delete": (OWNER, SHEET),
    "lab-sheet-guesses": (OWNER, SHEET),
    "lab-sheet-input-add": (OWNER, SHEET),
    "lab-sheet-input": (OWNER, ("sheet", "input")),
    "lab-sheet-formula-add": (OWNER, SHEET),
    "lab-sheet-formula": (OWNER, ("sheet", "formula")),
    "lab-sheet-remove": (OWNER, ("sheet", "input")),
    "lab-sheet-share": (OWNER, SHEET),
    "lab-sheet-together": (OWNER, SHEET),
    "lab-sheet-duplicate": (OWNER, SHEET),
    "lab-sheet-csv": (OWNER, SHEET),
    "lab-sheet-xlsx": (OWNER, SHEET),
    "lab-sheet-analysis": (OWNER, SHEET),
    "lab-shared": (EVERYBODY, ("link",)),
    "lab-shared-copy": (EVERYBODY, ("link",)),
    "privacy": (EVERYBODY, ()),
    "about-feedback": (EVERYBODY, ()),
    "styleguide": (EVERYBODY, ()),
    "healthz": (EVERYBODY, ()),
    "api-schema": (EVERYBODY, ()),
    "api-docs": (EVERYBODY, ()),
    "api-not-found": (KEY, ()),
    # practice: a visitor's or a student's own
    "find": (EVERYBODY, ()),
    "share-follow": (EVERYBODY, ("share",)),
    "practice-home": (EVERYBODY, ()),
    "practice-start": (EVERYBODY, ("shop",)),
    "practice-resume": (OWNER, ATTEMPT),
    "practice-finish": (OWNER, ATTEMPT),
    "practice-report": (OWNER, ATTEMPT),
    "practice-report-step": (OWNER, STEP),
    "practice-suggestion": (OWNER, ("attempt", "suggestion")),
    "practice-lab": (OWNER, ATTEMPT),
    "practice-lab-put": (OWNER, ATTEMPT),
    "practice-lab-sheet": (OWNER, ATTEMPT),
    "hand-in": (OWNER, ATTEMPT),
    "practice-step": (OWNER, STEP),
    "practice-say": (OWNER, STEP),
    "practice-draft": (OWNER, STEP),
    "practice-artefact": (OWNER, STEP),
    "practice-hint": (OWNER, STEP),
    "practice-assume": (OWNER, STEP),
    "practice-done": (OWNER, STEP),
    "practice-feedback": (OWNER, STEP),
    "practice-revise": (OWNER, STEP),
    "practice-ask-again": (OWNER, STEP),
    "submission-detail": (OWNER, ("submission",)),
    "submission-withdraw": (OWNER, ("submission",)),
    # desk
    "desk-queue": (ANY_REVIEWER, ()),
    "desk-submission": (REVIEWERS, ("submission",)),
    "desk-claim": (REVIEWERS, ("submission",)),
    "desk-give-back": (HOLDER, ("review",)),
    "desk-close": (HOLDER, ("review",)),
    "desk-recall": (HOLDER, ("review",)),
    "desk-marks": (HOLDER, ("review", "step")),
    "desk-comment": (HOLDER, ("review", "step")),
    "desk-decide": (HOLDER, ("review", "step", "position")),
    # a university
    "university-home": (SIGNED_IN, ()),
    "invitation-accept": (EVERYBODY, ("token",)),
    "university-detail": (MEMBERS, IN_UNIVERSITY),
    "university-leave": (MEMBERS, IN_UNIVERSITY),
    "assignment-list": (STAFF, IN_UNIVERSITY),
    "assignment-detail": (STAFF, ("north", "assignment")),
    "assignment-delete": (STAFF, ("north", "assignment")),
    "results-export": (STAFF, IN_UNIVERSITY),
    "share-link-list": (STAFF, IN_UNIVERSITY),
    "share-link-close": (STAFF, ("north", "share_link")),
    "member-list": (STAFF, IN_UNIVERSITY),
    "member-role": (STAFF, ("north", "member")),
    "member-remove": (STAFF, ("north", "member")),
    "invitation-list": (STAFF, IN_UNIVERSITY),
    "invitation-again": (STAFF, ("north", "invitation")),
    "invitation-revoke": (STAFF, ("north", "invitation")),
    "roster-import": (STAFF, IN_UNIVERSITY),
    "roster-preview": (STAFF, ("north", "roster")),
    "cohort-list": (STAFF, IN_UNIVERSITY),
    "cohort-detail": (STAFF, ("north", "cohort")),
    "cohort-rename": (STAFF, ("north", "cohort")),
    "cohort-take-out": (STAFF, ("north", "cohort", "member")),
    "api-key-list": (STAFF, IN_UNIVERSITY),
    "api-key-rotate": (STAFF, ("north", "key")),
    "api-key-revoke": (STAFF, ("north", "key")),
    "university-settings": (STAFF, IN_UNIVERSITY),
    "join-code-renew": (STAFF, IN_UNIVERSITY),
    "audit-list": (STAFF, IN_UNIVERSITY),
    # account
    "account-home": (SIGNED_IN, ()),
    "account-language-model": (SIGNED_IN, ()),
    "account-notices": (SIGNED_IN, ()),
    "account-notices-read": (SIGNED_IN, ()),
    "account-notice-open": (OWNER, ("notice",)),
    "account-sessions-end": (SIGNED_IN, ()),
    "account-session-end": (OWNER, ("session",)),
    "account-export": (SIGNED_IN, ()),
    "account-delete": (SIGNED_IN, ()),
    "account-deleted": (EVERYBODY, ()),
    "account_login": (FLOW, ()),
    "account_logout": (FLOW, ()),
    "account_signup": (FLOW, ()),
    "account_inactive": (EVERYBODY, ()),
    "account_reauthenticate": (FLOW, ()),
    "account_email": (FLOW, ()),
    "account_email_verification_sent": (FLOW, ()),
    "account_change_password": (FLOW, ()),
    "account_set_password": (FLOW, ()),
    "account_reset_password": (FLOW, ()),
    "account_confirm_login_code": (FLOW, ()),
    "account_confirm_email": (FLOW, ("key_word",)),
    "account_reset_password_from_key_done": (FLOW, ()),
    "account_reset_password_from_key": (FLOW, ("uid", "key_word")),
    "account_reset_password_done": (FLOW, ()),
    "usersessions_list": (FLOW, ()),
    # api/v1
    "api-member-list": (KEY, ()),
    "api-member-detail": (KEY, ("member",)),
    "api-cohort-list": (KEY, ()),
    "api-cohort-detail": (KEY, ("cohort",)),
    "api-cohort-members": (KEY, ("cohort",)),
    "api-question-list": (KEY, ()),
    "api-question-detail": (KEY, ("shop",)),
    "api-assignment-list": (KEY, ()),
    "api-assignment-standings": (KEY, ("assignment",)),
    "api-submission-list": (KEY, ()),
    "api-submission-detail": (KEY, ("submission",)),
    "api-result-list": (KEY, ()),
    "api-lab-compute": (KEY, ()),
    "api-lab-size": (KEY, ()),
    "api-lab-pretotype": (KEY, ()),
    "api-lab-simulate": (KEY, ()),
    "api-lab-sensitivity": (KEY, ()),
    "api-lab-claims": (KEY, ()),
    "api-lab-metric-list": (KEY, ()),
    "api-lab-metric-detail": (KEY, ("metric",)),
    "api-lab-metric-compute": (KEY, ("metric",)),
}


def patterns(found: Any = None, prefix: str = "") -> Iterator[tuple[str, str]]:
    """Yield (route, name) of every address outside the admin."""
    for pattern in get_resolver().url_patterns if found is None else found:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield route, pattern.name or ""
        else:
            yield from patterns(pattern.url_patterns, route)


ROUTES = [(route, name) for route, name in patterns() if not route.startswith("admin/")]
ADMIN = [route for route, _ in patterns() if route.startswith("admin/")]


@dataclass(frozen=True)
class World:
    """One of everything, in the North University; ``args`` fill the addresses."""

    args: dict[str, Any]
    browsers: dict[str, Client]
    submission: Submission


@pytest.fixture
def world(university: University, alice: User, bob: User, carol: User, charlie: User) -> World:
    """Make one of everything that is Alice's, Bob's or their university's."""
    member = MembershipFactory(university=university)
    assignment: Assignment = assigned(university, alice.memberships.get())
    submission = handed_in(alice, university, assignment)
    review: Review = claimed(submission, bob)
    attempt: Attempt = submission.attempt
    sheet = sheet_create(owner=alice, model=EXAMPLES["shop"].make())
    browsers = {"nobody": Client()}
    people = {"alice": alice, "bob": bob, "carol": carol, "charlie": charlie}
    browsers |= {name: signed_in(user) for name, user in people.items()}
    question = attempt.case_version.question
    comment = comment_add(question=question, author=alice, text="Ask first.", spoils=False)
    comment_report(comment=comment, reporter=bob, reason="other")
    asked = asked_tell(question=question, user=alice, company="Meta", month=date(2026, 9, 1))
    saved = list_make(owner=alice, title="For November")
    list_put(collection=saved, question=question)
    args = {
        "shop": SHOP,
        "comment": comment.pk,
        "asked": asked.pk,
        "wish": request_make(author=alice, title="Improve a library").pk,
        "guide": Collection.objects.create(slug="guide", kind="path", title="Guide").slug,
        "list": saved.slug,
        "metric": next(iter(catalogue.load())).id,
        "lesson": "sizing-a-test",
        "sheet": sheet.pk,
        "scenario": scenario_add(sheet=sheet, name="Dearer", levers=[]).pk,
        "input": "aov",
        "formula": "gmv",
        "link": sheet_share(sheet=sheet),
        "share": share_link_make(question=question, by=carol)[1],
        "attempt": attempt.pk,
        "step": "segment",
        "suggestion": SuggestionFactory(job__feedback=Feedback.objects.get()).pk,
        "position": 0,
        "submission": submission.pk,
        "review": review.pk,
        "north": university.slug,
        "share_link": share_link_make(question=question, by=carol, university=university)[0].pk,
        "assignment": assignment.pk,
        "member": member.pk,
        "invitation": InvitationFactory(university=university).pk,
        "roster": RosterImport.objects.create(university=university, text="email\nx@e.org").pk,
        "cohort": CohortFactory(university=university, members=[member]).pk,
        "key": ApiKeyFactory(university=university).pk,
        "token": "no-such-token",
        "notice": NoticeFactory(user=alice).pk,
        "session": UserSession.objects.get(user=alice).pk,
        "key_word": "abc-def",
        "uid": "1",
    }
    return World(args, browsers, submission)


SIGN_IN = "/account/login/"
ENDS_ON_ONES_OWN = {
    "request-take-back",
    "asked-take-back",
    "account-notice-open",
    "account-session-end",
}
"""A GET of these names somebody else's thing and looks at none: it ends on a page that is public
or the asker's own, and that has a row of its own."""


def is_refused(browser: Client, method: str, name: str, address: str) -> bool:
    """Say whether somebody was kept out: no such thing, not allowed, or please sign in.

    A GET of an address that takes POST alone leads to the page of its form: it is followed to
    where it ends.
    """
    if method == "post":
        return _keeps_out(browser.post(address))
    if name in ENDS_ON_ONES_OWN:
        return browser.get(address).status_code == 302
    return _keeps_out(browser.get(address, follow=True))


def _keeps_out(response: Any) -> bool:
    """Whether an answer, where it led when it was followed, is none or the page to sign in."""
    if response.status_code == 302:
        return response["Location"].startswith(SIGN_IN)
    if response.status_code == 200:
        led = getattr(response, "redirect_chain", [])
        return bool(led) and led[-1][0].startswith(SIGN_IN)
    return response.status_code in (401, 403, 404, 405)


def test_every_address_has_its_row() -> None:
    assert {name for _, name in ROUTES} == set(TABLE)


def address_of(name: str, world: World) -> str:
    """Return an address with the world's own things in it."""
    return reverse(name, args=[world.args[arg] for arg in TABLE[name][1]])


def closed_to(who: str) -> list[str]:
    """Return the names of the addresses somebody may not come in at."""
    return [
        name for name, (allowed, _) in TABLE.items() if allowed is not None and who not in allowed
    ]


@pytest.mark.parametrize("who", sorted(EVERYBODY))
def test_nobody_comes_in_where_they_may_not(who: str, world: World) -> None:
    browser = world.browsers[who]
    came_in = [
        (name, method)
        for name in closed_to(who)
        for method in ("get", "post")
        if not is_refused(browser, method, name, address_of(name, world))
    ]
    assert came_in == []
    world.submission.refresh_from_db()
    assert world.submission.state == "claimed"


def test_everybody_comes_in_where_they_may(world: World) -> None:
    kept_out = [
        (name, who, status)
        for name, (allowed, _) in TABLE.items()
        for who in sorted(allowed or ())
        if name != "invitation-accept"
        and (status := world.browsers[who].get(address_of(name, world)).status_code)
        not in (200, 302, 405)
    ]
    assert kept_out == []


FOR_SCRIPTS = {"practice-draft"}
"""Saves what is typed: no form is ever sent there, and no reload."""
NOT_FOUND = {"invitation-accept"}
"""Its token here is none."""


def test_a_reload_of_what_a_form_was_sent_to_ends_on_a_page(world: World) -> None:
    ends = {
        (name, who): world.browsers[who].get(address_of(name, world), follow=True).status_code
        for name, (allowed, _) in TABLE.items()
        for who in sorted(allowed or ())[:1]
        if name not in FOR_SCRIPTS and not name.startswith("api-")
    }
    odd = {name: status for (name, _), status in ends.items() if status != 200}
    assert odd == dict.fromkeys(NOT_FOUND, 404)


def test_a_flow_that_was_not_begun_leads_nowhere(world: World) -> None:
    for name in [name for name, (allowed, _) in TABLE.items() if allowed is FLOW]:
        for browser in (world.browsers["nobody"], world.browsers["alice"]):
            assert browser.get(address_of(name, world)).status_code < 500


def test_another_universitys_key_sees_nothing_of_this_one(world: World, charlie: User) -> None:
    south = charlie.memberships.get().university
    key = ApiKeyFactory(university=south, scopes=list(Scope.values))
    markers = ("alice@example.com", str(world.args["assignment"]), str(world.args["submission"]))
    for name in [name for name in TABLE if name.startswith("api-") and TABLE[name][0] == KEY]:
        response = Client().get(address_of(name, world), headers=bearer(key))
        if set(TABLE[name][1]) - {"shop", "metric"}:  # these belong to nobody
            assert response.status_code == 404, name
        body = response.content.decode()
        assert not [marker for marker in markers if marker in body], name


def test_the_admin_is_closed_to_everybody_without_the_flag(world: World) -> None:
    for route in ADMIN:
        if "<" in route or "(" in route:
            route = "admin/accounts/user/1/change/"
        for who in ("nobody", "carol"):
            response = world.browsers[who].get("/" + route)
            assert response.status_code in (302, 404) or "login" in route or "logout" in route
