"""The labelled sentences of corpus/: what they teach, and who is left out together."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from coach.assessment.training import CORPUS

FOLDS = 4
FEWEST_IN_STEP, FEWEST_AUTHORS = 2, 2
"""A role is offered in a step where so many authors have so many sentences of it."""
ANYWHERE = frozenset({"empty_talk", "off_topic", "instruction_to_reviewer"})


@dataclass(frozen=True)
class Sentence:
    """A labelled sentence. How it is written (its voice) is not read: it must teach nothing."""

    part: str
    case: str
    step: str
    text: str
    labels: frozenset[str]
    type: str = ""
    answer: str = ""


def read_corpus(folder: Path = CORPUS) -> list[Sentence]:
    """The sentences of all files of a folder, in the order of the files' names."""
    return [
        Sentence(
            path.stem,
            raw["case"],
            raw["step"],
            raw["text"],
            frozenset(raw["labels"]),
            raw["type"],
            str(raw["answer"]),
        )
        for path in sorted(folder.glob("*.jsonl"))
        for raw in map(json.loads, path.read_text("utf-8").splitlines())
    ]


@dataclass(frozen=True)
class Offered:
    """The roles that a corpus teaches.

    ``steps``: each role with the steps it occurs in; the roles of ANYWHERE have every step.
    ``counts``: the sentences of an author (file) with a role in a step.
    """

    steps: Mapping[str, Sequence[str]]
    counts: Mapping[tuple[str, str, str], int]

    @classmethod
    def in_corpus(cls, corpus: Sequence[Sentence]) -> Offered:
        """The roles of a corpus; one that no step offers is left out."""
        counts = Counter((s.part, label, s.step) for s in corpus for label in s.labels)
        parts, steps = sorted({s.part for s in corpus}), sorted({s.step for s in corpus})

        def is_offered(role: str, step: str) -> bool:
            enough = sum(counts[part, role, step] >= FEWEST_IN_STEP for part in parts)
            return role in ANYWHERE or enough >= FEWEST_AUTHORS

        roles = sorted({label for _, label, _ in counts})
        found = {role: [step for step in steps if is_offered(role, step)] for role in roles}
        return cls({role: its_steps for role, its_steps in found.items() if its_steps}, counts)

    def teaches(self, sentence: Sentence, role: str) -> bool:
        """Whether a sentence is an example of a role, or of not having it.

        Where an author never used a label in a step, the sentences without it are no negatives.
        """
        if sentence.step not in self.steps[role]:
            return False
        return role in ANYWHERE or self.counts.get((sentence.part, role, sentence.step), 0) > 0


def folds_of(corpus: Sequence[Sentence]) -> NDArray[np.int64]:
    """The fold of each sentence: an author, and so an author's cases, are never split.

    The largest files first, in turn, so that the folds have about one size.
    """
    sizes = Counter(s.part for s in corpus)
    largest_first = sorted(sizes, key=lambda part: (-sizes[part], part))
    place = {part: number % FOLDS for number, part in enumerate(largest_first)}
    return np.array([place[s.part] for s in corpus])
