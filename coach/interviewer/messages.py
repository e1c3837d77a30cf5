"""Students' messages, by kind: what a message resembles says what kind it is.

Most are the queries of the files under training/sheets/. A question with an answer on its sheet
(in), one without (out), one that is too wide (vague) and several at once (compound) are worded
differently, whatever the case is about. Those under training/asides/ have nothing to do with any
case: they are about the exercise itself ("Is my answer right?"), the company's inner life ("Who is
the CEO?") or the world ("Will it rain?"); fair questions that look like them stand beside them.
"""

import json
from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from coach.interviewer.encoder import Vectors

TRAINING = Path(__file__).parent / "training"
SHEETS, ASIDES = TRAINING / "sheets", TRAINING / "asides"
OF_A_CASE = ("in", "out", "vague", "compound")
ASIDE = ("exercise", "company", "world")
KINDS = (*OF_A_CASE, *ASIDE)
NEAREST = 3


@lru_cache(maxsize=1)
def messages() -> tuple[tuple[str, str, str], ...]:
    """Text, kind and case of every message, in the order of the files; asides have their file for
    a case."""
    found: list[tuple[str, str, str]] = []
    for path in sorted(SHEETS.rglob("*.json")):
        for case in json.loads(path.read_text("utf-8"))["cases"]:
            found.extend((q["q"], q["kind"], case["case"]) for q in case["queries"])
    for path in sorted(ASIDES.glob("*.json")):
        kinds = {"case": "in"} | {kind: kind for kind in ASIDE}
        for message in json.loads(path.read_text("utf-8"))["messages"]:
            found.append((message["q"], kinds[message["kind"]], path.stem))
    return tuple(found)


@dataclass(frozen=True, eq=False)
class Messages:
    """Unit vectors of the messages of each kind, float32, one row each."""

    by_kind: tuple[Vectors, ...]

    @classmethod
    def of(cls, vectors: Vectors, without: Collection[str] = ()) -> "Messages":
        """The messages whose vectors are given in the order of `messages()`.

        Messages to the cases in `without` are left out, for honest measuring.
        """
        known = messages()
        rows = [
            [i for i, (_, k, case) in enumerate(known) if k == kind and case not in without]
            for kind in KINDS
        ]
        return cls(tuple(vectors[chosen] for chosen in rows))

    def likeness(self, vectors: Vectors) -> NDArray[np.float32]:
        """Mean cosine of each row to its three nearest messages of each kind: (rows, kinds)."""
        found = [
            np.partition(vectors @ known.T, -NEAREST, axis=1)[:, -NEAREST:].mean(axis=1)
            for known in self.by_kind
        ]
        return np.stack(found, axis=1)
