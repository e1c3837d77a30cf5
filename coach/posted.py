"""Reading values from a posted form: whatever comes, nothing but what was meant goes on."""

from __future__ import annotations

MAX_DIGITS = 15
"""Enough for any id and any sequence number, and within every column that stores one."""


def whole_number(text: str) -> int | None:
    """Return the number plain digits stand for; None for anything else.

    ``str.isdigit`` alone lets signs such as "²" through, which ``int`` refuses.
    """
    fits = text.isascii() and text.isdigit() and len(text) <= MAX_DIGITS
    return int(text) if fits else None


def plain_text(text: str) -> str:
    """Return the text with plain line ends and without NUL, which PostgreSQL cannot store."""
    return text.replace("\r\n", "\n").replace("\x00", "")
