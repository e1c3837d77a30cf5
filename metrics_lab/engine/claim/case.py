"""A claim model from what a case author writes: baselines, relations, and every figure told."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from metrics_lab.engine.claim.model import ClaimModel
from metrics_lab.engine.claim.numbers import find_numbers

Json = Mapping[str, Any]


def model_of_case(
    baselines: Mapping[str, Json], relations: Sequence[Json], told: Iterable[Any] = ()
) -> ClaimModel:
    """Return the model of a case; `told` are its other parts (facts, scenarios, its test).

    `baselines` maps a symbol to {"value", "unit", "label", "aliases", "band"}, `relations` are
    {"symbol", "formula", "unit", "label", "aliases", "equals"}. A figure under two names
    (`equals`) is kept once, unless another formula needs the second name. Texts and numbers
    anywhere in `told` become figures that a student may restate; shares count as percent too.
    """
    kept = [r for r in relations if not r.get("equals") or _is_used(str(r["symbol"]), relations)]
    named = {**baselines, **{str(r["symbol"]): r for r in relations}}
    return ClaimModel(
        values={symbol: float(about["value"]) for symbol, about in baselines.items()},
        symbols={
            symbol: {
                "label": about.get("label") or symbol.replace("_", " "),
                "unit": about.get("unit") or "",
                "aliases": list(about.get("aliases") or ()),
            }
            for symbol, about in named.items()
        },
        relations=[f"{r['symbol']} = {r['formula']}" for r in kept],
        plausible={s: list(about["band"]) for s, about in baselines.items() if about.get("band")},
        figures=tuple(sorted(set(_figures(told)))),
    )


def _is_used(symbol: str, relations: Sequence[Json]) -> bool:
    return any(re.search(rf"\b{re.escape(symbol)}\b", str(r["formula"])) for r in relations)


def _figures(told: Any) -> Iterator[float]:
    """Yield the size of every number in nested texts, numbers, lists and mappings."""
    if isinstance(told, bool) or told is None:
        return
    if isinstance(told, int | float):
        yield abs(float(told))
        if 0 < abs(told) < 1:
            yield 100 * abs(float(told))
    elif isinstance(told, str):
        yield from (abs(number.value) for number in find_numbers(told))
    elif isinstance(told, Mapping):
        for value in told.values():
            yield from _figures(value)
    elif isinstance(told, Iterable):
        for value in told:
            yield from _figures(value)
