"""Reading what people paste or upload for a cohort table: events, or counts made elsewhere.

A mistake is named with its line and what to do about it, and no line is left out silently.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from metrics_lab.engine.cohort.retention import MOST_PERIODS, Person

MAX_BYTES = 1_000_000
MAX_ROWS = 20_000
LONGEST_NAME = 80
LARGEST = 1_000_000_000
EARLIEST, LATEST = date(1990, 1, 1), date(2100, 1, 1)

USER = ("user", "user_id", "userid", "id", "customer", "customer_id", "person", "email", "visitor")
DAY = ("date", "day", "event_date", "timestamp", "time", "order_date", "seen", "active", "visit")
JOINED = ("signup", "sign_up", "signup_date", "sign_up_date", "signed_up", "joined", "registered")
COHORT = ("cohort", "cohorts")
DASHED = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ]\d{1,2}:\d{2}.*)?")
DOTTED = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")
SLASHED = re.compile(r"(\d{1,2})[/-](\d{1,2})[/-](\d{2}|\d{4})")
COUNT = re.compile(r"\d{1,3}(?:,\d{3})+|\d+")
PERCENT = re.compile(r"(\d+(?:[.,]\d+)?)\s*%")


class CohortFileError(ValueError):
    """The text as a whole cannot be read; the message says what to do."""


@dataclass(frozen=True, slots=True)
class LineError:
    """What is wrong in one line, and what to do."""

    line: int
    message: str

    @property
    def text(self) -> str:
        """Return the mistake with its line number in front."""
        return f"line {self.line}: {self.message}"


@dataclass(frozen=True, slots=True)
class Events:
    """Who was read from the lines; complete only without errors."""

    people: dict[str, Person]
    errors: tuple[LineError, ...]
    rows: int


@dataclass(frozen=True, slots=True)
class Counts:
    """Rows (label, size, counts from period 0; None is blank) of a triangle counted elsewhere."""

    rows: tuple[tuple[str, int, tuple[int | None, ...]], ...]
    errors: tuple[LineError, ...]


def decoded(data: bytes) -> str:
    """Return the text of an uploaded file; raise CohortFileError for what is no text."""
    if len(data) > MAX_BYTES:
        raise CohortFileError("The file is larger than 1 MB. Leave out columns, or fewer days.")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise CohortFileError(
            "The file is not in UTF-8. In a spreadsheet, choose “CSV UTF-8” when saving."
        ) from None
    if "\0" in text:
        raise CohortFileError("This is not a text file. Save the sheet as CSV.")
    return text


def read_events(text: str) -> Events:
    """Read lines of user, date and, if wanted, date of sign-up; a heading line may name them.

    A line may leave the date empty when it has a sign-up: a person who joined and never came.
    Without a sign-up a person's first day counts as joining.

    Raises:
        CohortFileError: nothing is there, it is too much, or the heading cannot be used.
    """
    lines = list(_lines(text))
    places, skip = _places(lines[0][1])
    reader = _People(places)
    for line, cells in lines[skip:]:
        reader.read(line, cells)
    if not lines[skip:]:
        raise CohortFileError("There is a heading, and no line beneath it.")
    return Events(reader.people(), tuple(reader.errors), len(lines) - skip)


def read_counts(text: str) -> Counts:
    """Read lines of cohort, size, and how many were there in period 0, 1, 2 and so on.

    Raises:
        CohortFileError: nothing is there, it is too much, or the lines hold something else.
    """
    lines = list(_lines(text))
    skip = int(_is_heading(lines[0][1]))
    if lines[skip:] and parse_day(lines[skip][1][1] if len(lines[skip][1]) > 1 else "") is not None:
        raise CohortFileError(
            "The second column holds dates, so this looks like one line a visit."
            " Choose “one line a visit” above."
        )
    rows, errors = [], []
    for line, cells in lines[skip:]:
        try:
            rows.append(_counted(cells))
        except ValueError as error:
            errors.append(LineError(line, str(error)))
    if not lines[skip:]:
        raise CohortFileError("There is a heading, and no cohort beneath it.")
    if len(rows) > MOST_PERIODS:
        raise CohortFileError(f"{len(rows)} cohorts are too many to read; take {MOST_PERIODS}.")
    return Counts(tuple(rows), tuple(errors))


def parse_day(text: str) -> date | None:
    """Return the day written as 2026-03-12, 2026/3/12 or 12.3.2026, with or without a time.

    The time is passed over and with it the time zone: the day counts as it is written.
    """
    if found := DASHED.fullmatch(text):
        year, month, day = int(found[1]), int(found[2]), int(found[3])
    elif found := DOTTED.fullmatch(text):
        day, month, year = int(found[1]), int(found[2]), int(found[3])
    else:
        return None
    try:
        parsed = date(year, month, day)
    except ValueError:
        return None
    return parsed if EARLIEST <= parsed <= LATEST else None


def day_or_fault(text: str) -> tuple[date | None, str]:
    """Return a day, or None and what is wrong with the text."""
    parsed = parse_day(text)
    return parsed, "" if parsed else _no_day(text)


def _no_day(text: str) -> str:
    shown = text[:30]
    if found := SLASHED.fullmatch(text):
        first, second, year = int(found[1]), int(found[2]), int(found[3]) % 100 + 2000
        both = [d for d in (_day(year, second, first), _day(year, first, second)) if d]
        if len(set(both)) == 2:
            return f"{shown} can be read in two ways; write {both[0]} or {both[1]}"
        if both:
            return f"{shown} has to begin with the year; write {both[0]}"
    if found := DASHED.fullmatch(text):
        year, month, day = int(found[1]), int(found[2]), int(found[3])
        if not EARLIEST.year <= year < LATEST.year:
            return f"{shown} lies outside {EARLIEST.year} to {LATEST.year}; check the year"
        if swapped := _day(year, day, month):
            return f"{shown} is no date; write {swapped} if month and day are swapped"
    return f"{shown} is no date; write the year, the month and the day, as 2026-03-12"


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _lines(text: str) -> Iterator[tuple[int, list[str]]]:
    """Yield each line that holds anything, with its number and its trimmed cells."""
    if len(text.encode(errors="replace")) > MAX_BYTES:
        raise CohortFileError("The text is larger than 1 MB. Leave out columns, or fewer days.")
    body = text.replace("\0", "").removeprefix("\ufeff")
    if not body.strip():
        raise CohortFileError("There is nothing in the table yet. Paste lines, or take an example.")
    first = next(line for line in body.splitlines() if line.strip())
    separator = max("\t;,", key=first.count)
    reader = csv.reader(io.StringIO(body, newline=""), delimiter=separator, strict=True)
    rows = 0
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                rows += 1
                if rows > MAX_ROWS + 1:
                    raise CohortFileError(
                        f"There are more than {MAX_ROWS:,} lines. Take fewer days, or count the"
                        " cohorts yourself and paste the counts."
                    )
                yield reader.line_num, [cell.strip() for cell in cells]
    except csv.Error:
        raise CohortFileError(
            f"Line {reader.line_num} cannot be read: a quotation mark may be missing."
        ) from None


def _name(cell: str) -> str:
    return re.sub(r"[\s-]+", "_", cell.strip().lower())


def _is_heading(cells: Sequence[str]) -> bool:
    """Say whether a triangle's first line names columns: no cell after the first is a count."""
    if len(cells) < 2 or _name(cells[0]) in COHORT:
        return True
    return not COUNT.fullmatch(cells[1]) and not any(map(str.isdigit, "".join(cells[1:2])))


def _places(first: Sequence[str]) -> tuple[tuple[int, int, int | None], int]:
    """Return where user, date and sign-up stand, and how many lines the heading takes."""
    names = [_name(cell) for cell in first]
    if names[0] in COHORT:
        raise CohortFileError(
            "The first column is called cohort, so this looks counted already."
            " Choose “one line a cohort” above."
        )
    user, day, joined = (_place(names, known) for known in (USER, DAY, JOINED))
    if user is not None and (day is not None or joined is not None):
        return (user, -1 if day is None else day, joined), 1
    if len(first) >= 2 and any(re.search(r"\d", cell) for cell in first[1:3]):
        return (0, 1, 2 if len(first) >= 3 else None), 0
    raise CohortFileError(
        "The first line has to name the columns user and date (and signup, if you have it),"
        " or be a line of data such as: ana, 2026-03-12."
    )


def _place(names: Sequence[str], known: Sequence[str]) -> int | None:
    return next((index for index, name in enumerate(names) if name in known), None)


class _People:
    """What the lines say of each person, as it is read."""

    def __init__(self, places: tuple[int, int, int | None]) -> None:
        self.user, self.day, self.joined = places
        self.errors: list[LineError] = []
        self.seen: dict[str, dict[date, int]] = {}
        self.signed: dict[str, tuple[date, int]] = {}

    def read(self, line: int, cells: Sequence[str]) -> None:
        """Take in one line, or note what is wrong with it."""
        user = self._cell(cells, self.user)
        texts = [self._cell(cells, place) for place in (self.day, self.joined)]
        fault = self._fault(user, texts)
        days = [day_or_fault(text) if text else (None, "") for text in texts]
        fault = fault or next((wrong for _, wrong in days if wrong), "")
        if fault:
            self.errors.append(LineError(line, fault))
            return
        (day, _), (joined, _) = days
        known = self.seen.setdefault(user, {})
        if day:
            known.setdefault(day, line)
        if joined:
            self._sign(user, joined, line)

    def people(self) -> dict[str, Person]:
        """Return everybody; a day before the sign-up becomes an error of its line."""
        found = {}
        for user, days in self.seen.items():
            joined = self.signed[user][0] if user in self.signed else min(days)
            for day, line in days.items():
                if day < joined:
                    self.errors.append(
                        LineError(line, f"{day} lies before the sign-up of {user} on {joined}")
                    )
            found[user] = Person(joined, frozenset(days))
        self.errors.sort(key=lambda error: error.line)
        return found

    def _sign(self, user: str, joined: date, line: int) -> None:
        known, at = self.signed.setdefault(user, (joined, line))
        if known != joined:
            self.errors.append(
                LineError(line, f"{user} signs up on {joined}, and on {known} in line {at}")
            )

    def _cell(self, cells: Sequence[str], place: int | None) -> str:
        return cells[place] if place is not None and 0 <= place < len(cells) else ""

    def _fault(self, user: str, texts: Sequence[str]) -> str:
        if not user:
            return "the user is missing; write a name or a number in front"
        if len(user) > LONGEST_NAME:
            return f"the user has more than {LONGEST_NAME} characters"
        if not any(texts):
            return f"{user} has no date; write one, as 2026-03-12"
        return ""


def _counted(cells: Sequence[str]) -> tuple[str, int, tuple[int | None, ...]]:
    """Return one cohort, or raise ValueError with what is wrong."""
    label, *numbers = cells
    if not label:
        raise ValueError("the cohort has no name; write one in front, as 2026-03")
    if len(label) > LONGEST_NAME:
        raise ValueError(f"the cohort's name has more than {LONGEST_NAME} characters")
    while numbers and not numbers[-1]:
        numbers.pop()
    if len(numbers) < 2:
        raise ValueError("after the name come the size and the people of period 0, 1, 2 and so on")
    if len(numbers) - 1 > MOST_PERIODS:
        raise ValueError(f"{len(numbers) - 1} periods are too many to read; take {MOST_PERIODS}")
    size = _count(numbers[0], "the size", None)
    if size == 0:
        raise ValueError("the size is 0; leave out a cohort in which nobody joined")
    counts = [_count(text, f"period {k}", size) for k, text in enumerate(numbers[1:])]
    if counts[0] != size:
        raise ValueError(
            f"period 0 has {counts[0]:,} of {size:,} people, and everybody is there when they"
            f" join; write {size:,}, or {counts[0]:,} as the size if the others never started"
        )
    return label, size, tuple(counts)


def _count(text: str, name: str, size: int | None) -> int:
    if not text:
        raise ValueError(f"{name} is empty; write 0 if nobody was there")
    if size is not None and (found := PERCENT.fullmatch(text)):
        people = round(float(found[1].replace(",", ".")) / 100 * size)
        raise ValueError(f"{name} is {text}; write people: of {size:,} that is {people:,}")
    if not COUNT.fullmatch(text):
        raise ValueError(f"{name} is “{text[:30]}”; write a whole number of people")
    count = int(text.replace(",", "")) if len(text) <= 15 else LARGEST + 1
    if count > LARGEST:
        raise ValueError(f"{name} has more than {LARGEST:,} people; check the number")
    if size is not None and count > size:
        raise ValueError(f"{name} has {count:,} people, more than the {size:,} who joined")
    return count
