"""Charts: drawn once, nothing in them that a strict page refuses, words for those who need them."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

from metrics_lab.charts import svg as drawing
from metrics_lab.charts.tornado import Bar, tornado_svg

BARS = [
    Bar("Conversion", "1.8 % to 2.4 %", 5.4, 7.2, "$5.4 M", "$7.2 M"),
    Bar("Order value", "$27 to $34", 5.4, 6.8, "$5.4 M", "$6.8 M"),
]
FINDING = "Conversion moves it most & furthest."


@pytest.fixture(scope="module")
def svg() -> str:
    """A tornado of two levers."""
    return tornado_svg(BARS, 6.0, FINDING)


def drawings(svg: str) -> list[ElementTree.Element]:
    """Return the SVG elements of a chart."""
    return list(ElementTree.fromstring(f"<both>{svg}</both>"))  # noqa: S314 (our own)


@pytest.mark.parametrize("odd", ["style=", "<style", "<script", "onload", "foreignObject", "href"])
def test_a_chart_holds_nothing_that_a_strict_policy_refuses(svg: str, odd: str) -> None:
    assert odd.casefold() not in svg.casefold()


def test_a_chart_has_no_colour_and_no_font_of_its_own(svg: str) -> None:
    assert not re.search(r"#[0-9a-f]{3,8}\b|rgb\(", svg, re.I)
    assert "font" not in svg


def test_both_drawings_say_the_finding(svg: str) -> None:
    titles = [drawing[0].text for drawing in drawings(svg)]
    assert titles == [FINDING, FINDING]
    assert [drawing.get("role") for drawing in drawings(svg)] == ["img", "img"]


def test_one_drawing_is_for_a_phone_of_360_pixels(svg: str) -> None:
    widths = {drawing.get("class"): float(drawing.get("width") or 0) for drawing in drawings(svg)}
    assert widths["chart chart-narrow"] <= 328
    assert widths["chart chart-wide"] > 480


def test_every_lever_stands_in_the_chart_with_its_band_and_both_ends(svg: str) -> None:
    words = [text for text in drawings(svg)[0].itertext() if text.strip()]
    for bar in BARS:
        assert {bar.label, bar.band, bar.worst_words, bar.best_words} <= set(words)


def test_words_are_escaped() -> None:
    odd = Bar("<script>alert(1)</script>", 'a "b" & c', 0, 2, "<0>", "&2")
    svg = tornado_svg([odd], 1.0, '<img src=x onerror="a">')
    assert "<script" not in svg
    assert "<img" not in svg
    assert drawings(svg)[0][0].text == '<img src=x onerror="a">'


def test_a_long_name_is_cut_on_a_phone_and_not_set_over_its_neighbour() -> None:
    name = "Visitors who come from a video, look at three things and leave without an order"
    svg = tornado_svg([Bar(name, "1 % to 2 %", 0, 2, "0", "2")], 1.0, "")
    narrow = drawings(svg)[1]
    words = [text for text in narrow.itertext() if text.strip()]
    assert any(text.endswith("…") for text in words)
    assert "1 % to 2 %" not in words


def test_no_more_than_ten_levers_are_drawn() -> None:
    many = [Bar(f"Lever {i}", "1 to 2", 0, 30 - i, "0", "x") for i in range(14)]
    svg = tornado_svg(many, 1.0, "")
    assert "Lever 9<" in svg
    assert "Lever 10<" not in svg


def test_levers_that_move_nothing_can_be_drawn() -> None:
    assert "<svg" in tornado_svg([Bar("Held", "1 to 1", 5, 5, "5", "5")], 5.0, "")


def test_the_same_chart_is_drawn_once(monkeypatch: pytest.MonkeyPatch) -> None:
    first = tornado_svg(BARS, 6.0, FINDING)
    monkeypatch.setattr("vl_convert.vegalite_to_svg", lambda specification: pytest.fail("again"))
    assert tornado_svg(BARS, 6.0, FINDING) == first


def test_the_memory_for_charts_is_bounded() -> None:
    assert drawing.render.cache_info().maxsize == drawing.CACHED_CHARTS


def test_a_drawing_with_a_script_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "vl_convert.vegalite_to_svg", lambda s: '<svg viewBox="0 0 1 1"><script/></svg>'
    )
    with pytest.raises(ValueError, match="not of the kind"):
        drawing.render('{"other": 1}', "", "wide")
