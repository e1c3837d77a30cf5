"""The Celery application. Tasks are found in the apps' tasks.py by name."""

import os

from celery import Celery
from kombu.transport import TRANSPORT_ALIASES

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

TRANSPORT_ALIASES["filesystem"] = "config.broker:Transport"

app = Celery("case_coach")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["coach", "universities"])
app.set_default()
