"""Read a case file and say, with file, line and remedy, what is wrong with its form."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path as FilePath
from typing import Any, TypeVar

import yaml

from questions.case import Case, CaseDataError
from questions.case_build import Path, say

MAX_BYTES = 400_000
MAX_DEPTH = 12
# The C parser of the same loader is ten times faster; not every platform has it.
Built = TypeVar("Built")
LOADER: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True)
class Problem:
    """Something to change in a file; `line` counts from 1."""

    file: str
    line: int
    message: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}; {self.remedy}"


class CaseFileError(ValueError):
    """A file that holds no case; `problems` lists what to change, first line first."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems


@dataclass(frozen=True)
class CaseSource:
    """A case with the lines it was read from."""

    case: Case
    file: str
    lines: Mapping[Path, int]

    def problem(self, path: Path, message: str, remedy: str) -> Problem:
        """Return a problem at the line of `path`, or of the nearest key above it."""
        return Problem(self.file, nearest_line(self.lines, path), message, remedy)


@dataclass
class _Located:
    """Collects the line of every key while YAML nodes become plain data."""

    file: str
    lines: dict[Path, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def value(self, loader: yaml.SafeLoader, node: yaml.Node, path: Path) -> Any:
        self.lines.setdefault(path, node.start_mark.line + 1)
        if len(path) > MAX_DEPTH:
            self.refuse(node, f"{say(path)} is nested too deep", "check the indentation")
            return None
        if isinstance(node, yaml.SequenceNode):
            return [self.value(loader, item, (*path, i)) for i, item in enumerate(node.value)]
        if isinstance(node, yaml.MappingNode):
            return self.mapping(loader, node, path)
        return loader.construct_object(node)

    def mapping(
        self, loader: yaml.SafeLoader, node: yaml.MappingNode, path: Path
    ) -> dict[str, Any]:
        data: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = str(key_node.value)
            if key in data:
                self.refuse(key_node, f"{say((*path, key))} occurs twice", "keep one of them")
            self.lines[(*path, key)] = key_node.start_mark.line + 1
            data[key] = self.value(loader, value_node, (*path, key))
        return data

    def refuse(self, node: yaml.Node, message: str, remedy: str) -> None:
        line = node.start_mark.line + 1
        self.problems.append(Problem(self.file, line, message, remedy))


def read_case(path: FilePath) -> Case:
    """Return the case in a file. Raises CaseFileError with every problem of its form."""
    return read_source(path).case


def read_source(path: FilePath) -> CaseSource:
    """Return the case in a file with its lines. Raises CaseFileError."""
    case, lines = read_built(path, Case.from_dict)
    return CaseSource(case, str(path), lines)


def read_built(
    path: FilePath, from_dict: Callable[[Mapping[str, Any]], Built]
) -> tuple[Built, Mapping[Path, int]]:
    """Return what `from_dict` makes of a YAML file, and the line of every key.

    Raises:
        CaseFileError: with every problem of the file's form, those of `from_dict` (a
            CaseDataError) among them.
    """
    located = _Located(str(path))
    data = _parse(path, located)
    problems = list(located.problems)
    built: Built | None = None
    try:
        built = from_dict(data)
    except CaseDataError as error:
        problems += [
            Problem(str(path), nearest_line(located.lines, fault.path), fault.message, fault.remedy)
            for fault in error.faults
        ]
    if problems or built is None:
        raise CaseFileError(tuple(sorted(problems, key=lambda problem: problem.line)))
    return built, located.lines


def nearest_line(lines: Mapping[Path, int], path: Path) -> int:
    """Return the line of `path`, or of the nearest path above it that has one."""
    while path and path not in lines:
        path = path[:-1]
    return lines.get(path, 1)


def _parse(path: FilePath, located: _Located) -> dict[str, Any]:
    """Return the file's data. Raises CaseFileError when it is no YAML mapping."""
    try:
        text = _text(path)
        loader = LOADER(text)
        node = loader.get_single_node()
        data = located.value(loader, node, ()) if node else None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        message = f"this is not YAML: {error.problem or error.context}"
        raise _one(path, line, message, "check quotes, colons and indentation here") from error
    except (yaml.YAMLError, ValueError) as error:
        raise _one(path, 1, f"this cannot be read: {error}", "save it as UTF-8 text") from error
    if not isinstance(data, dict):
        raise _one(path, 1, "the file has no keys", "start from docs/case-authors.md")
    return data


def _text(path: FilePath) -> str:
    if path.stat().st_size > MAX_BYTES:
        raise ValueError(f"it is larger than {MAX_BYTES:,} bytes")
    return path.read_text(encoding="utf-8")


def _one(path: FilePath, line: int, message: str, remedy: str) -> CaseFileError:
    return CaseFileError((Problem(str(path), line, message, remedy),))
