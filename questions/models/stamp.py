"""The bank's stamp: what a process compares to know whether what it keeps of the bank is so yet."""

from __future__ import annotations

from django.db import models


class BankStamp(models.Model):
    """One row. The database gives it another value with every write to the bank
    (questions/stamp.py); a value never comes again."""

    value = models.CharField(max_length=36)

    def __str__(self) -> str:
        return self.value
