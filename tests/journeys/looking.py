"""Looking at a page: what axe finds in both themes and at two widths, what sticks out at 320 px."""

from __future__ import annotations

import json
from pathlib import Path

import axe_playwright_python
from playwright.sync_api import Page

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
EVERYTHING = {
    "runOnly": {"type": "tag", "values": TAGS},
    "rules": {"target-size": {"enabled": True}},
    "resultTypes": ["violations"],
}
RUN = """async (options) => (await axe.run(document, options)).violations.flatMap((v) =>
  v.nodes.map((n) => `${v.id}: ${n.html.slice(0, 160)} [${n.target}]`
    + (v.id === "color-contrast" ? n.any[0]?.message : "")))"""
WIDER = """() => {
  const wide = document.documentElement.scrollWidth - innerWidth;
  if (wide <= 0) return [];
  const out = [...document.body.querySelectorAll("*")].filter((e) =>
    e.getBoundingClientRect().right > innerWidth + 1 && e.checkVisibility());
  return [`${wide} px wider than the screen: ${out.slice(-1)[0]?.outerHTML.slice(0, 160)}`]; }"""
HEADINGS = """() => [document.title,
  [...document.querySelectorAll('h1')].filter((h) => h.checkVisibility()).length]"""


def faults(page: Page, name: str) -> list[str]:
    """Return what is wrong with the page as it stands, each line with the page's name."""
    found: list[str] = []
    page.wait_for_load_state()  # a link may just have been pressed
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    # Colors are the same at every width and names in every theme: two looks see all of both.
    for width, theme in ((1280, "dark"), (360, "light")):
        # Tall, so that what sticks to the window's edge covers nothing.
        page.set_viewport_size({"width": width, "height": 2400})
        page.emulate_media(color_scheme=theme)
        found += [f"{theme} {width}: {line}" for line in _axe(page)]
    page.set_viewport_size({"width": 320, "height": 900})
    found += [f"320: {line}" for line in page.evaluate(WIDER)]
    title, headings = page.evaluate(HEADINGS)
    if headings != 1 or "Case Coach" not in title:
        found.append(f"{headings} h1, title {json.dumps(title)}")
    page.set_viewport_size({"width": 1280, "height": 900})
    return [f"{name}: {line}" for line in found]


def _axe(page: Page) -> list[str]:
    lines: list[str] = page.evaluate(RUN, EVERYTHING)
    return lines
