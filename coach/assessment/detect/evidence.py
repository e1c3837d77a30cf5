"""Learned roles and wording weighed together: how sure a step has, or lacks, something.

One set of borders and weights for every detector, so that no detector is fitted to its few
labelled texts; the weights are rounded from two fits, each on the answers of one author and checked
on the other's (docs/evaluation.md). Without sentence vectors, or in a step where a role was never
seen, the wording stands alone.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from coach.assessment import lexicon
from coach.assessment.detect.rule import Cue, gap
from coach.assessment.reading import Reading
from coach.assessment.roles import threshold
from coach.assessment.text import Span, words

DOUBTFUL = 0.40
"""From here on a sentence may have the role; it has when the wording shows the same."""
PRESENT, SURELY_PRESENT = 0.70, 0.90
"""From here on a sentence has the role without support by the wording; and surely has it with."""
GAP_BASE, GAP_ROLE, GAP_WORDED, GAP_FIGURES = -0.1, -0.8, 1.8, -1.65
"""Log-odds of a gap: to begin with, per logit of the role, when no wording shows what is looked
for, and per logarithm of the step's figures: steps that argue with figures seldom lack a part."""
MOST_FIGURES = 9
GAP_ASKED, GAP_SURE = 0.0, 2.0
"""A gap is asked about from even odds on: on each author's answers 0.92 and 0.86 of these gaps were
there; from one to two they had been 0.81 and 0.78, for 0.05 and 0.06 of recall."""
EVEN = 0.5
"""In place of a role that was never seen in the step."""
LEAST = 0.003
"""Probabilities are read between this and its complement."""


@dataclass(frozen=True)
class Gap:
    """Something lacks; ``sure`` when learned and worded evidence agree on it."""

    sure: bool


def likelihood(r: Reading, *roles: str) -> float | None:
    """The highest probability of any of the roles; None where none of them can be read."""
    table = r.read_roles.table or {}
    known = [role for role in roles if role in table]
    return max((r.read_roles.probability(role) for role in known), default=None)


def lacking(r: Reading, *roles: str, worded: bool) -> Gap | None:
    """Whether a step lacks all of the roles.

    Args:
        r: the step.
        roles: any of them would do.
        worded: whether the wording shows what is looked for.
    """
    if not r.read_roles.known:
        return None if worded else Gap(sure=False)
    value = likelihood(r, *roles)
    value = EVEN if value is None else value
    if value >= SURELY_PRESENT:
        return None
    clipped = min(max(value, LEAST), 1 - LEAST)
    odds = GAP_BASE + GAP_ROLE * math.log(clipped / (1 - clipped))
    odds += GAP_WORDED * (not worded) + GAP_FIGURES * _figures(r)
    return Gap(sure=odds >= GAP_SURE and not worded) if odds >= GAP_ASKED else None


def _figures(r: Reading) -> float:
    """The logarithm of one more than the different figures of a step, so many at most."""
    return math.log1p(min(len({(n.value, n.unit) for n in r.numbers}), MOST_FIGURES))


def omission(
    r: Reading,
    *roles: str,
    worded: bool,
    said: tuple[str, ...] = (),
    shows: tuple[str, ...] = (),
    near: tuple[str, ...] = (),
    facts: dict[str, str] | None = None,
    **slots: str,
) -> Cue | None:
    """The cue for a step that lacks all of the roles; see `lacking`.

    ``said`` are concepts that call the thing by its name ("Risk: ..."): nothing is asked for that
    the student has put a name to. ``shows`` are concepts that the words beside the gap must not
    have: "why X because Y happens" is no question.
    """
    found = None if r.has(*said) else lacking(r, *roles, worded=worded)
    told = {**slots, **(facts or {})}
    cue = gap(r, *near, sure=found.sure, facts=told) if found else None
    beside = cue.near.quote if cue and cue.near else ""
    return None if any(lexicon.has(concept, beside) for concept in shows) else cue


@dataclass(frozen=True)
class Deed:
    """A sentence that does what it should not; ``sure`` as in `Gap`."""

    span: Span
    sure: bool


def committed(
    r: Reading,
    role: str,
    worded: Span | None,
    *,
    unless: tuple[str, ...] = (),
    rather: tuple[str, ...] = (),
) -> Deed | None:
    """The sentence that most probably has a role no answer should have.

    Args:
        r: the step.
        role: the role.
        worded: where the wording shows the same, or None.
        unless: roles that make it good when a sentence more probably has one of them.
        rather: roles that a sentence must not have more probably itself.
    """
    known = likelihood(r, role)
    if known is None:
        return Deed(worded, sure=False) if worded else None
    span, value = _most_probable(r, role, rather)
    if value < (DOUBTFUL if worded else PRESENT) or value <= (likelihood(r, *unless) or 0.0):
        return None
    return Deed(span, sure=value >= SURELY_PRESENT and worded is not None) if span else None


def is_also(r: Reading, span: Span, *roles: str) -> bool:
    """Whether a unit has one of the roles as likely as not."""
    table, units = r.read_roles.table or {}, r.read_roles.units
    found = (table[role][units.index(span)] for role in roles if role in table and span in units)
    return any(value >= EVEN for value in found)


def most_probable(r: Reading, role: str) -> Span | None:
    """The unit with the highest probability of a role, whatever that is."""
    return _most_probable(r, role, ())[0]


def _most_probable(r: Reading, role: str, rather: tuple[str, ...]) -> tuple[Span | None, float]:
    """The unit with the highest probability of a role, and that; 0 where none is left.

    Left out are units that more probably have one of the roles in ``rather``, and figures alone:
    a cell with "25" is no sentence, whatever it reads like.
    """
    table = r.read_roles.table or {}
    others = [table[name] for name in rather if name in table]
    values = [
        0.0 if any(other[i] > value for other in others) or not words(unit.quote) else value
        for i, (unit, value) in enumerate(
            zip(r.read_roles.units, table.get(role, ()), strict=False)
        )
    ]
    best = max(range(len(values)), key=lambda i: (values[i], -i), default=None)
    return (None, 0.0) if best is None else (r.read_roles.units[best], values[best])


def having(r: Reading, *roles: str) -> tuple[Span, ...]:
    """Units that probably have one of the roles, in order; () where none can be read."""
    table = r.read_roles.table or {}
    found: set[Span] = set()
    for role in roles:
        if role in table and threshold(role) is not None:
            found.update(r.roles(role))
    return tuple(sorted(found))
