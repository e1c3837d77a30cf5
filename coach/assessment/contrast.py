"""Which sentence of an example that passes does what a criterion asks, to stand beside a student's.

Nothing here asks whether the attempt is over: who shows the sentences opens them only after it.
"""

from __future__ import annotations

from collections.abc import Mapping

from coach.assessment.answer import StepAnswer
from coach.assessment.assess import read
from coach.assessment.context import CaseContext
from coach.assessment.earned import likely
from coach.assessment.rubric import load_rubric
from coach.interviewer.encoder import Encoder


def sentences_for(
    context: CaseContext, step: str, example: str, encoder: Encoder | None
) -> Mapping[str, str]:
    """For each criterion of a step the sentence of an example that most likely meets it.

    A criterion that no sentence likely meets by itself is left out; so are all without sentence
    vectors.

    Raises:
        KeyError: the step has no criteria in the rubric.
    """
    reading, _ = read(context, StepAnswer(step, example), {}, encoder=encoder)
    found = {key: likely(reading, key) for key in load_rubric().criteria[step]}
    return {key: told[1].quote for key, told in found.items() if told}
