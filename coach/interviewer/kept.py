"""Sentence vectors that are kept in a file, so that a fact sheet is encoded once a machine."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from coach.interviewer.encoder import MODEL_SHA256, Encoder, Vectors


class KeptVectors:
    """An encoder that remembers what it encoded, in a file when one is named.

    The vectors are kept to the bit, so an index built from them equals one built afresh.
    """

    def __init__(self, encoder: Encoder, path: Path | None) -> None:
        self._encoder = encoder
        self._path = path
        self._kept = _read(path) if path else {}
        self._is_new = False

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return an array of shape (len(texts), dimensions) of unit rows."""
        missing = [text for text in dict.fromkeys(texts) if _key(text) not in self._kept]
        if missing:
            self._is_new = True
            for text, row in zip(missing, self._encoder.encode(missing), strict=True):
                self._kept[_key(text)] = row
        if not texts:
            return self._encoder.encode(texts)
        return np.stack([self._kept[_key(text)] for text in texts])

    def save(self) -> None:
        """Write the file if anything is new."""
        if self._path and self._is_new:
            _write(self._path, self._kept)


def _key(text: str) -> str:
    return hashlib.sha256(f"{MODEL_SHA256}\n{text}".encode("utf-8", "replace")).hexdigest()


def _read(path: Path) -> dict[str, Vectors]:
    try:
        with np.load(path) as store:
            return dict(zip(store["keys"].tolist(), store["rows"], strict=True))
    except (OSError, KeyError, ValueError):  # none yet, not readable, or cut off
        return {}


def _write(path: Path, kept: dict[str, Vectors]) -> None:
    """Write in one move; where nothing may be written, the next process encodes again."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, suffix=".npz")
        with os.fdopen(handle, "wb") as file:
            np.savez(file, keys=np.array(list(kept)), rows=np.stack(list(kept.values())))
        Path(name).replace(path)
    except OSError:
        return
