"""Cases as the coach plays them: read once a process, joined with interviewer, rules and lab."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from typing import Any

from django.conf import settings

from coach.assessment.context import CaseContext, from_case, plain
from coach.assessment.lab import checker, claim_model
from coach.case_play import facts_of
from coach.interviewer import bank, encoder
from coach.interviewer.facts import Fact
from coach.interviewer.index import FactIndex
from coach.models import CaseKey
from metrics_lab.engine.claim.model import ClaimModel
from metrics_lab.engine.claim.result import ClaimCheck
from questions.case import Case, Relation
from questions.models import CaseVersion, Question
from questions.selectors.bank import FIRST_CASE
from questions.variant import variant

CACHED_CASES = 128
SYMBOL = re.compile(r"[a-z][a-z0-9_]*")


@lru_cache(maxsize=CACHED_CASES)
def case_of(key: CaseKey) -> Case:
    """Return the case of a version with the numbers it is played with.

    Versions never change, so a process reads each once.

    Raises:
        CaseVersion.DoesNotExist: no such version.
    """
    if key.variant is not None:
        return variant(case_of(CaseKey(key.version_id)), key.variant)
    return Case.from_dict(CaseVersion.objects.only("data").get(pk=key.version_id).data)


@lru_cache(maxsize=CACHED_CASES)
def interviewer_facts_of(key: CaseKey) -> tuple[Fact, ...]:
    """Return the fact sheet of a case version as the interviewer reads it."""
    return facts_of(case_of(key))


@lru_cache(maxsize=CACHED_CASES)
def fact_index_of(key: CaseKey) -> FactIndex:
    """Return the interviewer's index over the facts of a case version.

    Encoding a fact sheet takes seconds; its vectors are kept in var/ for the next process.
    """
    name = f"{case_of(key).slug}{f'-{key.variant}' if key.variant else ''}"
    keep = settings.VAR_DIR / "vectors" / f"{name}.npz"
    return FactIndex.build(interviewer_facts_of(key), encoder.get_encoder(), keep)


@lru_cache(maxsize=CACHED_CASES)
def context_of(key: CaseKey) -> CaseContext:
    """Return what the rules know about the case of a version."""
    return from_case(case_of(key))


def stated_relations(case: Case) -> list[Relation]:
    """Return the relations that state a figure of their own.

    One that only gives another figure a second way of computing it (``equals``) is left out,
    unless a formula is built on it.
    """
    used = {name for relation in case.relations for name in SYMBOL.findall(relation.formula)}
    return [r for r in case.relations if not r.equals or r.symbol in used]


@lru_cache(maxsize=CACHED_CASES)
def claim_model_of(key: CaseKey) -> ClaimModel:
    """Return the numbers of a case version for checking claims; one figure under two names
    (``equals``) is stated once."""
    model = claim_model(case_of(key))
    model.prepare()  # once a case, so that no sentence pays for it
    return model


@lru_cache(maxsize=CACHED_CASES)
def secrets_of(key: CaseKey) -> tuple[str, ...]:
    """Return the texts of a case that a student may only read later, or only on asking: the good
    examples of each step, what the case holds for right, and the answers to facts."""
    case = case_of(key)
    examples = [guide.examples for guide in case.steps.values()]
    scored = [text for e in examples for text in (e.level_3.text, e.level_4.text)]
    return (*scored, *_texts(plain(case.substance)), *(fact.answer for fact in case.facts))


def _texts(value: Any) -> Iterator[str]:
    """Every text inside plain data."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from _texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)


def number_checker_of(
    key: CaseKey, *, answer: bool = False
) -> Callable[[str], Sequence[ClaimCheck]]:
    """Return a function that checks the numbers of a text, or an answer, against a case version."""
    return checker(claim_model_of(key), answer=answer)


def warm_up() -> str:
    """Load the interviewer's model, its phrases and the case a newcomer meets first.

    Returns:
        A sentence that says what the interviewer works with.
    """
    if (loaded := encoder.get_encoder()) is not None:
        bank.load(loaded)
    first = Question.objects.filter(slug=FIRST_CASE).values_list("current_version", flat=True)
    for version_id in first:
        if version_id is not None:
            fact_index_of(CaseKey(version_id))
    return encoder.status().sentence
