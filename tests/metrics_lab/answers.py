"""Count what the claim reader says of whole step answers: the library's examples and held-out ones.

    .venv/bin/python -m tests.metrics_lab.answers 3,4      # levels of the examples to read
    .venv/bin/python -m tests.metrics_lab.answers held     # the held-out answers and slips

Every verdict but "correct" is printed with its place, to be judged by hand.
"""

import json
import sys
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from coach.assessment.data_file import read_yaml
from metrics_lab.engine.claim import ClaimCheck, ClaimModel, check
from metrics_lab.engine.claim.case import model_of_case

LIBRARY = Path(__file__).parents[2] / "questions" / "library"
HELD_OUT = Path(__file__).parent / "data" / "answers_held_out.json"
TELLING = (
    "facts", "readings", "scenarios", "north_star_candidates", "drivers", "guardrails",
    "experiment", "pretotype",
)  # fmt: skip

Found = tuple[str, str, tuple[ClaimCheck, ...]]
"""Where a text stands, the text, and its checks."""


@cache
def case(slug: str) -> dict[str, Any]:
    """Return a case of the library as written."""
    data: dict[str, Any] = read_yaml((LIBRARY / f"{slug}.yaml").read_text("utf-8"))
    return data


@cache
def model(slug: str) -> ClaimModel:
    """Return the claim model of a case of the library."""
    data = case(slug)
    told = [data.get(part) for part in TELLING]
    return model_of_case(data["baselines"], data.get("relations") or [], told)


def slugs() -> list[str]:
    """Return the cases of the library, in order."""
    return sorted(path.stem for path in LIBRARY.glob("*.yaml"))


def examples(*levels: int) -> Iterator[Found]:
    """Yield the checks of every example answer of these levels."""
    for slug in slugs():
        for step, guide in case(slug)["steps"].items():
            for level in levels:
                text = guide["examples"][f"level_{level}"]["text"]
                yield f"{slug}/{step}/{level}", text, check(text, model(slug))


def held_out(kind: str) -> Iterator[tuple[dict[str, Any], tuple[ClaimCheck, ...]]]:
    """Yield the held-out answers of a kind ("right" or "slips") with their checks."""
    for item in json.loads(HELD_OUT.read_text())[kind]:
        yield item, check(item["text"], model(item["case"]))


def verdicts(found: Iterator[Found], show: bool = False) -> Counter[str]:
    """Return how often each verdict was given; print all but the right ones if asked."""
    counted: Counter[str] = Counter()
    for place, text, checks in found:
        counted.update(one.verdict for one in checks)
        for one in checks if show else ():
            if one.verdict != "correct":
                before, behind = text[max(0, one.start - 60) : one.start], text[one.end :][:30]
                around = f"«{before}[[{one.quote}]]{behind}»"
                sys.stdout.write(f"{place} {one.verdict} {one.error} {one.certain} {around}\n")
    return counted


def main(argument: str) -> None:
    """Print the verdicts of the examples of some levels, or of the held-out answers."""
    if argument == "held":
        right = ((item["case"], item["text"], checks) for item, checks in held_out("right"))
        slips = ((item["case"], item["text"], checks) for item, checks in held_out("slips"))
        counts = {"right": verdicts(right, show=True), "slips": verdicts(slips, show=True)}
    else:
        levels = [int(level) for level in argument.split(",")]
        counts = {argument: verdicts(examples(*levels), show=True)}
    sys.stdout.write(f"{ {name: dict(count) for name, count in counts.items()} }\n")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "3,4")
