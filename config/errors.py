"""The one place where errors become answers: a page for people, a problem document for the API.

Services raise Django's own exceptions: ``ValidationError`` for the caller's fault (code
"conflict" when somebody else was first), ``PermissionDenied``, ``Http404``, and
``accounts.throttling.TooManyRequests``. Problem documents follow RFC 9457.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from itertools import count
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied, RequestDataTooBig, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.defaults import server_error as django_server_error
from rest_framework import exceptions as api_exceptions
from rest_framework.response import Response
from rest_framework.views import set_rollback

from accounts.throttling import TooManyRequests

logger = logging.getLogger(__name__)

CSRF_FIELD = "csrfmiddlewaretoken"
PROSE = frozenset({"text", "note", "details", "claim", "table"})
"""Names of the textareas that are sent to where there is a limit."""
SECRET = re.compile(r"token|secret|password|(key|code|pin)[\W\d_]*$", re.IGNORECASE)
"""Names of what no page repeats. The short words end a name: `code_left` may be a figure's."""


@dataclass(frozen=True)
class Kept:
    """A field that was sent and not taken; with a label it is shown, to be read and mended."""

    name: str
    value: str
    label: str = ""


class ErrorMiddleware:
    """Turn "too many requests" from any view into its page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Answer 429 with the seconds to wait, in the header and on the page."""
        if not isinstance(error, TooManyRequests):
            return None
        kept = kept_fields(request)
        context = {
            "wait": error.wait,
            "kept": kept,
            "has_words": any(field.label for field in kept),
            "is_press": request.method == "POST",
        }
        response = render(request, "429.html", context, status=429)
        response["Retry-After"] = str(error.wait)
        return response


def kept_fields(request: HttpRequest) -> list[Kept]:
    """Return what a form sent, to be sent once more: a browser without a script has lost it.

    Nothing where a form held a secret, which no page repeats, or a file, which no page can. What
    somebody wrote has a label, numbered where there are several.
    """
    names = [name for name in request.POST if name != CSRF_FIELD]
    if request.FILES or any(SECRET.search(name) for name in names):
        return []
    sent = [(name, str(value)) for name in names for value in request.POST.getlist(name)]
    texts = sum(_is_prose(*field) for field in sent)
    numbers = count(1)
    return [
        Kept(name, value, _label(next(numbers), texts) if _is_prose(name, value) else "")
        for name, value in sent
    ]


def _is_prose(name: str, value: str) -> bool:
    return name in PROSE and bool(value.strip())


def _label(number: int, texts: int) -> str:
    return "What you wrote" if texts == 1 else f"What you wrote, {number} of {texts}"


class RequestSizeMiddleware:
    """Refuse a request that is larger than anything the site takes, before it is read."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on, or answer 413. Without a length nothing of a body is read."""
        length = request.META.get("CONTENT_LENGTH") or "0"
        if length.isdecimal() and int(length[:20]) > settings.REQUEST_MAX_BYTES:
            return bad_request(request, RequestDataTooBig())
        return self.get_response(request)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Say that the form was too old, and that going back keeps what was typed."""
    return render(request, "403.html", {"csrf": True}, status=403)


def api_exception_handler(error: Exception, context: dict[str, Any]) -> Response | None:
    """Return a problem document for every error an API view raises; None lets it be a 500."""
    api_error = _as_api_error(error)
    if api_error is None:
        return None
    set_rollback()
    headers = {}
    if wait := getattr(api_error, "wait", None):
        headers["Retry-After"] = str(int(wait) + 1)
    if challenge := getattr(api_error, "auth_header", None):
        headers["WWW-Authenticate"] = challenge
    return Response(
        problem(api_error.status_code, *_describe(api_error)),
        status=api_error.status_code,
        headers=headers,
        content_type="application/problem+json",
    )


def problem(
    status: int, detail: str, errors: list[dict[str, str]] | None = None, code: str = ""
) -> dict[str, Any]:
    """Return the members of an RFC 9457 problem document."""
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
    }
    if code:
        body["code"] = code
    if errors:
        body["errors"] = errors
    return body


def _as_api_error(error: Exception) -> api_exceptions.APIException | None:
    if isinstance(error, api_exceptions.APIException):
        return error
    if isinstance(error, Http404):
        return api_exceptions.NotFound("There is no such thing here, or it is not yours to see.")
    if isinstance(error, PermissionDenied):
        return api_exceptions.PermissionDenied()
    if isinstance(error, ValidationError):
        if getattr(error, "code", "") == "conflict":
            conflict = api_exceptions.APIException(error.messages[0], code="conflict")
            conflict.status_code = HTTPStatus.CONFLICT
            return conflict
        detail = error.message_dict if hasattr(error, "error_dict") else error.messages
        return api_exceptions.ValidationError(detail)
    return None


def _describe(error: api_exceptions.APIException) -> tuple[str, list[dict[str, str]] | None, str]:
    if isinstance(error, api_exceptions.ValidationError):
        found = list(_field_errors(error.detail))
        return "Some values cannot be used. See errors.", found, "invalid"
    codes = error.get_codes()
    return str(error.detail), None, codes if isinstance(codes, str) else ""


def _field_errors(detail: Any, path: str = "") -> Any:
    if isinstance(detail, dict):
        for name, inner in detail.items():
            key = "" if name == "non_field_errors" else str(name)
            yield from _field_errors(inner, f"{path}.{key}".strip("."))
    elif isinstance(detail, list):
        for index, inner in enumerate(detail):
            nested = isinstance(inner, dict | list)
            yield from _field_errors(inner, f"{path}[{index}]" if nested else path)
    else:
        yield {"field": path, "message": str(detail)}


def api_not_found(request: HttpRequest) -> HttpResponse:
    """Answer an address under /api/ that is none with a problem document."""
    return _problem_response(404, "There is no such address in the API.")


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer a request that cannot be read: too large, too many fields, or no sense in it.

    The page gets no request: its host may be what is wrong.
    """
    too_big = isinstance(exception, RequestDataTooBig)
    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE if too_big else HTTPStatus.BAD_REQUEST
    if request.path.startswith("/api/"):
        words = "It is larger than 1 MB." if too_big else "The request cannot be read."
        return _problem_response(status, words)
    page = render_to_string("400.html", {"too_big": too_big, "code": int(status)})
    return HttpResponse(page, status=status)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer a fault of ours: a problem document under /api/, the page everywhere else."""
    if request.path.startswith("/api/"):
        return _problem_response(500, "Something went wrong on our side.")
    return django_server_error(request)


def _problem_response(status: int, detail: str) -> HttpResponse:
    return JsonResponse(
        problem(status, detail), status=status, content_type="application/problem+json"
    )
