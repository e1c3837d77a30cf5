"""Named wrong readings, in other words and on other cases than the labelled sets."""

import json
from functools import cache
from pathlib import Path

import pytest

from metrics_lab.engine import experiment
from metrics_lab.engine.claim import ClaimCheck, check, lexicon, worst
from metrics_lab.engine.claim.model import ClaimModel

DATA = Path(__file__).parent / "data"
GYM = ClaimModel(
    values={"visitors": 400_000, "joining": 0.05, "fee": 40},
    symbols={
        "visitors": {"label": "visitors a month", "unit": "user / month", "aliases": ["visitors"]},
        "joining": {"label": "joining rate", "unit": "share", "aliases": ["joining rate"]},
        "fee": {"label": "fee", "unit": "usd / member", "aliases": ["fee"]},
        "members": {"label": "new members a month", "unit": "member / month", "aliases": []},
        "income": {"label": "income a month", "unit": "usd / month", "aliases": ["income"]},
    },
    relations=["members = visitors * joining", "income = members * fee"],
)


def test_points_taken_as_percent_of_an_amount_are_named_before_another_population() -> None:
    text = "If the joining rate goes from 5% to 6%, income grows by $8,000 a month."
    found = [c for c in check(text, GYM) if c.verdict == "wrong"]
    assert [c.error for c in found] == ["points_for_percent"]


def test_the_right_amount_of_the_same_change_is_right() -> None:
    text = "If the joining rate goes from 5% to 6%, income grows by $160,000 a month."
    assert not [c for c in check(text, GYM) if c.verdict == "wrong"]


@cache
def case(name: str, ranges: tuple[tuple[str, tuple[float, float]], ...] = ()) -> ClaimModel:
    raw = json.loads((DATA / f"claims_{name}.json").read_text())["baselines"][name]
    return ClaimModel(
        raw["values"], raw["symbols"], raw["relations"], raw["plausible"], ranges=dict(ranges)
    )


def decisive(name: str, text: str) -> ClaimCheck:
    found = worst(check(text, case(name)))
    assert found is not None
    return found


# A wrong reading and the sentences that make it: case, text.
READINGS = {
    "points_for_percent": [
        ("seats", "Trial conversion climbs from 16% to 18%, i.e. by 2%."),
        ("newsletter", "An open rate of 45% instead of 42% means opens grow by 3%."),
        ("hospital", "If no-shows drop from 9% to 7%, missed appointments fall by 2%."),
        ("seats", "If churn goes from 2.5% to 2%, we lose 0.5% fewer accounts."),
    ],
    "wrong_base": [
        ("newsletter", "Open rate from 42% to 50% lifts opens by 16%."),
        ("hospital", "Cutting the stay from 4.5 to 4 days means 12.5% fewer bed days."),
        ("seats", "At $12 a seat instead of $9, MRR is 25% higher."),
    ],
    "ratio_for_lift": [
        ("hospital", "With 1,920 admissions instead of 1,600 there are 120% more bed days."),
        ("newsletter", "If the price goes from $6 to $9, subscription revenue is up by 150%."),
    ],
    "upside_down": [
        ("seats", "CAC is paid back after 0.19 months."),
        ("hospital", "Occupancy is 133%."),
        ("seats", "An account stays for 0.025 months."),
        ("hospital", "If stays get 10% shorter, bed days rise by 10%."),
        ("seats", "Raising the seat price by 10% cuts MRR by 10%."),
    ],
    "added_not_compounded": [
        ("seats", "With 25% more accounts at a 10% higher price MRR would be $349,920 a month."),
        ("seats", "With 20% more accounts and a price 25% higher, MRR would be 45% above today."),
        ("newsletter", "Subscribers +20% and open rate +10% give +30% opens."),
    ],
    "one_lever_only": [
        ("seats", "With 25% more accounts at a 10% higher price MRR would be $324,000 a month."),
        ("hospital", "When admissions grow 10% and the stay gets 20% longer, bed days grow 20%."),
        (
            "newsletter",
            "20% more subscribers at a 50% higher price bring 50% more subscription revenue.",
        ),
        ("seats", "If both trials and conversion double, new accounts double."),
    ],
    "buyers_for_visitors": [
        ("newsletter", "42% of the 2,975 paying readers open an issue, so 1,250 opens."),
        ("seats", "16% of 2,400 accounts convert, which makes 384 new accounts a month."),
        ("hospital", "9% of 1,600 admissions are missed: 144 missed appointments a month."),
    ],
    "scale": [
        ("hospital", "Wards cost £2,952 a month."),
        ("seats", "We run 28.8 million paid seats."),
        ("newsletter", "Total revenue comes to $31.6 million a month."),
    ],
    "unit": [
        ("seats", "Each seat costs €9."),
        ("hospital", "A stay costs £4.50."),
    ],
    "period": [
        ("hospital", "7,200 bed days a year are filled."),
        ("newsletter", "680 subscribers leave us every week."),
        ("newsletter", "Sponsor revenue is $164,500 a month."),
    ],
    "contradicts_baseline": [
        ("seats", "Churn is 5% a month."),
        ("newsletter", "The open rate stands at 35%."),
    ],
    "implausible_target": [
        ("newsletter", "We aim for an open rate of 90%."),
        ("hospital", "My goal: no-shows down from 9% to 0.5%."),
    ],
    "rice_arithmetic": [
        ("seats", "RICE for templates: (2,400 x 2 x 50%) / 4 = 2,400."),
        (
            "hospital",
            "Reminders score reach 6,000, impact 2, confidence 50% and effort 3, so 18,000.",
        ),
    ],
    "sample_size": [
        ("seats", "We need 300 trials per arm to see conversion go from 16% to 20%."),
        ("newsletter", "A split test with 1,000 subscribers a side can show 42% against 44%."),
    ],
    "revenue_for_gmv": [
        ("seats", "LTV: $108 x 40 months = $4,320."),
    ],
}


@pytest.mark.parametrize(
    ("error", "name", "text"),
    [(error, *one) for error, sentences in READINGS.items() for one in sentences],
)
def test_a_wrong_reading_goes_by_its_name(error: str, name: str, text: str) -> None:
    found = decisive(name, text)
    assert (found.verdict, found.error) == ("wrong", error)
    assert found.steps


@pytest.mark.parametrize("form", ["baseline", "sixteen"])
def test_a_size_by_another_published_form_is_close_and_named_with_its_power(form: str) -> None:
    forms = {one.name: one for one in experiment.published_forms(0.16, 0.2)}
    size = round(forms[form].per_arm)
    found = decisive(
        "seats", f"To see conversion go from 16% to 20% we need {size} trials per arm."
    )
    assert found.verdict == "close"
    assert forms[form].label in found.steps[-1]
    assert f"{experiment.power_at(0.16, 0.2, size):.1%}" in " ".join(found.steps)


def test_a_length_of_time_is_compared_in_its_own_unit() -> None:
    assert decisive("seats", "An account stays 171 weeks.").verdict == "correct"
    assert decisive("seats", "An account stays 40 weeks.").error == "period"


def test_a_consequence_of_a_change_that_names_no_figure_is_left_open() -> None:
    text = "Raising that by 10% while churn falls 20% gives 25% more lifetime value."
    assert decisive("seats", text).verdict == "ambiguous"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("seats", "Today 80% of trials convert."),
        ("newsletter", "11% of subscribers pay."),
        ("newsletter", "3.5% of subscribers leave each month."),
        ("newsletter", "42% of openers click."),
        ("newsletter", "An issue has 3,927 opens."),
        ("newsletter", "We have 680 paying readers."),
        ("newsletter", "Sponsor revenue is $17,850 a month."),
        ("seats", "Our churn is 16%."),
        ("seats", "2.5% of trials turn into accounts."),
        ("seats", "We lose 480 accounts a month."),
        ("seats", "A seat costs $12 a month."),
        ("seats", "Each account has 9 seats."),
        ("hospital", "9% of patients come back."),
        ("hospital", "12% of appointments are missed."),
        ("hospital", "We have 192 beds."),
        ("hospital", "A missed appointment costs £410."),
        ("hospital", "540 patients come back each month."),
        ("hospital", "A stay costs £410."),
    ],
)
def test_the_right_digits_of_another_figure_are_not_right(name: str, text: str) -> None:
    assert decisive(name, text).verdict == "wrong"


def test_another_currency_is_a_fault_of_unit_before_any_of_size() -> None:
    assert decisive("seats", "MRR is €259,200 a month.").error == "unit"


def test_a_consequence_in_the_wrong_direction_is_one_before_any_of_size() -> None:
    assert decisive("hospital", "If stays get 10% shorter, bed days rise by 10%.").error == (
        "upside_down"
    )


def test_a_right_consequence_says_what_must_not_move() -> None:
    found = decisive(
        "seats", "If trial conversion rises from 16% to 20%, new accounts grow by 25%."
    )
    checks = check("If the seat price goes up 10%, MRR grows by 10%.", case("seats"))
    steps = " ".join(step for one in checks for step in one.steps)
    assert found.verdict == "correct"
    assert "as long as nothing else moves: paying accounts, seats per account." in steps


PRICED = (("trial_conversion", (0.12, 0.2)), ("price_per_seat", (8.0, 10.0)))


def test_ranges_tell_how_often_a_claim_holds_and_whether_it_is_in_range() -> None:
    model = case("seats", PRICED)
    [likely] = check("More than 400 new accounts come in each month.", model)
    [far] = check("A month brings 700 new accounts.", model)
    assert likely.odds is not None
    assert far.odds is not None
    assert (likely.odds.sign, likely.odds.inside) == (">=", True)
    assert 0.75 < likely.odds.chance < 0.9
    assert (far.odds.inside, far.odds.chance < 0.05) == (False, True)
    assert "the claim is outside" in far.steps[-1]


def test_a_relative_change_that_ranges_do_not_touch_is_sure() -> None:
    text = "If the seat price goes up 10%, MRR grows by 10%."
    [_, found] = check(text, case("seats", PRICED))
    assert found.odds is not None
    assert found.odds.low == pytest.approx(found.odds.high)
    assert found.odds.inside


def test_a_claim_that_no_range_reaches_has_no_odds() -> None:
    assert [one.odds for one in check("We have 28,800 seats.", case("seats", PRICED))] == [None]


@pytest.mark.parametrize("name", ["grocery", "hospital", "rides_video"])
def test_what_is_looked_for_before_a_pattern_changes_no_check(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = json.loads((DATA / f"claims_{name}.json").read_text())
    models = {
        key: ClaimModel(raw["values"], raw["symbols"], raw["relations"], raw.get("plausible", {}))
        for key, raw in data["baselines"].items()
    }
    told = [(text, models[one["baseline"]]) for one in data["claims"]
            for text in (one["text"], one["text"].upper())]  # fmt: skip
    quick = [check(text, model) for text, model in told]
    monkeypatch.setattr(lexicon, "has_any", lambda text, parts: True)
    assert quick == [check(text, model) for text, model in told]


@pytest.mark.parametrize(
    ("name", "text", "error"),
    [
        # a figure of today behind "with" supposes nothing of what is said to be
        ("grocery", "With two and a half orders a month the basket value is $160.",
         "spend_per_buyer_for_order_value"),
        # a sum that adds up, with another population in it
        ("grocery", "26,000 households x €64 = €1,664,000 sales a month.", "buyers_for_visitors"),
        ("energy", "A payback of $60 x 6.30 = 378 months is long.", "upside_down"),
        ("seats", "With an account churn of 2.5% we lose 2.5 accounts a month.", "unit"),
        ("seats", "We lose 60 accounts a year.", "period"),
        ("newsletter", "Only 680 subscribers leave a year.", "period"),
    ],
)  # fmt: skip
def test_a_slip_is_not_excused_by_the_right_numbers_beside_it(
    name: str, text: str, error: str
) -> None:
    found = decisive(name, text)
    assert (found.verdict, found.error) == ("wrong", error)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("seats", "We gain 480 accounts and lose 60 accounts a month."),
        ("energy", "The 720 households we lose would have stayed."),
        ("grocery", "Roughly 9,000 orders arrive late each month."),
        ("energy", "Losing 1.5% of the base every month means 720 leavers."),
        ("seats", "If trial conversion rises from 16% to 20%, 25% more new accounts, 120, come."),
        (
            "grocery",
            "Raising the basket value from €64 to €80 lifts sales by 25%, to €5.2m.",
        ),
    ],
)
def test_a_right_amount_told_by_a_verb_is_right(name: str, text: str) -> None:
    assert decisive(name, text).verdict == "correct"


def test_places_of_the_students_own_plan_are_none_of_the_case() -> None:
    assert check("I'd visit 9 lockers for 2 days each.", case("lockers")) == ()
