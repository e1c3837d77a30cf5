"""Signing in, the policy of every page, and what the sources load from elsewhere."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from metrics_lab.engine.sheet.examples import EXAMPLES
from metrics_lab.services import sheet_create, sheet_share
from tests.coach.factories import SHOP, finished, question_of
from tests.factories import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[2]
LOADS = re.compile(
    r"""(?:src|srcset|href|url|action|import|from)\s*[=(]?\s*["']?(?:https?:)?//\w"""
)
INLINE = re.compile(
    r"""\s(?:on[a-z]+|style)=["']|<style|<script(?![^>]*\ssrc=)|javascript:""", re.I
)


def test_failed_sign_ins_to_the_admin_are_counted_like_all_others() -> None:
    page = Client().get("/admin/login/")
    assert page.status_code == 302
    assert page["Location"].startswith("/account/login/")
    UserFactory(email="root@example.com", is_staff=True, is_superuser=True)
    tries = [
        Client().post(reverse("account_login"), {"login": "root@example.com", "password": "wrong"})
        for _ in range(6)
    ]
    assert "Too many failed" in tries[-1].content.decode()


def test_an_administrator_still_comes_in() -> None:
    UserFactory(email="root@example.com", is_staff=True, is_superuser=True)
    browser = Client()
    sent = {"login": "root@example.com", "password": PASSWORD}
    browser.post(f"{reverse('account_login')}?next=/admin/", sent)
    assert browser.get("/admin/").status_code == 200


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"]
)
def test_signing_in_leads_to_no_other_site(alice: User, target: str) -> None:
    sent = {"login": alice.email, "password": PASSWORD, "next": target}
    browser = Client()
    assert "evil" not in browser.post(reverse("account_login"), sent)["Location"]
    assert browser.post(reverse("account_logout"), {"next": target})["Location"] == "/"


def test_every_kind_of_page_has_the_policy_and_nothing_inline(
    as_alice: Client, alice: User
) -> None:
    attempt = finished(alice)
    question_of()
    sheet = sheet_create(owner=alice, model=EXAMPLES["shop"].make())
    pages = [
        reverse("home"), reverse("question-list"), reverse("question-detail", args=[SHOP]),
        reverse("lab-home"), reverse("lab-sheet-list"), reverse("lab-sheet", args=[sheet.pk]),
        reverse("lab-sheet-compare", args=[sheet.pk]), reverse("lab-sheet-parts", args=[sheet.pk]),
        reverse("lab-sheet-input", args=[sheet.pk, "aov"]),
        reverse("lab-shared", args=[sheet_share(sheet=sheet)]),
        reverse("practice-home"), reverse("account-home"),
        reverse("practice-report", args=[attempt.pk]), reverse("practice-lab", args=[attempt.pk]),
        reverse("styleguide"), reverse("api-docs"), reverse("privacy"), "/no-such-page/",
    ]  # fmt: skip
    for address in pages:
        response = as_alice.get(address)
        policy = response["Content-Security-Policy"]
        assert "unsafe" not in policy, address
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert response["X-Frame-Options"] == "DENY"
        assert not INLINE.findall(response.content.decode()), address


def test_no_template_style_or_script_loads_anything_from_another_site() -> None:
    sources = [
        path
        for folder in ("templates", "static")
        for path in (ROOT / folder).rglob("*")
        if path.suffix in (".html", ".css", ".js", ".svg")
    ]
    found = [(path.name, hit) for path in sources for hit in LOADS.findall(path.read_text("utf-8"))]
    assert len(sources) > 50
    assert found == []


def test_production_sets_safe_cookies_and_passes_djangos_own_check() -> None:
    environment = os.environ | {
        "CASE_COACH_ENV": "production",
        "SECRET_KEY": "k" * 40 + "abcdefghij0123456789",
        "ALLOWED_HOSTS": "coach.example.org",
        "SITE_URL": "https://coach.example.org",
        "DATABASE_URL": "postgres://u:p@127.0.0.1:5432/x",
        "CELERY_BROKER_URL": "redis://127.0.0.1:6379/0",
        "EMAIL_URL": "smtp+tls://u:p@mail.example.org:587",
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DJANGO_COLORS": "nocolor",
    }
    code = (
        "import django; django.setup()\n"
        "from django.conf import settings as s\n"
        "from django.core.management import call_command\n"
        "assert s.SESSION_COOKIE_SECURE and s.CSRF_COOKIE_SECURE and s.SESSION_COOKIE_HTTPONLY\n"
        "assert s.SESSION_COOKIE_NAME.startswith('__Host-')\n"
        "assert s.CSRF_COOKIE_NAME.startswith('__Host-')\n"
        "assert s.SESSION_COOKIE_SAMESITE == 'Lax' and not s.DEBUG and not s.DEMO_ACCOUNTS\n"
        "assert s.SECURE_HSTS_SECONDS >= 31536000 and s.SECURE_SSL_REDIRECT\n"
        "assert s.REST_FRAMEWORK['NUM_PROXIES'] == 1\n"
        "call_command('check', deploy=True, fail_level='WARNING')\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
