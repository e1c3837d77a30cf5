"""A sheet in a browser: a slider by its keys, a question that is asked back, nothing lost."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.journeys.looking import faults
from tests.journeys.play import Site

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


def test_levers_are_moved_by_keyboard_and_kept(site: Site) -> None:
    page = site.browser()
    page.goto("/lab/sheets/")
    page.get_by_role("button", name="Start from this").first.press("Enter")
    star = page.locator("#sheet-tree tr.star")
    expect(star).to_contain_text("$5.28 million")
    slider = page.locator("#slide-aov")
    slider.focus()
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    expect(page.locator("#lever-aov")).to_have_value("30.22")
    expect(star).to_contain_text("$5.319 million")
    expect(slider).to_be_focused()
    page.locator("#lever-page_rate").fill("+10 %")
    meaning = page.get_by_label("10 % of it: 40 % becomes 44 %")
    expect(meaning).to_be_visible()
    meaning.focus()
    page.keyboard.press("Space")
    expect(star).to_contain_text("$5.851 million")
    page.reload()
    expect(star).to_contain_text("$5.851 million")
    expect(page.locator("#how-page_rate")).to_have_value("times")
    page.get_by_label("Keep these levers as a scenario").fill("Better pages")
    page.get_by_role("button", name="Keep", exact=True).press("Enter")
    expect(page.get_by_role("navigation", name="Scenarios")).to_contain_text("Better pages")
    star.get_by_role("link").press("Enter")
    expect(page.locator("#explain")).to_contain_text("How GMV after returns comes about")
    found = faults(page, "sheet")
    for name in ("Side by side", "Inputs and formulas", "Share and export"):
        page.get_by_role("link", name=name).click()
        found += faults(page, name)
    page.get_by_role("link", name="Inputs and formulas").click()
    page.get_by_role("link", name="Add a formula").click()
    found += faults(page, "a formula")
    assert found == []
