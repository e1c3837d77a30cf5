"""Two claims with a shape of their own: a RICE score and the size of a test."""

import re
from collections.abc import Sequence

from metrics_lab.engine import experiment
from metrics_lab.engine.claim import lexicon as words
from metrics_lab.engine.claim.bind import Statement
from metrics_lab.engine.claim.model import ClaimModel
from metrics_lab.engine.claim.numbers import Number
from metrics_lab.engine.claim.result import ClaimCheck
from metrics_lab.engine.claim.tolerance import fit, holds
from metrics_lab.engine.experiment.levels import Levels
from metrics_lab.engine.experiment.sizes import named_sizes, rounded_up
from metrics_lab.engine.priority import scores as priority
from metrics_lab.engine.wording import plain

_TEST = re.compile(
    r"\b(?:per|in\s+each|in\s+every|each|every|both)\s+(?:arm|group|variant|branch|cell|side|version|bucket)s?\b|"
    r"\bsample\s+size|\ba/?b[\s-]tests?\b|\bsplit\s+test|\bpower\b|\bsample\s+of\b|\bin\s+the\s+(?:test|sample|experiment)",
    re.I,
)
_TOTAL = re.compile(
    r"\b(?:in\s+total|altogether|overall|in\s+all|total|both\s+arms|both\s+groups|two\s+arms|combined)\b",
    re.I,
)
_ENOUGH = re.compile(r"\b(?:enough|suffic\w+|will\s+do|can\s+(?:detect|show)|suffices?)\b", re.I)
_POWER = re.compile(r"^\s*(?:statistical\s+)?power", re.I)
_LEVEL = re.compile(
    r"^\s*(?:significance|level|alpha|confidence|error|two-sided)|^\s*\w*\s*(?:significance|level)\b",
    re.I,
)
_PARTS = ("reach", "impact", "confidence", "effort")
# "R 65,000 I 1 C 60% E 3": the letters, where the text says RICE
_LETTER = re.compile(r"(?<![\w'’])(?P<letter>[RICE])\s*[=:]?\s*(?=\d)")
_RICE = re.compile(r"\bRICE\b")
_NAMES = {part: re.compile(rf"\b{part}\b", re.I) for part in _PARTS}
_BREAK = re.compile(r"[,;.]\s|\band\b")
_BREAK_BEFORE = re.compile(r"[,;.]|\band\b|\d")
_JOINED = re.compile(r"\s*(?:\S+\s+){0,2}(?:of\s+)?")
_EACH = re.compile(r"per\s+arm|each\s+arm|per\s+group")
_POWER_BEFORE = re.compile(r"power\s+(?:of\s+|is\s+|at\s+)?$")
_LEVEL_BEFORE = re.compile(r"(?:alpha|level|confidence)\s+(?:of\s+|is\s+)?$")
_NEEDED = ("arm", "group", "variant", "branch", "cell", "side", "version", "bucket", "sample",
           "test", "power", "experiment")  # fmt: skip
"""What a text about the size of a test has to hold in some place."""
_SCORE = re.compile(
    r"\bscore|\bRICE\b|=|\bcomes?\s+(?:out\s+)?(?:to|at)\b|\bgives\b|\bmakes\b|\bso\b|\bequals\b",
    re.I,
)


def is_rice(text: str) -> bool:
    """Return whether a text speaks of RICE or of at least three of its parts."""
    low = words.lowered(text)
    named = sum(part in low and bool(_NAMES[part].search(text)) for part in _PARTS)
    said = says_rice(text)
    return named >= 3 or (said and (named >= 2 or len(_letters(text)) == len(_PARTS)))


def says_rice(text: str) -> bool:
    """Return whether a text speaks of a RICE score in so many letters."""
    return "RICE" in text and bool(_RICE.search(text))


def _letters(text: str) -> list[re.Match[str]]:
    """Return where the four letters stand, each before its number and each once."""
    found = list(_LETTER.finditer(text))
    return found if [match["letter"] for match in found] == list("RICE") else []


def check_rice(text: str, numbers: Sequence[Number]) -> ClaimCheck | None:
    """Return the check of a RICE score: None where none is stated, ambiguous if a part lacks."""
    parts, left = _rice_parts(text, list(numbers))
    left = [n for n in left if n.kind == "count" and not n.time and not n.negated]
    if not left:
        return None
    score = _stated_score(text, left)
    if len(parts) < len(_PARTS):
        lacking = ", ".join(part for part in _PARTS if part not in parts)
        steps = (f"A RICE score needs {lacking} as well.",)
        return _made("ambiguous", None, text, score, None, "RICE score", steps)
    values = [parts[part].value for part in _PARTS]
    values[2] = (
        values[2] / 100 if parts["confidence"].kind == "percent" or values[2] > 1 else values[2]
    )
    try:
        truth = priority.rice_score(*values)
    except priority.PriorityError as error:
        return _made("wrong", "rice_arithmetic", text, score, None, "RICE score", (str(error),))
    shown = " × ".join(plain(value) for value in values[:3])
    steps = (f"({shown}) / {plain(values[3])} = {plain(truth)}.",)
    found = fit(score, score.value, truth)
    exact = found.strict or (found.loose and score.half <= 0.02 * truth)
    verdict = "correct" if exact else "wrong"
    error_name = None if exact else "rice_arithmetic"
    return _made(verdict, error_name, text, score, truth, "RICE score", steps)


def _rice_parts(text: str, numbers: list[Number]) -> tuple[dict[str, Number], list[Number]]:
    parts: dict[str, Number] = {}
    for part, letter in zip(_PARTS, _letters(text), strict=False):
        behind = (place for place, n in enumerate(numbers) if n.start >= letter.end() - 1)
        place = next(behind, None)
        if place is not None:
            parts[part] = numbers.pop(place)
    for part in _PARTS:
        for word in _NAMES[part].finditer(text):
            nearest = min(
                ((_distance(word, n, text), place) for place, n in enumerate(numbers)),
                default=(99, 0),
            )
            if nearest[0] < 30 and part not in parts:
                parts[part] = numbers.pop(nearest[1])
    return parts, numbers


def _distance(word: re.Match[str], number: Number, text: str) -> int:
    """Return how far a number stands from the word; behind it is nearer than before it."""
    if number.start >= word.end():
        between = text[word.end() : number.start]
        return 99 if _BREAK.search(between) else len(between)
    between = text[number.end : word.start()]
    if _BREAK_BEFORE.search(between):
        return 99
    return len(between) + (0 if _JOINED.fullmatch(between) else 15)


def _stated_score(text: str, left: Sequence[Number]) -> Number:
    marks = [match.end() for match in _SCORE.finditer(text)]
    behind = [n for n in left if any(mark <= n.start for mark in marks)]
    return behind[-1] if behind else left[-1]


def is_test(text: str) -> bool:
    """Return whether a text speaks of the size of a test."""
    return words.has_any(words.lowered(text), _NEEDED) and bool(_TEST.search(text))


def check_sample(text: str, found: Sequence[Statement], model: ClaimModel) -> ClaimCheck | None:
    """Return the check of a stated test size; None where no size or no two rates are stated."""
    alpha, power, rest = _settings(text, found)
    rates = _rates(rest, model)
    size = _size(rest)
    if rates is None or size is None:
        return None
    try:
        forms = _published(*rates, alpha, power)
    except experiment.ExperimentError:
        return None
    arms = 2 if _TOTAL.search(text) and not _EACH.search(text) else 1
    return _sample_verdict(text, size, rates, forms, arms)


def _published(p: float, q: float, alpha: float, power: float) -> list[tuple[str, float]]:
    """Return (label, people per arm) of the published forms; raise an ExperimentError for none.

    Their exact power takes milliseconds and is not asked for here.
    """
    forms = named_sizes(p, q, Levels(alpha, power))
    for _, _, size in forms:
        rounded_up(size)  # refuses what no test can have
    return [(label, size) for _, label, size in forms]


def _sample_verdict(
    text: str,
    size: Number,
    rates: tuple[float, float],
    forms: Sequence[tuple[str, float]],
    arms: int,
) -> ClaimCheck:
    truth = forms[0][1] * arms
    unit = "people in both arms" if arms == 2 else "people per arm"
    power = experiment.power_at(*rates, max(1.0, size.value / arms))
    steps = (
        f"From {rates[0]:.4g} to {rates[1]:.4g}, two-sided: {plain(truth)} {unit} (pooled form).",
        f"With {plain(size.value)} the power is {power:.1%}.",
    )
    found = fit(size, size.value, truth)
    bound = size.bound != "" and holds(size, size.value, truth)
    if (
        found.strict
        or (found.loose and size.half <= 0.05 * truth)
        or bound
        or (found.loose and size.about)
    ):
        return _made("correct", None, text, size, truth, unit, steps)
    if _ENOUGH.search(text) and size.value >= truth:
        return _made("correct", None, text, size, truth, unit, steps)
    for label, per_arm in forms[1:]:
        if abs(size.value - per_arm * arms) <= max(0.01 * per_arm * arms, size.strict):
            named = (*steps, f"That is another published form ({label}).")
            return _made("close", None, text, size, truth, unit, named)
    if found.close and abs(size.value - truth) <= 0.25 * truth:
        return _made("close", None, text, size, truth, unit, steps)
    return _made("wrong", "sample_size", text, size, truth, unit, steps)


def _settings(text: str, found: Sequence[Statement]) -> tuple[float, float, list[Statement]]:
    alpha, power, rest = 0.05, 0.8, []
    for statement in found:
        number, after = statement.number, text[statement.number.end :]
        before = text[max(0, number.start - 16) : number.start]
        if number.kind == "percent" and (_POWER.match(after) or _POWER_BEFORE.search(before)):
            power = number.share
        elif number.kind == "percent" and (_LEVEL.match(after) or _LEVEL_BEFORE.search(before)):
            alpha = number.share if number.share < 0.5 else 1 - number.share
        else:
            rest.append(statement)
    return (alpha, power, rest) if 0 < alpha < 1 and 0 < power < 1 else (0.05, 0.8, rest)


def _rates(found: Sequence[Statement], model: ClaimModel) -> tuple[float, float] | None:
    """Return (baseline rate, target rate) from a pair, two percentages, or a stated change."""
    for s in found:
        if s.origin is not None and s.number.kind == "percent":
            return s.origin.share, s.number.share
    levels = [s for s in found if s.shape.form == "level" and s.number.kind == "percent"]
    changes = [
        s for s in found if s.shape.form == "change" and s.number.kind in ("percent", "points")
    ]
    if len(levels) >= 2:
        return levels[0].number.share, levels[1].number.share
    named = next(
        (s.symbol for s in changes if s.symbol and model.known[s.symbol].kind == "share"), None
    )
    base = levels[0].number.share if levels else model.today[named] if named else None
    if base is None or not changes:
        return None
    change = changes[0].number
    sign = changes[0].shape.sign or 1
    return base, base + sign * (change.share if change.kind == "points" else base * change.share)


def _size(found: Sequence[Statement]) -> Number | None:
    counts = [s.number for s in found if s.number.kind == "count" and not s.number.time]
    counts = [n for n in counts if n.value >= 20]
    return counts[-1] if counts else None


def _made(
    verdict: str,
    error: str | None,
    text: str,
    number: Number,
    truth: float | None,
    unit: str,
    steps: tuple[str, ...],
) -> ClaimCheck:
    quote = text[number.start : number.end]
    return ClaimCheck(
        verdict, error, quote, number.start, number.end, number.value, truth, unit, steps
    )
