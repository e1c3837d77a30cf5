"""One step as the detectors see it: text without what is aimed at a reviewer, cues, items, links.

Cues are looked up in the student's own sentences, each once: a repeated sentence is read once and
talk that would fit any answer is not read at all, so that neither repeating nor padding pays.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from typing import Any

from coach.assessment import lexicon
from coach.assessment.artefacts import rows_of
from coach.assessment.context import CaseContext
from coach.assessment.items import Items, items
from coach.assessment.numbers import Number, known, numbers
from coach.assessment.roles import Roles, read_roles
from coach.assessment.text import Span, clause, count_words, normal, sentences, stems
from coach.interviewer.encoder import Encoder

REPEATED = 0.2
"""A sentence with a smaller share of new words and figures only says again what was said."""
_FIGURE = re.compile(r"\d[\d.,]*")
LEAST_OF_WORD = 5
"""Letters from which the stem of a side's name is also looked for at the head of longer words."""
LEAST_NEAR = 5
"""Words beside a gap from which they say what they are about."""
MOST_IN_A_SENTENCE = 40
"""No condition counts further, and a pasted wall of one word must not cost seconds."""


@dataclass(frozen=True)
class Reading:
    """A step's text with its context; everything is worked out once and only when asked for.

    ``cut`` are the places (start, end) of text aimed at a reviewer: never read, never followed.
    ``earlier`` are the readings of the steps before, by step id; ``claims`` the checked numbers;
    ``encoder`` gives the sentence vectors that roles rest on, and without it there are no roles.
    """

    step: str
    text: str
    context: CaseContext
    artefact: Mapping[str, Any] = field(default_factory=dict)
    confirmed: bool = False
    earlier: Mapping[str, Reading] = field(default_factory=dict)
    cut: tuple[tuple[int, int], ...] = ()
    claims: tuple[Any, ...] = ()
    encoder: Encoder | None = field(default=None, repr=False, compare=False)

    @cached_property
    def sentences(self) -> tuple[Span, ...]:
        """Distinct sentences of the student, in order."""
        seen: set[str] = set()
        kept = []
        for sentence in sentences(self.text):
            key = normal(sentence.quote)
            inside = any(a < sentence.end and sentence.start < b for a, b in self.cut)
            if key and key not in seen and not inside:
                kept.append(sentence)
            seen.add(key)
        return tuple(kept)

    @cached_property
    def telling(self) -> tuple[Span, ...]:
        """Sentences that say something about this case; only they count as evidence."""
        return tuple(s for s in self.sentences if not self._is_filler(s)) or self.sentences[:1]

    @cached_property
    def fresh(self) -> tuple[Span, ...]:
        """Telling sentences with words or figures of their own; saying it again counts once.

        Talk that fits any case is left out where roles are known, unless it holds a figure.
        """
        empty = {unit.start for unit in self.roles("empty_talk") if not numbers(unit.quote)}
        said: set[str] = set()
        kept = []
        for sentence in self.telling:
            matter = stems(sentence.quote) | set(_FIGURE.findall(sentence.quote))
            is_new = not matter or len(matter - said) > REPEATED * len(matter)
            if is_new and sentence.start not in empty:
                kept.append(sentence)
            said |= matter
        return tuple(kept)

    def _is_filler(self, sentence: Span) -> bool:
        return (
            lexicon.has("filler", sentence.quote)
            and not numbers(sentence.quote)
            and not lexicon.has("choice", sentence.quote)
            and not lexicon.has("friction", sentence.quote)
        )

    @cached_property
    def items(self) -> Items:
        """Items as written, each once."""
        found = items(self.text)
        seen: dict[str, int] = {}
        for i, span in enumerate(found.spans):
            seen.setdefault(normal(span.quote), i)
        keep = sorted(seen.values())
        cells = tuple(found.cells[i] for i in keep) if found.cells else ()
        return Items(found.form, tuple(found.spans[i] for i in keep), found.header, cells)

    @cached_property
    def rows(self) -> tuple[Mapping[str, Any], ...]:
        """Filled rows of the artefact."""
        return tuple(rows_of(self.artefact))

    @cached_property
    def numbers(self) -> tuple[Number, ...]:
        """Numbers in the telling sentences, with their places in the text."""
        return tuple(
            Number(n.value, n.unit, n.start + s.start, n.end + s.start)
            for s in self.telling
            for n in numbers(s.quote)
        )

    @cached_property
    def _found(self) -> dict[str, tuple[Span, ...]]:
        return {}

    def all(self, concept: str) -> tuple[Span, ...]:
        """Where the concept's phrases occur, as the clauses around them, each once."""
        if concept not in self._found:
            self._found[concept] = tuple(self._search(concept))
        return self._found[concept]

    def _search(self, concept: str) -> list[Span]:
        found: dict[Span, None] = {}
        for sentence in self.telling:
            matches = lexicon.pattern(concept).finditer(sentence.quote)
            for match in islice(matches, MOST_IN_A_SENTENCE):
                start = sentence.start + match.start()
                found.setdefault(clause(self.text, sentence, start, sentence.start + match.end()))
        return list(found)

    def first(self, *concepts: str) -> Span | None:
        """The first clause with one of the concepts, in their order."""
        return next((found[0] for concept in concepts if (found := self.all(concept))), None)

    def has(self, *concepts: str) -> bool:
        """Whether any of the concepts occurs."""
        return self.first(*concepts) is not None

    def together(self, *concepts: str) -> Span | None:
        """The first sentence in which all the concepts occur."""
        for sentence in self.telling:
            matches = [lexicon.pattern(c).search(sentence.quote) for c in concepts]
            if all(matches) and matches[0]:
                at = sentence.start + matches[0].start()
                return clause(self.text, sentence, at, sentence.start + matches[0].end())
        return None

    def near(self, *concepts: str) -> Span | None:
        """The student's words nearest to a gap: a cue, else the sentence most about the case.

        Sentences that would fit any case stand there only where there is no other.
        """
        own = {span.start for span in self.fresh}
        cues = [span for concept in concepts for span in self.all(concept)]
        if cues or not self.sentences:
            kept = [c for c in cues if any(s.start <= c.start < s.end for s in self.fresh)]
            telling = (c for c in kept if count_words(c.quote) >= LEAST_NEAR)
            return next(telling, next(iter(kept or cues), None))
        words = self.context.words
        said = [s for s in self.telling if s.start in own] or self.telling
        best = max(said, key=lambda s: (len(stems(s.quote) & words), -s.start))
        return clause(self.text, best, best.start, best.start + 1)

    @cached_property
    def read_roles(self) -> Roles:
        """What each sentence does, learned (roles.py); not known without sentence vectors."""
        return read_roles(self.step, self.text, self.sentences, self.encoder)

    def role(self, name: str, *, sure: bool = False) -> Span | None:
        """The sentence that most probably has the role; None when none is likely to.

        Args:
            name: a role of the corpus; one that does not occur in this step is never found.
            sure: only where sentences were right in nine of ten cases when measured.

        Raises:
            KeyError: no such role.
        """
        return self.read_roles.best(name, sure=sure)

    def roles(self, name: str, *, sure: bool = False) -> tuple[Span, ...]:
        """Every sentence that has the role, in order; see `role`.

        Raises:
            KeyError: no such role.
        """
        return self.read_roles.all(name, sure=sure)

    @cached_property
    def stems(self) -> frozenset[str]:
        """Content stems of the step, its artefact included."""
        cells = " ".join(str(v) for row in self.rows for v in row.values() if isinstance(v, str))
        return stems(" ".join(s.quote for s in self.sentences)) | stems(cells)

    @cached_property
    def baseline_number(self) -> Span | None:
        """The clause with the first figure taken from the case."""
        for n in self.numbers:
            if n.value is not None and n.value > 1 and known(n.value, self.context.figures):
                return self.around(n.start, n.end)
        return None

    def around(self, start: int, end: int) -> Span:
        """The clause around a place of the text, which may stand in a repeated sentence."""
        sentence = next(s for s in sentences(self.text) if s.start <= start < s.end)
        return clause(self.text, sentence, start, end)

    def sides(self) -> tuple[str, ...]:
        """Names of the case's sides that this step mentions."""
        return tuple(s.name for s in self.context.sides if self._names_side(s.stems))

    def _names_side(self, names: frozenset[str]) -> bool:
        """Whether the step has one of the stems, or a longer word made of it ("residential")."""
        long = tuple(name for name in names if len(name) >= LEAST_OF_WORD)
        return bool(names & self.stems) or any(s.startswith(long) for s in self.stems)

    def missing_sides(self) -> tuple[str, ...]:
        """Names of the case's sides that this step does not mention."""
        present = self.sides()
        return tuple(s.name for s in self.context.sides if s.name not in present)
