"""A plugin for tests in a browser: the system's Chromium, and what happens where there is none.

A browser of nobody's is lent and cleaned rather than made again: a cold cache makes the first page
of a new one cost as much as five later ones.

Without Chromium these tests are skipped with the reason. REQUIRE_BROWSER=1, as CI sets it, turns
every skipped test that is marked ``journey`` into a failure.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Generator
from contextlib import ExitStack
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
    # A page lives for a second here: code is never run often enough to be worth its optimizing.
    "--js-flags=--no-maglev --no-opt",
    # Each window would draw the list below its address bar, which nobody sees, as a page. The last
    # list of features counts, so what Playwright switches off stands here again.
    "--disable-features=WebUIOmniboxPopup,WebUIOmniboxAimPopup,WebUIOmniboxFullPopup,"
    "AvoidUnnecessaryBeforeUnloadCheckSync,DestroyProfileOnBrowserClose,HttpsUpgrades,"
    "HttpsFirstBalancedModeAutoEnable,LensOverlay,MediaRouter,PaintHolding,"
    "ThirdPartyStoragePartitioning,AvoidCorsURLLoaderRestartOnRedirect,OptimizationHints,"
    "NetworkTimeServiceQuerying,AimEnabled,PreconnectToSearch",
]
REMEMBERED = "cookies,local_storage,indexeddb,cache_storage,service_workers,websql,file_systems"
"""What a site may leave in a browser, but for the files of its pages."""
PATIENCE = 90_000
"""Milliseconds; a wait on a state ends with it, so only a fault takes this long. Where four
processes share two slow cores a page once took more than thirty seconds."""
expect.set_options(timeout=PATIENCE)
REQUIRED = os.environ.get("REQUIRE_BROWSER") == "1"


class Browsers:
    """Lends browsers that remember nothing of who had them before, each with one empty page."""

    def __init__(self, chromium: Browser) -> None:
        self._chromium = chromium
        self._idle: dict[str, list[BrowserContext]] = {}

    @property
    def are_there(self) -> bool:
        """Whether Chromium still runs."""
        return self._chromium.is_connected()

    def lend(self, url: str, **options: Any) -> Page:
        """Return the empty page of a browser for the site at this address."""
        idle = self._idle.get(_kind(url, options))
        if idle:
            return idle.pop().pages[0]
        return self._chromium.new_context(base_url=url, **options).new_page()

    def take_back(self, context: BrowserContext, url: str, **options: Any) -> None:
        """Clean a browser that was lent with this address and these options.

        It always has a page: with its last page a browser gives up the files of the site.
        """
        empty, used = context.new_page(), context.pages[:-1]
        for page in used:
            page.close()
        context.set_offline(False)
        context.clear_cookies()
        tools = context.new_cdp_session(empty)
        tools.send("Storage.clearDataForOrigin", {"origin": url, "storageTypes": REMEMBERED})
        tools.detach()
        self._idle.setdefault(_kind(url, options), []).append(context)


def _kind(url: str, options: dict[str, Any]) -> str:
    return repr((url, sorted(options.items())))


@pytest.fixture
def browsers() -> Browsers:
    """The browsers of this process; the first test that asks for them starts Chromium."""
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed (Debian: apt install chromium)")
    return HOUSE.open()


class House:
    """Chromium, from a process's first test in a browser to its last: to start it takes longer
    than many a test. Its loop would make Django refuse queries, so they are allowed meanwhile."""

    def __init__(self) -> None:
        self._browsers: Browsers | None = None
        self._left = ExitStack()

    def open(self) -> Browsers:
        """Return the browsers; start Chromium where it does not run, or no longer."""
        if self._browsers is not None and not self._browsers.are_there:
            self.close()
        if self._browsers is None:
            os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
            self._left.callback(os.environ.pop, "DJANGO_ALLOW_ASYNC_UNSAFE", None)
            playwright = self._left.enter_context(sync_playwright())
            chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGS)
            self._left.callback(chromium.close)
            self._browsers = Browsers(chromium)
        return self._browsers

    def close(self) -> None:
        """Stop Chromium where it runs."""
        self._browsers = None
        self._left.close()


HOUSE = House()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Stop Chromium before a test that is in no browser."""
    if item.get_closest_marker("journey") is None:
        HOUSE.close()


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish() -> None:
    """Stop Chromium after the last test."""
    HOUSE.close()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the tests that take longest first, so that no process waits for the other at the end."""
    items.sort(key=lambda item: item.get_closest_marker("journey") is None)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Turn a skipped browser test into a failure where a browser is required."""
    report = yield
    if REQUIRED and report.skipped and item.get_closest_marker("journey"):
        report.outcome = "failed"
        report.longrepr = f"REQUIRE_BROWSER=1, and this was skipped: {report.longrepr}"
    return report
