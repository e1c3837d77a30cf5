"""The questions app."""

from django.apps import AppConfig


class QuestionsConfig(AppConfig):
    """What can be asked: the bank and its cases."""

    name = "questions"

    def ready(self) -> None:
        """Declare what the bank holds about people."""
        from questions import privacy  # noqa: F401
