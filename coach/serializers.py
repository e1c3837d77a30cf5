"""How assignments, submissions and results look in the API."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from coach.models import Assignment, Mode, Review, Submission
from coach.selectors.results import is_late, levels_of
from coach.selectors.reviews import step_level

if TYPE_CHECKING:
    # The framework's own classes take no type parameter when the program runs.
    AssignmentModelSerializer = serializers.ModelSerializer[Assignment]
    SubmissionModelSerializer = serializers.ModelSerializer[Submission]
    PlainSerializer = serializers.Serializer[Any]
else:
    AssignmentModelSerializer = SubmissionModelSerializer = serializers.ModelSerializer
    PlainSerializer = serializers.Serializer


class AssignmentSerializer(AssignmentModelSerializer):
    """A case for a cohort."""

    question = serializers.SlugField(source="question.slug", read_only=True)
    cohort = serializers.UUIDField(source="cohort_id", read_only=True)

    class Meta:
        model = Assignment
        fields = ("id", "question", "cohort", "mode", "note", "due_at", "timezone", "created_at")
        read_only_fields = fields


class WallClockField(serializers.DateTimeField):
    """A time as it stands on a wall; an offset would contradict the zone that is sent with it."""

    default_error_messages = {"offset": "Send the time without an offset; timezone gives its zone."}

    def enforce_timezone(self, value: dt.datetime) -> dt.datetime:
        """Return the time as it is; fail when it has an offset."""
        if value.tzinfo is not None:
            self.fail("offset")
        return value


class AssignmentCreateSerializer(PlainSerializer):
    """What a new assignment needs; ``due_local`` is the clock on the wall in ``timezone``."""

    question = serializers.SlugField(help_text="Slug of a question of the bank.")
    cohort = serializers.UUIDField()
    mode = serializers.ChoiceField(choices=[Mode.GUIDED, Mode.MOCK], default=Mode.GUIDED)
    note = serializers.CharField(max_length=500, required=False, allow_blank=True, default="")
    due_local = WallClockField(help_text="Without an offset, for example 2027-03-01T18:00.")
    timezone = serializers.CharField(max_length=64, help_text="For example Europe/Berlin.")


class StandingSerializer(PlainSerializer):
    """Where one student of an assignment stands."""

    member = serializers.UUIDField(source="membership.pk")
    external_id = serializers.CharField(source="membership.external_id")
    state = serializers.CharField(help_text="not started, in progress, submitted or reviewed")
    late = serializers.BooleanField()
    submission = serializers.UUIDField(source="submission.pk", allow_null=True, default=None)
    submitted_at = serializers.DateTimeField(allow_null=True)


class SubmittedStepSerializer(PlainSerializer):
    """One step of a submission, exactly as it was handed in."""

    step = serializers.CharField()
    version = serializers.IntegerField()
    text = serializers.CharField()
    artefact = serializers.DictField()
    after_examples = serializers.BooleanField()


class SubmissionSerializer(SubmissionModelSerializer):
    """A submission without its text."""

    question = serializers.SlugField(source="attempt.case_version.question.slug", read_only=True)
    student_email = serializers.EmailField(source="student.email", read_only=True)
    assignment = serializers.UUIDField(source="assignment_id", allow_null=True, read_only=True)
    late = serializers.SerializerMethodField()

    class Meta:
        model = Submission
        fields: tuple[str, ...] = (
            "id", "question", "student_email", "assignment", "number", "state", "late",
            "sha256", "created_at",
        )  # fmt: skip
        read_only_fields = fields

    def get_late(self, submission: Submission) -> bool:
        """Whether it came after the due time of its assignment."""
        return is_late(submission)


class SubmissionDetailSerializer(SubmissionSerializer):
    """A submission with the text of its steps."""

    steps = serializers.SerializerMethodField()

    class Meta(SubmissionSerializer.Meta):
        fields = (*SubmissionSerializer.Meta.fields, "steps")
        read_only_fields = fields

    @extend_schema_field(SubmittedStepSerializer(many=True))
    def get_steps(self, submission: Submission) -> Any:
        """Return the frozen steps."""
        return SubmittedStepSerializer(submission.content["steps"], many=True).data


class CriterionResultSerializer(PlainSerializer):
    """The level a person set for one criterion."""

    criterion = serializers.CharField()
    level = serializers.IntegerField(min_value=1, max_value=4)


class StepResultSerializer(PlainSerializer):
    """The levels of one step; ``level`` is the lower median of its criteria."""

    step = serializers.CharField()
    level = serializers.IntegerField(min_value=1, max_value=4)
    criteria = CriterionResultSerializer(many=True)


class ResultSerializer(SubmissionSerializer):
    """A submission with its released review. Levels come from a person, never from the rules."""

    reviewed_by = serializers.SerializerMethodField()
    released_at = serializers.SerializerMethodField()
    asks_another = serializers.SerializerMethodField()
    steps = serializers.SerializerMethodField()

    class Meta(SubmissionSerializer.Meta):
        fields = (
            *SubmissionSerializer.Meta.fields,
            "reviewed_by", "released_at", "asks_another", "steps",
        )  # fmt: skip
        read_only_fields = fields

    def get_reviewed_by(self, submission: Submission) -> str | None:
        """The coach's name, null before the release."""
        review = _released(submission)
        return review.coach.shown_name if review and review.coach else None

    @extend_schema_field(serializers.DateTimeField(allow_null=True))
    def get_released_at(self, submission: Submission) -> Any:
        """When the review was released, null before."""
        review = _released(submission)
        return review.released_at if review else None

    def get_asks_another(self, submission: Submission) -> bool:
        """Whether the coach asks for another version."""
        review = _released(submission)
        return bool(review and review.asks_another)

    @extend_schema_field(StepResultSerializer(many=True))
    def get_steps(self, submission: Submission) -> list[dict[str, Any]]:
        """Return the released levels; empty before the release."""
        review = _released(submission)
        return [
            {
                "step": step,
                "level": step_level(list(levels.values())),
                "criteria": [{"criterion": c, "level": level} for c, level in levels.items()],
            }
            for step, levels in (levels_of(review) if review else {}).items()
        ]


def _released(submission: Submission) -> Review | None:
    released: list[Review] = getattr(submission, "released")  # noqa: B009  set by Prefetch
    return released[0] if released else None
