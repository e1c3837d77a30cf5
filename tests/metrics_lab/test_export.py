"""Out of the lab: CSV that is safe to open, workbooks that compute what the engine does."""

from __future__ import annotations

import ast
import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metrics_lab.engine.export.csv_table import FORMULA_SIGNS
from metrics_lab.engine.export.excel import excel_formula
from metrics_lab.engine.export.models import (
    Column,
    ExportTable,
    csv_of,
    model_hash,
    model_table,
    overrides_from,
    safe_text,
    xlsx_of,
)
from metrics_lab.engine.expr import FormulaError, compile_formula, evaluate
from metrics_lab.engine.graph import Model, Relation
from metrics_lab.engine.quantity import Range
from metrics_lab.engine.scenario import Lever, what_if
from tests.metrics_lab.spreadsheet import Sheet, _Reader

SHOP = [
    Relation("orders", "visitors * conversion", label="Orders", unit="orders / month"),
    Relation("gmv", "orders * aov", label="GMV", unit="usd / month"),
    Relation("kept", "gmv * (1 - returns)", label="GMV after returns", unit="usd / month"),
    Relation("left", "max(visitors - ceil(orders / 1.3), 0)", label="Left without an order"),
]
GIVEN = {"visitors": 1e7, "conversion": 0.02, "aov": 30.0, "returns": 0.1}
LABELS = {"visitors": "Visitors", "conversion": "Conversion", "aov": "AOV", "returns": "Returns"}
UNITS = {"conversion": "share of visitors", "aov": "usd / order", "returns": "share of orders"}
SCENARIOS = [("Today", {}), ("Reviews", {"conversion": 0.025}), ("Cut", {"gmv": 5e6, "aov": 20.0})]


def shop() -> Model:
    """Return a small shop."""
    return Model.build(SHOP, GIVEN, LABELS, UNITS)


def read(text: str) -> list[list[str]]:
    """Return a CSV file as a spreadsheet would split it."""
    return list(csv.reader(io.StringIO(text, newline="")))


# CSV


@given(st.text(max_size=40) | st.sampled_from(["=1+1", "@SUM(A1)", " =x", "\t=x", "＝1", "-1"]))
def test_no_text_begins_with_a_formula_sign_in_a_spreadsheet(text: str) -> None:
    table = ExportTable((Column(text, text),), ((text,),), (text,))
    for row in read(csv_of(table)):
        for cell in row:
            assert not cell.lstrip().startswith(FORMULA_SIGNS)


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=12), min_size=1))
def test_text_comes_back_as_it_was_but_for_the_apostrophe(texts: list[str]) -> None:
    texts = [text.replace("\0", "").replace("\ufeff", "") for text in texts]
    table = ExportTable(tuple(Column(f"c{i}") for i in range(len(texts))), (tuple(texts),))
    found = read(csv_of(table))[1:]
    assert found == [[safe_text(text) for text in texts]]
    assert [cell.removeprefix("'") for cell in found[0]] == [t.removeprefix("'") for t in texts]


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_figure_is_written_in_full_and_is_no_text(value: float) -> None:
    table = ExportTable((Column("a"),), ((value,),))
    assert float(read(csv_of(table))[1][0]) == value


def test_a_figure_that_is_none_is_left_empty_and_units_stand_in_the_heading() -> None:
    table = ExportTable(
        (Column("AOV", "usd/order"), Column("x")), ((float("nan"), None),), ("Hypothetical.",)
    )
    assert read(csv_of(table)) == [["AOV (usd/order)", "x"], ["", ""], [], ["Hypothetical."]]


def test_a_model_as_a_table_holds_each_figure_of_each_scenario() -> None:
    table = model_table(shop(), SCENARIOS, "From a sheet.")
    rows = {str(row[1]): row for row in table.rows}
    assert [c.label for c in table.columns[4:]] == ["Today", "Reviews", "Cut", "Set by hand in"]
    assert rows["gmv"][:7] == ("GMV", "gmv", "usd / month", "Orders × AOV", 6e6, 7.5e6, 5e6)
    assert rows["conversion"][3:] == ("input", 0.02, 0.025, 0.02, "Reviews")
    assert rows["gmv"][-1] == "Cut"
    assert "hypothetical" in table.notes[0]
    assert model_hash(shop(), {}) in table.notes[-1]


# Workbook


def test_every_formula_of_a_workbook_computes_what_the_engine_does() -> None:
    model, sheet = shop(), Sheet(xlsx_of(shop(), SCENARIOS, "Shop"))
    for letter, (_, overrides) in zip("DEF", SCENARIOS, strict=True):
        values = model.evaluate(overrides)
        for symbol in model.symbols:
            found = sheet.value(f"{letter}{sheet.row_of(model.label(symbol))}")
            assert found == pytest.approx(values[symbol], rel=1e-9)


def test_a_changed_input_changes_what_follows_from_it_in_every_scenario_that_keeps_it() -> None:
    model, sheet = shop(), Sheet(xlsx_of(shop(), SCENARIOS, "Shop"))
    sheet.cells[f"D{sheet.row_of('Visitors')}"] = 2e7
    row = sheet.row_of("GMV after returns")
    for letter, (_, overrides) in zip("DEF", SCENARIOS, strict=True):
        wanted = model.evaluate({**overrides, "visitors": 2e7})["kept"]
        assert sheet.value(f"{letter}{row}") == pytest.approx(wanted, rel=1e-9)


def test_a_figure_set_by_hand_is_a_number_and_no_formula() -> None:
    sheet = Sheet(xlsx_of(shop(), SCENARIOS, "Shop"))
    row = sheet.row_of("GMV")
    assert [sheet.kinds[f"{letter}{row}"] for letter in "DEF"] == ["f", "f", "n"]


LEVERS = [
    Lever("visitors", "times", 1.1),
    Lever("conversion", "add", -0.005),
    Lever("aov", "set", 33.0),
]


def moved() -> tuple[Model, bytes]:
    """Return the shop and its workbook with a scenario of three levers."""
    model = shop()
    after = what_if(model, LEVERS).after
    columns = [("Today", {}), ("Push", overrides_from(model, after))]
    return model, xlsx_of(model, columns, "Shop", levers=[[], LEVERS])


def test_a_lever_that_multiplies_or_adds_is_a_formula_over_today() -> None:
    _, data = moved()
    sheet = Sheet(data)
    rows = {label: sheet.row_of(label) for label in ("Visitors", "Conversion", "AOV")}
    assert sheet.cells[f"E{rows['Visitors']}"] == f"=D{rows['Visitors']}*1.1"
    assert sheet.cells[f"E{rows['Conversion']}"] == f"=D{rows['Conversion']}-0.005"
    assert sheet.kinds[f"E{rows['AOV']}"] == "n"


def test_a_lever_that_multiplies_goes_on_following_today() -> None:
    model, data = moved()
    sheet = Sheet(data)
    sheet.cells[f"D{sheet.row_of('Visitors')}"] = 2e7
    changed = Model.build(SHOP, {**GIVEN, "visitors": 2e7}, LABELS, UNITS)
    wanted = what_if(changed, LEVERS).after
    for symbol in model.symbols:
        found = sheet.value(f"E{sheet.row_of(model.label(symbol))}")
        assert found == pytest.approx(wanted[symbol], rel=1e-9)


def test_what_a_lever_does_is_said_beside_the_model() -> None:
    words = Sheet(moved()[1], "About").cells.values()
    assert "Push: Visitors is 11 million instead of 10 million (times 1.1)." in words
    assert "Push: Conversion is 1.5 % instead of 2 % (less 0.5 points)." in words
    assert "Push: AOV is $33 / order instead of $30 / order." in words


def test_a_negative_factor_is_read_as_one() -> None:
    model = Model.build(["y = x + 1"], {"x": 4.0})
    columns = [("Today", {}), ("Turned", {"x": -2.0})]
    data = xlsx_of(model, columns, "T", levers=[[], [Lever("x", "times", -0.5)]])
    sheet = Sheet(data)
    assert sheet.value(f"E{sheet.row_of('y')}") == -1.0


def test_a_figure_that_ends_elsewhere_than_its_lever_takes_it_stays_a_number() -> None:
    model = shop()
    columns = [("Today", {}), ("Push", {"visitors": 5e6})]
    sheet = Sheet(xlsx_of(model, columns, "Shop", levers=[[], LEVERS[:1]]))
    assert sheet.kinds[f"E{sheet.row_of('Visitors')}"] == "n"


def test_the_values_are_stored_for_readers_that_do_not_compute() -> None:
    import openpyxl

    data = xlsx_of(shop(), SCENARIOS, "Shop")
    book = openpyxl.load_workbook(io.BytesIO(data), data_only=True)
    row = Sheet(data).row_of("GMV")
    assert [book["Model"][f"{letter}{row}"].value for letter in "DEF"] == [6e6, 7.5e6, 5e6]


def test_what_people_typed_stays_text_in_a_workbook() -> None:
    odd = '=HYPERLINK("http://x","y")'
    model = Model.build(SHOP, GIVEN, {**LABELS, "aov": odd}, {**UNITS, "aov": "=1+1"})
    sheet = Sheet(xlsx_of(model, [(odd, {}), ("@B", {"aov": 3.0})], odd, "\x07=1\x00"))
    for address, value in sheet.cells.items():
        if isinstance(value, str) and value in (odd, "=1+1", "@B"):
            assert sheet.kinds[address] == "s"


def test_the_sheet_about_names_the_model_and_says_that_it_is_hypothetical() -> None:
    sheet = Sheet(xlsx_of(shop(), SCENARIOS, "Shop", "From the sheet “Shop”."), "About")
    words = " ".join(str(value) for value in sheet.cells.values())
    assert sheet.names == ["Model", "About"]
    assert "hypothetical" in words
    assert model_hash(shop(), {}) in words
    assert "From the sheet “Shop”." in words
    assert "Reviews: Conversion is 2.5 % instead of 2 %." in words


def test_the_same_model_gives_the_same_file() -> None:
    assert xlsx_of(shop(), SCENARIOS, "Shop") == xlsx_of(shop(), SCENARIOS, "Shop")


def test_a_range_is_named_and_is_part_of_the_hash() -> None:
    ranges = {"conversion": Range.of(0.018, 0.024, "share of visitors")}
    data = xlsx_of(shop(), SCENARIOS, "Shop", ranges=ranges)
    words = "input, 90 % range 1.8 % to 2.4 %"
    assert words in Sheet(data).cells.values()
    assert any(model_hash(shop(), ranges) in str(v) for v in Sheet(data, "About").cells.values())
    assert words in csv_of(model_table(shop(), SCENARIOS, ranges=ranges))


def test_ranges_that_go_together_are_named_and_are_part_of_the_hash() -> None:
    ranges = {
        "conversion": Range.of(0.018, 0.024, "share of visitors"),
        "aov": Range.of(27, 34, "USD / order"),
    }
    pairs = {("conversion", "aov"): -0.4}
    words = [
        str(value)
        for value in Sheet(
            xlsx_of(shop(), SCENARIOS, "Shop", ranges=ranges, correlations=pairs), "About"
        ).cells.values()
    ]
    assert any("go together: their rank correlation is -0.4." in text for text in words)
    assert any(model_hash(shop(), ranges, pairs) in text for text in words)


# Formulas


@pytest.mark.parametrize(
    ("formula", "written"),
    [
        ("a * b - a / (b - a)", "=A1*B1-A1/(B1-A1)"),
        ("-a ** 2", "=-(A1^2)"),
        ("(-a) ** 2", "=(-A1)^2"),
        ("a ** -1", "=A1^(-1)"),
        ("(a ** 2) ** 3", "=(A1^2)^3"),
        ("a - (b - a)", "=A1-(B1-A1)"),
        ("ceil(a / 7) * 7", "=(-INT(-(A1/7)))*7"),
        ("z(0.975) + phi(a)", "=NORMSINV(0.975)+NORMSDIST(A1)"),
    ],
)
def test_formulas_are_written_as_a_spreadsheet_reads_them(formula: str, written: str) -> None:
    assert excel_formula(compile_formula(formula).tree, {"a": "A1", "b": "B1"}) == written


def test_what_the_lab_would_not_have_accepted_is_not_written() -> None:
    for text in ("a.b", "f(a)", "'x'", "a % b"):
        with pytest.raises(FormulaError):
            excel_formula(ast.parse(text, mode="eval").body, {"a": "A1", "b": "B1"})


def formulas() -> st.SearchStrategy[str]:
    """Any formula of the lab that is not too deep."""
    one = ["-{}", "({})**2", "({})**-1", "({})**0.5"]
    one += [f"{name}({{}})" for name in ("abs", "ceil", "floor", "sqrt", "exp", "log", "phi")]
    two = ["({}){}({})", "{}{}{}"]
    leaves = st.sampled_from(["a", "b", "0.5", "3", "1e-05"])
    signs = st.sampled_from("+-*/")
    return st.recursive(
        leaves,
        lambda inner: st.one_of(
            st.builds(str.format, st.sampled_from(two), inner, signs, inner),
            st.builds(str.format, st.sampled_from(one), inner),
            st.builds("{}({},{})".format, st.sampled_from(["min", "max"]), inner, inner),
        ),
        max_leaves=8,
    )


@settings(max_examples=200)
@given(formulas(), st.floats(-50, 50), st.floats(-50, 50))
def test_any_formula_computes_alike_here_and_in_a_spreadsheet(f: str, a: float, b: float) -> None:
    try:
        expr = compile_formula(f)
        wanted = evaluate(expr, {"a": a, "b": b})
    except FormulaError:
        return
    sheet = Sheet.__new__(Sheet)
    sheet.cells = {"A1": a, "B1": b}
    written = excel_formula(expr.tree, {"a": "A1", "b": "B1"})
    assert _Reader(written[1:], sheet).whole() == pytest.approx(wanted, rel=1e-9, abs=1e-12)


# From levers to what has to be set


@given(st.floats(0.001, 0.9), st.floats(0.5, 2))
def test_an_outcome_of_levers_can_be_set_by_hand_again(conversion: float, times: float) -> None:
    model = shop()
    after = what_if(
        model, [Lever("conversion", "set", conversion), Lever("gmv", "times", times)]
    ).after
    assert model.evaluate(overrides_from(model, after)) == pytest.approx(dict(after))


def test_only_what_was_set_is_set_again() -> None:
    model = shop()
    after = what_if(model, [Lever("aov", "add", 3)]).after
    assert overrides_from(model, after) == {"aov": 33.0}
    assert overrides_from(model, what_if(model, []).after) == {}
