"""Makes Django load the system checks of the configuration."""

from django.apps import AppConfig


class ConfigConfig(AppConfig):
    """The configuration itself."""

    name = "config"

    def ready(self) -> None:
        """Register the checks and the Celery application."""
        from config import celery, checks  # noqa: F401
