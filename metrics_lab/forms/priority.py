"""The table of ideas as it stands in the address: its cells as typed, and what they mean.

Names are short, since the whole table is shared by its address: ``i-2-r`` is the reach of the
third idea. Indexes may have gaps; rows keep their order.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.http import QueryDict

from metrics_lab.engine.priority.ranking import (
    MOST_IDEAS,
    SCHEMES,
    Factor,
    Idea,
    Scheme,
    Value,
    check_value,
    remark,
)
from metrics_lab.engine.priority.scores import PriorityError
from metrics_lab.engine.quantity import QuantityError, Range
from metrics_lab.forms.numbers import SCALES, read_number

CELL = re.compile(r"i-(\d{1,3})-(n|r|i|c|e|ii|ic|ie)")
TO = re.compile(r"\s*(?:\bto\b|–|—|\.{2,3}|-)\s*")
LONGEST_NAME, LONGEST_CELL = 60, 40
MOST_SHOWN = 50
"""More rows than can be ranked are still shown, so that one may choose which to remove."""
KEYS = {
    "reach": "r",
    "impact": "i",
    "confidence": "c",
    "effort": "e",
    "ice_impact": "ii",
    "ice_confidence": "ic",
    "ice_ease": "ie",
}
EXAMPLES: Mapping[Scheme, str] = {
    "rice": """
        Reviews with photos | 20k to 60k | 0.5 to 1 | 80 % | 2 to 4
        Saved carts | 15k to 30k | 1 | 50 % to 80 % | 1 to 2
        Size guide | 8k to 12k | 1 to 2 | 80 % | 1
        Live shopping | 5k to 50k | 1 to 3 | 50 % | 6 to 12
    """,
    "ice": """
        Reviews with photos | 5 to 8 | 6 to 8 | 4 to 6
        Saved carts | 4 to 6 | 5 to 8 | 6 to 8
        Size guide | 3 to 5 | 7 | 8
        Live shopping | 6 to 10 | 2 to 5 | 1 to 3
    """,
}
"""Hypothetical, and the page says so: name, then the factors of the scheme."""


@dataclass(frozen=True)
class TypedCell:
    """One cell: its column, its field's name, what was typed, and what there is to say of it."""

    factor: Factor
    name: str
    text: str
    value: Value | None = None
    error: str = ""
    remark: str = ""

    @property
    def says(self) -> str:
        """What there is to say, with the column's name in front unless it begins with it."""
        words, label = self.error or self.remark, self.factor.label
        return words if words.startswith(label) else f"{label}: {words}"


@dataclass(frozen=True)
class TypedRow:
    """One idea as typed. ``kept`` are the cells of the other scheme, which are not shown."""

    index: int | str
    number: int | str
    field: str
    name: str
    cells: list[TypedCell]
    kept: list[tuple[str, str]]
    title: str
    """The idea's name, or its number where it has none or where another has the same."""

    @property
    def is_blank(self) -> bool:
        """Say whether no figure of this scheme is filled in."""
        return not any(cell.text for cell in self.cells)


@dataclass(frozen=True)
class PriorityTable:
    """The whole form: rows, the number of people there are, and what is wrong at large."""

    scheme: Scheme
    rows: list[TypedRow]
    people: str = ""
    people_error: str = ""
    problem: str = ""
    is_example: bool = False
    ideas: list[Idea] = field(default_factory=list)

    @property
    def factors(self) -> Sequence[Factor]:
        """The columns."""
        return SCHEMES[self.scheme]

    @property
    def errors(self) -> list[tuple[str, str, str]]:
        """Every mistake as (id of its field, whose it is, what to do)."""
        found = [
            (cell.name, f"{row.title}, {cell.factor.label.lower()}", cell.error)
            for row in self.rows
            for cell in row.cells
            if cell.error
        ]
        if self.people_error:
            found.append(("people", "People in all", self.people_error))
        return found

    @property
    def is_wrong(self) -> bool:
        """Say whether something has to be changed before anything can be ranked."""
        return bool(self.errors or self.problem)

    @property
    def blank(self) -> TypedRow:
        """An empty row, for a script to copy."""
        return _row("__index__", "", {}, self.scheme, None, checked=False)


def read_table(typed: QueryDict) -> PriorityTable:
    """Return the table an address holds; the example where it holds none.

    "add" asks for an empty row more and "drop" for one less; neither checks what is there.
    """
    scheme: Scheme = "ice" if typed.get("scheme") == "ice" else "rice"
    found = _cells_by_row(typed)
    if not found and "people" not in typed:
        return _example(scheme)
    dropped = typed.get("drop", "")
    rows = [found[index] for index in sorted(found) if str(index) != dropped]
    changing = "add" in typed or "drop" in typed
    if "add" in typed or not rows:
        rows.append({})
    problem = ""
    if len(rows) > MOST_IDEAS and not changing:
        problem = f"A ranking takes {MOST_IDEAS} ideas. Remove {len(rows) - MOST_IDEAS} of them."
    people = typed.get("people", "").strip()[:LONGEST_CELL]
    population = read_number(people) if people else None
    wrong = bool(people) and (population is None or population <= 0)
    return _table(
        scheme,
        rows[: MOST_IDEAS if changing else MOST_SHOWN],
        people,
        None if wrong else population,
        people_error="Write a number above 0, or leave it empty." if wrong else "",
        problem=problem,
        checked=not changing,
    )


def read_value(text: str, factor: Factor) -> Value:
    """Return a number, or a range written as "2000 to 6000", "2-6k" or "50 % to 80 %".

    Raises:
        PriorityError: it is neither, or no score can be made of it.
        QuantityError: the ends of a range cannot be.
    """
    ends = _ends(text)
    if ends is None:
        raise PriorityError("Write a number, or a range such as 2000 to 6000.")
    lo, hi = ends
    if factor.id == "confidence" and ("%" in text or hi > 1):
        lo, hi = lo / 100, hi / 100
    if lo == hi:
        check_value(factor, lo)
        return lo
    if lo > 0 and hi > factor.most > 1:
        raise PriorityError(f"{factor.label} runs from {factor.least:g} to {factor.most:g}.")
    value = Range.of(lo, hi, "share" if factor.id == "confidence" and lo > 0 else "points")
    check_value(factor, value)
    return value


def _ends(text: str) -> tuple[float, float] | None:
    single = read_number(text)
    if single is not None:
        return single, single
    for found in TO.finditer(text, 1):
        first, last = text[: found.start()], text[found.end() :]
        lo, hi = read_number(first), read_number(last)
        if lo is not None and hi is not None:
            return _same_scale(lo, first, hi, last), hi
    return None


def _same_scale(lo: float, first: str, hi: float, last: str) -> float:
    """Return the low end of "2 to 6k" in thousands, as people mean it; 500 to 6k stays 500."""
    words = (re.sub(r"[^a-z]", "", text.lower()) for text in (first, last))
    mine, other = (SCALES.get(word, 1.0) for word in words)
    return lo * other if mine == 1 and lo < hi / other else lo


def _cells_by_row(typed: QueryDict) -> dict[int, dict[str, str]]:
    rows: dict[int, dict[str, str]] = {}
    for key in typed:
        if matched := CELL.fullmatch(key):
            longest = LONGEST_NAME if matched[2] == "n" else LONGEST_CELL + 1
            text = " ".join((typed.get(key) or "").replace("\0", "").split())[:longest]
            rows.setdefault(int(matched[1]), {})[matched[2]] = text
    return {index: row for index, row in rows.items() if any(row.values())}


def _example(scheme: Scheme) -> PriorityTable:
    keys = ("n", *(KEYS[factor.id] for factor in SCHEMES[scheme]))
    lines = EXAMPLES[scheme].strip().splitlines()
    rows = [dict(zip(keys, map(str.strip, line.split("|")), strict=True)) for line in lines]
    return _table(scheme, rows, "", None, is_example=True, checked=True)


def _table(
    scheme: Scheme,
    rows: Sequence[Mapping[str, str]],
    people: str,
    population: float | None,
    *,
    checked: bool,
    people_error: str = "",
    problem: str = "",
    is_example: bool = False,
) -> PriorityTable:
    typed = [
        _row(index, title, row, scheme, population, checked=checked)
        for index, (row, title) in enumerate(zip(rows, _titles(rows), strict=True))
    ]
    table = PriorityTable(scheme, typed, people, people_error, problem, is_example)
    if not checked or table.is_wrong:
        return table
    for row in typed:
        values = {cell.factor.id: cell.value for cell in row.cells if cell.value is not None}
        if values:
            table.ideas.append(Idea(row.title, values))
    return table


def _row(
    index: int | str,
    title: str,
    row: Mapping[str, str],
    scheme: Scheme,
    population: float | None,
    *,
    checked: bool,
) -> TypedRow:
    factors = SCHEMES[scheme]
    filled = any(row.get(KEYS[factor.id]) for factor in factors)
    cells = [
        _cell(factor, f"i-{index}-{KEYS[factor.id]}", row, population, check=checked and filled)
        for factor in factors
    ]
    shown = {KEYS[factor.id] for factor in factors} | {"n"}
    kept = [(f"i-{index}-{key}", text) for key, text in row.items() if text and key not in shown]
    number = index + 1 if isinstance(index, int) else index
    return TypedRow(index, number, f"i-{index}-n", row.get("n", ""), cells, kept, title)


def _titles(rows: Sequence[Mapping[str, str]]) -> list[str]:
    """Return a name for each row that no other row has."""
    titles: list[str] = []
    for number, row in enumerate(rows, start=1):
        name = row.get("n") or f"Idea {number}"
        titles.append(f"{name} ({number})" if name in titles else name)
    return titles


def _cell(
    factor: Factor, name: str, row: Mapping[str, str], population: float | None, *, check: bool
) -> TypedCell:
    text = row.get(KEYS[factor.id], "")
    if not check:
        return TypedCell(factor, name, text)
    if not text:
        return TypedCell(factor, name, text, error="Write a number or a range.")
    try:
        value = read_value(text, factor)
    except (PriorityError, QuantityError) as error:
        return TypedCell(factor, name, text, error=str(error))
    return TypedCell(factor, name, text, value, remark=remark(factor, value, population))
