"""The case as plain forms, in a browser that runs no script."""

from __future__ import annotations

import re
import time

import pytest
from playwright.sync_api import Page, expect

from coach.models import Answer, Message
from tests.browser import PATIENCE
from tests.journeys.play import ASK_FIGURES, PLAY, Site, composer, start_shop

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
REWRITTEN = PLAY["segment"].said + " My persona is Dana, 29, who bought two tops since spring."


def test_a_step_is_played_judged_and_revised_without_javascript(site: Site) -> None:
    page = site.browser(java_script_enabled=False)
    start_shop(page)
    ask(page)
    take_a_hint(page)
    page.get_by_role("button", name="Done with this step").click()
    page.wait_for_url("**/segment/")

    send(page, PLAY["segment"].said)
    fill_in_with_a_row_added(page)
    page.get_by_role("button", name="Done with this step").click()
    page.wait_for_url("**/pain_points/")
    see_feedback_after_a_reload(page)
    page.get_by_role("button", name="Finish and see the report").click()
    page.wait_for_url("**/report/")
    expect(page.get_by_role("heading", name="What to practice next")).to_be_visible()
    revise(page)


def send(page: Page, text: str) -> None:
    composer(page).fill(text)
    page.get_by_role("button", name="Send", exact=True).click()
    page.wait_for_url("**#say")


def ask(page: Page) -> None:
    send(page, ASK_FIGURES)
    expect(page.locator("#stream .card.fact").first).to_contain_text("$30")
    expect(page.locator("#ledger-body")).to_contain_text("$30")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("Write a message first")
    assert Message.objects.filter(author="student").count() == 1


def take_a_hint(page: Page) -> None:
    composer(page).fill("half a sentence")
    page.get_by_role("button", name="Hint S").click()
    expect(page.locator("#stream .hint")).to_be_visible()
    expect(composer(page)).to_have_value("half a sentence")


def fill_in_with_a_row_added(page: Page) -> None:
    form = page.locator("#artefact form")
    rows = form.locator("tr[data-row]")
    for index in range(rows.count()):
        form.locator(f"[name=rows-{index}-name]").fill(f"Segment {index + 1}")
    before = rows.count()
    form.get_by_role("button", name="Add a segment").click()
    expect(rows).to_have_count(before + 1)
    expect(form.locator("[name=rows-0-name]")).to_have_value("Segment 1")
    form.locator(f"[name=rows-{before}-name]").fill("The added one")
    form.locator(f"[name=rows-chosen][value='{before}']").check()
    form.get_by_role("button", name="Save the form").click()
    page.wait_for_url("**#artefact")
    expect(form.locator(f"[name=rows-{before}-name]")).to_have_value("The added one")


def see_feedback_after_a_reload(page: Page) -> None:
    made = page.locator("#stream section.feedback:not(.is-waiting)").first
    look = page.get_by_role("link", name="Look now")
    end = time.monotonic() + PATIENCE / 1000
    while not made.is_visible() and time.monotonic() < end:
        look.click() if look.is_visible() else page.reload()
    expect(made).to_be_visible()


def revise(page: Page) -> None:
    page.locator("[aria-labelledby=r-segment]").get_by_role("link", name="Rewrite").click()
    page.wait_for_url("**/segment/revise/")
    text = page.get_by_label("Your answer")
    expect(text).to_have_value(re.compile("I split by"))
    text.fill(REWRITTEN)
    page.get_by_role("button", name="Submit this version").click()
    page.wait_for_url("**/report/#r-segment")
    expect(page.locator("main")).to_contain_text("My persona is Dana, 29")
    assert [a.version for a in Answer.objects.filter(step="segment").order_by("version")] == [1, 2]
