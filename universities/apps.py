"""The universities app."""

from django.apps import AppConfig


class UniversitiesConfig(AppConfig):
    """Tenants, cohorts, roles and API keys."""

    name = "universities"
