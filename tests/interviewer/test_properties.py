from hypothesis import given, settings
from hypothesis import strategies as st

from coach.interviewer.engine import Memory, reply
from coach.interviewer.words import render

VOCABULARY = (
    "what is the goal who are rivals how many guests and or , ? ! . ; I assume 12 % tell me "
    "about no-shows thanks ok because limits any ½ é"
)
words = st.sampled_from([*VOCABULARY.split(), "\n"])
messages = st.one_of(st.text(max_size=120), st.lists(words, max_size=25).map(" ".join))


@settings(max_examples=120, deadline=None)
@given(messages)
def test_any_message_gets_a_reply_from_the_sheet_alone(index, facts, message) -> None:
    found = reply(index, message)
    known = set(index.ids)
    assert {fact.id for fact in found.facts} <= known
    assert set(found.suggestions) <= known
    assert found.ranked == () or set(found.ranked) == known
    for assumption in found.assumptions:
        assert message[assumption.start : assumption.end] == assumption.quote
    blocks = render(found, facts, message)
    assert blocks
    assert {block.fact_id for block in blocks} <= known | {""}


@settings(max_examples=40, deadline=None)
@given(messages)
def test_the_same_message_gets_the_same_reply(index, facts, message) -> None:
    first, second = reply(index, message), reply(index, message, Memory())
    assert first == second
    assert render(first, facts, message) == render(second, facts, message)


@settings(max_examples=80, deadline=None)
@given(messages)
def test_words_alone_are_as_safe(plain_index, message) -> None:
    found = reply(plain_index, message)
    assert {fact.id for fact in found.facts} <= set(plain_index.ids)
    assert all(0 <= fact.score <= 1 for fact in found.facts)
