"""The labelled sheets that the interviewer learns from have the form that its training reads."""

import json
from collections import Counter
from functools import lru_cache
from pathlib import Path

import pytest

from coach.interviewer.evaluation import facts_of, queries_of
from coach.interviewer.messages import ASIDE, ASIDES, SHEETS

TRAINING = SHEETS.parent
FILES = sorted([*SHEETS.rglob("*.json"), *(TRAINING / "further").glob("*.json")])
TOPICS = sorted((TRAINING / "topics").glob("*.json"))
ASIDE_FILES = sorted(ASIDES.glob("*.json"))
HELD_OUT = sorted((Path(__file__).parent / "data").glob("unseen*.json"))


@lru_cache
def cases(path):
    return json.loads(path.read_text("utf-8"))["cases"]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_question_names_facts_exactly_where_the_sheet_answers(path):
    for case in cases(path):
        assert facts_of(case)
        for text, kind, gold in queries_of(case):
            assert text.strip()
            assert bool(gold) == (kind in {"in", "compound"}), text


def test_no_held_out_case_is_learned_from():
    learned = {case["case"] for path in FILES for case in cases(path)}
    judged = {case["case"] for path in HELD_OUT for case in cases(path)}
    assert learned
    assert judged
    assert not learned & judged


def test_no_held_out_message_is_learned_from():
    learned = {query["q"] for path in FILES for case in cases(path) for query in case["queries"]}
    judged = {
        query["q"]
        for path in HELD_OUT
        for case in cases(path)
        for query in case["queries"]
        if len(query["q"].split()) > 6  # "what is the no-show rate?" is anybody's
    }
    assert not learned & judged


@pytest.mark.parametrize("path", TOPICS, ids=lambda path: path.stem)
def test_a_topic_has_ways_of_asking_that_no_other_has(path):
    topics = json.loads(path.read_text("utf-8"))["topics"]
    asked = Counter(text for topic in topics for text in topic["asked"])
    assert min(len(topic["asked"]) for topic in topics) >= 10
    assert [text for text, count in asked.items() if count > 1] == []
    assert all(topic["family"] and topic["question"] and topic["answer"] for topic in topics)


@pytest.mark.parametrize("path", ASIDE_FILES, ids=lambda path: path.stem)
def test_asides_of_each_kind_stand_beside_fair_questions_that_look_like_them(path):
    written = json.loads(path.read_text("utf-8"))["messages"]
    assert {message["kind"] for message in written} == {*ASIDE, "case"}
    counts = Counter(message["q"] for message in written)
    assert [text for text, count in counts.items() if count > 1] == []
    assert min(Counter(message["kind"] for message in written).values()) >= 100


def test_no_held_out_message_is_an_aside_that_is_learned_from():
    learned = {
        message["q"]
        for path in ASIDE_FILES
        for message in json.loads(path.read_text("utf-8"))["messages"]
    }
    judged = {q["q"] for path in HELD_OUT for case in cases(path) for q in case["queries"]}
    assert learned
    assert not {text for text in learned & judged if len(text.split()) > 6}
