import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics_lab.engine.catalogue import metrics as catalogue
from metrics_lab.engine.expr import compile_formula
from metrics_lab.engine.units import UnitError, check_formula, same_unit, unit_of

UNITS = {"orders": "order/period", "aov": "usd/order", "visitors": "user", "rate": "1"}
names = st.sampled_from(sorted(UNITS))


@pytest.mark.parametrize("metric", [metric.id for metric in catalogue.load()])
def test_every_formula_of_the_catalogue_has_the_unit_it_declares(metric: str) -> None:
    catalogue.check_units(metric)


def test_a_product_multiplies_units() -> None:
    check_formula(compile_formula("orders * aov"), UNITS, "usd/period")


def test_a_wrong_unit_is_refused() -> None:
    with pytest.raises(UnitError, match="is expected"):
        check_formula(compile_formula("orders * aov"), UNITS, "order/period")


def test_unlike_units_do_not_add() -> None:
    with pytest.raises(UnitError, match="Unlike units"):
        unit_of(compile_formula("orders + aov"), UNITS)


def test_a_complement_of_a_rate_is_a_rate() -> None:
    check_formula(compile_formula("orders * (1 - rate)"), UNITS, "order/period")


def test_an_unknown_unit_is_named() -> None:
    with pytest.raises(UnitError, match="furlong"):
        same_unit("furlong", "1")


@given(names, names)
def test_units_multiply_in_any_order(a: str, b: str) -> None:
    one, other = (
        unit_of(compile_formula(f"{a}*{b}"), UNITS),
        unit_of(compile_formula(f"{b}*{a}"), UNITS),
    )
    assert one.dimensionality == other.dimensionality


@given(names)
def test_a_quantity_over_itself_has_no_unit(a: str) -> None:
    assert not unit_of(compile_formula(f"{a}/{a}"), UNITS).dimensionality
