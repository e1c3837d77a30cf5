"""A seal on the rule of a pretotype: it shows that the rule was stated before the data.

The page keeps nothing; the address does. The seal is the rule with the time it was first stated,
signed, so that a rule that is changed after the data no longer fits it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from django.core import signing

from metrics_lab.engine.pretotype.rule import Rule

SALT = "metrics_lab.pretotype.rule"
LONGEST = 400

Stated = Literal["before", "changed", "together", "none"]


@dataclass(frozen=True)
class Seal:
    """What was stated, and when."""

    content: tuple[float, ...]
    at: datetime


def content_of(rule: Rule, x: float, poor: float) -> tuple[float, ...]:
    """Return what a seal holds: the rule, and the two rates that it tells apart."""
    return (rule.people, rule.go, rule.stop, x, poor)


def seal(content: tuple[float, ...], at: datetime) -> str:
    """Return the seal as text for an address."""
    return signing.dumps([list(content), at.isoformat(timespec="minutes")], salt=SALT)


def opened(text: str) -> Seal | None:
    """Return what a seal holds; None for none and for one that this site did not make."""
    if not text or len(text) > LONGEST:
        return None
    try:
        content, at = signing.loads(text, salt=SALT)
        return Seal(tuple(content), datetime.fromisoformat(at))
    except (signing.BadSignature, TypeError, ValueError):
        return None


def stated(rule: Rule | None, content: tuple[float, ...], found: Seal | None) -> Stated:
    """Return how the rule stands to data that have come in."""
    if rule is None:
        return "none"
    if found is None:
        return "together"
    return "before" if found.content == content else "changed"
