"""Numbers as people type them into a field of the lab."""

from __future__ import annotations

import math
import re

LONGEST = 40
SCALES = {"": 1.0, "k": 1e3, "thousand": 1e3, "m": 1e6, "million": 1e6, "bn": 1e9, "billion": 1e9}
NUMBER = re.compile(r"([-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?)\s*([a-z]*)", re.I)
THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")


def read_number(text: str) -> float | None:
    """Return a number written as "2.5", "2,5", "10,000", "$30", "12 %" or "10 million".

    A percent sign is passed over: whether 12 means 0.12 is the field's to say. None for what is
    no number, for more than 40 characters, and for what is beyond all numbers (1e999).
    """
    if len(text) > LONGEST:
        return None
    bare = THOUSANDS.sub("", re.sub(r"[%$€£\s]+", " ", text).strip()).replace(",", ".")
    found = NUMBER.fullmatch(bare)
    if not found or found[2].lower() not in SCALES:
        return None
    value = float(found[1]) * SCALES[found[2].lower()]
    return value if math.isfinite(value) else None
