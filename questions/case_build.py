"""Build frozen dataclasses from plain data and collect every fault instead of the first.

The fields of a dataclass are its schema: a field without a default must be there, a key without
a field is a fault, text is not empty, a Literal names the allowed values.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import MISSING, Field, dataclass, fields, is_dataclass
from difflib import get_close_matches
from functools import cache
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

Path = tuple[str | int, ...]
GUIDE = "see docs/case-authors.md"
LARGEST = 1e18
"""The largest number, either way; the largest of a case so far is a few billion."""
SCALARS = (str, int, float, NoneType)
UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
"""Characters no author types; a database refuses some of them."""


@dataclass(frozen=True)
class Fault:
    """Something wrong at `path` (keys and list positions from the top) and what to do."""

    path: Path
    message: str
    remedy: str


class _Broken:
    """Stands for a value that could not be read; its fault is already recorded."""


BROKEN = _Broken()


def build(kind: Any, data: Any, path: Path, faults: list[Fault]) -> Any:
    """Return `data` read as `kind`, or BROKEN after adding to `faults`.

    `kind` is str, bool, int, float, a Literal, tuple[X, ...], tuple[X, Y], Mapping[str, X],
    X | None or a dataclass of these. A class may offer `normalize(data)` to accept a short form.
    What is built already is returned as it is.
    """
    if data is BROKEN or is_dataclass(data):
        return data
    origin = get_origin(kind)
    if origin in (Union, UnionType):
        return _optional(kind, data, path, faults)
    if data is None:
        return _fault(faults, path, f"{say(path)} is empty", f"write it, {GUIDE}")
    if origin is Literal:
        return _choice(get_args(kind), data, path, faults)
    if origin is tuple:
        return _tuple(get_args(kind), data, path, faults)
    if origin is not None and issubclass(origin, Mapping):
        return _mapping(get_args(kind)[1], data, path, faults)
    if is_dataclass(kind):
        return _dataclass(kind, data, path, faults)
    return _scalar(kind, data, path, faults)


def plain(value: Any) -> Any:
    """Return dataclasses as JSON-ready data that `build` reads back.

    A field at its default is left out, so that a field added later leaves old hashes alone.
    A mapping becomes a list of pairs: PostgreSQL's jsonb forgets the order of keys.
    """
    if isinstance(value, SCALARS):  # most values are
        return value
    if is_dataclass(value):
        return _said(value)
    if isinstance(value, Mapping):
        return [[key, plain(item)] for key, item in value.items()]
    if isinstance(value, tuple):
        return [plain(item) for item in value]
    return value


def say(path: Path) -> str:
    """Return a path as people write it: facts[3].ask."""
    text = ""
    for part in path:
        text += f"[{part + 1}]" if isinstance(part, int) else f".{part}"
    return text.removeprefix(".") or "the file"


def from_pairs(data: Any) -> Any:
    """Return a list of [key, value] pairs as the mapping it stands for, anything else as it is."""
    is_pairs = isinstance(data, list) and all(
        isinstance(pair, list) and len(pair) == 2 and isinstance(pair[0], str) for pair in data
    )
    return dict(data) if is_pairs else data


def _said(value: Any) -> dict[str, Any]:
    kind: Any = type(value)
    return {
        name: plain(item)
        for name, default in _defaults(kind)
        if (item := getattr(value, name)) != default
    }


@cache
def _defaults(kind: Any) -> tuple[tuple[str, Any], ...]:
    """Return the fields of a dataclass with what each is where nothing is said."""
    return tuple((field.name, _default(field)) for field in fields(kind))


def _default(field: "Field[Any]") -> Any:
    return field.default_factory() if field.default_factory is not MISSING else field.default


def _optional(kind: Any, data: Any, path: Path, faults: list[Fault]) -> Any:
    if data is None:
        return None
    inner = next(option for option in get_args(kind) if option is not NoneType)
    return build(inner, data, path, faults)


def _choice(allowed: Sequence[Any], data: Any, path: Path, faults: list[Fault]) -> Any:
    for value in allowed:
        if data == value and isinstance(data, bool) == isinstance(value, bool):
            return value
    names = ", ".join(str(value) for value in allowed)
    return _fault(faults, path, f"{say(path)} is {data!r}", f"use one of: {names}")


def _tuple(kinds: Sequence[Any], data: Any, path: Path, faults: list[Fault]) -> Any:
    if not isinstance(data, Sequence) or isinstance(data, str):
        return _fault(faults, path, f"{say(path)} is not a list", "write [a, b] or lines with - ")
    if kinds[-1] is not Ellipsis and len(data) != len(kinds):
        remedy = f"write exactly {len(kinds)} values"
        return _fault(faults, path, f"{say(path)} has {len(data)} values", remedy)
    each = [kinds[0]] * len(data) if kinds[-1] is Ellipsis else kinds
    built = [
        build(kind, item, (*path, i), faults)
        for i, (kind, item) in enumerate(zip(each, data, strict=True))
    ]
    return BROKEN if BROKEN in built else tuple(built)


def _mapping(kind: Any, data: Any, path: Path, faults: list[Fault]) -> Any:
    data = from_pairs(data)
    if not isinstance(data, Mapping):
        return _fault(faults, path, f"{say(path)} has no keys", f"write key: value lines, {GUIDE}")
    built = {str(key): build(kind, item, (*path, key), faults) for key, item in data.items()}
    if any(UNPRINTABLE.search(key) for key in built):
        return _fault(faults, path, f"a key of {say(path)} is unprintable", "type it again")
    return BROKEN if BROKEN in built.values() else built


def _dataclass(kind: Any, data: Any, path: Path, faults: list[Fault]) -> Any:
    if not isinstance(data, Mapping):
        return _fault(faults, path, f"{say(path)} has no keys", f"write key: value lines, {GUIDE}")
    if hasattr(kind, "normalize"):
        data = kind.normalize(data)
    known = {field.name: field for field in fields(kind)}
    _refuse_unknown(known, data, path, faults)
    built = {name: _member(kind, field, data, path, faults) for name, field in known.items()}
    return BROKEN if BROKEN in built.values() else kind(**built)


def _member(
    kind: Any, field: "Field[Any]", data: Mapping[str, Any], path: Path, faults: list[Fault]
) -> Any:
    """Return one member of a dataclass, its default when it is left out."""
    if data.get(field.name) is not None:
        return build(_hints(kind)[field.name], data[field.name], (*path, field.name), faults)
    default = _default(field)
    if default is not MISSING:
        return default
    where = (*path, field.name)
    if field.name in data:
        return build(_hints(kind)[field.name], None, where, faults)
    return _fault(faults, path, f"{say(where)} is missing", f"add {field.name}:, {GUIDE}")


def _refuse_unknown(
    known: Mapping[str, object], data: Mapping[str, Any], path: Path, faults: list[Fault]
) -> None:
    for key in data:
        if key not in known:
            close = get_close_matches(str(key), known, n=1)
            remedy = f"did you mean {close[0]}?" if close else f"take it out, {GUIDE}"
            _fault(faults, (*path, key), f"{say((*path, key))} is not a known key", remedy)


def _scalar(kind: Any, data: Any, path: Path, faults: list[Fault]) -> Any:
    if kind is str:
        return _text(data, path, faults)
    if kind is bool:
        if isinstance(data, bool):
            return data
        return _fault(faults, path, f"{say(path)} is {data!r}", "write true or false")
    if isinstance(data, bool) or not isinstance(data, int | float):
        remedy = "write a bare number: 0.02 and not 2 %, 10000000 and not 10 M"
        return _fault(faults, path, f"{say(path)} is {data!r}, not a number", remedy)
    if not -LARGEST <= data <= LARGEST:  # also what is not a number at all
        return _fault(faults, path, f"{say(path)} is too large", "write a number that can be read")
    if kind is int and not float(data).is_integer():
        return _fault(faults, path, f"{say(path)} is {data!r}", "write a whole number")
    # 2 and 2.0 are one number: both are kept as 2, so that they hash alike.
    return int(data) if float(data).is_integer() else float(data)


def _text(data: Any, path: Path, faults: list[Fault]) -> Any:
    if not isinstance(data, str):
        return _fault(faults, path, f"{say(path)} is {data!r}, not text", 'put it in "quotes"')
    if not data.strip():
        return _fault(faults, path, f"{say(path)} is empty", "write the text or take the key out")
    if UNPRINTABLE.search(data):
        return _fault(faults, path, f"{say(path)} holds an unprintable character", "type it again")
    return data.strip()


def _fault(faults: list[Fault], path: Path, message: str, remedy: str) -> _Broken:
    faults.append(Fault(path, message, remedy))
    return BROKEN


@cache
def _hints(kind: Any) -> dict[str, Any]:
    return get_type_hints(kind)
