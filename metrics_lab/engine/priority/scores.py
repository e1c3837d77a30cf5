"""RICE: reach times impact times confidence, divided by effort, with its scales checked."""

from dataclasses import dataclass

IMPACT_SCALE = (0.25, 0.5, 1.0, 2.0, 3.0)
CONFIDENCE_SCALE = (0.5, 0.8, 1.0)


class PriorityError(ValueError):
    """An input of RICE for which no score exists, named with its remedy."""


@dataclass(frozen=True, slots=True)
class Rice:
    """Reach in people a quarter, impact on its scale, confidence a share, effort person-months."""

    reach: float
    impact: float
    confidence: float
    effort: float

    @property
    def score(self) -> float:
        """Return people-impact per person-month."""
        return rice_score(self.reach, self.impact, self.confidence, self.effort)


def rice_score(reach: float, impact: float, confidence: float, effort: float) -> float:
    """Return the score (Intercom's RICE); raise PriorityError when an input makes it impossible."""
    if effort <= 0:
        raise PriorityError("Effort must be above 0; use person-months, as 0.5 for two weeks.")
    for name, value in (("Reach", reach), ("Impact", impact), ("Confidence", confidence)):
        if value < 0:
            raise PriorityError(f"{name} cannot be below 0.")
    if confidence > 1:
        raise PriorityError("Confidence is a share: write 80 % as 0.8.")
    return reach * impact * confidence / effort


def scale_notes(rice: Rice, population: float | None = None) -> tuple[str, ...]:
    """Return plain remarks on inputs that have a value off the usual scales; empty when none."""
    notes = []
    if rice.impact not in IMPACT_SCALE:
        notes.append(f"Impact {rice.impact:g} is off the scale 0.25, 0.5, 1, 2, 3.")
    if rice.confidence not in CONFIDENCE_SCALE:
        notes.append(f"Confidence {rice.confidence:.0%} is off the scale 50 %, 80 %, 100 %.")
    if population is not None and rice.reach > population:
        notes.append(
            f"Reach {rice.reach:,.0f} is more than the {population:,.0f} people there are."
        )
    return tuple(notes)


def rank(scores: dict[str, Rice]) -> tuple[tuple[str, float], ...]:
    """Return (name, score) from best to worst; equal scores keep the order they came in."""
    return tuple(sorted(((n, r.score) for n, r in scores.items()), key=lambda pair: -pair[1]))
