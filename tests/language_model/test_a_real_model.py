"""A model of one's own, where there is one: REAL_MODEL_URL and REAL_MODEL_NAME say where.

A small one from a local server of the protocol will do, such as
``python -m llama_cpp.server --model model.gguf`` on http://127.0.0.1:8000/v1. Whatever it says,
nothing may pass that is not the student's.
"""

from __future__ import annotations

import os
from functools import partial

import pytest

from coach.assessment.answer import StepAnswer
from coach.assessment.assess import assess_step
from coach.assessment.context import from_case
from coach.assessment.layout import join
from coach.language_model.client import Endpoint, ModelFault, ask
from coach.language_model.reply import MalformedReply
from coach.language_model.scrub import Private
from coach.language_model.suggest import Additions, CaseSide, StepWork, remarks_on
from tests.coach.factories import OTHER_ANSWER, SEGMENT_ANSWER, SHOP
from tests.factories import library_case

URL, NAME = os.environ.get("REAL_MODEL_URL", ""), os.environ.get("REAL_MODEL_NAME", "any")


@pytest.mark.skipif(not URL, reason="REAL_MODEL_URL names no server")
@pytest.mark.parametrize("text", [SEGMENT_ANSWER, OTHER_ANSWER])
def test_nothing_passes_that_the_student_did_not_write(text: str) -> None:
    case = library_case(SHOP)
    answer = StepAnswer("segment", text)
    report = assess_step(from_case(case), answer)
    found = frozenset(finding.id for finding in report.findings)
    work = StepWork("segment", "Segment", join(answer), report.shown, found)
    try:
        made = remarks_on(
            work, CaseSide(case.prompt), Private(), partial(ask, Endpoint(URL, NAME, seconds=45))
        )
    except (ModelFault, MalformedReply):
        made = Additions(())
    for suggestion in made.suggestions:
        assert not suggestion.quote or suggestion.quote in text
        assert suggestion.source == "model"
        assert suggestion.mistake not in found or suggestion.kind == "rewording"
    assert all(isinstance(count, int) for count in made.dropped.values())
