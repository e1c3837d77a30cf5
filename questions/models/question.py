"""A question for lists and search, and the immutable versions of its case."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone


class CaseType(models.TextChoices):
    """The six types of case; each has its own order of steps (questions.case.STEPS_BY_TYPE)."""

    PRODUCT_IMPROVEMENT = "product_improvement", "Product improvement"
    PRODUCT_DESIGN = "product_design", "Product design"
    SUCCESS_METRICS = "success_metrics", "Success metrics"
    ROOT_CAUSE = "root_cause", "Root cause"
    TRADE_OFF = "trade_off", "Trade-off"
    STRATEGY = "strategy", "Strategy"


class Difficulty(models.TextChoices):
    """How hard a case is."""

    EASY = "easy", "Easy"
    MEDIUM = "medium", "Medium"
    HARD = "hard", "Hard"


class Audience(models.TextChoices):
    """Who may open a question. The coach decides who belongs to the members."""

    EVERYBODY = "everybody", "Everybody"
    MEMBERS = "members", "Members of a university"


@dataclass(frozen=True)
class Sight:
    """Which of the published questions somebody may open: those for some audiences, and some more
    that were granted, by id. What it is without arguments, everybody may open."""

    audiences: frozenset[str] = frozenset({Audience.EVERYBODY})
    granted: frozenset[int] = frozenset()


class Company(models.Model):
    """A company that a question is about or that asks it."""

    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=80)

    class Meta:
        verbose_name_plural = "companies"
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Tag(models.Model):
    """A word to find questions by."""

    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=80)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class QuestionQuerySet(models.QuerySet["Question"]):
    """Reads of the bank."""

    def published(self) -> QuestionQuerySet:
        """Only what is out at this moment: published, not retired, and with a case to play."""
        now = timezone.now()
        retired = Q(retired_at__isnull=False, retired_at__lte=now)
        return self.filter(published_at__lte=now, current_version__isnull=False).exclude(retired)

    def open_to(self, sight: Sight) -> QuestionQuerySet:
        """Only what somebody with this sight may open."""
        allowed = Q(audience__in=sorted(sight.audiences))
        if sight.granted:
            allowed |= Q(pk__in=sorted(sight.granted))
        return self.filter(allowed)


QuestionManager = models.Manager.from_queryset(QuestionQuerySet)


class Question(models.Model):
    """A question of the bank. What is played is its current case version."""

    slug = models.SlugField(max_length=80, unique=True)
    title = models.CharField(max_length=120)
    prompt = models.CharField(max_length=400)
    type = models.CharField(max_length=24, choices=CaseType.choices)
    difficulty = models.CharField(max_length=8, choices=Difficulty.choices)
    minutes = models.PositiveSmallIntegerField()
    industry = models.CharField(max_length=60, blank=True)
    why_practise = models.TextField(blank=True)
    about = models.ForeignKey(
        Company, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    companies = models.ManyToManyField(Company, related_name="questions", blank=True)
    tags = models.ManyToManyField(Tag, related_name="questions", blank=True)
    audience = models.CharField(max_length=10, choices=Audience.choices, default=Audience.EVERYBODY)
    published_at = models.DateTimeField(
        null=True, blank=True, help_text="empty: a draft; in the future: scheduled"
    )
    retired_at = models.DateTimeField(
        null=True, blank=True, help_text="no longer shown from then on; attempts keep their case"
    )
    current_version = models.ForeignKey(
        "CaseVersion", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    loaded_hash = models.CharField(
        max_length=64,
        blank=True,
        editable=False,
        help_text="content of the case file loaded last; empty: none, or none that is known",
    )
    waits_for_play = models.BooleanField(
        default=False,
        editable=False,
        help_text="a load made it a draft, and publishes it once somebody has played it",
    )
    created_at = models.DateTimeField(default=timezone.now)

    objects: ClassVar[QuestionManager[Question]] = QuestionManager()

    class Meta:
        ordering = ["title", "id"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """The question's page."""
        return reverse("question-detail", args=[self.slug])

    def clean(self) -> None:
        """Refuse times that contradict each other.

        Raises:
            ValidationError: it would retire without having been published.
        """
        if self.retired_at is None:
            return
        if self.published_at is None:
            raise ValidationError({"retired_at": "Say first when it is published."})
        if self.retired_at <= self.published_at:
            raise ValidationError({"retired_at": "Choose a time after it is published."})

    @property
    def state(self) -> str:
        """Where the question stands: draft, scheduled, published or retired."""
        now = timezone.now()
        if self.retired_at and self.retired_at <= now:
            return "retired"
        if self.published_at is None or self.current_version_id is None:
            return "draft"
        return "published" if self.published_at <= now else "scheduled"


class CaseVersion(models.Model):
    """A case as it was at one time: immutable, found by the hash of its content."""

    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    content_hash = models.CharField(max_length=64)
    data = models.JSONField(help_text="questions.case.Case.to_dict()")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["question_id", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["question", "content_hash"], name="one_version_a_content"
            ),
            models.UniqueConstraint(fields=["question", "number"], name="versions_count_up"),
        ]

    def __str__(self) -> str:
        return f"{self.question_id} v{self.number}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Store a new version.

        Raises:
            TypeError: the version is stored already; a changed case makes a new one.
        """
        if not self._state.adding:
            raise TypeError("A case version is never changed. Load the case to make a new one.")
        super().save(*args, **kwargs)
