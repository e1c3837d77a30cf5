"""How gunicorn serves the site: threads, because pages wait for the database more than compute."""

from __future__ import annotations

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


def post_worker_init(worker: Any) -> None:
    """Load the interviewer's model beside the first requests, so that nobody waits for it."""
    threading.Thread(target=_warm_up, name="warm-up", daemon=True).start()


def _warm_up() -> None:
    from django.db import connections

    from coach import cases

    try:
        cases.warm_up()
    finally:
        connections.close_all()  # this thread ends; its connection must not stay open
