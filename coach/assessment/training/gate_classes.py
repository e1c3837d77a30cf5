"""How the gate classes the texts of gate_texts.json: a table of classes, and what it misses.

`python -m coach.assessment.training.gate_classes`. Half of each class is for mending the gate, the
other half for measuring alone. Cases are those of the library, with their model answers.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from coach.assessment.context import CaseContext, from_case
from coach.assessment.gate import check
from coach.assessment.training.answers import LIBRARY
from coach.interviewer.encoder import Encoder, get_encoder
from questions.case_file import read_case

TEXTS_FILE = Path(__file__).parent / "gate_texts.json"
NONE = "none"


@dataclass(frozen=True)
class Classed:
    """A text with the class it belongs to, the class it was given, and what it is for."""

    text: str
    gold: str
    found: str
    use: str


def entries() -> list[dict[str, str]]:
    """The texts of the file, each with its case, its class and what it is for."""
    found: list[dict[str, str]] = json.loads(TEXTS_FILE.read_text("utf-8"))["texts"]
    return found


def classed(encoder: Encoder | None, texts: Sequence[dict[str, str]]) -> list[Classed]:
    """These texts with the gate each falls into."""
    contexts: dict[str, CaseContext] = {}
    out = []
    for entry in texts:
        slug = entry["case"]
        if slug not in contexts:
            contexts[slug] = from_case(read_case(LIBRARY / f"{slug}.yaml"))
        gate = check(entry["text"], contexts[slug], encoder)
        found = gate.kind if gate else NONE
        out.append(Classed(entry["text"], entry["gate"], found, entry["for"]))
    return out


def rates(found: Sequence[Classed]) -> tuple[float, float]:
    """Precision and recall of the classes other than "none", by exact class."""
    right = sum(c.found == c.gold != NONE for c in found)
    gated, gold = sum(c.found != NONE for c in found), sum(c.gold != NONE for c in found)
    return right / gated, right / gold


def _lines(found: Sequence[Classed]) -> Iterator[str]:
    for use in ("fit", "test"):
        part = [c for c in found if c.use == use]
        precision, recall = rates(part)
        yield f"{use}: {len(part)} texts, precision {precision:.3f}, recall {recall:.3f}"
        for gold in sorted({c.gold for c in part}):
            own = [c for c in part if c.gold == gold]
            yield f"  {gold:17s} {sum(c.found == gold for c in own)} of {len(own)}"
    for c in found:
        if c.found != c.gold:
            yield f"{c.use} {c.gold} -> {c.found}: {c.text[:90]}"


def main() -> int:
    """Print the table."""
    sys.stdout.write("\n".join(_lines(classed(get_encoder(), entries()))) + "\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
