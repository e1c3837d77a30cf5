"""Which case is right for a person now: their weak steps, what is due again, and what is new.

Pure: a history of judged steps and the cases there are go in, an order with a reason each comes
out. Each step of the method is a card of FSRS (Ye, Su and Cao 2022, "A Stochastic Shortest Path
Algorithm for Optimizing Spaced Repetition Scheduling"), reviewed with the level it got.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from statistics import fmean

from fsrs import Card, Rating, Scheduler

from questions.case import DIFFICULTIES, STEP_TITLES, STEPS_BY_TYPE

RECENT = 3
"""Answers to a step that say how somebody does it now."""
WEAK_BELOW = 2.5
UNKNOWN_NEED = 0.4
"""The need of a step that was never judged: less than a weak one, more than a good one."""
DUE_BELOW = 0.9
"""A step is due when FSRS gives it less than this chance of being remembered."""
NEW_TYPE, NEW_CASE, OTHER_NUMBERS = 0.3, 0.4, 0.15
TOO_SOON = timedelta(days=14)
SOON_AGAIN = -0.8
PER_LEVEL_OFF = -0.25
LAST_DAYS = 7
"""Days before the interview in which only what fits an evening is suggested."""
LONGEST_IN_LAST_DAYS = 30
READY_FOR = ((2.2, "easy"), (3.2, "medium"))
"""Up to which mean level a difficulty fits; above, hard."""

_RATINGS = {1: Rating.Again, 2: Rating.Hard, 3: Rating.Good, 4: Rating.Easy}
_SCHEDULER = Scheduler(learning_steps=(), relearning_steps=(), enable_fuzzing=False)


@dataclass(frozen=True)
class Judged:
    """A step that was judged: its level, 1 to 4, and when (aware)."""

    step: str
    level: int
    at: datetime


@dataclass(frozen=True)
class Playable:
    """A case as it may be suggested. `played_at` is the last time, None for never."""

    id: int
    slug: str
    type: str
    difficulty: str
    minutes: int
    played_at: datetime | None = None
    has_other_numbers: bool = False

    @property
    def steps(self) -> tuple[str, ...]:
        """The steps of its type."""
        return STEPS_BY_TYPE[self.type]


@dataclass(frozen=True)
class Ranked:
    """A case in the order of fitting, with the reason in a sentence."""

    id: int
    fit: float
    reason: str


@dataclass(frozen=True)
class StepState:
    """How somebody stands with a step: the mean of the last levels and the chance to recall it."""

    level: float
    recall: float
    last: datetime

    @property
    def need(self) -> float:
        """How much the step wants practice, 0..1: how far from level 4, or how much has faded."""
        return max((4 - self.level) / 3, 1 - self.recall if self.recall < DUE_BELOW else 0.0)


def rank(
    cases: Sequence[Playable],
    history: Sequence[Judged],
    now: datetime,
    interview: date | None = None,
    first: str = "",
) -> list[Ranked]:
    """Return the cases, the best fitting first; equal ones by slug.

    Args:
        history: what was judged, in any order.
        now: an aware time.
        interview: the day of the interview, if known and not past.
        first: slug of the case for somebody without a history, unless they have played it.
    """
    states = states_of(history, now)
    types = {case.type for case in cases if case.played_at}
    days = (interview - now.date()).days if interview else None
    begin = next((c for c in cases if c.slug == first and not (history or c.played_at)), None)
    alike: dict[tuple[str, str, int], Ranked] = {}

    def ranked(case: Playable) -> Ranked:
        if case.played_at is not None:
            return _ranked(case, states, types, now, days)
        kind = (case.type, case.difficulty, case.minutes)
        if kind not in alike:  # what was never played differs by its kind alone
            alike[kind] = _ranked(case, states, types, now, days)
        return Ranked(case.id, alike[kind].fit, alike[kind].reason)

    found = [
        (case is not begin, ranked(case)) for case in sorted(cases, key=lambda case: case.slug)
    ]
    return [each for _, each in sorted(found, key=lambda pair: (pair[0], -pair[1].fit))]


def states_of(history: Sequence[Judged], now: datetime) -> dict[str, StepState]:
    """Return how somebody stands with each step they were judged on."""
    by_step: dict[str, list[Judged]] = defaultdict(list)
    for judged in sorted(history, key=lambda judged: judged.at):
        by_step[judged.step].append(judged)
    return {step: _state(found, now) for step, found in by_step.items()}


def _state(found: Sequence[Judged], now: datetime) -> StepState:
    card = Card(card_id=1, due=found[0].at.astimezone(UTC))
    for judged in found:
        card, _ = _SCHEDULER.review_card(card, _RATINGS[judged.level], judged.at.astimezone(UTC))
    recall = _SCHEDULER.get_card_retrievability(card, now.astimezone(UTC))
    return StepState(fmean(judged.level for judged in found[-RECENT:]), recall, found[-1].at)


def _ranked(
    case: Playable,
    states: Mapping[str, StepState],
    types: frozenset[str] | set[str],
    now: datetime,
    days: int | None,
) -> Ranked:
    """One case with what speaks for and against it added up."""
    needs = {step: states[step].need if step in states else UNKNOWN_NEED for step in case.steps}
    fit = fmean(needs.values()) + max(needs.values())
    if case.played_at is None:
        fit += NEW_CASE
    elif now - case.played_at < TOO_SOON:
        fit += SOON_AGAIN
    elif case.has_other_numbers:
        fit += OTHER_NUMBERS
    fit += NEW_TYPE * (case.type not in types)
    fit += PER_LEVEL_OFF * _levels_off(case.difficulty, states)
    if days is not None and 0 <= days <= LAST_DAYS and case.minutes > LONGEST_IN_LAST_DAYS:
        fit += SOON_AGAIN
    return Ranked(case.id, round(fit, 4), _reason(case, states, types, now, days))


def _levels_off(difficulty: str, states: Mapping[str, StepState]) -> int:
    """How many steps a difficulty lies from the one that fits; without a history easy fits."""
    mean = fmean(state.level for state in states.values()) if states else 0.0
    fitting = next((name for limit, name in READY_FOR if mean < limit), DIFFICULTIES[-1])
    return abs(DIFFICULTIES.index(difficulty) - DIFFICULTIES.index(fitting))


def _reason(
    case: Playable,
    states: Mapping[str, StepState],
    types: frozenset[str] | set[str],
    now: datetime,
    days: int | None,
) -> str:
    """Why this case, in one sentence about what weighs most."""
    until = f" {_days(days)} to your interview." if days is not None and days >= 0 else ""
    if not states and case.played_at is None:
        article = "An" if case.difficulty == "easy" else "A"
        return f"{article} {case.difficulty} case of {case.minutes} minutes to begin with.{until}"
    known = {step: states[step] for step in case.steps if step in states}
    weakest = max(known, key=lambda step: known[step].need, default="")
    title, state = STEP_TITLES.get(weakest, "").lower(), known.get(weakest)
    if state and state.level < WEAK_BELOW:
        return (
            f"It trains {title}, your weakest step here: level {round(state.level, 1):g} "
            f"on average in your last answers.{until}"
        )
    if state and state.recall < DUE_BELOW:
        ago = _days(max(1, (now - state.last).days))
        return f"It brings back {title}, which you last did {ago} ago.{until}"
    if case.type not in types:
        return f"You have not played a case of this type: {case.type.replace('_', ' ')}.{until}"
    new = next((step for step in case.steps if step not in states), "")
    if case.played_at is None and new:
        return f"It has a step you have not been judged on: {STEP_TITLES[new].lower()}.{until}"
    if case.played_at is None:
        return f"New to you, and {case.difficulty} fits the levels you reach.{until}"
    past = (now - case.played_at).days
    return f"You played it {_days(past) if past else 'less than a day'} ago.{until}"


def _days(count: int) -> str:
    return "1 day" if count == 1 else f"{count} days"
