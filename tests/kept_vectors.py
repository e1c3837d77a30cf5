"""Vectors of the texts that figures are measured on, kept in var/ from one run to the next.

They take most of the time of those tests and are the same while the model, the runtime and the
code around them are; a change of any makes them anew.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
import onnxruntime
import pytest
from django.conf import settings
from numpy.typing import NDArray

from coach.interviewer import adapter, encoder, onnx_graph, wordpiece
from coach.interviewer.encoder import MODEL_SHA256, VOCABULARY_SHA256, MiniLM, Reading, Vectors

FIELDS = ("vector", "tokens", "adapted_vector", "adapted_tokens")
Arrays = dict[str, NDArray[np.generic]]


def stamp() -> str:
    """Return a word that changes with whatever makes a vector."""
    parts = [MODEL_SHA256, VOCABULARY_SHA256, onnxruntime.__version__, np.__version__]
    parts += [path.read_text("utf-8") for path in adapter.ADAPTERS.values()]
    modules = (adapter, encoder, onnx_graph, wordpiece)
    parts += [Path(module.__file__ or "").read_text("utf-8") for module in modules]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


@contextmanager
def kept_vectors(name: str) -> Iterator[None]:
    """Let the encoder answer what it was asked in an earlier run from the file of this name."""
    folder = Path(settings.VAR_DIR) / "vectors"
    path = folder / f"figures-{name}-{stamp()[:16]}.npz"
    kept = _read(path)
    before = len(kept)
    with pytest.MonkeyPatch.context() as patch:
        _remember(patch, kept)
        yield
    if len(kept) > before:
        for older in folder.glob(f"figures-{name}-*.npz"):
            older.unlink()
        _write(path, kept)


def _remember(patch: pytest.MonkeyPatch, kept: Arrays) -> None:
    read = MiniLM.read

    def once(name: str) -> None:
        encode = getattr(MiniLM, name)

        def encode_once(self: MiniLM, texts: Sequence[str]) -> Vectors:
            key = _key(name, texts)
            if key not in kept:
                kept[key] = encode(self, texts)
            return np.array(kept[key], dtype=np.float32)

        patch.setattr(MiniLM, name, encode_once)

    def read_once(self: MiniLM, texts: Sequence[str]) -> tuple[Reading, ...]:
        key = _key("read", texts)
        if f"{key} 0 vector" not in kept:
            for row, reading in enumerate(read(self, texts)):
                for name in FIELDS:
                    kept[f"{key} {row} {name}"] = getattr(reading, name)
        return tuple(
            Reading(*(_kept(kept[f"{key} {row} {name}"], name) for name in FIELDS))
            for row in range(len(texts))
        )

    once("encode")
    once("encode_roles")
    patch.setattr(MiniLM, "read", read_once)


def _kept(values: NDArray[np.generic], name: str) -> NDArray[Any]:
    return np.asarray(values, dtype=np.int8 if name.endswith("tokens") else np.float32)


def _key(method: str, texts: Sequence[str]) -> str:
    """The texts of a call together: a vector differs a little with the texts it is made with."""
    return hashlib.sha256(repr((method, tuple(texts))).encode()).hexdigest()


def _read(path: Path) -> Arrays:
    try:
        with np.load(path) as store:
            return dict(store)
    except (OSError, ValueError, BadZipFile):  # none yet, or cut off
        return {}


def _write(path: Path, kept: Arrays) -> None:
    path.parent.mkdir(exist_ok=True)
    with path.open("wb") as file:
        np.savez(file, **kept)
