"""How long from "done with this step" to its feedback: `python -m benchmarks.feedback`.

One submission after the other, asked for as the page's own poll.js does. About half a minute.
CELERY_BROKER_URL=redis://127.0.0.1:6379/9 measures with Redis.
"""

from __future__ import annotations

import time

from benchmarks.site import Site, machine, percentile, served

SUBMISSIONS = 30
WARM_UP = 2
POLLS = (0.3, 0.5, 1.0, 2.0, 3.0, *[5.0] * 5)
"""As in static/js/poll.js: seconds before each question."""


def main() -> None:
    """Submit, wait for each card, print the table."""
    with served(["web", "worker", "beat"], str(SUBMISSIONS + WARM_UP)) as site:
        time.sleep(2)
        found = [_submit(site, path) for path in site.seed["submit"]][WARM_UP:]
        where = machine()
    print(f"\nSubmit to visible feedback, {len(found)} submissions; milliseconds")
    print(f"{'':<22}{'p50':>7}{'p95':>7}{'worst':>7}")
    for name, values in (
        ("answer to the press", [press for press, _ in found]),
        ("feedback visible", [visible for _, visible in found]),
    ):
        print(
            f"{name:<22}{percentile(values, 0.5):>7.0f}{percentile(values, 0.95):>7.0f}"
            f"{max(values):>7.0f}"
        )
    print(f"On {where}")


def _submit(site: Site, path: str) -> tuple[float, float]:
    """Return milliseconds from the press to its answer, and to the feedback.

    As a browser does: press, load the page one is sent to, then ask at growing distances.
    """
    browser = site.browser()
    start = time.perf_counter()
    status, _body = browser.request("POST", f"{path}done/")
    assert status == 302, f"done answered {status}"
    pressed = time.perf_counter() - start
    assert browser.request("GET", path)[0] == 200
    for pause in POLLS:
        time.sleep(pause)
        status, body = browser.request("GET", f"{path}feedback/")
        assert status == 200, f"feedback answered {status}"
        if "data-poll-url" not in body:
            return pressed * 1000, (time.perf_counter() - start) * 1000
    raise SystemExit("No feedback came.")


if __name__ == "__main__":
    main()
