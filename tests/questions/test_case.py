"""Cases as data: they survive JSON, know their steps, and hash by content."""

import json
import subprocess
import sys

import pytest

from questions.case import CASE_TYPES, STEP_TITLES, STEPS_BY_TYPE, Case, CaseDataError
from questions.case_substance import SUBSTANCE_BY_TYPE
from tests.questions.cases import TIKTOK, plain_yaml, tiktok, variant


def test_a_case_comes_back_from_json_equal_and_with_the_same_hash():
    case = tiktok()
    again = Case.from_dict(json.loads(json.dumps(case.to_dict())))
    assert again == case
    assert again.content_hash == case.content_hash


def test_a_database_that_sorts_keys_changes_neither_order_nor_hash():
    case = tiktok()
    again = Case.from_dict(json.loads(json.dumps(case.to_dict(), sort_keys=True)))
    assert list(again.steps) == list(case.steps)
    assert list(again.baselines) == list(case.baselines)
    assert again.content_hash == case.content_hash


def test_any_change_of_the_content_changes_the_hash():
    assert variant(prompt="How would you improve the shop?").content_hash != tiktok().content_hash


def test_a_whole_number_hashes_alike_however_it_is_written():
    data = plain_yaml(TIKTOK)
    data["baselines"]["aov"]["value"] = 30.0
    assert Case.from_dict(data).content_hash == tiktok().content_hash


def test_steps_come_in_the_order_of_the_type_whatever_the_file_says():
    data = plain_yaml(TIKTOK)
    data["steps"] = dict(reversed(data["steps"].items()))
    assert tuple(Case.from_dict(data).steps) == STEPS_BY_TYPE["product_improvement"]


def test_every_type_has_steps_titles_and_a_substance():
    assert set(STEPS_BY_TYPE) == set(SUBSTANCE_BY_TYPE) == set(CASE_TYPES)
    assert STEP_TITLES["pain_points"] == "Pain points"
    assert {step for steps in STEPS_BY_TYPE.values() for step in steps} == set(STEP_TITLES)


def test_a_fact_is_found_by_its_id():
    assert tiktok().fact("returns").title == "Returns and delivery"
    with pytest.raises(KeyError):
        tiktok().fact("weather")


def test_data_without_a_type_is_refused_with_what_to_add():
    with pytest.raises(CaseDataError) as error:
        Case.from_dict({"schema": 1})
    assert any(fault.message == "type is missing" for fault in error.value.faults)


def test_the_tiktok_case_keeps_both_readings_of_its_first_figure():
    visitors, buyers = tiktok().readings
    assert buyers.gives["gmv"] == 50 * visitors.gives["gmv"]


def test_cases_are_read_where_django_cannot_be_imported():
    program = (
        "import sys; sys.modules['django'] = None\n"
        "import questions.case_check, questions.case_file, questions.case\n"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=TIKTOK.parents[2], check=False)
    assert done.returncode == 0
