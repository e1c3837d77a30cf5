"""Typed readers of the environment. Nonsense is refused at the start, not at the first request."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote, urlsplit

from environs import Env

env = Env()

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = Path(env.str("VAR_DIR", default=str(BASE_DIR / "var")))
"""State of an installation that uses embedded defaults: database, broker, mail, secret key."""

PRODUCTION = "production"
DEVELOPMENT = "development"


def _one_of(value: str) -> None:
    if value not in (PRODUCTION, DEVELOPMENT):
        raise ValueError(f"CASE_COACH_ENV must be {PRODUCTION} or {DEVELOPMENT}, not {value!r}")


ENVIRONMENT = env.str("CASE_COACH_ENV", default=DEVELOPMENT, validate=_one_of)


def secret_key() -> str:
    """Return SECRET_KEY, or the key kept in var/ by a development installation.

    SECRET_KEY_FILE names a file that holds it. In production one of the two must be set.

    Raises:
        RuntimeError: production without a key.
    """
    if file_name := env.str("SECRET_KEY_FILE", default=""):
        return Path(file_name).read_text().strip()
    if key := env.str("SECRET_KEY", default=""):
        return key
    if ENVIRONMENT == PRODUCTION:
        raise RuntimeError("Set SECRET_KEY or SECRET_KEY_FILE: production makes no key of its own.")
    return _kept_key(VAR_DIR / "secret_key")


MAIL_SCHEMES = {"smtp": 25, "smtp+tls": 587, "smtp+ssl": 465}
"""With the usual port of each: plain, TLS begun on the connection, TLS from the first byte."""


def mail_server() -> dict[str, str | int | bool]:
    """Return Django's settings for the server EMAIL_URL names; empty when it names none.

    Raises:
        ValueError: the address has no host, or begins with something else than ``MAIL_SCHEMES``.
    """
    address = env.str("EMAIL_URL", default="")
    if not address:
        return {}
    url = urlsplit(address)
    if url.scheme not in MAIL_SCHEMES or not url.hostname:
        raise ValueError(f"EMAIL_URL must be {', '.join(MAIL_SCHEMES)}://user:password@host:port")
    return {
        "EMAIL_HOST": url.hostname,
        "EMAIL_PORT": url.port or MAIL_SCHEMES[url.scheme],
        "EMAIL_HOST_USER": unquote(url.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(url.password or ""),
        "EMAIL_USE_TLS": url.scheme == "smtp+tls",
        "EMAIL_USE_SSL": url.scheme == "smtp+ssl",
    }


@dataclass(frozen=True)
class LanguageModelSettings:
    """Where a language model answers; empty where there is none."""

    url: str = ""
    name: str = ""
    key: str = field(default="", repr=False)
    seconds: float = 20.0
    without_university: bool = False

    @property
    def host(self) -> str:
        """The host that gets the texts: what students are told and agree to."""
        return urlsplit(self.url).hostname or ""


MODEL_SECONDS = (1.0, 45.0)
"""Bounds of the whole time of one question: shorter than a worker's soft limit."""


def language_model() -> LanguageModelSettings:
    """Return the settings of the optional language model; without an address there is none.

    Raises:
        ValueError: only one of address and name is set, the address is no http(s) address or holds
            a password, or the time is out of bounds.
    """
    url = env.str("LANGUAGE_MODEL_URL", default="").strip()
    name = env.str("LANGUAGE_MODEL_NAME", default="").strip()
    if bool(url) != bool(name):
        raise ValueError("Set LANGUAGE_MODEL_URL and LANGUAGE_MODEL_NAME both, or neither.")
    if not url:
        return LanguageModelSettings()
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username:
        raise ValueError("LANGUAGE_MODEL_URL must be https://host/v1, without a password in it.")
    seconds = env.float("LANGUAGE_MODEL_SECONDS", default=20.0)
    if not MODEL_SECONDS[0] <= seconds <= MODEL_SECONDS[1]:
        raise ValueError("LANGUAGE_MODEL_SECONDS must be between 1 and 45.")
    return LanguageModelSettings(
        url=url,
        name=name,
        key=env.str("LANGUAGE_MODEL_KEY", default="").strip(),
        seconds=seconds,
        without_university=env.bool("LANGUAGE_MODEL_WITHOUT_UNIVERSITY", default=False),
    )


def _kept_key(path: Path) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(50))
    return path.read_text().strip()
