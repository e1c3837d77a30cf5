"""The style guide in a browser, for the tests of behavior."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer


@pytest.fixture
def guide(chromium: Browser, live_server: LiveServer) -> Iterator[Page]:
    """The style guide, open; any error in a module fails the test."""
    context = chromium.new_context(reduced_motion="reduce", viewport={"width": 1280, "height": 900})
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(f"{live_server.url}/styleguide/", wait_until="load")
    yield page
    context.close()
    assert errors == []
