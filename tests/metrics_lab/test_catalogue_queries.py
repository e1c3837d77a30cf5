"""The catalogue and the lessons live in files: who looks at them costs no query of their own."""

from __future__ import annotations

import html
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from tests.coach.factories import play

PAGES = [
    reverse("lab-home"),
    f"{reverse('lab-home')}?q=conversion&kind=driver&view=aarrr",
    reverse("lab-lessons"),
    reverse("lab-lesson", args=["sizing-a-test"]) + "?size=3841",
]


def queries(client: Client, address: str) -> int:
    """Return how many queries a page takes."""
    client.get(address)
    with CaptureQueriesContext(
        connection,
    ) as caught:
        assert client.get(address).status_code == 200
    return len(caught)


@pytest.mark.parametrize("address", [*PAGES, reverse("lab-metric", args=["gmv"])])
@pytest.mark.django_db
def test_a_visitor_costs_no_query(client: Client, address: str) -> None:
    assert queries(client, address) == 0


@pytest.mark.parametrize("address", PAGES)
def test_somebody_signed_in_costs_what_any_page_costs(as_alice: Client, address: str) -> None:
    assert queries(as_alice, address) == queries(as_alice, reverse("privacy"))


def test_a_metric_asks_once_which_answers_are_being_written(as_alice: Client) -> None:
    plain = queries(as_alice, reverse("privacy"))
    assert queries(as_alice, reverse("lab-metric", args=["gmv"])) <= plain + 2
    wrong = reverse("lab-metric", args=["gmv"]) + "?aov=30"
    assert queries(as_alice, wrong) <= plain + 2


def test_a_worked_out_sentence_goes_into_the_answer_that_is_being_written(
    as_alice: Client, alice: User
) -> None:
    attempt = play(alice)
    page = as_alice.get(reverse("lab-metric", args=["gmv"]), {"orders": "10", "aov": "30"})
    body = html.unescape(page.content.decode())
    address = re.search(r'formaction="([^"]*)"', body)
    sentence = re.search(r'name="sentence" value="([^"]*)"', body)
    assert address is not None
    assert sentence is not None
    as_alice.post(address[1], {"sentence": sentence[1]})
    step = attempt.steps.get(step=attempt.current_step)
    assert step.composer.endswith("average order value $30 per order.")
    assert "Gross merchandise value is $300 per period" in step.composer
