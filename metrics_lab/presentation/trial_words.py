"""Small words of "Size a test"."""

from __future__ import annotations


def share(value: float) -> str:
    """Return a chance with one digit behind the point: "80.1 %"."""
    return f"{value * 100:.1f} %"


def weeks_words(weeks: int | None) -> str:
    """Return "3 whole weeks", or nothing where no traffic is known."""
    return f"{weeks:,} whole week{'' if weeks == 1 else 's'}" if weeks else ""
