"""The questions app."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class QuestionsConfig(AppConfig):
    """What can be asked: the bank and its cases."""

    name = "questions"

    def ready(self) -> None:
        """Declare what the bank holds about people, and have the database watch the bank."""
        from questions import (
            privacy,  # noqa: F401
            stamp,
        )

        post_migrate.connect(stamp.watch, sender=self)
