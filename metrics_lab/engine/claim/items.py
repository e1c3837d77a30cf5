"""A text as a row of items: numbers, mentions of the case's symbols, words and stops."""

import re
from collections.abc import Mapping, Sequence
from operator import itemgetter
from typing import NamedTuple

from metrics_lab.engine.claim.model import stem
from metrics_lab.engine.claim.numbers import Number, find_numbers

Names = Mapping[str, Sequence[tuple[tuple[str, ...], str, float]]]

_PIECE = re.compile(r"[A-Za-z](?:[^\W_]|['’])*|->|→|[×*÷/=+−–—&()]|[.!?;:,]")
_STOPS = frozenset(".!?;")
_PAUSES = frozenset((*_STOPS, ",", ":", "—", "–"))
# A full stop ends a sentence unless it ends an abbreviation ("i.e.", "approx.").
_SHORT = re.compile(
    r"(?:\b(?:[a-z]|approx|avg|ca|vs|resp|incl|excl|etc|est|max|min|mth|mo|yr|wk|mio|mln)"
    r"|\b[bcdfghjklmnpqrstvwxz]{2,})$",
    re.I,
)
_BREAKERS = frozenset(
    ("so", "which", "then", "because", "while", "therefore", "hence", "but", "thus")
)

# A word that names more figures than these names none of them.
MOST = 16
_OWNERS = frozenset(("our", "the", "my", "your", "their", "its", "a", "an"))


class Item(NamedTuple):
    """One piece of the text; `mentions` maps symbols to how surely the words name them.

    `word` is the text in lower case.
    """

    text: str
    start: int
    end: int
    sentence: int
    clause: int
    number: Number | None = None
    mentions: tuple[tuple[str, float], ...] = ()
    word: str = ""

    def weight(self, symbol: str) -> float:
        """Return how surely the item names the symbol, 0 if it does not."""
        for name, weight in self.mentions:
            if name == symbol:
                return weight
        return 0.0


def read_items(text: str, names: Names) -> tuple[Item, ...]:
    """Return the items of a text in order."""
    numbers = find_numbers(text)
    pieces = _pieces(text, numbers)
    items: list[Item] = []
    sentence = clause = position = 0
    while position < len(pieces):
        start, end, number = pieces[position]
        piece = text[start:end]
        word = piece.lower()
        if number is None and piece in _PAUSES:
            clause += 1
            sentence += piece in _STOPS and _ends_sentence(text, start)
        clause += word in _BREAKERS
        length, mentions = (1, ()) if number else _mention(text, pieces, position, names)
        if length > 1 and word in _OWNERS:
            behind, _ = _mention(text, pieces, position + 1, names)
            if behind >= length:  # "our fee income" is fee income, not "our fee"
                length, mentions = 1, ()
        if length > 1:
            end = pieces[position + length - 1][1]
            piece = text[start:end]
            word = piece.lower()
        items.append(Item(piece, start, end, sentence, clause, number, mentions, word))
        position += length
    return tuple(items)


def _ends_sentence(text: str, start: int) -> bool:
    """Return whether the stop at `start` ends a sentence and no abbreviation."""
    if text[start] != "." or not text[start + 1 : start + 2].strip():
        return text[start] != "." or not _SHORT.search(text[max(0, start - 12) : start])
    return False


def _pieces(text: str, numbers: tuple[Number, ...]) -> list[tuple[int, int, Number | None]]:
    pieces: list[tuple[int, int, Number | None]] = [(n.start, n.end, n) for n in numbers]
    place = 0  # of the first number that ends behind the piece's start: neither overlaps its like
    for match in _PIECE.finditer(text):
        start, end = match.span()
        while place < len(numbers) and numbers[place].end <= start:
            place += 1
        if place == len(numbers) or numbers[place].start >= end:
            pieces.append((start, end, None))
        elif numbers[place].inner and any(n.inner and n.start < start < n.end - 4 for n in numbers):
            pieces += [(start, end, None)] if _inner(match[0], numbers) else []
    return sorted(pieces, key=itemgetter(0))  # no two begin at one place


def _inner(word: str, numbers: tuple[Number, ...]) -> bool:
    return any(word.lower() in number.inner.split() for number in numbers if number.inner)


def _mention(
    text: str,
    pieces: list[tuple[int, int, Number | None]],
    position: int,
    names: Names,
) -> tuple[int, tuple[tuple[str, float], ...]]:
    """Return (how many pieces, the symbols they name) for the longest name that begins here."""
    first = text[pieces[position][0] : pieces[position][1]]
    if not first[0].isalpha() or stem(first) not in names:
        return 1, ()
    ahead: list[str] = []
    sizes: list[int] = []
    for place, (start, end, number) in enumerate(pieces[position : position + 10]):
        if (
            number is None
            and text[start:end] in ":/&"
            and ahead
            and not text[end : end + 1].isspace()
        ):
            continue  # "LTV:CAC" and "LTV/CAC" are one name
        if number is not None or not text[start].isalpha():
            break
        ahead.append(stem(text[start:end]))
        sizes.append(place + 1)
    longest, found = 1, dict[str, float]()
    for phrase, name, weight in names[ahead[0]] if ahead else ():
        if len(phrase) >= longest and tuple(ahead[: len(phrase)]) == phrase:
            if len(phrase) > longest:
                longest, found = len(phrase), {}
            found[name] = max(weight, found.get(name, 0.0))
    named = sorted(found.items(), key=lambda one: -one[1])[:MOST] if found else []
    return (sizes[longest - 1] if sizes else 1), tuple(named)
