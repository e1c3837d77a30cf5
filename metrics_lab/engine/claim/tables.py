"""Tables in a text: rows of cells with a header that says which are of today, and scores of ideas.

A pasted table is read by its header: a cell beneath "today" is the figure that its row names, one
beneath "target" claims nothing about today. Where the header does not say so, the rows are read as
any other lines are.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import prod

from metrics_lab.engine.claim import lexicon as words
from metrics_lab.engine.claim.model import STOPS, ClaimModel, split
from metrics_lab.engine.claim.numbers import Number, find_numbers
from metrics_lab.engine.claim.result import ClaimCheck
from metrics_lab.engine.claim.ties import FULL
from metrics_lab.engine.wording import plain

Cell = tuple[int, int]
"""Where the words of a cell begin and end in the text."""
Way = tuple[str, float]
"""How a score is made: the product, or the mean or sum of an ICE score, and a power of ten."""
Scored = tuple[Number, Mapping[str, Number]]
"""A score and its parts."""
Read = Callable[[str], Sequence[ClaimCheck]]
_ROW = re.compile(r"[^\n]+")
_RULE = re.compile(r"[\s|:+=-]*-[\s|:+=-]*")
_NOW = re.compile(
    r"\b(?:today|now|baseline|current(?:ly)?|actual|present|as\s+is|status\s+quo|existing)\b", re.I
)
_LATER = re.compile(
    r"\b(?:targets?|goals?|aims?|after|later|next|future|plan(?:ned)?|expected|forecast|then|to\s+be|"
    r"limits?|guard-?rails?|thresholds?|stretch|change|delta|lift|uplift|gap|vs|versus)\b",
    re.I,
)
_PARTS = {
    part: re.compile(rf"\b(?:{part}|{part[0]})\b(?!\s*[x×*/])", re.I)
    for part in ("reach", "impact", "confidence", "ease", "effort")
}
_SCORE = re.compile(r"\b(?:score|rice|ice|total|result)\b", re.I)
_FORMS = (("reach", "impact", "confidence", "effort"), ("impact", "confidence", "ease"))
# A score may leave out the thousands of its reach or the hundred of its percent, in all its rows.
_FACTORS = tuple(10.0**power for power in range(-7, 8))
LEAST_CELLS = 2
# A longer cell of a header is a sentence that has a stroke in it.
LONGEST_HEAD = 40
# Words in the name of a row that tell no other figure.
_BESIDE = STOPS | words.word_set(
    "average avg total number rate share monthly month week year day our current today mean"
)
# So much may be rounded away in a score, besides half of its last digit.
ROUNDED = 0.02
SURE = 0.05


@dataclass(frozen=True, slots=True)
class Table:
    """A header and its rows, each a row of cells."""

    start: int
    end: int
    header: tuple[Cell, ...]
    rows: tuple[tuple[Cell, ...], ...]


def find_tables(text: str) -> tuple[Table, ...]:
    """Return the tables of a text that have a header; a rule of dashes beneath it is no row."""
    if "|" not in text and "\t" not in text:
        return ()
    blocks: list[list[tuple[int, int, tuple[Cell, ...]]]] = [[]]
    for line in _ROW.finditer(text):
        cells = _cells(line[0], line.start())
        rule = _RULE.fullmatch(line[0]) is not None
        apart = bool(blocks[-1]) and line.start() - blocks[-1][-1][1] > 1
        if apart or (len(cells) < LEAST_CELLS and not rule):
            blocks.append([])
        if len(cells) >= LEAST_CELLS or (rule and blocks[-1]):
            blocks[-1].append((line.start(), line.end(), cells))
    return tuple(_table(block) for block in blocks if len(block) > 1)


def _table(block: Sequence[tuple[int, int, tuple[Cell, ...]]]) -> Table:
    rows = tuple(cells for _, _, cells in block[1:] if cells)
    return Table(block[0][0], block[-1][1], block[0][2], rows)


def _cells(line: str, start: int) -> tuple[Cell, ...]:
    """Return the cells of a line; () for a rule of dashes and for a line that is no row."""
    if _RULE.fullmatch(line):
        return ()
    mark = "|" if "|" in line else "\t"
    inside = line.strip("\r ") if mark == "\t" else line.strip()
    opened = line.index(inside) + inside.startswith("|")
    inside = inside.removeprefix("|").removesuffix("|")
    found, place = [], start + opened
    for part in inside.split(mark):
        bare = part.strip(" \t\r*_`")
        left = place + (part.index(bare) if bare else 0)
        found.append((left, left + len(bare)))
        place += len(part) + 1
    return tuple(found)


def check_tables(
    text: str, tables: Sequence[Table], model: ClaimModel, read: Read
) -> tuple[list[ClaimCheck], frozenset[int]]:
    """Return the checks of what tables say of today and of their scores, and which were read.

    `read` checks a sentence; the places of its checks are then those of the cell.
    """
    found: list[ClaimCheck] = []
    known: set[int] = set()
    for table in tables:
        head = [text[start:end] for start, end in table.header]
        if score := _score_form(head):
            known.add(table.start)
            found += _scores(text, table, *score)
        elif any(_is_timed(cell) for cell in head):
            known.add(table.start)
            today = [place for place, cell in enumerate(head) if place and _is_today(cell)]
            for row in table.rows:
                found += (c for c in _row(text, row, today, read) if _is_named(text, row, c, model))
    return found, frozenset(known)


def _is_today(cell: str) -> bool:
    return len(cell) <= LONGEST_HEAD and bool(_NOW.search(cell)) and not _LATER.search(cell)


def _is_timed(cell: str) -> bool:
    return len(cell) <= LONGEST_HEAD and bool(_NOW.search(cell) or _LATER.search(cell))


def _is_named(text: str, row: Sequence[Cell], check: ClaimCheck, model: ClaimModel) -> bool:
    """Return whether a row has a figure's name and nothing else: "new-user churn" is not churn."""
    symbol = model.known[check.symbol or ""]
    own = {word for phrase, weight in symbol.phrases if weight >= FULL for word in phrase}
    return set(split(text[row[0][0] : row[0][1]])) - _BESIDE <= own


def _row(text: str, row: Sequence[Cell], today: Sequence[int], read: Read) -> Iterator[ClaimCheck]:
    """Yield the checks of a row's cells of today, each read as "the name is the cell"."""
    name = text[row[0][0] : row[0][1]]
    if not re.search(r"[A-Za-z]{2}", name) or find_numbers(name):
        return
    for place in today:
        if place >= len(row):
            continue
        start, end = row[place]
        cell = text[start:end]
        lead = f"{name} is "
        if len(find_numbers(cell)) != 1 or "\t" in cell:
            continue
        for one in read(lead + cell):
            shift = start - len(lead)
            plain_said = one.verdict in ("correct", "close", "wrong") and not one.supposed
            if one.symbol and one.start >= len(lead) and plain_said:
                yield replace(one, start=one.start + shift, end=one.end + shift)


def _score_form(head: Sequence[str]) -> tuple[dict[str, int], int] | None:
    """Return which columns hold the parts of a RICE or ICE score, and which its score."""
    scores = [place for place, cell in enumerate(head) if place and _SCORE.search(cell)]
    for parts in _FORMS:
        columns = {part: _column(part, head, scores) for part in parts}
        if len(scores) == 1 and all(place is not None for place in columns.values()):
            return {part: place for part, place in columns.items() if place is not None}, scores[0]
    return None


def _column(part: str, head: Sequence[str], scores: Sequence[int]) -> int | None:
    found = [p for p, cell in enumerate(head) if p not in scores and _PARTS[part].search(cell)]
    return found[0] if len(found) == 1 else None


def _scores(
    text: str, table: Table, columns: Mapping[str, int], score: int
) -> Iterator[ClaimCheck]:
    """Yield a check of each score that follows from its row, or that alone does not.

    At least half of the rows have to be scored in one way before another is wrong. A RICE score
    that stands alone is wrong where it was made in none of them.
    """
    rows = [one for row in table.rows if (one := _scored(text, row, columns, score)) is not None]
    ways = list(_ways(columns))
    counted = [sum(_holds(one, way) for one in rows) for way in ways]
    best = max(counted, default=0)
    alone = len(rows) == 1 and "effort" in columns
    if not rows or (2 * best < len(rows) and not alone) or _has_mixed_units(rows):
        return
    chosen = [way for way, count in zip(ways, counted, strict=True) if count == best]
    way = chosen[0] if best else ways[0]
    for number, parts in rows:
        right = any(_holds((number, parts), one) for one in chosen)
        truth = _value(parts, way)
        if not right and _is_near(number, truth):
            continue
        yield _made(text, number, parts, way, right=right)


def _has_mixed_units(rows: Sequence[Scored]) -> bool:
    """Return whether a column counts in weeks here and in months there."""
    return any(len({parts[part].time for _, parts in rows}) > 1 for part in rows[0][1])


def _ways(columns: Mapping[str, int]) -> Iterator[Way]:
    yield "product", 1.0
    yield from (("product", factor) for factor in _FACTORS if factor != 1)
    if "effort" not in columns:
        yield from (("mean", 1.0), ("sum", 1.0))


def _scored(
    text: str, row: Sequence[Cell], columns: Mapping[str, int], score: int
) -> Scored | None:
    """Return the score of a row and its parts; None where a cell holds no single number."""
    found: dict[str, Number] = {}
    for part, place in (*columns.items(), ("score", score)):
        if place >= len(row):
            return None
        start, end = row[place]
        numbers = find_numbers(text[start:end])
        if len(numbers) != 1 or numbers[0].bound or numbers[0].value <= 0:
            return None
        one = numbers[0]
        found[part] = one._replace(start=one.start + start, end=one.end + start)
    return found.pop("score"), found


def _value(parts: Mapping[str, Number], way: Way) -> float:
    how, factor = way
    sizes = {part: number.share for part, number in parts.items()}
    if how != "product":
        return sum(sizes.values()) / (len(sizes) if how == "mean" else 1)
    effort = sizes.pop("effort", 1.0)
    return prod(sizes.values()) / effort * factor


def _holds(one: Scored, way: Way) -> bool:
    number, truth = one[0], _value(one[1], way)
    return abs(number.share - truth) <= max(number.strict, ROUNDED * truth)


def _is_near(number: Number, truth: float) -> bool:
    return abs(number.share - truth) <= max(2 * number.half, SURE * truth)


def _made(
    text: str, number: Number, parts: Mapping[str, Number], way: Way, *, right: bool
) -> ClaimCheck:
    shown = {part: text[one.start : one.end] for part, one in parts.items()}
    effort = shown.pop("effort", "")
    joined = (" × " if way[0] == "product" else " + ").join(shown.values())
    below = effort or {"mean": str(len(shown))}.get(way[0], "")
    step = f"({joined}) / {below}" if below else joined
    name = "RICE score" if effort else "ICE score"
    truth = _value(parts, way)
    verdict, error = ("correct", None) if right else ("wrong", "rice_arithmetic")
    return ClaimCheck(
        verdict, error, text[number.start : number.end], number.start, number.end,
        number.value, truth, name, (f"{step} is {plain(truth)}.",), certain=True,
    )  # fmt: skip
