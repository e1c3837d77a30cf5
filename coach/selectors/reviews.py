"""The desk's queue, a submission under review, and the one gate to released reviews."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils import timezone

from accounts.models import User
from coach.access import submissions_for_reviewer
from coach.artefact_form import artefact_context
from coach.assessment.report import SHOWN, StepReport
from coach.assessment.rubric import level_word, load_rubric
from coach.marking import Segment, Span, mark, paragraphs
from coach.models import (
    Decision,
    Feedback,
    FindingDecision,
    Review,
    ReviewComment,
    ReviewMark,
    ReviewState,
    Submission,
    SubmissionState,
)
from questions.case import STEP_TITLES


def queue(user: User, state: str = SubmissionState.WAITING) -> QuerySet[Submission]:
    """Return submissions of the reviewer's universities: the unsure first, then the oldest."""
    live = Review.objects.filter(
        state__in=[ReviewState.DRAFT, ReviewState.RELEASED]
    ).select_related("coach")
    return (
        submissions_for_reviewer(user)
        .filter(state=state)
        .select_related("student", "university", "assignment", "attempt__case_version__question")
        .prefetch_related(Prefetch("reviews", queryset=live, to_attr="live_reviews"))
        .defer("content", "attempt__case_version__data")
        .order_by("-unsure", "created_at")
    )


def released_review(submission: Submission) -> Review | None:
    """Return the released review of a submission: the only gate to what a student may see.

    Pages, mail and the API all pass here; a draft or a recalled review never does.
    """
    return (
        submission.reviews.filter(state=ReviewState.RELEASED)
        .select_related("coach")
        .prefetch_related("marks", "comments", "decisions")
        .first()
    )


@dataclass(frozen=True)
class DeskNote:
    """A coach's comment or an automatic finding, numbered as it stands beside the words."""

    number: int
    key: str
    comment: ReviewComment | None = None
    row: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class Passage:
    """A stretch of the student's words and the notes that stand where it ends."""

    segment: Segment
    notes: Sequence[DeskNote]


@dataclass(frozen=True)
class ReviewStep:
    """One step of a submission with what the rules found and what the coach says."""

    step: str
    title: str
    entry: Mapping[str, Any]
    paragraphs: Sequence[Sequence[Segment]]
    artefact: Mapping[str, Any] | None
    findings: Sequence[Mapping[str, Any]]
    comments: Sequence[ReviewComment]
    criteria: Sequence[Mapping[str, Any]]
    automatic_level: int | None
    is_unsure: bool = False

    @property
    def is_marked(self) -> bool:
        """Whether every criterion has a level of the coach."""
        return all(criterion["level"] is not None for criterion in self.criteria)

    @property
    def notes(self) -> list[DeskNote]:
        """All notes in the order of the words they are about; those without words come last."""
        end = len(self.entry["text"])
        placed: list[tuple[int, str, ReviewComment | None, Mapping[str, Any] | None]] = [
            (c.start, f"c{c.pk}", c, None) for c in self.comments
        ]
        for row in self.findings:
            start = row["finding"].start if _is_in_text(row) else end
            placed.append((start, row["key"], None, row))
        ordered = sorted(placed, key=lambda note: note[:2])
        return [DeskNote(n, *note[1:]) for n, note in enumerate(ordered, start=1)]

    @property
    def passages(self) -> list[list[Passage]]:
        """The text by paragraphs, each stretch with the notes that end with it."""
        notes = {note.key: note for note in self.notes}
        return [
            [Passage(part, [notes[span.key] for span in part.ends]) for part in group]
            for group in self.paragraphs
        ]

    @property
    def loose_notes(self) -> list[DeskNote]:
        """Notes that stand at no words: about the artefact, about a gap, or dropped."""
        ended = {span.key for group in self.paragraphs for part in group for span in part.ends}
        return [note for note in self.notes if note.key not in ended]


def review_steps(submission: Submission, review: Review | None) -> list[ReviewStep]:
    """Return the steps of a submission for the desk, with every automatic finding."""
    return [_step(submission, review, entry, for_student=False) for entry in _entries(submission)]


def released_steps(submission: Submission, review: Review) -> list[ReviewStep]:
    """Return the steps of a released review for the student: accepted and edited findings only."""
    return [_step(submission, review, entry, for_student=True) for entry in _entries(submission)]


def _entries(submission: Submission) -> list[dict[str, Any]]:
    """Return the frozen steps, each with its automatic report; one query."""
    entries = submission.content["steps"]
    made = Feedback.objects.filter(answer__in=[entry["answer_id"] for entry in entries])
    reports = {feedback.answer_id: feedback for feedback in made.order_by("-pk")}
    return [{**entry, "feedback": reports.get(entry["answer_id"])} for entry in entries]


def _step(
    submission: Submission, review: Review | None, entry: dict[str, Any], *, for_student: bool
) -> ReviewStep:
    step = entry["step"]
    feedback: Feedback | None = entry["feedback"]
    report = StepReport.from_dict(feedback.report) if feedback else None
    comments = [c for c in review.comments.all() if c.step == step] if review else []
    decisions = {d.position: d for d in review.decisions.all() if d.step == step} if review else {}
    findings = _findings(report, decisions, for_student=for_student)
    return ReviewStep(
        step=step,
        title=STEP_TITLES[step],
        entry=entry,
        paragraphs=paragraphs(mark(entry["text"], _spans(comments, findings))),
        artefact=artefact_context(step, entry["artefact"], links={}),
        findings=findings,
        comments=comments,
        criteria=_criteria(step, review, None if for_student else report),
        automatic_level=report.level if report and not report.gate else None,
        is_unsure=bool(report and not report.gate and report.unsure),
    )


def _findings(
    report: StepReport | None, decisions: Mapping[int, FindingDecision], *, for_student: bool
) -> list[dict[str, Any]]:
    if report is None or report.gate:
        return []
    rows = []
    for position, finding in enumerate(report.findings[:SHOWN]):
        decided = decisions.get(position)
        kept = decided is not None and decided.decision != Decision.DROP
        if for_student and not kept:
            continue
        rows.append(
            {
                "position": position,
                "key": f"a{position + 1}",
                "finding": finding,
                "decision": decided.decision if decided else "",
                "text": decided.text if decided else "",
            }
        )
    return rows


def _spans(comments: Sequence[ReviewComment], findings: Sequence[Mapping[str, Any]]) -> list[Span]:
    spans = [Span(c.start, c.end, f"c{c.pk}", "info") for c in comments]
    for row in findings:
        finding = row["finding"]
        if _is_in_text(row) and row["decision"] != Decision.DROP:
            tone = "attention" if row["decision"] else "draft"
            spans.append(Span(finding.start, finding.end, row["key"], tone))
    return spans


def _is_in_text(row: Mapping[str, Any]) -> bool:
    return bool(row["finding"].quote) and row["finding"].field == "text"


def _criteria(step: str, review: Review | None, report: StepReport | None) -> list[dict[str, Any]]:
    """Return the criteria with the coach's levels; ``suggested`` is what the rules would set."""
    marks: dict[str, ReviewMark] = {}
    judged = {c.id: c.level for c in report.criteria} if report and not report.gate else {}
    if review:
        marks = {m.criterion: m for m in review.marks.all() if m.step == step}
    return [
        {
            "id": criterion,
            "name": name,
            "level": marks[criterion].level if criterion in marks else None,
            "note": marks[criterion].note if criterion in marks else "",
            "suggested": judged.get(criterion),
            "suggested_word": level_word(judged[criterion]).split(",")[0]
            if criterion in judged
            else "",
        }
        for criterion, name in load_rubric().criteria[step].items()
    ]


def step_level(levels: Sequence[int]) -> int | None:
    """Return the lower median of a step's criteria (rubric), None without any."""
    ordered = sorted(levels)
    return ordered[(len(ordered) - 1) // 2] if ordered else None


def is_lapsed(review: Review) -> bool:
    """Say whether a draft may be taken over."""
    return review.state == ReviewState.DRAFT and review.lease_until <= timezone.now()


def live_review(submission: Submission) -> Review | None:
    """Return the draft or released review of a submission, for the desk only."""
    return (
        submission.reviews.filter(state__in=[ReviewState.DRAFT, ReviewState.RELEASED])
        .select_related("coach")
        .prefetch_related("marks", "comments", "decisions")
        .first()
    )


def criterion_ids(step: str) -> list[str]:
    """Return the ids of a step's criteria in the rubric's order; none for an unknown step."""
    return list(load_rubric().criteria.get(step, {}))
