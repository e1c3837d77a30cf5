"""How a person uses the site: browsers that are watched, and the gestures of the case."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import BrowserContext, ConsoleMessage, Page, WebError, expect

from tests.browser import PATIENCE, Browsers
from tests.factories import PASSWORD

NOISE = (
    "Failed to load resource",
    "Response Status Error Code 4",
    "htmx:afterRequest",
    "htmx:sendAbort",
)
"""Chromium logs every answer of 4xx, htmx each that it does not show, and every cut
connection; pages that show one are meant to. htmx logs each request that a later one overtakes, or
that ends because the page is left."""


class Site:
    """The live server, its browsers, and everything they complained about."""

    def __init__(self, url: str, browsers: Browsers) -> None:
        self.url = url
        self._browsers = browsers
        self._lent: list[tuple[BrowserContext, dict[str, Any]]] = []
        self._complaints: list[str] = []

    def browser(self, **options: Any) -> Page:
        """Return a page of a fresh browser: no cookies, nothing remembered."""
        options = {"viewport": {"width": 1280, "height": 900}, "reduced_motion": "reduce"} | options
        page = self._browsers.lend(self.url, **options)
        page.context.set_default_timeout(PATIENCE)
        page.context.on("console", self._said)
        page.context.on("weberror", self._failed)
        self._lent.append((page.context, options))
        return page

    def complaints(self) -> list[str]:
        """Return errors of scripts and breaches of the content security policy."""
        return list(self._complaints)

    def close(self) -> None:
        """Close every page and give the browsers back."""
        for context, options in self._lent:
            self._browsers.take_back(context, self.url, **options)
            context.remove_listener("console", self._said)
            context.remove_listener("weberror", self._failed)

    def _said(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not message.text.startswith(NOISE):
            self._complaints.append(message.text)

    def _failed(self, error: WebError) -> None:
        self._complaints.append(str(error.error))


@dataclass(frozen=True)
class StepPlay:
    """What a student does in one step."""

    said: str = ""
    rows: Sequence[Mapping[str, str]] = ()
    fields: Mapping[str, str] = field(default_factory=dict)
    chosen: int | None = None


ASK_FIGURES = (
    "What is the conversion rate, the average order value and how many shoppers are there?"
)
ASK_SHOPPERS = "Are those shoppers people who bought or people who looked?"
PLAY: Mapping[str, StepPlay] = {
    "clarify": StepPlay(
        fields={"goal": "Net sales up 5 % in two quarters", "scope": "One market, no subsidies"},
    ),
    "segment": StepPlay(
        said="I split by what people did last month. Those who came from a video and never bought "
        "are 24 % of visitors, 2.4 million people. Those who bought before and come back are 6 %, "
        "600,000 people. I choose those who bought before, since they trusted the shop once.",
        rows=(
            {"name": "Came from a video", "does": "Look, never bought", "share": "24 %"},
            {"name": "Bought before", "does": "Come back to look", "share": "6 %"},
        ),
        fields={"split_by": "What they did last month", "why": "They trusted us once"},
        chosen=1,
    ),
    "pain_points": StepPlay(
        said="For people who bought before, sending a thing back is a chore: a queue at the post "
        "office and two weeks without the money, so they keep it and stop buying. Delivery also "
        "comes late. I take returns, because that is where the trust is lost.",
        rows=(
            {"pain": "Sending back is a chore", "moment": "After the parcel came"},
            {"pain": "It comes too late", "moment": "While waiting"},
        ),
        chosen=0,
    ),
    "solutions": StepPlay(
        said="One: money back at the counter, the shop scans the parcel and the refund is on her "
        "card before she leaves. Two: an offer to keep a cheap thing for five dollars back. The "
        "risk of the first is empty parcels, so only for people with one kept order.",
        rows=(
            {"name": "Money back at the counter", "user_meets": "Shows a code in a shop"},
            {"name": "Keep-it offer", "user_meets": "Taps that it does not fit"},
        ),
    ),
    "prioritize": StepPlay(
        said="Reach is 600,000 people who bought before, times 30 % with return trouble, so "
        "180,000. Money back at the counter scores 22,500, the offer 15,000. I choose money back "
        "at the counter; the offer waits, because it trains people to complain.",
        rows=(
            {"reach": "180,000", "confidence": "50", "effort": "4"},
            {"reach": "180,000", "confidence": "50", "effort": "6"},
        ),
        fields={"why": "The most people for the effort"},
        chosen=0,
    ),
    "metrics": StepPlay(
        said="Primary metric is the share of earlier buyers who order in a month, 10 % today and "
        "11 % in two quarters. A guardrail is the return rate, 12 % now and never over 13 %. "
        "An experiment by person, half of them offered the counter.",
        rows=(
            {"name": "Orders per earlier buyer", "window": "per month", "baseline": "10 %"},
            {"name": "Return rate", "window": "per month", "baseline": "12 %", "target": "13 %"},
        ),
    ),
    "summary": StepPlay(
        said="I recommend to fix what happens after the first order, for the 600,000 people a "
        "month who bought before. Sending back takes a queue and two weeks, so they stop. The "
        "first bet is money back at the counter, tried by hand on 300 returns. We watch how many "
        "of them order in a month, 10 % today, and the return rate. The main risk is abuse.",
    ),
}
STEPS = tuple(PLAY)


def start_shop(page: Page) -> None:
    """From the home page into the first step."""
    page.goto("/")
    page.get_by_role("button", name="Try a case").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("How would you improve TikTok Shop?")


def composer(page: Page) -> Any:
    """Where one writes to the coach."""
    return page.get_by_label("Your message")


def say(page: Page, text: str) -> None:
    """Send a message and wait for the coach's answer."""
    answers = page.locator("#stream .msg.coach")
    before = answers.count()
    composer(page).fill(text)
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.locator("#stream .is-pending")).to_have_count(0)
    expect(answers).not_to_have_count(before)


def fill_artefact(page: Page, play: StepPlay) -> None:
    """Fill in the step's table and fields; wait until they are stored."""
    form = page.locator("#artefact form")
    for index, row in enumerate(play.rows):
        for column, text in row.items():
            form.locator(f"[name=rows-{index}-{column}]").fill(text)
    for name, text in play.fields.items():
        form.locator(f"[name=field-{name}]").fill(text)
    if play.chosen is not None:
        form.locator(f"[name=rows-chosen][value='{play.chosen}']").check()
    expect(form.locator("[data-saved]")).to_have_text("Draft saved")


def done(page: Page) -> None:
    """Press "Done with this step"."""
    before = page.url.split("#")[0]
    page.get_by_role("button", name="Done with this step").click()
    expect(page).not_to_have_url(re.compile(rf"^{re.escape(before)}"))


def sign_in(page: Page, email: str, next_url: str = "/account/") -> None:
    """Sign in on the page."""
    page.goto(f"/account/login/?next={next_url}")
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.locator("main").get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"**{next_url}")
