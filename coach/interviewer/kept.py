"""Readings of texts that are kept in a file, so that a fact sheet is encoded once a machine."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from coach.interviewer.encoder import Reading, TokenEncoder

FORM = "readings 2"
"""Changes when what is kept of a text changes."""


class KeptReadings:
    """An encoder that remembers what it read, in a file when one is named.

    The vectors are kept to the bit, so an index built from them equals one built afresh.
    """

    def __init__(self, encoder: TokenEncoder, path: Path | None) -> None:
        self._encoder = encoder
        self.key = encoder.key
        self._path = path
        self._kept = _load(path) if path else {}
        self._is_new = False

    def read(self, texts: Sequence[str]) -> tuple[Reading, ...]:
        """Return one reading a text, in order."""
        missing = [text for text in dict.fromkeys(texts) if self._key(text) not in self._kept]
        if missing:
            self._is_new = True
            for text, reading in zip(missing, self._encoder.read(missing), strict=True):
                self._kept[self._key(text)] = reading
        return tuple(self._kept[self._key(text)] for text in texts)

    def _key(self, text: str) -> str:
        content = f"{FORM}\n{self._encoder.key}\n{text}"
        return hashlib.sha256(content.encode("utf-8", "replace")).hexdigest()

    def save(self) -> None:
        """Write the file if anything is new."""
        if self._path and self._is_new:
            _write(self._path, self._kept)


def _load(path: Path) -> dict[str, Reading]:
    try:
        with np.load(path) as store:
            cuts = np.cumsum(store["sizes"])[:-1]
            own = zip(store["rows"], np.split(store["tokens"], cuts), strict=True)
            adapted = np.split(store["adapted_tokens"], cuts)
            both = zip(own, zip(store["adapted_rows"], adapted, strict=True), strict=True)
            rows = zip(store["keys"].tolist(), both, strict=True)
            return {key: Reading(*first, *second) for key, (first, second) in rows}
    except (OSError, KeyError, ValueError):  # none yet, not readable, or cut off
        return {}


def _write(path: Path, kept: dict[str, Reading]) -> None:
    """Write in one move; where nothing may be written, the next process encodes again."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, suffix=".npz")
        with os.fdopen(handle, "wb") as file:
            np.savez(
                file,
                keys=np.array(list(kept)),
                rows=np.stack([reading.vector for reading in kept.values()]),
                tokens=np.vstack([reading.tokens for reading in kept.values()]),
                adapted_rows=np.stack([reading.adapted_vector for reading in kept.values()]),
                adapted_tokens=np.vstack([reading.adapted_tokens for reading in kept.values()]),
                sizes=np.array([len(reading.tokens) for reading in kept.values()]),
            )
        Path(name).replace(path)
    except OSError:
        return
