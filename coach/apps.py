"""The coach app."""

from django.apps import AppConfig


class CoachConfig(AppConfig):
    """The conversation and its assessment."""

    name = "coach"

    def ready(self) -> None:
        """Declare personal data, adopt visitors' attempts, tell the other rooms what is open."""
        from coach import privacy, signals  # noqa: F401
        from coach.selectors.cohorts import opened_attempt
        from coach.selectors.standing import CoachStanding
        from coach.selectors.takers import open_answers
        from coach.services.lab_sheets import attempt_sheet_origin
        from metrics_lab import case_tables, origins, takers
        from questions import standing

        standing.register(CoachStanding())
        takers.register(open_answers)
        origins.register(attempt_sheet_origin)
        case_tables.register(opened_attempt)
