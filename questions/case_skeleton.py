"""The skeleton of a case file: every key that must be there, empty, and what belongs in it.

The keys come from the classes of a case, so a new required key is in the next skeleton. What is
left empty is named by the checks with its line, one after the other; what stands in capitals is
a name to be replaced, which the checks refuse as it is.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, Field, dataclass, fields, is_dataclass
from typing import Any, Literal, get_args, get_origin, get_type_hints

from questions.case import STEPS_BY_TYPE, Case, StepGuide
from questions.case_substance import SUBSTANCE_BY_TYPE
from questions.case_words import WORDS

MEASURED = ("product_improvement", "product_design", "success_metrics")
"""Types whose cases need north stars, drivers and guardrails."""
MEASURES = ("north_star_candidates", "drivers", "guardrails")
A_SYMBOL = "A_SYMBOL"
GIVEN = ("schema", "slug", "title", "type", "companies")
HEAD = """\
# Write from top to bottom, and check as often as you save:
#   python manage.py case_check {name}
# It names what is still empty, the first line first. A list shows one item: copy it for more.
# docs/case-authors.md explains every key and the few rules of this way of writing.
"""


@dataclass(frozen=True)
class NewCase:
    """What is known of a case before it is written. `type` is one of questions.case.CASE_TYPES."""

    slug: str
    type: str
    title: str
    company: str


def skeleton(new: NewCase, name: str) -> str:
    """Return the text of a case file, to be called `name`, in which everything is still empty."""
    lines = [HEAD.format(name=name), *_given(new)]
    for field in fields(Case):
        if field.name == "substance":
            for own in fields(SUBSTANCE_BY_TYPE[new.type]):
                lines += _key(SUBSTANCE_BY_TYPE[new.type], own, 0)
        elif field.name == "steps":
            lines += _steps(new.type)
        elif _is_needed(field, new.type) and field.name not in GIVEN:
            lines += _key(Case, field, 0)
    return "\n".join([*lines, "", *_optional(new.type), ""])


def _given(new: NewCase) -> Iterator[str]:
    yield "schema: 1"
    yield _said(f"slug: {new.slug}", "Case.slug")
    yield _said(f"title: {_quoted(new.title)}", "Case.title")
    yield f"type: {new.type}"
    yield _said(f"companies: [{_quoted(new.company)}]", "Case.companies")


def _steps(kind: str) -> Iterator[str]:
    yield _said("steps:", "Case.steps")
    for i, step in enumerate(STEPS_BY_TYPE[kind]):
        yield f"  {step}:"
        for line in _members(StepGuide, 4):
            yield line.split("  # ")[0] if i else line  # the first step says it for all of them


def _optional(kind: str) -> Iterator[str]:
    """Say at the end which keys a case may have besides."""
    yield "# These may be left out. Take the # away from those the case needs."
    for field in fields(Case):
        if not _is_needed(field, kind):
            yield _said(f"# {field.name}:", f"Case.{field.name}")


def _key(owner: type, field: "Field[Any]", indent: int) -> Iterator[str]:
    """Yield the lines of one key and of what stands below it."""
    kind = get_type_hints(owner)[field.name]
    words = f"{_declarer(owner, field.name)}.{field.name}"
    yield _said(f"{' ' * indent}{field.name}:", words, _choices(kind))
    yield from _value(kind, indent + 2)


def _value(kind: Any, indent: int) -> Iterator[str]:
    """Yield the lines below a key: nothing for a single value, one item for a list."""
    if is_dataclass(kind):
        yield from _members(kind, indent)
        return
    origin, inside = get_origin(kind), get_args(kind)
    if origin is tuple and inside[-1] is Ellipsis:
        yield from _item(inside[0], indent)
    elif origin is not None and isinstance(origin, type) and issubclass(origin, Mapping):
        yield f"{' ' * indent}{A_SYMBOL}:  # a name in lower_case, used in formulas"
        yield from _members(inside[1], indent + 2)


def _item(kind: Any, indent: int) -> Iterator[str]:
    if not is_dataclass(kind):
        yield f"{' ' * indent}-"
        return
    first, *rest = _members(kind, indent + 2)
    yield f"{' ' * indent}- {first.lstrip()}"
    yield from rest


def _members(kind: Any, indent: int) -> Iterator[str]:
    """Yield the required keys of a class, and the names of the others in a comment."""
    for field in fields(kind):
        if _is_required(field):
            yield from _key(kind, field, indent)
    besides = [field.name for field in fields(kind) if not _is_required(field)]
    if besides:
        yield f"{' ' * indent}# may be added: {', '.join(besides)}"


def _choices(kind: Any) -> str:
    allowed = get_args(kind) if get_origin(kind) is Literal else ()
    return ", ".join(str(value) for value in allowed)


def _said(line: str, key: str, choices: str = "") -> str:
    """Return a line with the words about its key behind it."""
    words = "; ".join(part for part in (WORDS.get(key, ""), choices) if part)
    return f"{line}  # {words}" if words else line


def _declarer(owner: type, name: str) -> str:
    """Return the name of the class that declares a field: the base of several types, perhaps."""
    for above in reversed(owner.__mro__):
        if name in getattr(above, "__annotations__", {}):
            return above.__name__
    return owner.__name__


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _is_needed(field: "Field[Any]", kind: str) -> bool:
    """Whether a case of this type must have the key: some are asked for by the checks alone."""
    return _is_required(field) or (field.name in MEASURES and kind in MEASURED)


def _is_required(field: "Field[Any]") -> bool:
    return field.default is MISSING and field.default_factory is MISSING
