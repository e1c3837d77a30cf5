"""What the coach app holds about a person. Rows of a student go with the account by cascade."""

from __future__ import annotations

from accounts.privacy import PersonalData, registry
from coach.models import (
    Answer,
    Assignment,
    Attempt,
    AttemptStep,
    Feedback,
    FeedbackJob,
    FindingDecision,
    HintUse,
    LedgerEntry,
    Message,
    Review,
    ReviewComment,
    ReviewMark,
    ReviewState,
    Submission,
)

KEPT_REVIEW = "Kept without your name: it belongs to the student it was written for"

registry.register(
    PersonalData(
        model=Attempt,
        title="Attempts",
        purpose="To let you play a case, leave it and come back.",
        rows=lambda user: Attempt.objects.filter(owner=user),
        fields=(
            "id",
            "case_version__question__title",
            "mode",
            "drill_step",
            "current_step",
            "extra_time",
            "started_at",
            "touched_at",
            "finished_at",
        ),
        withheld={"visitor_hash": "empty once you have an account"},
    )
)
registry.register(
    PersonalData(
        model=AttemptStep,
        title="Work on each step",
        purpose="To keep what you have typed and not yet submitted.",
        rows=lambda user: AttemptStep.objects.filter(attempt__owner=user),
        fields=(
            "attempt_id",
            "step",
            "composer",
            "artefact",
            "read_cells",
            "seconds",
            "opened_at",
            "submitted_at",
        ),
    )
)
registry.register(
    PersonalData(
        model=Message,
        title="Conversations",
        purpose="To show the conversation again, and to find your answer in it.",
        rows=lambda user: Message.objects.filter(attempt__owner=user),
        fields=("attempt_id", "step", "author", "kind", "text", "data", "created_at"),
        withheld={"html": "the same text, made ready for the page"},
    )
)
registry.register(
    PersonalData(
        model=LedgerEntry,
        title="Facts and assumptions",
        purpose="To keep the ledger of each attempt.",
        rows=lambda user: LedgerEntry.objects.filter(attempt__owner=user),
        fields=("attempt_id", "kind", "step", "key", "label", "value", "created_at"),
    )
)
registry.register(
    PersonalData(
        model=HintUse,
        title="Hints you opened",
        purpose="To say in the report that a hint was used.",
        rows=lambda user: HintUse.objects.filter(attempt__owner=user),
        fields=("attempt_id", "step", "size", "created_at"),
    )
)
registry.register(
    PersonalData(
        model=Answer,
        title="Answers",
        purpose="To give feedback on them and to compare versions.",
        rows=lambda user: Answer.objects.filter(attempt__owner=user),
        fields=("attempt_id", "step", "version", "text", "artefact", "seconds", "created_at"),
        withheld={"html": "the same text, made ready for the page"},
    )
)
registry.register(
    PersonalData(
        model=Feedback,
        title="Automatic feedback",
        purpose="To show you what was found in your answers.",
        rows=lambda user: Feedback.objects.filter(answer__attempt__owner=user),
        fields=(
            "answer__attempt_id",
            "answer__step",
            "answer__version",
            "level",
            "gate",
            "report",
            "versions_key",
            "created_at",
        ),
    )
)
registry.register(
    PersonalData(
        model=FeedbackJob,
        title="Feedback that is being made",
        purpose="To owe you nothing: each answer has one job.",
        rows=lambda user: FeedbackJob.objects.filter(answer__attempt__owner=user),
        fields=("answer__attempt_id", "answer__step", "state", "created_at", "done_at"),
        withheld={"error": "the kind of a fault of the machine; it holds no text of people"},
    )
)
registry.register(
    PersonalData(
        model=Submission,
        title="What you submitted to a university",
        purpose="To have it reviewed: only this is visible to the university.",
        rows=lambda user: Submission.objects.filter(student=user),
        fields=(
            "university__name",
            "attempt_id",
            "number",
            "state",
            "content",
            "sha256",
            "created_at",
            "withdrawn_at",
        ),
        kept="Deleted, also where it was reviewed, with the review",
    )
)
# A draft of a review is the coach's alone, so a student's export leaves it out.
registry.register(
    PersonalData(
        model=Review,
        title="Reviews of your work, and reviews you wrote",
        purpose="To tell a student what a person thinks of their work.",
        rows=lambda user: (
            Review.objects.filter(submission__student=user, state=ReviewState.RELEASED)
            | Review.objects.filter(coach=user)
        ),
        fields=("university__name", "state", "summary", "asks_another", "released_at"),
        withheld={"recall_reason": "a note among coaches"},
        kept=f"About your work: deleted. Written by you: {KEPT_REVIEW[0].lower()}{KEPT_REVIEW[1:]}",
    )
)
registry.register(
    PersonalData(
        model=ReviewMark,
        title="Levels in reviews",
        purpose="To say how each criterion was met.",
        rows=lambda user: (
            ReviewMark.objects.filter(
                review__submission__student=user, review__state=ReviewState.RELEASED
            )
            | ReviewMark.objects.filter(review__coach=user)
        ),
        fields=("step", "criterion", "level", "note"),
        kept=f"As the review. Written by you: {KEPT_REVIEW[0].lower()}{KEPT_REVIEW[1:]}",
    )
)
registry.register(
    PersonalData(
        model=ReviewComment,
        title="Comments in reviews",
        purpose="To speak of exact words of an answer.",
        rows=lambda user: (
            ReviewComment.objects.filter(
                review__submission__student=user, review__state=ReviewState.RELEASED
            )
            | ReviewComment.objects.filter(review__coach=user)
        ),
        fields=("step", "quote", "body", "created_at"),
        withheld={"submission_sha256": "the fingerprint of the text the comment stands on"},
        kept=f"As the review. Written by you: {KEPT_REVIEW[0].lower()}{KEPT_REVIEW[1:]}",
    )
)
registry.register(
    PersonalData(
        model=FindingDecision,
        title="What a coach did with a finding",
        purpose="To let a person have the last word on what was found automatically.",
        rows=lambda user: (
            FindingDecision.objects.filter(
                review__submission__student=user, review__state=ReviewState.RELEASED
            )
            | FindingDecision.objects.filter(review__coach=user)
        ),
        fields=("step", "decision", "text"),
        kept=f"As the review. Written by you: {KEPT_REVIEW[0].lower()}{KEPT_REVIEW[1:]}",
    )
)
registry.register(
    PersonalData(
        model=Assignment,
        title="Assignments you gave",
        purpose="To ask a cohort for work.",
        rows=lambda user: Assignment.objects.filter(created_by=user),
        fields=(
            "university__name",
            "cohort__name",
            "question__title",
            "mode",
            "note",
            "due_at",
            "timezone",
            "created_at",
        ),
        kept="Kept without your name: the assignment belongs to the university",
    )
)
