"""A plugin that looks for garbage less often: most of what a test process holds is there to stay.

The modules, the models and thousands of tests are made before the first test runs. To look through
them again and again, while they come and during each test, takes a tenth of the whole suite.
"""

from __future__ import annotations

import gc
from collections.abc import Generator

import pytest

SELDOM = (20_000, 20, 20)
"""How many new objects make Python look; its own figure is 700 of them."""

gc.disable()


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection() -> Generator[None, object, object]:
    """Leave alone, from now on, what is there once the tests are known."""
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.set_threshold(*SELDOM)
        gc.enable()
