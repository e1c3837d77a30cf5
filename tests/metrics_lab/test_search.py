"""Finding metrics: by any name, mistyped or unfinished, and never silently one of several."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics_lab.engine.catalogue import metrics as catalogue
from metrics_lab.engine.catalogue import relations
from metrics_lab.engine.catalogue.search import search

IDS = {metric.id for metric in catalogue.load()}


def ids(text: str) -> list[str]:
    """Return the ids a search finds, best first."""
    return [each.metric.id for each in search(text).candidates]


@pytest.mark.parametrize("metric", catalogue.load(), ids=lambda m: m.id)
def test_every_name_and_alias_finds_its_metric(metric: catalogue.Metric) -> None:
    for name in (metric.name, metric.id, *metric.aliases, metric.name.upper()):
        found = search(name)
        at_top = [c.metric.id for c in found.candidates if c.score == 1.0]
        assert metric.id in at_top, name


@pytest.mark.parametrize("meaning", relations.meanings(), ids=lambda m: m.terms[0])
def test_a_word_with_several_meanings_gives_them_all_and_asks(meaning: relations.Meaning) -> None:
    for term in meaning.terms:
        found = search(term)
        first = {each.metric.id for each in found.candidates[: found.meant]}
        assert first == set(meaning.when)
        assert found.question == meaning.question
        said = [each.when for each in found.candidates[: found.meant]]
        assert len(set(said)) == len(said) == len(meaning.when)


@pytest.mark.parametrize(
    ("word", "several"),
    [
        ("conversion", {"cvr_session", "cvr_user", "cvr_click", "adoption"}),
        ("CAC", {"cac", "cpa"}),
        ("cost per acquisition", {"cac", "cpa"}),
        ("LTV", {"cltv_simple", "cltv_commerce", "cltv_discounted"}),
        ("CTR", {"ctr", "cvr_click"}),
        ("retention", {"retention", "retention_dn", "repeat_rate"}),
        ("basket size", {"aov", "arppu"}),
        ("reach", {"reach", "views"}),
    ],
)
def test_the_words_that_people_mix_up_are_never_one_metric(word: str, several: set[str]) -> None:
    assert several <= set(ids(word))


@pytest.mark.parametrize(
    ("typed", "metric_id", "read_as"),
    [
        ("convertion", "cvr_session", "conversion"),
        ("averge order value", "aov", "average order value"),
        ("retnetion", "retention", "retention"),
        ("engagment rate", "er_view", "engagement rate"),
        ("churm rate", "churn", "churn rate"),
        ("sastisfaction", "csat", "satisfaction"),
        ("abandonement", "cart_abandonment", "abandonment"),
    ],
)
def test_a_mistyped_word_is_understood_and_said(typed: str, metric_id: str, read_as: str) -> None:
    assert metric_id in ids(typed)
    assert search(typed).corrected == read_as


@pytest.mark.parametrize("typed", ["gmv", "churn", "net promoter", "sha", "day 30"])
def test_what_is_spelled_right_or_unfinished_is_not_corrected(typed: str) -> None:
    assert search(typed).corrected == ""


def test_an_unfinished_word_finds_its_metric() -> None:
    assert "payback" in ids("payb")
    assert "stickiness" in ids("stick")


def test_a_common_word_does_not_bring_half_of_the_catalogue() -> None:
    assert len(ids("churn rate")) < 6
    assert ids("the rate of churn")[0] == "churn"


@pytest.mark.parametrize("text", ["", "   ", "?!", "zzzzqq", "\x00", "的"])
def test_words_that_name_nothing_find_nothing(text: str) -> None:
    assert ids(text) == []


@given(st.text(max_size=60))
def test_any_text_is_answered_with_each_metric_at_most_once(text: str) -> None:
    found = ids(text)
    assert len(found) == len(set(found))
    assert set(found) <= IDS
