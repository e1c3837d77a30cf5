"""The ledger: facts that were given and assumptions that were made, beside the conversation."""

from __future__ import annotations

from collections.abc import Iterable

from coach import cases
from coach.interviewer.assumptions import Assumption
from coach.models import Attempt, LedgerEntry
from metrics_lab.engine import wording
from questions.case import Case, Fact


def facts_record(*, attempt: Attempt, step: str, fact_ids: Iterable[str]) -> None:
    """Write the figures that the facts reveal into the ledger, each once."""
    case = cases.case_of(attempt.case_key)
    for fact_id in fact_ids:
        for key, label, value in fact_lines(case, case.fact(fact_id)):
            LedgerEntry.objects.get_or_create(
                attempt=attempt,
                kind=LedgerEntry.FACT,
                key=f"{fact_id}:{key}"[:80],
                defaults={"step": step, "label": label[:120], "value": value[:300]},
            )


def fact_lines(case: Case, fact: Fact) -> list[tuple[str, str, str]]:
    """Return (symbol, label, value) for what a fact reveals; statements have no value."""
    derived = {relation.symbol: relation for relation in case.relations}
    lines = []
    for symbol in fact.reveals:
        if baseline := case.baselines.get(symbol):
            label = baseline.label or _words(symbol)
            lines.append((symbol, label, wording.format_value(baseline.value, baseline.unit)))
        elif relation := derived.get(symbol):
            label = relation.label or _words(symbol)
            lines.append((symbol, label, wording.format_value(relation.value, relation.unit)))
        elif statement := case.statements.get(symbol):
            lines.append((symbol, statement, ""))
    return lines


def assumptions_record(*, attempt: Attempt, step: str, assumptions: Iterable[Assumption]) -> int:
    """Write assumptions read from a message; the same label again replaces its value."""
    count = 0
    for assumption in assumptions:
        LedgerEntry.objects.update_or_create(
            attempt=attempt,
            kind=LedgerEntry.ASSUMPTION,
            key=assumption.label.casefold()[:80],
            defaults={
                "step": step,
                "label": assumption.label[:120],
                "value": assumption.value[:300],
            },
        )
        count += 1
    return count


def assumption_add(*, attempt: Attempt, step: str, label: str, value: str) -> LedgerEntry:
    """Write an assumption the student typed into the ledger itself."""
    entry, _ = LedgerEntry.objects.update_or_create(
        attempt=attempt,
        kind=LedgerEntry.ASSUMPTION,
        key=label.casefold()[:80],
        defaults={"step": step, "label": label[:120], "value": value[:300]},
    )
    return entry


def assumption_remove(*, attempt: Attempt, entry_id: int) -> None:
    """Strike an assumption from the ledger; facts stay."""
    attempt.ledger.filter(pk=entry_id, kind=LedgerEntry.ASSUMPTION).delete()


def given_fact_ids(attempt: Attempt) -> list[str]:
    """Return the ids of the facts given so far, in the order they were given."""
    keys = attempt.ledger.filter(kind=LedgerEntry.FACT).values_list("key", flat=True)
    return list(dict.fromkeys(fact_id_of(key) for key in keys))


def told_symbols(attempt: Attempt) -> frozenset[str]:
    """Return the symbols whose figures were given so far."""
    keys = attempt.ledger.filter(kind=LedgerEntry.FACT).values_list("key", flat=True)
    return frozenset(map(symbol_of, keys))


def fact_id_of(key: str) -> str:
    """Return the id of the fact that a line of the ledger came from."""
    return key.partition(":")[0]


def symbol_of(key: str) -> str:
    """Return the symbol whose figure, or statement, a line of the ledger tells."""
    return key.partition(":")[2]


def _words(symbol: str) -> str:
    return symbol.replace("_", " ")
