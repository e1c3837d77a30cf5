"""The lab's tables in a browser: rows by keyboard, a table shared by its address, a chart saved."""

from __future__ import annotations

import base64
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.looking import faults
from tests.journeys.play import Site

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
VISITS = "ana,2026-01-05\nana,2026-01-13\nben,2026-01-06\ncy,2026-01-14\ncy,2026-01-18\n"


def test_ideas_are_ranked_by_keyboard_and_shared_by_their_address(site: Site) -> None:
    page = site.browser()
    page.goto("/lab/priority/")
    page.get_by_role("button", name="Add an idea").press("Enter")
    expect(page.get_by_label("Name of idea 5")).to_be_focused()
    page.keyboard.type("Gift cards")
    for text in ("90k to 95k", "3", "100 %", "1"):
        page.keyboard.press("Tab")
        page.keyboard.type(text)
    page.keyboard.press("Enter")
    first = "Gift cards comes first in 100 % of draws"
    expect(page.locator(".put")).to_contain_text(first)
    shared = site.browser(java_script_enabled=False)
    shared.goto(page.url)
    expect(shared.locator(".put")).to_contain_text(first)
    shared.get_by_role("button", name="Remove Gift cards").click()
    expect(shared.get_by_label("Name of idea 5")).to_have_count(0)
    expect(shared.get_by_label("Name of idea 4")).to_have_value("Live shopping")


def test_a_row_that_is_removed_leaves_the_others_numbered(site: Site) -> None:
    page = site.browser()
    page.goto("/lab/priority/")
    page.get_by_role("button", name="Remove Saved carts").click()
    expect(page.get_by_label("Reach, idea 2")).to_have_value("8k to 12k")
    page.get_by_role("button", name="Compute").click()
    expect(page.locator("#ranges")).to_be_visible()
    expect(page.locator("main")).not_to_contain_text("Saved carts")


def test_visits_are_pasted_and_counted_without_a_script(site: Site) -> None:
    page = site.browser(java_script_enabled=False)
    page.goto("/lab/cohorts/")
    page.get_by_label("Lines").fill(VISITS + "do,2026-13-02")
    page.get_by_role("button", name="Compute").click()
    expect(page.get_by_text("line 6: 2026-13-02 is no date; write 2026-02-13")).to_be_visible()
    page.get_by_label("Lines").fill(VISITS)
    page.get_by_role("button", name="Compute").click()
    expect(page.locator("figure > .quiet").first).to_contain_text("Of 2 people, 50 % are there")
    expect(page.get_by_role("button", name="Save picture")).to_have_count(0)


def test_a_chart_is_saved_as_it_looks(site: Site, tmp_path: Path) -> None:
    page = site.browser(color_scheme="dark")
    page.goto("/lab/cohorts/?example=counts")
    with page.expect_download() as download:
        page.get_by_role("button", name="Save picture").first.press("Enter")
    assert download.value.suggested_filename == "triangle.png"
    path = tmp_path / "picture.png"
    download.value.save_as(path)
    width, height, corner, colors = looked_at(page, path)
    assert (width, height) > (1400, 500)
    assert corner == page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    assert colors > 7  # the shades of the cells, and not one black shape


def looked_at(page: Page, path: Path) -> tuple[int, int, str, int]:
    """Return a picture's width and height, the color of its corner, and how many it has."""
    found: tuple[int, int, str, int] = tuple(
        page.evaluate(
            """async (base64) => {
              const image = new Image();
              image.src = `data:image/png;base64,${base64}`;
              await image.decode();
              const canvas = document.createElement("canvas");
              [canvas.width, canvas.height] = [image.width, image.height];
              const brush = canvas.getContext("2d");
              brush.drawImage(image, 0, 0);
              const all = brush.getImageData(0, 0, image.width, image.height).data;
              const seen = new Set();
              for (let i = 0; i < all.length; i += 4) seen.add(all.slice(i, i + 3).join(", "));
              const corner = `rgb(${all.slice(0, 3).join(", ")})`;
              return [image.width, image.height, corner, seen.size];
            }""",
            _base64(path),
        )
    )
    return found


def _base64(path: Path) -> str:
    return base64.b64encode(path.read_bytes()).decode()


def test_axe_finds_nothing_on_the_pages_of_tables(site: Site) -> None:
    page = site.browser()
    found = []
    for path in (
        "/lab/priority/",
        "/lab/priority/?scheme=rice&i-0-n=A&i-0-r=x&i-0-i=1.5&i-0-c=80&i-0-e=0&people=no",
        "/lab/cohorts/?example=visits",
    ):
        page.goto(path, wait_until="load")
        for summary in page.locator("main summary").all():
            summary.click()
        found += faults(page, path)
    page.goto("/lab/cohorts/")
    page.get_by_label("Lines").fill("ana,2026-13-02")
    page.get_by_label("Last day of the data").fill("soon")
    page.get_by_role("button", name="Compute").click()
    expect(page.get_by_role("heading", name=re.compile("need a change"))).to_be_visible()
    found += faults(page, "mistakes")
    assert not found, "\n".join(found)
