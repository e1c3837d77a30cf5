"""Ranges that go together: pairs of inputs with a rank correlation."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

STRONGEST = 0.99
"""At 1 the two would be one figure, and their correlations with others could not differ."""
MOST_PAIRS = 24


@dataclass(frozen=True, slots=True)
class Together:
    """Two inputs whose ranges go together.

    `rank` is Spearman's correlation: above 0 one tends to be high when the other is, below 0 one
    tends to be low when the other is high.
    """

    one: str
    other: str
    rank: float

    @property
    def pair(self) -> frozenset[str]:
        """Return the two symbols; their order says nothing."""
        return frozenset((self.one, self.other))


def correlations_of(
    pairs: Iterable[Together], ranged: Collection[str]
) -> dict[tuple[str, str], float]:
    """Return the correlations of the pairs whose inputs both vary."""
    return {(p.one, p.other): p.rank for p in pairs if p.one in ranged and p.other in ranged}
