"""How fast the pages people look at most are: `python -m benchmarks.pages`. About a minute."""

from __future__ import annotations

import random
import threading
import time
from dataclasses import dataclass

from benchmarks.site import Site, machine, percentile, served

CLIENTS = 16
THINK = 1.0
SECONDS = 45.0
WARM_UP = 24
ALONE = 20


@dataclass
class Measured:
    """Milliseconds: of each request with all clients, with one alone, and CPU a request."""

    name: str
    many: list[float]
    alone: list[float]
    cpu: float


def main() -> None:
    """Measure each page and print the table."""
    with served(["web"]) as site:
        site.settle("web")
        rows = [_measure(site, name, path) for name, path in site.seed["pages"].items()]
        where = machine()
    print(f"\n{CLIENTS} clients that think {THINK:.0f} s between requests; milliseconds")
    print(f"{'page':<10}{'requests':>9}{'p50':>7}{'p95':>7}{'alone p50':>11}{'CPU a page':>12}")
    for row in rows:
        print(
            f"{row.name:<10}{len(row.many):>9}{percentile(row.many, 0.5):>7.0f}"
            f"{percentile(row.many, 0.95):>7.0f}{percentile(row.alone, 0.5):>11.0f}{row.cpu:>12.1f}"
        )
    print(f"On {where}")


def _measure(site: Site, name: str, path: str) -> Measured:
    _requests(site, path, WARM_UP)
    before = site.cpu_seconds("web")
    alone = _requests(site, path, ALONE)
    many: list[float] = []
    threads = [
        threading.Thread(target=_client, args=(site, path, many, seed)) for seed in range(CLIENTS)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    used = site.cpu_seconds("web") - before
    return Measured(name, many, alone, used * 1000 / (len(many) + len(alone)))


def _requests(site: Site, path: str, times: int) -> list[float]:
    browser = site.browser()
    found = []
    for _ in range(times):
        start = time.perf_counter()
        status, _body = browser.request("GET", path)
        found.append((time.perf_counter() - start) * 1000)
        assert status == 200, f"{path} answered {status}"
    return found


def _client(site: Site, path: str, found: list[float], seed: int) -> None:
    """One person: arrives at some moment of the first second, then reads a second a page."""
    browser, end = site.browser(), time.monotonic() + SECONDS
    time.sleep(random.Random(seed).random() * THINK)
    while time.monotonic() < end:
        start = time.perf_counter()
        status, _body = browser.request("GET", path)
        found.append((time.perf_counter() - start) * 1000)
        assert status == 200, f"{path} answered {status}"
        time.sleep(THINK)


if __name__ == "__main__":
    main()
