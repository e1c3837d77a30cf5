"""The curve of a test and the interval of a pretotype: strict SVG, and words that stand."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

from metrics_lab.charts.interval import Held, interval_svg
from metrics_lab.charts.power import Spot, power_svg

CURVE = [(100.0 * n, 1 - 0.8**n) for n in range(1, 21)]
TITLE = "1,094 reach 80 % & more."


def words(svg: str) -> list[list[str]]:
    """Return the words of both drawings."""
    root = ElementTree.fromstring(f"<both>{svg}</both>")  # noqa: S314 (our own)
    return [[text for text in drawing.itertext() if text.strip()] for drawing in root]


def held(share: float, low: float, high: float, hoped: float, poor: float) -> Held:
    """Return an interval with its lines."""
    return Held(share, low, high, hoped, poor, "X here", "not worth it there")


DRAWN = {
    "curve": lambda: power_svg(
        CURVE, 0.8, [Spot(1000, 0.9, "planned"), Spot(600, 0.7, "own", False)], TITLE
    ),
    "rates": lambda: power_svg(
        [(0.0, 0.0), (0.1, 0.5), (1.0, 1.0)], 0.8, [Spot(1, 1, "X")], TITLE, rates=True
    ),
    "interval": lambda: interval_svg(held(0.16, 0.12, 0.21, 0.15, 0.1), TITLE),
}


@pytest.mark.parametrize("name", DRAWN)
def test_a_drawing_has_no_colour_of_its_own_and_two_widths(name: str) -> None:
    svg = DRAWN[name]()
    assert not re.search(r"#[0-9a-f]{3,8}\b|rgb\(|font-|style=", svg, re.I)
    assert [drawing[0] for drawing in words(svg)] == [TITLE, TITLE]
    widths = [float(width) for width in re.findall(r'<svg[^>]* width="([\d.]+)"', svg)]
    assert widths[0] <= 560
    assert widths[1] <= 328


def test_a_curve_says_its_points_and_axes() -> None:
    for drawing in words(DRAWN["curve"]()):
        assert {"planned", "own", "80%"} <= set(drawing)
    assert "100%" in words(DRAWN["rates"]())[0]


def test_an_interval_says_its_lines() -> None:
    for drawing in words(DRAWN["interval"]()):
        assert {"X here", "not worth it there"} <= set(drawing)


@pytest.mark.parametrize(
    "figures",
    [
        (0.0, 0.0, 1.0, 1.0, 0.0),
        (1.0, 0.8, 1.0, 1e-5, 0.0),
        (0.5, 0.4999, 0.5001, 0.5, 0.4999),
        (0.0, 0.0, 1e-7, 1e-5, 0.0),
    ],
)
def test_any_interval_can_be_drawn_within_its_frame(figures: tuple[float, ...]) -> None:
    svg = interval_svg(held(*figures), TITLE)
    for drawing in re.split(r"(?=<svg )", svg)[1:]:
        width = float(re.search(r' width="([\d.]+)"', drawing)[1])  # type: ignore[index]
        places = [float(x) for x in re.findall(r'd="M(-?[\d.]+),', drawing)]
        assert all(-1 <= x <= width + 1 for x in places)


def test_words_near_the_right_edge_stand_on_the_left() -> None:
    svg = power_svg(CURVE, 0.8, [Spot(2000, 0.99, "2,000: 98.8 %")], TITLE)
    assert svg.count('text-anchor="end"') > power_svg(CURVE, 0.8, [], TITLE).count(
        'text-anchor="end"'
    )
