import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics_lab.engine.errors import (
    ContradictionError,
    ImpossibleError,
    LeverError,
    UnknownSymbolError,
)
from metrics_lab.engine.graph import Model, Relation
from metrics_lab.engine.scenario import Lever, what_if

UNITS = {"conversion": "share of visitors"}
SHOP = Model.build(
    ["orders = visitors * conversion", "gmv = orders * aov"],
    {"visitors": 1000.0, "conversion": 0.02, "aov": 30.0},
    units=UNITS,
)
SEGMENTS = Model.build(
    [
        Relation("orders", "visitors * conversion"),
        Relation("by_segment", "new * conv_new + old * conv_old", equals="orders"),
        Relation("funnel", "cart * pay", equals="conversion"),
    ],
    {"visitors": 1000.0, "conversion": 0.04, "new": 600.0, "old": 400.0, "conv_new": 0.02,
     "conv_old": 0.07, "cart": 0.1, "pay": 0.4},
)  # fmt: skip


@pytest.mark.parametrize(
    ("how", "amount", "after"), [("set", 0.03, 0.03), ("add", 0.005, 0.025), ("times", 1.5, 0.03)]
)
def test_a_lever_sets_adds_or_multiplies(how: str, amount: float, after: float) -> None:
    outcome = what_if(SHOP, [Lever("conversion", how, amount)])  # type: ignore[arg-type]
    assert outcome.after["conversion"] == pytest.approx(after)
    assert outcome.after["orders"] == pytest.approx(1000 * after)


def test_two_levers_compound() -> None:
    outcome = what_if(SHOP, [Lever("conversion", "times", 1.2), Lever("aov", "times", 1.1)])
    assert outcome.change("gmv").relative == pytest.approx(0.32)


def test_only_what_moved_is_listed() -> None:
    moved = what_if(SHOP, [Lever("aov", "add", 3)]).moved
    assert [change.symbol for change in moved] == ["aov", "gmv"]


def test_a_symbol_pulled_twice_is_an_error() -> None:
    with pytest.raises(LeverError, match="pulled twice"):
        what_if(SHOP, [Lever("aov", "set", 3), Lever("aov", "add", 3)])


def test_a_lever_on_nothing_is_an_error() -> None:
    with pytest.raises(UnknownSymbolError):
        what_if(SHOP, [Lever("vibes", "set", 3)])


def test_a_share_cannot_pass_one() -> None:
    with pytest.raises(ImpossibleError, match="conversion"):
        what_if(SHOP, [Lever("conversion", "set", 1.5)])


def test_a_change_of_a_segment_reaches_the_whole() -> None:
    outcome = what_if(SEGMENTS, [Lever("conv_old", "set", 0.08)])
    assert outcome.after["orders"] == pytest.approx(44)
    assert outcome.after["conversion"] == pytest.approx(0.044)


def test_two_sides_of_one_figure_cannot_move_apart() -> None:
    with pytest.raises(ContradictionError):
        what_if(SEGMENTS, [Lever("conv_old", "set", 0.08), Lever("visitors", "set", 900)])


@given(st.floats(0.5, 2), st.floats(0.5, 2))
def test_the_order_of_levers_on_different_symbols_does_not_matter(a: float, b: float) -> None:
    levers = [Lever("aov", "times", a), Lever("conversion", "times", b)]
    assert what_if(SHOP, levers).after == what_if(SHOP, levers[::-1]).after
