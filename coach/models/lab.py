"""The sheet of an attempt: the lab's room keeps the sheet, this says whose attempt it is for."""

from __future__ import annotations

from django.db import models

from coach.models.attempt import Attempt
from metrics_lab.models import Sheet


class AttemptSheet(models.Model):
    """One sheet an attempt; ``delivered`` are the symbols of figures that were put into it.

    A figure is delivered once: what the student changes afterwards stays changed.
    """

    attempt = models.OneToOneField(Attempt, on_delete=models.CASCADE, related_name="lab_sheet")
    sheet = models.OneToOneField(Sheet, on_delete=models.CASCADE, related_name="+")
    delivered = models.JSONField(default=list)

    def __str__(self) -> str:
        return f"Sheet of attempt {self.attempt_id}"
