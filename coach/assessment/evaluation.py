"""The evaluation of the feedback on a labelled set: `evaluate(data)` gives summary and items.

Single answers are judged alone; a step of a full answer knows the steps before it; gate texts and
variants are judged like single answers. A gated answer counts as level 1.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from time import perf_counter
from typing import Any

from coach.assessment.agreement import agreement, quadratic_kappa, share
from coach.assessment.answer import StepAnswer
from coach.assessment.assess import CheckNumbers, assess_step
from coach.assessment.context import CaseContext, from_eval
from coach.assessment.levels import whole_level
from coach.assessment.report import StepReport
from coach.assessment.rubric import load_rubric
from coach.interviewer.encoder import Encoder

Item = dict[str, Any]
Checkers = Callable[[str], CheckNumbers | None]
"""A case's slug -> the lab's claim checker for it, or None."""


@dataclass
class _Run:
    """One evaluation on its way."""

    cases: Mapping[str, CaseContext]
    checkers: Checkers | None
    encoder: Encoder | None
    items: list[Item] = field(default_factory=list)
    times: list[float] = field(default_factory=list)

    def assess(
        self, case: str, step: str, text: str, earlier: Mapping[str, StepAnswer]
    ) -> tuple[StepReport, float]:
        checker = self.checkers(case) if self.checkers else None
        answer = StepAnswer(step, text)
        start = perf_counter()
        report = assess_step(
            self.cases[case], answer, earlier, check_numbers=checker, encoder=self.encoder
        )
        ms = round((perf_counter() - start) * 1000, 2)
        self.times.append(ms)
        return report, ms


def _checked(data: Any) -> Mapping[str, Any]:
    """The data, when it has the form of a feedback set.

    Raises:
        ValueError: it has not; the message says where.
    """
    if not isinstance(data, Mapping):
        raise ValueError("the file has to be a JSON object")
    if not isinstance(data.get("cases"), Mapping):
        raise ValueError('"cases" has to be an object of cases by slug')
    for slug, case in data["cases"].items():
        if not isinstance(case, Mapping) or not isinstance(case.get("prompt"), str):
            raise ValueError(f'case "{slug}" has no prompt')
    needed = {
        "answers": ("id", "case", "step", "text", "level"),
        "full_answers": ("id", "case", "steps", "levels", "overall"),
        "gate": ("id", "case", "step", "text", "gate"),
        "invariance": ("id", "base", "variant", "kind"),
    }
    for part, keys in needed.items():
        _check_part(data, part, keys)
    return data


def _check_part(data: Mapping[str, Any], part: str, keys: Sequence[str]) -> None:
    entries = data.get(part, [])
    if not isinstance(entries, list):
        raise ValueError(f'"{part}" has to be a list')
    known_steps = load_rubric().criteria
    for i, entry in enumerate(entries):
        missing = [key for key in keys if not isinstance(entry, Mapping) or key not in entry]
        if missing:
            raise ValueError(f'"{part}"[{i}] has no "{missing[0]}"')
        if "case" in keys and entry["case"] not in data["cases"]:
            raise ValueError(f'"{part}"[{i}] names an unknown case "{entry["case"]}"')
        steps = entry["steps"] if "steps" in keys else [entry["step"]] if "step" in keys else []
        for step in steps:
            if step not in known_steps:
                raise ValueError(f'"{part}"[{i}] names an unknown step "{step}"')
    if part == "invariance":
        bases = {a["id"] for a in data.get("answers", [])}
        for i, entry in enumerate(entries):
            if entry["base"] not in bases:
                raise ValueError(f'"invariance"[{i}] names an unknown answer "{entry["base"]}"')


def _findings(report: StepReport) -> list[Item]:
    return [
        {"id": f.id, "kind": f.kind, "quote": f.quote or None, "looked_for": f.looked_for or None}
        for f in report.findings
    ]


def _item(part: str, entry: Mapping[str, Any], report: StepReport, ms: float) -> Item:
    return {
        "part": part,
        "id": entry["id"],
        "step": report.step,
        "findings": _findings(report),
        "level": report.level,
        "confidence": report.confidence,
        "gate": report.gate.kind if report.gate else "none",
        "ms": ms,
    }


def _answers(data: Mapping[str, Any], run: _Run) -> None:
    for entry in data.get("answers", []):
        report, ms = run.assess(entry["case"], entry["step"], entry["text"], {})
        run.items.append({**_item("answers", entry, report, ms), "gold": entry["level"]})


def _full_answers(data: Mapping[str, Any], run: _Run) -> None:
    for entry in data.get("full_answers", []):
        earlier: dict[str, StepAnswer] = {}
        steps: list[Item] = []
        for step, text in entry["steps"].items():
            report, ms = run.assess(entry["case"], step, text, dict(earlier))
            earlier[step] = StepAnswer(step, text)
            steps.append({**_item("step", entry, report, ms), "gold": entry["levels"].get(step)})
        overall, _ = whole_level({item["step"]: item["level"] for item in steps})
        run.items.append(
            {
                "part": "full_answers",
                "id": entry["id"],
                "steps": steps,
                "findings": [f for item in steps for f in item["findings"]],
                "level": overall,
                "gold": entry["overall"],
                "confidence": min(item["confidence"] for item in steps),
                "gate": next((i["gate"] for i in steps if i["gate"] != "none"), "none"),
                "ms": round(sum(item["ms"] for item in steps), 2),
            }
        )


def _gates(data: Mapping[str, Any], run: _Run) -> None:
    for entry in data.get("gate", []):
        report, ms = run.assess(entry["case"], entry["step"], entry["text"], {})
        run.items.append({**_item("gate", entry, report, ms), "gold_gate": entry["gate"]})


def _variants(data: Mapping[str, Any], run: _Run) -> None:
    answers = {entry["id"]: entry for entry in data.get("answers", [])}
    levels = {item["id"]: item["level"] for item in run.items if item["part"] == "answers"}
    for entry in data.get("invariance", []):
        base = answers[entry["base"]]
        report, ms = run.assess(base["case"], base["step"], entry["variant"], {})
        made = _item("invariance", entry, report, ms)
        run.items.append({**made, "kind": entry["kind"], "base_level": levels[entry["base"]]})


def _mistakes(data: Mapping[str, Any], items: Sequence[Item]) -> dict[str, Any]:
    """Counts over must_find and must_not_find, in all and per id."""
    labelled = {e["id"]: e for part in ("answers", "full_answers") for e in data.get(part, [])}
    counts: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for item in (i for i in items if i["part"] in ("answers", "full_answers")):
        stated = {f["id"] for f in item["findings"] if f["kind"] == "stated"}
        found = {f["id"] for f in item["findings"]}
        entry = labelled[item["id"]]
        for key, wanted in (("must_find", True), ("must_not_find", False)):
            for mistake in entry.get(key, []):
                row = counts[mistake]
                row["wanted" if wanted else "unwanted"] += 1
                row[f"found_{wanted}"] += mistake in found
                row[f"stated_{wanted}"] += mistake in stated
    return {
        "all": _rates(list(counts.values())),
        "mistakes": {key: _rates([counts[key]]) for key in sorted(counts)},
    }


def _rates(rows: Sequence[Mapping[str, int]]) -> dict[str, Any]:
    def total(key: str) -> int:
        return sum(row.get(key, 0) for row in rows)

    stated, found = total("stated_True"), total("found_True")
    n_stated, n_found = stated + total("stated_False"), found + total("found_False")
    return {
        "n": total("wanted"),
        "n_must_not": total("unwanted"),
        "stated_precision": share(stated, n_stated),
        "n_stated": n_stated,
        "stated_recall": share(stated, total("wanted")),
        "asked_recall": share(found, total("wanted")),
        "asked_precision": share(found, n_found),
        "n_found": n_found,
    }


def _levels(items: Sequence[Item]) -> dict[str, Any]:
    """Agreement over all steps of single and full answers, in all and per step."""
    steps = [i for i in items if i["part"] == "answers"]
    steps += [s for i in items if i["part"] == "full_answers" for s in i["steps"]]
    steps = [item for item in steps if item["gold"] is not None]
    by_step: dict[str, list[Item]] = defaultdict(list)
    for item in steps:
        by_step[item["step"]].append(item)

    def of(group: Sequence[Item]) -> dict[str, Any]:
        return agreement([i["gold"] for i in group], [i["level"] for i in group])

    bands = {
        str(level): of([i for i in steps if i["gold"] == level])
        for level in sorted({i["gold"] for i in steps})
    }
    return {**of(steps), "steps": {s: of(g) for s, g in by_step.items()}, "bands": bands}


def _gate_rates(items: Sequence[Item]) -> dict[str, Any]:
    """Gates by exact class; answers and full answers count as none."""
    pairs = [(i.get("gold_gate", "none"), i["gate"]) for i in items if i["part"] != "invariance"]
    right = sum(gold == got != "none" for gold, got in pairs)
    gated = sum(got != "none" for _, got in pairs)
    wanted = sum(gold != "none" for gold, _ in pairs)
    return {
        "gate_precision": share(right, gated),
        "n_gated": gated,
        "gate_recall": share(right, wanted),
        "n_gate": wanted,
    }


def _invariance(items: Sequence[Item]) -> dict[str, Any]:
    pairs = [i for i in items if i["part"] == "invariance"]
    same = sum(i["level"] == i["base_level"] for i in pairs)
    pays = ("padding", "repeated")
    gained = sum(i["kind"] in pays and i["level"] > i["base_level"] for i in pairs)
    return {
        "invariance": share(same, len(pairs)),
        "n_invariance": len(pairs),
        "gained_by_padding": gained,
    }


def _overall(items: Sequence[Item]) -> dict[str, Any]:
    full = [i for i in items if i["part"] == "full_answers"]
    gold, found = [i["gold"] for i in full], [i["level"] for i in full]
    kappa = quadratic_kappa(gold, found) if full else None
    return {"overall_qwk": None if kappa is None else round(kappa, 4), "n_overall": len(full)}


def _percentile(values: Sequence[float], q: float) -> float | None:
    ordered = sorted(values)
    return ordered[min(int(len(ordered) * q), len(ordered) - 1)] if ordered else None


def evaluate(
    data: Any, *, checkers: Checkers | None = None, encoder: Encoder | None = None
) -> dict[str, Any]:
    """Judge every text of a feedback set and compare with its labels.

    Args:
        data: the parsed file; unknown keys are ignored.
        checkers: the lab's claim checker of each case, when there is one.
        encoder: sentence vectors, when there are.

    Returns:
        {"summary": ..., "items": [...]} with items in the order of the file.

    Raises:
        ValueError: the data has not the form of a feedback set.
    """
    checked = _checked(data)
    cases = {slug: from_eval(slug, raw) for slug, raw in checked["cases"].items()}
    run = _Run(cases, checkers, encoder)
    for part in (_answers, _full_answers, _gates, _variants):
        part(checked, run)
    mistakes = _mistakes(checked, run.items)
    summary = {
        **mistakes["all"],
        "mistakes": mistakes["mistakes"],
        "n_mistakes": mistakes["all"]["n"],
        **{key: value for key, value in _levels(run.items).items() if key != "n"},
        "n_levels": _levels(run.items)["n"],
        **_overall(run.items),
        **_gate_rates(run.items),
        **_invariance(run.items),
        "ms_p50": _percentile(run.times, 0.5),
        "ms_p95": _percentile(run.times, 0.95),
    }
    return {"summary": summary, "items": run.items}
