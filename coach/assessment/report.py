"""What a student gets back, as plain data that goes to JSON and comes back unchanged."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, Literal

from coach.assessment.gate import Gate

SHOWN = 3
"""At most this many findings a step are shown; the others are kept."""


@dataclass(frozen=True)
class Criterion:
    """A criterion's level and what decided it; ``quote`` may be empty, ``why`` never is.

    ``question`` asks for one thing that the level above takes and nothing in the step shows.
    """

    id: str
    name: str
    level: int
    why: str
    quote: str
    field: str
    start: int
    end: int
    question: str = ""


@dataclass(frozen=True)
class Strength:
    """Words of the student that do something well, and what they do."""

    quote: str
    start: int
    end: int
    field: str
    text: str


@dataclass(frozen=True)
class Finding:
    """A mistake with its evidence: a quote with its place, or what was looked for in vain.

    ``kind`` is "stated" or "asked"; an asked finding has its ``question``. ``source`` says who
    made it. ``near`` are the student's words beside a gap.
    """

    id: str
    title: str
    kind: Literal["stated", "asked"]
    source: Literal["rule", "model", "person"]
    field: str
    start: int
    end: int
    quote: str
    looked_for: str
    near: str
    question: str
    why: str
    rewrite: str
    effect: int


Source = tuple[tuple[str, ...], str, bool]


@dataclass(frozen=True)
class NumberCheck:
    """One checked number: verdict and error as the lab names them, and the sum in steps."""

    quote: str
    start: int
    end: int
    verdict: str
    error: str | None
    claimed: float | None
    truth: float | None
    truth_unit: str | None
    steps: tuple[str, ...]
    certain: bool = False
    """Whether the reading itself is sure; an unsure "wrong" is shown as a question."""
    sources: tuple[Source, ...] | None = None
    """What each step is made of, see `metrics_lab.engine.claim.result.Source`; None where a report
    is from before it was kept."""


@dataclass(frozen=True)
class StepReport:
    """The report on one step. A gated step has level 1, a gate, and no praise."""

    step: str
    gate: Gate | None
    level: int
    confidence: float
    unsure: bool
    criteria: tuple[Criterion, ...]
    strengths: tuple[Strength, ...]
    findings: tuple[Finding, ...]
    checks: tuple[NumberCheck, ...]
    versions: Mapping[str, str]
    capped_by: str = ""
    left_out: tuple[tuple[int, int], ...] = ()
    """Places of text aimed at the reviewer, which was not read."""
    moderated: str = ""
    """Why the level is not the lower median of the criteria, in a sentence."""

    @property
    def shown(self) -> tuple[Finding, ...]:
        """The findings that are shown, the most worthwhile first."""
        return self.findings[:SHOWN]

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready data in a fixed order of keys."""
        return {key: _jsonable(value) for key, value in asdict(self).items()}

    @classmethod
    def from_dict(cls, raw: Mapping[str, Any]) -> StepReport:
        """The inverse of `to_dict`.

        Raises:
            KeyError: a key is missing.
        """
        return cls(
            step=raw["step"],
            gate=Gate(**raw["gate"]) if raw["gate"] else None,
            level=raw["level"],
            confidence=raw["confidence"],
            unsure=raw["unsure"],
            criteria=tuple(Criterion(**item) for item in raw["criteria"]),
            strengths=tuple(Strength(**item) for item in raw["strengths"]),
            findings=tuple(Finding(**item) for item in raw["findings"]),
            checks=tuple(map(_check, raw["checks"])),
            versions=dict(raw["versions"]),
            capped_by=raw["capped_by"],
            left_out=tuple((start, end) for start, end in raw["left_out"]),
            moderated=raw.get("moderated", ""),
        )


@dataclass(frozen=True)
class WholeReport:
    """The report on a whole attempt: its level, how it was made, how sure it is, what is next."""

    level: int
    word: str
    text: str
    made: str
    sure: str
    practise: str
    practise_text: str
    steps: Mapping[str, int]
    unused: tuple[str, ...]
    versions: Mapping[str, str]

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready data in a fixed order of keys."""
        return {key: _jsonable(value) for key, value in asdict(self).items()}

    @classmethod
    def from_dict(cls, raw: Mapping[str, Any]) -> WholeReport:
        """The inverse of `to_dict`.

        Raises:
            KeyError: a key is missing.
        """
        values = {f.name: raw[f.name] for f in fields(cls)}
        return cls(**{**values, "unused": tuple(raw["unused"])})


def _check(raw: Mapping[str, Any]) -> NumberCheck:
    sources = raw.get("sources")
    if sources is not None:
        sources = tuple((tuple(of), gives, supposed) for of, gives, supposed in sources)
    return NumberCheck(**{**raw, "steps": tuple(raw["steps"]), "sources": sources})


def _jsonable(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _jsonable(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_jsonable(item) for item in value]
    return value
