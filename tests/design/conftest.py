"""The style guide in a browser, for the tests of behavior."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from tests.browser import Browsers

OPTIONS = {"reduced_motion": "reduce", "viewport": {"width": 1280, "height": 900}}


@pytest.fixture
def guide(browsers: Browsers, live_server: LiveServer) -> Iterator[Page]:
    """The style guide, open; any error in a module fails the test."""
    page = browsers.lend(live_server.url, **OPTIONS)
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto("/styleguide/", wait_until="load")
    yield page
    browsers.take_back(page.context, live_server.url, **OPTIONS)
    assert errors == []
