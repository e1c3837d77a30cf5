from string import Formatter

import pytest

from coach.assessment.detect import registry
from coach.assessment.rubric import RUBRIC_VERSION, level_word, load_rubric
from questions.case import STEPS_BY_TYPE

CASE_SLOTS = {"product", "company"}
CUE_SLOTS = {"quote", "near", "chosen", "fact", "fact_name", "extra", "extra_title", "count"}


def test_every_step_of_every_case_type_has_criteria_and_detectors():
    steps = {step for steps in STEPS_BY_TYPE.values() for step in steps}

    assert steps == set(load_rubric().criteria) == set(registry.RULES)


def test_every_mistake_is_either_detected_or_listed_as_undetected():
    ids = set(load_rubric().mistakes)

    assert len(ids) == 123
    assert registry.detected() | set(registry.undetected()) == ids
    assert not registry.detected() & set(registry.undetected())


def test_a_detector_speaks_only_in_the_steps_its_mistake_names():
    mistakes = load_rubric().mistakes

    for step, rules in registry.RULES.items():
        for rule in rules:
            assert step in mistakes[rule.id].steps, (rule.id, step)


@pytest.mark.parametrize("mistake", load_rubric().mistakes.values(), ids=lambda m: m.id)
def test_every_sentence_about_a_mistake_needs_words_of_this_answer(mistake):
    for template in (*mistake.why, *mistake.asked, *mistake.rewrite):
        slots = {name for _, name, _, _ in Formatter().parse(template) if name}

        assert slots <= CASE_SLOTS | CUE_SLOTS
        assert slots, template


def test_levels_have_the_four_published_words():
    words = [level_word(level) for level in (1, 2, 3, 4)]

    assert words == ["missing", "generic", "solid, would pass", "distinctive"]


def test_the_version_names_a_number_and_a_hash():
    number, digest = RUBRIC_VERSION.split("+")

    assert number == load_rubric().version.split("+")[0]
    assert len(digest) == 8


def test_all_levels_of_all_criteria_have_published_conditions():
    from coach.assessment.levels import conditions

    for step, criteria in load_rubric().criteria.items():
        assert list(conditions()["levels"][step]) == list(criteria)
        for rules in conditions()["levels"][step].values():
            assert {2, 3, 4, "looked_for"} <= set(rules)
