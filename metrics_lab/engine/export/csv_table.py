"""A table as CSV. What a person typed never becomes a formula of somebody's spreadsheet."""

import csv
import io
import math
from dataclasses import dataclass

Cell = str | float | int | None

# OWASP's page on CSV injection, with the wide signs that East Asian spreadsheets read alike.
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


@dataclass(frozen=True, slots=True)
class Column:
    """A column's name and the unit of its figures."""

    label: str
    unit: str = ""

    @property
    def heading(self) -> str:
        """Return the name with its unit in brackets."""
        return f"{self.label} ({self.unit})" if self.unit else self.label


@dataclass(frozen=True, slots=True)
class ExportTable:
    """Columns, rows of the same width, and notes that stand beneath."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    notes: tuple[str, ...] = ()


def csv_of(table: ExportTable) -> str:
    """Return a table as CSV (RFC 4180): units in the heading, notes after an empty line.

    Figures are written in full, with a point; a figure that is none is left empty.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([safe_text(column.heading) for column in table.columns])
    writer.writerows([_csv_cell(cell) for cell in row] for row in table.rows)
    if table.notes:
        writer.writerow([])
        writer.writerows([safe_text(note)] for note in table.notes)
    return out.getvalue()


def safe_text(text: str) -> str:
    """Return text with an apostrophe in front where a spreadsheet would read a formula."""
    bare = text.replace("\0", "").replace("\ufeff", "")
    starts = bare.startswith(FORMULA_SIGNS) or bare.lstrip().startswith(FORMULA_SIGNS)
    return f"'{bare}" if starts else bare


def _csv_cell(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, str):
        return safe_text(cell)
    if not math.isfinite(cell):
        return ""
    return str(int(cell)) if float(cell).is_integer() and abs(cell) < 1e15 else repr(float(cell))
