"""The Celery application. Tasks are found in the apps' tasks.py by name."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("case_coach")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["coach", "universities"])
app.set_default()
