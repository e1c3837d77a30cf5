"""Logs that name the fault and its place, never the words that caused it."""

from __future__ import annotations

import logging
import traceback
from types import TracebackType

ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class WithoutWords(logging.Formatter):
    """Write an exception as its kind and where it was raised.

    The message of an exception may hold what a student typed or a row of the database: a number
    that cannot be read, a value that breaks a constraint.
    """

    def formatException(self, ei: ExcInfo) -> str:
        """Return the places, outermost first, and the kind of each exception of the chain."""
        lines: list[str] = []
        error: BaseException | None = ei[1]
        while error is not None:
            kind = f"{type(error).__module__}.{type(error).__qualname__}"
            places = "".join(traceback.format_tb(error.__traceback__))
            lines.insert(0, f"{places}{kind}")
            error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
        return "\nthen\n".join(lines)
