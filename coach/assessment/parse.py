"""Prose to a draft of the artefact: what the reader took for which cell, and where it stood.

The draft is shown back and corrected by the student, so that a reading error becomes a correction
and not a wrong mark. Cells hold the student's own words only; nothing is made up.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from coach.assessment import lexicon
from coach.assessment.artefacts import SPECS, Artefact, clean
from coach.assessment.context import CaseContext
from coach.assessment.injection import aimed_at_reviewer
from coach.assessment.items import Items
from coach.assessment.reading import Reading
from coach.assessment.text import Span, overlap, span_of, stems, words

_ENUMERATION = re.compile(
    r"(?::|\b(?:are|is|into|between|by|see|have|has|namely|like|kinds|groups))\s+([^.:;?!\n]+)"
)
_PARENTHESES = re.compile(r"\([^)]*\)")
_SHARE = re.compile(r"\d[\d.,]*\s?%|\b(?:half|a third|a quarter|most)\b", re.IGNORECASE)
_SIZE = re.compile(r"\b\d[\d.,]*\s?(?:k|m|million|thousand)?\b(?!\s?%)", re.IGNORECASE)
_FROM_TO = re.compile(
    r"(?:from\s+)?([$€]?\d[\d.,]*\s?(?:%|k|m|million)?)(?: today)?\s*"
    r"(?:to|->|→|,? aim(?:ing)? (?:for|at)?)\s+"
    r"([$€]?\d[\d.,]*\s?(?:%|k|m|million)?)",
    re.IGNORECASE,
)
Row = dict[str, Any]


def name_of(span: Span) -> str:
    """The name of an item: what stands before its first break, at most twelve words."""
    head = re.split(r"[:.(;|\t–]| - |, ", span.quote.lstrip(" '\"-*"), maxsplit=1)[0]
    return " ".join(head.split()[:12]).strip(" '\"")


def _rest(span: Span) -> str:
    parts = re.split(r"[:.|\t–]\s| - ", span.quote, maxsplit=1)
    return parts[1].strip() if len(parts) > 1 else ""


def _parts(listing: str) -> list[str]:
    flat = _PARENTHESES.sub("", listing)
    return [
        p.strip(" .'\"")
        for p in re.split(r",(?!\d)\s*(?:and |or )?|\s+and\s+", flat)
        if p.strip(" .'\"")
    ]


def _enumerated(r: Reading) -> list[str]:
    """The longest list of short names in one sentence."""
    best: list[str] = []
    for sentence in r.telling:
        flat = _PARENTHESES.sub(lambda m: " " * len(m.group()), sentence.quote)
        for match in _ENUMERATION.finditer(flat):
            names = [p for p in _parts(match.group(1)) if p[0].isalpha() and len(p.split()) <= 9]
            if len(names) > len(best):
                best = names
    return best if len(best) >= 2 else []


def _share_of(text: str) -> Row:
    share, size = _SHARE.search(text), _SIZE.search(text)
    return {"share": share.group() if share else "", "size": size.group() if size else ""}


def _segments(r: Reading) -> Artefact:
    spans = r.items.spans if r.items.form in ("list", "inline", "table", "ordinal") else ()
    rows: list[Row] = [
        {"name": name_of(s), "does": _rest(s), **_share_of(s.quote)} for s in spans
    ] or [{"name": name} for name in _enumerated(r)]
    choice = r.first("choice")
    _mark(rows, "name", choice)
    split = r.first("split_dimension")
    return {
        "rows": rows,
        "why": choice.quote if choice else "",
        "split_by": split.quote if split else "",
    }


def _mark(rows: list[Row], column: str, choice: Span | None) -> None:
    """Mark the row that the choosing words name best."""
    if choice is None or not rows:
        return
    wanted = stems(choice.quote)
    scored = [(overlap(stems(str(row.get(column, ""))), wanted), -i) for i, row in enumerate(rows)]
    best, index = max(scored)
    if best >= 0.5:
        rows[-index]["chosen"] = True


def _pains(r: Reading) -> Artefact:
    spans = r.items.spans or tuple(s for s in r.telling if lexicon.has("friction", s.quote))
    choice = r.together("rank_words", "choice") or r.first("rank_words", "choice")
    rows: list[Row] = [{"pain": s.quote, "frequency": _share_of(s.quote)["share"]} for s in spans]
    _mark(rows, "pain", choice)
    return {"rows": rows, "why": choice.quote if choice else ""}


def _solutions(r: Reading) -> Artefact:
    pain = r.earlier.get("pain_points")
    rows = []
    for span in r.items.spans:
        row: Row = {"name": name_of(span), "user_meets": _rest(span)}
        row["pain"] = _linked(span, [str(p.get("pain", "")) for p in pain.rows] if pain else [])
        rows.append(row)
    return {"rows": rows}


def _linked(span: Span, names: list[str]) -> str:
    own = stems(span.quote)
    scored = [(len(own & stems(name)), -i) for i, name in enumerate(names)]
    best, index = max(scored, default=(0, 0))
    return names[-index] if best >= 2 else ""


def _options(r: Reading) -> Artefact:
    from coach.assessment.detect import scores

    rows: list[Row] = [
        {"solution": s.name, "reach": f"{s.reach:g}", "impact": f"{s.impact:g}",
         "confidence": f"{s.confidence * 100:g}", "effort": f"{s.effort:g}"}
        for s in scores.read(r)
    ] or [{"solution": name_of(s)} for s in r.items.spans]  # fmt: skip
    choice, cut = r.first("choice"), r.first("cut")
    _mark(rows, "solution", choice)
    return {"rows": rows, "why": choice.quote if choice else "", "cut": cut.quote if cut else ""}


def _role(text: str) -> str:
    if lexicon.has("guardrail", text):
        return "guardrail"
    return "north_star" if lexicon.has("primary", text) else ""


def _metrics(r: Reading) -> Artefact:
    spans = r.items.spans or tuple(
        s
        for s in r.telling
        if lexicon.has("metric_terms", s.quote) or lexicon.has("definition", s.quote)
    )
    rows = []
    for span in spans:
        window, target = lexicon.pattern("window").search(span.quote), _FROM_TO.search(span.quote)
        row: Row = {"name": name_of(span), "role": _role(span.quote), "definition": _rest(span)}
        row["window"] = window.group() if window else ""
        row["baseline"], row["target"] = target.groups() if target else ("", "")
        rows.append(row)
    experiment, rule = r.first("attribution"), r.first("decision_rule")
    return {
        "rows": rows,
        "experiment": experiment.quote if experiment else "",
        "decision_rule": rule.quote if rule else "",
    }


def _fields(step: str, r: Reading) -> Artefact:
    """Fields of a step by the concepts that fill them."""
    found = {key: r.first(*concepts) for key, concepts in _FIELDS.get(step, {}).items()}
    return {key: span.quote if span else "" for key, span in found.items()}


_FIELDS: dict[str, dict[str, tuple[str, ...]]] = {
    "clarify": {"goal": ("goal",), "scope": ("scope_cut",)},
    "goal": {"value": ("value_for",), "goal": ("goal", "choice"), "link": ("link_words",)},
    "fix": {"cause": ("cause",), "fix": ("fix_words",), "guardrail": ("guardrail",)},
    "decision": {
        "choice": ("choice", "bet"), "why": ("reason",), "given_up": ("given_up",),
        "reversal": ("reversal",),
    },
    "options": {"criteria": ("criteria",)},
    "plan": {"risk": ("risk",)},
    "hypotheses": {"why": ("order_words",)},
}  # fmt: skip
_ROW_COLUMN = {
    "hypotheses": "hypothesis", "tests": "test", "analysis": "side", "landscape": "name",
    "options": "option", "plan": "stage",
}  # fmt: skip
_READERS: dict[str, Callable[[Reading], Artefact]] = {
    "segment": _segments,
    "pain_points": _pains,
    "solutions": _solutions,
    "prioritize": _options,
    "metrics": _metrics,
}


def draft(r: Reading) -> Artefact:
    """The artefact as read from a step's prose, cleaned to its declaration."""
    if r.step not in SPECS:
        return {}
    if r.step in _READERS:
        return clean(r.step, _READERS[r.step](r))
    raw = _fields(r.step, r)
    column = _ROW_COLUMN.get(r.step)
    if column:
        raw["rows"] = [{column: s.quote} for s in r.items.spans]
    return clean(r.step, raw)


def read_artefact(step: str, text: str, context: CaseContext) -> Artefact:
    """Read a draft of the step's artefact from prose; every cell is made of the student's words."""
    return draft(Reading(step, text, context, cut=aimed_at_reviewer(text)))


def cell_places(text: str, artefact: Artefact) -> dict[str, Span]:
    """Where each cell of a draft stands in the prose: "rows.0.name" -> span; absent if reworded."""
    cells = {key: value for key, value in artefact.items() if isinstance(value, str)}
    for i, row in enumerate(artefact.get("rows", ())):
        cells |= {f"rows.{i}.{key}": value for key, value in row.items() if isinstance(value, str)}
    found = {key: (text.find(value), value) for key, value in cells.items() if value}
    return {
        key: span_of(text, at, at + len(value)) for key, (at, value) in found.items() if at >= 0
    }


def table_header(items: Items) -> tuple[str, ...]:
    """The header of a pasted table, lower case; () when it had none."""
    return tuple(" ".join(words(name)) for name in items.header)
