"""Style sheets and modules: all are loaded, colors have one home, contrast holds in both themes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib import admin

STATIC: Path = settings.BASE_DIR / "static"
TEMPLATES: Path = settings.BASE_DIR / "templates"
SHEETS = sorted((STATIC / "css").glob("*.css"))
MODULES = sorted((STATIC / "js").glob("*.js"))
ADMIN_SHEET = Path(admin.__file__).parent / "static/admin/css/base.css"
"""Where the tokens of the admin's own pages are, which load none of ours."""
IMPORTED_ONLY = {"dom.js"}
WITH_COLORS = {
    "tokens.css",
    "api-docs.css",
}  # the second dresses Swagger UI, made for a light ground

TEXT_PAIRS = [
    ("ink", "paper"), ("ink", "surface"), ("ink", "sunken"),
    ("ink-2", "paper"), ("ink-2", "surface"), ("ink-2", "sunken"),
    ("ink-3", "paper"), ("ink-3", "surface"), ("ink-3", "sunken"),
    ("accent", "paper"), ("accent", "surface"), ("accent", "sunken"), ("on-accent", "accent"),
    ("good", "paper"), ("good", "surface"), ("attention", "paper"), ("attention", "surface"),
    ("attention", "sunken"), ("wrong", "paper"), ("wrong", "surface"), ("info", "paper"),
    ("info", "surface"), ("ink", "good-soft"), ("ink", "attention-soft"), ("ink", "wrong-soft"),
    ("ink", "info-soft"), ("accent", "info-soft"), ("accent", "wrong-soft"),
]  # fmt: skip
CONTROL_PAIRS = [
    ("edge", "paper"),
    ("edge", "surface"),
    ("accent", "surface"),
    ("wrong", "surface"),
]


def test_every_sheet_and_module_is_loaded_by_some_page() -> None:
    pages = "".join(path.read_text() for path in TEMPLATES.rglob("*.html"))
    loaded = set(re.findall(r"(?:css|js)/([a-z-]+\.(?:css|js))", pages))

    assert {path.name for path in [*SHEETS, *MODULES]} - IMPORTED_ONLY <= loaded


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.name)
def test_a_module_is_small_and_says_what_attaches_it(path: Path) -> None:
    source = path.read_text()

    assert source.startswith("// ")
    assert len(source.splitlines()) <= 100
    assert set(re.findall(r'from "([^"]+)"', source)) <= {"./dom.js", "./status.js"}


@pytest.mark.parametrize("path", SHEETS, ids=lambda path: path.name)
def test_colors_are_written_in_the_tokens_alone(path: Path) -> None:
    if path.name in WITH_COLORS:
        return
    assert not re.findall(r"#[0-9a-f]{3,8}\b|\brgb\(|\bhsl\(|\boklch\(", path.read_text())


@pytest.mark.parametrize("path", SHEETS, ids=lambda path: path.name)
def test_every_token_that_is_used_exists(path: Path) -> None:
    of_admin = [ADMIN_SHEET] if path.name.startswith("admin-") else []
    everywhere = "".join(sheet.read_text() for sheet in [*SHEETS, *of_admin])
    defined = set(re.findall(r"(--[a-z0-9-]+)\s*:", everywhere))

    assert set(re.findall(r"var\((--[a-z0-9-]+)", path.read_text())) <= defined


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("front", "back"), TEXT_PAIRS)
def test_text_can_be_read(front: str, back: str, theme: int) -> None:
    assert contrast(front, back, theme) >= 4.5


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("front", "back"), CONTROL_PAIRS)
def test_controls_can_be_seen(front: str, back: str, theme: int) -> None:
    assert contrast(front, back, theme) >= 3


def contrast(front: str, back: str, theme: int) -> float:
    """The contrast ratio of WCAG 2.2 between two tokens in a theme (0 light, 1 dark)."""
    lighter, darker = sorted((luminance(front, theme), luminance(back, theme)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(token: str, theme: int) -> float:
    """Relative luminance as in WCAG 2.2."""
    tokens = (STATIC / "css" / "tokens.css").read_text()
    match = re.search(rf"--{token}: light-dark\(#([0-9a-f]{{6}}), #([0-9a-f]{{6}})\)", tokens)
    assert match, f"{token} is no color with two themes"
    color = match.group(theme + 1)
    parts = [int(color[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
