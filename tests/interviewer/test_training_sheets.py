"""The labelled sheets that the interviewer learns from have the form that its training reads."""

import json
from collections import Counter
from functools import lru_cache
from pathlib import Path

import pytest

from coach.interviewer.evaluation import facts_of, queries_of
from coach.interviewer.messages import SHEETS

TRAINING = SHEETS.parent
FILES = sorted([*SHEETS.rglob("*.json"), *(TRAINING / "further").glob("*.json")])
TOPICS = sorted((TRAINING / "topics").glob("*.json"))
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
