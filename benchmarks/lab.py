"""The speed and the error of the metrics lab: `python -m benchmarks.lab`.

A graph of 26 nodes (12 uncertain inputs, 14 derived) on the lab's fixed Sobol points, beside the
same model in plain NumPy and, if they are at hand, Squiggle and squigglepy (see lab_peers);
claim checks on the labelled sentences of the tests. All in one run, so the ratios hold where the
milliseconds do not. `--sentences FILE` checks other sentences, `--write FILE` writes the tables.
"""

from __future__ import annotations

import argparse
import gc
import json
import math
import os
import platform
import resource
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import numpy as np

from benchmarks import lab_model, lab_peers
from benchmarks.lab_peers import Run
from metrics_lab.engine.claim import ClaimModel, check
from metrics_lab.engine.quantity import spread
from metrics_lab.engine.scenario import Lever
from metrics_lab.engine.simulate import Points, run_block, simulate

ROOT = Path(__file__).resolve().parents[1]
SENTENCES = sorted((ROOT / "tests/metrics_lab/data").glob("claims_*.json"))
MILLION = 2**20
SIZES = [5_000, 100_000, 1_000_000]
SEEDS = range(1, 6)
IMPORTS = 3
ROUNDS = 3


@dataclass(frozen=True)
class Aim:
    """A figure that was aimed at: what was measured, and whether it holds."""

    what: str
    aim: str
    found: str
    holds: bool


def main() -> None:
    """Measure, print the tables, and end with 1 if an aim is missed."""
    options = _options()
    aims = [*_speed(), *_million(), _claims(options.sentences or SENTENCES)]
    text = "\n\n".join([_aims(aims), _peers(options), _imports(), f"On {_machine()}."])
    print(text)
    if options.write:
        _write(Path(options.write), text)
    sys.exit(0 if all(aim.holds for aim in aims) else 1)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sentences", nargs="*", type=Path, help="labelled claims, as JSON")
    parser.add_argument("--squiggle", help="a folder where @quri/squiggle-lang was installed")
    parser.add_argument("--squigglepy", help="the python of an environment with squigglepy")
    parser.add_argument("--write", help="a Markdown file whose tables are replaced")
    return parser.parse_args()


def _best(work: Callable[[], object], times: int) -> tuple[float, float]:
    """Return (best, median) milliseconds of a piece of work."""
    work()
    gc.collect()
    found = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        found.append(1000 * (time.perf_counter() - start))
    return min(found), median(found)


def _speed() -> list[Aim]:
    model, ranges = lab_model.model(), lab_model.RANGES
    assert len(model.symbols) == 26
    run = simulate(model, ranges, n=5_000)
    levers = [Lever("visitors", "times", 1.1), Lever("cart_rate", "add", 0.01)]
    what_if = _best(lambda: run.what_if(levers).median("profit"), 50)
    graph = _best(lambda: run.what_if(levers), 200)
    full = _best(lambda: simulate(model, ranges, n=8_192).interval("profit"), 50)
    seeds = iter(range(10_000))
    fresh = _best(lambda: simulate(model, ranges, n=8_192, seed=next(seeds)), 15)
    return [
        _aim("a what-if on fixed points, 5,000 asked for and 8,192 computed", graph, 0.5),
        _aim("the same with the median of the result", what_if, None),
        _aim("a full run at 8,192 Sobol points, with an interval", full, 25),
        _aim("the same, points drawn for a new seed", fresh, None),
    ]


def _aim(what: str, found: tuple[float, float], limit: float | None) -> Aim:
    words = f"{found[1]:.2f} ms (best {found[0]:.2f})"
    aim = "" if limit is None else f"under {limit:g} ms"
    return Aim(what, aim, words, limit is None or found[1] < limit)


def _million() -> list[Aim]:
    model, ranges = lab_model.model(), lab_model.RANGES

    def lab() -> None:
        simulate(model, ranges, n=MILLION, keep=["profit"])

    def hand() -> None:
        blocks = [
            {name: spread(ranges[name], row) for name, row in zip(ranges, scores, strict=True)}
            for _, scores in Points(tuple(ranges), MILLION).blocks()
        ]
        whole = {name: np.concatenate([block[name] for block in blocks]) for name in ranges}
        lab_model.by_hand(whole)

    whole = _inputs(MILLION)
    size = 16_384
    parts = [
        {name: column[first : first + size] for name, column in whole.items()}
        for first in range(0, MILLION, size)
    ]

    def graph() -> None:
        for part in parts:
            run_block(model, part, ())

    sampled, by_hand = _best(lab, 3)[0], _best(hand, 3)[0]
    blocks, straight = _best(graph, 5)[0], _best(lambda: lab_model.by_hand(whole), 5)[0]
    in_blocks = _best(lambda: [lab_model.by_hand(part) for part in parts], 5)[0]
    peak, peak_by_hand = _peak(lab), _peak(hand)
    return [
        Aim(
            "1,048,576 samples, points and graph, against NumPy written by hand on the same points",
            "at most 2 times",
            f"{sampled:.0f} ms to {by_hand:.0f} ms: {sampled / by_hand:.2f} times",
            sampled <= 2 * by_hand,
        ),
        Aim(
            "1,048,576 samples, the graph alone on points already spread",
            "at most 2 times",
            f"{blocks:.0f} ms to {straight:.0f} ms: {blocks / straight:.2f} times"
            f" ({blocks / in_blocks:.2f} times NumPy by hand in the same blocks)",
            blocks <= 2 * straight,
        ),
        Aim(
            "the most memory of that run, one figure kept (8 MB)",
            "bounded",
            f"{peak:.0f} MB; by hand {peak_by_hand:.0f} MB",
            peak < 64,
        ),
    ]


def _inputs(n: int) -> dict[str, np.ndarray]:
    ranges = lab_model.RANGES
    blocks = [scores for _, scores in Points(tuple(ranges), n).blocks()]
    scores = np.concatenate(blocks, axis=1)
    return {name: spread(ranges[name], row) for name, row in zip(ranges, scores, strict=True)}


def _peak(work: Callable[[], None]) -> float:
    """Return the most megabytes that NumPy and Python hold during a piece of work."""
    gc.collect()
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1] / 1e6
    finally:
        tracemalloc.stop()


def _claims(paths: Sequence[Path]) -> Aim:
    """Check every sentence a few times; the best of them leaves out what else the machine did.

    A check waits for nothing, so its processor time is its time on a machine that is free.
    """
    clock: list[float] = []
    processor: list[float] = []
    for path in paths:
        data = json.loads(path.read_text())
        models = {
            name: ClaimModel(
                raw["values"], raw.get("symbols", {}), raw["relations"], raw.get("plausible", {})
            )
            for name, raw in data["baselines"].items()
        }
        for claim in data["claims"]:
            times = [_checked(claim["text"], models[claim["baseline"]]) for _ in range(ROUNDS)]
            clock.append(min(spent for spent, _ in times))
            processor.append(min(spent for _, spent in times))
    p95 = _at(processor, 0.95)
    found = (
        f"p95 {p95:.2f} ms, p50 {_at(processor, 0.5):.2f} ms of processor time;"
        f" p95 {_at(clock, 0.95):.2f} ms by the clock"
    )
    what = f"a check of a sentence, {len(clock)} sentences, the best of {ROUNDS} times each"
    return Aim(what, "p95 under 2 ms", found, p95 < 2)


def _checked(text: str, model: ClaimModel) -> tuple[float, float]:
    """Return milliseconds of a check by the clock, and of the processor."""
    start, begun = time.perf_counter(), time.thread_time()
    check(text, model)
    return 1000 * (time.perf_counter() - start), 1000 * (time.thread_time() - begun)


def _at(values: Sequence[float], share: float) -> float:
    return sorted(values)[int(share * len(values))]


def _aims(aims: Sequence[Aim]) -> str:
    rows = [
        f"| {aim.what} | {aim.aim} | {aim.found}{'' if aim.holds else '; **missed**'} |"
        for aim in aims
    ]
    return "\n".join(["| measured | aim | found |", "|---|---|---|", *rows])


def _peers(options: argparse.Namespace) -> str:
    columns = {
        "NumPy, plain random draws": [_plain(n, seed) for n in SIZES for seed in SEEDS],
        "the lab, Sobol points": [_lab(n, seed) for n in SIZES for seed in SEEDS],
        "Squiggle": lab_peers.squiggle(options.squiggle, SIZES),
        "squigglepy": lab_peers.squigglepy(options.squigglepy, SIZES),
    }
    base = columns["NumPy, plain random draws"]
    rows = [_peer_row(name, runs, base) for name, runs in columns.items()]
    head = " | ".join(f"{n:,}" for n in SIZES)
    return "\n".join(
        [
            f"| time in ms (ratio to NumPy); error of the mean, of the 5 % quantile | {head} |",
            "|---|" + "---|" * len(SIZES),
            *rows,
        ]
    )


def _plain(n: int, seed: int) -> Run:
    start = time.perf_counter()
    found = lab_model.by_hand(lab_model.random_inputs(n, seed))
    mean, fifth = float(found["gmv"].mean()), float(np.quantile(found["sessions"], 0.05))
    return Run(n, 1000 * (time.perf_counter() - start), mean, fifth)


def _lab(n: int, seed: int) -> Run:
    """Run with points of a new seed: the dearest case, for a case's points are drawn once."""
    model = lab_model.model()
    start = time.perf_counter()
    run = simulate(model, lab_model.RANGES, n=n, seed=seed, keep=["gmv", "sessions"])
    mean, fifth = run.mean("gmv"), run.quantile("sessions", 0.05)
    return Run(n, 1000 * (time.perf_counter() - start), mean, fifth)


def _peer_row(name: str, runs: list[Run] | str, base: list[Run] | str) -> str:
    if isinstance(runs, str) or isinstance(base, str):
        return f"| {name} | {f'left out: {runs}'} |" + " |" * (len(SIZES) - 1)
    cells = []
    for n in SIZES:
        mine, theirs = ([run for run in every if run.n == n] for every in (runs, base))
        spent, plain = (median(run.ms for run in every) for every in (mine, theirs))
        mean = _error([run.mean for run in mine], lab_model.true_mean())
        fifth = _error([run.fifth for run in mine], lab_model.true_fifth())
        cells.append(f"{spent:.1f} (x{spent / plain:.2f}); {mean:.1e}, {fifth:.1e}")
    return f"| {name} | {' | '.join(cells)} |"


def _error(found: Sequence[float], truth: float) -> float:
    """Return the root mean square of the relative errors."""
    return math.sqrt(sum((value / truth - 1) ** 2 for value in found) / len(found))


def _imports() -> str:
    """Return what importing costs, each in fresh processes, the best of them."""
    bare = _import_ms("pass")
    rows = [
        f"| {name} | {_import_ms(code) - bare:.0f} ms |"
        for name, code in (
            ("the site's addresses (config.urls), as a worker starts", _SITE),
            ("metrics_lab.engine.simulate", "import metrics_lab.engine.simulate"),
            ("NumPy", "import numpy"),
            ("SciPy's special functions, at the first share with a range", "import scipy.special"),
            ("SciPy's Sobol points, at the first simulation", "import scipy.stats.qmc"),
        )
    ]
    return "\n".join(
        [
            "| import, the best of 3 processes | processor time above Python's start |",
            "|---|---|",
            *rows,
        ]
    )


_SITE = "import django; django.setup(); import config.urls"


def _import_ms(code: str) -> float:
    """Return the processor time of a fresh process: reading files from a warm disk is in it."""
    found = []
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings"}
    for _ in range(IMPORTS):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=environment, check=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        found.append(1000 * spent)
    return min(found)


def _machine() -> str:
    lines = Path("/proc/cpuinfo").read_text().splitlines() if Path("/proc/cpuinfo").exists() else []
    name = next((line.partition(":")[2].strip() for line in lines if "model name" in line), "")
    return (
        f"{os.cpu_count()} cores ({name or platform.machine()}), Python "
        f"{platform.python_version()}, NumPy {np.__version__}; load at the end "
        f"{os.getloadavg()[0]:.1f}; a Python loop of a million squares took {_loop():.0f} ms of "
        "processor time"
    )


def _loop() -> float:
    """Return what a known piece of work costs here and now, to compare machines by."""
    found = []
    for _ in range(5):
        begun, total = time.thread_time(), 0
        for number in range(1_000_000):
            total += number * number
        found.append(1000 * (time.thread_time() - begun))
    return min(found)


START, END = "<!-- measured -->", "<!-- end of measured -->"


def _write(path: Path, text: str) -> None:
    """Put the tables between the two marks of a Markdown file."""
    whole = path.read_text()
    before, _, rest = whole.partition(START)
    after = rest.partition(END)[2]
    path.write_text(f"{before}{START}\n{text}\n{END}{after}")


if __name__ == "__main__":
    main()
