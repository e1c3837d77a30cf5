"""The coach app."""

from django.apps import AppConfig


class CoachConfig(AppConfig):
    """The conversation and its assessment."""

    name = "coach"
