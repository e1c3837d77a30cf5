"""What is taken out of a text before it leaves the site: who wrote it, and how to reach them.

Order matters little, completeness does: where a word might be a name it is taken out, and the
text only gets a little harder to read for the model.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from coach.assessment.text import STOPWORDS

NAME, ADDRESS, LINK, PHONE, PLACE = "[name]", "[e-mail]", "[link]", "[phone]", "[university]"
_EMAIL = re.compile(
    r"(?<![\w.+'-])[\w.+'-]+\s?(?:@|\(at\)|\[at\])\s?[\w-]+(?:\s?\.\s?[\w-]+)+", re.IGNORECASE
)
_LINK = re.compile(r"\b(?:https?://|www\.)\S+", re.IGNORECASE)
_HANDLE = re.compile(r"(?<![\w@])@\w{2,}")
_PHONE = re.compile(
    r"(?<![\w.,$€£])(?:(?:\+|00)\d[\d\s().\-/]{6,}\d|0\d{1,4}[\s()./-]{1,2}\d[\d\s./-]{5,}\d"
    r"|\(?\d{3}\)?[-.\s]\d{3}[-.\s]\d{4})(?![\w%])"
)
_ALSO_WORDS = STOPWORDS | {
    "art", "bill", "case", "chase", "chance", "faith", "frank", "grace", "grant", "guy", "hope",
    "jack", "joy", "king", "long", "mark", "may", "park", "pat", "price", "rich", "rose", "sky",
    "song", "sue", "summer", "will", "win", "young",
}  # fmt: skip
"""Names that are words as well: taken out only where they are written with a capital."""
SHORTEST_IN_ANY_CASE = 3


@dataclass(frozen=True)
class Private:
    """What says who somebody is: names of the person, and of where they belong."""

    names: tuple[str, ...] = ()
    places: tuple[str, ...] = ()


def scrub(text: str, private: Private) -> str:
    """Return a text without addresses, links, phone numbers, and the names of its author."""
    for pattern, mark in ((_EMAIL, ADDRESS), (_LINK, LINK), (_PHONE, PHONE), (_HANDLE, NAME)):
        text = pattern.sub(mark, text)
    for pattern, mark in _patterns(private):
        text = pattern.sub(mark, text)
    return text


@lru_cache(maxsize=256)
def _patterns(private: Private) -> tuple[tuple[re.Pattern[str], str], ...]:
    whole = [(_whole(term), PLACE) for term in private.places if term.strip()]
    whole += [(_whole(term), NAME) for term in private.names if len(term.strip()) > 1]
    parts = {part for name in private.names for part in _parts(name)}
    # The longest first: "Anna-Maria" before "Anna".
    return (*whole, *((_part(part), NAME) for part in sorted(parts, key=lambda p: (-len(p), p))))


def _parts(name: str) -> Iterator[str]:
    for written in (name, _without_accents(name)):
        for part in re.findall(r"[^\W\d_]+", written):
            if len(part) > 1:
                yield part.lower()


def _whole(term: str) -> re.Pattern[str]:
    forms = {term.strip(), _without_accents(term.strip())}
    any_form = "|".join(r"\s+".join(map(re.escape, form.split())) for form in sorted(forms))
    return re.compile(rf"(?<!\w)(?:{any_form})(?!\w)", re.IGNORECASE)


def _part(part: str) -> re.Pattern[str]:
    if part in _ALSO_WORDS or len(part) < SHORTEST_IN_ANY_CASE:
        return re.compile(rf"(?<!\w)(?:{part.capitalize()}|{part.upper()})(?!\w)")
    return re.compile(rf"(?<![^\W\d_]){re.escape(part)}(?![^\W\d_])", re.IGNORECASE)


def _without_accents(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
