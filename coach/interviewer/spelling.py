"""Typing errors and shorthand in a short message, mended before it is compared with anything.

Only a word that is in no dictionary is mended, and only by one edit (insert, delete, replace or
swap neighbours) into a word of the fact sheet or of the bank, so that names survive.
"""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from coach.interviewer.bank import words_of_bank
from coach.interviewer.data_files import DATA
from coach.interviewer.encoder import VOCABULARY
from coach.interviewer.lexical import tokens
from coach.interviewer.wordpiece import load_vocabulary

LETTERS = "abcdefghijklmnopqrstuvwxyz"
MIN_LENGTH = 5
MAX_LENGTH = 30
"""No word we know is longer, and the edits of a very long one take seconds."""
WORD = re.compile(r"[A-Za-z]+(?:'[A-Za-z]+)?")


@lru_cache(maxsize=1)
def _dictionary() -> frozenset[str]:
    return frozenset(p for p in load_vocabulary(VOCABULARY) if p.isalpha())


@lru_cache(maxsize=1)
def _shorthand() -> dict[str, str]:
    lines = (DATA / "abbreviations.txt").read_text("utf-8").splitlines()
    pairs = (line.split(" ", 1) for line in lines if line and not line.startswith("#"))
    return {pair[0]: pair[1] for pair in pairs}


def _one_edit(word: str) -> Iterator[str]:
    for i in range(len(word) + 1):
        head, tail = word[:i], word[i:]
        if len(tail) > 1:
            yield head + tail[1] + tail[0] + tail[2:]
        if tail:
            yield head + tail[1:]
        for letter in LETTERS:
            yield head + letter + tail
            if tail:
                yield head + letter + tail[1:]


class Speller:
    """Mends words towards the vocabulary of one fact sheet and of the bank."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._sheet = frozenset(word for text in texts for word in tokens(text))
        self._bank = frozenset(w for w in (t.strip("?.,!") for t in words_of_bank()) if w)

    def knows(self, word: str) -> bool:
        """Whether a lower-case word is in the dictionary, on the sheet, in the bank or a number."""
        known = word in _dictionary() or word in self._sheet or word in self._bank
        return known or any(char.isdigit() for char in word)

    def _mended(self, word: str) -> str:
        low = word.lower()
        if low in _shorthand():
            return _shorthand()[low]
        if not MIN_LENGTH <= len(low) <= MAX_LENGTH or "'" in low:
            return word
        if self.knows(low):
            return word
        near = sorted(set(_one_edit(low)))
        for vocabulary in (self._sheet, self._bank):
            found = [w for w in near if w in vocabulary and len(w) >= MIN_LENGTH - 1]
            if found:
                return found[0]
        return word

    def mend(self, text: str) -> str:
        """The text with shorthand written out and single typing errors mended."""
        return WORD.sub(lambda match: self._mended(match.group()), text)
