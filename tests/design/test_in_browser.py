"""What the small modules do, on the style guide, with the server's answers played by the test."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import Page, Route, expect

from tests.journeys.looking import faults

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


def test_axe_finds_nothing_on_the_style_guide(guide: Page) -> None:
    assert faults(guide, "/styleguide/") == []


def test_the_theme_changes_at_once_and_is_remembered(guide: Page) -> None:
    guide.emulate_media(color_scheme="light")
    guide.locator("[data-theme-toggle]").click()
    assert guide.evaluate("document.documentElement.dataset.theme") == "dark"

    guide.reload()
    assert guide.evaluate("document.documentElement.dataset.theme") == "dark"


def test_a_message_that_fails_keeps_its_words_and_goes_through_when_sent_again(guide: Page) -> None:
    answers = iter([500, 200])
    bodies: list[str] = []

    def answer(route: Route) -> None:
        if route.request.method != "POST":
            return route.continue_()
        bodies.append(route.request.post_data or "")
        status = next(answers)
        body = '<article class="msg you" id="stored"><p>Twice in seven days</p></article>'
        return route.fulfill(status=status, body=body, content_type="text/html")

    guide.evaluate(STREAM)
    guide.route("**/say/", answer)
    guide.locator("#t-say").fill("Twice in seven days")
    guide.locator("#t-say").press("Control+Enter")
    failed = guide.locator("#t-stream .is-failed")
    expect(failed).to_contain_text("Twice in seven days")
    failed.get_by_role("button", name="Send again").click()

    expect(guide.locator("#stored")).to_be_visible()
    expect(guide.locator("#t-stream .msg")).to_have_count(1)
    ids = [part for body in bodies for part in body.split("\r\n") if part.count("-") == 4]
    assert len(ids) == 2
    assert ids[0] == ids[1]


def test_a_draft_is_saved_when_one_pauses_and_says_so(guide: Page) -> None:
    saved: list[str] = []

    def answer(route: Route) -> None:
        saved.append(route.request.post_data or "")
        route.fulfill(status=200, body="{}")

    guide.evaluate(STREAM)
    guide.route("**/draft/", answer)
    guide.locator("#t-say").fill("Half a sentence")

    expect(guide.locator("#t-saved")).to_have_text("Draft saved")
    assert "Half a sentence" in saved[-1]
    assert guide.evaluate("Object.keys(localStorage).filter((k) => k.startsWith('draft:'))") == []


def test_what_is_typed_while_a_draft_is_saved_is_kept_until_its_own_save(guide: Page) -> None:
    on_their_way: list[Route] = []
    guide.evaluate(STREAM)
    guide.route("**/draft/", lambda route: on_their_way.append(route))
    guide.locator("#t-say").fill("Half a sentence")
    sent(guide, on_their_way, 1)
    guide.locator("#t-say").fill("Half a sentence, and more")
    on_their_way[0].fulfill(status=200, body="{}")
    guide.wait_for_timeout(200)  # the page has read the answer
    kept = guide.evaluate("Object.values(localStorage).filter((v) => v.includes('fields'))")
    assert any("and more" in copy for copy in kept)
    expect(guide.locator("#t-saved")).to_be_empty()

    sent(guide, on_their_way, 2)
    on_their_way[1].fulfill(status=200, body="{}")
    expect(guide.locator("#t-saved")).to_have_text("Draft saved")


def sent(page: Page, routes: list[Route], count: int) -> None:
    """Wait until the page has sent so many requests."""
    for _ in range(300):
        if len(routes) >= count:
            return
        page.wait_for_timeout(100)
    pytest.fail(f"{len(routes)} of {count} were sent within half a minute.")


def test_a_draft_that_cannot_be_saved_stays_in_the_browser(guide: Page) -> None:
    guide.evaluate(STREAM)
    guide.route("**/draft/", lambda route: route.abort())
    guide.locator("#t-say").fill("Half a sentence")

    expect(guide.locator("#t-saved")).to_contain_text("kept in this browser")
    copies = guide.evaluate("Object.values(localStorage).filter((v) => v.includes('fields'))")
    assert any("Half a sentence" in json.dumps(json.loads(copy)) for copy in copies)


def test_feedback_on_its_way_takes_its_place_when_it_is_made(guide: Page) -> None:
    answers = iter(['<p data-poll-url="/wait/">not yet</p>', '<p id="made">Three findings</p>'])
    guide.route("**/wait/", lambda route: route.fulfill(body=next(answers)))
    guide.evaluate(
        """() => { const p = document.createElement("p"); p.dataset.pollUrl = "/wait/";
        p.dataset.pollWords = "Feedback on Clarify is here";
        document.getElementById("main").append(p);
        p.dispatchEvent(new CustomEvent("coach:load", { bubbles: true })); }"""
    )

    expect(guide.locator("#made")).to_have_text("Three findings")
    expect(guide.locator("#live")).to_have_text("Feedback on Clarify is here")


def test_rows_are_added_counted_and_removed(guide: Page) -> None:
    table = guide.get_by_role("region", name="Segments", exact=True)
    table.get_by_role("button", name="Add a segment").click()

    assert table.locator("[data-row]").count() == 4
    assert table.locator("[data-row]").nth(3).locator("textarea").first.get_attribute("name") == (
        "rows-3-name"
    )
    table.get_by_role("button", name="Remove this segment").first.click()
    names = [e.get_attribute("name") for e in table.locator("[data-cell=name]").all()]
    assert names == ["rows-0-name", "rows-1-name", "rows-2-name"]


def test_rice_is_computed_while_one_types(guide: Page) -> None:
    table = guide.locator("[data-rice]")
    table.locator("[data-cell=reach]").first.fill("9 M")

    expect(table.locator("[data-computed]").first).to_have_text("900,000")


def test_slider_and_field_of_a_lever_say_the_same(guide: Page) -> None:
    guide.locator("#slide-conversion").fill("1.8")
    expect(guide.locator("#lever-conversion")).to_have_value("1.8")

    guide.locator("#lever-conversion").fill("2.2")
    expect(guide.locator("#slide-conversion")).to_have_value("2.2")


def test_keys_work_on_the_page_and_stay_letters_in_a_field(guide: Page) -> None:
    guide.locator("#say").press("?")
    expect(guide.locator("#keys")).not_to_be_visible()

    guide.locator("h1").click()
    guide.keyboard.press("?")
    expect(guide.locator("#keys")).to_be_visible()
    guide.keyboard.press("Escape")
    guide.keyboard.press("Control+k")
    expect(guide.locator("#find-q")).to_be_focused()


def test_the_line_about_the_lost_connection_comes_and_goes(guide: Page) -> None:
    guide.context.set_offline(True)
    expect(guide.locator("[data-offline]")).to_be_visible()
    guide.context.set_offline(False)
    expect(guide.locator("[data-offline]")).to_be_hidden()


STREAM = """() => {
  const box = document.createElement("div");
  box.innerHTML = `<div id="t-stream"></div>
    <form action="/say/" method="post" data-pending="#t-stream" data-autosave-url="/draft/">
      <input type="hidden" name="client_id" data-client-id
        value="00000000-0000-4000-8000-000000000009">
      <textarea id="t-say" name="text" data-composer></textarea>
      <button class="btn-primary" type="submit">Send</button>
      <p id="t-saved" data-saved></p></form>`;
  document.getElementById("main").append(box);
  box.dispatchEvent(new CustomEvent("coach:load", { bubbles: true }));
}"""
