"""Simulation: what comes out is exact where theory is, repeats, and hides nothing."""

from __future__ import annotations

import math
import tracemalloc

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy import stats

from metrics_lab.engine.arrays import on_arrays
from metrics_lab.engine.errors import (
    ContradictionError,
    ImpossibleError,
    LeverError,
    ModelError,
    UnknownSymbolError,
)
from metrics_lab.engine.expr import ImpossibleValueError, compile_formula
from metrics_lab.engine.graph import Model, Relation
from metrics_lab.engine.quantity import Range
from metrics_lab.engine.scenario import Lever, what_if
from metrics_lab.engine.simulate import (
    CHUNK,
    Points,
    compare,
    fan,
    model_hash,
    seed_for,
    simulate,
)

GIVEN = {"visitors": 1e7, "conversion": 0.02, "aov": 30.0}
UNITS = {"conversion": "share of visitors"}
SHOP = Model.build(
    [
        "orders = visitors * conversion",
        "gmv = orders * aov",
        "none = visitors - visitors",
        "same = gmv / gmv",
    ],
    GIVEN,
    units=UNITS,
)
RANGES = {
    "visitors": Range.of(9e6, 11e6, "visitors"),
    "conversion": Range.of(0.018, 0.024, "share of visitors"),
    "aov": Range.of(29, 31, "usd / order"),
}
Z90 = stats.norm.ppf(0.95)
factors = st.floats(0.1, 10)
columns = st.lists(
    st.tuples(st.floats(-1e60, 1e60), st.floats(-3, 3, allow_subnormal=False)),
    min_size=1,
    max_size=8,
)
FORMULAS = [
    "a / b",
    "a / (b - b)",
    "min(a, 1 / b)",
    "max(a, b, 2) - a",
    "sqrt(a)",
    "log(a) + exp(b)",
    "a ** 0.5 + b ** 2",
    "(1 / b) ** 0",
    "1 / (1 / b)",
    "phi(a) * z(b)",
    "abs(-a) + ceil(a) - floor(b)",
    "a ** 6 * b ** 6",
    "-a + +b",
    "1 / 0 + a",
    "1 / 3",
]


@pytest.mark.parametrize("text", FORMULAS)
@given(pairs=columns)
@settings(max_examples=20, deadline=None)
def test_a_formula_on_arrays_gives_what_it_gives_number_by_number(
    text: str, pairs: list[tuple[float, float]]
) -> None:
    formula = compile_formula(text)
    both = {"a": np.array([a for a, _ in pairs]), "b": np.array([b for _, b in pairs])}
    found = np.broadcast_to(on_arrays(formula, both), len(pairs))
    for value, (a, b) in zip(found, pairs, strict=True):
        try:
            expected = formula({"a": a, "b": b})
        except ImpossibleValueError:
            assert math.isnan(value)
        else:
            assert value == pytest.approx(expected, rel=1e-9, abs=1e-12)


def test_a_product_of_lognormals_has_the_mean_and_the_quantiles_of_theory() -> None:
    ends = {"a": (2, 8), "b": (10, 20), "c": (0.1, 0.3)}
    model = Model.build(["y = a * b / c"], dict.fromkeys(ends, 1.0))
    run = simulate(model, {s: Range(lo, hi, "lognormal") for s, (lo, hi) in ends.items()})
    signs = {"a": 1, "b": 1, "c": -1}
    middle = sum(signs[s] * math.log(lo * hi) / 2 for s, (lo, hi) in ends.items())
    scale = math.sqrt(sum((math.log(hi / lo) / (2 * Z90)) ** 2 for lo, hi in ends.values()))
    assert run.mean("y") == pytest.approx(math.exp(middle + scale**2 / 2), rel=1e-3)
    assert run.median("y") == pytest.approx(math.exp(middle), rel=3e-3)
    low, high = run.interval("y")
    assert low == pytest.approx(math.exp(middle - Z90 * scale), rel=1e-2)
    assert high == pytest.approx(math.exp(middle + Z90 * scale), rel=1e-2)
    target = math.exp(middle + 0.3)
    assert run.chance("y", ">=", target) == pytest.approx(stats.norm.sf(0.3 / scale), abs=5e-3)


def test_a_range_comes_back_as_its_own_interval() -> None:
    run = simulate(SHOP, RANGES)
    for symbol, found in RANGES.items():
        assert run.interval(symbol) == pytest.approx((found.lo, found.hi), rel=1e-3)


def test_a_shared_input_stays_shared() -> None:
    run = simulate(SHOP, RANGES)
    assert not run.samples("none").any()
    assert np.all(run.samples("same") == 1)


def test_the_same_question_has_the_same_answer() -> None:
    one, other = simulate(SHOP, RANGES), simulate(SHOP, RANGES)
    assert np.array_equal(one.samples("gmv"), other.samples("gmv"))
    assert (one.seed, one.model_hash) == (other.seed, other.model_hash)
    another = simulate(SHOP, RANGES, seed=seed_for("groceries"))
    assert not np.array_equal(one.samples("gmv"), another.samples("gmv"))
    assert another.median("gmv") == pytest.approx(one.median("gmv"), rel=5e-3)


def test_the_points_are_these_points() -> None:
    first = next(Points(("a", "b"), 4, 7).blocks())[1]
    again = next(Points(("a", "b"), 4, 7).blocks())[1]
    assert np.array_equal(first, again)
    assert first.shape == (2, 4)
    # One point in each quarter of either input: this is what evenly spread means.
    assert sorted(np.floor(stats.norm.cdf(first[0]) * 4)) == [0, 1, 2, 3]
    assert sorted(np.floor(stats.norm.cdf(first[1]) * 4)) == [0, 1, 2, 3]


def test_one_range_more_leaves_the_others_where_they_are() -> None:
    fewer = {s: RANGES[s] for s in ("visitors", "conversion")}
    one, other = simulate(SHOP, fewer), simulate(SHOP, RANGES)
    assert np.array_equal(one.samples("orders"), other.samples("orders"))


def test_the_number_of_points_rounds_up_to_a_power_of_two() -> None:
    assert simulate(SHOP, RANGES, n=5_000).n == 8_192
    assert simulate(SHOP, RANGES, n=8_192).n == 8_192


@pytest.mark.parametrize("n", [0, 1, 2**20 + 1])
def test_a_run_too_small_or_too_large_is_refused(n: int) -> None:
    with pytest.raises(ModelError, match="2 to") as caught:
        simulate(SHOP, RANGES, n=n)
    assert caught.value.symbol == "n"


def test_a_large_run_keeps_what_it_is_told_and_stays_small() -> None:
    n = 2**18
    simulate(SHOP, RANGES, n=CHUNK)
    tracemalloc.start()
    try:
        run = simulate(SHOP, RANGES, n=n, keep=["gmv"])
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert run.samples("gmv").shape == (n,)
    assert peak < 8 * n * 3 + 100 * 8 * CHUNK
    with pytest.raises(UnknownSymbolError, match="orders"):
        run.samples("orders")
    with pytest.raises(ModelError, match="what-if"):
        run.what_if([])
    with pytest.raises(ModelError, match="name the symbols"):
        simulate(SHOP, RANGES, n=n)


def test_a_run_in_blocks_is_the_run_in_one(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = simulate(SHOP, RANGES, n=4_096)
    monkeypatch.setattr("metrics_lab.engine.simulate.CHUNK", 1_024)
    parts = simulate(SHOP, RANGES, n=4_096)
    assert np.array_equal(whole.samples("gmv"), parts.samples("gmv"))
    lever = [Lever("aov", "add", 1)]
    assert np.array_equal(whole.what_if(lever).samples("gmv"), parts.what_if(lever).samples("gmv"))


@given(factor=factors)
@settings(max_examples=20, deadline=None)
def test_a_factor_on_an_input_is_a_factor_on_every_sample_of_a_product(factor: float) -> None:
    run = simulate(SHOP, RANGES, n=1_024)
    there = run.what_if([Lever("visitors", "times", factor)])
    assert there.samples("gmv") == pytest.approx(factor * run.samples("gmv"))
    assert there.median("gmv") == pytest.approx(factor * run.median("gmv"))


@given(more=st.floats(0, 1e6))
@settings(max_examples=20, deadline=None)
def test_more_of_a_factor_is_never_less_of_the_product(more: float) -> None:
    run = simulate(SHOP, RANGES, n=1_024)
    gain = compare(run, run.what_if([Lever("visitors", "add", more)]))
    assert gain.samples("gmv").min() >= 0


def test_a_difference_on_the_same_points_has_no_noise_of_its_own() -> None:
    run = simulate(SHOP, RANGES)
    same = compare(run, run.what_if([Lever("aov", "times", 1)]))
    assert not same.samples("gmv").any()
    dollar = compare(run, run.what_if([Lever("aov", "add", 1)]))
    assert dollar.samples("gmv") == pytest.approx(run.samples("orders"))
    assert dollar.chance("gmv", ">", 0) == 1


def test_a_what_if_is_the_run_under_the_levers() -> None:
    levers = [Lever("conversion", "add", 0.005), Lever("orders", "times", 1.1)]
    afresh = simulate(SHOP, RANGES, levers)
    reused = simulate(SHOP, RANGES).what_if(levers)
    for symbol in SHOP.symbols:
        assert np.array_equal(afresh.samples(symbol), reused.samples(symbol))
    back = afresh.what_if([])
    assert np.array_equal(back.samples("gmv"), simulate(SHOP, RANGES).samples("gmv"))


def test_runs_on_other_points_are_not_compared() -> None:
    with pytest.raises(ModelError, match="same points"):
        compare(simulate(SHOP, RANGES), simulate(SHOP, RANGES, seed=1))


levers = st.lists(
    st.builds(
        Lever,
        st.sampled_from(["visitors", "aov", "orders", "gmv"]),
        st.sampled_from(["set", "add", "times"]),
        st.floats(0.5, 50),
    ),
    max_size=3,
    unique_by=lambda lever: lever.symbol,
)


@given(pulled=levers)
@settings(max_examples=40, deadline=None)
def test_without_ranges_a_run_is_the_what_if(pulled: list[Lever]) -> None:
    run, plain = simulate(SHOP, {}, pulled, n=2), what_if(SHOP, pulled).after
    for symbol, value in plain.items():
        assert run.median(symbol) == pytest.approx(value)


def test_samples_without_a_value_are_counted_and_meet_no_target() -> None:
    model = Model.build(["y = sqrt(a)", "small = min(y, 5)"], {"a": 1.0})
    run = simulate(model, {"a": Range(-1, 1, "normal")})
    half = run.n / 2
    assert run.missing("y") == run.missing("small") == pytest.approx(half, abs=2)
    assert run.chance("y", ">=", 0) == pytest.approx(0.5, abs=1e-3)
    assert run.chance("y", "<", 100) == pytest.approx(0.5, abs=1e-3)
    assert run.median("y") > 0
    histogram = run.histogram("y")
    assert sum(histogram.counts) + histogram.below + histogram.above == run.n - run.missing("y")


def test_an_infinity_is_not_hidden_by_what_follows_it() -> None:
    model = Model.build(
        ["gap = a - b", "y = 1 / (1 / gap)", "small = min(a, 1 / gap)"], {"a": 3.0, "b": 1.0}
    )
    run = simulate(model, {"a": Range(2, 4, "normal")}, [Lever("gap", "set", 0)])
    assert run.missing("y") == run.missing("small") == run.n
    assert run.chance("small", "<=", 1e9) == 0
    with pytest.raises(ImpossibleError, match="no value in any"):
        run.median("y")


def test_a_share_never_leaves_its_bounds() -> None:
    model = Model.build(
        ["lost = 1 - kept", "paid = payers / users"],
        {"kept": 0.8, "payers": 50.0, "users": 100.0},
        units={"kept": "share", "lost": "share", "paid": "share of users"},
    )
    ranges = {"kept": Range.of(0.6, 0.95, "share"), "payers": Range.of(30, 120, "people")}
    run = simulate(model, ranges, [Lever("kept", "times", 1.25)])
    assert run.samples("kept").max() == 1
    assert run.held["kept"] == int(np.sum(run.samples("lost") == 0)) > 0
    assert run.samples("lost").min() >= 0
    # More payers than users cannot be: those samples have no value, and are counted.
    impossible = int(np.sum(run.samples("payers") > 100))
    assert run.missing("paid") == impossible > 0
    assert np.nanmax(run.samples("paid")) <= 1


def test_a_lever_or_a_range_that_cannot_be_is_named() -> None:
    run = simulate(SHOP, RANGES, n=64)
    with pytest.raises(ImpossibleError, match="between 0 and 100 %"):
        run.what_if([Lever("conversion", "set", 1.2)])
    with pytest.raises(LeverError, match="pulled twice"):
        run.what_if([Lever("aov", "set", 1), Lever("aov", "add", 1)])
    with pytest.raises(UnknownSymbolError):
        run.what_if([Lever("price", "set", 1)])
    with pytest.raises(UnknownSymbolError):
        simulate(SHOP, {"price": Range.of(1, 2)})
    with pytest.raises(ImpossibleError, match="share"):
        simulate(SHOP, {"conversion": Range(0.1, 0.4, "normal")})


def test_a_range_of_a_derived_symbol_takes_the_place_of_its_formula() -> None:
    run = simulate(SHOP, {"orders": Range.of(100, 200, "orders")})
    assert run.interval("gmv") == pytest.approx((3_000, 6_000), rel=1e-3)


def test_rank_correlations_come_out_as_asked() -> None:
    pair = {("visitors", "aov"): 0.6, ("conversion", "aov"): -0.3}
    run = simulate(SHOP, RANGES, correlations=pair)
    for (one, other), wanted in pair.items():
        found = stats.spearmanr(run.samples(one), run.samples(other)).statistic
        assert found == pytest.approx(wanted, abs=0.01)
    alone = simulate(SHOP, RANGES)
    assert run.interval("aov") == pytest.approx(alone.interval("aov"), rel=1e-3)
    assert run.model_hash != alone.model_hash


def test_correlations_that_cannot_be_are_refused() -> None:
    with pytest.raises(ModelError, match="together"):
        simulate(
            SHOP,
            RANGES,
            correlations={
                ("visitors", "aov"): 0.9,
                ("visitors", "conversion"): 0.9,
                ("conversion", "aov"): -0.9,
            },
        )
    with pytest.raises(ModelError, match="between"):
        simulate(SHOP, RANGES, correlations={("visitors", "aov"): 1.0})
    with pytest.raises(ModelError, match="no range"):
        simulate(SHOP, RANGES, correlations={("visitors", "gmv"): 0.5})


def test_a_histogram_counts_every_sample_once() -> None:
    run = simulate(SHOP, RANGES)
    histogram = run.histogram("gmv", 20)
    assert len(histogram.counts) == 20
    assert sum(histogram.counts) + histogram.below + histogram.above == run.n
    assert histogram.edges == tuple(sorted(histogram.edges))
    fixed = simulate(SHOP, {}, n=8).histogram("gmv", 4)
    assert sum(fixed.counts) == 8


def test_a_fan_follows_a_lever_on_the_same_points() -> None:
    run = simulate(SHOP, RANGES, n=1_024)
    steps = fan(run, "gmv", ("aov", "times"), [1, 2, 3], (0.05, 0.5, 0.95))
    assert [step.amount for step in steps] == [1, 2, 3]
    for step in steps:
        assert step.quantiles == pytest.approx([step.amount * q for q in steps[0].quantiles])
    assert steps[0].quantiles[1] == pytest.approx(run.median("gmv"))


def test_a_fan_keeps_the_other_levers_in_force() -> None:
    run = simulate(SHOP, RANGES, [Lever("visitors", "times", 2)], n=1_024)
    step = fan(run, "gmv", ("aov", "add"), [0], (0.5,))[0]
    assert step.quantiles[0] == pytest.approx(run.median("gmv"))


def test_the_hash_names_formulas_values_and_ranges() -> None:
    base = model_hash(SHOP, RANGES)
    assert len(base) == 12
    assert model_hash(SHOP, dict(RANGES)) == base
    assert model_hash(SHOP, dict(reversed(RANGES.items()))) != base
    assert model_hash(SHOP, {**RANGES, "aov": Range.of(29, 32, "usd")}) != base
    dearer = Model.build(["orders = visitors * conversion"], {**GIVEN, "aov": 31}, units=UNITS)
    assert model_hash(dearer, RANGES) != base


TWO_SIDES = Model.build(
    [
        Relation("sales", "customers * spend"),
        Relation("check", "big + small", equals="sales"),
    ],
    {"customers": 100.0, "spend": 5.0, "big": 300.0, "small": 200.0},
)


def test_a_figure_stated_twice_follows_on_its_other_side() -> None:
    run = simulate(TWO_SIDES, {"big": Range.of(200, 400)})
    assert run.samples("sales") == pytest.approx(run.samples("check"))
    lever = [Lever("big", "add", 100)]
    plain = what_if(TWO_SIDES, lever).after
    assert simulate(TWO_SIDES, {}, lever, n=2).median("sales") == pytest.approx(plain["sales"])


def test_a_figure_stated_twice_cannot_vary_on_both_sides() -> None:
    with pytest.raises(ContradictionError, match="one figure"):
        simulate(TWO_SIDES, {"big": Range.of(200, 400), "spend": Range.of(4, 6)})


def test_a_sign_that_is_no_sign_is_refused() -> None:
    with pytest.raises(ModelError, match="compared by"):
        simulate(SHOP, RANGES, n=8).chance("gmv", "=", 1)  # type: ignore[arg-type]


@given(low=st.floats(1, 100), times=st.floats(1.1, 5), target=st.floats(0.5, 600))
@settings(max_examples=20, deadline=None)
def test_the_chances_of_a_target_and_of_missing_it_add_up(
    low: float, times: float, target: float
) -> None:
    assume(low * times < 1e6)
    run = simulate(SHOP, {"aov": Range.of(low, low * times, "usd")}, n=256)
    above, below = run.chance("aov", ">=", target), run.chance("aov", "<", target)
    assert above + below == pytest.approx(1)
    assert run.chance("aov", ">=", target + 1) <= above
