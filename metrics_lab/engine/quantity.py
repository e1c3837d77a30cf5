"""Numbers that are not known exactly: a range that holds the true value nine times out of ten.

A share between 0 and 1 becomes a beta distribution, another positive number a lognormal, and one
that may be negative a normal. Each is fitted so that the range's two ends are its 5 % and 95 %
quantiles (for the usual coverage of 90 %).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from statistics import NormalDist
from typing import TYPE_CHECKING, Literal

from metrics_lab.engine.wording import kind_of

if TYPE_CHECKING:
    from metrics_lab.engine.arrays import Array

Kind = Literal["beta", "lognormal", "normal"]
Status = Literal["given", "assumed", "measured"]
KINDS: tuple[Kind, ...] = ("beta", "lognormal", "normal")
STATUSES: tuple[Status, ...] = ("given", "assumed", "measured")
KIND_WORDS = {
    "beta": "a share, so a beta distribution",
    "lognormal": "always above 0, so a lognormal distribution",
    "normal": "may fall below 0, so a normal distribution",
}
COVERAGE = 0.9
NARROWEST = 1e-6
"""A range has at least this width, relative to its ends: narrower is a point, and not a range."""

LARGEST, FARTHEST = 1e100, 1e12
"""No end is larger, and no positive range wider than from 1 to this: no sample can overflow."""

# The beta's inverse is slow, so it is tabled over z-scores, which no sample of 2**30 leaves.
KNOTS, REACH = 512, 6.6
FIT_STEPS, FIT_ERROR, LONGEST_STEP = 60, 1e-10, 1.5
CACHED_FITS = 512

_NORMAL = NormalDist()


class QuantityError(ValueError):
    """A number or a range that cannot be; `field` is the end at fault: "lo", "hi" or "kind"."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True, slots=True)
class Point:
    """A number that is taken as exact, with where it comes from."""

    value: float
    status: Status = "given"
    source: str = ""

    def __post_init__(self) -> None:
        """Raise QuantityError for what is no finite number, or for an unknown status."""
        _check_number("value", self.value)
        _check_status(self.status)


@dataclass(frozen=True, slots=True)
class Range:
    """A number that lies between `lo` and `hi` with the probability `coverage`.

    The two tails beyond the ends are equally likely. `kind` says how the values are spread;
    `Range.of` chooses it from the unit.
    """

    lo: float
    hi: float
    kind: Kind
    coverage: float = COVERAGE
    status: Status = "assumed"
    source: str = ""

    def __post_init__(self) -> None:
        """Raise QuantityError, which names the end at fault and the remedy."""
        _check_number("lo", self.lo)
        _check_number("hi", self.hi)
        _check_status(self.status)
        if not 0 < self.coverage < 1:
            raise QuantityError("coverage", "Coverage must lie between 0 and 1, as 0.9.")
        _check_order(self.lo, self.hi)
        _check_kind(self.lo, self.hi, self.kind)

    @classmethod
    def of(
        cls,
        lo: float,
        hi: float,
        unit: str = "",
        *,
        coverage: float = COVERAGE,
        status: Status = "assumed",
        source: str = "",
    ) -> Range:
        """Return the range with the kind that suits its unit; raise QuantityError naming a fault.

        A unit that begins with "share" or "%" must stay between 0 and 1. A number without a unit
        that does so is taken for a share as well, but may be any other ratio.
        """
        _check_number("lo", lo)
        _check_number("hi", hi)
        return cls(lo, hi, kind_for(lo, hi, unit), coverage, status, source)

    @property
    def median(self) -> float:
        """Return the value that is as likely to be passed as not."""
        import numpy as np

        return float(spread(self, np.zeros(1))[0])


def kind_for(lo: float, hi: float, unit: str = "") -> Kind:
    """Return how a number of this unit with these ends is spread."""
    if is_share(unit) or (kind_of(unit) == "share" and lo >= 0 and hi <= 1):
        return "beta"
    return "lognormal" if lo > 0 else "normal"


def is_share(unit: str) -> bool:
    """Return whether a unit is a part of a whole, so that it never passes 100 %."""
    return unit.strip().lower().startswith(("share", "%"))


def spread(found: Range, scores: Array) -> Array:
    """Return the range's values at standard normal `scores`, of the same shape, in its own unit.

    The value at score 0 is the median; higher scores have higher values. A beta's values lie
    between 0 and 1, also where rounding would take them past it.
    """
    import numpy as np

    if found.kind == "beta":
        return _tabled(found, scores)
    lo, hi = found.lo, found.hi
    if found.kind == "lognormal":
        lo, hi = math.log(lo), math.log(hi)
    middle, scale = (lo + hi) / 2, (hi - lo) / (2 * _end(found.coverage))
    values: Array = middle + scale * scores
    return np.exp(values) if found.kind == "lognormal" else values


@lru_cache(maxsize=CACHED_FITS)
def fit_beta(lo: float, hi: float, coverage: float = COVERAGE) -> tuple[float, float]:
    """Return (a, b) of the beta distribution whose outer quantiles are `lo` and `hi`.

    Newton's method on log a and log b, with both quantiles on the logit scale, where they are
    nearly straight. It starts from the moments of a logit-normal with the same ends.

    Raises:
        QuantityError: no beta distribution has these ends, or they are too close to tell.
    """
    from scipy.special import betaincinv

    tail = (1 - coverage) / 2
    wanted = (_logit(lo), _logit(hi))
    middle, scale = sum(wanted) / 2, (wanted[1] - wanted[0]) / (2 * _end(coverage))
    at = (
        math.log((1 + math.exp(middle)) / scale**2),
        math.log((1 + math.exp(-middle)) / scale**2),
    )

    def off(log_a: float, log_b: float) -> tuple[float, float]:
        a, b = math.exp(log_a), math.exp(log_b)
        # The upper end by its complement: near 1 a number has few digits left.
        low, rest = float(betaincinv(a, b, tail)), float(betaincinv(b, a, tail))
        return _logit(low) - wanted[0], -_logit(rest) - wanted[1]

    try:
        found = _solved(off, at)
    except (ArithmeticError, ValueError):
        found = None
    if found is None:
        raise QuantityError(
            "hi",
            f"No share is spread so that its range runs from {lo:.6%} to {hi:.6%}."
            " Write ends that are further apart, and further from 0 % and 100 %.",
        )
    return math.exp(found[0]), math.exp(found[1])


def _solved(
    off: Callable[[float, float], tuple[float, float]], start: tuple[float, float]
) -> tuple[float, float] | None:
    """Return where both errors vanish, or None where Newton's method does not get there."""
    x, y = start
    for _ in range(FIT_STEPS):
        error = off(x, y)
        if max(map(abs, error)) < FIT_ERROR:
            return x, y
        step = _newton(off, x, y, error)
        shorter = min(1.0, LONGEST_STEP / (max(map(abs, step)) or 1.0))
        x, y = x - shorter * step[0], y - shorter * step[1]
    return (x, y) if max(map(abs, off(x, y))) < FIT_ERROR * 1e3 else None


def _newton(
    off: Callable[[float, float], tuple[float, float]],
    x: float,
    y: float,
    error: tuple[float, float],
) -> tuple[float, float]:
    """Return the step to take back, from a Jacobian by symmetric differences."""
    h = 1e-4
    dx = [(p - m) / (2 * h) for p, m in zip(off(x + h, y), off(x - h, y), strict=True)]
    dy = [(p - m) / (2 * h) for p, m in zip(off(x, y + h), off(x, y - h), strict=True)]
    determinant = dx[0] * dy[1] - dx[1] * dy[0]
    return (
        (error[0] * dy[1] - error[1] * dy[0]) / determinant,
        (error[1] * dx[0] - error[0] * dx[1]) / determinant,
    )


def _tabled(found: Range, scores: Array) -> Array:
    """Return a beta's values by cubic interpolation between exact knots, held within 0 and 1."""
    import numpy as np

    table = _beta_table(found.lo, found.hi, found.coverage)
    place = (np.clip(scores, -REACH, REACH) + REACH) * (KNOTS / (2 * REACH))
    cell = np.minimum(place.astype(np.intp), KNOTS - 1)
    part = place - cell
    values: Array = table[0][cell] + part * (
        table[1][cell] + part * (table[2][cell] + part * table[3][cell])
    )
    return np.clip(values, 0.0, 1.0, out=values)


@lru_cache(maxsize=CACHED_FITS)
def _beta_table(lo: float, hi: float, coverage: float) -> Array:
    """Return the Hermite coefficients, of shape (4, KNOTS), of a beta's inverse over z-scores.

    A knot's slope is exact: d(value)/d(score) = normal density / beta density.
    """
    import numpy as np
    from scipy.special import betainccinv, betaincinv, betaln, ndtr, xlog1py, xlogy

    a, b = fit_beta(lo, hi, coverage)
    z = np.linspace(-REACH, REACH, KNOTS + 1)
    x = np.where(z < 0, betaincinv(a, b, ndtr(z)), betainccinv(a, b, ndtr(-z)))
    with np.errstate(all="ignore"):
        log_density = xlogy(a - 1, x) + xlog1py(b - 1, -x) - betaln(a, b)
        slope = np.exp(-(z**2) / 2 - math.log(2 * math.pi) / 2 - log_density)
    slope = np.where(np.isfinite(slope), slope, 0.0) * (2 * REACH / KNOTS)
    rise = np.diff(x)
    # Fritsch and Carlson's bound (1980): with it the interpolant never turns back.
    first, second = (np.minimum(s, 3 * rise) for s in (slope[:-1], slope[1:]))
    return np.stack([x[:-1], first, 3 * rise - 2 * first - second, first + second - 2 * rise])


def _end(coverage: float) -> float:
    """Return the z-score of a range's upper end."""
    return _NORMAL.inv_cdf((1 + coverage) / 2)


def _logit(share: float) -> float:
    return math.log(share) - math.log1p(-share)


def _check_number(field: str, value: float) -> None:
    if not math.isfinite(value):
        raise QuantityError(field, "A finite number is needed.")
    if abs(value) > LARGEST:
        raise QuantityError(field, "This number is too large.")


def _check_status(status: str) -> None:
    if status not in STATUSES:
        raise QuantityError("status", f"A number is {', '.join(STATUSES)}; “{status}” is not.")


def _check_order(lo: float, hi: float) -> None:
    if lo > hi:
        raise QuantityError("lo", f"The low end, {lo:g}, lies above the high end, {hi:g}.")
    if hi - lo <= NARROWEST * max(abs(lo), abs(hi)):
        raise QuantityError("hi", "The two ends are equal: write one number, or a wider range.")


def _check_kind(lo: float, hi: float, kind: str) -> None:
    if kind not in KINDS:
        raise QuantityError("kind", f"A range is one of {', '.join(KINDS)}; “{kind}” is not.")
    if kind == "lognormal":
        _check_positive(lo, hi)
    if kind == "beta":
        _check_share(lo, hi)


def _check_positive(lo: float, hi: float) -> None:
    if lo <= 0:
        raise QuantityError("lo", "The low end must be above 0.")
    if hi / lo > FARTHEST:
        raise QuantityError("hi", f"The ends are more than {FARTHEST:g} times apart.")


def _check_share(lo: float, hi: float) -> None:
    if hi > 1:
        raise QuantityError("hi", f"A share ends at 100 %; {hi:.6g} is {hi:.4%}.")
    if lo < 0:
        raise QuantityError("lo", "A share cannot be below 0 %.")
    if lo == 0:
        raise QuantityError("lo", "Some values lie below the low end, so write more than 0 %.")
    if hi == 1:
        raise QuantityError("hi", "Some values lie above the high end, so write less than 100 %.")
