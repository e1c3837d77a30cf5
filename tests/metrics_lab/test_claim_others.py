"""A value that the case has for one thing is not right of another."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics_lab.engine.claim import ClaimCheck, check
from metrics_lab.engine.claim.model import ClaimModel
from metrics_lab.engine.wording import format_value

REPAIRS = ClaimModel(
    values={
        "owners": 90_000,
        "booking": 0.04,
        "price": 65,
        "deposit": 18,
        "absent": 0.11,
        "waiting": 0.35,
        "lapsed": 0.26,
        "spokes": 0.17,
        "mechanics": 420,
        "turnaround": 6,
    },
    symbols={
        "owners": {"label": "active cyclists", "unit": "cyclist / month", "aliases": ["cyclists"]},
        "booking": {"label": "booking rate", "unit": "share of active cyclists", "aliases": []},
        "price": {"label": "repair price", "unit": "usd / repair", "aliases": []},
        "deposit": {"label": "deposit", "unit": "usd / repair", "aliases": []},
        "absent": {"label": "no-show rate", "unit": "share of repairs", "aliases": ["no-shows"]},
        "waiting": {
            "label": "share of repairs that wait for parts",
            "unit": "share of repairs",
            "aliases": [],
        },
        "lapsed": {
            "label": "share of active cyclists who never return",
            "unit": "share of active cyclists",
            "aliases": [],
        },
        "spokes": {
            "label": "share of wheels with broken spokes",
            "unit": "share of wheels",
            "aliases": [],
        },
        "mechanics": {"label": "mechanics", "unit": "mechanic", "aliases": []},
        "turnaround": {"label": "turnaround", "unit": "day", "aliases": ["turnaround time"]},
        "repairs": {"label": "repairs", "unit": "repair / month", "aliases": []},
        "income": {"label": "workshop income", "unit": "usd / month", "aliases": []},
    },
    relations=["repairs = owners * booking", "income = repairs * price"],
)
REST = " That is my start. I ask the workshops next."


def right(text: str) -> list[ClaimCheck]:
    return [one for one in check(text + REST, REPAIRS, answer=True) if one.verdict == "correct"]


@pytest.mark.parametrize(
    "text",
    [
        "The deposit is 35 % that wait for parts.",
        "Our turnaround time is 26 % of active cyclists who never return.",
        "The no-show rate is 420 mechanics.",
        "The booking rate is 420, our mechanics say.",
        "Workshop income is 35 %, as repairs wait for parts.",
        "The repair price is 17 % with broken spokes.",
        "A turnaround of 26 % means cyclists never return.",
    ],
)
def test_a_value_said_of_another_named_figure_is_not_called_right(text: str) -> None:
    assert not right(text)


@pytest.mark.parametrize(
    ("text", "symbol"),
    [
        ("The deposit is $18 per repair.", "deposit"),
        ("The repair price is $65.", "price"),
        ("Repairs are $65 each, the repair price.", "price"),
        ("We have a no-show rate of 11 %.", "absent"),
        ("Our mechanics are 420 today.", "mechanics"),
        ("The booking rate stands at 4 %.", "booking"),
        ("Our workshop income is $234,000 a month.", "income"),
    ],
)
def test_a_value_said_of_its_own_figure_stays_right(text: str, symbol: str) -> None:
    assert [one.symbol for one in right(text)] == [symbol]


@pytest.mark.parametrize(
    "text",
    [
        "26 % of repairs never return.",
        "26 % of mechanics never return to us.",
        "35 % of active cyclists wait for parts.",
        "35 % of wheels wait for parts.",
        "17 % of repairs have broken spokes.",
        "17 % of all scooters have broken spokes.",
        "35 % of repairs are repainted.",
        "11 % of cyclists are no-shows.",
    ],
)
def test_a_share_of_another_thing_is_not_called_right(text: str) -> None:
    assert not right(text)


@pytest.mark.parametrize(
    ("text", "symbol"),
    [
        ("35 % of repairs wait for parts.", "waiting"),
        ("35 percent of our repairs have to wait for parts.", "waiting"),
        ("26 % of active cyclists never return.", "lapsed"),
        ("26 % of the cyclists never return.", "lapsed"),
        ("17 % of wheels have broken spokes.", "spokes"),
        ("17 % of these wheels come with broken spokes.", "spokes"),
        ("35 % of them wait for parts, of the repairs.", "waiting"),
    ],
)
def test_a_share_of_its_own_whole_stays_right(text: str, symbol: str) -> None:
    assert [one.symbol for one in right(text)] == [symbol]


FIGURES = st.sampled_from(sorted(REPAIRS.known))


@given(FIGURES, FIGURES, st.sampled_from(["The {} is {}.", "Our {} stands at {} today."]))
def test_no_figure_is_right_with_the_value_of_another(one: str, other: str, frame: str) -> None:
    known, today = REPAIRS.known, REPAIRS.today
    text = frame.format(known[one].label, format_value(today[other], known[other].unit))
    if one != other:
        assert not [c for c in right(text) if c.symbol == other]
