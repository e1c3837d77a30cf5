"""The Celery application. Tasks are found in the apps' tasks.py by name."""

import os
from typing import Any

from celery import Celery
from celery.signals import worker_init
from kombu.transport import TRANSPORT_ALIASES

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

TRANSPORT_ALIASES["filesystem"] = "config.broker:Transport"

app = Celery("case_coach")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["coach", "universities"])
app.set_default()


@worker_init.connect  # type: ignore[untyped-decorator]  # celery has no types
def warm_up(**kwargs: Any) -> None:
    """Load the interviewer's model before the first job, so that nobody waits for it."""
    from coach import cases

    cases.warm_up()
