"""Lists of the API: cursors, so that rows added between two pages double and hide nothing."""

from __future__ import annotations

import binascii
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Model, Q, QuerySet
from rest_framework.exceptions import NotFound
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param
from rest_framework.views import APIView


class CreatedCursorPagination(BasePagination):
    """Newest first; ``page_size`` up to 200; ``next`` is an address or null.

    A cursor holds the values of the last row's ordering fields, and the next page starts after
    them. The framework's own cursor counts rows from the top where many share one time, as after
    an import, and then a row added between two pages shows another one twice. The last ordering
    field must be unique.
    """

    page_size = 50
    max_page_size = 200
    ordering: Sequence[str] = ("-created_at", "id")

    def paginate_queryset(
        self,
        queryset: QuerySet[Any] | Sequence[Any],
        request: Request,
        view: APIView | None = None,
    ) -> list[Any]:
        """Return the page that the request's cursor names.

        Raises:
            NotFound: the cursor is not one that was given out.
            TypeError: the rows are no queryset; a cursor is a condition of the database.
        """
        if not isinstance(queryset, QuerySet):
            raise TypeError("Cursors page querysets.")
        self.request = request
        size = self._size(request)
        ordered = queryset.order_by(*self.ordering)
        if cursor := request.query_params.get("cursor"):
            ordered = ordered.filter(self._after(queryset.model, cursor))
        rows = list(ordered[: size + 1])
        self.last = rows[size - 1] if len(rows) > size else None
        return rows[:size]

    def get_paginated_response(self, data: Any) -> Response:
        """Return the page with the address of the next one."""
        return Response({"next": self._next(), "results": data})

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        """Describe a page for the OpenAPI document."""
        address = {"type": ["string", "null"], "format": "uri"}
        return {
            "type": "object",
            "required": ["next", "results"],
            "properties": {"next": address, "results": schema},
        }

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        """Describe the parameters for the OpenAPI document."""
        size = {"type": "integer", "minimum": 1, "maximum": self.max_page_size}
        return [
            _parameter("cursor", "Where the page starts; follow `next`.", {"type": "string"}),
            _parameter("page_size", "Rows a page.", {**size, "default": self.page_size}),
        ]

    def _size(self, request: Request) -> int:
        given = request.query_params.get("page_size", "")
        if not (given.isascii() and given.isdigit()):
            return self.page_size
        return min(max(int(given[:6]), 1), self.max_page_size)

    def _next(self) -> str | None:
        if self.last is None:
            return None
        values = [getattr(self.last, name.lstrip("-")) for name in self.ordering]
        cursor = urlsafe_b64encode(json.dumps(values, cls=_ExactEncoder).encode()).decode()
        return str(replace_query_param(self.request.build_absolute_uri(), "cursor", cursor))

    def _after(self, model: type[Model], cursor: str) -> Q:
        values = self._values(model, cursor)
        after, same = Q(), Q()
        for name, value in zip(self.ordering, values, strict=True):
            field = name.lstrip("-")
            beyond = f"{field}__{'lt' if name.startswith('-') else 'gt'}"
            after |= same & Q(**{beyond: value})
            same &= Q(**{field: value})
        return after

    def _values(self, model: type[Model], cursor: str) -> list[Any]:
        try:
            values = json.loads(urlsafe_b64decode(cursor.encode()))
            names = [name.lstrip("-") for name in self.ordering]
            return [
                model._meta.get_field(name).to_python(value)  # type: ignore[union-attr]
                for name, value in zip(names, values, strict=True)
            ]
        except (binascii.Error, ValueError, TypeError, ValidationError) as error:
            raise NotFound("This cursor does not exist. Start with the first page.") from error


class _ExactEncoder(DjangoJSONEncoder):
    """Keeps microseconds, which the base class cuts off and a cursor needs."""

    def default(self, value: Any) -> Any:
        return value.isoformat() if hasattr(value, "isoformat") else super().default(value)


def _parameter(name: str, description: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "in": "query", "description": description, "schema": schema}
