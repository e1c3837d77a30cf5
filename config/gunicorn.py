"""How gunicorn serves the site: two processes, and threads for those who wait for the database.

The measurements behind the numbers are in docs/decisions/0009-pages-keep-what-never-changes.md.
"""

from __future__ import annotations

import gc
import os
import threading
from typing import Any

bind = f"{os.environ.get('HOST', '127.0.0.1')}:{os.environ.get('PORT', '8000')}"
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
worker_class = "gthread"
preload_app = True  # imported once, then forked: half the start and less memory
threads = int(os.environ.get("WEB_THREADS", "8"))
timeout = 60
graceful_timeout = 10
keepalive = 30  # a proxy and a page that polls come back within seconds
max_requests = 20_000
max_requests_jitter = 2_000
accesslog = None
loglevel = "warning"
control_socket_disable = True


def when_ready(server: Any) -> None:
    """Read every address before the workers are forked, and leave what is loaded to stay.

    A full collection over the loaded modules stops a process for a tenth of a second, a page's
    whole time; what is frozen is not looked through again, and stays shared between workers.
    """
    from django.urls import get_resolver

    get_resolver().reverse_dict  # noqa: B018  reads all of them
    _freeze()


def post_worker_init(worker: Any) -> None:
    """Load the interviewer's model beside the first requests, so that nobody waits for it."""
    threading.Thread(target=_warm_up, name="warm-up", daemon=True).start()


def _warm_up() -> None:
    from django.db import connections

    from coach import cases
    from metrics_lab.engine import simulate

    try:
        cases.warm_up()
        simulate.warm_up()
    finally:
        connections.close_all()  # this thread ends; its connection must not stay open
        _freeze()  # the model's modules stay too


def _freeze() -> None:
    gc.collect()
    gc.freeze()
