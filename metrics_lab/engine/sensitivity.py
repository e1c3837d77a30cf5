"""Which input moves a result most: each one alone, from one end of its band to the other."""

from collections.abc import Mapping
from dataclasses import dataclass

from metrics_lab.engine.graph import Model
from metrics_lab.engine.scenario import Lever, what_if


@dataclass(frozen=True, slots=True)
class Swing:
    """What one input does to the target while all others stay as they are today.

    `band` is where the input lies, in its own unit; `at_low` and `at_high` are the target's
    values at the two ends of the band, in the target's unit.
    """

    symbol: str
    band: tuple[float, float]
    at_low: float
    at_high: float

    @property
    def worst(self) -> float:
        """Return the smaller of the target's two values."""
        return min(self.at_low, self.at_high)

    @property
    def best(self) -> float:
        """Return the larger of the target's two values."""
        return max(self.at_low, self.at_high)

    @property
    def width(self) -> float:
        """Return how far the target moves between the two ends."""
        return self.best - self.worst


def tornado(
    model: Model, target: str, bands: Mapping[str, tuple[float, float]]
) -> tuple[Swing, ...]:
    """Return the swing of each input with a band, the widest first, ties by name.

    An input on which the target does not depend, or whose band is a point, has width 0. The
    widths do not add up: two inputs that move together multiply. Two evaluations an input.

    Raises:
        UnknownSymbolError: the target or an input is not in the model.
        ImpossibleError: an end of a band cannot be, such as a share over 100 %.
    """
    model.rule(target)
    swings = (_swing(model, target, symbol, band) for symbol, band in bands.items())
    return tuple(sorted(swings, key=lambda swing: (-swing.width, swing.symbol)))


def _swing(model: Model, target: str, symbol: str, band: tuple[float, float]) -> Swing:
    low, high = sorted(band)
    at_low, at_high = (
        what_if(model, [Lever(symbol, "set", end)]).after[target] for end in (low, high)
    )
    return Swing(symbol, (low, high), at_low, at_high)
