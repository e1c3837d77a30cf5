"""Which checks on prose may state: their precision, measured on labelled sets, as data.

`python -m coach.assessment.precision SET.json [SET.json ...]` judges the sets and writes
data/precision.json. A rule states from a precision of 0.90 on at least 20 labelled texts in which
it fires; below, or with fewer, the same finding is a question. Counts, sums and fields the student
filled in are exact and not in need of it.
"""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from coach.assessment.detect.registry import PRECISION_FILE, detected
from coach.assessment.evaluation import evaluate

STATES_FROM = {"precision": 0.9, "n": 20}


def table(sets: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Precision and n of every rule over several parsed feedback sets.

    Raises:
        ValueError: a set has not the form of a feedback set.
    """
    right: dict[str, int] = defaultdict(int)
    fired: dict[str, int] = defaultdict(int)
    for data in sets:
        for key, row in evaluate(data)["summary"]["mistakes"].items():
            fired[key] += row["n_found"]
            right[key] += round((row["asked_precision"] or 0.0) * row["n_found"])
    rules = {
        key: {
            "n": fired[key],
            "precision": round(right[key] / fired[key], 4) if fired[key] else None,
        }
        for key in sorted(detected())
    }
    return {"states_from": STATES_FROM, "rules": rules}


def main(paths: Sequence[str]) -> int:
    """Measure on the named files and write the table; 2 for a file without the form."""
    try:
        measured = table([json.loads(Path(path).read_text("utf-8")) for path in paths])
    except (OSError, ValueError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    PRECISION_FILE.write_text(json.dumps(measured, indent=1) + "\n", "utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
