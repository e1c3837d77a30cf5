"""The metrics_lab app."""

from django.apps import AppConfig


class MetricsLabConfig(AppConfig):
    """What the numbers say."""

    name = "metrics_lab"
