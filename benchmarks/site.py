"""A site of its own for a measurement: a folder that goes away, a free port, seeded people."""

from __future__ import annotations

import http.client
import json
import os
import platform
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from config.processes import read_procfile

ROOT = Path(__file__).resolve().parent.parent
TICKS = os.sysconf("SC_CLK_TCK")
RESTING = 0.05
"""CPU seconds in a second."""
CSRF = "b" * 32
"""Cookie and header alike, which is all that Django compares."""


@dataclass
class Site:
    """A served site: its processes, and what benchmarks.seed printed."""

    port: int
    environment: dict[str, str]
    seed: dict[str, Any]
    running: list[tuple[str, subprocess.Popen[bytes]]] = field(default_factory=list)

    def start(self, name: str) -> subprocess.Popen[bytes]:
        """Start a line of the Procfile."""
        command = read_procfile(ROOT / "Procfile")[name]
        process = subprocess.Popen(command, cwd=ROOT, env=self.environment)
        self.running.append((name, process))
        return process

    def cpu_seconds(self, name: str) -> float:
        """Return the CPU time that a process and its children have used."""
        return sum(
            _cpu_of(pid)
            for known, process in self.running
            if known == name
            for pid in _family(process.pid)
        )

    def settle(self, name: str) -> None:
        """Wait until a process has loaded its models beside its first requests, and rests."""
        used = -1.0
        while (now := self.cpu_seconds(name)) - used > RESTING:
            used = now
            time.sleep(1)

    def browser(self) -> Browser:
        """Return a browser in which the seeded student is signed in."""
        return Browser(self.port, self.seed["session"])


class Browser:
    """One kept-alive connection with the cookies of a person."""

    def __init__(self, port: int, session: str) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        self._headers = {
            "Cookie": f"session={session}; csrf={CSRF}",
            "X-CSRFToken": CSRF,
            "Content-Type": "application/x-www-form-urlencoded",
            "User-Agent": "benchmark",
        }

    def request(self, method: str, path: str) -> tuple[int, str]:
        """Return status and body."""
        self._connection.request(method, path, headers=self._headers)
        response = self._connection.getresponse()
        return response.status, response.read().decode()


@contextmanager
def served(names: Sequence[str], *seed: str) -> Iterator[Site]:
    """Prepare, seed and serve the named lines of the Procfile; stop them and clean up after."""
    folder = Path(tempfile.mkdtemp(prefix="case-coach-benchmark-"))
    port = _free_port()
    environment = os.environ | {
        "VAR_DIR": str(folder),
        "PORT": str(port),
        "HOST": "127.0.0.1",
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "PYTHONWARNINGS": "ignore",
    }
    found = subprocess.run(
        [sys.executable, "-m", "benchmarks.seed", *seed],
        cwd=ROOT, env=environment, check=True, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    site = Site(port, environment, json.loads(found.stdout))
    try:
        for name in names:
            site.start(name)
        _wait_until_healthy(site)
        yield site
    finally:
        for _, process in site.running:
            process.terminate()
        for _, process in site.running:
            process.wait(timeout=30)
        shutil.rmtree(folder, ignore_errors=True)


def machine() -> str:
    """Name what was measured on."""
    model = next(
        (
            line.partition(":")[2].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if line.startswith("model name")
        ),
        platform.machine(),
    )
    load = os.getloadavg()[0]
    return (
        f"{os.cpu_count()} cores ({model}), Python {platform.python_version()}, "
        f"{_database()}, broker {_broker()}; load at the end {load:.1f}"
    )


def percentile(values: Iterable[float], share: float) -> float:
    """Return the smallest value that `share` (0 to 1) of the values do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def _database() -> str:
    return os.environ.get("DATABASE_URL", "sqlite").partition(":")[0]


def _broker() -> str:
    return os.environ.get("CELERY_BROKER_URL", "embedded").partition(":")[0]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_until_healthy(site: Site) -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end:
        for name, process in site.running:
            if process.poll() is not None:
                raise SystemExit(f"The {name} process ended with status {process.returncode}.")
        try:
            if Browser(site.port, "").request("GET", "/healthz")[0] == 200:
                return
        except OSError:
            pass
        time.sleep(0.2)
    raise SystemExit("The site did not answer within a minute.")


def _family(pid: int) -> list[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *(member for child in children for member in _family(int(child)))]


def _cpu_of(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS
