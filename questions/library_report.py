"""The library at a glance, as Markdown: which cases there are, and how alike any two of them are.

Run as `python -m questions.library_report` it rewrites its part of docs/cases.md.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

from questions.case import CASE_TYPES, DIFFICULTIES, Case
from questions.case_build import plain
from questions.case_file import read_case
from questions.playthrough import playthrough_path

DOCUMENT = Path(__file__).resolve().parents[1] / "docs" / "cases.md"
LIBRARY = Path(__file__).resolve().parent / "library"
BEGIN, END = "<!-- library: begin -->", "<!-- library: end -->"
SHINGLE = 5
"""Words in a row that two texts have to share."""
MOST_ALIKE = 0.2
"""The share of a case's shingles that another may have too, at most."""
SHOWN_PAIRS = 5
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
_NAMES = frozenset(
    ("id", "slug", "symbol", "reveals", "mistakes", "type", "tags", "formula", "unit")
)
"""Keys whose texts speak to the site, not to people."""


@dataclass(frozen=True)
class Likeness:
    """Two cases and the share of the smaller one's shingles that both have."""

    one: str
    other: str
    share: float


def library_cases(folder: Path = LIBRARY) -> tuple[Case, ...]:
    """Return the cases of a folder in the order of their names. Raises CaseFileError."""
    return tuple(read_case(path) for path in sorted(folder.glob("*.yaml")))


def shingles(case: Case) -> frozenset[tuple[str, ...]]:
    """Return every five words in a row of what a case says to people."""
    found: set[tuple[str, ...]] = set()
    for text in _texts(plain(case)):
        words = [word.casefold() for word in _WORD.findall(text)]
        found.update(zip(*(words[i:] for i in range(SHINGLE)), strict=False))
    return frozenset(found)


def likenesses(cases: Iterable[Case]) -> list[Likeness]:
    """Return how alike any two cases are, the most alike first."""
    known = {case.slug: shingles(case) for case in cases}
    pairs = (
        Likeness(one, other, _shared(known[one], known[other]))
        for one, other in combinations(sorted(known), 2)
    )
    return sorted(pairs, key=lambda pair: (-pair.share, pair.one, pair.other))


def _shared(one: frozenset[tuple[str, ...]], other: frozenset[tuple[str, ...]]) -> float:
    """The share of the smaller set that both have."""
    return len(one & other) / max(1, min(len(one), len(other)))


def report(cases: Sequence[Case], played: frozenset[str]) -> str:
    """Return the Markdown between the marks of docs/cases.md; `played` are slugs."""
    return "\n".join((*_counts(cases, played), "", *_table(cases, played), "", *_alike(cases)))


def _counts(cases: Sequence[Case], played: frozenset[str]) -> Iterator[str]:
    industries = Counter(case.industry for case in cases)
    products = {case.companies[0] for case in cases}
    minutes = [case.minutes for case in cases]
    yield (
        f"{len(cases)} cases, {len(played)} of them played by somebody other than their author, "
        f"about {len(products)} companies in {len(industries)} industries, "
        f"{min(minutes)} to {max(minutes)} minutes; "
        f"{sum(case.variant is not None for case in cases)} can be played with other numbers."
    )
    yield ""
    yield f"| type | {' | '.join(DIFFICULTIES)} | in all |"
    yield f"|---|{'---|' * (len(DIFFICULTIES) + 1)}"
    for kind in CASE_TYPES:
        of_kind = Counter(str(case.difficulty) for case in cases if case.type == kind)
        counts = " | ".join(str(of_kind[level]) for level in DIFFICULTIES)
        yield f"| {_words(kind)} | {counts} | {of_kind.total()} |"
    yield ""
    named = sorted(industries.items(), key=lambda pair: (-pair[1], pair[0]))
    yield "By industry: " + ", ".join(f"{_words(name)} {n}" for name, n in named) + "."


def _table(cases: Sequence[Case], played: frozenset[str]) -> Iterator[str]:
    yield "| case | type | company | industry | difficulty | minutes | played | other numbers |"
    yield "|---|---|---|---|---|---|---|---|"
    for case in sorted(cases, key=lambda case: (CASE_TYPES.index(case.type), case.slug)):
        cells = (
            case.title, _words(case.type), case.companies[0], _words(case.industry),
            case.difficulty, str(case.minutes), "yes" if case.slug in played else "no",
            "yes" if case.variant else "no",
        )  # fmt: skip
        yield f"| {' | '.join(cells)} |"


def _alike(cases: Sequence[Case]) -> Iterator[str]:
    yield (
        f"How alike: the share of the smaller case's runs of {SHINGLE} words that the other has "
        f"too; at most {MOST_ALIKE:.0%} is allowed. The most alike:"
    )
    yield ""
    yield "| case | case | share |"
    yield "|---|---|---|"
    for pair in likenesses(cases)[:SHOWN_PAIRS]:
        yield f"| {pair.one} | {pair.other} | {pair.share:.1%} |"


def _words(name: str) -> str:
    return name.replace("_", " ")


def _texts(value: object, name: str = "") -> Iterator[str]:
    """Every text in plain data that speaks to people: no ids, symbols and formulas."""
    if isinstance(value, str) and name not in _NAMES:
        yield value
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from _texts(item, key)
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item, name)


def inserted(document: str, text: str) -> str:
    """Return the document with the text between its marks.

    Raises:
        ValueError: the marks are not there.
    """
    before, begin, rest = document.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"the document needs the lines {BEGIN} and {END}")
    return f"{before}{BEGIN}\n{text}\n{END}{after}"


def current() -> str:
    """Return the report on the library as its files are now."""
    paths = sorted(LIBRARY.glob("*.yaml"))
    played = frozenset(path.stem for path in paths if playthrough_path(path).is_file())
    return report([read_case(path) for path in paths], played)


def main() -> None:
    """Rewrite the library's part of docs/cases.md."""
    DOCUMENT.write_text(inserted(DOCUMENT.read_text("utf-8"), current()), "utf-8")


if __name__ == "__main__":
    main()
