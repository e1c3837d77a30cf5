"""A fact of a case: what the interviewer knows and how people ask for it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Fact:
    """One entry of the fact sheet. `aliases` are other wordings of the question, or its topic."""

    id: str
    title: str
    question: str
    answer: str
    aliases: tuple[str, ...] = ()

    @property
    def wordings(self) -> tuple[str, ...]:
        """Everything somebody might say to ask for it, never empty strings."""
        return tuple(t for t in (self.title, self.question, *self.aliases) if t.strip())


def from_case(entries: Iterable[Mapping[str, Any]]) -> tuple[Fact, ...]:
    """Facts from a case file's `facts:` list, where `ask` holds the question and its wordings."""
    facts = []
    for entry in entries:
        question, *aliases = entry["ask"]
        facts.append(Fact(entry["id"], entry["title"], question, entry["answer"], tuple(aliases)))
    return tuple(facts)
