"""Write a case as the YAML of a case file, so that reading it gives an equal case."""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

import yaml

from questions.case import Case
from questions.case_build import from_pairs, plain
from questions.case_substance import SUBSTANCE_BY_TYPE

WIDTH = 80
"""Columns a paragraph is folded at."""
ONE_LINE = 80
"""Characters a mapping or list may have to stand on one line: {a: 1, b: 2}."""
LONG_TEXT = 66
"""Characters from which a text is written as a paragraph below its key."""
SHORT_FORM = ("set", "ruled_out_by", "opened_by", "takes")
FIRST = ("schema", "slug", "title", "prompt", "type")
LAST = ("traps", "steps")


def case_yaml(case: Case) -> str:
    """Return the text of a case file that `read_case` reads back into an equal case.

    Keys stand in the order of docs/case-authors.md; a key at its default is left out. Comments
    of the file the case came from are not part of a case and are not written.
    """
    text: str = yaml.dump(
        _ordered(case),
        Dumper=_Writer,
        sort_keys=False,
        allow_unicode=True,
        width=WIDTH,
        default_flow_style=False,
    )
    return text


def _ordered(case: Case) -> dict[str, Any]:
    """Return the case as a file has it: mappings, short readings, the type's keys at the top."""
    data = {name: _tree(name, getattr(case, name), value) for name, value in plain(case).items()}
    own = data.pop("substance")
    names = [field.name for field in fields(SUBSTANCE_BY_TYPE[case.type])]
    data = {**data, **{name: own[name] for name in names if name in own}}
    middle = [name for name in data if name not in (*FIRST, *LAST)]
    return {name: data[name] for name in (*FIRST, *middle, *LAST) if name in data}


def _tree(name: str, built: Any, data: Any) -> Any:
    """Return plain data with mappings where `built` has them."""
    if isinstance(built, Mapping):
        return {key: _tree(key, built[key], value) for key, value in from_pairs(data or []).items()}
    if isinstance(built, tuple):
        return [_tree(name, item, value) for item, value in zip(built, data, strict=True)]
    if isinstance(data, dict):
        members = {key: _tree(key, getattr(built, key), value) for key, value in data.items()}
        return _short(members) if name == "readings" else members
    return data


def _short(reading: dict[str, Any]) -> dict[str, Any]:
    """Return a reading as {if_question: answer, symbol: value, ...} where that is unambiguous."""
    gives: dict[str, Any] = reading["gives"]
    if any(symbol in SHORT_FORM or symbol.startswith("if_") for symbol in gives):
        return reading
    kept = {name: reading[name] for name in SHORT_FORM if name in reading}
    return {f"if_{reading['question']}": reading["answer"], **gives, **kept}


class _Writer(yaml.SafeDumper):
    """Writes small mappings on one line, paragraphs folded, and lists indented."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        """Indent the items of a list below their key, as the library does."""
        super().increase_indent(flow, False)

    def ignore_aliases(self, data: Any) -> bool:
        """Write everything out: a case file has no anchors."""
        return True


def _text(writer: _Writer, text: str) -> yaml.ScalarNode:
    style = None
    if "\n" in text:
        style = "|"
    elif len(text) > LONG_TEXT:
        style = ">"
    elif text[:1] in "'\"#&*!|>%@`?-:,[]{} " or ": " in text or " #" in text:
        style = '"'
    return writer.represent_scalar("tag:yaml.org,2002:str", text, style=style)


def _mapping(writer: _Writer, data: dict[str, Any]) -> yaml.MappingNode:
    flow = _fits(data) and len(data) > 1
    return writer.represent_mapping("tag:yaml.org,2002:map", data.items(), flow_style=flow)


def _list(writer: _Writer, data: list[Any]) -> yaml.SequenceNode:
    return writer.represent_sequence("tag:yaml.org,2002:seq", data, flow_style=_fits(data))


def _fits(data: Any) -> bool:
    """Whether a mapping or list is short and holds only numbers, words and short lists."""
    if len(repr(data)) > ONE_LINE:
        return False
    items = data.values() if isinstance(data, dict) else data
    return not any(isinstance(item, dict) or "\n" in str(item) for item in items)


_Writer.add_representer(str, _text)
_Writer.add_representer(dict, _mapping)
_Writer.add_representer(list, _list)
