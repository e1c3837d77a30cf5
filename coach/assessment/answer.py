"""What a student hands in for one step."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Source = Literal["student", "read"]


@dataclass(frozen=True)
class StepAnswer:
    """The prose of a step and its artefact.

    ``artefact`` has the form of `coach.assessment.artefacts`. ``source`` says who filled it:
    "student", or "read" when it is a draft read from the prose that nobody has confirmed; exact
    checks state only on what the student filled in. ``draft`` is the number of the version, from 1.
    """

    step: str
    text: str
    artefact: Mapping[str, Any] = field(default_factory=dict)
    source: Source = "read"
    draft: int = 1
