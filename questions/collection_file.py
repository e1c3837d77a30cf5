"""Guides and paths as files: cases of the library in an order, with a reason each.

No Django here: a file is read and checked without the site. docs/case-authors.md explains the keys.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path as FilePath
from typing import Any, Literal, Self

from questions.case import STEP_TITLES, Case, CaseDataError
from questions.case_build import BROKEN, Fault, Path, build
from questions.case_file import CaseFileError, Problem, nearest_line, read_built, read_case

FOLDER = "collections"
MAX_SLUG, MAX_TITLE, MAX_SUMMARY, MAX_NOTE, MAX_TEXT = 80, 80, 240, 300, 4000
"""Characters, as wide as the columns are."""


@dataclass(frozen=True)
class Item:
    """A case by its slug, and why it stands at this place."""

    case: str
    note: str


@dataclass(frozen=True)
class CollectionFile:
    """A company guide (with its company) or a path (with the step it trains, if it is one)."""

    schema: Literal[1]
    slug: str
    kind: Literal["company_guide", "path"]
    title: str
    summary: str
    text: str
    items: tuple[Item, ...]
    company: str = ""
    skill: str = ""

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Read the data of a collection's file. Raises CaseDataError with all faults."""
        faults: list[Fault] = []
        built = build(cls, data, (), faults)
        if faults or built is BROKEN:
            raise CaseDataError(tuple(faults))
        read: Self = built
        return read


Companies = Mapping[str, Sequence[str]]
"""The companies that each case names, by the case's slug."""


def companies_by_case(cases: Sequence[Case]) -> Companies:
    """Return the companies that each case names, by the case's slug."""
    return {case.slug: case.companies for case in cases}


def read_collection(path: FilePath, companies: Companies) -> CollectionFile:
    """Return the guide or path in a file.

    Raises:
        CaseFileError: with every problem of the file, also where it does not fit the library.
        OSError: the file cannot be opened.
    """
    read, lines = read_built(path, CollectionFile.from_dict)
    problems = [
        Problem(str(path), nearest_line(lines, where), message, remedy)
        for where, message, remedy in _misfits(read, path, companies)
    ]
    if problems:
        raise CaseFileError(tuple(sorted(problems, key=lambda problem: problem.line)))
    return read


def check_collections(
    paths: Sequence[FilePath], case_paths: Sequence[FilePath]
) -> Iterator[Problem]:
    """Yield every problem of some collections' files, given the case files of the library.

    A case that cannot be read counts as known by its file's name: its own check says the rest.
    """
    companies: dict[str, Sequence[str]] = {path.stem: () for path in case_paths}
    for path in case_paths:
        try:
            companies[path.stem] = read_case(path).companies
        except (CaseFileError, OSError):
            continue
    for path in paths:
        try:
            read_collection(path, companies)
        except CaseFileError as error:
            yield from error.problems
        except OSError as error:
            yield Problem(str(path), 1, f"cannot be opened: {error.strerror}", "check the name")


def _misfits(
    read: CollectionFile, path: FilePath, companies: Companies
) -> Iterator[tuple[Path, str, str]]:
    """What does not fit: path, message, remedy."""
    if read.slug != path.stem:
        yield ("slug",), f"slug {read.slug} is not the file's name", f"use {path.stem}"
    yield from _too_long(read)
    yield from _kind_misfits(read, companies)
    if not read.items:
        yield ("items",), "the collection has no cases", "add lines with - {case: ..., note: ...}"
    seen: set[str] = set()
    for place, item in enumerate(read.items):
        where = ("items", place, "case")
        if item.case not in companies:
            yield where, f"there is no case {item.case}", _close(item.case, companies)
        elif item.case in seen:
            yield where, f"{item.case} stands here twice", "keep one of them"
        seen.add(item.case)


def _kind_misfits(read: CollectionFile, companies: Companies) -> Iterator[tuple[Path, str, str]]:
    named = {company for names in companies.values() for company in names}
    if read.kind == "company_guide" and not read.company:
        yield ("kind",), "the guide names no company", "add company:, as a case spells it"
    if read.company and read.company not in named:
        message = f"no case names the company {read.company}"
        yield ("company",), message, _close(read.company, named)
    if read.company and read.kind != "company_guide":
        yield ("company",), "a path has no company", "take it out, or use kind: company_guide"
    if read.skill and read.skill not in STEP_TITLES:
        yield ("skill",), f"there is no step {read.skill}", _close(read.skill, STEP_TITLES)


def _too_long(read: CollectionFile) -> Iterator[tuple[Path, str, str]]:
    texts: list[tuple[Path, str, int]] = [
        (("slug",), read.slug, MAX_SLUG),
        (("title",), read.title, MAX_TITLE),
        (("summary",), read.summary, MAX_SUMMARY),
        (("text",), read.text, MAX_TEXT),
        *((("items", i, "note"), item.note, MAX_NOTE) for i, item in enumerate(read.items)),
    ]
    for where, text, most in texts:
        if len(text) > most:
            yield where, f"{len(text)} characters, {most} are allowed", "say it shorter"


def _close(word: str, known: Mapping[str, object] | set[str]) -> str:
    """A remedy that names what is spelled most like a word, or all there is where it is little."""
    close = get_close_matches(word, sorted(known), n=1)
    if close:
        return f"did you mean {close[0]}?"
    return f"use one of: {', '.join(sorted(known))}" if len(known) < 30 else "see docs/cases.md"
