"""Which checks on prose may state: their precision, measured on labelled texts, as data.

`python -m coach.assessment.precision [--layers DIR] SET.json [...]` writes data/precision.json from

- the sets: the roles were never trained on them; the few shared weights of detect/evidence.py were
  rounded from fits on each author's set that were checked on the other's;
- the corpus, where DIR has the layers of training/adapt.py: answers whose sentences are labelled,
  read by role models that saw no sentence of the author; no weight was chosen on them.

A rule states from a precision of 0.90 on at least 20 labelled texts in which it fires, either with
all its cues or with its sure ones alone; below, or with fewer, the same finding is a question.
Counts, sums and fields the student filled in are exact and not in need of it.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from coach.assessment.answer import StepAnswer
from coach.assessment.assess import read, read_earlier
from coach.assessment.context import from_eval
from coach.assessment.detect.registry import PRECISION_FILE, RULES, detected, look
from coach.assessment.gate import check
from coach.assessment.layout import join
from coach.assessment.reading import Reading
from coach.interviewer.encoder import Encoder, get_encoder

STATES_FROM = {"precision": 0.9, "n": 20}
Judged = tuple[str, bool, bool, bool]
"""A mistake in a text: its id, whether it is there, whether it was found, whether surely."""


def _found(readings: Iterable[Reading]) -> dict[str, bool]:
    """Ids found in the steps of a text, and whether any cue was sure; exact checks are left out."""
    out: dict[str, bool] = {}
    for reading in readings:
        for key, cue in look(reading):
            if not cue.exact:
                out[key] = out.get(key, False) or cue.sure
    return out


def _readings(
    entry: Mapping[str, Any], cases: Mapping[str, Any], encoder: Encoder | None
) -> Iterator[Reading]:
    """The readings of an answer or of the steps of a full answer; gated texts are not read."""
    context = from_eval(entry["case"], cases[entry["case"]])
    earlier: dict[str, StepAnswer] = {}
    for step, text in entry.get("steps", {entry.get("step"): entry.get("text")}).items():
        answer = StepAnswer(step, text)
        if check(join(answer).text, context, encoder) is None:
            before = read_earlier(context, earlier, encoder)
            yield read(context, answer, before, encoder=encoder)[0]
        earlier[step] = answer


def of_set(data: Mapping[str, Any], encoder: Encoder | None) -> Iterator[Judged]:
    """Every label of a parsed feedback set with what was found.

    Raises:
        KeyError: the data has not the form of a feedback set.
    """
    for entry in [*data.get("answers", []), *data.get("full_answers", [])]:
        found = _found(_readings(entry, data["cases"], encoder))
        for part, there in (("must_find", True), ("must_not_find", False)):
            for key in entry.get(part, []):
                yield key, there, key in found, found.get(key, False)


def of_corpus(folder: Path) -> Iterator[Judged]:
    """Every mistake that the corpus' labels can tell, with what was found.

    Args:
        folder: the layers that training/adapt.py learned without each fold of the authors.
    """
    from coach.assessment.training.left_out import DEEDS, GAPS, labelled_answers
    from coach.assessment.training.train import encoders_without

    for answer in labelled_answers(encoders_without(folder)):
        found = _found([answer.reading])
        kind = answer.reading.context.type
        for rule in RULES[answer.reading.step]:
            there = answer.has(rule.id)
            told = rule.id in GAPS or rule.id in DEEDS
            if told and there is not None and (not rule.types or kind in rule.types):
                yield rule.id, there, rule.id in found, found.get(rule.id, False)


def _rates(right: int, fired: int) -> dict[str, Any]:
    return {"n": fired, "precision": round(right / fired, 4) if fired else None}


def table(parts: Mapping[str, Sequence[Judged]]) -> dict[str, Any]:
    """Precision and n of every rule over all parts and in each, and its recall.

    Args:
        parts: name of a part -> its judged labels.
    """
    rules = {key: _row(key, parts) for key in sorted(detected())}
    return {"states_from": STATES_FROM, "measured_on": sorted(parts), "rules": rules}


def _row(key: str, parts: Mapping[str, Sequence[Judged]]) -> dict[str, Any]:
    counts = {
        name: Counter((there, found, sure) for judged, there, found, sure in part if judged == key)
        for name, part in parts.items()
    }
    total = sum(counts.values(), Counter[tuple[bool, bool, bool]]())

    def rates(of: Counter[tuple[bool, bool, bool]], *, sure: bool) -> dict[str, Any]:
        fired = [k for k in of if k[1] and (k[2] or not sure)]
        return _rates(sum(of[k] for k in fired if k[0]), sum(of[k] for k in fired))

    there = sum(n for k, n in total.items() if k[0])
    found = sum(n for k, n in total.items() if k[0] and k[1])
    return {
        **rates(total, sure=False),
        "recall": round(found / there, 4) if there else None,
        "sure": rates(total, sure=True),
        "parts": {
            name: {**rates(of, sure=False), "sure": rates(of, sure=True)}
            for name, of in counts.items()
            if of
        },
    }


def main(arguments: Sequence[str]) -> int:
    """Measure on the named files and write the table; 2 for a file without the form."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--layers", type=Path, metavar="DIR")
    parser.add_argument("sets", nargs="+", metavar="SET.json")
    chosen = parser.parse_args(arguments)
    encoder, paths = get_encoder(), chosen.sets
    try:
        sets = {Path(path).stem: json.loads(Path(path).read_text("utf-8")) for path in paths}
        parts = {name: list(of_set(data, encoder)) for name, data in sets.items()}
    except (OSError, ValueError, KeyError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    if chosen.layers:
        parts["corpus"] = list(of_corpus(chosen.layers))
    PRECISION_FILE.write_text(json.dumps(table(parts), indent=1) + "\n", "utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
