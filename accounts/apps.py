"""The accounts app."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """People and their privacy."""

    name = "accounts"
