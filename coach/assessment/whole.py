"""The whole attempt in words: level, how it came about, how sure it is, what to practise next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from coach.assessment.context import CaseContext
from coach.assessment.levels import whole_level
from coach.assessment.numbers import numbers
from coach.assessment.report import Finding, StepReport, WholeReport
from coach.assessment.rubric import level_word, load_rubric
from coach.assessment.wording import short


def title(step: str) -> str:
    """A step's name for people: "Pain points"."""
    return step.replace("_", " ").capitalize()


def _listed(names: Sequence[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else "".join(names)


def _made(steps: Mapping[str, int], level: int, core: str) -> str:
    """Which steps have which level, and how the whole follows from them."""
    groups = [(n, [title(s) for s, v in steps.items() if v == n]) for n in (4, 3, 2, 1)]
    told = [
        f"{_listed(names)} {'is' if len(names) == 1 else 'are'} {level_word(n)}"
        for n, names in groups
        if names
    ]
    if len(steps) == 1:
        return f"{told[0]}, and it is the only step."
    median = f"the lower median of {len(steps)} steps is {level_word(level)}"
    if core:
        median = f"{title(core)} is a core step and missing, so the whole is at most generic"
    return f"{'; '.join(told)}; {median}."


def _sure(reports: Mapping[str, StepReport]) -> str:
    unsure = [title(s) for s, r in reports.items() if r.unsure]
    stated = [f for r in reports.values() for f in r.findings if f.kind == "stated"]
    asked = sum(f.kind == "asked" for r in reports.values() for f in r.findings)
    if unsure:
        near = f"{_listed(unsure)} {'is' if len(unsure) == 1 else 'are'} near the line"
        first = f"{near}: a second reader could decide one level apart."
    else:
        none = f"None of the {len(reports)} steps is" if len(reports) > 1 else "The step is not"
        first = f"{none} so near a line that a second reader is needed."
    return f"{first} {_counted(len(stated), asked)}".rstrip()


def _counted(stated: int, asked: int) -> str:
    """How many findings are certain enough to be stated."""
    if not asked:
        return ""
    if not stated:
        return "Every finding is a question: read your words again and decide whether it is right."
    verb = "is" if stated == 1 else "are"
    others = "the other is a question" if asked == 1 else "the others are questions"
    return f"{stated} of {stated + asked} findings {verb} stated, {others}."


def _costliest(reports: Mapping[str, StepReport]) -> tuple[str, Finding] | None:
    found = [(f.effect, -i, s, f) for i, (s, r) in enumerate(reports.items()) for f in r.findings]
    best = max(found, key=lambda item: (item[0], item[1]), default=None)
    return (best[2], best[3]) if best else None


def _text(reports: Mapping[str, StepReport]) -> str:
    strong = next(
        ((s, r.strengths[0]) for s, r in reports.items() if r.strengths and r.level >= 3), None
    )
    weak = _costliest(reports)
    parts = []
    alone = len(reports) == 1
    if strong:
        carries = "What carries it" if alone else f"{title(strong[0])} carries it"
        parts.append(f'{carries}: "{short(strong[1].quote)}".')
    if weak:
        parts.append(_first_to_look_at(*weak, alone=alone))
    gated = [title(s) for s, r in reports.items() if r.gate]
    if gated:
        parts.append(f"There was not enough to judge in {_listed(gated)}.")
    return " ".join(parts)


def _first_to_look_at(step: str, finding: Finding, *, alone: bool) -> str:
    """The finding whose repair would change most; a question is put as one.

    The step is named where it is not ``alone``.
    """
    if finding.kind == "asked":
        return f"Look first at {'this' if alone else title(step)}. {finding.question}"
    return finding.why if alone else f"What costs most is in {title(step)}. {finding.why}"


def _practise(reports: Mapping[str, StepReport]) -> tuple[str, str]:
    """The step to practise next and why: the lowest, core steps first, then the costliest."""
    core = load_rubric().core_steps

    def weight(step: str) -> tuple[int, bool, int]:
        effects = [f.effect for f in reports[step].shown]
        return (reports[step].level, step not in core, -max(effects, default=0))

    step = min(reports, key=weight)
    report = reports[step]
    if not report.findings:
        lowest = f", the lowest of {len(reports)}" if len(reports) > 1 else ""
        return step, f"{title(step)} is {level_word(report.level)}{lowest}."
    first = report.findings[0]
    said = first.question if first.kind == "asked" else first.why
    return step, f"{title(step)} is {level_word(report.level)}. {said} {first.rewrite}"


def unused_facts(given: Sequence[tuple[str, str]], texts: Mapping[str, str]) -> tuple[str, ...]:
    """Titles of facts whose figures were given and never come back in any step after Clarify."""
    later = [text for step, text in texts.items() if step != "clarify"]
    used = {n.value for text in later for n in numbers(text) if n.value is not None}
    return tuple(
        name
        for name, fact in given
        if (figures := {n.value for n in numbers(fact) if n.value is not None})
        and not figures & used
    )


def build(
    context: CaseContext,
    reports: Mapping[str, StepReport],
    given: Sequence[tuple[str, str]],
    texts: Mapping[str, str],
) -> WholeReport:
    """Put the whole together; see `assess.assess_whole`."""
    steps = {step: report.level for step, report in reports.items()}
    level, core = whole_level(steps)
    practise, practise_text = _practise(reports)
    return WholeReport(
        level=level,
        word=level_word(level),
        text=_text(reports),
        made=_made(steps, level, core),
        sure=_sure(reports),
        practise=practise,
        practise_text=practise_text,
        steps=steps,
        unused=unused_facts(given, texts),
        versions=next(iter(reports.values())).versions,
    )
