"""Nothing is lost and nothing is doubled: `python -m benchmarks.durability`. Two to three minutes.

Answers are submitted while the broker is away, then with a worker that is killed with -9 in the
middle of its work and started again. At the end every answer must have exactly one report. Most
of the time is the lease of the jobs that the killed worker had begun.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time

from benchmarks.site import ROOT, Site, machine, served

AWAY, KILLED = 5, 12
PATIENCE = 170.0
COUNT = """
import json, django
django.setup()
from django.db.models import Count
from coach.models import Answer, FeedbackJob
states = dict(FeedbackJob.objects.values_list("state").annotate(n=Count("id")))
reports = list(Answer.objects.annotate(n=Count("feedback")).values_list("n", flat=True))
tries = list(FeedbackJob.objects.values_list("tries", flat=True))
print(json.dumps({"states": states, "reports": reports, "most_tries": max(tries)}))
"""


def main() -> None:
    """Play both accidents and print what is left."""
    with served(["web"], str(AWAY + KILLED)) as site:
        slowest = max(_submit(site, path) for path in site.seed["submit"][:AWAY])
        print(f"{AWAY} answers without any worker; slowest press {slowest * 1000:.0f} ms")
        worker = site.start("worker")
        site.start("beat")
        for path in site.seed["submit"][AWAY:]:
            _submit(site, path)
        os.kill(worker.pid, signal.SIGKILL)
        begun = _count(site)
        print(f"{KILLED} answers, then kill -9 of the worker; jobs now: {begun['states']}")
        site.start("worker")
        start = time.monotonic()
        while (found := _count(site))["states"].keys() - {"done"}:
            if time.monotonic() - start > PATIENCE:
                raise SystemExit(f"Not finished after {PATIENCE:.0f} s: {found}")
            time.sleep(3)
        print(f"all done {time.monotonic() - start:.0f} s later; most tries {found['most_tries']}")
        assert set(found["reports"]) == {1}, f"reports an answer: {found['reports']}"
        print(f"{len(found['reports'])} answers, one report each: nothing lost, nothing doubled")
        print(f"On {machine()}")


def _submit(site: Site, path: str) -> float:
    start = time.perf_counter()
    status, _body = site.browser().request("POST", f"{path}done/")
    assert status == 302, f"done answered {status}"
    return time.perf_counter() - start


def _count(site: Site) -> dict[str, dict[str, int]]:
    found = subprocess.run(
        [sys.executable, "-c", COUNT],
        cwd=ROOT, env=site.environment, check=True, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    return json.loads(found.stdout)


if __name__ == "__main__":
    main()
