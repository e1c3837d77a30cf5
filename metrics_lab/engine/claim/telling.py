"""What a check may tell somebody who knows only some figures of the case.

The checks know every figure. Whoever has asked for none could otherwise read the fact sheet by
claiming any value and looking at the sum.
"""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet

from metrics_lab.engine.claim.result import Source

Line = tuple[str, Source]
NOTHING = Source()


def told_steps(
    steps: Sequence[str], sources: Sequence[Source], known: AbstractSet[str]
) -> tuple[str, ...] | None:
    """Return the steps for somebody who knows these symbols' figures; None when some must not be
    told.

    A step may be told when every figure it is made of is known or was worked out from such. A
    figure that is known as it is stands without the sum behind it, unless something is supposed:
    then it is no longer the figure of the case.
    """
    rest = [NOTHING] * (len(steps) - len(sources))
    lines = list(zip(steps, [*sources, *rest], strict=True))
    is_supposed = any(source.supposed for _, source in lines)
    as_given: AbstractSet[str] = frozenset() if is_supposed else known
    reached = _reached(lines, known, as_given)
    if not all(source.gives or reached.issuperset(source.of) for _, source in lines):
        return None
    derived = frozenset(source.gives for _, source in lines) - {""}
    needed = {next((source.gives for _, source in reversed(lines) if source.gives), "")}
    told: list[str] = []
    for step, source in reversed(lines):
        if not source.gives:
            told.append(step)
        elif source.gives in needed:
            if reached.issuperset(source.of):
                needed |= derived.intersection(source.of)
                told.append(step)
            elif source.gives in as_given:
                told.append(_as_given(step))
            else:
                return None
    return tuple(reversed(told))


def _reached(
    lines: Sequence[Line], known: AbstractSet[str], as_given: AbstractSet[str]
) -> set[str]:
    """Return what is known or follows from it; the sums stand in the order of their making."""
    derived = frozenset(source.gives for _, source in lines)
    reached = set((known - derived) | as_given)
    for _, source in lines:
        if source.gives and reached.issuperset(source.of):
            reached.add(source.gives)
    return reached


def _as_given(step: str) -> str:
    """ "Trips = Planners / 2 = 10 / 2 = 5" without the sum."""
    label, *_, value = step.split(" = ")
    return f"{label}: {value} (given)"
