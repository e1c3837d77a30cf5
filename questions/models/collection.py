"""Questions put in an order: company guides, paths, a person's own lists, the case of a week."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.timezone import now

from questions.models.question import Company, Question


class CollectionKind(models.TextChoices):
    """What a collection is for."""

    COMPANY_GUIDE = "company_guide", "Company guide"
    PATH = "path", "Path"
    LIST = "list", "My list"


class Collection(models.Model):
    """Questions in an order, with a reason each.

    Guides and paths come from the files of the library and have no owner; a list belongs to one
    person and nobody else sees it.
    """

    slug = models.SlugField(max_length=80)
    kind = models.CharField(max_length=14, choices=CollectionKind.choices)
    title = models.CharField(max_length=80)
    summary = models.CharField(max_length=240, blank=True)
    text = models.TextField(blank=True, help_text="Markdown")
    company = models.ForeignKey(
        Company, on_delete=models.PROTECT, null=True, blank=True, related_name="guides"
    )
    skill = models.CharField(max_length=20, blank=True, help_text="the step a path trains")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="collections",
    )
    created_at = models.DateTimeField(default=now)
    changed_at = models.DateTimeField(default=now)

    class Meta:
        ordering = ["kind", "title", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["slug"],
                condition=Q(owner__isnull=True),
                name="one_slug_a_guide_or_path",
            ),
            models.UniqueConstraint(
                fields=["owner", "slug"],
                condition=Q(owner__isnull=False),
                name="one_slug_a_list_of_a_person",
            ),
            models.CheckConstraint(
                condition=(
                    Q(kind="list", owner__isnull=False) | (~Q(kind="list") & Q(owner__isnull=True))
                ),
                name="lists_have_owners_and_others_none",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """The collection's page."""
        if self.kind == CollectionKind.LIST:
            return reverse("list-detail", args=[self.slug])
        return reverse("collection-detail", args=[self.slug])


class CollectionItem(models.Model):
    """A question in a collection. ``note`` says why it stands there."""

    collection = models.ForeignKey(Collection, on_delete=models.CASCADE, related_name="items")
    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="+")
    position = models.PositiveSmallIntegerField()
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["collection", "question"], name="a_question_once_in_a_collection"
            )
        ]

    def __str__(self) -> str:
        return f"{self.position}. {self.question_id}"


class WeekCase(models.Model):
    """The case that staff chose for the week beginning on a Monday."""

    monday = models.DateField(unique=True)
    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="+")

    class Meta:
        ordering = ["-monday"]

    def __str__(self) -> str:
        return f"{self.monday} {self.question_id}"
