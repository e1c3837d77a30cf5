"""Making an account and signing in."""

from __future__ import annotations

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from accounts.models import User
from tests.factories import PASSWORD, UserFactory
from universities.models import Membership

pytestmark = pytest.mark.django_db
NEW = {"email": "new@example.com", "password1": PASSWORD, "name": "Nia"}


def test_signing_up_makes_an_account_and_signs_in(client: Client) -> None:
    response = client.post(reverse("account_signup"), NEW)
    assert response.status_code == 302
    assert User.objects.get(email="new@example.com").name == "Nia"
    assert client.get(reverse("account-home")).status_code == 200


def test_signing_up_goes_back_to_where_one_came_from(client: Client) -> None:
    response = client.post(reverse("account_signup"), {**NEW, "next": "/universities/"})
    assert response["Location"] == "/universities/"


def test_signing_up_never_leads_to_another_site(client: Client) -> None:
    response = client.post(reverse("account_signup"), {**NEW, "next": "https://evil.example/"})
    assert "evil" not in response["Location"]


def test_the_sign_up_page_carries_next_into_its_form(client: Client) -> None:
    response = client.get(reverse("account_signup"), {"next": "/universities/"})
    assert b'name="next" value="/universities/"' in response.content


def test_a_weak_password_is_explained_beside_its_field_and_the_rest_is_kept(client: Client) -> None:
    response = client.post(reverse("account_signup"), {**NEW, "password1": "short"})
    page = response.content.decode()
    assert "too short" in page
    assert 'value="new@example.com"' in page
    assert 'aria-invalid="true"' in page
    assert not User.objects.exists()


def test_no_role_comes_from_what_is_typed(client: Client) -> None:
    typed = {"role": "staff", "is_staff": "on", "is_superuser": "on", "memberships": "1"}
    client.post(reverse("account_signup"), {**NEW, **typed})
    user = User.objects.get(email="new@example.com")
    assert (user.is_staff, user.is_superuser) == (False, False)
    assert not Membership.objects.exists()


def test_the_welcome_mail_is_plain_text_and_ours(client: Client) -> None:
    client.post(reverse("account_signup"), NEW)
    [message] = mail.outbox
    assert message.subject == "Welcome to Case Coach: confirm your e-mail address"
    assert not getattr(message, "alternatives", None)
    assert "example.com!" not in message.body
    assert "/account/confirm-email/" in message.body


def test_signing_in_with_a_wrong_password_keeps_the_address(client: Client) -> None:
    UserFactory(email="ada@example.com")
    response = client.post(
        reverse("account_login"), {"login": "ada@example.com", "password": "wrong"}
    )
    assert 'value="ada@example.com"' in response.content.decode()
    assert "_auth_user_id" not in client.session


def test_signing_in_honours_next(client: Client) -> None:
    UserFactory(email="ada@example.com")
    response = client.post(
        reverse("account_login"),
        {"login": "Ada@Example.com", "password": PASSWORD, "next": "/universities/"},
    )
    assert response["Location"] == "/universities/"


def test_signing_out_ends_the_session(as_alice: Client) -> None:
    as_alice.post(reverse("account_logout"))
    assert "_auth_user_id" not in as_alice.session


@pytest.mark.parametrize(
    "name",
    [
        "account_login",
        "account_signup",
        "account_reset_password",
        "account_reset_password_done",
        "account_reset_password_from_key_done",
        "account_email_verification_sent",
        "account_inactive",
        "account-deleted",
    ],
)
def test_each_page_of_a_visitor_is_in_our_frame(client: Client, name: str) -> None:
    page = client.get(reverse(name)).content.decode()
    assert page.count("<h1") == 1
    assert 'class="skip"' in page


@pytest.mark.parametrize(
    "name",
    [
        "account_change_password",
        "account_email",
        "account_logout",
        "account_reauthenticate",
        "usersessions_list",
        "account-home",
        "account-notices",
        "account-export",
        "account-delete",
    ],
)
def test_each_page_of_a_person_is_in_our_frame(as_alice: Client, name: str) -> None:
    response = as_alice.get(reverse(name))
    page = response.content.decode()
    assert response.status_code == 200
    assert page.count("<h1") == 1
    assert 'class="skip"' in page


@pytest.mark.parametrize(
    "name",
    ["account-home", "account-notices", "account-export", "account-delete", "usersessions_list"],
)
def test_a_visitor_is_asked_to_sign_in(client: Client, name: str) -> None:
    response = client.get(reverse(name))
    assert response.status_code == 302
    assert response["Location"].startswith(reverse("account_login"))
