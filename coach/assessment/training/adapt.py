"""Learns coach/interviewer/data/adapters/roles.json: low-rank differences for the language model's
last layers, so that a sentence's vector tells what it does in an answer (extra `training`).

    python -m coach.assessment.training.adapt DIR

A linear head over the adapted vectors must tell the roles of the corpus' sentences; the head is
thrown away, `train.py` learns the weights that are shipped. DIR receives one adapter for each fold
of authors, made without them; `train.py` and `left_out.py` need them. Then the adapter of all
authors is written. On one thread the same files give the same numbers; some 50 minutes.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from coach.assessment.sentence_features import without_list_mark
from coach.assessment.training.corpus_files import FOLDS, Offered, Sentence, folds_of, read_corpus
from coach.interviewer import adapter
from coach.interviewer.training.layers import Adapted, Frozen, Tensor, descend, unit, write

RANK, EPOCHS, RATE, HEAD_RATE, BATCH = 16, 4, 0.001, 0.02, 64
SCALE, START = 10.0, -3.0
"""Of the head: what a vector of length 1 is multiplied by, and the log-odds to begin with."""


@dataclass(frozen=True, eq=False)
class _Table:
    """For each sentence (rows): its roles, which roles it teaches, and its step."""

    texts: Sequence[str]
    labels: Tensor
    known: Tensor
    steps: Tensor

    @classmethod
    def of(cls, corpus: Sequence[Sentence]) -> _Table:
        offered = Offered.in_corpus(corpus)
        steps = sorted({s.step for s in corpus})
        return cls(
            [without_list_mark(s.text) for s in corpus],
            torch.tensor([[float(r in s.labels) for r in offered.steps] for s in corpus]),
            torch.tensor([[float(offered.teaches(s, r)) for r in offered.steps] for s in corpus]),
            torch.tensor([[float(s.step == step) for step in steps] for s in corpus]),
        )


def _batches(places: Sequence[int], rng: random.Random) -> list[list[int]]:
    found = []
    for _ in range(EPOCHS):
        order = list(places)
        rng.shuffle(order)
        found += [order[start : start + BATCH] for start in range(0, len(order), BATCH)]
    return found


def learn(frozen: Frozen, table: _Table, places: Sequence[int], seed: int) -> Adapted:
    """The differences learned from the sentences at some places of the table."""
    torch.manual_seed(seed)
    layers = Adapted(frozen, RANK, seed)
    head = torch.zeros(adapter.WIDTH, table.labels.shape[1]).requires_grad_()
    common = torch.full((table.steps.shape[1], table.labels.shape[1]), START).requires_grad_()

    def loss(batch: Sequence[int]) -> Tensor:
        vectors = [unit(rows.mean(0)) for rows in layers([table.texts[i] for i in batch])]
        logits = SCALE * (torch.stack(vectors) @ head) + table.steps[batch] @ common
        total = torch.nn.functional.binary_cross_entropy_with_logits(
            logits, table.labels[batch], weight=table.known[batch], reduction="sum"
        )
        return total / len(batch)

    steps = _batches(places, random.Random(seed))  # noqa: S311
    descend(
        layers, steps, loss, rate=RATE, rest=[head, common], rest_rate=HEAD_RATE, rest_decay=0.01
    )
    return layers


def main(folder: str) -> None:
    """Learns without each fold of the authors, then from all, and writes every adapter."""
    torch.set_num_threads(1)
    corpus = read_corpus()
    table, folds = _Table.of(corpus), folds_of(corpus)
    frozen = Frozen.of(table.texts)
    for fold in range(FOLDS):
        kept = np.flatnonzero(folds != fold).tolist()
        write(learn(frozen, table, kept, fold), Path(folder) / f"{fold}.json")
    everything = learn(frozen, table, range(len(corpus)), FOLDS)
    write(everything, adapter.ADAPTERS[adapter.ROLES])


if __name__ == "__main__":
    main(sys.argv[1])
