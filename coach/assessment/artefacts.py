"""The artefact of each step, declared once.

An artefact is what a student fills in beside the prose: a table of rows, a few single fields, or
both. Forms, templates, the reader of prose and the exact checks all follow this one declaration,
so a column has the same name everywhere.

A filled artefact is plain data: ``{"rows": [{column: text, ...}], field: text, ...}``. Every value
is text as the student typed it ("45 %", "4.5 M"), except marks, which are booleans. Two columns
may link rows to an earlier step: their value is the text of the row that is linked to.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

Artefact = dict[str, Any]
"""``{"rows": [{column: str | bool}], field: str}``; see the module's docstring."""

Kind = Literal["text", "long", "number", "choice", "mark", "link"]

MAX_ROWS = 12
MAX_CELL = 600
"""Documented sizes: rows in one artefact, characters in one cell."""


@dataclass(frozen=True)
class Column:
    """One column of the table or one single field.

    ``kind`` decides the control: "mark" is a radio or a check box, "link" a list of the rows of
    ``links_to`` ("step.column"), "choice" a list of ``choices`` as (value, label).
    """

    id: str
    label: str
    kind: Kind = "text"
    help: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    links_to: str = ""
    single: bool = False
    """For a mark: only one row can carry it."""


@dataclass(frozen=True)
class ArtefactSpec:
    """What one step asks for: ``columns`` of a table (may be empty) and single ``fields``."""

    step: str
    title: str
    row_name: str = ""
    columns: tuple[Column, ...] = ()
    fields: tuple[Column, ...] = ()
    blank_rows: int = 0
    computed: tuple[tuple[str, str], ...] = field(default=())
    """Columns the site computes itself, as (id, label); never stored, never typed."""

    @property
    def label_column(self) -> str:
        """The id of the column that names a row."""
        return self.columns[0].id if self.columns else ""

    def column(self, column_id: str) -> Column:
        """Return a column or a field by its id.

        Raises:
            KeyError: the step has neither.
        """
        for column in (*self.columns, *self.fields):
            if column.id == column_id:
                return column
        raise KeyError(f"{self.step} has no column {column_id}")


_IMPACT = (
    ("", ""),
    ("0.25", "0.25 minimal"),
    ("0.5", "0.5 low"),
    ("1", "1 medium"),
    ("2", "2 high"),
    ("3", "3 massive"),
)
_SEVERITY = (("", ""), ("1", "1"), ("2", "2"), ("3", "3"), ("4", "4"), ("5", "5"))
_ROLE = (
    ("", ""),
    ("north_star", "North star"),
    ("driver", "Driver"),
    ("guardrail", "Guardrail"),
)
_BRANCH = (("", ""), ("data", "Data"), ("internal", "Internal"), ("external", "External"))
_COST = (("", ""), ("minutes", "Minutes"), ("hours", "Hours"), ("days", "Days"), ("weeks", "Weeks"))
_LANDSCAPE = (("", ""), ("rival", "Rival"), ("trend", "Trend"), ("strength", "Our strength"))

_CLARIFY = ArtefactSpec(
    "clarify",
    "Goal and scope",
    fields=(
        Column("goal", "The goal, as a number one could hold you to", "long"),
        Column("scope", "What is in, and what is out", "long"),
    ),
)
_SEGMENT = ArtefactSpec(
    "segment",
    "Segments",
    row_name="segment",
    columns=(
        Column("name", "Segment"),
        Column("does", "What they do or need", "long"),
        Column("share", "Share", "number", "of whom, in percent"),
        Column("size", "People", "number"),
        Column("chosen", "Chosen", "mark", single=True),
    ),
    fields=(
        Column("split_by", "Split by", help="one dimension"),
        Column("why", "Why this one", "long"),
        Column("set_aside", "What you give up, and who else has to want it", "long"),
    ),
    blank_rows=3,
)
_PAIN_POINTS = ArtefactSpec(
    "pain_points",
    "Pain points",
    row_name="pain point",
    columns=(
        Column("pain", "In the person's words", "long"),
        Column("moment", "When it happens"),
        Column("cause", "Why it happens", "long"),
        Column("workaround", "What they do today"),
        Column("frequency", "How often"),
        Column("severity", "Severity", "choice", "1 to 5", _SEVERITY),
        Column("chosen", "Chosen", "mark", single=True),
    ),
    fields=(Column("why", "Why this one", "long"),),
    blank_rows=3,
)
_SOLUTIONS = ArtefactSpec(
    "solutions",
    "Solutions",
    row_name="solution",
    columns=(
        Column("name", "Solution"),
        Column("pain", "Answers", "link", links_to="pain_points.pain"),
        Column("user_meets", "How the person meets it", "long"),
        Column("risk", "What could go wrong, who loses", "long"),
        Column("test", "Cheapest test"),
        Column("bold", "Bold", "mark"),
    ),
    blank_rows=3,
)
_PRIORITIZE = ArtefactSpec(
    "prioritize",
    "RICE",
    row_name="option",
    columns=(
        Column("solution", "Option", "link", links_to="solutions.name"),
        Column("reach", "Reach", "number", "people a month"),
        Column("reach_from", "Where the reach comes from"),
        Column("impact", "Impact", "choice", choices=_IMPACT),
        Column("confidence", "Confidence", "number", "percent"),
        Column("effort", "Effort", "number", "person-months"),
        Column("chosen", "Chosen", "mark", single=True),
    ),
    fields=(
        Column("why", "Why it wins, and what would change that", "long"),
        Column("cut", "What the first version leaves out", "long"),
    ),
    blank_rows=3,
    computed=(("score", "Score"),),
)
_METRICS = ArtefactSpec(
    "metrics",
    "Metric cards",
    row_name="metric",
    columns=(
        Column("name", "Metric"),
        Column("role", "Role", "choice", choices=_ROLE),
        Column("definition", "Definition", "long", "what divided by what"),
        Column("window", "Window", help="per week, within 30 days"),
        Column("baseline", "Baseline", "number"),
        Column("target", "Target or limit", "number"),
    ),
    fields=(
        Column("experiment", "How you will know it was you", "long"),
        Column("decision_rule", "When you ship, go on or stop", "long"),
    ),
    blank_rows=4,
)
_GOAL = ArtefactSpec(
    "goal",
    "Goal",
    fields=(
        Column("value", "What it is for, and for whom", "long"),
        Column("goal", "The goal you choose", "long"),
        Column("link", "How the goal follows from the mission, and which metric shows it", "long"),
    ),
)
_HYPOTHESES = ArtefactSpec(
    "hypotheses",
    "Hypotheses",
    row_name="hypothesis",
    columns=(
        Column("hypothesis", "Hypothesis", "long"),
        Column("branch", "Branch", "choice", choices=_BRANCH),
        Column("fits", "What fits", "long"),
        Column("against", "What speaks against it", "long"),
        Column("rank", "Order", "number"),
    ),
    fields=(Column("why", "Why this order", "long"),),
    blank_rows=4,
)
_TESTS = ArtefactSpec(
    "tests",
    "Tests",
    row_name="test",
    columns=(
        Column("hypothesis", "Tests", "link", links_to="hypotheses.hypothesis"),
        Column("test", "What you look at", "long"),
        Column("cost", "Cost", "choice", choices=_COST),
        Column("falsified_by", "Result that would rule it out", "long"),
    ),
    blank_rows=3,
)
_FIX = ArtefactSpec(
    "fix",
    "Fix",
    fields=(
        Column("cause", "The cause, and the evidence for it", "long"),
        Column("fix", "The fix", "long"),
        Column("guardrail", "What must not get worse", "long"),
    ),
)
_ANALYSIS = ArtefactSpec(
    "analysis",
    "Both sides",
    row_name="side",
    columns=(
        Column("side", "Who or what"),
        Column("gain", "Gains", "long"),
        Column("loss", "Loses", "long"),
        Column("size", "Size", help="with its arithmetic"),
        Column("horizon", "When", help="now, in a quarter, in a year"),
    ),
    blank_rows=3,
)
_DECISION = ArtefactSpec(
    "decision",
    "Decision",
    fields=(
        Column("choice", "What you decide", "long"),
        Column("why", "Because", "long"),
        Column("given_up", "What you give up, and how those who lose are treated", "long"),
        Column("reversal", "What would change your mind", "long"),
    ),
)
_LANDSCAPE_SPEC = ArtefactSpec(
    "landscape",
    "Landscape",
    row_name="point",
    columns=(
        Column("name", "Name"),
        Column("kind", "Kind", "choice", choices=_LANDSCAPE),
        Column("what", "What they do or what changes", "long"),
        Column("so_what", "What it means for us", "long"),
    ),
    blank_rows=4,
)
_OPTIONS = ArtefactSpec(
    "options",
    "Options",
    row_name="option",
    columns=(
        Column("option", "Option"),
        Column("how", "Build, buy or partner"),
        Column("size", "Size", help="with its arithmetic"),
        Column("pro", "For", "long"),
        Column("con", "Against", "long"),
    ),
    fields=(Column("criteria", "Criteria, the same for all", "long"),),
    blank_rows=3,
)
_PLAN = ArtefactSpec(
    "plan",
    "Plan",
    row_name="stage",
    columns=(
        Column("stage", "Stage", "long"),
        Column("when", "When"),
        Column("go_on_if", "Goes on if"),
        Column("stop_if", "Stops if"),
    ),
    fields=(Column("risk", "The main risk, and the answer of the rivals", "long"),),
    blank_rows=3,
)
_SUMMARY = ArtefactSpec("summary", "Summary")

SPECS: Mapping[str, ArtefactSpec] = {
    spec.step: spec
    for spec in (
        _CLARIFY,
        _SEGMENT,
        _PAIN_POINTS,
        _SOLUTIONS,
        _PRIORITIZE,
        _METRICS,
        _GOAL,
        _HYPOTHESES,
        _TESTS,
        _FIX,
        _ANALYSIS,
        _DECISION,
        _LANDSCAPE_SPEC,
        _OPTIONS,
        _PLAN,
        _SUMMARY,
    )
}


def rows_of(artefact: Mapping[str, Any] | None) -> Sequence[Mapping[str, Any]]:
    """Return the filled rows of an artefact: those with text in any column."""
    if not artefact:
        return ()
    return tuple(row for row in artefact.get("rows", ()) if _is_filled(row))


def is_empty(artefact: Mapping[str, Any] | None) -> bool:
    """Say whether nothing at all has been typed into an artefact."""
    if not artefact:
        return True
    fields = (value for key, value in artefact.items() if key != "rows")
    return not rows_of(artefact) and not any(str(value).strip() for value in fields if value)


def clean(step: str, raw: Mapping[str, Any]) -> Artefact:
    """Keep what the step's artefact declares, as trimmed text of bounded size.

    Args:
        step: a step id of ``SPECS``.
        raw: untrusted data in the shape of an artefact.

    Returns:
        The artefact with known columns only, at most ``MAX_ROWS`` filled rows, cells cut at
        ``MAX_CELL`` characters, and at most one row with each single mark.
    """
    spec = SPECS[step]
    cleaned: Artefact = {}
    for column in spec.fields:
        cleaned[column.id] = _text(raw.get(column.id))
    if spec.columns:
        raw_rows = raw.get("rows")
        rows = (
            [_clean_row(spec, row) for row in raw_rows if isinstance(row, Mapping)]
            if (isinstance(raw_rows, Sequence) and not isinstance(raw_rows, str))
            else []
        )
        cleaned["rows"] = _single_marks(spec, [row for row in rows if _is_filled(row)][:MAX_ROWS])
    return cleaned


def _clean_row(spec: ArtefactSpec, row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        column.id: bool(row.get(column.id)) if column.kind == "mark" else _text(row.get(column.id))
        for column in spec.columns
    }


def _single_marks(spec: ArtefactSpec, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    for column in spec.columns:
        if column.kind != "mark" or not column.single:
            continue
        marked = [row for row in rows if row[column.id]]
        for row in marked[1:]:
            row[column.id] = False
    return rows


def _is_filled(row: Mapping[str, Any]) -> bool:
    return any(isinstance(value, str) and value.strip() for value in row.values())


def _text(value: Any) -> str:
    return str(value).strip()[:MAX_CELL] if value is not None else ""
