"""A plugin for tests that run side by side: what two processes may not share, each has its own.

pytest-django gives each process its database. It is loaded before the settings (``-p`` in
pyproject.toml), because they read the environment.
"""

from __future__ import annotations

import os

if process := os.environ.get("PYTEST_XDIST_WORKER"):
    os.environ["CELERY_TASK_DEFAULT_QUEUE"] = f"tests-{process}"
