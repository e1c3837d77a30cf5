"""Scopes: what a key may do in which view."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rest_framework import exceptions, permissions
from rest_framework.request import Request

from universities.models import ApiKey

if TYPE_CHECKING:
    # rest_framework.views loads this module: importing it back would be a cycle.
    from rest_framework.views import APIView


class HasScope(permissions.BasePermission):
    """The view names a scope for each method in ``required_scopes``; the key must hold it."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        """Say whether the key's scopes allow the method.

        Raises:
            NotAuthenticated: there is no key.
            PermissionDenied: the key lacks the scope, which is named.
        """
        key = request.auth
        if not isinstance(key, ApiKey):
            raise exceptions.NotAuthenticated("Send an API key: Authorization: Bearer pmc_...")
        required = getattr(view, "required_scopes", {}).get(request.method)
        if required is None:
            raise exceptions.MethodNotAllowed(request.method or "")
        if required not in key.scopes:
            raise exceptions.PermissionDenied(f"This key lacks the scope {required}.")
        return True
