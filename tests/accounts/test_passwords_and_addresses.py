"""Forgotten passwords, new passwords, new addresses."""

from __future__ import annotations

import re

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client
from django.urls import reverse

from accounts.models import User
from tests.factories import PASSWORD

pytestmark = pytest.mark.django_db
NEW_PASSWORD = "quite another password"


def link_in_mail(index: int = -1) -> str:
    """Return the path of the link in a mail."""
    found = re.search(r"https?://[^/\s]+(/\S+)", mail.outbox[index].body)
    assert found
    return found[1]


def test_a_forgotten_password_is_replaced_by_the_link_in_the_mail(
    client: Client, alice: User
) -> None:
    client.post(reverse("account_reset_password"), {"email": alice.email})
    page = client.get(link_in_mail(), follow=True)
    address = page.redirect_chain[-1][0]
    client.post(address, {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD})
    alice.refresh_from_db()
    assert alice.check_password(NEW_PASSWORD)
    assert mail.outbox[-1].subject == "Your password was changed"


def test_the_link_for_a_new_password_works_once(client: Client, alice: User) -> None:
    client.post(reverse("account_reset_password"), {"email": alice.email})
    link = link_in_mail()
    address = client.get(link, follow=True).redirect_chain[-1][0]
    client.post(address, {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD})
    again = Client().get(link, follow=True)
    assert "This link no longer works" in again.content.decode()


def test_asking_for_an_unknown_address_looks_the_same(client: Client, alice: User) -> None:
    known = client.post(reverse("account_reset_password"), {"email": alice.email})
    unknown = client.post(reverse("account_reset_password"), {"email": "nobody@example.com"})
    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])


def test_a_new_password_needs_the_old_one(as_alice: Client, alice: User) -> None:
    wrong = {"oldpassword": "wrong", "password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    response = as_alice.post(reverse("account_change_password"), wrong)
    alice.refresh_from_db()
    assert response.status_code == 200
    assert alice.check_password(PASSWORD)


def test_a_new_password_signs_other_browsers_out(alice: User) -> None:
    here, elsewhere = Client(), Client()
    for browser in (here, elsewhere):
        browser.post(reverse("account_login"), {"login": alice.email, "password": PASSWORD})
    new = {"oldpassword": PASSWORD, "password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    here.post(reverse("account_change_password"), new)
    assert here.get(reverse("account-home")).status_code == 200
    assert elsewhere.get(reverse("account-home")).status_code == 302


def test_a_new_address_counts_once_it_is_confirmed(as_alice: Client, alice: User) -> None:
    as_alice.post(reverse("account_email"), {"email": "new@example.com", "action_add": "1"})
    alice.refresh_from_db()
    assert alice.email == "alice@example.com"
    confirmation = [m for m in mail.outbox if m.to == ["new@example.com"]]
    assert len(confirmation) == 1
    as_alice.post(link_in_mail(0))
    alice.refresh_from_db()
    assert alice.email == "new@example.com"
    assert list(EmailAddress.objects.values_list("email", flat=True)) == ["new@example.com"]


def test_an_address_that_is_taken_never_becomes_ones_own(
    as_alice: Client, alice: User, bob: User
) -> None:
    as_alice.post(reverse("account_email"), {"email": bob.email, "action_add": "1"})
    as_alice.post(link_in_mail())
    alice.refresh_from_db()
    assert alice.email == "alice@example.com"
    assert EmailAddress.objects.get(email=bob.email, verified=True).user == bob


def test_the_page_of_the_address_names_the_one_that_waits(as_alice: Client) -> None:
    as_alice.post(reverse("account_email"), {"email": "new@example.com", "action_add": "1"})
    page = as_alice.get(reverse("account_email")).content.decode()
    assert "new@example.com" in page
    assert "Send it again" in page
