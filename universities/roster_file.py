"""Reading a list of people from a CSV file. Pure: knows the file, not the university."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

MAX_BYTES = 1_000_000
MAX_ROWS = 5_000
COLUMNS = ("email", "name", "external_id", "cohort", "role")
LENGTHS = {"email": 254, "name": 80, "external_id": 64, "cohort": 120, "role": 10}
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")
SHOWN_ERRORS = 100


class RosterFileError(ValueError):
    """The file as a whole cannot be read; the message says what to do."""


@dataclass(frozen=True)
class Row:
    """One person of the file. Empty text means: leave as it is."""

    line: int
    email: str
    name: str = ""
    external_id: str = ""
    cohort: str = ""


@dataclass(frozen=True)
class RowError:
    """What is wrong in one line of the file, and in which column."""

    line: int
    column: str
    message: str


@dataclass(frozen=True)
class Roster:
    """The people of a file, and what is wrong in it. Only a roster without errors is applied."""

    rows: tuple[Row, ...]
    errors: tuple[RowError, ...]


def decode(data: bytes) -> str:
    """Return the text of a file, without a byte order mark.

    Raises:
        RosterFileError: it is too big, empty, or not UTF-8.
    """
    if len(data) > MAX_BYTES:
        raise RosterFileError("The file is larger than 1 MB. Split it and import the parts.")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise RosterFileError(
            "The file is not in UTF-8. In a spreadsheet, choose “CSV UTF-8” when saving."
        ) from None
    if "\0" in text:
        raise RosterFileError("This is not a text file. Save the sheet as CSV.")
    if not text.strip():
        raise RosterFileError("The file is empty.")
    return text


def parse(text: str) -> Roster:
    """Read the people of a file.

    The first line names the columns; ``email`` must be among them. Commas, semicolons and tabs
    are understood as separators.

    Raises:
        RosterFileError: the columns cannot be used, or there are more than MAX_ROWS lines.
    """
    lines = _numbered(text)
    columns = _columns(next(lines, (1, []))[1])
    rows: list[Row] = []
    errors: list[RowError] = []
    for count, (line, cells) in enumerate(lines, start=1):
        if count > MAX_ROWS:
            raise RosterFileError(f"More than {MAX_ROWS:,} people. Split the file.")
        row, wrong = _row(line, cells, columns)
        errors.extend(wrong)
        if row is not None:
            rows.append(row)
    errors.extend(_repeated(rows))
    return Roster(tuple(rows), tuple(sorted(errors, key=lambda error: error.line)))


def _numbered(text: str) -> Iterator[tuple[int, list[str]]]:
    first = text.splitlines()[0]
    separator = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield reader.line_num, [cell.strip() for cell in cells]
    except csv.Error:
        raise RosterFileError(
            f"Line {reader.line_num} cannot be read: a quotation mark may be missing."
        ) from None


def _columns(header: list[str]) -> list[str]:
    names = [name.lower().replace(" ", "_").replace("-", "_") for name in header]
    names = ["email" if name in ("e_mail", "email_address") else name for name in names]
    known = [name for name in names if name in COLUMNS]
    if "email" not in known:
        raise RosterFileError("The first line must name the columns, “email” among them.")
    if len(set(known)) < len(known):
        raise RosterFileError("A column is named twice in the first line.")
    if unknown := [name for name in names if name not in COLUMNS]:
        raise RosterFileError(
            f"Unknown column “{unknown[0][:40]}”. These are understood: {', '.join(COLUMNS)}."
        )
    return names


def _row(line: int, cells: list[str], columns: list[str]) -> tuple[Row | None, list[RowError]]:
    if len(cells) > len(columns):
        return None, [RowError(line, "", "More cells than columns.")]
    values = dict(zip(columns, cells, strict=False))
    errors = [
        RowError(line, column, message)
        for column, value in values.items()
        if (message := _fault(column, value))
    ]
    if not values.get("email"):
        errors.append(RowError(line, "email", "The e-mail address is missing."))
    if errors:
        return None, errors
    values.pop("role", None)
    values["email"] = values["email"].lower()
    values["cohort"] = " ".join(values.get("cohort", "").split())
    return Row(line, **values), []


def _fault(column: str, value: str) -> str:
    if len(value) > LENGTHS[column]:
        return f"Longer than {LENGTHS[column]} characters."
    if value.startswith(FORMULA_SIGNS):
        return f"Starts with {value[0]}, which a spreadsheet would run as a formula."
    if not value.isprintable():
        return "Holds a line break or another sign that cannot be shown."
    if column == "email" and value:
        return _email_fault(value)
    if column == "role" and value.lower() not in ("", "student"):
        return "People are imported as students. Invite coaches and staff one by one."
    return ""


def _email_fault(value: str) -> str:
    try:
        validate_email(value)
    except ValidationError:
        return "This is not an e-mail address."
    return ""


def _repeated(rows: list[Row]) -> Iterator[RowError]:
    for column in ("email", "external_id"):
        seen: dict[str, int] = {}
        for row in rows:
            value = getattr(row, column)
            if value and value in seen:
                yield RowError(row.line, column, f"The same as in line {seen[value]}.")
            seen.setdefault(value, row.line)
