"""WordPiece for an uncased BERT vocabulary, enough for short English texts.

The algorithm is the one of Devlin et al. 2018 (BERT): clean, lower-case, strip accents, split on
white space and punctuation, then the longest vocabulary pieces first from the left.
"""

import unicodedata
from collections.abc import Iterator, Mapping
from pathlib import Path

MAX_WORD = 100
CJK_RANGES = ((0x4E00, 0x9FFF), (0x3400, 0x4DBF), (0xF900, 0xFAFF), (0x20000, 0x2FA1F))


def load_vocabulary(path: Path) -> dict[str, int]:
    """Piece -> id, the id being the line number from 0."""
    return {piece: i for i, piece in enumerate(path.read_text("utf-8").split("\n")) if piece}


def _is_punctuation(char: str) -> bool:
    code = ord(char)
    ascii_sign = 33 <= code <= 47 or 58 <= code <= 64 or 91 <= code <= 96 or 123 <= code <= 126
    return ascii_sign or unicodedata.category(char).startswith("P")


def _is_cjk(char: str) -> bool:
    return any(low <= ord(char) <= high for low, high in CJK_RANGES)


def _clean(text: str) -> Iterator[str]:
    for char in unicodedata.normalize("NFD", text.lower()):
        category = unicodedata.category(char)
        if char in "\t\n\r" or category == "Zs":
            yield " "
        elif char == "\ufffd" or category.startswith("C") or category == "Mn":
            continue
        elif _is_cjk(char) or _is_punctuation(char):
            yield f" {char} "
        else:
            yield char


def words(text: str) -> list[str]:
    """The words and signs of a text, before they are cut into pieces."""
    return "".join(_clean(text)).split()


class WordPiece:
    """Turns a text into token ids: [CLS] pieces [SEP], cut to `limit` tokens."""

    def __init__(self, vocabulary: Mapping[str, int], limit: int) -> None:
        self._vocabulary = vocabulary
        self._limit = limit
        self._cls, self._sep = vocabulary["[CLS]"], vocabulary["[SEP]"]
        self._unknown = vocabulary["[UNK]"]

    def _pieces(self, word: str) -> list[int]:
        if len(word) > MAX_WORD:
            return [self._unknown]
        found: list[int] = []
        start = 0
        while start < len(word):
            prefix = "##" if start else ""
            end = next(
                (
                    e
                    for e in range(len(word), start, -1)
                    if prefix + word[start:e] in self._vocabulary
                ),
                start,
            )
            if end == start:
                return [self._unknown]
            found.append(self._vocabulary[prefix + word[start:end]])
            start = end
        return found

    def ids(self, text: str) -> list[int]:
        """Token ids; at most `limit` of them."""
        found: list[int] = []
        for word in words(text[: self._limit * 12]):
            found.extend(self._pieces(word))
            if len(found) >= self._limit - 2:
                break
        return [self._cls, *found[: self._limit - 2], self._sep]
