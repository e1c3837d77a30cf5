"""Typed readers of the environment. Nonsense is refused at the start, not at the first request."""

from __future__ import annotations

import secrets
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


def _kept_key(path: Path) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(50))
    return path.read_text().strip()
