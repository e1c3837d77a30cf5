"""The form of the cohort page: what was pasted, uploaded or chosen, and the triangle it makes.

Nothing of it is stored. What an upload holds comes back in the text field, so that one may
choose another period without sending the file again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict

from metrics_lab.case_tables import CaseTable
from metrics_lab.engine.cohort import table_file as cohort_file
from metrics_lab.engine.cohort.retention import (
    HOWS,
    PERIODS,
    CohortError,
    How,
    Period,
    Triangle,
    counted,
    spans,
    triangle_of,
)
from metrics_lab.engine.cohort.table_file import (
    MAX_BYTES,
    CohortFileError,
    LineError,
    day_or_fault,
    decoded,
    read_counts,
    read_events,
)

Kind = Literal["events", "counts"]
DATA = Path(cohort_file.__file__).parent / "data"
EXAMPLES: Mapping[str, tuple[Kind, Period, str]] = {
    "visits": ("events", "week", "visits.csv"),
    "counts": ("counts", "month", "counts.csv"),
}
CASE = "case"
"""The name, among the examples, of the table of the case the page was opened from."""
SHOWN_ERRORS = 12


@dataclass
class CohortForm:
    """What was sent, with a message at each field that needs a change (422 when any does)."""

    table: str = ""
    kind: Kind = "events"
    period: Period = "week"
    how: How = "exact"
    ends: str = ""
    example: str = ""
    errors: dict[str, str] = field(default_factory=dict)
    line_errors: tuple[LineError, ...] = ()
    triangle: Triangle | None = None

    @property
    def loaded(self) -> str:
        """A mark of the text as the page gave it out: typed text has another."""
        return mark_of(self.table)

    @property
    def shown_errors(self) -> tuple[LineError, ...]:
        """The first mistakes of the table."""
        return self.line_errors[:SHOWN_ERRORS]

    @property
    def more_errors(self) -> int:
        """How many mistakes are not shown."""
        return len(self.line_errors) - len(self.shown_errors)


def mark_of(text: str) -> str:
    """Return a mark that is the same for the same lines, whatever a browser ends them with."""
    lines = "\n".join(text.splitlines())
    return hashlib.sha256(lines.encode(errors="replace")).hexdigest()[:16] if lines else ""


def example_form(name: str, table: CaseTable | None = None) -> CohortForm | None:
    """Return the form filled with an example or a case's table; None for a name that is none."""
    if name == CASE and table is not None:
        form = CohortForm(table.text, "counts", table.period, example=CASE)
    elif name in EXAMPLES:
        kind, period, _ = EXAMPLES[name]
        form = CohortForm(_example(name), kind, period, example=name)
    else:
        return None
    _compute(form)
    return form


def read_form(
    data: QueryDict, upload: UploadedFile[Any] | None, table: CaseTable | None = None
) -> CohortForm:
    """Return the form as it was sent, computed unless something is wrong with it."""
    period, how = data.get("period", ""), data.get("how", "")
    form = CohortForm(
        table=data.get("table", ""),
        kind="counts" if data.get("kind") == "counts" else "events",
        period=period if period in PERIODS else "week",
        how=how if how in HOWS else "exact",
        ends=data.get("ends", "").strip()[:40],
    )
    if upload is not None:
        _take(form, upload, data.get("loaded", ""))
    known = {name: _example(name) for name in EXAMPLES}
    known |= {CASE: table.text} if table else {}
    form.example = next((n for n, text in known.items() if mark_of(text) == form.loaded), "")
    if not form.errors:
        _compute(form)
    return form


def _take(form: CohortForm, upload: UploadedFile[Any], loaded: str) -> None:
    """Put an upload's text into the form, unless that would overwrite what somebody typed."""
    if form.table.strip() and form.loaded != loaded:
        form.errors["file"] = (
            "There is text in the field above as well. Empty it to use the file; nothing of it"
            " was overwritten."
        )
        return
    try:
        if (upload.size or 0) > MAX_BYTES:
            raise CohortFileError("The file is larger than 1 MB. Leave out columns, or fewer days.")
        form.table = decoded(upload.read())
    except CohortFileError as error:
        form.errors["file"] = str(error)


def _compute(form: CohortForm) -> None:
    """Read the table and count it, or say at which field something has to change."""
    try:
        form.triangle = _counted(form) if form.kind == "counts" else _events(form)
    except CohortFileError as error:
        form.errors["table"] = str(error)
    except CohortError as error:
        form.errors[error.field] = str(error)


def _counted(form: CohortForm) -> Triangle | None:
    if form.how == "rolling":
        form.errors["how"] = (
            "Counts do not say who of them came back later, so rolling retention cannot be told"
            " from them. Choose the exact period, or paste one line a visit."
        )
        return None
    found = read_counts(form.table)
    if found.errors:
        _name_lines(form, found.errors)
        return None
    return counted(found.rows, form.period)


def _events(form: CohortForm) -> Triangle | None:
    found = read_events(form.table)
    ends = _ends(form)
    if found.errors:
        _name_lines(form, found.errors)
    if form.errors:
        return None
    people = list(found.people.values())
    return triangle_of(people, form.period, ends or spans(people)[1], form.how)


def _ends(form: CohortForm) -> date | None:
    if not form.ends:
        return None
    parsed, fault = day_or_fault(form.ends)
    if fault:
        form.errors["ends"] = f"{fault[0].upper()}{fault[1:]}."
    return parsed


def _name_lines(form: CohortForm, errors: tuple[LineError, ...]) -> None:
    form.line_errors = errors
    count = len(errors)
    form.errors["table"] = (
        "One line needs a change." if count == 1 else f"{count:,} lines need a change."
    )


@lru_cache(maxsize=len(EXAMPLES))
def _example(name: str) -> str:
    return (DATA / EXAMPLES[name][2]).read_text(encoding="utf-8")
