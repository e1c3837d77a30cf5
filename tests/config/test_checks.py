"""System checks: a mistake in the configuration is named at the start, with its remedy."""

from __future__ import annotations

import pytest
from django.core import checks
from pytest_django import Settings

from config import checks as ours
from config.env import LanguageModelSettings

RUN = {
    "case_coach.E001": ours.production_has_no_demo_accounts,
    "case_coach.W001": ours.production_has_its_own_database,
    "case_coach.W002": ours.production_has_a_broker,
    "case_coach.W003": ours.production_can_send_mail,
    "case_coach.W004": ours.students_text_is_sent_over_tls,
}
SQLITE = {"default": {"ENGINE": "django.db.backends.sqlite3"}}
POSTGRES = {"default": {"ENGINE": "django.db.backends.postgresql"}}


def mistaken(settings: Settings) -> None:
    """Configure production as nobody should."""
    settings.IN_PRODUCTION = True
    settings.DEMO_ACCOUNTS = True
    settings.CELERY_BROKER_URL = "filesystem://"
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.LANGUAGE_MODEL = LanguageModelSettings("http://models.example.org/v1", "m")


@pytest.mark.parametrize("id_", RUN)
def test_a_mistake_in_production_is_named_with_its_remedy(
    settings: Settings, id_: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    mistaken(settings)
    monkeypatch.setattr(ours, "settings", _with_database(settings, SQLITE))
    [message] = RUN[id_](None)
    assert message.id == id_
    assert message.hint


@pytest.mark.parametrize("id_", RUN)
def test_the_same_is_fine_in_development(
    settings: Settings, id_: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    mistaken(settings)
    settings.IN_PRODUCTION = False
    monkeypatch.setattr(ours, "settings", _with_database(settings, SQLITE))
    assert RUN[id_](None) == []


@pytest.mark.parametrize("id_", RUN)
def test_a_right_production_is_not_complained_about(
    settings: Settings, id_: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.IN_PRODUCTION = True
    settings.DEMO_ACCOUNTS = False
    settings.CELERY_BROKER_URL = "redis://redis:6379/0"
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    monkeypatch.setattr(ours, "settings", _with_database(settings, POSTGRES))
    assert RUN[id_](None) == []


def test_the_checks_are_registered_for_deployment() -> None:
    registered = checks.registry.registry.get_checks(include_deployment_checks=True)
    assert set(RUN.values()) <= set(registered)


def _with_database(settings: Settings, databases: object) -> object:
    """Return the settings as the checks read them, on another database."""

    class Read:
        DATABASES = databases

        def __getattr__(self, name: str) -> object:
            return getattr(settings, name)

    return Read()
