"""Counting how often somebody does a thing."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.test import RequestFactory
from pytest_django import Settings

from accounts.throttling import Limit, TooManyRequests, identity, throttle

ONCE_A_DAY = Limit("test", count=2, seconds=86_400)


def test_the_limit_is_exact_and_each_person_has_their_own() -> None:
    throttle(ONCE_A_DAY, "a")
    throttle(ONCE_A_DAY, "a")
    with pytest.raises(TooManyRequests) as refused:
        throttle(ONCE_A_DAY, "a")
    assert 0 < refused.value.wait <= 86_400
    throttle(ONCE_A_DAY, "b")


def visitor(forwarded: str) -> str:
    """Return the identity of a visitor whose request names another address."""
    request = RequestFactory().get("/", headers={"X-Forwarded-For": forwarded})
    request.user = AnonymousUser()
    return identity(request)


def test_a_visitor_cannot_choose_the_address_that_is_counted() -> None:
    assert visitor("10.9.9.9") == "address:127.0.0.1"


def test_behind_a_trusted_proxy_the_visitors_own_address_counts(settings: Settings) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    assert visitor("198.51.100.7") == "address:198.51.100.7"


def test_two_first_uses_in_the_same_moment_both_count(monkeypatch: pytest.MonkeyPatch) -> None:
    throttle(ONCE_A_DAY, "c")
    count, looks = cache.incr, []

    def too_early(key: str) -> int:
        looks.append(key)
        if len(looks) == 1:
            raise ValueError("as if nobody had been counted yet")
        return count(key)

    with monkeypatch.context() as patch:
        patch.setattr(cache, "incr", too_early)
        throttle(ONCE_A_DAY, "c")
    with pytest.raises(TooManyRequests):
        throttle(ONCE_A_DAY, "c")
