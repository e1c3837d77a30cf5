"""How near a claim has to be: half a unit of the last digit written, or one percent."""

from typing import NamedTuple

from metrics_lab.engine.claim import lexicon as words
from metrics_lab.engine.claim.numbers import Number

EXACT, LOOSE, CLOSE = 0.01, 0.10, 5.0
# A round "20 %" has a coarse last digit; it still does not make 16 % right, nor 12 % close.
ROUNDING_MOST, CLOSE_MOST = 0.10, 0.15


class Fit(NamedTuple):
    """How a claim fits a truth: `strict`, `loose` (only by rounding), `close`, or not at all."""

    strict: bool
    loose: bool
    close: bool


def fit(number: Number, claimed: float, truth: float) -> Fit:
    """Return how `claimed` (as written in `number`) fits `truth`, both in the same unit."""
    return _fit(number, claimed, truth, number.about)


def _fit(number: Number, claimed: float, truth: float, about: bool) -> Fit:
    gap = abs(claimed - truth) - 1e-9 * max(1.0, abs(truth))
    share = LOOSE if about else EXACT
    strict = max(number.strict, EXACT * abs(truth))
    rounding = min(number.half, max(number.strict, ROUNDING_MOST * abs(truth)))
    allowed = max(rounding, strict, share * abs(truth))
    near = CLOSE * allowed
    if not about:
        near = min(near, max(allowed, CLOSE_MOST * abs(truth)))
    return Fit(gap <= strict, gap <= allowed, gap <= near)


def holds(number: Number, claimed: float, truth: float) -> bool:
    """Return whether a bound ("more than 3 %") is true."""
    return truth > claimed if number.bound == ">" else truth < claimed


def equal(number: Number, value: float, kind: str, period: str = "", own: str = "") -> bool:
    """Return whether a number restates a known value, in its own period."""
    truth = in_period(100 * value if kind == "share" else value, own, period)
    size = abs(number.value)
    if abs(size - abs(truth)) > 0.11 * max(size, abs(truth)) + number.strict:
        return False  # far off: no need to look closer, and most figures are
    # "roughly" excuses a claim; it does not name a figure
    found = _fit(number, number.value, truth, about=False)
    return found.strict or (found.loose and number.half < 0.06 * abs(truth))


def in_time(value: float, own: str, wanted: str) -> float:
    """Return a length of time in another unit: 2 months are 60 days."""
    return in_period(value, wanted, own)


def in_period(value: float, own: str, wanted: str) -> float:
    """Return a flow per `own` period as a flow per `wanted`; unchanged where one is open."""
    if not own or not wanted or own == wanted:
        return value
    if {own, wanted} == {"month", "year"}:
        return value * (12 if wanted == "year" else 1 / 12)
    return value * words.PERIODS[wanted] / words.PERIODS[own]
