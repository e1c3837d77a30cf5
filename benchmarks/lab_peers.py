"""The benchmark's model in Squiggle and squigglepy, each in a process of its own.

Neither is a dependency. To have them in the table:

    npm install --prefix FOLDER @quri/squiggle-lang     (Node 20 or later)
    python -m venv FOLDER && FOLDER/bin/pip install squigglepy
"""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from benchmarks import lab_model

REPEATS = 5
NODE = """
import { readFileSync } from "node:fs";
const squiggle = await import(process.argv[2]);
const code = readFileSync(process.argv[3], "utf8");
const found = [];
for (const n of JSON.parse(process.argv[4])) {
  for (let seed = 0; seed <= %(repeats)d; seed++) {
    const start = performance.now();
    const run = await squiggle.run(code, {
      environment: { sampleCount: n, xyPointLength: 1000, seed: `seed ${seed}` },
    });
    const spent = performance.now() - start;
    if (!run.result.ok) { console.error(String(run.result.value)); process.exit(1); }
    const [mean, fifth] = run.result.value.result._value.value.map((one) => one.value);
    // The first run of a size warms the engine up.
    if (seed) found.push({ n, ms: spent, mean, fifth });
  }
}
console.log(JSON.stringify(found));
"""
PYTHON = """
import json, sys, time
import numpy as np
import squigglepy as sq
code = compile(open(sys.argv[1]).read(), "model", "exec")
found = []
for n in json.loads(sys.argv[2]):
    for seed in range(%(repeats)d + 1):
        sq.set_seed(seed)
        space = {"sq": sq, "n": n}
        start = time.perf_counter()
        exec(code, space)
        mean, fifth = float(np.mean(space["gmv"])), float(np.quantile(space["sessions"], 0.05))
        spent = 1000 * (time.perf_counter() - start)
        if seed:
            found.append({"n": n, "ms": spent, "mean": mean, "fifth": fifth})
print(json.dumps(found))
"""


@dataclass(frozen=True)
class Run:
    """One run: milliseconds, and its two answers."""

    n: int
    ms: float
    mean: float
    fifth: float


def squiggle(folder: str | None, sizes: list[int]) -> list[Run] | str:
    """Return the runs of Squiggle, or why there are none."""
    if folder is None:
        return "not asked for: --squiggle FOLDER, where `npm install @quri/squiggle-lang` was run"
    if shutil.which("node") is None:
        return "no Node on this machine"
    entry = Path(folder).resolve() / "node_modules/@quri/squiggle-lang/dist/index.js"
    if not entry.exists():
        return f"no @quri/squiggle-lang in {folder}"
    with tempfile.TemporaryDirectory() as space:
        program, code = Path(space, "run.mjs"), Path(space, "model.squiggle")
        program.write_text(NODE % {"repeats": REPEATS})
        code.write_text(lab_model.squiggle())
        return _ran(["node", str(program), entry.as_uri(), str(code), json.dumps(sizes)])


def squigglepy(python: str | None, sizes: list[int]) -> list[Run] | str:
    """Return the runs of squigglepy, or why there are none."""
    if python is None:
        return "not asked for: --squigglepy PYTHON, of an environment that has squigglepy"
    with tempfile.TemporaryDirectory() as space:
        program, code = Path(space, "run.py"), Path(space, "model.py")
        program.write_text(PYTHON % {"repeats": REPEATS})
        code.write_text(lab_model.squigglepy())
        return _ran([python, str(program), str(code), json.dumps(sizes)])


def _ran(command: list[str]) -> list[Run] | str:
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=600)
    if done.returncode:
        return (done.stderr.strip().splitlines() or ["it failed"])[-1][:200]
    return [Run(**row) for row in json.loads(done.stdout.strip().splitlines()[-1])]
