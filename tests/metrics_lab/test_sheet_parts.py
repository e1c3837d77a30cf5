"""A sheet's inputs and formulas: typed as people write, refused at the field, undone at will."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from metrics_lab.engine.sheet.examples import EXAMPLES
from metrics_lab.engine.sheet.model import Sheet as Model
from metrics_lab.models import Sheet
from metrics_lab.selectors import model_in
from metrics_lab.services import sheet_create, sheet_edit

pytestmark = pytest.mark.django_db
INPUT = {"label": "Sellers", "unit": "sellers", "value": "", "low": "", "high": "", "source": ""}


@pytest.fixture
def sheet(alice: User) -> Sheet:
    """Alice's sheet of the shop."""
    return sheet_create(owner=alice, model=EXAMPLES["shop"].make())


def at(name: str, sheet: Sheet, *args: str) -> str:
    """Return an address of a sheet."""
    return reverse(name, args=[sheet.pk, *args])


def stored(sheet: Sheet) -> Model:
    """Return the model as it is stored now."""
    return model_in(Sheet.objects.get(pk=sheet.pk))


@pytest.mark.parametrize(
    ("typed", "value", "ends"),
    [
        ({"value": "40,000", "unit": "sellers"}, 40_000, (None, None)),
        ({"value": "10 million", "unit": "people"}, 1e7, (None, None)),
        ({"value": "$30", "unit": "USD / order"}, 30, (None, None)),
        ({"value": "2.5", "unit": "share of orders"}, 0.025, (None, None)),
        ({"value": "2.5 %", "unit": "orders / visitor"}, 0.025, (None, None)),
        ({"value": "0.025", "unit": "orders / visitor"}, 0.025, (None, None)),
        ({"low": "1 %", "high": "4 %", "unit": "share"}, None, (0.01, 0.04)),
        ({"value": "30", "low": "20", "high": "45", "unit": "USD"}, 30, (20, 45)),
    ],
)
def test_an_input_is_added_as_people_write_numbers(
    as_alice: Client,
    sheet: Sheet,
    typed: dict[str, str],
    value: float | None,
    ends: tuple[float | None, float | None],
) -> None:
    response = as_alice.post(at("lab-sheet-input-add", sheet), INPUT | {"status": "given"} | typed)
    assert response.status_code == 302
    item = stored(sheet).inputs["sellers"]
    assert (item.value, (item.low, item.high), item.status) == (value, ends, "given")


@pytest.mark.parametrize(
    ("typed", "field", "reason"),
    [
        ({"label": ""}, "label", "This field is required."),
        ({"value": "many"}, "value", "Write a number, such as 2000, 2 % or 10 million."),
        ({"value": ""}, "value", "Sellers needs a value or a range, or the status unknown."),
        ({"low": "5"}, "high", "Sellers needs both ends of its range."),
        ({"low": "5", "high": "4"}, "high", "the low end must be below the high end"),
        ({"value": "9", "low": "1", "high": "4"}, "value", "lies outside its own range"),
        ({"value": "120", "unit": "share"}, "value", "it lies between 0 % and 100 %"),
        ({"value": "1e300"}, "value", "this number is too large"),
        ({"value": "1", "status": "sure"}, "status", "Select a valid choice."),
        ({"value": "1", "unit": "x" * 101}, "unit", "at most 100 characters"),
    ],
)
def test_an_input_that_cannot_be_is_refused_at_its_field(
    as_alice: Client, sheet: Sheet, typed: dict[str, str], field: str, reason: str
) -> None:
    sent = INPUT | {"status": "assumed"} | typed
    response = as_alice.post(at("lab-sheet-input-add", sheet), sent)
    assert response.status_code == 422
    assert reason in " ".join(response.context["form"].errors[field])
    assert "sellers" not in stored(sheet).inputs


def test_an_input_is_changed_and_its_form_shows_what_is_stored(
    as_alice: Client, sheet: Sheet
) -> None:
    address = at("lab-sheet-input", sheet, "return_rate")
    body = as_alice.get(address).content.decode()
    assert 'value="12 %"' in body
    assert 'value="9 %"' in body
    sent = {"label": "Returns", "unit": "share of value", "value": "10 %", "low": "8 %"}
    as_alice.post(address, sent | {"high": "13 %", "status": "measured", "source": "Our shop, May"})
    item = stored(sheet).inputs["return_rate"]
    assert (item.label, item.value, item.low, item.status) == ("Returns", 0.1, 0.08, "measured")
    assert item.source == "Our shop, May"


def test_an_input_without_a_value_stays_unknown_until_one_is_typed(
    as_alice: Client, sheet: Sheet
) -> None:
    address = at("lab-sheet-input", sheet, "aov")
    sent = {"label": "AOV", "unit": "USD / order", "value": "", "low": "", "high": ""}
    as_alice.post(address, sent | {"status": "unknown", "source": ""})
    assert stored(sheet).inputs["aov"].point is None
    as_alice.post(address, sent | {"status": "unknown", "value": "31", "source": ""})
    assert stored(sheet).inputs["aov"].status == "assumed"


@pytest.mark.parametrize(
    ("formula", "unit", "found"),
    [
        ("net_gmv / visitors", "", "USD / person"),
        ("orders / visitors", "orders / visitor", "orders / visitor"),
        ("net_gmv × take_rate − 1000 * aov * 0", "", "USD / month"),
        ("1 - return_rate", "share of value", "share of value"),
    ],
)
def test_a_figure_of_ones_own_is_added_with_the_unit_that_is_found(
    as_alice: Client, sheet: Sheet, formula: str, unit: str, found: str
) -> None:
    sent = {"label": "My figure", "formula": formula, "unit": unit}
    response = as_alice.post(at("lab-sheet-formula-add", sheet), sent)
    if "1000" in formula:  # dollars an order do not go together with dollars a month
        assert "Unlike units" in response.content.decode()
        return
    assert response.status_code == 302
    item = stored(sheet).derived["my_figure"]
    assert (item.own, item.unit) == (True, found)


@pytest.mark.parametrize(
    ("typed", "field", "reason"),
    [
        ({"formula": ""}, "formula", "This field is required."),
        ({"formula": "orders *"}, "formula", "cannot be read as a formula"),
        ({"formula": "__import__('os')"}, "formula", "holds only plain letters"),
        ({"formula": "orders.real"}, "formula", "may not contain a dot between names"),
        ({"formula": "orders * shoes"}, "formula", "needs “shoes”, which is not in this sheet"),
        ({"formula": "my_figure + 1"}, "formula", "is a circle"),
        ({"formula": "orders + aov"}, "formula", "Unlike units are added"),
        ({"formula": "gmv", "unit": "orders"}, "unit", "comes out in USD / month, not in orders"),
        ({"formula": "gmv / 0"}, "formula", "divides by zero"),
        ({"formula": "1" * 401}, "formula", "at most 400 characters"),
    ],
)
def test_a_figure_that_cannot_be_is_refused_at_its_field(
    as_alice: Client, sheet: Sheet, typed: dict[str, str], field: str, reason: str
) -> None:
    sent = {"label": "My figure", "unit": ""} | typed
    response = as_alice.post(at("lab-sheet-formula-add", sheet), sent)
    assert response.status_code == 422
    assert reason in " ".join(response.context["form"].errors[field])
    assert "my_figure" not in stored(sheet).derived


def test_names_that_are_missing_become_inputs_without_a_value_if_wished(
    as_alice: Client, sheet: Sheet
) -> None:
    sent = {"label": "Ad cost", "formula": "clicks * price", "unit": "USD", "add_missing": "on"}
    response = as_alice.post(at("lab-sheet-formula-add", sheet), sent)
    assert response.status_code == 422  # plain numbers do not come out in USD
    sent["unit"] = ""
    assert as_alice.post(at("lab-sheet-formula-add", sheet), sent).status_code == 302
    model = stored(sheet)
    assert {model.inputs[name].status for name in ("clicks", "price")} == {"unknown"}


def test_a_formula_is_changed(as_alice: Client, sheet: Sheet) -> None:
    sent = {"label": "GMV", "formula": "orders * aov * 2", "unit": "USD / month"}
    as_alice.post(at("lab-sheet-formula", sheet, "gmv"), sent)
    assert stored(sheet).derived["gmv"].formula == "orders * aov * 2"
    assert "$10.56 million" in as_alice.get(at("lab-sheet", sheet)).content.decode()


def test_what_was_removed_comes_back_by_undo(as_alice: Client, sheet: Sheet) -> None:
    response = as_alice.post(at("lab-sheet-remove", sheet, "fee_income"), follow=True)
    assert "Fee income was removed." in response.content.decode()
    assert "fee_income" not in stored(sheet).derived
    as_alice.post(at("lab-sheet-undo", sheet))
    assert "fee_income" in stored(sheet).derived
    as_alice.post(at("lab-sheet-undo", sheet))
    assert "fee_income" not in stored(sheet).derived


def test_what_others_need_is_not_removed(as_alice: Client, sheet: Sheet) -> None:
    response = as_alice.post(at("lab-sheet-remove", sheet, "aov"), follow=True)
    assert "Average order value cannot be removed: GMV needs it." in response.content.decode()
    assert "aov" in stored(sheet).inputs


def test_a_sheet_is_renamed(as_alice: Client, sheet: Sheet) -> None:
    as_alice.post(at("lab-sheet-title", sheet), {"title": "Spring"})
    assert (stored(sheet).title, Sheet.objects.get().title) == ("Spring", "Spring")
    refused = as_alice.post(at("lab-sheet-title", sheet), {"title": " "})
    assert refused.status_code == 422
    assert stored(sheet).title == "Spring"


def test_a_sheet_is_deleted_only_after_the_question(as_alice: Client, sheet: Sheet) -> None:
    address = at("lab-sheet-delete", sheet)
    assert "It cannot be brought back." in as_alice.get(address).content.decode()
    assert Sheet.objects.exists()
    as_alice.post(address)
    assert not Sheet.objects.exists()


def test_a_blank_sheet_is_built_without_a_script(as_alice: Client) -> None:
    as_alice.post(reverse("lab-sheet-new"), {"example": "blank"})
    sheet = Sheet.objects.get()
    assert "No figures yet" in as_alice.get(at("lab-sheet", sheet)).content.decode()
    for label, unit, value in (("Rides", "rides / week", "5000"), ("Fare", "USD / ride", "8")):
        sent = INPUT | {"label": label, "unit": unit, "value": value, "status": "assumed"}
        as_alice.post(at("lab-sheet-input-add", sheet), sent)
    sent = {"label": "Fares", "formula": "rides * fare", "unit": ""}
    as_alice.post(at("lab-sheet-formula-add", sheet), sent)
    body = as_alice.get(at("lab-sheet", sheet)).content.decode()
    assert "$40,000" in body
    moved = as_alice.post(at("lab-sheet", sheet), {"lever-fare": "10"}, follow=True)
    assert "$50,000" in moved.content.decode()
    assert "With fare from $8 to $10, fares goes from $40,000 to $50,000" in moved.content.decode()


def test_missing_values_are_guessed_in_one_form_and_marked_as_assumed(
    as_alice: Client, sheet: Sheet
) -> None:
    for symbol in ("aov", "return_rate"):
        item = replace(
            stored(sheet).inputs[symbol], value=None, low=None, high=None, status="unknown"
        )
        sheet_edit(sheet=sheet, change=lambda model, item=item: model.with_input(item))
    address = at("lab-sheet-guesses", sheet)
    assert address in as_alice.get(at("lab-sheet", sheet)).content.decode()
    refused = as_alice.post(address, {"aov": "40", "return_rate": "110"})
    assert refused.status_code == 422
    assert "between 0 % and 100 %" in " ".join(refused.context["form"].errors["return_rate"])
    assert stored(sheet).inputs["aov"].point is None
    as_alice.post(address, {"aov": "40", "return_rate": ""})
    model = stored(sheet)
    assert (model.inputs["aov"].value, model.inputs["aov"].status) == (40, "assumed")
    assert model.inputs["return_rate"].status == "unknown"
