import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metrics_lab.engine.claim import ClaimModel, check, levers, worst
from metrics_lab.engine.evaluation import evaluate_claims
from metrics_lab.engine.graph import Relation

DATA = Path(__file__).parent / "data"
SETS = [
    "claims_rides_video.json",
    "claims_planner_food.json",
    "claims_gym.json",
    "claims_courses.json",
    "claims_stays.json",
    "claims_hospital.json",
    "claims_seats.json",
    "claims_newsletter.json",
    "claims_ads.json",
    "claims_energy.json",
    "claims_grocery.json",
    "claims_lockers.json",
    "claims_podcasts_meals.json",
    "claims_scooters_tutors.json",
    "claims_pets.json",
    "claims_coworking.json",
]
RIDES = json.loads((DATA / SETS[0]).read_text())["baselines"]["rides"]
MODEL = ClaimModel(RIDES["values"], RIDES["symbols"], RIDES["relations"], RIDES["plausible"])


def verdict(text: str) -> tuple[str, str | None]:
    decisive = worst(check(text, MODEL))
    return (decisive.verdict, decisive.error) if decisive else ("none", None)


@pytest.mark.parametrize("name", SETS)
def test_labelled_claims_of_other_products_are_judged(name: str) -> None:
    summary = evaluate_claims(json.loads((DATA / name).read_text()))["summary"]
    assert summary["verdict_accuracy"] >= 0.9
    assert summary["error_accuracy"] >= 0.85
    assert summary["wrong_called_correct"] == 0


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("Activation from 35% to 42% is a 7% improvement.", "points_for_percent"),
        ("Activation from 35% to 42% is a 16.7% improvement.", "wrong_base"),
        ("Activation from 35% to 42% is an increase of 120%.", "ratio_for_lift"),
        ("Fares 10% up and trips per rider 20% up: bookings rise 30%.", "added_not_compounded"),
        ("Our net revenue is $16.8 million a month.", "revenue_for_gmv"),
        ("That makes 1.4 billion trips a month.", "scale"),
        ("We keep $22 of every trip.", "unit"),
        ("The average fare is $19.", "contradicts_baseline"),
    ],
)  # fmt: skip
def test_a_slip_is_called_by_its_name(text: str, error: str) -> None:
    assert verdict(text) == ("wrong", error)


def test_a_round_number_that_fits_an_error_exactly_is_not_excused_by_rounding() -> None:
    assert verdict("With fares up 10% and trips per rider up 20%, bookings grow 30%.")[0] == "wrong"


def test_a_bound_is_correct_when_it_holds() -> None:
    assert verdict("More than a million trips happen a month.") == ("correct", None)
    assert verdict("More than 2 million trips happen a month.")[0] == "wrong"


def test_a_share_raised_by_percent_without_more_is_ambiguous() -> None:
    assert verdict("I would raise the activation rate by 5%.") == ("ambiguous", None)


def test_money_without_a_metric_is_ambiguous() -> None:
    assert verdict("That adds another $40,000.") == ("ambiguous", None)


def test_a_text_that_claims_nothing_has_no_check() -> None:
    assert check("I would ask drivers why they cancel.", MODEL) == ()


def test_the_worst_verdict_decides() -> None:
    assert verdict("The fare is $12 and we keep 30% commission.")[0] == "wrong"


def test_a_check_quotes_the_number_and_shows_the_sum() -> None:
    text = "A typical month has 1.4 million trips."
    found = check(text, MODEL)[0]
    assert text[found.start : found.end] == found.quote == "1.4 million"
    assert "trips per month = monthly riders × trips per rider" in found.steps[0]
    assert found.steps[-1] == (
        "The sum gives 1.4 million trips per month; the text says 1.4 million trips per month."
    )


def test_another_published_sample_size_is_close_and_named() -> None:
    found = worst(check("We need 1,436 riders per arm to see 35% against 40%.", MODEL))
    assert found is not None
    assert found.verdict == "close"
    assert "another published form" in found.steps[-1]


def test_an_odd_rice_part_is_ambiguous() -> None:
    text = "Reach 80,000, impact 2 and confidence 80% make a RICE score of 500."
    assert verdict(text) == ("ambiguous", None)


def test_units_of_derived_figures_are_inferred_from_a_cases_loose_units() -> None:
    model = ClaimModel(
        {"visitors": 1e7, "conversion": 0.02, "aov": 30},
        {
            "visitors": {"label": "monthly visitors", "unit": "people / month"},
            "conversion": {"label": "conversion", "unit": "buyers / visitor / month"},
            "aov": {"label": "order value", "unit": "USD / order"},
        },
        [Relation("orders", "visitors * conversion"), Relation("gmv", "orders * aov")],
    )
    assert model.known["orders"].kind == "count"
    assert (model.known["gmv"].kind, model.known["gmv"].period) == ("money", "month")
    found = worst(check("GMV is $6 million a month.", model))
    assert found is not None
    assert found.verdict == "correct"


@given(st.floats(0.2, 0.5), st.floats(0.05, 0.6))
def test_a_true_lift_is_never_called_wrong(old: float, lift: float) -> None:
    model = ClaimModel({"installs": 1e5, "rate": round(old, 3)}, {
        "installs": {"label": "installs", "unit": "user/month"},
        "rate": {"label": "activation rate", "unit": "1"},
        "riders": {"label": "new riders", "unit": "user/month"},
    }, ["riders = installs * rate"])  # fmt: skip
    new = round(old, 3) * (1 + lift)
    text = f"Activation from {round(old, 3):.1%} to {new:.3%} means {lift:.1%} more new riders."
    decisive = worst(check(text, model))
    assert decisive is not None
    assert decisive.verdict in ("correct", "close")


@settings(max_examples=60)
@given(st.text(alphabet="0123456789%.,$€ abx×=+-tofrmriders\n", max_size=120))
def test_any_text_can_be_checked(text: str) -> None:
    for found in check(text, MODEL):
        assert found.quote == text[found.start : found.end]


def test_a_very_long_text_is_cut_and_not_hung_on() -> None:
    assert isinstance(check("from 1 to 2 of the " * 3000, MODEL), tuple)


def test_many_levers_do_not_try_every_selection_of_them(monkeypatch: pytest.MonkeyPatch) -> None:
    names = [f"lever{letter}" for letter in "abcdefghijklmnop"]
    model = ClaimModel(
        dict.fromkeys(names, 2.0),
        {name: {"label": name, "unit": "1"} for name in names},
        [f"total = {' * '.join(names)}"],
    )
    runs: list[object] = []
    once = levers.what_if
    monkeypatch.setattr(levers, "what_if", lambda *asked: runs.append(asked) or once(*asked))
    text = f"If {', '.join(f'{name} rises 10%' for name in names)}, total rises 37%."
    assert check(text, model)
    assert len(runs) < 10 * len(names)


@pytest.mark.parametrize(
    "bad",
    [
        [],
        {},
        {"baselines": {}, "claims": 3},
        {"baselines": {"a": {}}, "claims": []},
        {"baselines": {"a": {"values": {}, "relations": ["x = y"]}}, "claims": []},
        {"baselines": {}, "claims": [{"baseline": "a", "text": "x", "verdict": "correct"}]},
        {"baselines": {"a": {"values": {}}}, "claims": [{"baseline": "a", "text": "x"}]},
    ],
)
def test_a_file_of_another_form_is_refused(bad: object) -> None:
    with pytest.raises(ValueError, match="must"):
        evaluate_claims(bad)  # type: ignore[arg-type]


def test_an_empty_set_has_no_rates() -> None:
    summary = evaluate_claims({"baselines": {}, "claims": []})["summary"]
    assert summary["n"] == 0
    assert summary["verdict_accuracy"] is None
