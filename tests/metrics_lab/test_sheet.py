"""A sheet: what it holds comes back from JSON, what cannot be is refused with the remedy."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metrics_lab.engine.baseline import Ambiguity, Reading
from metrics_lab.engine.errors import ContradictionError, CycleError, MissingInputError, ModelError
from metrics_lab.engine.sheet.examples import EXAMPLES
from metrics_lab.engine.sheet.json_form import data_of, sheet_of
from metrics_lab.engine.sheet.model import (
    MAX_INPUTS,
    MAX_RELATIONS,
    SYMBOL,
    Derived,
    Input,
    Sheet,
    SheetError,
    check_sheet,
    check_unit,
    model_of,
    symbol_for,
)
from metrics_lab.engine.together import Together

AOV = Input("aov", "Order value", "USD / order", 30.0, 27.0, 34.0, (25.0, 36.0), "given", "Kai")
ORDERS = Input("orders", "Orders", "orders / month", 200_000.0, status="measured")
GMV = Derived("gmv", "orders * aov", "GMV", "USD / month", own=True)
SHOP = Sheet("A shop", {"aov": AOV, "orders": ORDERS}, (GMV,), "gmv")

numbers = st.floats(0.001, 1e9, allow_nan=False)
texts = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), max_size=40)
names = texts.filter(lambda text: bool(text.strip()))


@st.composite
def inputs(draw: st.DrawFn, symbol: str) -> Input:
    """Return an input that can be."""
    label, source = draw(names), draw(texts)
    if not draw(st.booleans()):
        return Input(symbol, label, "orders / month", status="unknown", source=source)
    value = draw(numbers)
    low, high = (value / 2, value * 2) if draw(st.booleans()) else (None, None)
    status = draw(st.sampled_from(["given", "assumed", "measured"]))
    return Input(symbol, label, "orders / month", value, low, high, None, status, source)


@st.composite
def sheets(draw: st.DrawFn) -> Sheet:
    """Return a sheet of up to six inputs and sums over them."""
    count = draw(st.integers(1, 6))
    held = {f"x{n}": draw(inputs(f"x{n}")) for n in range(count)}
    picks = draw(st.lists(st.lists(st.sampled_from([*held]), min_size=1, max_size=8), max_size=4))
    relations = tuple(
        Derived(f"sum{n}", " + ".join(pick), draw(names), "orders / month", draw(st.booleans()))
        for n, pick in enumerate(picks)
    )
    return Sheet(draw(names), held, relations)


@given(sheets())
@settings(max_examples=60)
def test_a_sheet_comes_back_from_its_json(sheet: Sheet) -> None:
    check_sheet(sheet)
    assert sheet_of(json.loads(json.dumps(data_of(sheet)))) == sheet


@given(sheets())
@settings(max_examples=60)
def test_a_figure_is_known_exactly_if_all_its_inputs_have_values(sheet: Sheet) -> None:
    computed = model_of(sheet)
    values = computed.model.evaluate()
    assert {*values} | {*computed.missing} == {*sheet.symbols}
    for relation in sheet.relations:
        parts = [sheet.inputs[name].point for name in relation.formula.split(" + ")]
        if None in parts:
            lacking = {s for s in relation.formula.split(" + ") if sheet.inputs[s].point is None}
            assert {*computed.missing[relation.symbol]} == lacking
        else:
            assert values[relation.symbol] == pytest.approx(sum(parts))


def with_readings() -> Sheet:
    """Return the shop with a word that is open."""
    readings = (Reading("buyers", {"orders": 1e7}), Reading("visitors", {"orders": 2e5}))
    return replace(SHOP, ambiguities=(Ambiguity("shoppers", readings),))


def test_open_words_come_back_and_each_reading_is_carried_to_the_end() -> None:
    sheet = with_readings()
    assert sheet_of(json.loads(json.dumps(data_of(sheet)))) == sheet
    found = [
        model_of(sheet, reading.values).model.evaluate()["gmv"]
        for reading in sheet.ambiguities[0].readings
    ]
    assert found == [300e6, 6e6]


@pytest.mark.parametrize("example", sorted(EXAMPLES))
def test_an_example_holds_together_units_included(example: str) -> None:
    sheet = EXAMPLES[example].make()
    own = tuple(replace(relation, own=True) for relation in sheet.relations)
    check_sheet(replace(sheet, relations=own))
    assert all(item.has_range for item in sheet.inputs.values())


def test_the_example_shop_earns_what_the_arithmetic_says() -> None:
    values = model_of(EXAMPLES["shop"].make()).model.evaluate()
    assert values["conversion"] == pytest.approx(0.02)
    assert values["gmv"] == pytest.approx(6_000_000)
    assert values["net_gmv"] == pytest.approx(5_280_000)


@pytest.mark.parametrize(
    ("low", "high", "unit", "middle"),
    [
        (10.0, 1000.0, "orders / month", 100.0),
        (0.1, 0.3, "share of orders", 0.2),
        (-10.0, 30.0, "USD / month", 10.0),
    ],
)
def test_a_range_without_a_value_is_computed_with_at_its_middle(
    low: float, high: float, unit: str, middle: float
) -> None:
    item = Input("x", "X", unit, None, low, high)
    assert item.point == pytest.approx(middle)


def test_a_formula_is_turned_round_when_its_figure_is_given() -> None:
    given_gmv = Input("gmv", "GMV", "USD / month", 6_000_000.0, status="given")
    unknown = replace(AOV, value=None, low=None, high=None, status="unknown")
    sheet = SHOP.with_input(given_gmv).with_input(unknown)
    assert model_of(sheet).model.evaluate()["aov"] == pytest.approx(30)


CHANGES: list[tuple[str, Callable[[Sheet], Sheet], type[ModelError], str, str]] = [
    (
        "circle",
        lambda s: s.with_relation(Derived("a", "b + 1", "Alpha")).with_relation(
            Derived("b", "a + 1", "Beta")
        ),
        CycleError,
        "a",
        "Alpha → Beta → Alpha is a circle: each needs the other. Change one of these formulas.",
    ),
    (
        "itself",
        lambda s: s.with_relation(Derived("a", "a * 2", "Alpha")),
        CycleError,
        "a",
        "Alpha → Alpha is a circle: each needs the other. Change one of these formulas.",
    ),
    (
        "stranger",
        lambda s: s.with_relation(Derived("a", "aov * visitors", "Alpha")),
        MissingInputError,
        "a",
        "Alpha needs “visitors”, which is not in this sheet. Add it as an input, or correct",
    ),
    (
        "division by zero",
        lambda s: s.with_input(replace(ORDERS, value=0.0)).with_relation(
            Derived("a", "aov / orders", "Alpha", "")
        ),
        ModelError,
        "a",
        "Alpha cannot be computed: “aov / orders” divides by zero. Change one of aov, orders.",
    ),
    (
        "share over one",
        lambda s: s.with_input(Input("r", "Return rate", "share of orders", 1.2)),
        SheetError,
        "r",
        "Return rate is a share, so it lies between 0 % and 100 %.",
    ),
    (
        "contradiction",
        lambda s: s.with_input(Input("gmv", "GMV", "USD / month", 7e6, status="given")),
        ContradictionError,
        "gmv",
        "gmv is 7e+06, but “orders * aov” gives 6e+06. Correct one of the two.",
    ),
    (
        "unit",
        lambda s: s.with_relation(replace(GMV, unit="orders / month")),
        SheetError,
        "gmv",
        "GMV comes out in USD / month, not in orders / month. Change the formula, or leave",
    ),
    (
        "unlike units",
        lambda s: s.with_relation(replace(GMV, formula="orders + aov", unit="")),
        SheetError,
        "gmv",
        "GMV: Unlike units are added or subtracted",
    ),
    (
        "formula",
        lambda s: s.with_relation(replace(GMV, formula="orders ** aov")),
        SheetError,
        "gmv",
        "GMV: A power must be a plain number",
    ),
    (
        "long formula",
        lambda s: s.with_relation(replace(GMV, formula="+".join(["aov"] * 101))),
        SheetError,
        "gmv",
        "A formula has at most 400 characters.",
    ),
    (
        "half a range",
        lambda s: s.with_input(replace(AOV, high=None)),
        SheetError,
        "aov",
        "Order value needs both ends of its range.",
    ),
    (
        "range upside down",
        lambda s: s.with_input(replace(AOV, low=34.0, high=27.0)),
        SheetError,
        "aov",
        "Order value: the low end must be below the high end.",
    ),
    (
        "value outside",
        lambda s: s.with_input(replace(AOV, value=40.0)),
        SheetError,
        "aov",
        "Order value: the value lies outside its own range.",
    ),
    (
        "no value",
        lambda s: s.with_input(replace(ORDERS, value=None)),
        SheetError,
        "orders",
        "Orders needs a value or a range, or the status unknown.",
    ),
    (
        "unknown with a value",
        lambda s: s.with_input(replace(ORDERS, status="unknown")),
        SheetError,
        "orders",
        "Orders has a value, so it is not unknown.",
    ),
    (
        "infinite",
        lambda s: s.with_input(replace(ORDERS, value=math.inf)),
        SheetError,
        "orders",
        "Orders: this number is too large.",
    ),
    (
        "no name",
        lambda s: s.with_input(replace(ORDERS, label="  ")),
        SheetError,
        "orders",
        "A name is needed.",
    ),
    (
        "function's name",
        lambda s: s.with_input(Input("max", "Most", "", 1.0)),
        SheetError,
        "max",
        "“max” cannot be a name in formulas",
    ),
    (
        "star of nothing",
        lambda s: replace(s, star="profit"),
        SheetError,
        "profit",
        "“profit” is not in this sheet.",
    ),
    (
        "too many inputs",
        lambda s: replace(
            s, inputs={f"x{n}": Input(f"x{n}", "X", "", 1.0) for n in range(MAX_INPUTS + 1)}
        ),
        SheetError,
        "",
        "A sheet holds at most 120 inputs.",
    ),
    (
        "too many formulas",
        lambda s: replace(
            s, relations=tuple(Derived(f"y{n}", "aov", "Y") for n in range(MAX_RELATIONS + 1))
        ),
        SheetError,
        "",
        "A sheet holds at most 100 formulas.",
    ),
]


@pytest.mark.parametrize(
    ("change", "kind", "symbol", "message"),
    [pytest.param(*row, id=name) for name, *row in CHANGES],
)
def test_what_cannot_be_names_the_figure_and_says_what_to_do(
    change: Callable[[Sheet], Sheet], kind: type[ModelError], symbol: str, message: str
) -> None:
    with pytest.raises(kind) as refused:
        check_sheet(change(SHOP))
    assert refused.value.symbol == symbol
    assert message in str(refused.value)


def test_a_figure_that_others_need_is_not_removed() -> None:
    with pytest.raises(SheetError, match="Order value cannot be removed: GMV needs it"):
        SHOP.without("aov")
    assert SHOP.without("gmv").without("aov").symbols == ("orders",)


def test_removing_the_star_puts_another_figure_on_top() -> None:
    assert SHOP.top == "gmv"
    assert SHOP.without("gmv").top == "aov"


@pytest.mark.parametrize(
    ("formula", "found"),
    [
        ("orders * aov", "USD / month"),
        ("gmv / orders", "USD / order"),
        ("gmv / gmv", ""),
        ("orders * lessons_per_order", "lessons / month"),
        ("1 / aov", "orders / USD"),
    ],
)
def test_the_unit_of_a_formula_is_found_in_the_sheets_own_nouns(formula: str, found: str) -> None:
    lessons = Input("lessons_per_order", "Lessons an order", "lessons / order", 2.0)
    sheet = SHOP.with_input(lessons)
    assert check_unit(sheet, Derived("new", formula, "New")) == found


def test_a_rate_within_a_window_stands_with_or_without_its_period() -> None:
    visitors = Input("visitors", "Visitors", "people / month", 1e7)
    conversion = Input("conversion", "Conversion", "buyers / visitor / month", 0.02)
    sheet = Sheet("A", {"visitors": visitors, "conversion": conversion})
    buyers = Derived("buyers", "visitors * conversion", "Buyers", "people / month", own=True)
    assert check_sheet(sheet.with_relation(buyers)).model.evaluate()["buyers"] == 200_000


@given(st.text(max_size=60), st.lists(st.text(max_size=10), max_size=5))
def test_a_name_for_formulas_can_be_made_of_any_words(label: str, taken: list[str]) -> None:
    symbol = symbol_for(label, taken)
    assert SYMBOL.fullmatch(symbol)
    assert symbol not in taken


def test_the_same_words_get_another_symbol_the_second_time() -> None:
    assert symbol_for("Orders / month", ["orders_month"]) == "orders_month_2"


def edited(path: str, value: Any) -> dict[str, Any]:
    """Return the shop's document with one value put in at "inputs.0.low"."""
    data: Any = json.loads(json.dumps(data_of(with_readings())))
    place: Any = data
    *way, last = [int(part) if part.isdigit() else part for part in path.split(".")]
    for part in way:
        place = place[part]
    place[last] = value
    return data  # type: ignore[no-any-return]


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        ("form", 2, "sheet.form must be 1"),
        ("extra", 1, "sheet.extra is unknown"),
        ("title", None, "sheet.title must be a text"),
        ("inputs", {}, "inputs must be a list"),
        ("inputs", [None] * 121, "inputs may hold at most 120"),
        ("inputs.0", "aov", "inputs[0] must be an object"),
        ("inputs.0.value", "30", "inputs[0].value must be a number or null"),
        ("inputs.0.value", True, "inputs[0].value must be a number or null"),
        ("inputs.0.value", 10**400, "inputs[0].value is too large"),
        ("inputs.0.band", [1], "inputs[0].band must be null or two numbers"),
        ("inputs.0.band", [1, None], "inputs[0].band must be null or two numbers"),
        ("inputs.0.aliases", "AOV", "inputs[0].aliases must be a list"),
        ("inputs.0.aliases", [1], "inputs[0].aliases must be a list of short texts"),
        ("inputs.1.symbol", "aov", "Two inputs have the same symbol"),
        ("inputs.0.colour", "red", "inputs[0].colour is unknown"),
        ("relations.0.own", 1, "relations[0].own must be true or false"),
        ("relations", [None] * 101, "relations may hold at most 100"),
        ("ambiguities.0.readings.0.values", [], "values must be an object of numbers"),
        ("ambiguities.0.readings.0.values", {"a": "b"}, "values must be a number or null"),
        ("ambiguities", [None] * 13, "ambiguities may hold at most 12"),
        ("together", {}, "together must be a list"),
        ("together", [None] * 25, "together may hold at most 24"),
        ("together", [{"one": "aov", "other": "orders"}], "together[0].rank is missing"),
        ("together", [{"one": "aov", "other": "orders", "rank": None}], "must be a number"),
    ],
)
def test_a_document_of_another_form_is_refused_at_its_place(
    path: str, value: Any, message: str
) -> None:
    with pytest.raises(SheetError) as refused:
        sheet_of(edited(path, value))
    assert message in str(refused.value)


@pytest.mark.parametrize("data", [None, [], "sheet", 1, {"form": 1}])
def test_what_is_no_document_at_all_is_refused(data: object) -> None:
    with pytest.raises(SheetError):
        sheet_of(data)


def test_formulas_that_share_their_parts_stay_cheap() -> None:
    steps = tuple(
        Derived(f"y{n}", f"y{n - 1} + y{n - 2}" if n > 1 else "aov", f"Y{n}") for n in range(60)
    )
    computed = check_sheet(Sheet("Long", {"aov": AOV}, steps, "y59"))
    assert computed.model.ancestors("y59") >= {"aov", "y0", "y58"}
    assert len(computed.model.explain("y59")) == 60


def test_pairs_that_go_together_come_back_and_a_sheet_without_is_written_as_before() -> None:
    shop = with_readings()
    assert "together" not in data_of(shop)
    paired = shop.with_together(Together("orders", "aov", -0.4))
    assert sheet_of(data_of(paired)) == paired
    check_sheet(paired)


def test_a_pair_takes_the_place_of_the_same_pair_and_goes_with_its_input() -> None:
    paired = with_readings().with_together(Together("orders", "aov", -0.4))
    again = paired.with_together(Together("aov", "orders", 0.2))
    assert again.together == (Together("aov", "orders", 0.2),)
    assert again.apart("orders", "aov").together == ()
    lone = Sheet("x", {s: Input(s, s, value=1.0) for s in ("a", "b")})
    assert lone.with_together(Together("a", "b", 0.5)).without("a").together == ()


@pytest.mark.parametrize(
    ("pair", "field"),
    [
        (Together("orders", "gmv", 0.5), "one"),
        (Together("orders", "orders", 0.5), "other"),
        (Together("orders", "aov", 1.0), "rank"),
        (Together("orders", "aov", float("nan")), "rank"),
    ],
)
def test_a_pair_that_cannot_be_is_refused_at_its_field(pair: Together, field: str) -> None:
    with pytest.raises(SheetError) as refused:
        check_sheet(with_readings().with_together(pair))
    assert refused.value.field == field
