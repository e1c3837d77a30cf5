"""Agreement of two sets of levels: exact, within one, quadratic weighted kappa with an interval.

Quadratic weighted kappa: 1 - sum(w * observed) / sum(w * expected by chance) with weights
(i - j)^2 (Cohen 1968). It is undefined (None) when both sides use one and the same level only.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from typing import Any

SEED = 20_240_601
RESAMPLES = 1000


def quadratic_kappa(left: Sequence[int], right: Sequence[int]) -> float | None:
    """Quadratic weighted kappa of two equally long lists of levels; None when undefined.

    Raises:
        ValueError: the lists differ in length.
    """
    if len(left) != len(right):
        raise ValueError("the two lists of levels differ in length")
    n = len(left)
    observed = sum((a - b) ** 2 for a, b in zip(left, right, strict=True))
    ours, theirs = Counter(left), Counter(right)
    expected = sum((a - b) ** 2 * na * nb for a, na in ours.items() for b, nb in theirs.items())
    return 1 - observed * n / expected if expected else None


def interval(left: Sequence[int], right: Sequence[int]) -> list[float] | None:
    """The 95 % bootstrap interval of the kappa (percentiles, fixed seed); None when undefined."""
    if not left:
        return None
    draw = random.Random(SEED)  # noqa: S311  a fixed seed, so that a figure can be had again
    n, values = len(left), []
    for _ in range(RESAMPLES):
        picked = [draw.randrange(n) for _ in range(n)]
        kappa = quadratic_kappa([left[i] for i in picked], [right[i] for i in picked])
        if kappa is not None:
            values.append(kappa)
    if len(values) < RESAMPLES // 2:
        return None
    values.sort()
    return [round(values[int(len(values) * q)], 4) for q in (0.025, 0.975)]


def share(hits: int, n: int) -> float | None:
    """A rate as a fraction, None over nothing."""
    return round(hits / n, 4) if n else None


def agreement(gold: Sequence[int], found: Sequence[int]) -> dict[str, Any]:
    """n, exact, within one, kappa and its interval of found levels against gold."""
    n = len(gold)
    exact = sum(a == b for a, b in zip(gold, found, strict=True))
    near = sum(abs(a - b) <= 1 for a, b in zip(gold, found, strict=True))
    kappa = quadratic_kappa(gold, found) if n else None
    return {
        "n": n,
        "level_exact": share(exact, n),
        "level_within_1": share(near, n),
        "level_qwk": None if kappa is None else round(kappa, 4),
        "level_qwk_95": interval(gold, found),
    }
