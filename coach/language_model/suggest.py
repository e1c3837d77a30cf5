"""What a language model adds to a step's report, or to a follow-up: asked, checked, labelled.

The report of the rules is finished before this begins and is never changed by it. A suggestion
has no level, and nothing here can reach one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from coach.assessment.injection import aimed_at_reviewer, without
from coach.assessment.layout import Layout
from coach.assessment.report import Finding
from coach.assessment.rubric import RUBRIC_VERSION, Mistake, load_rubric
from coach.language_model import guards
from coach.language_model.client import Message, ModelReply
from coach.language_model.guards import Ground, Places
from coach.language_model.prompts import messages, prompts_version
from coach.language_model.quotes import find, stands_in_one_field
from coach.language_model.reply import Proposal, Rewording, read_question, read_remarks
from coach.language_model.scrub import Private, scrub

MOST_PROPOSALS = 3
Ask = Callable[[Sequence[Message]], ModelReply]
"""Sends messages to the model; raises ModelFault."""


@dataclass(frozen=True)
class CaseSide:
    """What the case brings: its public prompt, what opens later, and who confirms a number."""

    prompt: str
    secrets: tuple[str, ...] = ()
    confirmed: Callable[[str], Places] = lambda words: ()


@dataclass(frozen=True)
class StepWork:
    """A step as the rules judged it.

    ``findings`` are those the student is shown, as far as they may be told now; ``found`` are the
    ids of all that the rules found, shown or not.
    """

    step: str
    title: str
    layout: Layout
    findings: tuple[Finding, ...]
    found: frozenset[str]


@dataclass(frozen=True)
class Suggestion:
    """One thing the model added. ``kind`` "rewording" says a finding of the rules again."""

    kind: Literal["finding", "rewording"]
    mistake: str
    title: str
    field: str
    start: int
    end: int
    quote: str
    why: str
    rewrite: str
    source: Literal["model"] = "model"


@dataclass(frozen=True)
class Additions:
    """What passed every guard, how often each guard dropped something, and who wrote it."""

    suggestions: tuple[Suggestion, ...]
    dropped: Mapping[str, int] = field(default_factory=dict)
    model: str = ""


def versions() -> dict[str, str]:
    """Versions of the prompts, the guards and the rubric, for every addition."""
    return {
        "prompts": prompts_version(),
        "guards": guards.GUARDS_VERSION,
        "rubric": RUBRIC_VERSION,
    }


def remarks_on(work: StepWork, case: CaseSide, private: Private, ask: Ask) -> Additions:
    """Ask the model about a step and return what passes.

    Raises:
        ModelFault: no reply came.
        MalformedReply: the reply is not of the schema.
    """
    open_mistakes = _open_mistakes(work)
    reply = ask(messages("remarks", _material(work, case, private, open_mistakes)))
    remarks = read_remarks(reply.text)
    made: list[Suggestion | str] = [_reworded(item, work, case) for item in remarks.rewordings]
    made += [_proposed(item, work, case, open_mistakes) for item in remarks.proposals]
    kept, dropped = _once_each(made)
    if remarks.left_out:
        dropped["schema"] += remarks.left_out
    return Additions(kept, dict(dropped), reply.model)


def question_again(
    question: str, said: str, case: CaseSide, private: Private, ask: Ask
) -> Additions:
    """Ask the model to put a follow-up in other words; the one suggestion holds it in ``why``.

    Raises:
        ModelFault: no reply came.
        MalformedReply: the reply is not of the schema.
    """
    readable = scrub(without(said, aimed_at_reviewer(said)), private)
    reply = ask(messages("question", {"question": question, "student_said": readable}))
    words = read_question(reply.text)
    ground = Ground(question, f"{question} {said} {case.prompt}", case.secrets)
    if reason := _not_the_question(words, question) or guards.why_dropped(words, ground):
        return Additions((), {reason: 1}, reply.model)
    again = Suggestion("rewording", "", question, "text", 0, 0, "", words, "")
    return Additions((again,), {}, reply.model)


def _open_mistakes(work: StepWork) -> dict[str, Mistake]:
    """The step's mistakes that the rules did not find and whose title needs no figure."""
    return {
        key: mistake
        for key, mistake in load_rubric().mistakes.items()
        if work.step in mistake.steps and key not in work.found and "{" not in mistake.title
    }


def _material(
    work: StepWork, case: CaseSide, private: Private, open_mistakes: Mapping[str, Mistake]
) -> dict[str, Any]:
    """What leaves the site: the step's text without who wrote it, and nothing of other steps."""

    def clean(words: str) -> str:
        return scrub(words, private)

    return {
        "case": case.prompt,
        "step": work.title,
        "answer": clean(_readable(work.layout)),
        "findings": [
            {
                "number": number,
                "title": clean(finding.title),
                "quote": clean(finding.quote or finding.near),
                "why": clean(finding.why),
                "task": clean(finding.rewrite),
            }
            for number, finding in enumerate(work.findings, start=1)
        ],
        "mistakes": [
            {"id": key, "title": mistake.title, "looked_for": _without_slots(mistake.looked_for)}
            for key, mistake in open_mistakes.items()
        ],
    }


def _without_slots(template: str) -> str:
    return "" if "{" in template else template


def _readable(layout: Layout) -> str:
    """The text of a step without what speaks to the reviewer; every place stays where it was."""
    return without(layout.text, aimed_at_reviewer(layout.text))


def _reworded(item: Rewording, work: StepWork, case: CaseSide) -> Suggestion | str:
    """The rules' finding in the model's words, or why it is dropped."""
    if not 1 <= item.number <= len(work.findings):
        return "no such finding"
    finding = work.findings[item.number - 1]
    original = _words_of(finding)
    said = f"{item.why} {item.task}"
    if not guards.keeps_the_subject(said, original):
        return "another subject"
    if reason := _dropped(item.why, item.task, _ground(original, work, case)):
        return reason
    return Suggestion(
        "rewording", finding.id, finding.title, finding.field, finding.start, finding.end,
        finding.quote, item.why, item.task,
    )  # fmt: skip


def _proposed(
    item: Proposal, work: StepWork, case: CaseSide, open_mistakes: Mapping[str, Mistake]
) -> Suggestion | str:
    """The model's own finding with the student's words, or why it is dropped."""
    if item.id not in open_mistakes:
        return "no such mistake"
    span = find(_readable(work.layout), item.quote)
    if span is None or not stands_in_one_field(work.layout, span):
        return "quote"
    if not guards.speaks_of(f"{item.why} {item.task}", work.layout.text):
        return "fits any answer"
    if reason := _dropped(item.why, item.task, _ground(span.quote, work, case)):
        return reason
    name, start, end = work.layout.place(span)
    title = open_mistakes[item.id].title
    return Suggestion("finding", item.id, title, name, start, end, span.quote, item.why, item.task)


def _words_of(finding: Finding) -> str:
    return " ".join(
        (finding.title, finding.quote, finding.near, finding.looked_for, finding.question,
         finding.why, finding.rewrite)
    )  # fmt: skip


def _ground(evidence: str, work: StepWork, case: CaseSide) -> Ground:
    shown = " ".join(_words_of(finding) for finding in work.findings)
    visible = f"{case.prompt} {work.layout.text} {shown}"
    return Ground(evidence, visible, case.secrets, case.confirmed)


def _dropped(why: str, task: str, ground: Ground) -> str:
    return guards.why_dropped(why, ground) or guards.why_dropped(task, ground)


def _not_the_question(words: str, question: str) -> str:
    if words.count("?") != 1 or not words.endswith("?"):
        return "no question"
    return "" if guards.keeps_the_subject(words, question) else "another subject"


def _once_each(
    made: Iterable[Suggestion | str],
) -> tuple[tuple[Suggestion, ...], Counter[str]]:
    """One suggestion a mistake and kind, at most three proposals; and how often what dropped."""
    kept: dict[tuple[str, str], Suggestion] = {}
    dropped: Counter[str] = Counter()
    for item in made:
        if isinstance(item, str):
            dropped[item] += 1
            continue
        proposals = sum(other.kind == "finding" for other in kept.values())
        is_full = item.kind == "finding" and proposals >= MOST_PROPOSALS
        if is_full or (item.kind, item.mistake) in kept:
            dropped["too many"] += 1
        else:
            kept[item.kind, item.mistake] = item
    return tuple(kept.values()), dropped
