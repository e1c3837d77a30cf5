"""Views that take what a form posts."""

from __future__ import annotations

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from accounts.http import posted_from


@posted_from("question-detail", "slug")
def view(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    return HttpResponse(f"{slug} {pk}")


def test_a_post_is_taken() -> None:
    assert view(RequestFactory().post("/"), slug="shop", pk=1).content == b"shop 1"


@pytest.mark.parametrize("method", ["get", "head"])
def test_anything_else_a_browser_sends_goes_to_the_page_of_the_form(method: str) -> None:
    request = getattr(RequestFactory(), method)("/?scenario=4&q=%26")
    response = view(request, slug="shop", pk=1)
    assert (response.status_code, response["Location"]) == (
        302,
        "/questions/shop/?scenario=4&q=%26",
    )
    assert view(RequestFactory().get("/"), slug="a", pk=1)["Location"] == "/questions/a/"


def test_other_methods_are_not_allowed() -> None:
    assert view(RequestFactory().put("/"), slug="shop", pk=1).status_code == 405
