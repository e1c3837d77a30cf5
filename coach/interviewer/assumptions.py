"""Finds what a student assumes in a message: label, value and the exact words."""

import re
from dataclasses import dataclass

OPENERS = re.compile(
    r"\b(?:i(?:'ll| will|'m| am)? (?:just )?(?:assum(?:e|ing)|suppose|take it|presume)|"
    r"(?:let's|let us|let me|we(?:'ll| will| can)?|we) (?:assume|suppose|say)|assuming|"
    r"my assumption is|assumption\s*:|i(?:'ll| will) (?:go with|take|work with|say))\b"
    r"(?:\s+that\b)?[\s:,]*",
    re.I,
)
SENTENCE_END = re.compile(r"[.!?;\n](?!\d)|$")
NUMBER = re.compile(
    r"(?:[$€£]\s?)?\d(?:[\d,.]*\d)?\s?(?:%|percent|k\b|m\b|bn\b|thousand|million|billion)?"
    r"(?:\s?(?:dollars|euros|usd|eur|days?|weeks?|months?|quarters?|years?|hours?|minutes?|people|"
    r"users|orders|customers)\b)?",
    re.I,
)
EQUALS = re.compile(
    r"^(?P<label>.{2,80}?)(?:\s+(?:is|are|equals|to be|means|mean|will be|stays|stay)|\s*=)\s+"
    r"(?:at\s+|about\s+|around\s+|roughly\s+)?"
    r"(?P<value>.+)$",
    re.I,
)
MAX_LABEL = 80


@dataclass(frozen=True)
class Assumption:
    """`quote` is message[start:end] (code points); `value` is '' when none is stated."""

    label: str
    value: str
    quote: str
    start: int
    end: int


def _trimmed(text: str) -> str:
    return text.strip(" ,:-\"'").removeprefix("the ").strip()


def _label_and_value(body: str) -> tuple[str, str]:
    match = EQUALS.match(body)
    number = NUMBER.search(body)
    if match:
        return _trimmed(match["label"])[:MAX_LABEL], match["value"].strip()
    if number:
        rest = _trimmed((body[: number.start()] + body[number.end() :]).strip())
        return rest[:MAX_LABEL] or body[:MAX_LABEL], number.group().strip()
    return _trimmed(body)[:MAX_LABEL], ""


def find_assumptions(message: str) -> tuple[Assumption, ...]:
    """Assumptions in order of appearance; a question ('may I assume ...?') is not one."""
    found: list[Assumption] = []
    for opener in OPENERS.finditer(message):
        if found and opener.start() < found[-1].end:
            continue
        stop = SENTENCE_END.search(message, opener.end())
        end = stop.start() if stop else len(message)
        asked = message[end : end + 1] == "?"
        quote = message[opener.start() : end].rstrip(" ,")
        body = message[opener.end() : opener.start() + len(quote)].strip()
        if asked or len(body) < 2:
            continue
        label, value = _label_and_value(body)
        found.append(Assumption(label, value, quote, opener.start(), opener.start() + len(quote)))
    return tuple(found)
