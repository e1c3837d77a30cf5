"""What the report shows: answers with their findings, criteria, checks, drafts and examples."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any

from django.urls import reverse

from coach import cases
from coach.artefact_form import artefact_context
from coach.assessment.assess import assess_whole
from coach.assessment.compare import Comparison, compare
from coach.assessment.contrast import sentences_for
from coach.assessment.report import (
    SHOWN,
    Criterion,
    Finding,
    StepReport,
    Strength,
    WholeReport,
)
from coach.assessment.rubric import level_word
from coach.interviewer import encoder
from coach.marking import Segment, Span, mark, paragraphs
from coach.models import Answer, Attempt, CaseKey, JobState, LedgerEntry, ModelJob
from coach.selectors.checks import checks_of
from coach.selectors.language_model import feedback_with_additions
from coach.selectors.practice import StepFeedback, clock, step_feedback
from coach.selectors.unasked import report_told
from coach.services.ledger import fact_id_of, symbol_of
from questions.case import STEP_TITLES, Case, Fact, StepGuide

PASSES = 3


@dataclass(frozen=True, eq=False)
class StepSection:
    """One step of the report: the versions of its answer, oldest first, and what was made of them.

    What only the drawing needs is worked out when it is asked for: a kept section asks for none.
    """

    attempt: Attempt
    case: Case
    versions: Sequence[Answer]
    known: AbstractSet[str]
    """Symbols the student was told, see ``coach.selectors.unasked``; they bound an open report."""
    model_job: ModelJob | None = None
    """What the language model was asked about this report, with ``kept``; drawn apart from it."""

    @property
    def answer(self) -> Answer:
        """The latest version."""
        return self.versions[-1]

    @property
    def step(self) -> str:
        """The step's id."""
        return self.answer.step

    @property
    def title(self) -> str:
        """The step's title."""
        return STEP_TITLES[self.step]

    @cached_property
    def found(self) -> StepFeedback:
        """The stored feedback on the latest version, or where its job stands."""
        return step_feedback(self.answer)

    @property
    def state(self) -> str:
        """The state of the job that makes the feedback."""
        return self.found.state

    @cached_property
    def report(self) -> StepReport | None:
        """The report on the latest version, as far as it may be told now."""
        return self._report_on(self.answer)

    @property
    def is_kept(self) -> bool:
        """Whether what is drawn can be kept: the report is there, and no form of this page."""
        return self.found.feedback is not None and self.state != JobState.DEAD

    @property
    def key(self) -> str:
        """What the drawn section depends on: rows that never change, and what may be told."""
        parts: list[Any] = [self.attempt.pk, self.attempt.is_finished]
        for answer in self.versions[-2:]:
            feedback = step_feedback(answer).feedback
            made = (feedback.pk, feedback.created_at.isoformat()) if feedback else None
            parts.append((answer.pk, answer.version, made))
        if not self.attempt.is_finished:
            parts.append(sorted(self.known))
        return repr(parts)

    @cached_property
    def paragraphs(self) -> Sequence[Sequence[Segment]]:
        """The text, cut where the notes stand."""
        return paragraphs(mark(self.answer.text, note_spans(self.report)))

    @cached_property
    def notes(self) -> Sequence[dict[str, Any]]:
        """Strengths and the findings that are shown."""
        return notes_of(self.report)

    @cached_property
    def criteria(self) -> Sequence[dict[str, Any]]:
        """How the level was made, after the attempt beside an example that passes."""
        shown = passing_sentences(self.attempt.case_key, self.step) if self.guide else {}
        return criteria_of(self.report, shown)

    @cached_property
    def checks(self) -> Mapping[str, Any]:
        """The number check."""
        return checks_of(self.report)

    @cached_property
    def artefact(self) -> dict[str, Any] | None:
        """The artefact of the answer, to be read."""
        return artefact_context(self.step, self.answer.artefact, links={})

    @property
    def earlier(self) -> Answer | None:
        """The version before, once there is a report to compare by."""
        return self.versions[-2] if len(self.versions) > 1 and self.report else None

    @cached_property
    def comparison(self) -> Comparison | None:
        """The latest draft compared with the one before it."""
        before = self._report_on(self.earlier) if self.earlier else None
        return compare(before, self.report) if before and self.report else None

    @property
    def guide(self) -> StepGuide | None:
        """The examples, once the attempt is over."""
        return self.case.steps[self.step] if self.attempt.is_finished else None

    @property
    def poll_url(self) -> str:
        """Where the section is asked for until it is made."""
        return self._address("practice-report-step")

    @property
    def retry_url(self) -> str:
        """Where feedback that was given up is asked for again."""
        return self._address("practice-ask-again")

    @property
    def rewrite_url(self) -> str:
        """Where the step is rewritten."""
        return self._address("practice-revise")

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

    def _report_on(self, answer: Answer) -> StepReport | None:
        feedback = step_feedback(answer).feedback
        return report_told(self.attempt, feedback, self.known) if feedback else None

    def _address(self, name: str) -> str:
        return reverse(name, args=[self.attempt.pk, self.step])


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
    """Return the report of an attempt; six queries, however long it is, and one more where the
    language model was asked."""
    case = cases.case_of(attempt.case_key)
    answers = list(
        attempt.answers.select_related("job")
        .prefetch_related(feedback_with_additions())
        .order_by("version")
    )
    rows = list(attempt.steps.all())
    told = list(attempt.ledger.filter(kind=LedgerEntry.FACT).values_list("key", flat=True))
    known = frozenset(symbol_of(key) for key in told)
    asked = list(dict.fromkeys(map(fact_id_of, told)))
    by_step: dict[str, list[Answer]] = {}
    for answer in answers:
        by_step.setdefault(answer.step, []).append(answer)
    sections = [
        StepSection(
            attempt=attempt,
            case=case,
            versions=by_step[row.step],
            known=known,
            model_job=_model_job(by_step[row.step][-1]),
        )
        for row in rows
        if row.step in by_step
    ]
    reports = {s.step: s.report for s in sections if s.report is not None}
    whole = None
    if reports and len(reports) == len(sections):
        whole = assess_whole(
            cases.context_of(attempt.case_key),
            reports,
            given=[(case.fact(f).title, case.fact(f).answer) for f in asked],
            texts={s.step: s.answer.text for s in sections},
        )
    return ReportPage(
        sections=sections,
        whole=whole,
        spent=clock(sum(row.seconds for row in rows)),
        hints=_hint_words(attempt),
        versions=next((r.versions for r in reports.values()), {}),
        missed=_missed_facts(case, set(asked)) if attempt.is_finished else [],
        not_done=[STEP_TITLES[r.step] for r in rows if r.step not in by_step],
    )


def _model_job(answer: Answer) -> ModelJob | None:
    """Return what the language model was asked about the report that is shown."""
    return getattr(step_feedback(answer).feedback, "model_job", None)


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


@lru_cache(maxsize=512)
def passing_sentences(key: CaseKey, step: str) -> Mapping[str, str]:
    """Return for the criteria of a step the sentence of the example that passes, by criterion."""
    example = cases.case_of(key).steps[step].examples.level_3.text
    return sentences_for(cases.context_of(key), step, example, encoder.get_encoder())


def criteria_of(
    report: StepReport | None, examples: Mapping[str, str] | None = None
) -> list[dict[str, Any]]:
    """Return each criterion with its name, its level as a word and what decided it.

    ``examples`` are sentences of an example that passes, by criterion; they stand beside those that
    are below its level or have no sentence of their own.
    """
    if report is None or report.gate:
        return []
    return [
        {
            "id": criterion.id,
            "name": criterion.name,
            "level": criterion.level,
            "word": level_word(criterion.level),
            "why": criterion.why,
            "example": (examples or {}).get(criterion.id, "") if _is_open(criterion) else "",
        }
        for criterion in report.criteria
    ]


def _is_open(criterion: Criterion) -> bool:
    """Whether a criterion is below the pass mark, has a question, or no words of its own."""
    return criterion.level < PASSES or bool(criterion.question) or not criterion.quote


def _hint_words(attempt: Attempt) -> list[str]:
    return [f"{use.get_size_display()} in {STEP_TITLES[use.step]}" for use in attempt.hints.all()]


def _missed_facts(case: Case, asked: AbstractSet[str]) -> list[Fact]:
    """Return facts that were never asked for nor settled by others."""
    return [
        fact
        for fact in case.facts
        if fact.id not in asked and not any(set(o) <= asked for o in fact.also_settled_by)
    ]
