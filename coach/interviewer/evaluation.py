"""Measures the interviewer on labelled fact sheets (`manage.py evaluate interviewer`)."""

import resource
import time
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from coach.interviewer.encoder import TokenEncoder, get_encoder
from coach.interviewer.engine import Reply, reply
from coach.interviewer.facts import Fact
from coach.interviewer.index import FactIndex

KINDS = ("in", "compound", "out", "vague")
OUTCOMES = (
    "answered_right", "answered_wrong", "suggested_right", "suggested_wrong", "unknown", "vague",
)  # fmt: skip
Item = dict[str, Any]
Query = tuple[str, str, tuple[str, ...]]


def _texts(entry: Mapping[str, Any], keys: Sequence[str], where: str) -> list[str]:
    values = [entry.get(key) for key in keys]
    for key, value in zip(keys, values, strict=True):
        if not isinstance(value, str):
            raise ValueError(f"{where}: '{key}' should be a text.")
    return [str(value) for value in values]


def _list(entry: Any, key: str, where: str) -> list[Any]:
    value = entry.get(key) if isinstance(entry, Mapping) else None
    if not isinstance(value, list):
        raise ValueError(f"{where}: '{key}' should be a list.")
    return value


def _fact(entry: Any, where: str) -> Fact:
    if not isinstance(entry, Mapping):
        raise ValueError(f"{where}: every fact should be an object.")
    id_, title, question, answer = _texts(entry, ("id", "title", "question", "answer"), where)
    aliases = entry.get("aliases", [])
    if not isinstance(aliases, list) or not all(isinstance(a, str) for a in aliases):
        raise ValueError(f"{where}: 'aliases' of {id_} should be a list of texts.")
    return Fact(id_, title, question, answer, tuple(aliases))


def facts_of(case: Mapping[str, Any]) -> tuple[Fact, ...]:
    """The fact sheet of a case of the file. Raises ValueError when it lacks the form."""
    where = f"Case {case.get('case', '?')}"
    return tuple(_fact(entry, where) for entry in _list(case, "facts", where))


def _checked_query(query: Any, ids: frozenset[str], where: str) -> Query:
    if not isinstance(query, Mapping):
        raise ValueError(f"{where}: every query should be an object.")
    text, kind = _texts(query, ("q", "kind"), where)
    gold = _list(query, "gold", f"{where}, query '{text}'")
    if kind not in KINDS:
        raise ValueError(f"{where}, query '{text}': kind should be one of {', '.join(KINDS)}.")
    if not set(gold) <= ids:
        raise ValueError(f"{where}, query '{text}': gold names a fact that is not on the sheet.")
    return text, kind, tuple(gold)


def _outcome(found: Reply, gold: Sequence[str]) -> str:
    if found.kind == "answer":
        right = {fact.id for fact in found.facts} == set(gold)
        return "answered_right" if right else "answered_wrong"
    if found.kind == "suggest":
        # Where the gold is empty, no offer can be right.
        right = bool(gold) and set(gold) <= set(found.suggestions)
        return "suggested_right" if right else "suggested_wrong"
    return "unknown" if found.kind == "unknown" else "vague"


def _ids(found: Reply) -> list[str]:
    if found.kind == "answer":
        return [fact.id for fact in found.facts]
    return list(found.suggestions) if found.kind == "suggest" else []


def _item(index: FactIndex, case: str, query: Query) -> Item:
    text, kind, gold = query
    started = time.perf_counter()
    found = reply(index, text)
    spent = (time.perf_counter() - started) * 1000
    return {
        "case": case,
        "q": text,
        "kind": kind,
        "gold": list(gold),
        "reply": "vague" if found.kind == "statement" else found.kind,
        "ids": _ids(found),
        "ranked": list(found.ranked or index.ids),
        "outcome": _outcome(found, gold),
        "ms": round(spent, 3),
    }


def _rate(part: int, whole: int) -> float | None:
    return round(part / whole, 3) if whole else None


def percentile(values: Sequence[float], share: float) -> float | None:
    """Nearest-rank percentile; None without values."""
    if not values:
        return None
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def summary_of(items: Sequence[Item]) -> dict[str, Any]:
    """The figures of the items."""
    singles = [i for i in items if i["kind"] == "in"]
    silent = [i for i in items if i["outcome"] == "unknown"]
    out = [i for i in items if i["kind"] == "out"]
    rightly = sum(i["kind"] == "out" for i in silent)
    summary: dict[str, Any] = {
        "n": len(items),
        "top_1": _rate(sum(i["ranked"][:1] == i["gold"] for i in singles), len(singles)),
        "top_1_n": len(singles),
        "top_3": _rate(sum(set(i["gold"]) <= set(i["ranked"][:3]) for i in singles), len(singles)),
        "top_3_n": len(singles),
        "abstention_precision": _rate(rightly, len(silent)),
        "abstention_precision_n": len(silent),
        "abstention_recall": _rate(rightly, len(out)),
        "abstention_recall_n": len(out),
    }
    for kind in KINDS:
        chosen = [i["outcome"] for i in items if i["kind"] == kind]
        summary[kind] = {"n": len(chosen)} | {o: chosen.count(o) for o in OUTCOMES}
    return summary | _costs([i["ms"] for i in items])


def _costs(spent: Sequence[float]) -> dict[str, float | None]:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {
        "ms_p50": percentile(spent, 0.5),
        "ms_p95": percentile(spent, 0.95),
        "peak_mb": round(peak, 1),
    }


def items_of(index: FactIndex, name: str, queries: Iterable[Query]) -> list[Item]:
    """What becomes of each query to a case, as a fresh conversation."""
    index.score(["Is everything ready?"])  # nothing is loaded inside the first measured query
    return [_item(index, name, query) for query in queries]


def queries_of(case: Mapping[str, Any]) -> list[Query]:
    """Text, kind and right facts of each query of a case. Raises ValueError when it lacks the
    form."""
    (name,) = _texts(case, ("case",), "The file")
    ids = frozenset(fact.id for fact in facts_of(case))
    return [_checked_query(q, ids, f"Case {name}") for q in _list(case, "queries", name)]


def evaluate(data: Any, encoder: TokenEncoder | None = None) -> dict[str, Any]:
    """Runs every query as a fresh conversation; indexing the facts is not counted in ms.

    `encoder` is the process's own when not given. Returns {"summary": ..., "items": [...]}.
    Raises ValueError with a sentence when the data does not have the form.
    """
    prepared = []
    for case in _list(data, "cases", "The file"):
        if not isinstance(case, Mapping):
            raise ValueError("The file: every case should be an object.")
        prepared.append((queries_of(case), facts_of(case), case["case"]))
    chosen = encoder or get_encoder()
    items: list[Item] = []
    for queries, facts, name in prepared:
        items.extend(items_of(FactIndex.build(facts, chosen), name, queries))
    return {"summary": summary_of(items), "items": items}
