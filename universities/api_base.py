"""What every view of the API shares. The tenant is the key's, and nothing in a request names it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from drf_spectacular.utils import OpenApiResponse
from rest_framework import generics
from rest_framework.request import Request

from universities.models import ApiKey, University
from universities.scopes import Scope
from universities.serializers import ProblemSerializer

if TYPE_CHECKING:
    # The framework's own class takes no type parameter when the program runs.
    GenericView = generics.GenericAPIView[Any]
else:
    GenericView = generics.GenericAPIView

PROBLEM_TYPE = "application/problem+json"


def problems(*statuses: int) -> dict[tuple[int, str], OpenApiResponse]:
    """Return the OpenAPI responses of errors, for ``extend_schema(responses=...)``."""
    return {
        (status, PROBLEM_TYPE): OpenApiResponse(ProblemSerializer, description="A problem")
        for status in (401, 403, *statuses, 429)
    }


class TenantView(GenericView):
    """A view of one university's rows: ``required_scopes`` maps each method to its scope."""

    required_scopes: Mapping[str, Scope] = {}

    @property
    def key(self) -> ApiKey:
        """The key of the request; HasScope has seen to it that there is one."""
        request: Request = self.request
        key = request.auth
        if not isinstance(key, ApiKey):
            raise TypeError("The view must be guarded by HasScope.")
        return key

    @property
    def university(self) -> University:
        """The tenant."""
        return self.key.university
