"""The style guide shows every component; no template brings styles or scripts of its own."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template.loader import get_template, render_to_string
from django.test import Client, RequestFactory

TEMPLATES: Path = settings.BASE_DIR / "templates"
PAGES_AND_PARTS = sorted(TEMPLATES.rglob("*.html"))
COMPONENTS = sorted((TEMPLATES / "components").glob("*.html"))
# They need a Django page and a details element of the page around them.
NOT_ON_THE_GUIDE = {"pagination.html", "sheet_summary.html"}
DOWNLOADED = TEMPLATES / "account" / "export_file.html"  # read without the site
INCLUDED = re.compile(r"""{%\s*(?:include|fixed)\s+["']([^"']+)["']""")


def included_by(name: str, seen: set[str]) -> set[str]:
    """Collect the templates that a template includes or extends, however deep."""
    source = (TEMPLATES / name).read_text()
    for part in INCLUDED.findall(source) + re.findall(r'{% extends "([^"]+)"', source):
        if part not in seen:
            seen.add(part)
            included_by(part, seen)
    return seen


def test_the_guide_opens_without_touching_the_database(client: Client) -> None:
    response = client.get("/styleguide/")

    assert response.status_code == 200
    assert response.content.count(b"<h1") == 1


def test_every_component_stands_on_the_guide() -> None:
    shown = included_by("styleguide/index.html", set())
    missing = {path.name for path in COMPONENTS if f"components/{path.name}" not in shown}

    assert missing == NOT_ON_THE_GUIDE


@pytest.mark.parametrize("path", COMPONENTS, ids=lambda path: path.name)
def test_every_component_says_what_it_takes(path: Path) -> None:
    assert "{% comment %}" in path.read_text()


@pytest.mark.parametrize("path", PAGES_AND_PARTS, ids=lambda p: str(p.relative_to(TEMPLATES)))
def test_no_template_has_styles_or_scripts_of_its_own(path: Path) -> None:
    if path == DOWNLOADED:
        return
    source = path.read_text()

    assert not re.search(r"\sstyle\s*=", source)
    assert not re.search(r"<style", source)
    assert not re.search(r"\son[a-z]+\s*=\s*[\"']", source)
    assert not re.search(r"<script(?![^>]*\ssrc=)", source)


@pytest.mark.parametrize("path", PAGES_AND_PARTS, ids=lambda p: str(p.relative_to(TEMPLATES)))
def test_every_template_parses_and_names_icons_that_exist(path: Path) -> None:
    source = path.read_text()
    get_template(str(path.relative_to(TEMPLATES)))
    names = re.findall(r'icon\.html" with name="([^"]+)"', source)
    names += re.findall(r'\sicon(?:_after)?="([^"]+)"', source)

    for name in names:
        assert "<svg" in render_to_string("components/icon.html", {"name": name})


def test_the_home_page_has_one_primary_action_that_starts_a_case(client: Client) -> None:
    page = client.get("/").content.decode()

    assert page.count("btn-primary") == 1
    assert 'method="post" action="/practice/' in page or "improve-tiktok-shop" in page


def test_the_page_of_a_broken_site_needs_nothing_but_itself() -> None:
    page = render_to_string("500.html")

    assert "Something broke on our side" in page
    assert "{%" not in page


@pytest.mark.parametrize("name", ["403.html", "404.html", "429.html"])
def test_an_error_page_says_what_happened_and_what_to_do(name: str, rf: RequestFactory) -> None:
    page = render_to_string(name, {"wait": 42}, request=rf.get("/somewhere/"))

    assert page.count("<h1") == 1
    assert "btn-primary" in page


def test_a_page_that_waits_says_how_long(rf: RequestFactory) -> None:
    assert "42 seconds" in render_to_string("429.html", {"wait": 42}, request=rf.get("/"))
    assert "5 minutes" in render_to_string("429.html", {"wait": 300}, request=rf.get("/"))
