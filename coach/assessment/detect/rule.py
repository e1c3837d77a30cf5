"""What a detector is: one mistake, one small function, its evidence or what it looked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from coach.assessment.reading import Reading
from coach.assessment.text import Span


@dataclass(frozen=True)
class Cue:
    """A detector's result before it is put into words.

    ``span`` are the words the mistake is in; without one the mistake is a gap, and ``near`` are
    the student's words beside it. ``exact`` marks a count, a sum or a field the student filled in,
    which may be stated. ``sure`` marks evidence of both kinds, learned and worded, far from the
    border: it may be stated where it was measured precise enough. All else is asked.
    """

    span: Span | None = None
    near: Span | None = None
    exact: bool = False
    sure: bool = False
    slots: Mapping[str, str] = field(default_factory=dict)


ASKS_FOR_SIDES = frozenset(("clarify", "segment", "solutions"))
"""Steps whose rules ask for the other sides of a market."""
Detector = Callable[[Reading], Cue | None]


@dataclass(frozen=True)
class Rule:
    """A detector with the id of its mistake and the case types it speaks about (empty: all)."""

    id: str
    detect: Detector
    types: frozenset[str] = frozenset()


def hit(span: Span | None, *, exact: bool = False, sure: bool = False, **slots: str) -> Cue | None:
    """A mistake in the student's own words; None without words."""
    return Cue(span, span, exact, sure, slots) if span else None


def gap(
    r: Reading,
    *near: str,
    exact: bool = False,
    sure: bool = False,
    facts: Mapping[str, str] | None = None,
    **slots: str,
) -> Cue | None:
    """Something that was looked for and not found; None for an empty step."""
    beside = r.near(*near)
    return Cue(None, beside, exact, sure, {**slots, **(facts or {})}) if beside else None


def units(r: Reading) -> tuple[Span, ...]:
    """The items of the step, or its sentences when it has no items."""
    return r.items.spans or r.telling


def listed(names: tuple[str, ...]) -> str:
    """Names as people list them: "sellers and creators"."""
    return " and ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else "".join(names)


def other_sides_missing(r: Reading) -> str:
    """The sides beside the buying one, listed, when the step names none of them; else ""."""
    others = tuple(s.name for s in r.context.sides[1:])
    return listed(others) if others and not set(r.sides()) & set(others) else ""


def newly_missing(r: Reading) -> str:
    """The other sides, when this is the first step that should name them and does not.

    Where a step before it named none either, the question was asked there.
    """
    asked = any(other_sides_missing(e) for step, e in r.earlier.items() if step in ASKS_FOR_SIDES)
    return "" if asked else other_sides_missing(r)


def fact_slots(r: Reading, *hints: str, of: frozenset[str] = frozenset()) -> dict[str, str]:
    """A figure near the text that was told, as the slots fact and fact_name; {} without one.

    With ``of`` it is a number or a share of such things, by their stems.
    """
    text = " ".join(s.quote for s in r.telling)
    best = r.context.figure_near(text if not hints else " ".join(hints), *hints, of=of)
    return {"fact": best.sentence, "fact_name": best.label} if best else {}
