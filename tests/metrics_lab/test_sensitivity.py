"""Which input matters: tornado, elasticity, Sobol indices and the split of a change."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from metrics_lab.engine.errors import ImpossibleError, LeverError, ModelError, UnknownSymbolError
from metrics_lab.engine.graph import Model, Relation
from metrics_lab.engine.quantity import Range
from metrics_lab.engine.scenario import Lever, what_if
from metrics_lab.engine.sensitivity import (
    QUESTIONS,
    elasticity,
    shapley,
    sobol_indices,
    tornado,
)

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


RANGES = {
    "visitors": Range.of(9e6, 11e6, "visitors"),
    "conversion": Range.of(0.018, 0.024, "share of visitors"),
    "aov": Range.of(29, 31, "usd / order"),
}
ALL_FUNCTIONS = Model.build(
    [
        "y = a ** 1.5 / b - exp(b / 9) + log(a) + sqrt(a * b) + abs(b - a)"
        " + max(a, b, 1) * min(a, 7) + phi(b - 1) + z(c) + -c",
    ],
    {"a": 3.0, "b": 2.0, "c": 0.3},
)


def test_the_elasticity_of_every_factor_of_a_product_is_one() -> None:
    found = elasticity(MODEL, "gmv")
    assert {e.symbol for e in found} == {"visitors", "conversion", "aov"}
    assert [e.percent for e in found] == pytest.approx([1, 1, 1])
    slopes = {e.symbol: e.slope for e in found}
    assert slopes["aov"] == pytest.approx(VISITORS * CONVERSION)


def test_a_divisor_has_an_elasticity_of_minus_one_and_a_fixed_cost_more_than_one() -> None:
    model = Model.build(
        ["margin = price - cost", "per = margin / days"],
        {"price": 10.0, "cost": 6.0, "days": 5.0},
    )
    found = {e.symbol: e.percent for e in elasticity(model, "per")}
    assert found == pytest.approx({"price": 2.5, "cost": -1.5, "days": -1})
    assert elasticity(model, "per")[0].symbol == "price"


@given(a=st.floats(2.5, 6), b=st.floats(1.2, 2.4), c=st.floats(0.05, 0.95))
@settings(deadline=None)
def test_exact_slopes_are_those_of_small_steps(a: float, b: float, c: float) -> None:
    model = ALL_FUNCTIONS
    at = Model.build([f"y = {model.rules[0].formula.text}"], {"a": a, "b": b, "c": c})
    for found in elasticity(at, "y"):
        today, h = at.given[found.symbol], 1e-6
        ends = [at.evaluate({found.symbol: today + side * h})["y"] for side in (1, -1)]
        assert found.slope == pytest.approx((ends[0] - ends[1]) / (2 * h), rel=1e-4, abs=1e-4)


def test_an_elasticity_of_nothing_is_unknown_but_its_slope_is_not() -> None:
    model = Model.build(["y = a - b"], {"a": 2.0, "b": 2.0})
    found = elasticity(model, "y", ["a"])[0]
    assert (found.slope, found.percent) == (1, None)


def test_a_formula_without_a_slope_says_where() -> None:
    model = Model.build(["y = sqrt(a)"], {"a": 0.0})
    with pytest.raises(ImpossibleError, match="no slope") as caught:
        elasticity(model, "y")
    assert caught.value.symbol == "y"


def test_elasticity_moves_both_sides_of_a_figure_stated_twice() -> None:
    model = Model.build(
        [
            Relation("sales", "customers * spend"),
            Relation("check", "big + small", equals="sales"),
            Relation("profit", "sales / 2"),
        ],
        {"customers": 100.0, "spend": 5.0, "big": 300.0, "small": 200.0},
    )
    found = elasticity(model, "profit", ["big"])[0]
    step = what_if(model, [Lever("big", "add", 1e-3)]).change("profit").absolute / 1e-3
    assert found.slope == pytest.approx(step) == pytest.approx(0.5)


@pytest.mark.parametrize(("target", "symbol"), [("profit", "aov"), ("gmv", "price")])
def test_elasticity_names_what_the_model_does_not_hold(target: str, symbol: str) -> None:
    with pytest.raises(UnknownSymbolError):
        elasticity(MODEL, target, [symbol])


def test_indices_of_a_product_of_lognormals_are_those_of_theory() -> None:
    bands = {"a": (2, 8), "b": (10, 20), "c": (0.1, 0.3)}
    model = Model.build(["y = a * b * c"], dict.fromkeys(bands, 1.0))
    found = sobol_indices(model, "y", {s: Range(*ends, "lognormal") for s, ends in bands.items()})
    spread = {
        s: math.exp((math.log(hi / lo) / (2 * stats.norm.ppf(0.95))) ** 2) - 1
        for s, (lo, hi) in bands.items()
    }
    whole = math.prod(1 + v for v in spread.values()) - 1
    assert [index.symbol for index in found.indices] == ["a", "c", "b"]
    for index in found.indices:
        others = math.prod(1 + v for s, v in spread.items() if s != index.symbol)
        assert index.first == pytest.approx(spread[index.symbol] / whole, abs=0.02)
        assert index.total == pytest.approx(spread[index.symbol] * others / whole, abs=0.02)


def test_indices_agree_with_salib() -> None:
    from SALib.analyze import sobol as analyze
    from SALib.sample import sobol as sample

    names = ["a", "b", "c"]
    model = Model.build(["y = a * b + c ** 2"], dict.fromkeys(names, 1.0))
    ends = {"a": (-1, 3), "b": (0, 2), "c": (1, 2)}
    ranges = {s: Range(lo, hi, "normal") for s, (lo, hi) in ends.items()}
    end = float(stats.norm.ppf(0.95))
    problem = {
        "num_vars": 3,
        "names": names,
        "dists": ["norm"] * 3,
        "bounds": [[(lo + hi) / 2, (hi - lo) / (2 * end)] for lo, hi in ends.values()],
    }
    points = sample.sample(problem, 4_096, calc_second_order=False, seed=1)
    values = points[:, 0] * points[:, 1] + points[:, 2] ** 2
    theirs = analyze.analyze(problem, values, calc_second_order=False, seed=1)
    found = {index.symbol: index for index in sobol_indices(model, "y", ranges).indices}
    for i, name in enumerate(names):
        assert found[name].first == pytest.approx(theirs["S1"][i], abs=0.02)
        assert found[name].total == pytest.approx(theirs["ST"][i], abs=0.02)


def test_an_input_that_only_works_with_others_has_no_first_share() -> None:
    model = Model.build(["y = a * b"], {"a": 0.0, "b": 0.0})
    even = {"a": Range(-1, 1, "normal"), "b": Range(-1, 1, "normal")}
    for index in sobol_indices(model, "y", even).indices:
        assert index.first == pytest.approx(0, abs=0.03)
        assert index.total == pytest.approx(1, abs=0.03)


def test_indices_repeat_and_count_what_has_no_value() -> None:
    model = Model.build(["y = sqrt(a) * b"], {"a": 1.0, "b": 1.0})
    ranges = {"a": Range(-1, 3, "normal"), "b": Range(1, 2, "lognormal")}
    found = sobol_indices(model, "y", ranges, n=512)
    assert found == sobol_indices(model, "y", ranges, n=512)
    assert 0 < found.missing < found.n == 512


def test_a_target_that_does_not_vary_has_no_indices_above_zero() -> None:
    found = sobol_indices(MODEL, "gmv", {"returns": Range.of(0.05, 0.2, "share")}, n=64)
    assert (found.sd, found.indices[0].first, found.indices[0].total) == (0, 0, 0)


def test_indices_under_levers_are_those_of_the_model_with_them() -> None:
    pulled = sobol_indices(MODEL, "gmv", RANGES, [Lever("aov", "set", 40)], n=256)
    shares = {index.symbol: index.total for index in pulled.indices}
    assert shares["aov"] == 0
    assert shares["conversion"] > shares["visitors"] > 0


def test_too_many_ranges_for_indices_are_refused() -> None:
    names = [f"x{i}" for i in range(33)]
    model = Model.build(["y = x0 * x1"], dict.fromkeys(names, 1.0))
    with pytest.raises(ModelError, match="At most 32 ranges"):
        sobol_indices(model, "y", {name: Range.of(1, 2) for name in names})


def test_two_factors_share_what_they_only_reach_together() -> None:
    levers = [Lever("visitors", "times", 2), Lever("aov", "times", 2)]
    split = shapley(MODEL, "gmv", levers)
    assert split.total == pytest.approx(3 * 6e6)
    assert [part.amount for part in split.parts] == pytest.approx([9e6, 9e6])


def test_a_split_goes_from_one_scenario_to_another() -> None:
    before = [Lever("aov", "set", 40), Lever("conversion", "set", 0.03)]
    after = [Lever("aov", "set", 40), Lever("visitors", "times", 1.5)]
    split = shapley(MODEL, "gmv", after, before)
    assert {part.symbol for part in split.parts} == {"conversion", "visitors"}
    assert split.before == pytest.approx(what_if(MODEL, before).after["gmv"])
    assert split.after == pytest.approx(what_if(MODEL, after).after["gmv"])
    back = shapley(MODEL, "gmv", before, after)
    assert {p.symbol: -p.amount for p in back.parts} == pytest.approx(
        {p.symbol: p.amount for p in split.parts}
    )


changes = st.lists(
    st.builds(
        Lever,
        st.sampled_from(["visitors", "aov", "orders", "gmv", "returns"]),
        st.sampled_from(["set", "add", "times"]),
        st.floats(0.1, 0.9),
    ),
    max_size=5,
    unique_by=lambda lever: lever.symbol,
)


@given(after=changes, before=changes)
@settings(deadline=None)
def test_the_parts_of_a_change_add_up_to_it(after: list[Lever], before: list[Lever]) -> None:
    split = shapley(MODEL, "gmv", after, before)
    largest = max(map(abs, (split.before, split.after, 1e7)))
    assert math.fsum(p.amount for p in split.parts) == pytest.approx(
        split.total, abs=1e-9 * largest
    )


@given(times=st.floats(0.5, 3))
def test_a_lever_that_does_nothing_earns_nothing(times: float) -> None:
    split = shapley(MODEL, "gmv", [Lever("returns", "set", 0.3), Lever("aov", "times", times)])
    assert {p.symbol: p.amount for p in split.parts}["returns"] == 0


def test_too_many_levers_or_one_pulled_twice_are_refused() -> None:
    names = [f"x{i}" for i in range(9)]
    model = Model.build([f"y = {'+'.join(names)}"], dict.fromkeys(names, 1.0))
    with pytest.raises(LeverError, match="at most 8"):
        shapley(model, "y", [Lever(name, "add", 1) for name in names])
    with pytest.raises(LeverError, match="twice"):
        shapley(model, "y", [Lever("x1", "add", 1), Lever("x1", "add", 2)])


def test_every_measure_has_its_own_question() -> None:
    assert set(QUESTIONS) == {"tornado", "elasticity", "sobol", "shapley"}
    assert len(set(QUESTIONS.values())) == 4
    for measure in (tornado, elasticity, sobol_indices, shapley):
        assert "The question:" in (measure.__doc__ or "")
