import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics_lab.engine.errors import (
    ContradictionError,
    CycleError,
    ImpossibleError,
    MissingInputError,
    ModelError,
    UnknownSymbolError,
)
from metrics_lab.engine.graph import Model, Relation

SHOP = ["orders = visitors * conversion", "gmv = orders * aov", "kept = orders * (1 - returns)"]
GIVEN = {"visitors": 1e7, "conversion": 0.02, "aov": 30.0, "returns": 0.1}
positive = st.floats(0.01, 1e6)


def shop() -> Model:
    return Model.build(SHOP, GIVEN, units={"aov": "usd/order", "conversion": "share of visitors"})


def test_derived_values_follow_from_given_ones() -> None:
    assert shop().evaluate()["gmv"] == 6_000_000


def test_relations_may_stand_in_any_order() -> None:
    assert Model.build(SHOP[::-1], GIVEN).evaluate() == shop().evaluate()


@given(positive, positive, positive)
def test_a_relation_gives_whichever_symbol_is_open(v: float, c: float, a: float) -> None:
    values = {"visitors": v, "conversion": c, "aov": a, "orders": v * c, "gmv": v * c * a}
    for hidden in ("visitors", "conversion", "aov"):
        known = {"visitors", "conversion", "aov", "gmv"} - {hidden}
        model = Model.build(SHOP[:2], {name: values[name] for name in known})
        assert model.evaluate()[hidden] == pytest.approx(values[hidden])


@pytest.mark.parametrize("formula", ["b + 2", "2 - b", "3 / b", "b ** 2", "-b", "4 * (b - 1)"])
def test_every_plain_operation_can_be_turned_round(formula: str) -> None:
    value = Model.build([f"a = {formula}"], {"b": 5}).evaluate()["a"]
    assert Model.build([f"a = {formula}"], {"a": value}).evaluate()["b"] == pytest.approx(5)


def test_a_circle_is_refused_with_its_path() -> None:
    with pytest.raises(CycleError, match="a → b → a"):
        Model.build(["a = b * 2", "b = a / 2"], {})


def test_a_symbol_defined_by_itself_is_a_circle() -> None:
    with pytest.raises(CycleError, match="a → a"):
        Model.build(["a = a + b"], {"b": 1})


def test_a_missing_input_is_named_with_its_remedy() -> None:
    with pytest.raises(MissingInputError, match="gmv needs aov") as caught:
        Model.build(["gmv = orders * aov"], {"orders": 3})
    assert caught.value.symbol == "aov"


def test_two_formulas_that_disagree_contradict_one_another() -> None:
    with pytest.raises(ContradictionError, match="Correct one of the two"):
        Model.build(["a = b", "a = 2 * b"], {"b": 1})


def test_a_stated_value_has_to_agree() -> None:
    with pytest.raises(ContradictionError) as caught:
        Model.build([Relation("a", "2 * b", value=5)], {"b": 2})
    assert caught.value.symbol == "a"


def test_equals_checks_two_ways_to_one_figure() -> None:
    with pytest.raises(ContradictionError):
        Model.build([Relation("funnel", "x * y", equals="rate")], {"x": 0.5, "y": 0.5, "rate": 0.3})


def test_an_impossible_value_names_the_symbol() -> None:
    with pytest.raises(ImpossibleError) as caught:
        Model.build(["a = 1 / b"], {"b": 0})
    assert caught.value.symbol == "a"


def test_a_share_over_one_is_impossible() -> None:
    with pytest.raises(ImpossibleError, match="between 0 and 1"):
        Model.build([], {"rate": 1.2}, units={"rate": "share of visitors"})


def test_a_formula_that_is_not_accepted_names_its_symbol() -> None:
    with pytest.raises(ModelError, match="formula of a"):
        Model.build(["a = b.c"], {"b": 1})


def test_an_override_of_a_derived_symbol_cuts_its_formula() -> None:
    assert shop().evaluate({"orders": 10})["gmv"] == 300


def test_an_override_of_nothing_is_refused() -> None:
    with pytest.raises(UnknownSymbolError, match="vibes"):
        shop().evaluate({"vibes": 1})


def test_an_explanation_shows_each_sum_with_its_numbers() -> None:
    steps = [step.text for step in shop().explain("gmv")]
    assert steps[0] == "orders = visitors × conversion = 10 million × 2 % = 200,000"
    assert steps[1].startswith("gmv = orders × aov = 200,000 × $30")


def test_a_given_number_explains_itself() -> None:
    assert shop().explain("aov")[0].text == "aov: $30 (given)"


def test_the_tree_holds_what_a_symbol_is_made_of() -> None:
    tree = shop().tree("gmv")
    assert [child.symbol for child in tree.children] == ["orders", "aov"]
    assert [child.symbol for child in tree.children[0].children] == ["visitors", "conversion"]


@given(st.floats(0.1, 10))
def test_gmv_scales_with_traffic(k: float) -> None:
    assert shop().evaluate({"visitors": 1e7 * k})["gmv"] == pytest.approx(6e6 * k)


@given(st.floats(0, 0.98), st.floats(0.001, 0.02))
def test_kept_orders_fall_as_returns_rise(low: float, rise: float) -> None:
    kept = [shop().evaluate({"returns": rate})["kept"] for rate in (low, low + rise)]
    assert kept[0] > kept[1]
