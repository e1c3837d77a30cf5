"""The coach app."""

from django.apps import AppConfig


class CoachConfig(AppConfig):
    """The conversation and its assessment."""

    name = "coach"

    def ready(self) -> None:
        """Declare personal data, adopt visitors' attempts, tell the bank who stands where."""
        from coach import privacy, signals  # noqa: F401
        from coach.selectors.standing import CoachStanding
        from questions import standing

        standing.register(CoachStanding())
