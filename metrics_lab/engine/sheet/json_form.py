"""A sheet as JSON and back: a stored document is read as strictly as one from a stranger."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Any

from metrics_lab.engine.baseline import Ambiguity, Reading
from metrics_lab.engine.sheet.model import (
    MAX_AMBIGUITIES,
    MAX_INPUTS,
    MAX_RELATIONS,
    Derived,
    Input,
    Sheet,
    SheetError,
    SheetFullError,
)
from metrics_lab.engine.together import MOST_PAIRS, Together

Json = dict[str, Any]
FORM = 1
"""The form of the document; a later one is refused rather than half understood."""
MAX_WORDS = 12
LONGEST_WORD = 200

_INPUT_WORDS = ("symbol", "label", "unit", "status", "source")
_INPUT_NUMBERS = ("value", "low", "high")
_DERIVED_WORDS = ("symbol", "formula", "label", "unit", "note")


def data_of(sheet: Sheet) -> Json:
    """Return a sheet as a mapping of plain JSON values; `sheet_of` gives the sheet back.

    Pairs that go together are written where there are any: a document without is as it ever was.
    """
    data: Json = {
        "form": FORM,
        "title": sheet.title,
        "star": sheet.star,
        "inputs": [_input_data(item) for item in sheet.inputs.values()],
        "relations": [_derived_data(item) for item in sheet.relations],
        "ambiguities": [_ambiguity_data(item) for item in sheet.ambiguities],
    }
    if sheet.together:
        data["together"] = [
            {"one": pair.one, "other": pair.other, "rank": pair.rank} for pair in sheet.together
        ]
    return data


def sheet_of(data: object) -> Sheet:
    """Return the sheet of a document.

    The document's form is checked here, what it says by `sheet.check_sheet`.

    Raises:
        SheetError: a key is missing or unknown, or a value is of another kind; the message names
            the place, such as inputs[2].low.
        SheetFullError: a list is longer than a sheet's may be.
    """
    keys = {"form", "title", "star", "inputs", "relations", "ambiguities"}
    found = _mapping(data, "sheet", keys, {"together"})
    if found.get("form") != FORM:
        raise SheetError("", f"sheet.form must be {FORM}.")
    inputs = [
        _input(item, f"inputs[{index}]")
        for index, item in enumerate(_list(found, "inputs", MAX_INPUTS))
    ]
    if len({item.symbol for item in inputs}) != len(inputs):
        raise SheetError("", "Two inputs have the same symbol.")
    return Sheet(
        title=_word(found, "title", "sheet"),
        inputs={item.symbol: item for item in inputs},
        relations=tuple(
            _derived(item, f"relations[{index}]")
            for index, item in enumerate(_list(found, "relations", MAX_RELATIONS))
        ),
        star=_word(found, "star", "sheet"),
        ambiguities=tuple(
            _ambiguity(item, f"ambiguities[{index}]")
            for index, item in enumerate(_list(found, "ambiguities", MAX_AMBIGUITIES))
        ),
        together=tuple(
            _together(item, f"together[{index}]")
            for index, item in enumerate(_list({"together": [], **found}, "together", MOST_PAIRS))
        ),
    )


def _input_data(item: Input) -> Json:
    return {
        **{name: getattr(item, name) for name in (*_INPUT_WORDS, *_INPUT_NUMBERS)},
        "band": list(item.band) if item.band else None,
        "aliases": list(item.aliases),
    }


def _derived_data(item: Derived) -> Json:
    words = {name: getattr(item, name) for name in _DERIVED_WORDS}
    return {**words, "own": item.own, "aliases": list(item.aliases)}


def _ambiguity_data(item: Ambiguity) -> Json:
    readings = [{"meaning": r.meaning, "values": dict(r.values)} for r in item.readings]
    return {"term": item.term, "readings": readings}


def _input(data: object, place: str) -> Input:
    found = _mapping(data, place, {*_INPUT_WORDS, *_INPUT_NUMBERS, "band", "aliases"})
    words: Json = {name: _word(found, name, place) for name in _INPUT_WORDS}
    numbers: Json = {name: _number(found.get(name), f"{place}.{name}") for name in _INPUT_NUMBERS}
    return Input(
        **words,
        **numbers,
        band=_band(found.get("band"), f"{place}.band"),
        aliases=_words(found.get("aliases"), f"{place}.aliases"),
    )


def _derived(data: object, place: str) -> Derived:
    found = _mapping(data, place, {*_DERIVED_WORDS, "own", "aliases"})
    words = {name: _word(found, name, place) for name in _DERIVED_WORDS}
    if not isinstance(own := found.get("own"), bool):
        raise SheetError("", f"{place}.own must be true or false.")
    return Derived(**words, own=own, aliases=_words(found.get("aliases"), f"{place}.aliases"))


def _ambiguity(data: object, place: str) -> Ambiguity:
    found = _mapping(data, place, {"term", "readings"})
    readings = [
        _reading(item, f"{place}.readings[{index}]")
        for index, item in enumerate(_list(found, "readings", MAX_WORDS))
    ]
    return Ambiguity(_word(found, "term", place), tuple(readings))


def _reading(data: object, place: str) -> Reading:
    found = _mapping(data, place, {"meaning", "values"})
    values = found.get("values")
    if not isinstance(values, Mapping) or len(values) > MAX_INPUTS:
        raise SheetError("", f"{place}.values must be an object of numbers.")
    numbers = {str(name): _number(value, f"{place}.values") for name, value in values.items()}
    return Reading(
        _word(found, "meaning", place), {n: v for n, v in numbers.items() if v is not None}
    )


def _together(data: object, place: str) -> Together:
    found = _mapping(data, place, {"one", "other", "rank"})
    rank = _number(found.get("rank"), f"{place}.rank")
    if rank is None:
        raise SheetError("", f"{place}.rank must be a number.")
    return Together(_word(found, "one", place), _word(found, "other", place), rank)


def _mapping(
    data: object, place: str, keys: set[str], optional: AbstractSet[str] = frozenset()
) -> Mapping[str, Any]:
    if not isinstance(data, Mapping):
        raise SheetError("", f"{place} must be an object.")
    if odd := sorted(str(key) for key in (data.keys() - optional) ^ keys):
        state = "is unknown" if odd[0] in data else "is missing"
        raise SheetError("", f"{place}.{odd[0][:60]} {state}.")
    return data


def _list(data: Mapping[str, Any], name: str, most: int) -> Sequence[Any]:
    found = data.get(name)
    if not isinstance(found, list):
        raise SheetError("", f"{name} must be a list.")
    if len(found) > most:
        raise SheetFullError("", f"{name} may hold at most {most}.")
    return found


def _word(data: Mapping[str, Any], name: str, place: str) -> str:
    found = data.get(name)
    if not isinstance(found, str):
        raise SheetError("", f"{place}.{name} must be a text.")
    return found


def _words(found: object, place: str) -> tuple[str, ...]:
    if not isinstance(found, list) or len(found) > MAX_WORDS:
        raise SheetError("", f"{place} must be a list of at most {MAX_WORDS} texts.")
    if not all(isinstance(word, str) and len(word) <= LONGEST_WORD for word in found):
        raise SheetError("", f"{place} must be a list of short texts.")
    return tuple(found)


def _number(found: object, place: str) -> float | None:
    if found is None:
        return None
    if isinstance(found, bool) or not isinstance(found, int | float):
        raise SheetError("", f"{place} must be a number or null.")
    try:
        return float(found)
    except OverflowError:
        raise SheetError("", f"{place} is too large to be a number.") from None


def _band(found: object, place: str) -> tuple[float, float] | None:
    if found is None:
        return None
    if not isinstance(found, list) or len(found) != 2:
        raise SheetError("", f"{place} must be null or two numbers.")
    low, high = (_number(end, place) for end in found)
    if low is None or high is None:
        raise SheetError("", f"{place} must be null or two numbers.")
    return (low, high)
