"""Talking below a question: writing, replying, voting, objecting, deciding; also without a script
and without a mouse."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from questions.models import Asked, Comment, CommentReport
from questions.services.discussion import comment_add
from tests.coach.factories import SHOP, answered, play, question_of
from tests.conftest import signed_in
from tests.factories import UserFactory
from tests.journeys.play import Site
from tests.journeys.test_keyboard import press, tab_to

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
PAGE = f"/questions/{SHOP}/"
OPEN = "This gives nothing away: show it to everybody"


def browser_of(site: Site, user: User, **options: object) -> Page:
    """Return a browser in which somebody is signed in."""
    page = site.browser(**options)
    key = signed_in(user).session.session_key
    page.context.add_cookies([{"name": "session", "value": key, "url": site.url}])
    return page


def write(page: Page, text: str) -> None:
    page.goto(PAGE)
    form = page.locator("#write")
    form.get_by_label("Your words").fill(text)
    form.get_by_label(OPEN).check()
    form.get_by_role("button", name="Post it").click()
    expect(page.locator(".talk-item:target")).to_contain_text(text)


def reply(page: Page, text: str) -> None:
    thread = page.locator(".talk-list > li").first
    thread.locator("summary", has_text="Reply").click()
    thread.get_by_label("Your reply").fill(text)
    thread.get_by_label(OPEN).check()
    thread.get_by_role("button", name="Post the reply").click()
    expect(page.locator(".talk-replies .talk-item:target")).to_contain_text(text)


def report(page: Page, text: str) -> None:
    comment = page.locator(".talk-item", has_text=text)
    comment.get_by_role("link", name="Report").click()
    page.get_by_role("button", name="Report it").click()
    expect(page.get_by_role("alert")).to_contain_text("Choose what is wrong with it.")
    page.get_by_label("It advertises, or has nothing to do with the case").check()
    page.get_by_role("button", name="Report it").click()
    page.wait_for_url("**#discussion")
    expect(page.locator(".talk-item", has_text=text)).to_contain_text("Reported by you")


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_a_comment_is_written_answered_found_useful_reported_and_decided(
    site: Site, alice: User, bob: User, script: bool
) -> None:
    writer = browser_of(site, alice, java_script_enabled=script)
    reader = browser_of(site, bob, java_script_enabled=script)
    desk = browser_of(site, UserFactory(is_staff=True), java_script_enabled=script)
    write(writer, "Ask for the conversion first.")
    reader.goto(PAGE)
    reply(reader, "Buy watches at watches.example")
    useful = reader.locator(".talk-item").first.get_by_role("button", name="Useful")
    useful.click()
    expect(useful).to_have_attribute("aria-pressed", "true")
    expect(useful).to_contain_text("1")
    writer.goto(PAGE)
    expect(writer.locator(".talk-item").first).to_contain_text("1 found it useful")
    report(writer, "Buy watches")
    desk.goto("/questions/moderation/")
    desk.get_by_role("button", name="Hide").click()
    expect(desk.locator("main")).to_contain_text("Nothing waits")
    writer.goto(PAGE)
    expect(writer.locator("main")).not_to_contain_text("Buy watches")
    reader.goto("/account/notices/")
    expect(reader.locator("main")).to_contain_text("was hidden by a moderator")
    assert CommentReport.objects.get().decision == "hidden"
    assert Comment.objects.get(parent=None).score == 1


def test_what_was_typed_stays_when_it_cannot_be_taken(site: Site, bob: User) -> None:
    page = browser_of(site, bob)
    page.goto(PAGE)
    form = page.locator("#write")
    form.get_by_label("Question").check()
    form.get_by_label("Your words").fill("x" * 4_001)
    form.get_by_role("button", name="Post it").click()
    expect(page.get_by_role("alert")).to_contain_text("these are 4,001")
    expect(page.get_by_role("alert")).to_be_focused()
    expect(form.get_by_label("Question")).to_be_checked()
    expect(form.get_by_label("Your words")).to_have_value("x" * 4_001)


def test_spoilers_open_with_the_first_step_that_is_handed_in(
    site: Site, alice: User, bob: User
) -> None:
    comment_add(question=question_of(), author=alice, text="The crux is the returns.")
    page = browser_of(site, bob)
    page.goto(PAGE)
    talk = page.locator(".talk")
    expect(talk).to_contain_text("1 comment opens once you have handed in a step.")
    assert "crux" not in page.content()
    answered(play(bob))
    page.reload()
    expect(talk).to_contain_text("The crux is the returns.")


def test_one_says_that_one_was_asked_without_a_script(site: Site, bob: User) -> None:
    page = browser_of(site, bob, java_script_enabled=False)
    page.goto(PAGE)
    page.locator("summary", has_text="I was asked this").click()
    page.get_by_label("Company").fill("Meta")
    page.get_by_role("button", name="Count it").click()
    expect(page.locator("main")).to_contain_text("Choose the month.")
    expect(page.get_by_label("Company")).to_have_value("Meta")
    page.get_by_label("Month").select_option(index=2)
    page.get_by_role("button", name="Count it").click()
    expect(page.locator(".asked-list")).to_contain_text(re.compile("Meta 1 person, latest"))
    page.get_by_role("button", name="Take back").click()
    expect(page.locator("main")).to_contain_text("Nobody has said so yet.")
    assert not Asked.objects.exists()


def test_the_discussion_is_held_by_keyboard_alone(site: Site, alice: User, bob: User) -> None:
    comment_add(question=question_of(), author=alice, text="What is a visit?", spoils=False)
    page = browser_of(site, bob)
    page.goto(f"{PAGE}#discussion")
    comment = page.locator(".talk-item").first
    useful = comment.get_by_role("button", name="Useful")
    press(page, useful, "Space")
    expect(useful).to_have_attribute("aria-pressed", "true")
    expect(useful).to_be_focused()
    press(page, page.locator("summary", has_text="Reply"))
    tab_to(page, page.get_by_label("Your reply"))
    page.keyboard.insert_text("Once a day.")
    tab_to(page, page.locator(".talk-fold").get_by_label(OPEN))
    page.keyboard.press("Space")
    press(page, page.get_by_role("button", name="Post the reply"))
    expect(page.locator(".talk-item:target")).to_contain_text("Once a day.")
    assert Comment.objects.filter(parent__isnull=False, spoils=False).exists()
