"""Check a sentence in the lab: judged by the case, and nothing told that was not asked for."""

from __future__ import annotations

import html
import re

import pytest
from django.test import Client
from django.urls import reverse

from coach.lab.check import HELD_BACK, NOTHING, check_sentence
from coach.lab.setting import setting_of
from coach.models import Attempt, CaseKey
from coach.services.ledger import facts_record
from metrics_lab.presentation.claim_check import LONGEST, SentenceCheck
from tests.coach.factories import FIXED_IDS, SHOP, question_of

pytestmark = pytest.mark.django_db
KEY = CaseKey(FIXED_IDS[SHOP])
TOLD = {"conversion", "aov"}
GMV = {*TOLD, "visitors", "orders_per_buyer", "orders", "gmv"}
RIGHT = "If conversion goes from 2 % to 2.5 %, GMV grows by 25 %."


@pytest.fixture(autouse=True)
def shop() -> None:
    """The shop case is in the bank."""
    question_of()


def checked(text: str, known: set[str], **typed: str) -> SentenceCheck:
    """Return the check of a sentence by somebody who was told these symbols."""
    found = check_sentence(KEY, setting_of(KEY, known, typed, "gmv"), text)
    assert found is not None
    return found


def test_nothing_is_checked_where_nothing_was_written() -> None:
    assert check_sentence(KEY, setting_of(KEY, GMV, {}), "  ") is None


def test_a_right_sum_is_called_correct_with_its_steps() -> None:
    row = checked(RIGHT, GMV).rows[-1]
    assert (row.verdict, row.quote) == ("correct", "25 %")
    assert any("$7.5 million" in line for line in row.lines)


def test_a_named_mistake_is_called_wrong_by_its_name() -> None:
    row = checked("If conversion goes from 2 % to 2.5 %, GMV grows by 0.5 %.", GMV).rows[-1]
    assert row.verdict == "wrong"
    assert row.label == "Wrong: points read as percent"


@pytest.mark.parametrize(
    "text",
    [
        RIGHT,
        "GMV is $6 million.",
        "GMV is $7 million.",
        "The return rate is 12 %.",
        "The return rate is 20 %.",
        "We have 10 million visitors and 200,000 orders.",
        "If the return rate falls to 10 %, kept orders rise to 180,000.",
        "Fifteen percent have ever bought, 3 million people.",
    ],
)
def test_a_claim_on_something_unasked_for_is_held_back(text: str) -> None:
    written = re.sub(r"\s", "", text)
    for row in checked(text, TOLD).rows:
        if row.verdict == "unknown":
            assert row.lines == (HELD_BACK,)
        for line in row.lines:
            for figure in ("$6.0 million", "10 million", "12 %", "200,000", "15 %", "176,000"):
                assert figure not in line or figure.replace(" ", "") in written


@pytest.mark.parametrize("rate", ["5", "8", "12", "13", "40"])
def test_trying_numbers_does_not_find_a_hidden_figure(rate: str) -> None:
    rows = checked(f"The return rate is {rate} %.", TOLD).rows
    assert {row.verdict for row in rows} <= {"unknown"}


def test_an_assumption_does_not_unlock_the_cases_own_figure() -> None:
    rows = checked("The return rate is 12 %.", TOLD, return_rate="12").rows
    assert {row.verdict for row in rows} <= {"unknown"}


def test_what_was_told_is_checked() -> None:
    assert checked("The average order value is $30.", TOLD).rows[0].verdict == "correct"


def test_a_sentence_without_a_figure_of_the_case_says_what_can_be_checked() -> None:
    assert checked("I like this market.", GMV).remark == NOTHING


def test_a_text_too_long_is_refused_and_kept() -> None:
    found = checked("GMV is $6 million. " * 60, GMV)
    assert str(LONGEST) in found.error
    assert found.rows == ()
    assert found.text.startswith("GMV is")


@pytest.mark.parametrize("odd", ["0" * 600, "1e999 %", "(" * 600, "2 % " * 150, "\u202e2 %", "½ %"])
def test_any_text_is_answered(odd: str) -> None:
    assert isinstance(checked(odd, GMV), SentenceCheck)


def test_the_page_checks_a_sentence_in_a_plain_form(attempt: Attempt, as_alice: Client) -> None:
    facts_record(attempt=attempt, step="clarify", fact_ids=["kpis", "shopper_definition"])
    sent = {"claim": RIGHT, "star": "gmv", "aov": "33"}
    text = as_alice.post(reverse("practice-lab", args=[attempt.pk]), sent).content.decode()
    assert RIGHT in html.unescape(text)
    assert "The sum gives 25 %" in text
    assert 'value="33"' in text


def test_a_script_gets_the_check_alone(attempt: Attempt, as_alice: Client) -> None:
    headers = {"HX-Request": "true", "HX-Target": "lab-check"}
    address = reverse("practice-lab", args=[attempt.pk])
    response = as_alice.post(address, {"claim": "<b>GMV</b> is $6 million"}, headers=headers)
    text = response.content.decode()
    assert '<section class="section" id="lab-check"' in text
    assert "<html" not in text
    assert "<b>GMV" not in text
