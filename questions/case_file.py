"""Read a case file and say, with file, line and remedy, what is wrong with its form."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path as FilePath
from typing import Any, TypeVar

import yaml

from questions.case import Case, CaseDataError
from questions.case_build import Path, say

MAX_BYTES = 400_000
MAX_DEPTH = 12
MAX_NODES = 50_000
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
    nodes: int = 0

    def value(self, loader: yaml.SafeLoader, node: yaml.Node, path: Path) -> Any:
        self.lines.setdefault(path, node.start_mark.line + 1)
        self.nodes += 1
        if self.nodes > MAX_NODES:  # a few repeated anchors can unfold without end
            raise ValueError(f"it unfolds to more than {MAX_NODES:,} values")
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


def read_text(text: str, name: str) -> CaseSource:
    """Return the case written in a text; `name` stands for the file in problems.

    Raises:
        CaseFileError: with every problem of the form, each with its line.
    """
    case, lines = _built(text, name, Case.from_dict)
    return CaseSource(case, name, lines)


def read_json(text: str, name: str) -> CaseSource:
    """Return the case in the JSON of `Case.to_dict`, with the lines it was read from.

    Raises:
        CaseFileError: as for `read_text`.
    """
    try:
        _bounded(text)
        data = json.loads(text)
    except json.JSONDecodeError as error:
        message = f"this is not JSON: {error.msg}"
        raise _one(name, error.lineno, message, "export the case again") from error
    except (ValueError, RecursionError) as error:
        raise _one(name, 1, f"this cannot be read: {error}", "export the case again") from error
    if not isinstance(data, dict):
        raise _one(name, 1, "the file holds no case", "export one with case_export")
    lines = _json_lines(text)
    return CaseSource(_case(data, name, lines), name, lines)


def read_built(
    path: FilePath, from_dict: Callable[[Mapping[str, Any]], Built]
) -> tuple[Built, Mapping[Path, int]]:
    """Return what `from_dict` makes of a YAML file, and the line of every key.

    Raises:
        CaseFileError: with every problem of the file's form, those of `from_dict` (a
            CaseDataError) among them.
    """
    try:
        text = _text(path)
    except ValueError as error:
        raise _unreadable(str(path), error) from error
    return _built(text, str(path), from_dict)


def nearest_line(lines: Mapping[Path, int], path: Path) -> int:
    """Return the line of `path`, or of the nearest path above it that has one."""
    while path and path not in lines:
        path = path[:-1]
    return lines.get(path, 1)


def _built(
    text: str, name: str, from_dict: Callable[[Mapping[str, Any]], Built]
) -> tuple[Built, Mapping[Path, int]]:
    located = _Located(name)
    data = _parse(text, located)
    problems = list(located.problems)
    built: Built | None = None
    try:
        built = from_dict(data)
    except CaseDataError as error:
        problems += _faulty(error, name, located.lines)
    if problems or built is None:
        raise CaseFileError(tuple(sorted(problems, key=lambda problem: problem.line)))
    return built, located.lines


def _faulty(error: CaseDataError, name: str, lines: Mapping[Path, int]) -> list[Problem]:
    """Return the faults of some data as problems with lines."""
    return [
        Problem(name, nearest_line(lines, fault.path), fault.message, fault.remedy)
        for fault in error.faults
    ]


def _parse(text: str, located: _Located) -> dict[str, Any]:
    """Return the data of a text. Raises CaseFileError when it is no YAML mapping."""
    name = located.file
    try:
        _bounded(text)
        loader = LOADER(text)
        node = loader.get_single_node()
        data = located.value(loader, node, ()) if node else None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        message = f"this is not YAML: {error.problem or error.context}"
        raise _one(name, line, message, "check quotes, colons and indentation here") from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise _unreadable(name, error) from error
    if not isinstance(data, dict):
        raise _one(name, 1, "the file has no keys", "start from docs/case-authors.md")
    return data


def _json_lines(text: str) -> Mapping[Path, int]:
    """Return the line of every key of a JSON text, also of those written as [key, value].

    The YAML reader knows lines and reads almost all of JSON; where it does not, there are none.
    """
    located = _Located("")
    try:
        loader = LOADER(text)
        node = loader.get_single_node()
        if node is not None:
            _pairs(located, node, ())
    except (yaml.YAMLError, ValueError, RecursionError):
        return {}
    return located.lines


def _pairs(located: _Located, node: yaml.Node, path: Path) -> None:
    """Note the line of a node and of everything in it; a list of pairs counts as a mapping."""
    located.lines.setdefault(path, node.start_mark.line + 1)
    if len(path) > MAX_DEPTH:
        return
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            _pairs(located, value, (*path, str(key.value)))
    elif isinstance(node, yaml.SequenceNode):
        for i, item in enumerate(node.value):
            _pairs(located, item, (*path, i))
            if isinstance(item, yaml.SequenceNode) and len(item.value) == 2:
                _pairs(located, item.value[1], (*path, str(item.value[0].value)))


def _case(data: dict[str, Any], name: str, lines: Mapping[Path, int]) -> Case:
    try:
        return Case.from_dict(data)
    except CaseDataError as error:
        problems = _faulty(error, name, lines)
        raise CaseFileError(tuple(sorted(problems, key=lambda problem: problem.line))) from error


def _text(path: FilePath) -> str:
    if path.stat().st_size > MAX_BYTES:
        raise ValueError(f"it is larger than {MAX_BYTES:,} bytes")
    return path.read_text(encoding="utf-8")


def _bounded(text: str) -> None:
    if len(text) > MAX_BYTES:
        raise ValueError(f"it is larger than {MAX_BYTES:,} bytes")


def _unreadable(name: str, error: Exception) -> CaseFileError:
    return _one(name, 1, f"this cannot be read: {error}", "save it as UTF-8 text")


def _one(name: str, line: int, message: str, remedy: str) -> CaseFileError:
    return CaseFileError((Problem(name, line, message, remedy),))
