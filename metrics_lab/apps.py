"""The metrics_lab app."""

from django.apps import AppConfig


class MetricsLabConfig(AppConfig):
    """What the numbers say."""

    name = "metrics_lab"

    def ready(self) -> None:
        """Adopt visitors' sheets when they sign up."""
        from metrics_lab import signals  # noqa: F401
