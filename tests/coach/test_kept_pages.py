"""What is kept of a page stays its owner's, and gives way when what it was drawn from changes."""

from __future__ import annotations

import re
import uuid

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from coach import cases
from coach.models import Attempt, Message, MessageKind
from coach.selectors.report import report_page
from coach.services.answers import answer_revise
from coach.services.attempts import attempt_finish
from coach.services.conversation import message_send
from coach.services.feedback import feedback_make
from coach.services.ledger import facts_record
from tests.coach.factories import ASK_KPIS, OTHER_ANSWER, judged, play
from tests.conftest import signed_in

TOKEN = re.compile(r'class="suggestions".*?csrfmiddlewaretoken" value="([^"]+)"')


def step_page(browser: Client, attempt: Attempt, step: str = "clarify") -> str:
    """Return the practice page as the browser gets it."""
    response = browser.get(reverse("practice-step", args=[attempt.pk, step]))
    assert response.status_code == 200
    return response.content.decode()


def report(browser: Client, attempt: Attempt) -> str:
    """Return the report as the browser gets it."""
    return browser.get(reverse("practice-report", args=[attempt.pk])).content.decode()


def test_a_message_under_somebody_elses_id_shows_ones_own_words(
    alice: User, bob: User, as_alice: Client, as_bob: Client
) -> None:
    same = uuid.uuid4()
    hers, his = play(alice), play(bob)
    message_send(attempt=hers, step="clarify", text="A word of Alice", client_id=same)
    message_send(attempt=his, step="clarify", text="A word of Bob", client_id=same)
    assert "A word of Alice" in step_page(as_alice, hers)
    page = step_page(as_bob, his)
    assert "A word of Bob" in page
    assert "A word of Alice" not in page


def test_the_forms_of_a_kept_conversation_carry_the_token_of_their_own_page(
    alice: User, attempt: Attempt, as_alice: Client
) -> None:
    fact = cases.case_of(attempt.case_key).facts[0].id
    Message.objects.create(
        attempt=attempt, step="clarify", author="coach", kind=MessageKind.SUGGEST,
        text="Did you mean", html="<p>Did you mean</p>", data={"suggestions": [fact]},
    )  # fmt: skip
    step_page(as_alice, attempt)
    other = Client(enforce_csrf_checks=True)
    other.force_login(alice, backend="django.contrib.auth.backends.ModelBackend")
    token = TOKEN.search(step_page(other, attempt))
    assert token is not None
    said = {"text": ASK_KPIS, "csrfmiddlewaretoken": token[1]}
    address = reverse("practice-say", args=[attempt.pk, "clarify"])
    assert other.post(address, said).status_code == 302


def test_a_kept_message_tells_the_time_of_where_its_reader_is(
    alice: User, attempt: Attempt, as_alice: Client
) -> None:
    message_send(attempt=attempt, step="clarify", text=ASK_KPIS, client_id=uuid.uuid4())
    assert "+00:00" in step_page(as_alice, attempt)
    User.objects.filter(pk=alice.pk).update(timezone="Asia/Tokyo")
    page = step_page(as_alice, attempt)
    assert "+09:00" in page
    assert "+00:00" not in page


def test_a_kept_report_gives_way_to_the_next_draft_and_its_feedback(
    attempt: Attempt, as_alice: Client
) -> None:
    judged(attempt)
    assert "Draft 1" not in report(as_alice, attempt)
    second = answer_revise(attempt=attempt, step="segment", text=OTHER_ANSWER, artefact={})
    assert "feedback on its way" in report(as_alice, attempt)
    feedback_make(job_id=second.job.pk)
    page = report(as_alice, attempt)
    assert "feedback on its way" not in page
    assert "Draft 1" in page


def test_a_section_is_drawn_again_when_more_is_told_and_when_the_attempt_ends(
    attempt: Attempt,
) -> None:
    judged(attempt)
    keys = [report_page(attempt).sections[0].key]
    facts_record(attempt=attempt, step="clarify", fact_ids=["kpis"])
    keys.append(report_page(attempt).sections[0].key)
    attempt_finish(attempt=attempt)
    keys.append(report_page(attempt).sections[0].key)
    assert len(set(keys)) == 3


def test_sections_of_two_students_with_the_same_words_are_kept_apart(
    alice: User, bob: User
) -> None:
    hers, his = play(alice), play(bob)
    judged(hers)
    judged(his)
    assert report_page(hers).sections[0].key != report_page(his).sections[0].key


def test_an_artefact_that_was_filled_in_is_drawn_anew(attempt: Attempt, as_alice: Client) -> None:
    step_page(as_alice, attempt, "segment")
    row = attempt.steps.get(step="segment")
    row.artefact = {"rows": [{"name": "People who only pass by"}]}
    row.save(update_fields=["artefact"])
    assert "People who only pass by" in step_page(as_alice, attempt, "segment")


def test_reading_an_open_step_waits_for_no_lock(alice: User, attempt: Attempt) -> None:
    browser = signed_in(alice)
    step_page(browser, attempt)
    with CaptureQueriesContext(connection) as asked:
        step_page(browser, attempt)
    assert [q["sql"] for q in asked if not q["sql"].startswith("SELECT")] == []
