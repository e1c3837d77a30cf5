"""The questions app."""

from django.apps import AppConfig


class QuestionsConfig(AppConfig):
    """What can be asked: the bank and its cases."""

    name = "questions"
