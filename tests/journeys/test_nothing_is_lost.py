"""What is typed stays: a closed page, a lost connection, a second click, a second device."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, Route, expect

from accounts.models import User
from coach.models import Attempt, AttemptStep, Message
from tests.coach.factories import play, say
from tests.journeys.play import PLAY, Site, composer, fill_artefact, sign_in, start_shop

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
HALF = "Half a sentence about those who bought bef"


@pytest.fixture
def open_step(page: Page) -> Page:
    """A visitor in the first step, its scripts loaded: a connection is cut right after."""
    start_shop(page)
    page.wait_for_load_state("load")
    return page


def saved(page: Page) -> None:
    """Wait until the site says that the composer's text is stored."""
    expect(page.locator(".dock [data-saved]")).to_have_text("Draft saved")


def student_messages() -> list[str]:
    return list(Message.objects.filter(author="student").values_list("text", flat=True))


def test_text_is_there_again_when_the_page_was_closed(open_step: Page) -> None:
    composer(open_step).fill(HALF)
    saved(open_step)
    fill_artefact(open_step, PLAY["clarify"])
    address, context = open_step.url, open_step.context
    open_step.close()

    again = context.new_page()
    again.goto(address)
    expect(composer(again)).to_have_value(HALF)
    expect(again.locator("[name=field-goal]")).to_have_value(PLAY["clarify"].fields["goal"])


def test_text_typed_before_the_scripts_are_there_is_stored(open_step: Page) -> None:
    def type_first(route: Route) -> None:
        composer(open_step).fill(HALF)
        route.continue_()

    open_step.route("**/js/autosave*.js", type_first)
    open_step.reload()
    saved(open_step)
    assert AttemptStep.objects.get(step="clarify").composer == HALF


def test_text_typed_without_a_connection_is_stored_when_it_is_back(open_step: Page) -> None:
    open_step.context.set_offline(True)
    composer(open_step).fill(HALF)
    expect(open_step.locator(".dock [data-saved]")).to_contain_text("kept in this browser")
    expect(open_step.locator("[data-offline]")).to_be_visible()
    assert AttemptStep.objects.get(step="clarify").composer == ""

    open_step.context.set_offline(False)
    saved(open_step)
    expect(open_step.locator("[data-offline]")).to_be_hidden()
    assert AttemptStep.objects.get(step="clarify").composer == HALF


def test_text_that_never_reached_the_server_is_put_back_by_the_browser(open_step: Page) -> None:
    address, context = open_step.url, open_step.context
    context.set_offline(True)
    composer(open_step).fill(HALF)
    expect(open_step.locator(".dock [data-saved]")).to_contain_text("kept in this browser")
    open_step.close()
    context.set_offline(False)

    again = context.new_page()
    again.goto(address)
    expect(composer(again)).to_have_value(HALF)
    saved(again)


def test_a_message_that_fails_keeps_its_words_and_send_again_makes_one(open_step: Page) -> None:
    """The first try reaches the server and its answer is lost: the worst moment to fail."""
    answers: Iterator[bool] = iter([False, True])

    def lose_the_first_answer(route: Route) -> None:
        if next(answers):
            route.continue_()
            return
        route.fetch()
        route.abort()

    open_step.route("**/say/", lose_the_first_answer)
    composer(open_step).fill("Is it one market?")
    open_step.get_by_role("button", name="Send", exact=True).click()
    failed = open_step.locator("#stream .is-failed")
    expect(failed).to_contain_text("Is it one market?")
    failed.get_by_role("button", name="Send again").click()

    expect(open_step.locator("#stream .msg.coach").last).to_be_visible()
    expect(failed).to_have_count(0)
    expect(open_step.locator("#stream .msg.you")).to_have_count(1)
    assert student_messages() == ["Is it one market?"]


def test_the_coachs_answer_does_not_undo_what_was_just_typed_in_the_form(open_step: Page) -> None:
    composer(open_step).fill("Is it one market?")
    goal = open_step.locator("[name=field-goal]")
    goal.fill("Net sales up 5 %")
    open_step.get_by_role("button", name="Send", exact=True).click()
    expect(open_step.locator("#stream .is-pending")).to_have_count(0)
    expect(goal).to_have_value("Net sales up 5 %")
    expect(open_step.locator("#artefact [data-saved]")).to_have_text("Draft saved")
    assert AttemptStep.objects.get(step="clarify").artefact["goal"] == "Net sales up 5 %"


def test_an_unsent_message_survives_a_reload(open_step: Page) -> None:
    open_step.route("**/say/", lambda route: route.abort())
    composer(open_step).fill("Is it one market?")
    open_step.get_by_role("button", name="Send", exact=True).click()
    expect(open_step.locator("#stream .is-failed")).to_be_visible()
    open_step.unroute("**/say/")
    open_step.reload()
    open_step.get_by_role("button", name="Send again").click()
    expect(open_step.locator("#stream .msg.coach").last).to_be_visible()
    expect(open_step.locator("#stream .is-failed, #stream .is-pending")).to_have_count(0)
    assert student_messages() == ["Is it one market?"]


@pytest.mark.parametrize("with_script", [True, False])
def test_a_double_click_on_send_makes_one_message(site: Site, with_script: bool) -> None:
    page = site.browser(java_script_enabled=with_script)
    start_shop(page)
    composer(page).fill("Is it one market?")
    page.get_by_role("button", name="Send", exact=True).dblclick()
    expect(page.locator("#stream .msg.coach").last).to_be_visible()
    expect(page.locator("#stream .is-pending")).to_have_count(0)
    page.reload()
    expect(page.locator("#stream .msg.you")).to_have_count(1)
    assert student_messages() == ["Is it one market?"]


def test_an_attempt_goes_on_where_it_was_on_a_second_device(site: Site, alice: User) -> None:
    attempt = play(alice)
    say(attempt, "I choose those who bought before.", "clarify")
    laptop, phone = site.browser(), site.browser(viewport={"width": 360, "height": 800})
    for device in (laptop, phone):
        sign_in(device, alice.email, "/practice/")
    laptop.get_by_role("link", name="Go on").click()
    composer(laptop).fill(HALF)
    saved(laptop)

    phone.get_by_role("link", name="Go on").click()
    expect(composer(phone)).to_have_value(HALF)
    expect(phone.locator("#stream .msg.you")).to_contain_text("I choose those who bought before.")
    composer(phone).fill(HALF + "ore")
    saved(phone)
    laptop.reload()
    expect(composer(laptop)).to_have_value(HALF + "ore")


def test_one_goes_back_to_an_earlier_step_and_finds_it_as_it_was(open_step: Page) -> None:
    composer(open_step).fill("I assume one market.")
    open_step.get_by_role("button", name="Done with this step").click()
    open_step.wait_for_url("**/segment/")
    composer(open_step).fill(HALF)
    saved(open_step)

    steps = open_step.get_by_role("navigation", name="Steps of the case")
    steps.get_by_role("link", name="Clarify").click()
    open_step.wait_for_url("**/clarify/")
    expect(open_step.locator("#stream .msg.you")).to_contain_text("I assume one market.")
    expect(open_step.get_by_role("button", name="Submit this step again")).to_be_visible()
    steps.get_by_role("link", name="Segment").click()
    expect(composer(open_step)).to_have_value(HALF)
    assert Attempt.objects.get().steps.exclude(submitted_at=None).count() == 1
