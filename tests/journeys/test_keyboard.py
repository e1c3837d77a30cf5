"""The whole case without a mouse: Tab, Enter, Space, arrows and Ctrl with Enter."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from coach.models import Attempt, AttemptStep
from tests.journeys.play import ASK_FIGURES, ASK_SHOPPERS, PLAY, STEPS, Site, composer

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
STOPS = 160
"""More stops than any page has: after as many Tabs without a match, the way is not there."""
FOCUS = """async (wanted) => { const look = () => {
  const at = document.activeElement;
  if (!at || at === document.body) return { at: "body", visible: true };
  const style = getComputedStyle(at), box = at.getBoundingClientRect();
  const near = at.nextElementSibling ? getComputedStyle(at.nextElementSibling) : style;
  const ring = (s) => s.outlineStyle !== "none" && parseFloat(s.outlineWidth) >= 1;
  const around = at.closest(".composer, .search, .seg label");
  const seen = [[0.5, 0.5], [0.1, 0.2], [0.9, 0.8]].some(([x, y]) => {
    const top = document.elementFromPoint(box.x + box.width * x, box.y + box.height * y);
    return top && (at.contains(top) || top.contains(at) || at.closest("label")?.contains(top));
  });
  return { at: at.outerHTML.slice(0, 120), here: at === wanted,
    visible: seen && box.width * box.height > 0 && (ring(style) || ring(near) ||
      (around !== null && ring(getComputedStyle(around)))) };
  };
  let stop = look();
  for (let frame = 0; frame < 30 && !stop.visible; frame += 1) {
    await new Promise(requestAnimationFrame);
    stop = look();
  }
  return stop; }"""
"""What has the focus; a page may take some frames to scroll there."""


@pytest.fixture
def keys(site: Site) -> Page:
    """A browser whose mouse does nothing at all."""
    page = site.browser()
    page.add_init_script(
        """for (const name of ["mousedown", "mouseup", "pointerdown", "pointerup", "touchstart"])
        addEventListener(name, (event) => { if (event.isTrusted) throw new Error("a mouse"); },
          true);"""
    )
    return page


def tab_to(page: Page, wanted: Locator, key: str = "Tab") -> None:
    """Press Tab until the wanted element has the focus; every stop on the way must be seen."""
    expect(wanted).to_be_visible()
    for _ in range(STOPS):
        page.keyboard.press(key)
        stop = wanted.evaluate(FOCUS)
        assert stop["visible"], f"the focus is not to be seen at {stop['at']}"
        if stop.get("here"):
            return
    raise AssertionError(f"{STOPS} times {key} do not lead to {wanted}")


def press(page: Page, wanted: Locator, key: str = "Enter") -> None:
    """Go to a button or link and press it."""
    tab_to(page, wanted)
    page.keyboard.press(key)


def test_a_case_is_played_by_keyboard_alone(keys: Page) -> None:
    keys.goto("/")
    press(keys, keys.get_by_role("button", name="Try a case"))
    keys.wait_for_url("**/clarify/")
    clarify(keys)
    for step in STEPS[1:]:
        keys.wait_for_url(f"**/{step}/")
        # A card that comes by itself moves the page; the next key is pressed when it stands.
        expect(keys.locator("#stream section.feedback:not(.is-waiting)").first).to_be_visible()
        if step == "segment":
            fill_a_row(keys)
        if step == "metrics":
            move_a_lever(keys)
        write(keys, PLAY[step].said)
        press(keys, keys.get_by_role("button", name="Done with this step"))
    keys.wait_for_url("**/report/")
    expect(keys.locator(".verdict .level")).to_be_visible()
    unfold = keys.locator("summary", has_text="as others pass it").first
    press(keys, unfold, "Space")
    expect(keys.get_by_text("Distinctive", exact=True).first).to_be_visible()
    assert Attempt.objects.get().is_finished


def write(page: Page, text: str) -> None:
    """Write to the coach and send with Ctrl and Enter."""
    answers = page.locator("#stream .msg.coach")
    before = answers.count()
    tab_to(page, composer(page))
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(text)
    page.keyboard.press("Control+Enter")
    expect(answers).not_to_have_count(before)
    expect(composer(page)).to_be_focused()


def clarify(page: Page) -> None:
    write(page, ASK_FIGURES)
    expect(page.locator("#stream .card.fact").first).to_be_visible()
    write(page, ASK_SHOPPERS)
    press(page, page.get_by_role("button", name="Hint S"), "Space")
    expect(page.locator("#stream .hint")).to_be_visible()
    press(page, page.get_by_role("button", name="Done with this step"))


def fill_a_row(page: Page) -> None:
    """Two cells of a row, a new row, and the choice of it by the arrow keys."""
    form = page.locator("#artefact form")
    tab_to(page, form.locator("[name=rows-0-name]"))
    page.keyboard.insert_text("Came from a video")
    tab_to(page, form.locator("[name=rows-chosen][value='0']"))
    page.keyboard.press("ArrowDown")
    expect(form.locator("[name=rows-chosen][value='1']")).to_be_checked()
    tab_to(page, form.locator("[name=rows-1-name]"))
    page.keyboard.insert_text("Bought before")
    press(page, form.get_by_role("button", name="Add a segment"))
    new = form.locator("[name=rows-3-name]")
    expect(new).to_be_focused()
    expect(form.locator("[data-saved]")).to_have_text("Draft saved")
    row = AttemptStep.objects.get(step="segment")
    assert [each["name"] for each in row.artefact["rows"]] == ["Came from a video", "Bought before"]
    assert row.artefact["rows"][1]["chosen"] is True


def move_a_lever(page: Page) -> None:
    """Into the lab, another figure on top, one slider up, and the sentence into the answer."""
    press(page, page.get_by_role("link", name="Open in the lab"))
    page.wait_for_url("**/lab/")
    star = page.get_by_label("On top of the tree")
    tab_to(page, star)
    page.keyboard.type("Gross merchandise value per month")
    top = page.locator("#kpi-tree tr.star")
    expect(top).to_contain_text("$6.0 million")
    tab_to(page, page.get_by_label("Conversion, slider"))
    field = page.get_by_label("Conversion, number")
    before = field.input_value()
    for _ in range(5):
        page.keyboard.press("ArrowRight")
    assert float(field.input_value()) > float(before)
    expect(top.locator("td").last).to_contain_text(re.compile(r"\+\d"))
    tab_to(page, page.get_by_role("button", name="Put into my answer"), "Shift+Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/metrics/#say")
    expect(composer(page)).to_have_value(re.compile("^With conversion from 2 % to"))


def test_the_focus_goes_round_every_page_without_a_trap(site: Site, keys: Page) -> None:
    for path in ("/", "/questions/", "/account/signup/", "/lab/metrics/cvr_user/"):
        keys.goto(path)
        seen = stops(keys)
        assert seen == sorted(seen), f"{path}: the order of the stops is not the order of the page"
        assert len(seen) > 5


def stops(page: Page) -> list[int]:
    """Return the places in the page where Tab stops, in the order of the stops, once round."""
    places: list[int] = []
    for _ in range(STOPS):
        page.keyboard.press("Tab")
        place = page.evaluate("[...document.querySelectorAll('*')].indexOf(document.activeElement)")
        stop = page.evaluate(FOCUS)
        assert stop["visible"], f"the focus is not to be seen at {stop['at']}"
        if stop["at"] == "body" or place in places:
            return places
        places.append(place)
    raise AssertionError("the focus never comes round")
