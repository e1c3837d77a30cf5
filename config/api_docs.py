"""The page that explains the API: Swagger UI from the sidecar, under the site's own policy."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def api_docs(request: HttpRequest) -> HttpResponse:
    """Show the OpenAPI document to read and to try out."""
    return render(request, "api/docs.html")
