"""The coach's follow-up questions after a step: at most two, aimed at what would change most.

The case's own follow-ups come first when one of them is about the weak point; otherwise a question
is made for the family of the mistake. A follow-up asks; it never says what the answer is.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from coach.interviewer.data_files import DATA, read_sections
from coach.interviewer.encoder import Encoder
from coach.interviewer.lexical import TfIdf, ngrams, stems

LIMIT = 2
NEAR, NEAR_BY_WORDS = 0.38, 0.2


@dataclass(frozen=True)
class FollowUp:
    """A question to the student. `finding` is the id it is aimed at; `authored`: by the case."""

    question: str
    finding: str
    authored: bool


def _field(finding: Any, name: str) -> str:
    value = finding.get(name, "") if isinstance(finding, Mapping) else getattr(finding, name, "")
    return str(value or "")


def _about(finding: Any) -> str:
    return " ".join(filter(None, (_field(finding, "title"), _field(finding, "looked_for"))))


def _questions_for(step: str, finding: str) -> tuple[str, ...]:
    """Questions for a mistake id: its own, else its step's."""
    sections = read_sections(DATA / "follow_ups.txt")
    return sections.get(finding, ()) + sections.get(f"step:{step}", ())


def _likeness(texts: Sequence[str], about: str, encoder: Encoder | None) -> list[float]:
    if encoder is None:
        words = TfIdf([stems(t) for t in texts]).similarities(stems(about))
        signs = TfIdf([ngrams(t) for t in texts]).similarities(ngrams(about))
        return [(w + s) / 2 for w, s in zip(words, signs, strict=True)]
    vectors = encoder.encode([*texts, about])
    return [float(v) for v in np.round(vectors[:-1] @ vectors[-1], 3)]


def _authored(
    finding: Any, step: str, authored: Sequence[str], encoder: Encoder | None
) -> str | None:
    """The authored question nearest to the finding, or None when none is near."""
    if not authored:
        return None
    about = " ".join([_about(finding), *_questions_for(step, _field(finding, "id"))[:1]])
    scores = _likeness(authored, about, encoder)
    best = max(range(len(scores)), key=lambda i: (scores[i], -i))
    near = NEAR if encoder else NEAR_BY_WORDS
    return authored[best] if scores[best] >= near else None


def next_follow_up(
    step: str,
    findings: Sequence[Any],
    authored: Sequence[str],
    asked: Collection[str],
    encoder: Encoder | None = None,
) -> FollowUp | None:
    """The next question of the step, or None when two were asked or nothing is left to ask.

    `findings` come ordered by effect, the first being the one whose fix would change the answer
    most; each has at least `id`, and may have `title` and `looked_for` (mapping or object).
    `asked` are the questions this step has had.
    """
    had = set(asked)
    if len(had) >= LIMIT:
        return None
    left = [question for question in authored if question not in had]
    for finding in findings:
        id_ = _field(finding, "id")
        if had & set(_questions_for("", id_)):
            continue
        chosen = _authored(finding, step, left, encoder)
        if chosen is not None:
            return FollowUp(chosen, id_, True)
        fresh = [q for q in _questions_for(step, id_) if q not in had]
        if fresh:
            return FollowUp(fresh[0], id_, False)
    return FollowUp(left[0], "", True) if left else None
