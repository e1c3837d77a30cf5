"""From answers to reports: gate, read, detect, level, put into words. Pure: same in, same out."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from coach.assessment import (
    earned,
    gate,
    levels,
    lexicon,
    moderation,
    parse,
    roles,
    substance,
    things,
)
from coach.assessment import whole as whole_report
from coach.assessment.answer import StepAnswer
from coach.assessment.artefacts import is_empty
from coach.assessment.context import CaseContext
from coach.assessment.detect.registry import PRECISION_FILE, asks, look, states
from coach.assessment.detect.rule import Cue
from coach.assessment.injection import aimed_at_reviewer
from coach.assessment.layout import Layout, join
from coach.assessment.reading import Reading
from coach.assessment.report import (
    Finding,
    NumberCheck,
    StepReport,
    Strength,
    WholeReport,
)
from coach.assessment.rows import Rows
from coach.assessment.rubric import RUBRIC_VERSION, load_rubric
from coach.assessment.text import Span, count_words
from coach.assessment.wording import finding
from coach.interviewer.encoder import Encoder

RULES_VERSION = "2.4"
MOST_STRENGTHS = 2
CORE = {
    "pain_points": "user_voice", "solutions": "fit", "prioritize": "decision", "metrics": "primary",
    "summary": "concise", "hypotheses": "coverage", "tests": "link", "fix": "cause",
    "analysis": "sides", "decision": "choice", "plan": "stages", "goal": "choice",
}  # fmt: skip
"""What a step is about: a gap is asked about beside such a sentence."""
CheckNumbers = Callable[[str], Sequence[Any]]


def versions(encoder: Encoder | None = None) -> dict[str, str]:
    """Versions of rubric, rules (with a hash of their data) and model, for every report."""
    table = PRECISION_FILE.read_bytes() if PRECISION_FILE.is_file() else b""
    made_of = (lexicon, gate, levels, roles, moderation, substance, things)
    data = "".join(part.version() for part in made_of) + hashlib.sha256(table).hexdigest()
    digest = hashlib.sha256(data.encode()).hexdigest()[:8]
    model = getattr(encoder, "version", "sentence vectors") if encoder else "none"
    return {"rubric": RUBRIC_VERSION, "rules": f"{RULES_VERSION}+{digest}", "model": str(model)}


def read(
    context: CaseContext,
    answer: StepAnswer,
    earlier: Mapping[str, Reading],
    check_numbers: CheckNumbers | None = None,
    encoder: Encoder | None = None,
) -> tuple[Reading, Layout]:
    """A step's reading with its artefact, the student's or a draft read from the prose."""
    layout = join(answer)
    reading = Reading(
        step=answer.step,
        text=layout.text,
        context=context,
        artefact=answer.artefact,
        confirmed=answer.source == "student" and not is_empty(answer.artefact),
        earlier=earlier,
        cut=aimed_at_reviewer(layout.text),
        claims=tuple(check_numbers(layout.text)) if check_numbers else (),
        encoder=encoder,
    )
    if not reading.confirmed:
        reading = replace(reading, artefact=parse.draft(reading))
    return reading, layout


def read_earlier(
    context: CaseContext, earlier: Mapping[str, StepAnswer], encoder: Encoder | None = None
) -> dict[str, Reading]:
    """Readings of the steps before, each knowing those before it; gated steps say nothing."""
    readings: dict[str, Reading] = {}
    for step, answer in earlier.items():
        if answer.text.strip() or answer.source == "student":
            readings[step], _ = read(context, answer, dict(readings), encoder=encoder)
    return readings


def _is_solid(criterion: levels.CriterionLevel) -> bool:
    """Whether a criterion is solid by its own conditions and is not held back by loose talk."""
    return min(criterion.level, criterion.own) >= 3


def _praised(criterion: levels.CriterionLevel, r: Reading) -> list[tuple[str, Span]]:
    """What may be praised in a criterion: sentences whose role was right in nine of ten cases.

    Without sentence vectors it is the criterion's own quote.
    """
    if not r.read_roles.known:
        return [(criterion.have, criterion.quote)] if criterion.quote else []
    phrases = moderation.phrases()
    return [(phrases[role], s) for role, s in criterion.roles if earned.is_praised_for(r, role, s)]


def _strengths(
    judged: Sequence[levels.CriterionLevel],
    findings: Sequence[Finding],
    layout: Layout,
    r: Reading,
) -> tuple[Strength, ...]:
    """The best-met criteria with their words.

    Words a finding is about are not praised, and a question is praised for asking alone: it
    claims neither a goal nor a scope. Praise says what the quoted words do; a criterion has more
    to it than one quote shows, and what figures lifted is not praised.
    """
    blamed = [f.quote for f in findings if f.quote]
    used: set[Span] = set()
    found = []
    for criterion in sorted(filter(_is_solid, judged), key=lambda c: -c.level):
        for said, span in _praised(criterion, r):
            faulty = any(span.quote in words or words in span.quote for words in blamed)
            asks = span.quote.rstrip().endswith("?") and criterion.id != earned.ASKS_WELL
            if span in used or faulty or asks or count_words(span.quote) < earned.LEAST_QUOTED:
                continue
            used.add(span)
            name, start, end = layout.place(span)
            found.append(Strength(span.quote, start, end, name, said[:1].upper() + said[1:]))
            break
    return tuple(found[:MOST_STRENGTHS])


def _findings(
    reading: Reading, layout: Layout, cues: Sequence[tuple[str, Cue]]
) -> tuple[Finding, ...]:
    mistakes = load_rubric().mistakes
    cues = [(key, _beside(reading, cue)) for key, cue in cues]
    made = (
        finding(
            mistakes[key],
            cue,
            reading.context,
            layout,
            states(key, cue),
            _nearest(reading, key, cue),
        )
        for key, cue in cues
    )
    return tuple(f for f in made if f is not None)


def _beside(reading: Reading, cue: Cue) -> Cue:
    """A gap's cue beside the sentence that likely is the core of its step, where one is."""
    core = earned.likely(reading, CORE.get(reading.step, "")) if cue.span is None else None
    return replace(cue, near=core[1]) if core else cue


def _nearest(reading: Reading, key: str, cue: Cue) -> Span | None:
    """For a gap, the student's words that come nearest to what was looked for."""
    sought = None if cue.span else things.sought_by(key, cue.slots)
    return things.nearest(reading, sought) if sought else None


def _open(
    findings: Sequence[Finding], judged: Sequence[levels.CriterionLevel]
) -> tuple[Finding, ...]:
    """The findings without questions whose answer the levels already show as found."""
    solid = {c.id for c in judged if _is_solid(c)}
    ids = {f.id for f in findings}
    settled, answered = (levels.conditions()[key] for key in ("settled_by", "answered_by"))
    return tuple(
        f
        for f in findings
        if f.kind == "stated" or not (settled.get(f.id) in solid or answered.get(f.id) in ids)
    )


def _checks(reading: Reading) -> tuple[NumberCheck, ...]:
    return tuple(
        NumberCheck(
            c.quote, c.start, c.end, c.verdict, c.error, c.claimed, c.truth, c.truth_unit,
            tuple(c.steps), bool(getattr(c, "certain", False)),
            tuple(tuple(source) for source in getattr(c, "sources", ())),
        )
        for c in reading.claims
        if c.verdict != "none"
    )  # fmt: skip


def assess_step(
    context: CaseContext,
    answer: StepAnswer,
    earlier: Mapping[str, StepAnswer] | None = None,
    ledger: Any = None,
    *,
    check_numbers: CheckNumbers | None = None,
    encoder: Encoder | None = None,
) -> StepReport:
    """Assess one step.

    Args:
        context: the case.
        answer: the step's prose and artefact.
        earlier: the steps before it, in order, for the links between steps.
        ledger: what was given and assumed in the chat; kept for the whole (see `assess_whole`).
        check_numbers: text -> claim checks of the lab (`metrics_lab.engine.claim.check`).
        encoder: sentence vectors; without them there are no learned roles and the gate for
            off-topic text is more careful.

    Returns:
        The report; with a gate, level 1 and neither strengths nor findings.

    Raises:
        KeyError: the step has no criteria in the rubric.
    """
    load_rubric().criteria[answer.step]
    stamps = versions(encoder)
    before = read_earlier(context, earlier or {}, encoder)
    reading, layout = read(context, answer, before, check_numbers, encoder)
    _ = reading.read_roles  # first, for the run that gives the roles gives the gate its vectors
    closed = gate.check(layout.text, context, encoder)
    places = aimed_at_reviewer(answer.text)
    if closed is not None:
        return StepReport(
            answer.step, closed, 1, 0.9, False, (), (), (), (), stamps, left_out=places
        )
    cues = look(reading)
    findings = _findings(reading, layout, cues)
    judged = levels.level_of(reading)
    fair = {key for key, cue in cues if asks(key, cue)}
    findings = _open([f for f in findings if f.id in fair], judged.criteria)
    rows = Rows(reading, layout, frozenset(f.id for f in findings))
    return StepReport(
        step=answer.step,
        gate=None,
        level=judged.level,
        confidence=judged.confidence,
        unsure=judged.unsure,
        criteria=rows.build(judged.criteria),
        strengths=_strengths(judged.criteria, findings, layout, reading),
        findings=findings,
        checks=_checks(reading),
        versions=stamps,
        capped_by=judged.capped_by,
        left_out=places,
        moderated=judged.moderated,
    )


def assess_whole(
    context: CaseContext,
    reports: Mapping[str, StepReport],
    *,
    given: Sequence[tuple[str, str]] = (),
    texts: Mapping[str, str] | None = None,
) -> WholeReport:
    """Assess an attempt from the reports on its steps.

    Args:
        context: the case.
        reports: step id -> report, in the order of the steps.
        given: facts given in the chat as (title, answer), to find those that were never used.
        texts: step id -> prose; with `given`, needed to find unused facts.

    Raises:
        ValueError: no reports.
    """
    return whole_report.build(context, reports, given, texts or {})
