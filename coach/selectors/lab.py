"""What the lab of an attempt may use: the facts that were given and the symbols they told."""

from __future__ import annotations

from dataclasses import dataclass

from coach.models import Attempt, LedgerEntry
from coach.services.ledger import fact_id_of, symbol_of


@dataclass(frozen=True)
class Given:
    """Ids of facts, and symbols of the figures they tell."""

    facts: frozenset[str]
    symbols: frozenset[str]


def given_to(attempt: Attempt) -> Given:
    """Return what the student of an attempt has been given; one query."""
    keys = attempt.ledger.filter(kind=LedgerEntry.FACT).values_list("key", flat=True)
    return Given(facts=frozenset(map(fact_id_of, keys)), symbols=frozenset(map(symbol_of, keys)))
