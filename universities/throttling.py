"""How many requests one API key may make."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle

from universities.models import ApiKey

if TYPE_CHECKING:
    # rest_framework.views loads this module: importing it back would be a cycle.
    from rest_framework.views import APIView


class KeyThrottle(SimpleRateThrottle):
    """Counts by key, and by address while there is none."""

    scope = "key"

    def get_cache_key(self, request: Request, view: APIView) -> str:
        """Return the counter's name for this caller."""
        caller = (
            request.auth.prefix if isinstance(request.auth, ApiKey) else self.get_ident(request)
        )
        return self.cache_format % {"scope": self.scope, "ident": caller}
