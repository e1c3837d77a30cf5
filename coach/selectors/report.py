"""What the report shows: answers with their findings, criteria, checks, drafts and examples."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse

from coach import cases
from coach.artefact_form import artefact_context
from coach.assessment.assess import assess_whole
from coach.assessment.compare import Comparison, compare
from coach.assessment.report import SHOWN, Finding, StepReport, Strength, WholeReport
from coach.assessment.rubric import level_word
from coach.marking import Segment, Span, mark, paragraphs
from coach.models import Answer, Attempt, JobState
from coach.selectors.checks import checks_of
from coach.selectors.practice import StepFeedback, clock, step_feedback
from coach.selectors.unasked import report_of
from coach.services.ledger import given_fact_ids
from questions.case import STEP_TITLES, Case, Fact, StepGuide


@dataclass(frozen=True)
class StepSection:
    """One step of the report."""

    step: str
    title: str
    answer: Answer
    state: str
    report: StepReport | None
    paragraphs: Sequence[Sequence[Segment]] = ()
    notes: Sequence[dict[str, Any]] = ()
    criteria: Sequence[dict[str, Any]] = ()
    checks: Mapping[str, Any] = field(default_factory=dict)
    artefact: dict[str, Any] | None = None
    earlier: Answer | None = None
    comparison: Comparison | None = None
    guide: StepGuide | None = None
    poll_url: str = ""
    retry_url: str = ""
    rewrite_url: str = ""

    @property
    def level(self) -> int | None:
        """The level, shown as a word from the first draft on and as dots from the second."""
        if self.report is None or self.report.gate:
            return None
        return self.report.level

    @property
    def is_revised(self) -> bool:
        """Whether a second draft stands, so that levels may be shown as numbers."""
        return self.answer.version > 1


@dataclass(frozen=True)
class ReportPage:
    """The whole report of an attempt."""

    sections: Sequence[StepSection]
    whole: WholeReport | None
    spent: str
    hints: Sequence[str]
    versions: Mapping[str, str]
    missed: Sequence[Fact]
    not_done: Sequence[str] = field(default_factory=tuple)

    @property
    def practise_title(self) -> str:
        """The title of the step to practise next."""
        return STEP_TITLES.get(self.whole.practise, "") if self.whole else ""

    @property
    def is_pending(self) -> bool:
        """Whether feedback on some step is still being made."""
        return any(s.report is None and s.state != JobState.DEAD for s in self.sections)


def report_page(attempt: Attempt) -> ReportPage:
    """Return the report of an attempt; seven queries, however long it is."""
    case = cases.case_of(attempt.case_version_id)
    answers = list(
        attempt.answers.select_related("job").prefetch_related("feedback").order_by("version")
    )
    rows = list(attempt.steps.all())
    by_step: dict[str, list[Answer]] = {}
    for answer in answers:
        by_step.setdefault(answer.step, []).append(answer)
    sections = [_section(attempt, case, by_step[row.step]) for row in rows if row.step in by_step]
    reports = {s.step: s.report for s in sections if s.report is not None}
    whole = None
    if reports and len(reports) == len(sections):
        whole = assess_whole(
            cases.context_of(attempt.case_version_id),
            reports,
            given=_given_facts(attempt, case),
            texts={s.step: s.answer.text for s in sections},
        )
    return ReportPage(
        sections=sections,
        whole=whole,
        spent=clock(sum(row.seconds for row in rows)),
        hints=_hint_words(attempt),
        versions=next((r.versions for r in reports.values()), {}),
        missed=_missed_facts(attempt, case),
        not_done=[STEP_TITLES[r.step] for r in rows if r.step not in by_step],
    )


def _section(attempt: Attempt, case: Case, versions: list[Answer]) -> StepSection:
    answer = versions[-1]
    found = step_feedback(answer)
    report = _report(found)
    comparison, earlier = _comparison(versions, report)
    return StepSection(
        step=answer.step,
        title=STEP_TITLES[answer.step],
        answer=answer,
        state=found.state,
        report=report,
        paragraphs=paragraphs(mark(answer.text, note_spans(report))),
        notes=notes_of(report),
        criteria=criteria_of(report),
        checks=checks_of(report),
        artefact=artefact_context(answer.step, answer.artefact, links={}),
        earlier=earlier,
        comparison=comparison,
        guide=case.steps[answer.step] if attempt.is_finished else None,
        poll_url=reverse("practice-report-step", args=[attempt.pk, answer.step]),
        retry_url=reverse("practice-ask-again", args=[attempt.pk, answer.step]),
        rewrite_url=reverse("practice-revise", args=[attempt.pk, answer.step]),
    )


def _report(found: StepFeedback) -> StepReport | None:
    return report_of(found.answer.attempt, found.feedback) if found.feedback else None


def _comparison(
    versions: list[Answer], report: StepReport | None
) -> tuple[Comparison | None, Answer | None]:
    """Compare the latest draft with the one before it."""
    if len(versions) < 2 or report is None:
        return None, None
    before = _report(step_feedback(versions[-2]))
    if before is None:
        return None, versions[-2]
    return compare(before, report), versions[-2]


def notes_of(report: StepReport | None) -> list[dict[str, Any]]:
    """Return strengths and the findings that are shown, numbered in the order of the page."""
    if report is None or report.gate:
        return []
    strengths = [
        {"tone": "keep", "title": s.text, "quote": s.quote, "start": s.start, "field": s.field}
        for s in report.strengths
    ]
    findings = [
        {
            "tone": _tone(finding, index),
            "id": finding.id,
            "title": finding.title,
            "quote": finding.quote,
            "looked_for": finding.looked_for,
            "question": finding.question,
            "why": finding.why,
            "rewrite": finding.rewrite,
            "kind": finding.kind,
            "source": finding.source,
            "start": finding.start,
            "field": finding.field,
        }
        for index, finding in enumerate(report.findings[:SHOWN])
    ]
    notes = [*strengths, *findings]
    placed = sorted(range(len(notes)), key=lambda i: _place(notes[i]))
    numbers = {index: number for number, index in enumerate(placed, start=1)}
    return [{**note, "number": numbers[index]} for index, note in enumerate(notes)]


def _place(note: Mapping[str, Any]) -> tuple[bool, int]:
    """Where a note stands on the page: at its words, and after them those that have none."""
    is_in_text = note["field"] == "text" and bool(note["quote"])
    return (not is_in_text, note["start"] if is_in_text else 0)


def notes_by_kind(report: Mapping[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """Return a stored report's notes as ``findings`` and ``strengths``."""
    notes = notes_of(StepReport.from_dict(report)) if report else []
    return {
        "findings": [note for note in notes if note["tone"] != "keep"],
        "strengths": [note for note in notes if note["tone"] == "keep"],
    }


def _tone(finding: Finding, index: int) -> str:
    if finding.kind == "asked":
        return "ask"
    return "fix_first" if index == 0 else "fix"


def note_spans(report: StepReport | None) -> list[Span]:
    """Return where the notes stand in the text; notes on artefact fields have no place in it."""
    tones = {"keep": "good", "ask": "info"}
    if report is None or report.gate:
        return []
    sources: list[Strength | Finding] = [*report.strengths, *report.findings[:SHOWN]]
    notes = notes_of(report)
    return [
        Span(source.start, source.end, str(note["number"]), tones.get(note["tone"], "attention"))
        for source, note in zip(sources, notes, strict=True)
        if source.field == "text" and source.quote
    ]


def criteria_of(report: StepReport | None) -> list[dict[str, Any]]:
    """Return each criterion with its name, its level as a word and what decided it."""
    if report is None or report.gate:
        return []
    return [
        {
            "id": criterion.id,
            "name": criterion.name,
            "level": criterion.level,
            "word": level_word(criterion.level),
            "why": criterion.why,
        }
        for criterion in report.criteria
    ]


def _hint_words(attempt: Attempt) -> list[str]:
    return [f"{use.get_size_display()} in {STEP_TITLES[use.step]}" for use in attempt.hints.all()]


def _given_facts(attempt: Attempt, case: Case) -> list[tuple[str, str]]:
    """Return (title, answer) of the facts the interviewer gave."""
    return [(case.fact(f).title, case.fact(f).answer) for f in given_fact_ids(attempt)]


def _missed_facts(attempt: Attempt, case: Case) -> list[Fact]:
    """Return facts that were never asked for nor settled by others, once the attempt is over."""
    if not attempt.is_finished:
        return []
    asked = set(given_fact_ids(attempt))
    return [
        fact
        for fact in case.facts
        if fact.id not in asked and not any(set(o) <= asked for o in fact.also_settled_by)
    ]
