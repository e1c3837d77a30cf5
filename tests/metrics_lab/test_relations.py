"""The catalogue's data: complete, consistent, and linked to metrics that exist."""

from __future__ import annotations

import re

import pytest

from metrics_lab.engine.catalogue import metrics as catalogue
from metrics_lab.engine.catalogue import relations
from metrics_lab.engine.catalogue.metrics import Metric
from metrics_lab.presentation import metrics as metric_words

IDS = {metric.id for metric in catalogue.load()}


@pytest.mark.parametrize("metric", catalogue.load(), ids=lambda m: m.id)
def test_a_metric_says_all_that_its_page_needs(metric: Metric) -> None:
    assert re.fullmatch(r"[A-Z].{15,}\.", metric.means)
    assert metric.pitfalls
    assert metric.examples
    assert metric.kind in {word.id for word in metric_words.KINDS}
    assert metric.better in {word.id for word in metric_words.DIRECTIONS}
    assert metric.family in {word.id for word in metric_words.FAMILIES}
    assert metric_words.valid_range(metric)
    assert all(item.label and metric_words.unit_words(item.unit) for item in metric.inputs)


@pytest.mark.parametrize("metric", catalogue.load(), ids=lambda m: m.id)
def test_an_example_lies_in_the_metrics_range_and_outside_is_cautioned(metric: Metric) -> None:
    value = metric.examples[0]["value"]
    assert catalogue.caution(metric, value) == ""
    if metric.most is not None:
        assert "cannot be above" in catalogue.caution(metric, metric.most * 2)
    if metric.least is not None:
        assert "cannot be below" in catalogue.caution(metric, metric.least - 1)


def test_there_are_82_metrics_with_ids_of_their_own() -> None:
    assert len(catalogue.load()) == len(IDS) == 82


def test_a_published_figure_has_a_scope_and_a_source_one_can_open() -> None:
    figures = [m.benchmark for m in catalogue.load() if m.benchmark]
    assert len(figures) == 10
    for figure in figures:
        assert figure.scope
        assert figure.sources
        assert all(re.fullmatch(r"https://[^\s()]+", source) for source in figure.sources)


def test_frameworks_name_metrics_that_exist_and_their_source() -> None:
    assert [framework.id for framework in relations.frameworks()] == ["aarrr", "heart"]
    for framework in relations.frameworks():
        assert framework.metrics <= IDS
        assert len(framework.stages) == 5
        assert framework.source_url.startswith("https://")
        assert all(stage.question.endswith("?") and stage.metrics for stage in framework.stages)
        assert len({s.id for s in framework.stages}) == 5


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("cvr_session", "cvr_user"),
        ("cpa", "cac"),
        ("aov", "arppu"),
        ("views", "reach"),
        ("lift_rel", "lift_abs"),
        ("cvr_user", "adoption"),
        ("roas", "breakeven_roas"),
    ],
)
def test_what_is_confused_is_said_on_both_sides(one: str, other: str) -> None:
    there = {each.other: each.difference for each in relations.confusions_of(one)}
    back = {each.other: each.difference for each in relations.confusions_of(other)}
    assert there[other] == back[one]


def test_unique_click_through_is_told_apart_from_the_standard_one() -> None:
    [unique] = [each for each in relations.confusions_of("ctr") if not each.other]
    assert unique.name == "Unique click-through rate"
    assert "users who click" in unique.formula


def test_no_metric_is_confused_with_itself_or_with_one_that_is_not_there() -> None:
    for metric_id in IDS:
        others = [each.other for each in relations.confusions_of(metric_id) if each.other]
        assert metric_id not in others
        assert set(others) <= IDS
        assert len(others) == len(set(others))


def test_a_word_with_several_meanings_names_at_least_two_metrics() -> None:
    terms = [term for meaning in relations.meanings() for term in meaning.terms]
    assert len(terms) == len(set(terms))
    for meaning in relations.meanings():
        assert len(meaning.when) >= 2
        assert set(meaning.when) <= IDS
        assert "?" in meaning.question


def test_a_metric_knows_what_it_is_built_from_and_what_it_goes_into() -> None:
    assert "aov" in {each.id for each in relations.built_from(catalogue.get("gmv"))}
    assert "take_rate" in {each.id for each in relations.used_by(catalogue.get("gmv"))}
    assert relations.built_from(catalogue.get("mau")) == ()
