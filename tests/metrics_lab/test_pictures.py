"""A chart as an SVG file: by a plain link, dressed without style sheets, for whoever may see it."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from accounts.models import User
from metrics_lab.charts import standalone as drawing
from metrics_lab.charts.bars import Bar, bars_svg
from metrics_lab.charts.standalone import standalone
from metrics_lab.charts.svg import FORBIDDEN
from metrics_lab.engine.sheet.examples import EXAMPLES
from metrics_lab.models import Sheet
from metrics_lab.services import sheet_create

TOKENS = Path(__file__).resolve().parents[2] / "static" / "css" / "tokens.css"
LAB = TOKENS.with_name("lab.css")
LINK = re.compile(r'<a class="btn btn-text btn-s" href="([^"]*)" download>')


def links(response: HttpResponse) -> list[str]:
    """Return the addresses of a page's charts."""
    return [unescape(address) for address in LINK.findall(response.content.decode())]


def is_picture(response: HttpResponse, name: str) -> str:
    """Check that an answer is a drawing to keep, and return it."""
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "image/svg+xml"
    assert response.headers["Content-Disposition"] == f'attachment; filename="{name}.svg"'
    text = response.content.decode()
    ET.fromstring(text)  # noqa: S314 (drawn by us)
    assert "class=" not in text
    assert "var(--" not in text
    assert not FORBIDDEN.search(text)
    return text


def test_colors_and_depths_are_those_of_the_style_sheets() -> None:
    tokens, lab = TOKENS.read_text("utf-8"), LAB.read_text("utf-8")
    names = {
        "paper": drawing.PAPER,
        "ink": drawing.INK,
        "ink-2": drawing.INK_2,
        "data-high": drawing.DATA_HIGH,
        "data-low": drawing.DATA_LOW,
    }
    for name, color in names.items():
        assert f"--{name}: light-dark({color}," in tokens
    for step, depth in enumerate(drawing.DEPTHS):
        assert f".heat-{step} {{ --deep: {depth}%; }}" in lab


def test_a_title_of_any_words_stands_over_the_drawing_in_lines() -> None:
    svg = bars_svg([Bar("A <b>", "1 %", 1.0)], "A & B")
    text = standalone(svg, "Which of <these> & those moves it most? " * 4)
    root = ET.fromstring(text)  # noqa: S314 (drawn by us)
    assert "&lt;these&gt; &amp; those" in text
    assert "Case Coach" in text
    titles = [e for e in root if e.tag.endswith("text") and e.get("font-weight") == "600"]
    assert len(titles) > 1
    assert text.count("<svg") == 2


def test_without_a_drawing_there_is_no_file() -> None:
    with pytest.raises(ValueError, match="no wide drawing"):
        standalone("<p>nothing</p>", "x")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "query", "file"),
    [
        ("lab-experiment", {"kind": "rates"}, "power"),
        ("lab-priority", {}, "rice-ranges"),
    ],
)
def test_a_page_whose_address_holds_all_links_to_its_chart(
    client: Client, name: str, query: dict[str, str], file: str
) -> None:
    page = client.get(reverse(name), query)
    (address,) = links(page)  # type: ignore[arg-type]
    is_picture(client.get(address), file)  # type: ignore[arg-type]


@pytest.mark.django_db
def test_the_chart_of_a_pretotype_is_a_file_too(client: Client) -> None:
    page = client.get(reverse("lab-pretotype"), {}, follow=True)
    for address in links(page):  # type: ignore[arg-type]
        is_picture(client.get(address), "chance")  # type: ignore[arg-type]


@pytest.mark.django_db
def test_a_figure_that_cannot_be_gives_no_file(client: Client) -> None:
    sent = {"kind": "rates", "baseline": "much", "as": "svg"}
    assert client.get(reverse("lab-experiment"), sent).status_code == 404


@pytest.mark.parametrize("part", ["triangle", "curve"])
def test_the_charts_of_cohorts_are_sent_for_by_the_form(client: Client, part: str) -> None:
    table = "2026-01,200,200,80,60\n2026-02,100,100,30\n2026-03,90,90"
    sent = {"kind": "counts", "period": "month", "table": table, "as": f"svg-{part}"}
    text = is_picture(client.post(reverse("lab-cohorts"), sent), f"cohorts-{part}")  # type: ignore[arg-type]
    assert "cohort" in text
    page = client.post(reverse("lab-cohorts"), {**sent, "as": ""}).content.decode()
    assert f'form="cohort-form" name="as" value="svg-{part}"' in page
    wrong = client.post(reverse("lab-cohorts"), {**sent, "table": "2026-01,many"})
    assert wrong.status_code == 404


@pytest.fixture
def sheet(alice: User) -> Sheet:
    """Alice's sheet of the shop."""
    return sheet_create(owner=alice, model=EXAMPLES["shop"].make())


@pytest.mark.django_db
def test_each_chart_of_a_sheet_is_a_file_with_what_was_asked(
    as_alice: Client, sheet: Sheet
) -> None:
    at = reverse("lab-sheet-analysis", args=[sheet.pk])
    asked = {"figure": "gmv", "goal": "6 million", "lever": "aov", "measure": "sobol"}
    page = as_alice.get(at, asked)
    found = links(page)  # type: ignore[arg-type]
    assert len(found) == 3
    texts = [
        is_picture(as_alice.get(address), part)  # type: ignore[arg-type]
        for address, part in zip(found, ("outcomes", "fan", "measure"), strict=True)
    ]
    assert "How likely is each GMV?" in texts[0]
    assert "target" in texts[0]
    assert "average order value" in texts[1]
    assert "Where does my uncertainty come from?" in texts[2]
    part = as_alice.get(at, {**asked, "part": "fan"})
    assert links(part) == [found[1]]  # type: ignore[arg-type]


@pytest.mark.django_db
@pytest.mark.parametrize("who", ["as_bob", "client"])
def test_a_chart_of_somebody_elses_sheet_is_not_there(
    sheet: Sheet, who: str, request: pytest.FixtureRequest
) -> None:
    outsider: Client = request.getfixturevalue(who)
    at = reverse("lab-sheet-analysis", args=[sheet.pk])
    assert outsider.get(at, {"part": "fan", "as": "svg"}).status_code == 404
