import re

from coach.interviewer.engine import Memory, reply
from coach.interviewer.words import render


def said(index, facts, message, memory=None):
    return render(reply(index, message, memory), facts, message)


def test_a_fact_is_said_in_the_authors_words_with_its_id(index, facts) -> None:
    (block,) = said(index, facts, "What is the goal?")
    assert (block.kind, block.text, block.fact_id) == (
        "fact",
        "More bookings that are kept.",
        "goal",
    )


def test_a_fact_asked_again_is_referred_to_and_not_repeated(index, facts) -> None:
    (block,) = said(index, facts, "What is the goal?", Memory(("goal",)))
    assert block.kind == "text"
    assert block.fact_id == "goal"
    assert "Goal" in block.text
    assert "kept" not in block.text


def test_an_unknown_question_asks_for_an_assumption(index, facts) -> None:
    (block,) = said(index, facts, "How many bottles of wine are sold with a dinner?")
    assert re.search(r"assum|defend", block.text)


def test_a_question_about_the_exercise_is_led_back_to_the_case(index, facts) -> None:
    (block,) = said(index, facts, "How is my answer marked?")
    assert "about the exercise" in block.text
    assert "Ask me about" in block.text
    assert "assum" not in block.text


def test_an_aside_beside_a_question_is_named_and_the_question_answered(index, facts) -> None:
    fact, aside = said(index, facts, "What is the goal? And will I be graded on this answer?")
    assert fact.fact_id == "goal"
    assert "graded" in aside.text
    assert "about the exercise" in aside.text


def test_a_mixed_message_names_the_part_that_is_not_known(index, facts) -> None:
    message = "What is the goal, and what is the share price of the parent company?"
    fact, unknown = said(index, facts, message)
    assert fact.fact_id == "goal"
    assert "share price" in unknown.text


def test_a_vague_message_is_asked_to_be_specific(index, facts) -> None:
    (block,) = said(index, facts, "more details please")
    assert block.kind == "text"
    assert "?" in block.text or "one thing" in block.text


def test_an_assumption_is_noted(index, facts) -> None:
    (block,) = said(index, facts, "I assume the no-show rate is 12 percent.")
    assert block.text == "Noted as your assumption: no-show rate = 12 percent."


def test_no_sentence_of_the_coach_shouts_or_holds_a_figure(index, facts) -> None:
    messages = ["hello", "more data", "who is the mayor?", "thanks", "Do guests like the soup?"]
    for message in messages:
        for block in said(index, facts, message):
            if block.kind == "text":
                assert "!" not in block.text
                assert not re.search(r"\d", block.text)
