"""Changes that a text states twice ("from 6 to 9 minutes, so by 33 %"), checked by themselves."""

import re
from collections.abc import Sequence
from itertools import pairwise

from metrics_lab.engine.claim.numbers import Number
from metrics_lab.engine.claim.result import ClaimCheck
from metrics_lab.engine.claim.tolerance import fit
from metrics_lab.engine.wording import plain

_TO = re.compile(r"^\s*(?:[a-z]+\s+){0,2}(?:to|->|→)\s+(?:about\s+|only\s+)?$", re.I)
_SO = re.compile(
    r"^\s*(?:\b[a-z]{1,12}\b\s*){0,4}?[,(;:–-]?\s*(?:so|or|i\.e\.|that['’]s|that\s+is|which\s+is|"
    r"which\s+means|is|means|equals|thus|hence|=|an?(?=\s+(?:increase|rise|growth|gain|drop|fall|"
    r"decrease|lift|improvement)\s+of)|by|up|down|\(\+?)\s*"
    r"(?:up\s+|down\s+|only\s+|just\s+|merely\s+|plus\s+|minus\s+|about\s+|roughly\s+|an?\s+)*"
    r"(?:(?:increase|rise|growth|gain|drop|fall|decrease|lift|improvement)\s+of\s+)?(?:by\s+)?$",
    re.I,
)
# "... to 2.5% in three months. This is 0.5% more": said again in the sentence behind.
_NEXT_SENTENCE = re.compile(
    r"^(?:[\s,]+[\w-]+){0,6}\s*[.;]\s+(?:so\s+)?(?:this|that|it)(?:['’]s|\s+is|\s+means)\s+"
    r"(?:only\s+|just\s+|about\s+|an?\s+|merely\s+)*$",
    re.I,
)
_CHANGE_WORD = re.compile(
    r"^\s*(?:more|higher|less|lower|fewer|better|increase|rise|growth|improvement|gain|drop|fall|"
    r"lift|decrease)\b",
    re.I,
)
_OF_OTHER = re.compile(r"^\s*(?:of\b|points?\b|pp\b|[x×*=])", re.I)


def check_lifts(text: str, numbers: Sequence[Number]) -> tuple[ClaimCheck, ...]:
    """Return a check for each percentage that repeats the change of the pair just before it.

    Right ones are "correct"; a wrong one is only called so where the mistake has a name.
    """
    checks = []
    for place, (old, new) in enumerate(pairwise(numbers)):
        change = next((n for n in numbers[place + 2 : place + 4] if not n.time), None)
        if change is None or change.kind != "percent" or change.negated:
            continue
        if not _TO.match(text[old.end : new.start]):
            continue
        if _says_again(text[new.end : change.start], text[change.end :]):
            check = _check(old, new, change, text)
            checks += [check] if check else []
    return tuple(checks)


def _says_again(between: str, after: str) -> bool:
    """Return whether words between a pair and a percentage say that it is the pair's change."""
    if _OF_OTHER.match(after):
        return False
    again = _NEXT_SENTENCE.match(between) and _CHANGE_WORD.match(after)
    return bool(_SO.match(between) or again)


def _check(old: Number, new: Number, change: Number, text: str) -> ClaimCheck | None:
    if old.value <= 0 or new.value <= 0 or old.value == new.value:
        return None
    if len({old.kind, new.kind} - {"count"}) > 1 or {old.kind, new.kind} & {"points", "ratio"}:
        return None
    truth = 100 * abs(new.value / old.value - 1)
    claimed = abs(change.value)
    pair = f"From {plain(old.value)} to {plain(new.value)}"
    steps = [f"{pair} is a change of {plain(truth)} %."]
    if fit(change, claimed, truth).loose:
        return _made(change, text, "correct", None, claimed, truth, steps)
    named = {
        "wrong_base": (100 * abs(1 - old.value / new.value), "It was divided by the new value."),
        "ratio_for_lift": (100 * new.value / old.value, "That is the new value, not the change."),
    }
    if new.kind == "percent":
        why = "Those are percentage points, not percent."
        named["points_for_percent"] = (abs(new.value - old.value), why)
    for error, (value, why) in named.items():
        if abs(claimed - value) <= max(change.strict, 0.01 * value):
            return _made(change, text, "wrong", error, claimed, truth, [*steps, why])
    return None


def _made(
    number: Number,
    text: str,
    verdict: str,
    error: str | None,
    claimed: float,
    truth: float,
    steps: Sequence[str],
) -> ClaimCheck:
    return ClaimCheck(
        verdict, error, text[number.start : number.end], number.start, number.end,
        claimed, truth, "%", tuple(steps), certain=True,
    )  # fmt: skip
