"""The table of cohorts of an attempt's case, for the lab: only after the facts that tell it."""

from __future__ import annotations

import uuid

from django.http import HttpRequest
from django.urls import reverse

from coach import cases
from coach.access import attempts_of, with_question
from coach.models import Attempt
from coach.selectors.lab import Given, given_to
from metrics_lab.case_tables import CaseTable, Opened
from metrics_lab.engine.cohort.retention import cohort_label, number_of
from questions.case_cohorts import CohortRow, Cohorts, start_day


def opened_attempt(request: HttpRequest, attempt_id: uuid.UUID) -> Opened | None:
    """Return an attempt of the asker's with its case's table; None for somebody else's."""
    attempt = with_question(attempts_of(request)).filter(pk=attempt_id).first()
    if attempt is None:
        return None
    return Opened(
        key=str(attempt.pk),
        label=attempt.case_version.question.title,
        url=reverse("practice-lab", args=[attempt.pk]),
        table=table_of(attempt, given_to(attempt)),
    )


def table_of(attempt: Attempt, given: Given) -> CaseTable | None:
    """Return the table that a student with these facts has been given, if the case has one."""
    table = cases.case_of(attempt.case_key).cohorts
    if table is None or not table.is_told(given.facts):
        return None
    rows = tuple((_label(table, row), row.size, row.counts) for row in table.rows)
    return CaseTable(table.who, table.there, table.period, rows)


def _label(table: Cohorts, row: CohortRow) -> str:
    day = start_day(row.starts, table.period)
    return cohort_label(number_of(day, table.period), table.period) if day else row.starts
