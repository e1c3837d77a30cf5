"""The conversation: stored first, answered from the fact sheet, never twice."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from accounts.models import User
from coach.models import Attempt, Author, HintUse, LedgerEntry, Message, MessageKind
from coach.services import conversation
from coach.services.conversation import hint_open, message_send, reply_ensure
from tests.coach.factories import ASK_KPIS, OTHER_ANSWER, SEGMENT_ANSWER, play, say

pytestmark = pytest.mark.django_db


def send(attempt: Attempt, text: str, step: str = "clarify") -> Message:
    """Send a message as the page does."""
    return message_send(attempt=attempt, step=step, text=text, client_id=uuid.uuid4())


def replies(message: Message) -> list[Message]:
    """Return the coach's replies in order."""
    return list(message.replies.order_by("pk"))


def given(attempt: Attempt) -> set[str]:
    """Return the ids of the facts in the ledger."""
    keys = attempt.ledger.filter(kind=LedgerEntry.FACT).values_list("key", flat=True)
    return {key.partition(":")[0] for key in keys}


def test_asking_for_a_fact_gives_it_and_writes_its_figures_into_the_ledger(
    attempt: Attempt,
) -> None:
    message = send(attempt, ASK_KPIS)
    assert [reply.kind for reply in replies(message)] == [MessageKind.FACTS]
    assert given(attempt) == {"kpis"}
    assert attempt.ledger.get(key="kpis:conversion").value == "2 %"


def test_two_questions_in_one_message_give_two_facts(attempt: Attempt) -> None:
    send(attempt, "Who counts as a shopper? And what is the business goal for this work?")
    assert given(attempt) == {"shopper_definition", "goal"}


def test_asking_again_writes_no_line_twice(attempt: Attempt) -> None:
    send(attempt, ASK_KPIS)
    lines = attempt.ledger.count()
    send(attempt, ASK_KPIS)
    assert attempt.ledger.count() == lines


def test_what_the_fact_sheet_does_not_hold_is_not_answered(attempt: Attempt) -> None:
    message = send(attempt, "How many parking spaces does the office in Oslo have?")
    assert replies(message)[0].kind in (MessageKind.UNKNOWN, MessageKind.SUGGEST)
    assert given(attempt) == set()


def test_an_assumption_goes_to_the_ledger(attempt: Attempt) -> None:
    message = send(attempt, "I assume that the average basket is $25.")
    line = attempt.ledger.get()
    assert line.kind == LedgerEntry.ASSUMPTION
    assert "25" in f"{line.label} {line.value}"
    assert replies(message)


def test_a_message_that_only_asks_is_no_part_of_the_answer(attempt: Attempt) -> None:
    asked = send(attempt, ASK_KPIS, step="segment")
    told = send(attempt, SEGMENT_ANSWER, step="segment")
    asked.refresh_from_db()
    told.refresh_from_db()
    assert (asked.asks, told.asks) == (True, False)


def test_a_statement_is_read_into_the_artefact_unconfirmed(attempt: Attempt) -> None:
    send(
        attempt,
        "I split by age into three segments:\n- Teenagers, 30 %\n- Young adults, 45 %\n"
        "- Parents, 25 %\nI choose young adults because they buy most often.",
        step="segment",
    )
    row = attempt.steps.get(step="segment")
    assert len(row.artefact["rows"]) == 3
    assert "rows.0.name" in row.read_cells
    assert attempt.messages.filter(kind=MessageKind.READ).count() == 1


def test_a_step_has_at_most_two_follow_ups(attempt: Attempt) -> None:
    for text in (SEGMENT_ANSWER, OTHER_ANSWER, SEGMENT_ANSWER, OTHER_ANSWER):
        send(attempt, text, step="segment")
    asked = attempt.messages.filter(kind=MessageKind.FOLLOW_UP)
    assert 1 <= asked.count() <= 2
    assert asked.values("text").distinct().count() == asked.count()


def test_a_remark_is_not_followed_up(attempt: Attempt) -> None:
    send(attempt, "Thanks, that helps me.", step="segment")
    assert not attempt.messages.filter(kind=MessageKind.FOLLOW_UP).exists()


@pytest.mark.parametrize(("text", "words"), [("  \n ", "Write a message"), ("x" * 6001, "6,000")])
def test_a_message_that_is_empty_or_too_long_is_refused_and_kept(
    attempt: Attempt, as_alice: Client, text: str, words: str
) -> None:
    address = reverse("practice-say", args=[attempt.pk, "clarify"])
    response = as_alice.post(address, {"text": text})
    assert response.status_code == 422
    assert words in response.content.decode()
    assert text.strip() in response.content.decode()
    assert not attempt.messages.filter(author=Author.STUDENT).exists()


def test_a_script_gets_the_reason_as_plain_text(attempt: Attempt, as_alice: Client) -> None:
    address = reverse("practice-say", args=[attempt.pk, "clarify"])
    response = as_alice.post(address, {"text": ""}, headers={"HX-Request": "true"})
    assert response.status_code == 422
    assert response.content.decode() == "Write a message first."


def test_a_script_gets_the_message_and_its_reply_in_one_answer(
    attempt: Attempt, as_alice: Client
) -> None:
    address = reverse("practice-say", args=[attempt.pk, "clarify"])
    sent = {"text": ASK_KPIS, "client_id": str(uuid.uuid4())}
    body = as_alice.post(address, sent, headers={"HX-Request": "true"}).content.decode()
    assert ASK_KPIS in body
    assert "2 %" in body


def test_the_same_message_twice_is_one_message_and_one_reply(
    attempt: Attempt, as_alice: Client
) -> None:
    address = reverse("practice-say", args=[attempt.pk, "clarify"])
    sent = {"text": "What is the goal?", "client_id": str(uuid.uuid4())}
    first, second = as_alice.post(address, sent), as_alice.post(address, sent)
    assert (first.status_code, second.status_code) == (302, 302)
    message = attempt.messages.get(author=Author.STUDENT)
    assert len(replies(message)) == 1


def test_sending_clears_what_was_typed_and_saved(attempt: Attempt) -> None:
    attempt.steps.filter(step="clarify").update(composer="What is the")
    send(attempt, "What is the goal?")
    assert attempt.steps.get(step="clarify").composer == ""


def test_a_crash_of_the_reply_keeps_the_message_and_the_next_page_answers_it(
    attempt: Attempt, as_alice: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(*args: Any) -> None:
        raise RuntimeError("the machine is full")

    monkeypatch.setattr(conversation.engine, "reply", crash)
    say_url = reverse("practice-say", args=[attempt.pk, "clarify"])
    assert as_alice.post(say_url, {"text": ASK_KPIS}).status_code == 302
    message = attempt.messages.get(author=Author.STUDENT)
    page = reverse("practice-step", args=[attempt.pk, "clarify"])
    assert as_alice.get(page).status_code == 200
    assert replies(message) == []
    monkeypatch.undo()
    assert "2 %" in as_alice.get(page).content.decode()
    assert len(replies(message)) == 1


def test_answering_twice_is_answering_once(attempt: Attempt) -> None:
    message = say(attempt, "What is the goal?", "clarify")
    reply_ensure(message=message)
    reply_ensure(message=message)
    assert len(replies(message)) == 1


def test_a_conversation_ends_at_its_documented_size(
    attempt: Attempt, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(conversation, "MAX_MESSAGES", 1)
    send(attempt, "What is the goal?")
    with pytest.raises(ValidationError, match="200 messages"):
        send(attempt, "And the budget?")


def test_student_markup_is_stored_harmless(attempt: Attempt) -> None:
    message = send(attempt, "<script>alert(1)</script> ![x](http://evil/p.png) [a](javascript:1)")
    assert "<script" not in message.html
    assert "<img" not in message.html
    assert "javascript:" not in message.html.replace("(javascript:1)", "")


def test_a_hint_is_said_once_and_its_use_recorded(attempt: Attempt) -> None:
    hint_open(attempt=attempt, step="clarify", size="small")
    hint_open(attempt=attempt, step="clarify", size="small")
    assert HintUse.objects.get().size == "small"
    assert attempt.messages.filter(kind=MessageKind.HINT).count() == 1


def test_opening_a_hint_keeps_a_half_written_sentence(attempt: Attempt, as_alice: Client) -> None:
    address = reverse("practice-hint", args=[attempt.pk, "clarify"])
    as_alice.post(address, {"hint": "L", "text": "I would ask for"})
    assert attempt.steps.get(step="clarify").composer == "I would ask for"
    assert HintUse.objects.get().size == "large"


def test_a_mock_interview_has_no_hints(alice: User, as_alice: Client) -> None:
    mock = play(alice, "mock")
    address = reverse("practice-hint", args=[mock.pk, "clarify"])
    response = as_alice.post(address, {"hint": "S", "text": "kept"})
    assert response.status_code == 422
    assert "no hints" in response.content.decode()
    assert not HintUse.objects.exists()


def test_a_hint_of_an_unknown_size_is_refused(attempt: Attempt, as_alice: Client) -> None:
    address = reverse("practice-hint", args=[attempt.pk, "clarify"])
    assert as_alice.post(address, {"hint": "XL"}).status_code == 422


def test_an_assumption_is_added_and_struck_from_the_ledger(
    attempt: Attempt, as_alice: Client
) -> None:
    address = reverse("practice-assume", args=[attempt.pk, "clarify"])
    as_alice.post(address, {"label": "Share\x00 of repeat buyers", "value": "30 %"})
    line = attempt.ledger.get()
    assert (line.label, line.value) == ("Share of repeat buyers", "30 %")
    as_alice.post(address, {"remove": str(line.pk)})
    assert not attempt.ledger.exists()


@pytest.mark.parametrize("odd", ["²", "9" * 5000, "-1", "1e3"])
def test_odd_numbers_in_a_form_are_no_fault_of_ours(
    attempt: Attempt, as_alice: Client, odd: str
) -> None:
    address = reverse("practice-assume", args=[attempt.pk, "clarify"])
    assert as_alice.post(address, {"remove": odd}).status_code == 302


def test_a_fact_is_not_struck_from_the_ledger(attempt: Attempt, as_alice: Client) -> None:
    send(attempt, ASK_KPIS)
    line = attempt.ledger.first()
    assert line is not None
    as_alice.post(reverse("practice-assume", args=[attempt.pk, "clarify"]), {"remove": line.pk})
    assert attempt.ledger.filter(pk=line.pk).exists()


def test_a_page_with_forty_messages_needs_few_queries(
    attempt: Attempt, as_alice: Client, django_assert_max_num_queries: Any
) -> None:
    for number in range(20):
        message = say(attempt, f"Remark {number}", "clarify")
        Message.objects.create(
            attempt=attempt, step="clarify", author=Author.COACH, text="Go on.",
            html="<p>Go on.</p>", reply_to=message,
        )  # fmt: skip
    page = reverse("practice-step", args=[attempt.pk, "clarify"])
    as_alice.get(page)
    with django_assert_max_num_queries(12):
        body = as_alice.get(page).content.decode()
    assert body.count("Go on.") == 20
