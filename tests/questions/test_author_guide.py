"""The author guide says what the code does."""

import re
from dataclasses import fields
from pathlib import Path

from questions.case import STEPS_BY_TYPE, Case
from questions.case_check_text import MIN_ASKS, MIN_FACTS, MISTAKES
from questions.case_substance import SUBSTANCE_BY_TYPE

GUIDE = (Path(__file__).resolve().parents[2] / "docs" / "case-authors.md").read_text("utf-8")
WORDS = {5: "five", 10: "ten"}


def test_the_table_of_steps_is_the_order_of_steps():
    table = re.findall(r"^\| ([a-z_, ]+) \| ([a-z_, ]+) \|$", GUIDE, flags=re.M)
    written = {
        kind: tuple(steps.split(", ")) for kinds, steps in table for kind in kinds.split(", ")
    }
    written.pop("type", None)
    assert written == STEPS_BY_TYPE


def test_every_key_of_a_case_is_explained():
    kinds = [Case, *SUBSTANCE_BY_TYPE.values()]
    keys = {field.name for kind in kinds for field in fields(kind)} - {"substance"}
    assert {key for key in keys if not re.search(rf"^{key}:", GUIDE, flags=re.M)} == set()


def test_the_mistake_ids_are_those_that_exist():
    written = {name: int(last) for name, last in re.findall(r"\b([A-Z]{2,3})1-(\d+)", GUIDE)}
    assert written == MISTAKES


def test_the_least_numbers_are_those_that_are_checked():
    assert f"At least {WORDS[MIN_FACTS]}." in GUIDE
    assert f"at least {WORDS[MIN_ASKS]} ways" in GUIDE
