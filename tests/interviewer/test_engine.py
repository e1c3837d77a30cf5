import pytest

from coach.interviewer.engine import MAX_FACTS, Memory, reply
from coach.interviewer.facts import Fact, from_case
from coach.interviewer.index import FactIndex


def ids(found):
    return [fact.id for fact in found.facts]


@pytest.mark.parametrize(
    ("message", "fact"),
    [
        ("Which numbers do you look at today?", "kpis"),
        ("what are we trying to get better at, the objective", "goal"),
        ("who do we compete with", "rivals"),
        ("Do people turn up?", "noshow"),
        ("What must I not do?", "limits"),
        ("any competiton?", "rivals"),
    ],
)
def test_a_question_in_other_words_finds_its_fact(index, message, fact) -> None:
    found = reply(index, message)
    assert found.ranked[0] == fact
    assert ids(found) == [fact] or fact in found.suggestions


def test_two_questions_are_both_answered(index) -> None:
    found = reply(index, "What is the goal and who are the competitors?")
    assert found.kind == "answer"
    assert ids(found) == ["goal", "rivals"]


def test_two_topics_under_one_question_are_both_answered(index) -> None:
    assert ids(reply(index, "Tell me about no-shows as well as competition")) == [
        "noshow",
        "rivals",
    ]


def test_two_wordings_of_one_question_give_its_fact_once(index) -> None:
    assert ids(reply(index, "What is the goal? I mean, what is the objective?")) == ["goal"]


def test_a_mixed_message_answers_one_part_and_does_not_know_the_other(index) -> None:
    found = reply(index, "What is the goal, and what is the share price of the parent company?")
    assert ids(found) == ["goal"]
    assert [part.kind for part in found.parts] == ["answer", "unknown"]


@pytest.mark.parametrize(
    "message", ["What is the weather like tomorrow?", "How will I be marked?", "Who is the mayor?"]
)
def test_what_is_not_on_the_sheet_is_unknown(index, message) -> None:
    found = reply(index, message)
    assert (found.kind, found.facts) == ("unknown", ())


@pytest.mark.parametrize(
    "message",
    [
        "more details please",
        "Any data?",
        "What else is there?",
        "the facts",
        "xkqz wvvq?",
        "blorfen?",
    ],
)
def test_a_message_without_matter_is_vague(index, message) -> None:
    assert reply(index, message).kind == "vague"


def test_a_topic_of_the_whole_sheet_is_vague(index) -> None:
    assert reply(index, "What about the guests?").kind == "vague"


@pytest.mark.parametrize(
    "message",
    [
        "I assume 10 percent of the guests do not come.",
        "ok thanks",
        "Got it, that makes sense.",
        "My goal is more bookings that are kept, so I look at guests who do not come.",
        "I choose guests on the phone because they are most of the bookings.",
        "When guests book on the phone, they forget it, and no reminder reaches them.",
        "",
        "   \n ",
    ],
)
def test_what_a_student_states_is_not_answered(index, message) -> None:
    found = reply(index, message)
    assert (found.kind, found.facts, found.suggestions) == ("statement", (), ())


def test_an_answer_written_into_the_chat_is_not_answered(index) -> None:
    prose = (
        "I split the guests by how they book. People on the phone forget the table more often "
        "than people in the app, since nothing reminds them. Who are they? Mostly groups of "
        "friends who book for a Friday. I choose them because they are seventy percent of the "
        "bookings, and by that I give up the regulars in the app. Their pain is that a plan with "
        "friends changes and calling the restaurant again is a chore, so they stay away."
    )
    assert reply(index, prose).kind == "statement"


def test_a_fact_already_given_is_marked(index) -> None:
    first = reply(index, "What is the goal?")
    memory = Memory().after(first)
    assert memory.given == ("goal",)
    second = reply(index, "And what was the goal?", memory)
    assert [(f.id, f.already_given) for f in second.facts] == [("goal", True)]
    assert memory.after(second) == memory


def test_an_assumption_comes_with_value_and_place(index) -> None:
    message = "Ok. I assume the no-show rate is about 12 percent, so 4,800 tables stay empty."
    (found,) = reply(index, message).assumptions
    assert found.label == "no-show rate"
    assert found.value.startswith("12 percent")
    assert message[found.start : found.end] == found.quote


def test_asking_whether_to_assume_is_no_assumption(index) -> None:
    assert reply(index, "Should I assume that the budget is 10 dollars?").assumptions == ()


def test_no_message_gets_more_facts_than_the_limit(index) -> None:
    message = (
        "What are the KPIs? What is the goal? Who are the competitors? Are there any constraints? "
        "How many guests do not turn up? Where do guests book a table?"
    )
    assert len(reply(index, message).facts) == MAX_FACTS


def test_words_alone_still_find_a_fact(plain_index) -> None:
    assert not plain_index.has_meaning
    assert ids(reply(plain_index, "Are there any constraints?")) == ["limits"]
    assert reply(plain_index, "Who pays the piper?").kind == "unknown"


def test_an_empty_sheet_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one fact"):
        FactIndex.build(())


def test_an_id_used_twice_is_refused(facts) -> None:
    with pytest.raises(ValueError, match="same id"):
        FactIndex.build((facts[0], facts[0]))


def test_one_fact_is_enough_for_a_sheet() -> None:
    index = FactIndex.build((Fact("a", "Goal", "What is the goal?", "Growth."),))
    assert ids(reply(index, "what is the goal?")) == ["a"]


def test_a_case_file_gives_facts() -> None:
    (fact,) = from_case([{"id": "a", "title": "T", "ask": ["Q?", "q one"], "answer": "A."}])
    assert fact == Fact("a", "T", "Q?", "A.", ("q one",))


def test_the_words_of_the_sheet_itself_bring_their_fact_however_little_they_say() -> None:
    facts = (
        Fact("kpis", "Figures", "How are we doing?", "40 per cent come back.", ("the numbers",)),
        Fact("goal", "Goal", "What is the aim?", "More who come back.", ("better at what",)),
    )
    index = FactIndex.build(facts)
    for fact in facts:
        for wording in fact.wordings:
            found = reply(index, wording.upper() + " ")
            assert (found.kind, ids(found), found.ranked[0]) == ("answer", [fact.id], fact.id)


def test_words_that_two_facts_share_bring_neither_for_sure() -> None:
    facts = (
        Fact("a", "Riders", "Who rides?", "Commuters.", ("more of it",)),
        Fact("b", "Drivers", "Who drives?", "Students.", ("more of it",)),
    )
    assert FactIndex.build(facts).asked_word_for_word("more of it") is None


def test_words_of_the_sheet_asked_again_are_known_to_be_given() -> None:
    index = FactIndex.build((Fact("a", "Riders", "Who rides?", "Commuters."),))
    assert reply(index, "who rides", Memory(given=("a",))).facts[0].already_given


def test_the_sheets_words_are_known_with_other_little_words_between_them() -> None:
    facts = (
        Fact("budget", "Money", "What is our budget?", "Two million.", ()),
        Fact("data", "Counting", "Could it be a data issue?", "No.", ()),
    )
    index = FactIndex.build(facts)
    assert index.asked_word_for_word("what's our budget") == "budget"
    assert index.asked_word_for_word("Could this be a data issue?") == "data"
    assert index.asked_word_for_word("Is there an issue?") is None
