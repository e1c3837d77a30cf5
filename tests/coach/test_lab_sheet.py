"""An attempt's sheet: what was given and nothing else; new facts arrive, edits stay."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from coach import cases
from coach.lab import setting
from coach.lab.sheet import Told, renewed, sheet_for
from coach.models import Attempt, AttemptSheet, CaseKey
from coach.services import lab_sheets
from coach.services.attempts import attempt_finish
from coach.services.lab_sheets import attempt_sheet_open
from coach.services.ledger import facts_record
from metrics_lab.engine.sheet import model
from metrics_lab.engine.sheet.model import (
    Input,
    Sheet,
    SheetError,
    SheetFullError,
    check_sheet,
    model_of,
)
from metrics_lab.selectors import model_in
from metrics_lab.services import sheet_edit, sheet_undo
from tests.coach.factories import FIXED_IDS, SHOP, answered, question_of
from tests.factories import LIBRARY, library_case

pytestmark = pytest.mark.django_db
KEY = CaseKey(FIXED_IDS[SHOP])
NOTHING = Told(frozenset(), frozenset())


@pytest.fixture(autouse=True)
def shop() -> None:
    """The shop case is in the bank."""
    question_of()


def told(attempt: Attempt, *facts: str) -> Sheet:
    """Return the sheet of an attempt after facts were given."""
    facts_record(attempt=attempt, step="clarify", fact_ids=list(facts))
    return model_in(attempt_sheet_open(attempt=attempt))


def assume(attempt: Attempt, symbol: str, value: float) -> None:
    """The student puts a guess into the sheet."""
    sheet = attempt_sheet_open(attempt=attempt)
    sheet_edit(
        sheet=sheet,
        change=lambda model: model.with_input(
            Input(symbol, model.label(symbol), model.unit(symbol), value, status="assumed")
        ),
    )


def test_a_sheet_opened_before_any_question_holds_no_figure(attempt: Attempt) -> None:
    sheet = model_in(attempt_sheet_open(attempt=attempt))
    assert {item.status for item in sheet.inputs.values()} == {"unknown"}
    assert all(
        (item.point, item.band, item.source) == (None, None, "") for item in sheet.inputs.values()
    )
    assert model_of(sheet).model.symbols == ()


def test_a_figure_that_no_formula_needs_is_not_even_named_before_it_is_given(
    attempt: Attempt,
) -> None:
    sheet = model_in(attempt_sheet_open(attempt=attempt))
    assert "delivery_days" in library_case(SHOP).baselines
    assert "delivery_days" not in sheet.inputs


@pytest.mark.parametrize("slug", sorted(path.stem for path in LIBRARY.glob("*.yaml")))
def test_every_case_makes_a_sound_sheet_before_and_after_all_its_facts(
    slug: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = library_case(slug)
    monkeypatch.setattr(cases, "case_of", lambda key: case)
    monkeypatch.setattr("coach.lab.sheet.model_of", setting.model_of.__wrapped__)
    empty = sheet_for(0, NOTHING, case.title)
    assert check_sheet(empty).model.given == {}
    facts = frozenset(fact.id for fact in case.facts)
    everything = Told.of(0, facts, frozenset(case.baselines))
    full = renewed(empty, 0, everything, frozenset())
    today = check_sheet(full).model.evaluate()
    stated = {r.symbol: r.value for r in full_relations(slug) if r.symbol in full.derived}
    assert stated
    assert {s: today[s] for s in stated} == pytest.approx(stated, rel=0.006)


def full_relations(slug: str) -> list[object]:
    """Return a case's relations that state a figure."""
    return [r for r in library_case(slug).relations if r.value is not None]


def test_facts_that_were_given_are_in_the_sheet(attempt: Attempt) -> None:
    sheet = told(attempt, "kpis")
    assert sheet.inputs["aov"].value == 30
    assert sheet.inputs["aov"].status == "given"
    assert sheet.inputs["visitors"].value is None


def test_an_open_word_is_carried_in_both_readings_until_it_is_settled(
    attempt: Attempt, as_alice: Client
) -> None:
    sheet = told(attempt, "kpis")
    assert [reading.meaning for reading in sheet.ambiguities[0].readings] == ["buyers", "visitors"]
    row = attempt_sheet_open(attempt=attempt)
    body = as_alice.get(reverse("lab-sheet", args=[row.pk])).content.decode()
    assert "$300.0 million" in body
    assert "$6.0 million" in body
    assert "50 times apart" in body
    settled = told(attempt, "shopper_definition")
    assert settled.ambiguities == ()
    assert settled.inputs["visitors"].value == 10_000_000


def test_a_sentence_is_checked_under_each_reading_of_an_open_word(
    attempt: Attempt, as_alice: Client
) -> None:
    told(attempt, "kpis")
    row = attempt_sheet_open(attempt=attempt)
    check = reverse("lab-sheet-check", args=[row.pk])
    body = as_alice.post(check, {"claim": "GMV is $6 million a month."}).content.decode()
    assert "Correct if “shoppers” means visitors" in body
    assert "if “shoppers” means buyers" in body


def test_new_facts_arrive_on_the_next_opening_and_edits_stay(attempt: Attempt) -> None:
    told(attempt, "kpis")
    assume(attempt, "aov", 35)
    sheet = told(attempt, "shopper_definition")
    assert sheet.inputs["aov"].value == 35
    assert sheet.inputs["visitors"].status == "given"


def test_a_fact_takes_the_place_of_a_guess_and_says_what_was_guessed(attempt: Attempt) -> None:
    assume(attempt, "aov", 25)
    sheet = told(attempt, "kpis")
    assert sheet.inputs["aov"].value == 30
    assert "you had assumed $25" in sheet.inputs["aov"].source


def test_undo_does_not_take_back_a_fact(attempt: Attempt) -> None:
    assume(attempt, "take_rate", 0.1)
    row = attempt_sheet_open(attempt=attempt)
    told(attempt, "kpis")
    assert sheet_undo(sheet=row) is False


def test_facts_arrive_also_when_the_sheet_is_opened_by_itself(
    attempt: Attempt, as_alice: Client
) -> None:
    row = attempt_sheet_open(attempt=attempt)
    facts_record(attempt=attempt, step="clarify", fact_ids=["kpis"])
    body = as_alice.get(reverse("lab-sheet", args=[row.pk])).content.decode()
    assert reverse("practice-lab", args=[attempt.pk]) in body
    row.refresh_from_db()
    assert model_in(row).inputs["aov"].value == 30


def test_the_button_on_the_attempts_lab_opens_one_sheet_and_always_the_same(
    attempt: Attempt, as_alice: Client
) -> None:
    page = as_alice.get(reverse("practice-lab", args=[attempt.pk])).content.decode()
    opening = reverse("practice-lab-sheet", args=[attempt.pk])
    assert opening in page
    first, second = as_alice.post(opening), as_alice.post(opening)
    assert first["Location"] == second["Location"]
    assert AttemptSheet.objects.get().sheet.owner == attempt.owner


def test_a_stranger_opens_no_sheet_of_the_attempt(attempt: Attempt, as_charlie: Client) -> None:
    opening = reverse("practice-lab-sheet", args=[attempt.pk])
    assert as_charlie.post(opening).status_code == 404
    assert not AttemptSheet.objects.exists()
    row = attempt_sheet_open(attempt=attempt)
    assert as_charlie.get(reverse("lab-sheet", args=[row.pk])).status_code == 404


def test_a_sentence_of_the_sheet_goes_into_the_open_answer(
    attempt: Attempt, as_alice: Client
) -> None:
    told(attempt, "kpis", "shopper_definition")
    row = attempt_sheet_open(attempt=attempt)
    sheet_edit(sheet=row, change=lambda model: replace(model, star="gmv"))
    body = as_alice.get(reverse("lab-sheet", args=[row.pk])).content.decode()
    put = reverse("practice-lab-put", args=[attempt.pk])
    assert f'formaction="{put}"' in body
    as_alice.post(put, {"sentence": "GMV goes up."})
    assert attempt.steps.get(step="clarify").composer == "GMV goes up."


def test_a_finished_attempt_takes_no_sentence(attempt: Attempt, as_alice: Client) -> None:
    told(attempt, "kpis", "shopper_definition")
    answered(attempt)
    attempt_finish(attempt=attempt)
    row = attempt_sheet_open(attempt=attempt)
    sheet_edit(sheet=row, change=lambda model: replace(model, star="gmv"))
    body = as_alice.get(reverse("lab-sheet", args=[row.pk])).content.decode()
    assert "$6.0 million" in body
    assert "lab/put/" not in body


def test_a_case_that_makes_no_sheet_is_said_where_the_sheet_was_asked_for(
    attempt: Attempt, as_alice: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(model, "MAX_RELATIONS", 2)
    opening = reverse("practice-lab-sheet", args=[attempt.pk])
    answer = as_alice.post(opening, follow=True)
    assert answer.redirect_chain == [(reverse("practice-lab", args=[attempt.pk]), 302)]
    assert "make no sheet: A sheet holds at most 2 formulas." in answer.content.decode()
    assert not AttemptSheet.objects.exists()


@pytest.mark.parametrize(
    ("error", "code"),
    [(SheetFullError("", "Too many."), "size"), (SheetError("x", "X has no unit."), "sheet")],
)
def test_a_sheet_that_cannot_be_opened_is_told_apart_by_its_reason(
    error: SheetError, code: str, attempt: Attempt, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: object, **kwargs: object) -> None:
        raise error

    monkeypatch.setattr(lab_sheets, "sheet_create", fail)
    with pytest.raises(ValidationError, match=str(error)) as refused:
        attempt_sheet_open(attempt=attempt)
    assert refused.value.code == code


def test_a_fault_other_than_a_full_sheet_is_said_as_it_is(
    attempt: Attempt, as_alice: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = attempt_sheet_open(attempt=attempt)

    def fail(*args: object) -> None:
        raise SheetError("x", "Two formulas stand for the same figure.")

    monkeypatch.setattr(lab_sheets, "renewed", fail)
    body = as_alice.get(reverse("lab-sheet", args=[row.pk])).content.decode()
    assert "could not be put in: Two formulas stand for the same figure." in body
    assert "does not fit in any more" not in body
    assert "arrives here by itself" not in body


def test_a_fact_waits_while_the_sheet_is_full_and_arrives_once_there_is_room(
    attempt: Attempt, as_alice: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = attempt_sheet_open(attempt=attempt)
    page = reverse("lab-sheet", args=[row.pk])
    held = len(model_in(row).inputs)
    monkeypatch.setattr("metrics_lab.engine.sheet.json_form.MAX_INPUTS", held)
    fact = next(f for f in library_case(SHOP).facts if "delivery_days" in f.reveals)
    facts_record(attempt=attempt, step="clarify", fact_ids=[fact.id])
    body = as_alice.get(page).content.decode()
    assert "does not fit in any more" in body
    row.refresh_from_db()
    assert len(model_in(row).inputs) == held
    monkeypatch.setattr("metrics_lab.engine.sheet.json_form.MAX_INPUTS", held + 20)
    body = as_alice.get(page).content.decode()
    assert "arrives here by itself" in body
    row.refresh_from_db()
    assert "delivery_days" in model_in(row).inputs
