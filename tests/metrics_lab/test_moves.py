"""A lever as it is typed: three ways, and "+10 %" of a share is asked about and never guessed."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics_lab.engine.errors import LeverError
from metrics_lab.engine.moves import Ask, Target, applied, read_move
from metrics_lab.engine.scenario import How, Lever
from metrics_lab.forms.numbers import read_number
from metrics_lab.presentation.sheet_levers import text_of

SHARE = Target("rate", "Conversion", "share of visitors", 0.02, share=True, ends_at_one=True)
MONEY = Target("aov", "Order value", "USD / order", 30.0, share=False, ends_at_one=False)


@pytest.mark.parametrize(
    ("text", "how", "target", "meant"),
    [
        ("2.5", "set", SHARE, ("set", 0.025)),
        ("2,5 %", "set", SHARE, ("set", 0.025)),
        ("0.5", "add", SHARE, ("add", 0.005)),
        ("+0.5 points", "set", SHARE, ("add", 0.005)),
        ("-0.5 pp", "set", SHARE, ("add", -0.005)),
        ("10", "times", SHARE, ("times", 1.1)),
        ("-10 %", "times", SHARE, ("times", 0.9)),
        ("x1.2", "set", SHARE, ("times", 1.2)),
        ("1.2×", "set", SHARE, ("times", 1.2)),
        ("33", "set", MONEY, ("set", 33.0)),
        ("$33", "set", MONEY, ("set", 33.0)),
        ("+3", "set", MONEY, ("add", 3.0)),
        ("−3", "set", MONEY, ("add", -3.0)),
        ("3", "add", MONEY, ("add", 3.0)),
        ("+10 %", "set", MONEY, ("times", 1.1)),
        ("10 %", "add", MONEY, ("times", 1.1)),
        ("×2", "set", MONEY, ("times", 2.0)),
        ("1.5 million", "set", MONEY, ("set", 1.5e6)),
    ],
)
def test_a_move_is_read_in_any_of_the_three_ways(
    text: str, how: How, target: Target, meant: tuple[str, float]
) -> None:
    found = read_move(text, how, target, read_number)
    assert isinstance(found, Lever)
    assert (found.how, found.amount) == (meant[0], pytest.approx(meant[1]))


@pytest.mark.parametrize(
    ("text", "how"), [("+10 %", "set"), ("+10", "set"), ("-10 %", "set"), ("10 %", "add")]
)
def test_percent_more_of_a_share_is_asked_about(text: str, how: How) -> None:
    target = Target("rate", "Conversion", "share", 0.4, share=True, ends_at_one=True)
    found = read_move(text, how, target, read_number)
    assert isinstance(found, Ask)
    sign = -1 if text.startswith("-") else 1
    assert found.of_it.amount == pytest.approx(1 + sign * 0.1)
    assert found.points.amount == pytest.approx(sign * 0.1)


def test_the_question_says_where_each_meaning_leads() -> None:
    found = read_move("+10 %", "set", SHARE, read_number)
    assert isinstance(found, Ask)
    assert found.question == "10 % of it, or 10 percentage points?"
    assert found.of_it_words == "10 % of it: 2 % becomes 2.2 %"
    assert found.points_words == "10 percentage points: 2 % becomes 12 %"


@pytest.mark.parametrize(("meaning", "becomes"), [("of_it", 0.022), ("points", 0.12)])
def test_the_answer_decides(meaning: str, becomes: float) -> None:
    found = read_move("+10 %", "set", SHARE, read_number, meaning)
    assert isinstance(found, Lever)
    assert applied(found, SHARE.today) == pytest.approx(becomes)


@pytest.mark.parametrize(
    ("text", "how", "target", "reason"),
    [
        ("", "set", MONEY, "Order value needs a number, such as 2.5."),
        ("thirty", "set", MONEY, "Order value needs a number, such as 2.5."),
        ("x", "set", MONEY, "Order value needs a number"),
        ("30 %", "set", MONEY, "is not a percentage. Leave out the % sign, or write +30 %"),
        ("+2 points", "set", MONEY, "is not a percentage, so it has no points to add"),
        ("-40", "set", MONEY, "Order value cannot be below 0."),
        ("120", "set", SHARE, "Conversion would be 120 %: a share ends at 100 %."),
        ("x80", "set", SHARE, "a share ends at 100 %"),
        ("99 points", "add", SHARE, "a share ends at 100 %"),
        ("1e300", "set", MONEY, "too large a number"),
        ("x1e300", "set", MONEY, "too large a number"),
    ],
)
def test_what_cannot_be_says_why(text: str, how: How, target: Target, reason: str) -> None:
    with pytest.raises(LeverError, match=reason.replace("+", r"\+")) as refused:
        read_move(text, how, target, read_number)
    assert refused.value.symbol == target.symbol


@given(st.sampled_from(["set", "add", "times"]), st.floats(0.01, 0.9), st.booleans())
def test_a_kept_move_reads_back_as_itself(how: How, size: float, share: bool) -> None:
    target = SHARE if share else MONEY
    amount = size if how != "times" else 1 + size
    lever = Lever(target.symbol, how, amount)
    found = read_move(text_of(lever, share), how, target, read_number)
    assert isinstance(found, Lever)
    assert found.how == how
    assert found.amount == pytest.approx(amount)


@given(st.text(max_size=50), st.sampled_from(["set", "add", "times"]), st.booleans())
def test_any_text_is_a_lever_a_question_or_a_reason(text: str, how: How, share: bool) -> None:
    with contextlib.suppress(LeverError):
        found = read_move(text, how, SHARE if share else MONEY, read_number)
        assert isinstance(found, Lever | Ask)
