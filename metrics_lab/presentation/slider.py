"""The scale beneath a slider."""

from __future__ import annotations

STEPS = 100

# The width of the scale on a small phone and of one of its letters, in px.
SCALE, LETTER, GAP = 260.0, 7.0, 10.0


def hidden_ends(percent: int, today: str, low: str, high: str) -> tuple[bool, bool]:
    """Say which end of the scale gives way to the words of today (see components/lever.html).

    Args:
        percent: where today stands on the scale, 0 to 100.
    """
    width, at = LETTER * len(today), SCALE * percent / 100
    start = at if percent <= 25 else at - width if percent > 75 else at - width / 2
    return (
        LETTER * len(low) + GAP > start + 8,
        start + width + GAP > SCALE + 8 - LETTER * len(high),
    )
