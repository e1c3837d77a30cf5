"""The coach app."""

from django.apps import AppConfig


class CoachConfig(AppConfig):
    """The conversation and its assessment."""

    name = "coach"

    def ready(self) -> None:
        """Declare personal data, and keep a visitor's attempts when they sign in."""
        from coach import privacy, signals  # noqa: F401
