"""How often a person may do a thing. Counted in the shared cache, in fixed windows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from time import time
from typing import Any, TypeVar, cast

from allauth.core.internal.httpkit import get_client_ip
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse

ViewT = TypeVar("ViewT", bound=Callable[..., HttpResponse])


class TooManyRequests(Exception):
    """The limit of a window is used up; ``wait`` is the seconds until the next one."""

    def __init__(self, wait: int) -> None:
        super().__init__(f"Too many requests; wait {wait} seconds.")
        self.wait = wait


@dataclass(frozen=True)
class Limit:
    """At most ``count`` times in ``seconds``."""

    name: str
    count: int
    seconds: int


def throttle(limit: Limit, who: str) -> None:
    """Count one use by ``who``.

    Raises:
        TooManyRequests: the window's limit is used up.
    """
    window, passed = divmod(int(time()), limit.seconds)
    if _used(f"throttle:{limit.name}:{who}:{window}", limit.seconds) > limit.count:
        raise TooManyRequests(wait=limit.seconds - passed)


def _used(key: str, seconds: int) -> int:
    """Count one use and return how many there are. A use that is not the first is counted at
    once: adding a key that is there takes the database cache a write that fails."""
    try:
        return cache.incr(key)
    except ValueError:
        if cache.add(key, 1, timeout=seconds):
            return 1
    try:  # somebody else was first in this moment
        return cache.incr(key)
    except ValueError:  # evicted between the two calls: start counting again
        return 1


def throttled(limit: Limit) -> Callable[[ViewT], ViewT]:
    """Limit how often one person, or one address when nobody is signed in, may call a view."""

    def decorate(view: ViewT) -> ViewT:
        @wraps(view)
        def limited(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.method == "POST":
                throttle(limit, identity(request))
            return view(request, *args, **kwargs)

        return cast(ViewT, limited)

    return decorate


def identity(request: HttpRequest) -> str:
    """Return who is asking: the user's id, or the address for a visitor."""
    if request.user.is_authenticated:
        return f"user:{request.user.pk}"
    # allauth's reader believes X-Forwarded-For only as far as ALLAUTH_TRUSTED_PROXY_COUNT says.
    return f"address:{get_client_ip(request) or ''}"
