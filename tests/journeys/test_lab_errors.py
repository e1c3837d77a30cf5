"""What a script redraws and cannot be computed: said at its place, with all that was typed kept."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, Route, expect

from tests.journeys.play import Site

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


def statuses(page: Page) -> list[int]:
    """Return a list that takes up the status of every redraw."""
    seen: list[int] = []
    page.on(
        "response",
        lambda r: seen.append(r.status) if r.request.headers.get("hx-request") else None,
    )
    return seen


def test_a_figure_that_is_no_number_is_said_at_its_field_and_stays(site: Site) -> None:
    page = site.browser()
    seen = statuses(page)
    page.goto("/lab/experiment/")
    page.get_by_label("What you measure").fill("Sign-ups")
    rate = page.get_by_label("Rate today")
    rate.fill("much")
    rate.press("Tab")
    expect(page.locator("#id_baseline_say")).to_contain_text("Write a percentage")
    expect(page.locator("#trial-result")).to_contain_text("Not computed yet")
    assert seen[-1] == 422
    expect(rate).to_have_value("much")
    expect(page.get_by_label("What you measure")).to_have_value("Sign-ups")
    expect(page.locator("[data-status]")).not_to_contain_text("did not work")
    rate.fill("20")
    rate.press("Tab")
    expect(page.locator("#trial-result")).to_contain_text("per arm")
    assert seen[-1] == 200


def test_a_lever_that_is_no_number_is_said_at_its_field_and_stays(site: Site) -> None:
    page = site.browser()
    seen = statuses(page)
    page.goto("/lab/sheets/")
    page.get_by_role("button", name="Start from this").first.click()
    field = page.locator("#lever-aov")
    field.fill("dear")
    expect(page.locator("#say-aov")).to_contain_text("number")
    expect(field).to_have_value("dear")
    assert 422 in seen


@pytest.mark.parametrize(("status", "words"), [(429, "Wait 7 seconds"), (404, "no longer there")])
def test_any_other_error_leaves_the_page_and_says_what_to_do(
    site: Site, status: int, words: str
) -> None:
    page = site.browser()
    page.goto("/lab/experiment/")
    before = page.locator("#trial-result").inner_text()

    def refused(route: Route) -> None:
        route.fulfill(status=status, headers={"Retry-After": "7"}, body="<!doctype html><p>No")

    page.route("**/lab/experiment/?**", refused)
    rate = page.get_by_label("Rate today")
    rate.fill("21")
    rate.press("Tab")
    expect(page.locator("[data-status]")).to_contain_text(words)
    expect(rate).to_have_value("21")
    assert page.locator("#trial-result").inner_text() == before


def test_a_whole_page_is_never_put_into_a_part_of_one(site: Site) -> None:
    page = site.browser()
    page.goto("/lab/experiment/")
    page.route(
        "**/lab/experiment/?**",
        lambda route: route.fulfill(status=422, body="<!doctype html><h1>Whole</h1>"),
    )
    page.get_by_label("Rate today").fill("21")
    page.get_by_label("Rate today").press("Tab")
    expect(page.locator("[data-status]")).to_contain_text("did not work")
    expect(page.locator("h1")).to_have_count(1)


@pytest.mark.parametrize("script", [True, False])
def test_another_kind_of_test_keeps_what_was_typed(site: Site, *, script: bool) -> None:
    page = site.browser(java_script_enabled=script)
    page.goto("/lab/experiment/")
    page.get_by_label("What you measure").fill("Sign-ups")
    page.get_by_label("Rate today").fill("12")
    page.get_by_role("button", name="A mean").click()
    expect(page.get_by_label("What you measure")).to_have_value("Sign-ups")
    page.get_by_label("Standard deviation over people").fill("41")
    page.get_by_role("button", name="A rate").click()
    expect(page.get_by_label("Rate today")).to_have_value("12")
    page.get_by_label("Rate today").press("Enter")
    expect(page.locator("#trial-result")).to_contain_text("per arm")
    page.get_by_role("button", name="A mean").click()
    expect(page.get_by_label("Standard deviation over people")).to_have_value("41")


def test_a_redraw_is_of_the_page_it_is_for_while_another_kind_is_on_its_way(site: Site) -> None:
    page = site.browser()
    page.goto("/lab/experiment/")

    def keep_on_its_way(route: Route) -> None:
        if route.request.is_navigation_request():
            route.fulfill(status=204)  # the page stays, as it does until the next one arrives
        else:
            route.continue_()

    page.route("**/lab/experiment/?**", keep_on_its_way)
    page.get_by_label("Rate today").fill("12")
    with page.expect_response(lambda r: "hx-request" in r.request.headers) as redrawn:
        page.get_by_role("button", name="A mean").click()
    assert "to=" not in redrawn.value.url
    expect(page).to_have_url(re.compile(r"kind=rates.*baseline=12"))
    expect(page.locator("#trial-result")).to_contain_text("per arm")
