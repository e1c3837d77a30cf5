"""The page about the feedback says what was measured, and no more."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from coach.assessment.detect.registry import detected, undetected
from coach.assessment.moderation import published
from config.about import rules_measured, steps_with_conditions, undetected_rows


@pytest.mark.django_db
def test_the_page_about_the_feedback_answers_everybody(client: Client) -> None:
    response = client.get(reverse("about-feedback"))
    assert response.status_code == 200
    assert "How often each rule was right" in response.content.decode()


@pytest.mark.django_db
def test_the_page_about_the_feedback_needs_one_query(
    client: Client, django_assert_num_queries: object
) -> None:
    with django_assert_num_queries(1):  # type: ignore[operator]
        client.get(reverse("about-feedback"))


@pytest.mark.django_db
def test_the_page_says_how_far_coaches_agree_as_soon_as_there_are_enough(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = client.get(reverse("about-feedback")).content.decode()
    assert "It will be shown here when 20 submissions" in page
    measured = {
        "n": 60, "level_exact": 0.5, "level_within_1": 0.95, "level_qwk": 0.61,
        "level_qwk_95": [0.4, 0.75], "reviews": 21,
    }  # fmt: skip
    monkeypatch.setattr("config.about.agreement_with_coaches", lambda: measured)
    page = client.get(reverse("about-feedback")).content.decode()
    assert "the same level to 50 percent of 60 steps" in page
    assert "0.61" in page


@pytest.mark.django_db
def test_the_page_gives_the_agreement_with_authors_left_out(client: Client) -> None:
    page = client.get(reverse("about-feedback")).content.decode()
    for row in published()["measured"]["other_author"].values():
        assert f"{row['level_qwk']:.2f}" in page


def test_every_rule_is_on_the_page_with_its_n() -> None:
    rows = rules_measured()
    assert {row["id"] for row in rows} == detected()
    assert all((row["precision"] is None) == (row["n"] == 0) for row in rows)


def test_what_nothing_detects_is_named_with_its_reason() -> None:
    rows = undetected_rows()
    assert {row["id"] for row in rows} == set(undetected())
    assert all(row["reason"] for row in rows)


def test_every_criterion_says_what_three_levels_take() -> None:
    for step in steps_with_conditions():
        for criterion in step["criteria"]:
            assert all(criterion[level] for level in ("generic", "solid", "distinctive"))
