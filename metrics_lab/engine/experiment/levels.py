"""The settings of a test: error level, power, sides and arms, and their normal quantiles."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist

NORMAL = NormalDist()
MOST_ARMS = 20


class ExperimentError(ValueError):
    """An input of a test plan that cannot be, with its remedy; ``field`` names it, or is empty."""

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True, slots=True)
class Levels:
    """How sure a test must be.

    ``alpha`` is the error level of the whole test, ``power`` the chance to see the change that is
    looked for, ``sides`` 1 or 2, ``arms`` the control and its variants together. Each variant is
    compared with the control; with ``divided`` the error level is divided by the number of these
    comparisons (Bonferroni), so that it holds for all of them together.

    Raises:
        ExperimentError: a setting is out of its range.
    """

    alpha: float = 0.05
    power: float = 0.8
    sides: int = 2
    arms: int = 2
    divided: bool = True

    def __post_init__(self) -> None:
        if not 0 < self.alpha < 1:
            raise ExperimentError("The error level must lie between 0 and 1, as 0.05.", "alpha")
        if not 0 < self.power < 1:
            raise ExperimentError("Power must lie between 0 and 1, as 0.8.", "power")
        if self.sides not in (1, 2):
            raise ExperimentError("A test has one side or two.", "sides")
        if not 2 <= self.arms <= MOST_ARMS:
            raise ExperimentError(f"A test has 2 to {MOST_ARMS} arms.", "arms")
        if self.power <= self.alpha / self.sides:
            raise ExperimentError(
                "Power must lie above the error level: at or below it a coin does as well.", "power"
            )

    @property
    def comparisons(self) -> int:
        """Variants that are compared with the control."""
        return self.arms - 1

    @property
    def alpha_each(self) -> float:
        """The error level of one comparison."""
        return self.alpha / self.comparisons if self.divided else self.alpha

    @property
    def z_alpha(self) -> float:
        """The critical value of one comparison."""
        return -NORMAL.inv_cdf(self.alpha_each / self.sides)

    @property
    def z_power(self) -> float:
        """The quantile that belongs to the power."""
        return NORMAL.inv_cdf(self.power)


STANDARD = Levels()
