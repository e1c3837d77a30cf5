"""System checks: a mistake in the configuration is named at the start, with its remedy."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core import checks


@checks.register(checks.Tags.security, deploy=True)
def production_has_no_demo_accounts(
    app_configs: Sequence[AppConfig] | None, **kwargs: Any
) -> list[checks.CheckMessage]:
    """Demo accounts have published passwords."""
    if not (settings.IN_PRODUCTION and settings.DEMO_ACCOUNTS):
        return []
    return [
        checks.Error(
            "Demo accounts are switched on in production.",
            hint="Unset DEMO_ACCOUNTS, then run manage.py demo_data --remove.",
            id="case_coach.E001",
        )
    ]


@checks.register(checks.Tags.database, deploy=True)
def production_has_its_own_database(
    app_configs: Sequence[AppConfig] | None, **kwargs: Any
) -> list[checks.CheckMessage]:
    """SQLite serves one machine; several web processes on several machines need PostgreSQL."""
    engine = settings.DATABASES["default"]["ENGINE"]
    if not settings.IN_PRODUCTION or not engine.endswith("sqlite3"):
        return []
    return [
        checks.Warning(
            "Production runs on SQLite.",
            hint="Set DATABASE_URL to a PostgreSQL database.",
            id="case_coach.W001",
        )
    ]


@checks.register(deploy=True)
def production_has_a_broker(
    app_configs: Sequence[AppConfig] | None, **kwargs: Any
) -> list[checks.CheckMessage]:
    """The embedded broker is a folder: workers on other machines never see it."""
    if not settings.IN_PRODUCTION or not settings.CELERY_BROKER_URL.startswith("filesystem:"):
        return []
    return [
        checks.Warning(
            "Production uses the embedded broker.",
            hint="Set CELERY_BROKER_URL to Redis or RabbitMQ.",
            id="case_coach.W002",
        )
    ]


@checks.register(deploy=True)
def production_can_send_mail(
    app_configs: Sequence[AppConfig] | None, **kwargs: Any
) -> list[checks.CheckMessage]:
    """Without a mail server nobody can reset a password."""
    if not settings.IN_PRODUCTION or "smtp" in settings.EMAIL_BACKEND:
        return []
    return [
        checks.Warning(
            "Production writes its mail to files.",
            hint="Set EMAIL_URL, for example smtp+tls://user:password@mail.example.org:587.",
            id="case_coach.W003",
        )
    ]


@checks.register(checks.Tags.security, deploy=True)
def students_text_is_sent_over_tls(
    app_configs: Sequence[AppConfig] | None, **kwargs: Any
) -> list[checks.CheckMessage]:
    """A language model on another machine gets the text of students who agree, and a key."""
    model = settings.LANGUAGE_MODEL
    if not settings.IN_PRODUCTION or not model.url.startswith("http:") or _is_near(model.host):
        return []
    return [
        checks.Warning(
            "The language model is asked without TLS.",
            hint="Set LANGUAGE_MODEL_URL to an address that begins with https://.",
            id="case_coach.W004",
        )
    ]


def _is_near(host: str) -> bool:
    """Whether a host is this machine, or a service beside it that a single word names."""
    return host in ("127.0.0.1", "::1") or ("." not in host and ":" not in host)
