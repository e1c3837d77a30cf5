"""What became of a sentence that was checked, as the templates want it."""

from __future__ import annotations

from dataclasses import dataclass

from metrics_lab.engine.claim import ClaimCheck
from metrics_lab.words import ERROR_WORDS, capital

LONGEST = 600
AS_READ = "This is how it was read. If you meant something else, say the base and the period."
UNREADABLE = "This sentence could not be read. Put it in other words."


@dataclass(frozen=True)
class CheckRow:
    """One claim as components/claim_check.html wants it."""

    verdict: str
    label: str
    quote: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class SentenceCheck:
    """What became of a sentence: its claims, or a remark where there is none to judge."""

    text: str
    rows: tuple[CheckRow, ...] = ()
    remark: str = ""
    error: str = ""


def too_long(text: str) -> SentenceCheck | None:
    """Return what is said of a text over the limit, or None."""
    if len(text) <= LONGEST:
        return None
    return SentenceCheck(text, error=f"At most {LONGEST} characters; this has {len(text)}.")


def row_of(found: ClaimCheck) -> CheckRow:
    """Return a claim's row; what the checker is not certain of is shown as a question."""
    lines = tuple(capital(step) for step in found.steps)
    if found.verdict in ("correct", "close"):
        label = "Correct" if found.verdict == "correct" else "Close"
        return CheckRow("correct", label, found.quote, lines)
    named = ERROR_WORDS.get(found.error or "", "")
    if found.verdict == "wrong" and found.certain:
        return CheckRow("wrong", f"Wrong: {named}" if named else "Wrong", found.quote, lines)
    label = "Two readings" if found.verdict == "ambiguous" else "A question"
    return CheckRow("unclear", label, found.quote, (*lines, AS_READ))
