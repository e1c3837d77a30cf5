"""The accounts app."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class AccountsConfig(AppConfig):
    """People and their privacy."""

    name = "accounts"

    def ready(self) -> None:
        """Load each app's privacy.py, which declares what it holds about a person."""
        autodiscover_modules("privacy")
