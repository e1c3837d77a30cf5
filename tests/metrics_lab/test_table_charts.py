"""Range bars, heat map and curve: each number stands there in words, and nothing has a color."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

from metrics_lab.charts.curve import curve_svg
from metrics_lab.charts.heatmap import HeatRow, columns_that_fit, heatmap_svg, step_of
from metrics_lab.charts.ranges import RangeBar, ranges_svg

BARS = [
    RangeBar("Reviews", 900, 2000, 4200, "900", "4,200", "first in 71 %"),
    RangeBar("Search", 800, 800, 800, "800", "800", "first in 2 %"),
]
ROWS = [
    HeatRow("week of 2026-01-05", (1.0, 0.5, 0.23)),
    HeatRow("week of 2026-01-12", (1.0, 0.0, None)),
]


def charts() -> dict[str, str]:
    """Return one chart of each kind."""
    return {
        "ranges": ranges_svg(BARS, "Reviews leads"),
        "heatmap": heatmap_svg(ROWS, "Half are gone after a week"),
        "curve": curve_svg([1, 0.4, 0.23], [r.shares for r in ROWS], "The curve flattens", "week"),
    }


def words(svg: str, drawing: int = 0) -> list[str]:
    """Return the words of the wide drawing (0) or of the narrow one (1), its title first."""
    both = list(ElementTree.fromstring(f"<both>{svg}</both>"))  # noqa: S314 (our own)
    return [text for text in both[drawing].itertext() if text.strip()]


@pytest.mark.parametrize("kind", ["ranges", "heatmap", "curve"])
def test_a_chart_has_two_sizes_no_color_and_nothing_that_is_refused(kind: str) -> None:
    svg = charts()[kind]
    assert svg.count("<svg") == 2
    assert not re.search(r"#[0-9a-f]{3,8}\b|rgb\(|style|<script|font", svg, re.I)
    widths = [float(width) for width in re.findall(r'<svg[^>]* width="([\d.]+)"', svg)]
    assert widths[1] <= 328 < widths[0] <= 720


def test_a_range_has_its_ends_in_words_and_a_point_has_one() -> None:
    found = words(charts()["ranges"])
    assert {"Reviews", "900", "4,200", "first in 71 %"} <= set(found)
    assert found.count("800") == 1


def test_a_long_name_is_cut_before_it_meets_the_remark() -> None:
    long = RangeBar("An idea with a name that goes on and on", 1, 2, 3, "1", "3", "first in 10 %")
    assert any(word.endswith("…") for word in words(ranges_svg([long], ""), 1))


def test_ideas_without_a_score_can_be_drawn() -> None:
    assert "<svg" in ranges_svg([RangeBar("a", 0, 0, 0, "0", "0")], "")


def test_each_cell_of_a_heat_map_holds_its_number_and_a_censored_one_is_not_there() -> None:
    svg = charts()["heatmap"]
    assert words(svg)[1:6] == ["100", "50", "23", "100", "0"]
    assert svg.count('class="heat') == 2 * 5
    assert "2026-01-12" in words(svg, 1)


def test_a_long_name_of_a_cohort_leaves_room_for_its_cells() -> None:
    rows = [HeatRow("People who came in through the spring campaign " * 2, (1.0, 0.4))]
    svg = heatmap_svg(rows, "")
    assert svg.count('class="heat') == 4
    assert any(word.endswith("…") for word in words(svg))


def test_shades_go_from_pale_to_deep() -> None:
    steps = [step_of(share / 100) for share in range(101)]
    assert steps == sorted(steps)
    assert set(steps) == set(range(7))


def test_what_does_not_fit_is_not_squeezed_in() -> None:
    rows = [HeatRow(f"2026-{i:02d}", (1.0,) * 40) for i in range(30)]
    svg = heatmap_svg(rows, "")
    assert columns_that_fit(40, rows) == 13
    assert svg.split("</svg>")[0].count('class="heat') == 13 * 20
    assert "2026-29" in svg
    assert "2026-09" not in svg


def test_the_curve_says_its_points_and_draws_each_cohort_to_its_edge() -> None:
    svg = charts()["curve"]
    assert {"100 %", "40 %", "23 %"} <= set(words(svg))
    wide = svg.split("</svg>")[0]
    lengths = [path.count("L") for path in re.findall(r'<path d="([^"]+)" class="line-thin"', wide)]
    assert lengths == [2, 1]
    assert wide.count('class="line-thick"') == 1


def test_a_curve_of_one_period_can_be_drawn() -> None:
    assert "<svg" in curve_svg([1.0], [[1.0]], "", "day")
