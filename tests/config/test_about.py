"""The page about the feedback says what was measured, and no more."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from coach.assessment.detect.registry import detected, undetected
from config.about import rules_measured, steps_with_conditions, undetected_rows


@pytest.mark.django_db
def test_the_page_about_the_feedback_answers_everybody(client: Client) -> None:
    response = client.get(reverse("about-feedback"))
    assert response.status_code == 200
    assert "How often each rule was right" in response.content.decode()


@pytest.mark.django_db
def test_the_page_about_the_feedback_needs_no_query(
    client: Client, django_assert_num_queries: object
) -> None:
    with django_assert_num_queries(0):  # type: ignore[operator]
        client.get(reverse("about-feedback"))


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
