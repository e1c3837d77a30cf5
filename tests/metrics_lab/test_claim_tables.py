"""Tables that a student pastes: cells of today, cells of targets, and scores of ideas."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics_lab.engine.claim import ClaimCheck, check
from metrics_lab.engine.claim.model import ClaimModel

LIBRARY = ClaimModel(
    values={"members": 48_000, "borrowing": 0.3, "fine": 2.5, "renewals": 0.62, "holds": 5},
    symbols={
        "members": {"label": "members", "unit": "member", "aliases": []},
        "borrowing": {"label": "borrowing rate", "unit": "share of members", "aliases": []},
        "fine": {"label": "average fine", "unit": "usd / loan", "aliases": ["fine per loan"]},
        "renewals": {"label": "renewal rate", "unit": "share of loans", "aliases": ["renewals"]},
        "holds": {"label": "waiting time", "unit": "day", "aliases": []},
        "borrowers": {"label": "borrowers", "unit": "member / month", "aliases": []},
    },
    relations=["borrowers = members * borrowing"],
)


def found(text: str) -> list[ClaimCheck]:
    checks = check("What I measure.\n\n" + text + "\n\nThen I look again.", LIBRARY, answer=True)
    return [one for one in checks if one.verdict != "none"]


def verdicts(text: str) -> list[tuple[str, str]]:
    return [(one.quote, one.verdict) for one in found(text)]


WRONG_TODAY = [
    "| Metric | Baseline | Target |\n|---|---|---|\n| Borrowing rate | 40 % | 45 % |",
    "| Metric | Target | Today |\n|:--|--:|--:|\n| Renewal rate | 70 % | 40 % |",
    "Metric\tNow\tGoal\nBorrowing rate\t40 %\t45 %",
    "Metric | Current value | Planned\nAverage fine | $4 | $2",
    "| KPI | Status quo |\n| --- | --- |\n| **Renewals** | 40 % |",
    "| | Today | In a year |\n|-|-|-|\n| Members | 90,000 | 95,000 |",
]


@pytest.mark.parametrize("table", WRONG_TODAY)
def test_a_wrong_figure_beneath_today_is_found(table: str) -> None:
    ((quote, verdict),) = verdicts(table)
    assert verdict == "wrong"
    assert quote in ("40 %", "$4", "90,000")


@pytest.mark.parametrize(
    "table",
    [
        "| Metric | Target |\n|---|---|\n| Borrowing rate | 40 % |",
        "| Metric | Baseline of the rival | After |\n|---|---|---|\n| Loans by post | 9 % | 12 % |",
        "Metric\tGuardrail\nRenewal rate\t55 %",
        "| Metric | Target vs today |\n|---|---|\n| Borrowing rate | 40 % |",
        "| Metric | Today |\n|---|---|\n| Borrowing rate of students | 40 % |",
        "| Metric | Today |\n|---|---|\n| Renewal rate | unknown |\n| Average fine | $1 to $9 |",
        "| Now | Next | Later |\n|---|---|---|\n| Fines | Holds | 40 % renewal rate |",
    ],
)
def test_a_target_and_what_is_not_plainly_named_are_not_blamed(table: str) -> None:
    assert not [quote for quote, verdict in verdicts(table) if verdict in ("wrong", "ambiguous")]


def test_a_right_row_is_right_and_its_target_is_no_claim() -> None:
    table = "| Metric | Baseline | Target |\n|---|---|---|\n| Borrowing rate | 30 % | 62 % |"
    assert verdicts(table) == [("30 %", "correct")]


def test_a_cell_is_found_at_its_place_in_the_text() -> None:
    text = "My table:\n" + WRONG_TODAY[0]
    (one,) = check(text, LIBRARY, answer=True)
    assert text[one.start : one.end] == one.quote == "40 %"
    assert one.certain


RICE = "| Idea | Reach | Impact | Confidence | Effort | RICE |\n|---|---|---|---|---|---|\n"
ICE = "Idea\tImpact\tConfidence\tEase\tScore\n"


@pytest.mark.parametrize(
    ("table", "quote"),
    [
        (RICE + "| Shelf | 900 | 2 | 50% | 3 | 300 |\n| App | 400 | 1 | 80% | 2 | 900 |", "900"),
        (RICE + "| Shelf | 900 | 2 | 50% | 3 | 700 |", "700"),
        (RICE + "| A | 9k | 2 | 0.5 | 3 | 3,000 |\n| B | 4k | 1 | 0.8 | 2 | 3,200 |", "3,200"),
        (ICE + "A\t8\t5\t4\t160\nB\t7\t7\t2\t98\nC\t9\t3\t3\t95", "95"),
        (ICE + "A\t8\t6\t4\t6\nB\t7\t7\t7\t7\nC\t9\t3\t3\t8", "8"),
        (
            "| Idea | R | I | C | E | Score |\n|-|-|-|-|-|-|\n"
            "| A | 900 | 2 | 50 | 3 | 300 |\n| B | 600 | 1 | 90 | 2 | 720 |",
            "720",
        ),
    ],
)
def test_a_score_that_does_not_follow_from_its_row_is_found(table: str, quote: str) -> None:
    wrong = [one for one in found(table) if one.verdict == "wrong"]
    assert [(one.quote, one.error) for one in wrong] == [(quote, "rice_arithmetic")]


@pytest.mark.parametrize(
    "table",
    [
        RICE + "| Shelf | 900 | 2 | 50% | 3 | 300 |\n| App | 400 | 1 | 80% | 2 | 160 |",
        RICE + "| Shelf | 900 | 2 | 50 | 3 | 30,000 |\n| App | 400 | 1 | 80 | 2 | 16,000 |",
        RICE + "| Shelf | 900 | 2 | 50% | 2 weeks | 450 |\n| App | 400 | 1 | 80% | 1 month | 80 |",
        RICE + "| Shelf | 900 | high | 50% | 3 | 700 |\n| App | many | 1 | 80% | 2 | 200 |",
        RICE + "| Shelf | 9 | 2 | 5 | 3 | 12 |\n| App | 4 | 1 | 8 | 2 | 11 |",
        ICE + "A\t8\t6\t4\t18\nB\t7\t7\t7\t21",
        ICE + "A\t8\t6\t4\t6.3\nB\t7\t7\t7\t7.1\nC\t9\t3\t3\t4.9",
        "| Idea | Impact | Confidence | Effort | Rank |\n|-|-|-|-|-|\n| A | 8 | 5 | 4 | 1 |",
    ],
)
def test_scores_made_in_another_way_or_right_are_not_blamed(table: str) -> None:
    assert not [one for one in found(table) if one.verdict == "wrong"]


SIZES = st.integers(1, 9_000)
IDEAS = st.lists(
    st.tuples(SIZES, st.sampled_from([0.25, 0.5, 1, 2, 3]), st.sampled_from([50, 80, 100]),
              st.integers(1, 12)), min_size=2, max_size=5,
)  # fmt: skip


@given(IDEAS, st.sampled_from([1, 100]))
def test_scores_that_follow_in_one_way_are_never_wrong(
    ideas: list[tuple[int, float, int, int]], factor: int
) -> None:
    rows = [f"| X | {r} | {i} | {c}% | {e} | {factor * r * i * c / 100 / e:.3f} |"
            for r, i, c, e in ideas]  # fmt: skip
    assert not [one for one in found(RICE + "\n".join(rows)) if one.verdict == "wrong"]


@given(st.text(alphabet="|\t-\n Today:RICE%19.", max_size=120))
def test_any_strokes_are_read_without_an_error(text: str) -> None:
    for one in check(text, LIBRARY, answer=True):
        assert text[one.start : one.end] == one.quote
