"""The tornado: each input alone over its band, the widest swing first."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics_lab.engine.errors import ImpossibleError, UnknownSymbolError
from metrics_lab.engine.graph import Model
from metrics_lab.engine.sensitivity import tornado

VISITORS, CONVERSION, AOV = 10_000_000.0, 0.02, 30.0
MODEL = Model.build(
    ["orders = visitors * conversion", "gmv = orders * aov"],
    {"visitors": VISITORS, "conversion": CONVERSION, "aov": AOV, "returns": 0.1},
    units={"conversion": "share of visitors"},
)
shares = st.floats(0.001, 0.999)
money = st.floats(1, 1000)


def test_the_widest_swing_comes_first() -> None:
    swings = tornado(MODEL, "gmv", {"aov": (29, 31), "conversion": (0.018, 0.024)})
    assert [swing.symbol for swing in swings] == ["conversion", "aov"]
    assert swings[0].worst == pytest.approx(5_400_000)
    assert swings[0].best == pytest.approx(7_200_000)


def test_an_input_of_something_else_does_not_move_the_target() -> None:
    assert tornado(MODEL, "gmv", {"returns": (0.05, 0.2)})[0].width == 0


def test_a_figure_that_falls_as_an_input_rises_keeps_its_ends_apart() -> None:
    model = Model.build(["kept = 100 * (1 - returns)"], {"returns": 0.1})
    swing = tornado(model, "kept", {"returns": (0.05, 0.2)})[0]
    assert swing.at_low == pytest.approx(95)
    assert swing.at_high == pytest.approx(80)
    assert (swing.worst, swing.best) == (swing.at_high, swing.at_low)


@pytest.mark.parametrize(("target", "symbol"), [("profit", "aov"), ("gmv", "price")])
def test_what_the_model_does_not_hold_is_named(target: str, symbol: str) -> None:
    with pytest.raises(UnknownSymbolError):
        tornado(MODEL, target, {symbol: (1, 2)})


def test_an_end_over_one_hundred_percent_is_refused() -> None:
    with pytest.raises(ImpossibleError):
        tornado(MODEL, "gmv", {"conversion": (0.5, 1.2)})


@given(one=shares, other=shares, low=money, high=money)
def test_the_order_of_the_ends_and_of_the_inputs_makes_no_difference(
    one: float, other: float, low: float, high: float
) -> None:
    there = tornado(MODEL, "gmv", {"conversion": (one, other), "aov": (low, high)})
    back = tornado(MODEL, "gmv", {"aov": (high, low), "conversion": (other, one)})
    assert there == back


@given(low=money, high=money)
def test_the_swing_of_a_factor_is_its_band_times_all_the_others(low: float, high: float) -> None:
    swing = tornado(MODEL, "gmv", {"aov": (low, high)})[0]
    assert swing.width == pytest.approx(abs(high - low) * VISITORS * CONVERSION)


@given(low=money, high=money, wider=st.floats(0, 100))
def test_a_wider_band_never_swings_less(low: float, high: float, wider: float) -> None:
    low, high = sorted((low, high))
    narrow = tornado(MODEL, "gmv", {"aov": (low, high)})[0]
    wide = tornado(MODEL, "gmv", {"aov": (low, high + wider)})[0]
    assert wide.width >= narrow.width


@given(end=money)
def test_a_band_of_one_point_is_no_swing(end: float) -> None:
    assert tornado(MODEL, "gmv", {"aov": (end, end)})[0].width == 0
