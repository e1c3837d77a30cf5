"""What the coach app holds about a person."""

from __future__ import annotations

from django.db.models import Q
from django.urls import reverse

from accounts.models import Notice, User
from accounts.privacy import PersonalData, registry
from coach.models import (
    Answer,
    Assignment,
    Attempt,
    AttemptSheet,
    AttemptStep,
    Feedback,
    FeedbackJob,
    FindingDecision,
    HintUse,
    LedgerEntry,
    Message,
    ModelJob,
    ModelSuggestion,
    Review,
    ReviewComment,
    ReviewMark,
    ReviewState,
    ShareGrant,
    ShareLink,
    Submission,
)

PRACTISE = "To let you practice, and to show you what you did."
REVIEW = "To let a coach of your university review what you handed in."
REVIEWED = " has reviewed "
OF_REVIEWS = (
    "What you wrote stays with the students it is for, without your name; "
    "what was written for you is deleted."
)


def _reviews(user: User, path: str = "") -> Q:
    """Select what a person wrote, and what was released to them: a draft is the coach's alone."""
    of_them = {f"{path}submission__student": user, f"{path}state": ReviewState.RELEASED}
    return Q(**{f"{path}coach": user}) | Q(**of_them)


def _reviews_forget(user: User) -> None:
    """Take a coach's name out of what their students were told; the reviews stay."""
    reviews = Review.objects.filter(coach=user)
    pages = [
        reverse("submission-detail", args=[pk])
        for pk in reviews.values_list("submission_id", flat=True)
    ]
    for notice in Notice.objects.filter(url__in=pages, text__contains=REVIEWED):
        notice.text = f"A coach{notice.text[notice.text.index(REVIEWED) :]}"
        notice.save(update_fields=["text"])


registry.register(
    PersonalData(
        model=Attempt,
        title="Your attempts",
        purpose=PRACTISE,
        rows=lambda user: Attempt.objects.filter(owner=user),
        fields=(
            "case_version__question__slug", "mode", "drill_step", "current_step", "extra_time",
            "variant", "started_at", "touched_at", "finished_at",
        ),
        withheld={"visitor_hash": "the hash of a browser's token, empty once you signed up"},
    )
)  # fmt: skip
registry.register(
    PersonalData(
        model=AttemptStep,
        title="What you typed and did not send yet",
        purpose=PRACTISE,
        rows=lambda user: AttemptStep.objects.filter(attempt__owner=user),
        fields=("attempt_id", "step", "composer", "artefact", "read_cells", "seconds"),
    )
)
registry.register(
    PersonalData(
        model=AttemptSheet,
        title="Which sheet of the lab belongs to which attempt",
        purpose=PRACTISE,
        rows=lambda user: AttemptSheet.objects.filter(attempt__owner=user),
        fields=("attempt_id", "sheet_id", "delivered"),
    )
)
registry.register(
    PersonalData(
        model=Message,
        title="Your conversations",
        purpose=PRACTISE,
        rows=lambda user: Message.objects.filter(attempt__owner=user),
        fields=("attempt_id", "step", "author", "kind", "text", "data", "created_at"),
        withheld={"html": "the same text, laid out"},
    )
)
registry.register(
    PersonalData(
        model=LedgerEntry,
        title="Your ledgers",
        purpose=PRACTISE,
        rows=lambda user: LedgerEntry.objects.filter(attempt__owner=user),
        fields=("attempt_id", "kind", "step", "key", "label", "value"),
    )
)
registry.register(
    PersonalData(
        model=HintUse,
        title="Hints you opened",
        purpose=PRACTISE,
        rows=lambda user: HintUse.objects.filter(attempt__owner=user),
        fields=("attempt_id", "step", "size", "created_at"),
    )
)
registry.register(
    PersonalData(
        model=Answer,
        title="Your answers",
        purpose=PRACTISE,
        rows=lambda user: Answer.objects.filter(attempt__owner=user),
        fields=("attempt_id", "step", "version", "text", "artefact", "seconds", "created_at"),
        withheld={"html": "the same text, laid out"},
    )
)
registry.register(
    PersonalData(
        model=Feedback,
        title="Feedback on your answers",
        purpose=PRACTISE,
        rows=lambda user: Feedback.objects.filter(answer__attempt__owner=user),
        fields=("answer_id", "report", "level", "gate", "created_at", "versions_key"),
    )
)
registry.register(
    PersonalData(
        model=ModelSuggestion,
        title="What a language model added to that feedback",
        purpose="To let you read what it suggested, if you agreed to it being asked.",
        rows=lambda user: ModelSuggestion.objects.filter(
            Q(job__feedback__answer__attempt__owner=user) | Q(job__message__attempt__owner=user)
        ),
        fields=(
            "kind", "mistake", "title", "field", "start", "end", "quote", "why", "rewrite",
            "dismissed_at", "job__model", "job__answered_as", "job__versions", "job__done_at",
            "job__feedback__answer_id", "job__message_id",
        ),
    )
)  # fmt: skip
registry.register(
    PersonalData(
        model=Submission,
        title="What you handed in",
        purpose=REVIEW,
        rows=lambda user: Submission.objects.filter(student=user),
        fields=("university__name", "number", "state", "content", "sha256", "created_at"),
        kept="Deleted, also where it was reviewed, with its reviews",
    )
)
registry.register(
    PersonalData(
        model=Review,
        title="Reviews you wrote or were given",
        purpose=REVIEW,
        rows=lambda user: Review.objects.filter(_reviews(user)),
        fields=("submission_id", "state", "summary", "released_at"),
        withheld={"recall_reason": "told to the student when it happens"},
        erase=_reviews_forget,
        kept=OF_REVIEWS,
    )
)
registry.register(
    PersonalData(
        model=ReviewMark,
        title="Levels in those reviews",
        purpose=REVIEW,
        rows=lambda user: ReviewMark.objects.filter(_reviews(user, "review__")),
        fields=("review_id", "step", "criterion", "level", "note"),
        erase=lambda user: None,
        kept=OF_REVIEWS,
    )
)
registry.register(
    PersonalData(
        model=ReviewComment,
        title="Comments in those reviews",
        purpose=REVIEW,
        rows=lambda user: ReviewComment.objects.filter(_reviews(user, "review__")),
        fields=("review_id", "step", "quote", "body", "submission_sha256", "created_at"),
        erase=lambda user: None,
        kept=OF_REVIEWS,
    )
)
registry.register(
    PersonalData(
        model=FindingDecision,
        title="Findings decided on in those reviews",
        purpose=REVIEW,
        rows=lambda user: FindingDecision.objects.filter(_reviews(user, "review__")),
        fields=("review_id", "step", "position", "decision", "text"),
        erase=lambda user: None,
        kept=OF_REVIEWS,
    )
)
registry.holds_nothing_personal(FeedbackJob, "only states, times and the kind of a fault")
registry.holds_nothing_personal(ModelJob, "only states, times, versions and the kind of a fault")

registry.register(
    PersonalData(
        model=Assignment,
        title="Assignments you gave",
        purpose="To let your university's students practice together.",
        rows=lambda user: Assignment.objects.filter(created_by=user),
        fields=("question__slug", "cohort__name", "mode", "note", "due_at", "timezone"),
        erase=lambda user: None,
        kept="Assignments stay with the university, without your name.",
    )
)
registry.register(
    PersonalData(
        model=ShareLink,
        title="Links to cases that you made",
        purpose="To let you open a case to others, and close it again.",
        rows=lambda user: ShareLink.objects.filter(created_by=user),
        fields=("question__slug", "note", "created_at", "expires_at", "revoked_at"),
        withheld={"token_hash": "the hash of the link's secret part"},
        kept="The links stay with the university they were made for, without your name.",
    )
)
registry.register(
    PersonalData(
        model=ShareGrant,
        title="Links to cases that you followed",
        purpose="To let you come back to a case that was shared with you.",
        rows=lambda user: ShareGrant.objects.filter(user=user),
        fields=("link__question__slug", "created_at"),
        withheld={"visitor_hash": "the hash of a browser's token, empty once you signed up"},
    )
)
