"""The lab of an attempt: what was not asked for stays hidden, levers compute, typing is kept."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from coach import cases
from coach.lab import setting
from coach.lab.page import Lab, build_lab
from coach.lab.rows import LabRow
from coach.models import Attempt, CaseKey
from coach.services.ledger import facts_record
from metrics_lab.engine.claim.check import check
from tests.coach.factories import FIXED_IDS, SHOP, question_of
from tests.factories import LIBRARY, library_case

pytestmark = pytest.mark.django_db
KEY = CaseKey(FIXED_IDS[SHOP])
GMV = {"visitors", "conversion", "orders_per_buyer", "aov"}


@pytest.fixture(autouse=True)
def shop() -> None:
    """The shop case is in the bank."""
    question_of()


@pytest.fixture
def address(attempt: Attempt) -> str:
    """Where Alice's lab stands."""
    return reverse("practice-lab", args=[attempt.pk])


def row(built: Lab, symbol: str) -> LabRow:
    """Return a row of the tree."""
    return next(row for row in built.rows if row.symbol == symbol)


def test_nothing_is_shown_before_it_was_asked_for() -> None:
    built = build_lab(KEY, set(), {}, "gmv")
    assert {r.today for r in built.rows} == {r.with_levers for r in built.rows} == {"?"}
    assert built.levers == []
    assert built.sentence == ""


@pytest.mark.parametrize("posted", [{}, {"aov": "31", "conversion": "x", "visitors": "1e400"}])
def test_hidden_figures_are_nowhere_in_the_page(
    address: str, as_alice: Client, posted: dict[str, str]
) -> None:
    body = as_alice.post(address, posted | {"star": "gmv"}).content.decode()
    main = body[body.index("<main") : body.index("</main")]
    for figure in ("10 million", "10,000,000", "10000000", "$30", "2 %", "2%", "6 million"):
        assert figure not in main


def test_a_figure_becomes_a_lever_once_it_was_asked_for(
    attempt: Attempt, address: str, as_alice: Client
) -> None:
    facts_record(attempt=attempt, step="clarify", fact_ids=["kpis"])
    body = as_alice.get(address, {"star": "gmv"}).content.decode()
    assert 'name="conversion"' in body
    assert "$30" in body
    assert "10 million" not in body


def test_a_lever_moves_the_star_and_the_sentence_says_how_much() -> None:
    built = build_lab(KEY, GMV, {"conversion": "2.5"}, "gmv")
    assert row(built, "gmv").change == "+25 %"
    assert row(built, "conversion").change.startswith("+0.5 ")
    assert "25 %" in built.sentence
    assert built.moved == 1


def test_levers_at_todays_values_move_nothing() -> None:
    built = build_lab(KEY, GMV, {"conversion": "2", "aov": "$30"}, "gmv")
    assert built.moved == 0
    assert "today" in built.sentence


def test_an_assumption_fills_a_gap_and_is_called_one() -> None:
    known = GMV - {"aov"}
    assert row(build_lab(KEY, known, {}, "gmv"), "gmv").today == "?"
    built = build_lab(KEY, known, {"aov": "40"}, "gmv")
    assert row(built, "gmv").today != "?"
    assert row(built, "aov").formula == "your assumption"
    assert "8" in row(built, "gmv").today


@pytest.mark.parametrize("odd", ["many", "nan", "inf", "-inf", "1e400", "--3", "1;2"])
def test_what_is_no_number_is_named_and_the_rest_computes(odd: str) -> None:
    built = build_lab(KEY, GMV, {"aov": odd, "conversion": "3"}, "gmv")
    assert "needs a number" in built.errors["aov"]
    assert row(built, "gmv").change == "+50 %"


def test_a_bad_number_stands_where_it_was_typed(
    attempt: Attempt, address: str, as_alice: Client
) -> None:
    body = as_alice.post(address, {"star": "gmv", "aov": "lots"}).content.decode()
    assert "needs a number" in body
    assert 'value="lots"' in body


@pytest.mark.parametrize("value", ["1e300", "-5", "0", "99999999999999999999"])
def test_a_number_out_of_all_bounds_is_no_fault_of_ours(
    attempt: Attempt, address: str, as_alice: Client, value: str
) -> None:
    facts_record(attempt=attempt, step="clarify", fact_ids=["kpis", "shopper_definition"])
    sent = {"star": "gmv", "aov": value, "conversion": value, "orders_per_buyer": value}
    assert as_alice.post(address, sent).status_code == (200 if value == "0" else 422)


def test_an_unknown_star_falls_back_to_the_cases_own() -> None:
    assert build_lab(KEY, GMV, {}, "no_such").star == build_lab(KEY, GMV, {}).star


@pytest.mark.parametrize("slug", sorted(path.stem for path in LIBRARY.glob("*.yaml")))
def test_every_case_of_the_library_has_a_lab(slug: str, monkeypatch: pytest.MonkeyPatch) -> None:
    case = library_case(slug)
    monkeypatch.setattr(cases, "case_of", lambda key: case)
    monkeypatch.setattr(setting, "model_of", setting.model_of.__wrapped__)
    built = build_lab(1, set(case.baselines), {})
    assert built.rows[0].today != "?"
    assert built.problem == ""


def test_a_script_gets_the_tree_alone(address: str, as_alice: Client) -> None:
    body = as_alice.post(address, {}, headers={"HX-Request": "true"}).content.decode()
    assert body.lstrip().startswith('<div id="kpi-tree"')


def test_putting_a_sentence_adds_it_to_what_is_typed(attempt: Attempt, as_alice: Client) -> None:
    attempt.steps.filter(step="clarify").update(composer="I would raise it.")
    address = reverse("practice-lab-put", args=[attempt.pk])
    response = as_alice.post(address, {"sentence": "GMV goes up by 25 %."})
    assert response.url.endswith("/clarify/#say")
    assert attempt.steps.get(step="clarify").composer == "I would raise it. GMV goes up by 25 %."


def test_a_sentence_that_does_not_fit_leaves_what_is_typed(
    attempt: Attempt, as_alice: Client
) -> None:
    attempt.steps.filter(step="clarify").update(composer="x" * 5990)
    address = reverse("practice-lab-put", args=[attempt.pk])
    response = as_alice.post(address, {"sentence": "GMV goes up by 25 %."}, follow=True)
    assert "6,000" in response.content.decode()
    assert attempt.steps.get(step="clarify").composer == "x" * 5990


@pytest.mark.parametrize("slug", sorted(path.stem for path in LIBRARY.glob("*.yaml")))
def test_the_numbers_of_every_case_of_the_library_can_be_checked(
    slug: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = library_case(slug)
    monkeypatch.setattr(cases, "case_of", lambda key: case)
    model = cases.claim_model_of.__wrapped__(1)
    assert isinstance(check("Sales of 12 % become 30 thousand.", model), tuple)
