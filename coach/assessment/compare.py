"""Two versions of a step side by side: findings closed, still open, new, with the words of both."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from coach.assessment.report import Finding, StepReport


@dataclass(frozen=True)
class Change:
    """One finding across two versions; a quote is "" where the version has none."""

    id: str
    title: str
    before: str
    after: str
    why: str
    rewrite: str


@dataclass(frozen=True)
class CriterionChange:
    """A criterion's level before and now; 0 when it was not judged, as in a gated version."""

    id: str
    before: int
    after: int
    why: str


@dataclass(frozen=True)
class Comparison:
    """What a revision changed. Findings closed is the measure of progress."""

    step: str
    closed: tuple[Change, ...]
    still_open: tuple[Change, ...]
    new: tuple[Change, ...]
    criteria: tuple[CriterionChange, ...]
    level_before: int
    level_after: int
    same_rules: bool
    """Whether both reports were written with the same rubric and rules."""

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready data."""
        return asdict(self)


def _words(finding: Finding | None) -> str:
    return (finding.quote or finding.near or finding.looked_for) if finding else ""


def _answering(finding: Finding, after: StepReport) -> str:
    """The words of the new version that stand where a closed finding was open."""
    best = max(after.criteria, key=lambda c: (c.level, bool(c.quote)), default=None)
    kept = next((s.quote for s in after.strengths), "")
    return kept or (best.quote if best else "")


def compare(before: StepReport, after: StepReport) -> Comparison:
    """Compare two reports on the same step.

    Raises:
        ValueError: the reports are about different steps.
    """
    if before.step != after.step:
        raise ValueError(f"cannot compare {before.step} with {after.step}")
    old, new = ({f.id: f for f in report.findings} for report in (before, after))
    if after.gate:  # nothing was judged, so nothing is closed
        new = {**old, **new}
    levels_old = {c.id: c.level for c in before.criteria}
    return Comparison(
        step=before.step,
        closed=tuple(
            Change(k, f.title, _words(f), _answering(f, after), f.why, "")
            for k, f in old.items()
            if k not in new
        ),
        still_open=tuple(
            Change(k, new[k].title, _words(f), _words(new[k]), new[k].why, new[k].rewrite)
            for k, f in old.items()
            if k in new
        ),
        new=tuple(
            Change(k, f.title, "", _words(f), f.why, f.rewrite)
            for k, f in new.items()
            if k not in old
        ),
        criteria=tuple(
            CriterionChange(c.id, levels_old.get(c.id, 0), c.level, c.why) for c in after.criteria
        ),
        level_before=before.level,
        level_after=after.level,
        same_rules=before.versions == after.versions,
    )
