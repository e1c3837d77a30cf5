"""Links between steps: whom the student chose, what the student chose, and whether it is kept."""

from __future__ import annotations

import re
from dataclasses import dataclass

from coach.assessment import lexicon
from coach.assessment.reading import LEAST_OF_WORD, Reading
from coach.assessment.text import Span, span_of, stem, stems, words

_AFTER_CHOICE = re.compile(r"[^.:;,(?!\n]*")
_PERSONA = re.compile(
    r"(?:\b(?:[Ee]xample|[Pp]icture|[Ii]magine|[Tt]hink of|[Mm]eet|[Ss]ay)[:,]? "
    r"|(?<!^)(?<![.!?] )(?<!\n))\b(?P<mid>[A-Z][a-z]{2,})\b|\b(?P<first>[A-Z][a-z]{2,}),? "
    r"(?:is |a |an |\d|who |whose |[a-z]+, )"
)
_LABEL = re.compile(r"(?:(?!\b(?:because|since|as|so|and|for)\b)[^.:;,(?!\n])*")
_GENERAL = frozenset(
    map(stem, ("user", "people", "group", "segment", "first", "second", "third", "focus", "choose",
               "pick", "take", "work", "buyer", "customer", "one", "want", "person"))
)  # fmt: skip


@dataclass(frozen=True)
class Chosen:
    """The chosen group: its words in the segment step, its stems, persona and side."""

    span: Span
    stems: frozenset[str]
    names: frozenset[str]
    side: str

    @property
    def label(self) -> str:
        """The words that name the group: those behind the choosing verb, without the reason."""
        match = lexicon.pattern("choice").search(self.span.quote)
        behind = _LABEL.match(self.span.quote, match.end()) if match else None
        return (behind.group().strip() if behind else "") or self.span.quote


def _label_after(r: Reading, span: Span) -> frozenset[str]:
    match = lexicon.pattern("choice").search(span.quote)
    behind = _AFTER_CHOICE.match(span.quote, match.end()) if match else None
    product = stems(r.context.product)
    return stems(behind.group() if behind else span.quote) - _GENERAL - product


def _main_side(r: Reading, label: frozenset[str]) -> str:
    """The side named in the label, else the one the step names most; "" for a tie."""
    for side in r.context.sides:
        if side.stems & label:
            return side.name
    found = [stem(w) for s in r.sentences for w in words(s.quote)]
    counts = sorted(
        ((sum(w in s.stems for w in found), s.name) for s in r.context.sides), reverse=True
    )
    if not counts or not counts[0][0] or (len(counts) > 1 and counts[0][0] == counts[1][0]):
        return ""
    return counts[0][1]


def choosing_words(r: Reading) -> Span | None:
    """The clause in which a group is chosen, or None; choosing everyone chooses nobody."""
    for sentence in r.telling:
        match = lexicon.pattern("choice").search(sentence.quote)
        if match and not lexicon.has("everyone", sentence.quote):
            return r.around(sentence.start + match.start(), sentence.start + match.end())
    return None


def chosen_segment(r: Reading) -> Chosen | None:
    """Whom the segment step chooses, from the marked row or the choosing sentence."""
    row = next((row for row in r.rows if row.get("chosen")), None)
    span = choosing_words(r)
    name = str(row.get("name", "")) if row else ""
    at = r.text.find(name) if name else -1
    if span is None and at >= 0:
        span = span_of(r.text, at, at + len(name))
    if span is None:
        return None
    marked = stems(name) - _GENERAL
    label = marked if r.confirmed and marked else _label_after(r, span) or marked
    named = (m["mid"] or m["first"] for m in _PERSONA.finditer(r.text))
    names = frozenset(name.lower() for name in named) - words_of_case(r)
    return Chosen(span, label, names, _main_side(r, label)) if label else None


def words_of_case(r: Reading) -> frozenset[str]:
    """The words of the case's own name, which are no persona."""
    case = f"{r.context.product} {r.context.company} {r.context.prompt}"
    return frozenset(words(case))


def _mentions(r: Reading, chosen: Chosen) -> bool:
    own = {w for s in r.sentences for w in words(s.quote)}
    named = {w.removesuffix("'s") for w in own}
    return _shares_a_word(chosen.stems, r.stems) or bool(chosen.names & named)


def _shares_a_word(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether two texts share a stem, or one has a longer word made of it ("photo-graphers")."""
    if one & other:
        return True
    pairs = ((a, b) for a in one for b in other if min(len(a), len(b)) >= LEAST_OF_WORD)
    return any(a.startswith(b) or b.startswith(a) for a, b in pairs)


def forgets_segment(r: Reading) -> Chosen | None:
    """The chosen group, when this step speaks of others and not of it; else None."""
    segment = r.earlier.get("segment")
    chosen = chosen_segment(segment) if segment else None
    if segment is None or chosen is None or _mentions(r, chosen):
        return None
    others = [s for s in r.context.sides if s.name != chosen.side and s.stems & r.stems]
    own_side = [s for s in r.context.sides if s.name == chosen.side]
    if own_side:
        kept = bool(own_side[0].stems & r.stems)
        about_people = r.step in ("pain_points", "solutions", "summary")
        return chosen if others and about_people and not kept else None
    rejected = [
        stems(str(row.get("name", ""))) - _GENERAL for row in segment.rows if not row.get("chosen")
    ]
    return chosen if any(label and label <= r.stems for label in rejected) else None


def option_names(r: Reading | None) -> tuple[str, ...]:
    """Names of the solutions of a step, as filled in or as read."""
    rows = r.rows if r else ()
    names = (str(row["name"]) for row in rows if str(row.get("name", "")).strip())
    not_one = lexicon.pattern("not_an_option")
    return tuple(name for name in names if not not_one.fullmatch(name.strip()))


def _named_option(text: str, options: tuple[str, ...]) -> str:
    own = stems(text)
    scored = [(len(stems(o) & own) / max(len(stems(o)), 1), -i, o) for i, o in enumerate(options)]
    best = max(scored, default=(0.0, 0, ""))
    return best[2] if best[0] >= 0.5 else ""


def picked_option(r: Reading, options: tuple[str, ...], concept: str) -> tuple[str, Span] | None:
    """The option a step puts first, with the words that do so."""
    for span in r.all(concept):
        match = lexicon.pattern(concept).search(span.quote)
        tail = span.quote[match.start() :] if match else span.quote
        lead = re.split(r"[,;.]| (?:although|because|before|over|instead|then|and|after)\b", tail)[
            0
        ]
        before = span.quote[: match.start()] if match else ""
        name = _named_option(lead, options) or _named_option(before[-60:], options)
        if name:
            return name, span
    return None


def contradicts_priority(r: Reading) -> tuple[Span, Span] | None:
    """The summary's bet and the priority's choice, when they name different options."""
    options, priority = option_names(r.earlier.get("solutions")), r.earlier.get("prioritize")
    if len(options) < 2 or priority is None:
        return None
    first, bet = picked_option(priority, options, "choice"), picked_option(r, options, "bet")
    if first is None or bet is None or first[0] == bet[0]:
        return None
    return bet[1], first[1]


def stray_number(r: Reading) -> tuple[str, Span, Span] | None:
    """A target in the summary that no metric has: the figure, its clause, the metrics' clause."""
    metrics = r.earlier.get("metrics")
    ours = metrics.together("target", "metric_word") or metrics.first("target") if metrics else None
    if metrics is None or ours is None:
        return None
    known = {n.value for n in metrics.numbers} | set(r.context.figures)
    known |= {n.value for e in r.earlier.values() for n in e.numbers if n.unit == "%"}
    for n in r.numbers:
        before = r.text[max(0, n.start - 16) : n.start].lower()
        aimed = n.unit == "%" or bool(re.search(r"(?:\bto|->|→|reach|target|aim)\s\$?$", before))
        if n.value is not None and aimed and n.value not in known:
            shown = r.text[n.start : n.end]
            return shown, r.around(n.start, n.end), ours
    return None
