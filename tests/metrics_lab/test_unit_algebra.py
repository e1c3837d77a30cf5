"""The algebra of units: what holds for every formula and every unit, by hypothesis."""

from __future__ import annotations

import contextlib
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metrics_lab.engine.catalogue import metrics as catalogue
from metrics_lab.engine.expr import compile_formula
from metrics_lab.engine.units import UnitError, check_formula, parse_unit, same_unit, unit_of

UNITS = {
    "orders": "order/period", "visitors": "user", "sessions": "session/period",
    "aov": "usd/order", "spend": "usd/period", "rate": "1", "days": "day", "clicks": "click/period",
}  # fmt: skip
names = st.sampled_from(sorted(UNITS))
powers = st.integers(1, 3)
COLLAPSED = ("cltv_discounted", "follower_growth")
"""Their unit is stated per collapsed period."""
CHECKED = [m for m in catalogue.load() if not catalogue.procedure(m) and m.id not in COLLAPSED]


def products(depth: int = 3) -> st.SearchStrategy[str]:
    """Return formulas of products and quotients, which always have a unit."""
    return st.recursive(
        names,
        lambda inner: st.builds("({} {} {})".format, inner, st.sampled_from(["*", "/"]), inner),
        max_leaves=2**depth,
    )


def dimension(formula: str) -> Any:
    """Return the dimensions that a formula comes out in."""
    return unit_of(compile_formula(formula), UNITS).dimensionality


def multiplied(one: Any, other: Any, sign: int = 1) -> dict[str, float]:
    """Return the exponents of a product, worked out without the units' library."""
    found = {key: one.get(key, 0) + sign * other.get(key, 0) for key in {*one, *other}}
    return {key: power for key, power in found.items() if power}


@given(products(), products())
def test_exponents_add_in_a_product_and_subtract_in_a_quotient(a: str, b: str) -> None:
    assert dict(dimension(f"{a} * {b}")) == multiplied(dimension(a), dimension(b))
    assert dict(dimension(f"{a} / {b}")) == multiplied(dimension(a), dimension(b), -1)


@given(products(2), products(2), products(2))
def test_products_associate_and_commute(a: str, b: str, c: str) -> None:
    assert dimension(f"({a} * {b}) * {c}") == dimension(f"{c} * ({b} * {a})")


@given(products(2), powers)
def test_a_power_is_a_product_repeated(a: str, n: int) -> None:
    assert dimension(f"{a} ** {n}") == dimension(" * ".join([a] * n))
    assert dimension(f"sqrt({a} * {a})") == dimension(a)


@given(products(), products())
def test_a_sum_has_a_unit_only_among_likes(a: str, b: str) -> None:
    if dimension(a) == dimension(b):
        assert dimension(f"{a} + {b}") == dimension(f"{b} - {a}") == dimension(a)
    else:
        with pytest.raises(UnitError, match="Unlike units"):
            dimension(f"{a} + {b}")


@given(products(), st.floats(0.01, 1))
def test_a_share_and_a_sign_change_no_unit(a: str, share: float) -> None:
    assert dimension(f"{share:.4f} * {a}") == dimension(f"-{a}") == dimension(a)
    assert dimension(f"{a} * (1 - rate)") == dimension(a)


@given(products())
def test_a_formula_has_its_own_unit_and_no_other(a: str) -> None:
    formula = compile_formula(a)
    unit = f"{unit_of(formula, UNITS)}".replace(" ", "") or "1"
    check_formula(formula, UNITS, unit if unit != "dimensionless" else "1")
    with pytest.raises(UnitError, match="is expected"):
        check_formula(compile_formula(f"{a} * days"), UNITS, unit if dimension(a) else "1")


@given(st.sampled_from(["exp", "log", "phi", "z"]), products())
def test_a_function_of_numbers_takes_no_unit(function: str, a: str) -> None:
    if dimension(a):
        with pytest.raises(UnitError, match="without a unit"):
            dimension(f"{function}({a})")
    else:
        assert not dimension(f"{function}({a})")


@given(products(2), products(2))
def test_only_likes_are_compared(a: str, b: str) -> None:
    if dimension(a) == dimension(b):
        assert dimension(f"max({a}, {b})") == dimension(a)
    else:
        with pytest.raises(UnitError, match="unlike"):
            dimension(f"max({a}, {b})")


@settings(max_examples=60)
@given(st.text(max_size=20))
def test_any_text_is_a_unit_or_is_refused_in_words(text: str) -> None:
    with contextlib.suppress(UnitError):
        parse_unit(text)


@pytest.mark.parametrize("metric", CHECKED, ids=lambda m: m.id)
def test_a_wrong_unit_of_any_input_is_noticed(metric: catalogue.Metric) -> None:
    """Give each input a unit it has not: the formula must not come out in the metric's unit."""
    formula = catalogue.formula_of(metric)
    right = {item.symbol: item.unit for item in metric.inputs}
    for symbol in formula.names:
        wrong = {**right, symbol: f"{right[symbol]}*ride" if right[symbol] != "1" else "ride"}
        with pytest.raises(UnitError):
            check_formula(formula, wrong, metric.unit)


def test_a_month_and_a_day_measure_the_same_thing_and_a_period_does_not() -> None:
    assert same_unit("month", "day")
    assert not same_unit("period", "month")
    assert not same_unit("user", "person")
