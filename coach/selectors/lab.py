"""What the lab of an attempt may use: the facts that were given and the symbols they told."""

from __future__ import annotations

from dataclasses import dataclass

from coach.models import Attempt, LedgerEntry


@dataclass(frozen=True)
class Given:
    """Ids of facts, and symbols of the figures they tell."""

    facts: frozenset[str]
    symbols: frozenset[str]


def given_to(attempt: Attempt) -> Given:
    """Return what the student of an attempt has been given; one query."""
    keys = attempt.ledger.filter(kind=LedgerEntry.FACT).values_list("key", flat=True)
    pairs = [key.partition(":") for key in keys]
    return Given(
        facts=frozenset(fact for fact, _, _ in pairs),
        symbols=frozenset(symbol for _, _, symbol in pairs),
    )
