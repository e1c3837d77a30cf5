"""From a cue to a finding in words: every sentence carries the student's words or case figures."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from string import Formatter

from coach.assessment.context import CaseContext
from coach.assessment.detect.rule import Cue
from coach.assessment.layout import Layout
from coach.assessment.report import Finding
from coach.assessment.rubric import Mistake
from coach.assessment.text import Span

_ASK = "I could not find {}. Is it in your text?"
_NEAREST = "The nearest I found to {} is “{}”. Is that it?"
_UNSURE_LEAD = "As I read it, "
"""Begins the reason of a question, which must not claim what was only asked."""
_IF_MISSING, _IF_NOT = "If it is missing, ", "If it is not, "
"""Begin the task of a question about something that was looked for in vain, or nearly."""
SLOT_LIMIT = 80
"""Longest quote inside a sentence; the finding itself carries the whole quote."""
EXTRA_LIMIT = 140
"""What a check worked out may be longer: it can be a list."""
LEAST_OF_SLOT = 45
"""A quote is not cut at a joint before so many letters: less of it says something else."""
_CLAUSE_ENDS = (", ", "; ", ": ", ". ")
_JOINTS = (" because ", " since ", " and ", " but ", " so ", " which ", " who ", " when ", " that ")
_NEXT_ITEM = re.compile(r"(?<=\w)[.,;]?\s+\(?\d{1,2}\)\s")


def short(quote: str, limit: int = SLOT_LIMIT) -> str:
    """The first words of a quote, verbatim, cut where a cell, an item, a clause or a word ends."""
    line = next((cell for cell in re.split(r"\n|\s\|\s|^\||\|$", quote) if cell.strip()), quote)
    first = re.sub(r"^\W*(?:\d{1,2}[.)]|[A-Ha-h][.)]|[-*•])\s+", "", line).strip()
    first = _NEXT_ITEM.split(first)[0]
    if len(first) > limit:
        clause_end = max(first.rfind(mark, 20, limit) for mark in _CLAUSE_ENDS)
        if clause_end < 0:
            clause_end = max(first.rfind(mark, LEAST_OF_SLOT, limit) for mark in _JOINTS)
        first = first[: clause_end if clause_end > 0 else first.rfind(" ", 0, limit)]
    return first.strip().rstrip(".,;:").strip('"')


def _slots(cue: Cue, context: CaseContext) -> dict[str, str]:
    slots = {"product": context.product, "company": context.company, **cue.slots}
    if cue.span:
        slots["quote"] = short(cue.span.quote)
    if cue.near:
        slots["near"] = short(cue.near.quote)
    if "chosen" in slots:
        slots["chosen"] = short(slots["chosen"])
    if "extra" in slots and len(slots["extra"]) > EXTRA_LIMIT:
        slots["extra"] = short(slots["extra"])
    return {key: value for key, value in slots.items() if value}


def _names(template: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(template) if name}


def fill(templates: Sequence[str], slots: Mapping[str, str], lead: str = "") -> str:
    """The first template whose slots can all be filled, after `lead`; "" when there is none."""
    for template in templates:
        if _names(template) <= slots.keys():
            own = template.startswith("{")
            said = f"{lead}{template if own or not lead else _lower(template)}"
            filled = said.format_map(slots).strip()
            return filled[:1].upper() + filled[1:]
    return ""


def _lower(sentence: str) -> str:
    """Without the capital a filled template begins with; "I" keeps its own."""
    return sentence if sentence.startswith("I ") else sentence[:1].lower() + sentence[1:]


def _why(mistake: Mistake, slots: Mapping[str, str], stated: bool) -> str:
    """The reason of a finding; that of a question claims nothing about the answer."""
    if stated:
        return fill(mistake.why, slots)
    return fill(mistake.asked, slots) or fill(mistake.why, slots, _UNSURE_LEAD)


def _question(
    mistake: Mistake, slots: Mapping[str, str], looked_for: str, nearest: Span | None
) -> str:
    if nearest is not None:
        return _NEAREST.format(_lower(looked_for), short(nearest.quote))
    return fill((mistake.ask, _ASK.format(_lower(looked_for))), slots)


def finding(
    mistake: Mistake,
    cue: Cue,
    context: CaseContext,
    layout: Layout,
    may_state: bool,
    nearest: Span | None = None,
) -> Finding | None:
    """Put a cue into words; None when no sentence about this answer can be made of it.

    Args:
        mistake: what is said about it.
        cue: its evidence.
        context: the case.
        layout: prose and cells.
        may_state: whether the cue is certain enough to be stated.
        nearest: for a gap, the student's words that come nearest to what was looked for; then the
            question is whether they are it, and nothing is said to be missing.
    """
    slots = _slots(cue, context)
    stated = cue.exact or may_state
    why = _why(mistake, slots, stated)
    is_gap = cue.span is None and not stated
    lead = _IF_NOT if nearest else _IF_MISSING
    rewrite = fill(mistake.rewrite, slots, lead if is_gap else "")
    if not why or not rewrite:
        return None
    name, start, end = layout.place(cue.span) if cue.span else ("text", 0, 0)
    looked_for = fill((mistake.looked_for,), slots)
    return Finding(
        id=mistake.id,
        title=fill((mistake.title,), slots) or mistake.id,
        kind="stated" if stated else "asked",
        source="rule",
        field=name,
        start=start,
        end=end,
        quote=cue.span.quote if cue.span else "",
        looked_for="" if cue.span else _lower(looked_for),
        near=cue.near.quote if cue.near and not cue.span else "",
        question=""
        if stated
        else _question(mistake, slots, looked_for, nearest if is_gap else None),
        why=why,
        rewrite=rewrite,
        effect=mistake.effect,
    )
