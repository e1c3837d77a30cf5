"""Finding: the palette from any page, by keyboard, and the filters of the bank."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, Route, expect

from questions import search
from tests.coach.factories import question_of
from tests.journeys.looking import faults
from tests.journeys.play import Site

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def page(site: Site) -> Page:
    """A browser on a site with three cases that can be found."""
    slugs = ("improve-tiktok-shop", "improve-duolingo", "shop-conversion-falls-in-spain")
    search.index_write([question_of(slug) for slug in slugs])
    return site.browser()


def hits_are_of(page: Page, words: str) -> None:
    """Wait until the hits are those of these words, and not of the first few of their letters."""
    expect(page.locator("[data-palette]")).to_have_attribute("data-asked", words)


def test_the_palette_opens_from_any_page_and_goes_where_the_arrows_point(page: Page) -> None:
    page.goto("/lab/")
    page.keyboard.press("Control+k")
    hits = page.locator("#find-hits [data-hit]")
    expect(page.locator("#find-hits")).to_contain_text("Pages")
    page.keyboard.type("tiktk shop")
    hits_are_of(page, "tiktk shop")
    expect(hits.first).to_contain_text("TikTok Shop")
    assert faults(page, "palette") == []
    page.keyboard.press("ArrowDown")
    expect(hits.first).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(page.locator("#find-q")).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/questions/improve-tiktok-shop/")


def test_a_letter_typed_on_a_hit_goes_on_in_the_field_and_escape_closes(page: Page) -> None:
    page.goto("/questions/")
    page.keyboard.press("Control+k")
    page.keyboard.type("chur")
    hits_are_of(page, "chur")
    expect(page.locator("#find-hits")).to_contain_text("Metrics")
    page.keyboard.press("ArrowDown")
    page.keyboard.type("n")
    expect(page.locator("#find-q")).to_have_value("churn")
    page.keyboard.press("Escape")
    expect(page.locator("#find")).to_be_hidden()


def test_enter_opens_the_first_hit(page: Page) -> None:
    page.goto("/")
    page.keyboard.press("Control+k")
    page.keyboard.type("size a test")
    hits_are_of(page, "size a test")
    expect(page.locator("#find-hits [data-hit]").first).to_contain_text("Size a test")
    page.keyboard.press("Enter")
    page.wait_for_url("**/lab/experiment/")


def test_enter_opens_no_hit_of_other_words_than_those_in_the_field(page: Page) -> None:
    def type_on(route: Route) -> None:
        page.locator("#find-q").evaluate("(field) => { field.value = 'size a test'; }")
        route.continue_()

    page.goto("/")
    page.route("**/find/?q=churn", type_on)
    page.keyboard.press("Control+k")
    page.keyboard.type("churn")
    hits_are_of(page, "churn")
    page.keyboard.press("Enter")
    page.wait_for_url("**/find/?q=size+a+test")


def test_filters_narrow_the_bank_and_are_taken_away_again(page: Page) -> None:
    page.goto("/questions/")
    every = page.locator("#found").inner_text()
    page.get_by_label("Root cause").check()
    expect(page.locator("#found")).not_to_have_text(every)
    expect(page.locator("tbody .sub").first).to_contain_text("Root cause")
    page.get_by_role("combobox", name="Sort by").select_option("shortest")
    page.wait_for_url("**sort=shortest**")
    page.locator("a.chip", has_text="Root cause").click()
    expect(page.locator("#found")).to_have_text(every)


def test_without_a_script_the_search_is_a_page(site: Site) -> None:
    page = site.browser(java_script_enabled=False)
    page.goto("/lab/")
    page.get_by_role("link", name="Search").click()
    page.wait_for_url("**/find/")
    page.get_by_role("searchbox").last.fill("churn")
    page.get_by_role("button", name="Search").click()
    expect(page.get_by_role("main")).to_contain_text("Metrics")
