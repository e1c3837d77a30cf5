"""The banks of wordings that every case shares: intents, questions outside of any case, vague ones,
and students' messages to other cases (messages.py).

They are text files under data/, so that authors can add wordings. Their vectors take some seconds
to compute, so the first process that needs them keeps them in data/bank_vectors.npz; a change of
the wordings or of the model makes them anew.
"""

import hashlib
import os
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from coach.interviewer.data_files import DATA, read_sections
from coach.interviewer.encoder import MODEL_SHA256, Encoder, Vectors, get_encoder
from coach.interviewer.messages import messages

STORE = DATA / "bank_vectors.npz"
FILES = ("intents", "outside", "vague")
PARTS = (*FILES, "messages")


@lru_cache(maxsize=1)
def phrases() -> dict[str, tuple[str, ...]]:
    """All wordings of each bank file, in the order of its sections."""
    banks = {name: read_sections(DATA / f"{name}.txt") for name in FILES}
    found = {name: tuple(t for texts in b.values() for t in texts) for name, b in banks.items()}
    return found | {"messages": tuple(text for text, _, _ in messages())}


@lru_cache(maxsize=1)
def _intent_sizes() -> tuple[int, ...]:
    return tuple(len(texts) for texts in read_sections(DATA / "intents.txt").values())


@lru_cache(maxsize=1)
def words_of_bank() -> frozenset[str]:
    """Every word of the intents, for the correction of typing errors."""
    return frozenset(word for text in phrases()["intents"] for word in text.lower().split())


@dataclass(frozen=True)
class Bank:
    """Unit vectors of the wordings, float32, one row each; `sizes` counts the rows per intent.

    `messages` are all of training/sheets, in their order.
    """

    intents: Vectors
    sizes: tuple[int, ...]
    outside: Vectors
    vague: Vectors
    messages: Vectors

    def activations(self, vectors: Vectors) -> NDArray[np.float32]:
        """How near each row is to each intent: mean cosine of its two nearest wordings.

        An intent of one wording counts that one twice.
        """
        cosines = vectors @ self.intents.T
        starts = np.concatenate([[0], np.cumsum(self.sizes)[:-1]])
        first = np.maximum.reduceat(cosines, starts, axis=1)
        others = np.where(cosines >= np.repeat(first, self.sizes, axis=1), -2.0, cosines)
        second = np.maximum.reduceat(others, starts, axis=1)
        return np.asarray((first + np.where(second < -1.5, first, second)) / 2, dtype=np.float32)


def _key() -> str:
    content = "\n".join(text for name in PARTS for text in phrases()[name])
    return hashlib.sha256((MODEL_SHA256 + content).encode()).hexdigest()


def _stored() -> dict[str, Vectors] | None:
    """The stored vectors, or None when they belong to other wordings or another model."""
    try:
        with np.load(STORE) as store:
            if str(store["key"]) != _key():
                return None
            return {name: store[name].astype(np.float32) / 127.0 for name in PARTS}
    except (OSError, KeyError, ValueError):  # none yet, not readable, or cut off
        return None


def _quantised(vectors: Vectors) -> NDArray[np.int8]:
    return np.round(vectors * 127).astype(np.int8)


def _unit(vectors: Vectors) -> Vectors:
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, 1e-9), dtype=np.float32)


@lru_cache(maxsize=4)
def load(encoder: Encoder) -> Bank:
    """The bank in the encoder's space; kept vectors are used when they are up to date.

    Kept or computed, the vectors are rounded alike, so both give the same answers.
    """
    kept = _stored() if encoder is get_encoder() else None
    if kept is None:
        texts: dict[str, Sequence[str]] = dict(phrases())
        rounded = {name: _quantised(encoder.encode(texts[name])) for name in PARTS}
        if encoder is get_encoder():
            _keep(rounded)
        kept = {name: rows.astype(np.float32) / 127.0 for name, rows in rounded.items()}
    ready = {name: _unit(rows) for name, rows in kept.items()}
    return Bank(
        ready["intents"],
        _intent_sizes(),
        ready["outside"],
        ready["vague"],
        ready["messages"],
    )


def _keep(rounded: dict[str, NDArray[np.int8]]) -> None:
    """Write the file in one move; where nothing may be written, the next process computes again."""
    try:
        handle, name = tempfile.mkstemp(dir=DATA, suffix=".npz")
        with os.fdopen(handle, "wb") as file:
            np.savez_compressed(file, key=np.array(_key()), allow_pickle=False, **rounded)
        Path(name).chmod(0o644)
        Path(name).replace(STORE)
    except OSError:
        return


if __name__ == "__main__":  # before several processes start that would each compute them
    if (_encoder := get_encoder()) is not None:
        load(_encoder)
