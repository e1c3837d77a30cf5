"""The corpus as answers, each read by role models that saw no sentence of its author.

With this the precision of a rule is measured on answers by their sentences' labels, apart from the
answers on which the weights of detect/evidence.py were chosen. Needs the extra `training` and the
layers that adapt.py learned without each fold; some five minutes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from coach.assessment import parse
from coach.assessment.context import CaseContext
from coach.assessment.reading import Reading
from coach.assessment.roles import Roles
from coach.assessment.text import Span
from coach.assessment.training.corpus_files import Offered, Sentence, read_corpus
from coach.assessment.training.train import (
    Taught,
    calibration,
    left_out,
    read_features,
    vocabulary_of,
)
from coach.interviewer.encoder import Encoder

GAPS: Mapping[str, tuple[str, ...]] = {
    "CQ5": ("states_assumption",),
    "CQ6": ("names_goal", "asks_goal"),
    "CQ11": ("says_why_it_matters",),
    "CQ12": ("names_company_reason", "links_to_mission"),
    "SEG6": ("chooses_segment",),
    "SEG11": ("sizes_segment",),
    "PP5": ("moment",),
    "PP11": ("cause",),
    "PP12": ("workaround",),
    "SO6": ("user_flow",),
    "SO8": ("names_risk",),
    "SO11": ("cheap_test",),
    "PR11": ("cuts",),
    "ME1": ("primary_metric",),
    "ME3": ("defines_metric",),
    "ME4": ("guardrail",),
    "ME5": ("target",),
    "ME12": ("attribution",),
    "SU7": ("names_risk", "next_step"),
    "RC2": ("data_quality_check",),
    "RC9": ("orders_hypotheses",),
    "TR4": ("size_of_effect",),
    "TR5": ("horizon",),
    "TR7": ("reversal_condition", "stop_rule", "fix_guardrail", "guardrail"),
    "TR10": ("given_up",),
    "ST1": ("rival",),
    "ST3": ("reversal_condition",),
    "ST8": ("strength",),
    "ST10": ("plan_risk", "names_risk"),
}
"""A mistake that is the absence of labels: an answer has it when no sentence has one of them."""
DEEDS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "CQ2": ("asks_stock", ("says_why_it_matters",)),
    "CQ4": ("asks_for_answer", ()),
    "SEG2": ("demographic_segment", ("behaviour_segment",)),
    "SEG7": ("chooses_segment", ("reason_by_evidence", "reason_by_taste")),
    "PP1": ("missing_feature", ()),
    "PP3": ("generic_pain", ()),
    "PP4": ("company_pain", ()),
    "PP8": ("ranks_by_assertion", ("severity_or_frequency",)),
    "SO4": ("vague_magic", ()),
    "ME2": ("vanity_metric", ("defines_metric",)),
    "SU9": ("process_narration", ()),
}
"""A mistake that is a label: an answer has it with the first label and without the others."""


@dataclass(frozen=True)
class LabelledAnswer:
    """An answer of the corpus with its case and the labels of all its sentences."""

    author: str
    case: str
    reading: Reading
    labels: frozenset[str]

    def has(self, mistake: str) -> bool | None:
        """Whether the labels say that the answer has a mistake; None where they cannot."""
        if mistake in GAPS:
            return not self.labels & set(GAPS[mistake])
        if mistake in DEEDS:
            deed, unless = DEEDS[mistake]
            return deed in self.labels and not self.labels & set(unless)
        return None


def probabilities(
    corpus: Sequence[Sentence], without: Sequence[Encoder]
) -> dict[str, dict[int, float]]:
    """For each role the probability of each sentence of its steps, its author left out.

    Args:
        corpus: the labelled sentences.
        without: for each fold an encoder whose layers never saw it.
    """
    vocabulary, offered = vocabulary_of(corpus), Offered.in_corpus(corpus)
    views = [read_features(corpus, vocabulary, encoder) for encoder in without]
    out = {}
    for role in offered.steps:
        taught = Taught.of(corpus, offered, role)
        logits = left_out(taught, views)
        slope, shift = calibration(logits, taught.labels)
        values = np.round(1 / (1 + np.exp(-(slope * logits + shift))), 3)
        out[role] = dict(zip(taught.places.tolist(), values.tolist(), strict=True))
    return out


def labelled_answers(without: Sequence[Encoder]) -> Iterator[LabelledAnswer]:
    """The corpus' answers of two sentences and more, with left-out roles, in order."""
    corpus = read_corpus()
    table = probabilities(corpus, without)
    groups: dict[tuple[str, str, str, str], list[int]] = {}
    for i, s in enumerate(corpus):
        groups.setdefault((s.part, s.case, s.step, s.answer), []).append(i)
    for (part, case, step, _), places in groups.items():
        if len(places) > 1:
            reading = _reading(step, [corpus[i] for i in places], _roles(table, places))
            labels = frozenset().union(*(corpus[i].labels for i in places))
            yield LabelledAnswer(part, case, reading, labels)


def _roles(
    table: Mapping[str, Mapping[int, float]], places: Sequence[int]
) -> dict[str, tuple[float, ...]]:
    return {
        role: tuple(values[i] for i in places)
        for role, values in table.items()
        if all(i in values for i in places)
    }


def _reading(
    step: str, found: Sequence[Sentence], table: Mapping[str, tuple[float, ...]]
) -> Reading:
    units, text = [], ""
    for sentence in found:
        units.append(Span(len(text), len(text) + len(sentence.text), sentence.text))
        text += f"{sentence.text}\n"
    context = CaseContext(found[0].case, found[0].type, "", "the product", "the company")
    reading = Reading(step, text.rstrip("\n"), context)
    reading = replace(reading, artefact=parse.draft(reading))
    reading.__dict__["read_roles"] = Roles(tuple(units), table)
    return reading
