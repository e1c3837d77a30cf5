"""Every page in both themes, wide and narrow: axe finds nothing and nothing sticks out."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from accounts.models import User
from accounts.throttling import Limit
from coach.cases import fact_index_of
from coach.models import Review
from coach.services.reviews import comment_add, finding_decide, review_recall, review_release
from coach.services.shares import share_link_make
from questions.models import Comment, QuestionRequest
from questions.services import discussion as talk
from questions.services.interest import asked_tell, request_decide, request_make
from tests.coach.factories import (
    SHOP,
    answered,
    assigned,
    claimed,
    finished,
    handed_in,
    judged,
    mark_all,
    play,
    question_of,
)
from tests.conftest import signed_in
from tests.factories import (
    ApiKeyFactory,
    AuditEventFactory,
    CohortFactory,
    InvitationFactory,
    NoticeFactory,
    UserFactory,
)
from tests.journeys.looking import AXE, faults
from tests.journeys.play import ASK_FIGURES, PLAY, Site
from tests.journeys.play import say as say_in_browser
from universities.models import Membership, RosterImport, University

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
SEND = "document.querySelector('main form[method=post]').submit()"
"""As a browser would that checks nothing itself, so that the server says what is wrong."""


class Eyes:
    """One person's browser that looks at pages and remembers what is wrong with them."""

    def __init__(self, site: Site, user: User | None = None) -> None:
        self.page = site.browser()
        self.page.add_init_script(AXE)  # each page brings it along: quicker than to hand it in
        self.found: list[str] = []
        if user is not None:
            key = signed_in(user).session.session_key
            self.page.context.add_cookies([{"name": "session", "value": key, "url": site.url}])

    def look(self, *paths: str) -> None:
        """Open pages and look at each."""
        for path in paths:
            self.page.goto(path, wait_until="load")
            self.see(path)

    def see(self, name: str) -> None:
        """Look at the page as it stands."""
        self.found += faults(self.page, name)

    def send(self, path: str, script: str = SEND, *, then: str = "sent as it is") -> None:
        """Open a page, send its form with nothing filled in, and look at the answer."""
        self.page.goto(path, wait_until="load")
        with self.page.expect_navigation(wait_until="load"):
            self.page.evaluate(script)
        self.see(f"{path} {then}")


def test_pages_of_a_visitor(site: Site) -> None:
    """The style guide is looked at where its modules are tested, in tests/design."""
    eyes = Eyes(site)
    eyes.look(
        "/",
        "/questions/",
        "/questions/?q=nothing-has-this-name",
        "/questions/improve-tiktok-shop/",
        "/lab/",
        "/lab/?q=nothing-has-this-name",
        "/lab/?view=heart&q=retention",
        "/lab/metrics/cvr_user/",
        "/lab/lessons/sizing-a-test/?size=3623&weeks=soon",
        "/practice/",
        "/about/privacy/",
        "/account/login/",
        "/account/signup/",
        "/account/password/reset/",
        "/account/password/reset/done/",
        "/account/password/reset/key/done/",
        "/account/password/reset/key/1-nothing/",
        "/account/confirm-email/nothing/",
        "/account/confirm-email/",
        "/account/inactive/",
        "/account/deleted/",
    )
    eyes.send("/account/signup/")
    eyes.send("/account/login/")
    eyes.send("/account/password/reset/")
    eyes.page.goto("/api/v1/docs/")
    expect(eyes.page.locator(".swagger-ui .opblock").first).to_be_visible()
    eyes.see("/api/v1/docs/")
    assert not eyes.found, "\n".join(eyes.found)


def test_pages_of_a_discussion(site: Site, alice: User, bob: User) -> None:
    staff = UserFactory(name="Mo", is_staff=True)
    comments, wish = talked(alice, bob)
    eyes, desk = Eyes(site, bob), Eyes(site, staff)
    shop = f"/questions/{SHOP}/"
    eyes.look(shop)
    for fold in eyes.page.locator(".talk-fold > summary").all():
        fold.click()
    eyes.see("a discussion with its forms open")
    eyes.look(f"/questions/comments/{comments[0].pk}/report/", "/questions/requests/")
    eyes.look(f"/questions/comments/{comments[1].pk}/edit/")
    eyes.send(shop, "document.querySelector('#write').submit()")
    eyes.send(shop, "document.querySelector('.talk-fold [name=company]').form.submit()")
    eyes.send(f"/questions/comments/{comments[0].pk}/report/")
    eyes.send("/questions/requests/", "document.querySelector('[name=title]').form.submit()")
    desk.look(shop, "/questions/moderation/")
    talk.comment_decide(comment=comments[0], moderator=staff, decision="hidden")
    request_decide(request=wish, state="done", question=question_of())
    desk.look("/questions/moderation/", "/questions/moderation/?show=decided")
    visitor = Eyes(site)
    visitor.look(shop, "/questions/requests/?show=written")
    found = eyes.found + desk.found + visitor.found
    assert not found, "\n".join(found)


def talked(alice: User, bob: User) -> tuple[list[Comment], QuestionRequest]:
    """Return comments of both, the first one reported, and what Alice would like to practice."""
    shop = question_of()
    said = "Look at [this](https://example.org), **first**:\n\n- figures\n- `people`"
    comments = [
        talk.comment_add(question=shop, author=who, text=said, spoils=spoils, kind=kind)
        for who, spoils, kind in (
            (alice, False, "question"), (bob, False, "comment"), (alice, True, "comment"),
        )
    ]  # fmt: skip
    reply = talk.comment_add(
        question=shop, author=bob, text="Yes.", spoils=False, parent=comments[0]
    )
    talk.comment_vote(comment=reply, user=alice)
    talk.comment_report(comment=comments[0], reporter=UserFactory(), reason="other", note="Why?")
    asked_tell(question=shop, user=bob, company="Meta", month=date(2026, 9, 1))
    return comments, request_make(author=alice, title="Improve a lift", company="Otis")


def test_pages_of_errors(site: Site, alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    eyes = Eyes(site, alice)
    eyes.look("/no-such-page/", "/desk/")
    without_token = "document.querySelector('main [name=csrfmiddlewaretoken]').value = '';"
    eyes.send("/account/", without_token + SEND, then="with an old form")
    attempt = play(alice)
    monkeypatch.setattr("coach.views.practice.SAYINGS", Limit("say", count=0, seconds=60))
    composer = "document.querySelector('form.dock').submit()"
    eyes.send(f"/practice/{attempt.pk}/clarify/", composer, then="too often")
    monkeypatch.setattr("coach.views.practice.attempts_of", lambda request: 1 / 0)
    eyes.look("/practice/")
    assert not eyes.found, "\n".join(eyes.found)


@pytest.mark.parametrize("slug", ["improve-tiktok-shop", "shop-conversion-falls-in-spain"])
def test_pages_of_a_case(site: Site, alice: User, slug: str) -> None:
    eyes = Eyes(site, alice)
    attempt = play(alice, slug=slug)
    fact_index_of(attempt.case_key)  # a fact sheet is read once, which may take a slow machine long
    address = f"/practice/{attempt.pk}"
    steps = [row.step for row in attempt.steps.order_by("position")]
    eyes.look(f"{address}/{steps[0]}/")
    say_in_browser(eyes.page, ASK_FIGURES)
    say_in_browser(eyes.page, "How many parking lots are there?")
    eyes.page.get_by_role("button", name="Hint M").click()
    expect(eyes.page.locator("#stream .hint")).to_be_visible()
    eyes.see("a conversation with facts and a hint")
    eyes.look(f"{address}/lab/", f"{address}/lab/?conversion=lots")
    for step in steps:
        answered(attempt, step) if step == "clarify" else judged(attempt, step)
    eyes.look(*(f"{address}/{step}/" for step in steps[1:]))
    eyes.send(f"{address}/{steps[1]}/", "document.querySelector('form.dock').submit()")
    eyes.look(f"{address}/report/", f"{address}/{steps[1]}/revise/")
    assert not eyes.found, "\n".join(eyes.found)


def test_pages_of_a_report(site: Site, alice: User) -> None:
    eyes = Eyes(site, alice)
    attempt = finished(alice, mode="mock")
    judged(attempt, text=PLAY["segment"].said)
    eyes.look(f"/practice/{attempt.pk}/report/")
    for fold in eyes.page.locator("details.more > summary").all():
        fold.click()
    eyes.see("a report, all unfolded")
    revise = f"/practice/{attempt.pk}/segment/revise/"
    eyes.look(revise)
    empty = "document.querySelectorAll('main textarea, main input[type=text]')"
    eyes.send(revise, f"{empty}.forEach((e) => {{ e.value = ''; }}); {SEND}")
    eyes.look(f"/practice/{play(alice, mode='mock').pk}/clarify/", "/practice/")
    assert not eyes.found, "\n".join(eyes.found)


def test_pages_of_a_student(site: Site, alice: User, bob: User, university: University) -> None:
    eyes = Eyes(site, alice)
    eyes.look("/account/notices/")
    NoticeFactory(user=alice)
    eyes.look(
        "/account/",
        "/account/notices/",
        "/account/email/",
        "/account/password/change/",
        "/account/password/set/",
        "/account/reauthenticate/",
        "/account/sessions/",
        "/account/export/",
        "/account/delete/",
        "/account/logout/",
        "/universities/",
        "/universities/north/",
    )
    eyes.send("/account/email/")
    eyes.send("/account/password/change/")
    eyes.send("/account/delete/")
    eyes.send("/universities/")
    InvitationFactory(university=university, email=alice.email, token="a-token")
    eyes.look("/universities/invitations/a-token/", "/universities/invitations/none/")
    membership = Membership.objects.get(user=alice)
    assigned(university, membership)
    assigned(university, membership, due_at=timezone.now() - timedelta(days=1))
    eyes.look("/practice/")
    submission = handed_in(alice, university)
    eyes.look(f"/practice/{submission.attempt_id}/hand-in/", f"/submissions/{submission.pk}/")
    review = claimed(submission, bob)
    eyes.look(f"/submissions/{submission.pk}/")
    fill_and_release(review)
    eyes.look(f"/submissions/{submission.pk}/", "/practice/")
    review_recall(review=review, reason="A level was wrong.")
    eyes.look(f"/submissions/{submission.pk}/")
    homeless = UserFactory()
    loner = Eyes(site, homeless)
    loner.look("/universities/", f"/practice/{finished(homeless).pk}/hand-in/")
    found = eyes.found + loner.found
    assert not found, "\n".join(found)


def fill_and_release(review: Review) -> None:
    comment_add(review=review, step="segment", start=0, end=7, body="Good.")
    finding_decide(review=review, step="segment", position=0, decision="accept", text="")
    mark_all(review)
    review_release(review=review)


def test_pages_of_a_coach(site: Site, alice: User, bob: User, university: University) -> None:
    eyes = Eyes(site, bob)
    eyes.look("/desk/")
    submission = handed_in(alice, university)
    address = f"/desk/{submission.pk}/"
    eyes.look("/desk/", address)
    review = claimed(submission, bob)
    comment_add(review=review, step="segment", start=0, end=7, body="Good.")
    eyes.look(address, "/desk/?state=claimed")
    eyes.send(address, "document.querySelector('[data-comment-form]').submit()")
    eyes.send(address, "document.querySelector('#close [name=release]').click()")
    fill_and_release(review)
    eyes.look(address, "/desk/?state=released")
    eyes.send(address, "document.querySelector('#recall').submit()")
    assert not eyes.found, "\n".join(eyes.found)


def test_pages_of_the_staff(site: Site, alice: User, carol: User, university: University) -> None:
    eyes = Eyes(site, carol)
    rooms = [
        f"/universities/north/{room}"
        for room in ("invitations/", "cohorts/", "keys/", "assignments/", "audit/")
    ]
    eyes.look(*rooms)
    member = Membership.objects.get(user=alice)
    cohort = CohortFactory(university=university, name="Autumn", members=[member])
    InvitationFactory(university=university)
    InvitationFactory(university=university, expires_at=timezone.now() - timedelta(days=1))
    ApiKeyFactory(university=university, created_by=carol, scopes=["results:read"])
    ApiKeyFactory(university=university, created_by=carol, revoked_at=timezone.now())
    AuditEventFactory(university=university, actor=carol)
    assignment = assigned(university, member)
    eyes.look(
        *rooms,
        "/universities/",
        "/universities/north/",
        "/universities/north/members/",
        f"/universities/north/members/{member.pk}/remove/",
        "/universities/north/import/",
        f"/universities/north/cohorts/{cohort.pk}/",
        f"/universities/north/assignments/{assignment.pk}/",
        "/universities/north/settings/",
    )
    question = str(assignment.question_id)
    share_link_make(question=assignment.question, by=carol, university=university, note="Open day")
    filled = f"document.querySelector('[name=question]').value = '{question}'"
    make = "[...document.querySelectorAll('main form[method=post]')].at(-1).submit()"
    for script, then in ((make, "sent as it is"), (f"{filled}; {make}", "with a link made")):
        eyes.send("/universities/north/links/", script, then=then)
    rename = "document.querySelector('form[action$=\"/name/\"]')"
    emptied = f"{rename}.querySelector('[name=name]').value = ''; {rename}.submit()"
    eyes.send(f"/universities/north/cohorts/{cohort.pk}/", emptied)
    for text in ("email,name\nada@x.com,Ada\n", "email,name\nnobody,Ada\n"):
        roster = RosterImport.objects.create(university=university, text=text)
        eyes.look(f"/universities/north/import/{roster.pk}/")
    for room in ("invitations/", "cohorts/", "import/", "settings/", "assignments/", "keys/"):
        last = "[...document.querySelectorAll('main form[method=post]')]"
        filled = "document.querySelectorAll('#id_name').forEach((e) => { e.value = ''; });"
        form = f"{last}.find((f) => f.querySelector('.field')).submit()"
        eyes.send(f"/universities/north/{room}", filled + form)
    assert not eyes.found, "\n".join(eyes.found)
