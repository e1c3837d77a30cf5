"""The rows of "How the level was made": what a criterion was read from, and what it still takes.

A row quotes the words it was read from: the sentence that surely has what the criterion is about,
else the field that asks for it, else the sentence that likely has it, said to be a reading. It
ends with a question about one thing the next level takes, and only where nothing shows that thing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from coach.assessment import earned, things
from coach.assessment.artefacts import SPECS
from coach.assessment.context import CaseContext
from coach.assessment.earned import LEAST_QUOTED
from coach.assessment.layout import Layout
from coach.assessment.levels import DISTINCTIVE, GENERIC, NOT_ENOUGH, CriterionLevel
from coach.assessment.moderation import phrases
from coach.assessment.numbers import has_figure
from coach.assessment.reading import Reading
from coach.assessment.report import Criterion
from coach.assessment.rubric import level_word, load_rubric
from coach.assessment.text import Span, count_words, span_of
from coach.assessment.wording import fill, short

UNSURE = "as I read it, "
_OF_FIGURES = re.compile(r"\b(?:numbers?|figures?|known?|measured?|count(?:ed)?)\b", re.IGNORECASE)
"""Who speaks of a figure, or of having none, is not asked for it."""
NO_QUOTE = "I have no single sentence to quote for it"
FIGURE = "figure"
COUNTED = {
    "clarify": ("goal",),
    "segment": ("distinct", "choice", "evidence"),
    "pain_points": ("user_voice", "depth", "ranking"),
    "prioritize": ("criteria", "rigor"),
    "goal": ("value",),
    "analysis": ("sides", "size", "horizon"),
    "decision": ("given_up",),
    "landscape": ("rivals", "trends", "strengths"),
}
"""Criteria about what is so, and for how many; what somebody does or decides has no figure."""


@dataclass
class Rows:
    """Builds the rows of one step; each thing is asked for once.

    ``settled`` are the mistakes that were found: what a finding asks for, no row asks for again.
    """

    reading: Reading
    layout: Layout
    settled: frozenset[str]
    _asked: set[str] = field(default_factory=set)

    def build(self, judged: Sequence[CriterionLevel]) -> tuple[Criterion, ...]:
        """All rows; the lowest criteria choose first what is asked."""
        quotes = {c.id: read_from(self.reading, self.layout, c) for c in judged}
        questions = {
            c.id: self._question(c, quotes[c.id][1]) for c in sorted(judged, key=lambda c: c.level)
        }
        return tuple(self._row(c, *quotes[c.id], questions[c.id]) for c in judged)

    def _row(self, c: CriterionLevel, have: str, quote: Span | None, question: str) -> Criterion:
        asked = f"for {_word(c.level + 1)}: {question}" if question else ""
        rest = f"{c.rest}. {question}".rstrip(". ") if c.rest else asked
        name, start, end = self.layout.place(quote) if quote else ("text", 0, 0)
        return Criterion(
            id=c.id,
            name=load_rubric().criteria[self.reading.step][c.id],
            level=c.level,
            why=replace(c, have=have, quote=quote, rest=rest).why,
            quote=quote.quote if quote else "",
            field=name,
            start=start,
            end=end,
            question=question,
        )

    def _question(self, c: CriterionLevel, quote: Span | None) -> str:
        """The first thing of the level above that nothing in the step shows, as a question."""
        if c.level < c.own:
            return self._figure_behind(c.id, quote)
        if c.level >= DISTINCTIVE or c.rest:
            return ""
        for thing in things.above(self.reading.step, c.id, max(c.level, GENERIC)):
            if thing.name in self._asked or self.settled & things.mistakes_about(thing):
                continue
            said = fill(thing.ask, _slots(self.reading.context, quote))
            if said and things.lacks(self.reading, thing):
                self._asked.add(thing.name)
                return said
        return ""

    def _figure_behind(self, criterion: str, quote: Span | None) -> str:
        """What is asked where only figures hold a criterion back: one for words without any.

        A table the student filled in has its figures beside the words.
        """
        asks = criterion in COUNTED.get(self.reading.step, ()) and not self.reading.confirmed
        if quote is None or not asks or FIGURE in self._asked:
            return ""
        around = [s.quote for s in self.reading.sentences if _meet(s, quote)]
        if any(has_figure(said) or _OF_FIGURES.search(said) for said in around):
            return ""
        self._asked.add(FIGURE)
        return f"Which figure could stand behind “{short(quote.quote)}”?"


def _meet(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end


def _slots(context: CaseContext, quote: Span | None) -> dict[str, str]:
    slots = {"product": context.product, "company": context.company}
    return {**slots, "quote": short(quote.quote)} if quote else slots


def _word(level: int) -> str:
    return level_word(level).split(",")[0]


def read_from(r: Reading, layout: Layout, c: CriterionLevel) -> tuple[str, Span | None]:
    """What a criterion was read from: the words for it, and the student's, if any can stand there.

    With a quote the words say what that sentence does, or in which field it stands, and no more: a
    criterion has more to it than one sentence shows.
    """
    if c.own == 1:
        return _missing(r, c)
    if not r.read_roles.known:
        return (c.have, c.quote) if _is_whole(c.quote) else (f"{UNSURE}{c.have}", None)
    if role := earned.earned_role(r, c):
        return phrases()[role], c.quote
    if cell := _cell(r, layout, c.id):
        return cell
    if found := earned.likely(r, c.id):
        return f"{UNSURE}{phrases()[found[0]]}", found[1]
    return (f"{UNSURE}{c.have}" if c.firm else NO_QUOTE), None


def _missing(r: Reading, c: CriterionLevel) -> tuple[str, Span | None]:
    """What was looked for, with what came nearest to it where a sentence did."""
    if not c.have.endswith(NOT_ENOUGH):
        return c.have, None
    found = earned.likely(r, c.id)
    sought = next(iter(things.above(r.step, c.id, GENERIC)), None)
    near = things.nearest(r, sought) if sought else None
    span = found[1] if found else near
    if span is None:
        return c.have, None
    return f"{c.have.removesuffix(NOT_ENOUGH)}, and the nearest I found is this", span


def _is_whole(quote: Span | None) -> bool:
    """Whether there are words to quote that are no line of a table."""
    return quote is not None and not quote.quote.startswith("|")


def _cell(r: Reading, layout: Layout, criterion: str) -> tuple[str, Span] | None:
    """The first sentence in a field that asks for a criterion, with the field's label."""
    if not r.confirmed:
        return None
    for wanted in things.told_in(r.step, criterion):
        for start, end, name in layout.cells:
            span = span_of(layout.text, start, end)
            if name.rpartition(".")[2] == wanted and count_words(span.quote) >= LEAST_QUOTED:
                return f"under “{SPECS[r.step].column(wanted).label}”", span
    return None
