"""API keys: ``Authorization: Bearer pmc_<prefix>_<secret>``."""

from __future__ import annotations

import hashlib
import hmac
import re
from datetime import timedelta

from django.contrib.auth.models import AnonymousUser
from django.utils import timezone
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework import authentication, exceptions
from rest_framework.request import Request

from universities.models import ApiKey

KEY_PATTERN = re.compile(r"^pmc_([a-z0-9]{8})_([A-Za-z0-9_-]{43})$")
LAST_USED_EVERY = timedelta(minutes=1)
REFUSED = "The API key is missing, wrong, expired or revoked."


def hash_secret(secret: str) -> str:
    """Return the SHA-256 of a key's secret in hex. 256 random bits need no slow hash."""
    return hashlib.sha256(secret.encode()).hexdigest()


class ApiKeyAuthentication(authentication.BaseAuthentication):
    """Find the key of a request; ``request.auth`` is the ApiKey and names the tenant."""

    def authenticate(self, request: Request) -> tuple[AnonymousUser, ApiKey] | None:
        """Return (nobody, key), or None without a header.

        Raises:
            AuthenticationFailed: the header holds no living key.
        """
        header = request.headers.get("Authorization", "")
        if not header:
            return None
        scheme, _, value = header.partition(" ")
        matched = KEY_PATTERN.match(value.strip()) if scheme.lower() == "bearer" else None
        if matched is None:
            raise exceptions.AuthenticationFailed(REFUSED)
        return AnonymousUser(), _living_key(*matched.groups())

    def authenticate_header(self, request: Request) -> str:
        """Ask for a bearer token, which makes the answer a 401."""
        return 'Bearer realm="Case Coach API"'


def _living_key(prefix: str, secret: str) -> ApiKey:
    key = ApiKey.objects.select_related("university").filter(prefix=prefix).first()
    digest = hash_secret(secret)
    if key is None or not hmac.compare_digest(key.secret_hash, digest):
        raise exceptions.AuthenticationFailed(REFUSED)
    now = timezone.now()
    if key.revoked_at or key.expires_at <= now:
        raise exceptions.AuthenticationFailed(REFUSED)
    if key.last_used_at is None or now - key.last_used_at > LAST_USED_EVERY:
        ApiKey.objects.filter(pk=key.pk).update(last_used_at=now)
    return key


class ApiKeyScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """How the key appears in the OpenAPI document."""

    target_class = "universities.authentication.ApiKeyAuthentication"
    name = "ApiKey"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        """Return the security scheme."""
        return {"type": "http", "scheme": "bearer", "bearerFormat": "pmc_<prefix>_<secret>"}
