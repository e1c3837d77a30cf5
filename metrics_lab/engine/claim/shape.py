"""What kind of statement each number makes: a level, a change, a difference, a ratio, or none."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from metrics_lab.engine.claim import lexicon as words
from metrics_lab.engine.claim.items import Item
from metrics_lab.engine.claim.marks import is_structural
from metrics_lab.engine.claim.model import is_unit_noun, stem
from metrics_lab.engine.claim.numbers import Number

_NEXT_PART = words.RESULT | words.NEW_VERB | words.PREDICATES
_PER = re.compile(
    r"^\W*(?:(?:of|on|from|with|for|per|in|at)\s+)?(?:per|an?|each|every|one)\s+(?:average\s+|new\s+|single\s+|"
    r"paying\s+|typical\s+|completed\s+)*(?P<noun>[a-z]+)",
    re.I,
)
_PERIOD = re.compile(
    r"\b(?:per|an?|each|every|over\s+the|over\s+a|in\s+an?|in\s+the|within\s+an?|/|for\s+the|for\s+a|"
    r"of\s+each|this|by\s+the|during\s+the|a\s+full|across\s+a|across\s+the|in\s+one)\s*(?:whole\s+|full\s+|calendar\s+|typical\s+|average\s+)?"
    r"(?P<one>day|week|month|quarter|year)\b|\b(?P<two>daily|weekly|monthly|quarterly|yearly|annual|annually)\b|"
    r"/(?P<three>day|week|month|quarter|year|mo|yr)\b",
    re.I,
)
_RATIO_OF = re.compile(
    r"^\s*(?:of|as\s+(?:much|many|high|large|big))\s+(?:the\s+|our\s+|what\s+|as\s+)?(?:\w+\s+){0,2}?"
    r"(?:today|current|present|now|baseline|it\s+is|we\s+have|before|old|original)",
    re.I,
)
_VERSUS_TODAY = re.compile(
    r"^\s*(?:above|below|over|on\s+top\s+of|up\s+on|down\s+on)\s+(?:the\s+|our\s+|what\s+)?"
    r"(?:\w+\s+)?(?:today|current|present|now|baseline|where|what|it)",
    re.I,
)


# "a dollar on the price", "one euro less"
_STEP = re.compile(
    rf"(?:an?|one|each|every)\s+(?:\w+\s+)?(?:{words.ONE_MONEY})\b(?:\s+(?P<less>less|off|down|lower))?",
    re.I,
)
# "half again as many trials", "a third as much again"
_AGAIN = re.compile(r"^\s*(?:again\s+as|as\s+(?:many|much)\s+(?:\w+\s+){0,3}again)\b", re.I)
_ONE_OF = re.compile(
    r"\b(?:an?|one)\s+(?:average\s+|typical\s+|single\s+|new\s+)?(?P<noun>[a-z]+)\s+"
    r"(?:costs?|brings?(?:\s+in)?|pays?|spends?|earns?|leaves?|gives?|is\s+worth|comes?\s+to|amounts?\s+to|adds\s+up\s+to)\b[^,;]{0,24}$",
    re.I,
)
# "households pay £73": of each of them
_MANY_OF = re.compile(
    r"(?:^|[,;:]\s*|\b(?:and|our|the|that)\s+)(?P<noun>[a-z]+s)\s+(?:pay|spend|leave|bring(?:\s+in)?)\b[^,;]{0,16}$",
    re.I,
)
_DETERMINERS = words.word_set("the a an our their its")
_TWELVE = re.compile(
    r"\b(?:over|in|across|for|within|of)\s+(?:the\s+)?(?:next\s+)?(?:12|twelve)\s+months\b", re.I
)
_STOP = re.compile(r"[.;!?](?:\s|$)")
_PAUSE = re.compile(r"[.;,!?]\s")
_DOWN = re.compile(r"\s*(?:below|down)")
_EACH = re.compile(r"\b(?:each|every|per)\s+(\w+)(?:\s+(\w+))?", re.I)
_PER_BEHIND = re.compile(
    r"\b(?:per|for\s+each|for\s+every|on\s+each|on\s+every|on\s+an?|from\s+each|from\s+every|of\s+each|of\s+an?)\s+"
    r"(?:average\s+|new\s+|single\s+|paying\s+)?(?P<noun>[a-z]+)",
    re.I,
)
# What a pattern needs: none is tried where its words are missing.
_PERIOD_PARTS = ("day", "week", "month", "quarter", "year", "daily", "annual", "/mo", "/yr")
_EACH_PARTS = ("each", "every", "per")
_MANY_PARTS = ("pay", "spend", "leave", "bring")


@dataclass(frozen=True, slots=True)
class Shape:
    """One number's statement.

    `form` is level, change, delta, ratio or skip; `sign` is +1, -1 or 0 where it is open.
    """

    form: str
    sign: int = 1
    period: str = ""
    per: str = ""


def shape_of(index: int, items: Sequence[Item], text: str) -> Shape:
    """Return what the number at items[index] states, from the words around it."""
    number = items[index].number
    if number is None or _says_nothing(number, index, items, text):
        return Shape("skip")
    if step := _STEP.match(text[number.start :]):
        sign, _ = _direction(index, items)
        return Shape("delta", -1 if step["less"] else sign)
    after = text[number.end : _next_number(index, items, len(text))]
    after = _STOP.split(after, maxsplit=1)[0]
    period = _period(number, after, index, items, text)
    per = _per(after, _PAUSE.split(text[: number.start])[-1])
    sign, changed = _direction(index, items)
    form = _form(number, after, changed and _is_delta(index, items, text))
    if form == "change" and number.kind == "percent" and _VERSUS_TODAY.match(after):
        sign = -1 if _DOWN.match(after) else 1
    elif form == "ratio" or (form == "change" and _AGAIN.match(after)):
        sign = 1
    elif form == "level" and number.kind == "percent" and changed:
        form = "change"
    return Shape(form, sign, period, per)


def _says_nothing(number: Number, index: int, items: Sequence[Item], text: str) -> bool:
    """Return whether a number is denied, counts a plan or only marks a place."""
    plan = number.time == "effort" or _is_planning(index, items)
    return number.negated or plan or is_structural(number, text)


def _form(number: Number, after: str, delta: bool) -> str:
    """Return the form that a number's own kind and the words behind it give."""
    if number.kind == "ratio" and _AGAIN.match(after):
        return "change"
    if number.kind == "ratio" or (number.kind == "percent" and _RATIO_OF.match(after)):
        return "ratio"
    compared = _VERSUS_TODAY.match(after) or _AGAIN.match(after)
    if number.kind == "points" or (number.kind == "percent" and compared):
        return "change"
    return "delta" if delta and number.kind != "percent" else "level"


def _direction(index: int, items: Sequence[Item]) -> tuple[int, bool]:
    """Return (+1, -1 or 0 if it is open, whether words of change stand by the number)."""
    near = _right(index, items, 4) + _left(index, items, 5)
    for item in near:
        if item.word in words.NEUTRAL:
            return 0, True
        if item.word in words.LESS and not _is_comparison(item, items):
            return -1, True
        if item.word in words.MORE and not _is_comparison(item, items):
            return 1, True
    first = items[index].text[:1]
    return (1, True) if first in "+-−" else (1, False)


def _is_comparison(item: Item, items: Sequence[Item]) -> bool:
    """Return whether "more" belongs to "more than 3 %", a bound and no change."""
    place = next(i for i, other in enumerate(items) if other is item)
    following = items[place + 1] if place + 1 < len(items) else None
    after_that = items[place + 2] if place + 2 < len(items) else None
    return (
        following is not None
        and following.word == "than"
        and after_that is not None
        and after_that.number is not None
    )


def _right(index: int, items: Sequence[Item], reach: int) -> list[Item]:
    found: list[Item] = []
    for item in items[index + 1 : index + 1 + reach]:
        if (
            item.number
            or not item.text[0].isalpha()
            or item.word in ("and", "or", "from", "to", "if")
        ):
            break
        if item.clause != items[index].clause or item.word in _NEXT_PART:
            break
        found.append(item)
        if item.mentions:
            found += _after_noun(item, items)
            break
    if found and found[0].word in ("of",):
        return found[:1]
    return found


def _after_noun(noun: Item, items: Sequence[Item]) -> list[Item]:
    """Return the "more" of "500 members more"."""
    place = next(i for i, other in enumerate(items) if other is noun)
    following = list(items[place + 1 : place + 3])
    more = bool(following) and following[0].word in ("more", "fewer", "less", "extra")
    return following[:1] if more and following[-1].word != "than" else []


def _left(index: int, items: Sequence[Item], reach: int) -> list[Item]:
    """Return the words just before the number, as far as they can carry "up by"."""
    found: list[Item] = []
    for item in reversed(items[max(0, index - reach) : index]):
        if item.word in ("us", "them", "you") and not found:
            continue  # "saves us 500"
        if item.number or item.clause != items[index].clause or not item.text[0].isalpha():
            break
        if item.word == "of" and not found:  # "an increase of 12 %"
            noun = items[index - 2].word if index > 1 else ""
            if noun in words.CHANGES:
                return [items[index - 2]]
        if item.word in ("of", "at", "to", "is", "was", "are", "than", "and") and item.word != "by":
            break
        found.append(item)
    first = found[0].word if found else ""
    joined = first in ("by", "up", "down", "plus", "minus", "a", "an", "another") or (
        first in words.CHANGES
    )
    adverb = first in ("about", "around", "roughly", "only", "just", "some", "almost", "nearly")
    return found if joined or adverb or _is_moved(found) else []


def _is_moved(found: Sequence[Item]) -> bool:
    """Return whether a verb moves what is named just before a number: "lifts the close rate 2 %".

    `found` are the items before the number, the nearest first.
    """
    if not found or not found[0].mentions:
        return False
    verb = next((item.word for item in found[1:] if item.word not in _DETERMINERS), "")
    return verb in words.PREDICATES


def _is_delta(index: int, items: Sequence[Item], text: str) -> bool:
    """Return whether an amount is a difference ("18,000 more orders") and not a level."""
    near = [item.word for item in _right(index, items, 3)]
    if any(word in words.DELTA or word in words.MORE or word in words.LESS for word in near):
        return True
    if items[index].text[:1] in "+-−":
        return True
    before = [item.word for item in _left(index, items, 5)]
    return bool(before) and (
        before[0] in words.DELTA
        or before[0] in ("up", "down", "plus", "minus")
        or "by" in before[:2]
        or any(w in words.DELTA for w in before)
    )


def _is_planning(index: int, items: Sequence[Item]) -> bool:
    """Return whether a small count belongs to the student's plan: people to talk to, ideas."""
    number = items[index].number
    if number is None or number.kind != "count" or number.value > 60 or number.half < 0:
        return False
    here = items[index].sentence
    near = [i.word for i in items[max(0, index - 4) : index] if i.sentence == here]
    following = [i.word for i in items[index + 1 : index + 3] if i.sentence == here]
    return any(w in words.PLANNING for w in near + following) or following[:1] in (
        ["who"],
        ["people"],
    )


def _next_number(index: int, items: Sequence[Item], end: int) -> int:
    return next((item.start for item in items[index + 1 :] if item.number), end)


def _per_before(before: str) -> str:
    """Return the noun of "each trip leaves us", said before the number."""
    low = words.lowered(before)
    found = _EACH.findall(before[-45:]) if words.has_any(low, _EACH_PARTS) else []
    nouns = [stem(noun) for pair in found for noun in pair]
    subject = _ONE_OF.search(before)
    if subject is None and words.has_any(low, _MANY_PARTS):
        subject = _MANY_OF.search(before)
    if subject:
        return stem(subject["noun"])
    return next((noun for noun in nouns if is_unit_noun(noun)), "")


def _per(after: str, before: str = "") -> str:
    match = _PER.match(after) or _PER_BEHIND.search(after[:45])
    if match is None or match["noun"].lower() in words.PERIODS:
        return _per_before(before)
    noun = stem(match["noun"])
    return noun if is_unit_noun(noun) else ""


def _first_period(text: str) -> re.Match[str] | None:
    return _PERIOD.search(text) if words.has_any(words.lowered(text), _PERIOD_PARTS) else None


def _period(number: Number, after: str, index: int, items: Sequence[Item], text: str) -> str:
    near = text[max(0, number.start - 60) : number.start]
    if any("months" in words.lowered(one) and _TWELVE.search(one) for one in (after, near)):
        return "year"
    match = _first_period(after)
    if match is None:
        start = next((i.end for i in reversed(items[:index]) if i.number), 0)
        opened = next((i.start for i in items if i.sentence == items[index].sentence), 0)
        before = text[max(start, opened) : number.start]
        if words.has_any(words.lowered(before), _PERIOD_PARTS):
            match = next(iter(reversed(list(_PERIOD.finditer(before)))), None)
    if match is None:
        return ""
    word = (match["one"] or match["two"] or match["three"]).lower()
    word = {"mo": "month", "yr": "year"}.get(word, word)
    return words.PERIOD_WORDS.get(word, word)
