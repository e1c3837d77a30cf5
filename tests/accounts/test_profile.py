"""The profile, notices and the browsers one is signed in with."""

from __future__ import annotations

import pytest
from allauth.usersessions.models import UserSession
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.models import Notice, User
from accounts.services import notice_create
from tests.factories import PASSWORD, NoticeFactory

pytestmark = pytest.mark.django_db
HOME = "/account/"
PROFILE = {"name": "Ada", "timezone": "Europe/Berlin", "interview_date": "", "extra_time": "25"}


def sign_in(user: User) -> Client:
    """Sign in as a browser does, so that the browser is listed."""
    browser = Client()
    browser.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})
    return browser


def test_the_profile_is_saved(as_alice: Client, alice: User) -> None:
    response = as_alice.post(HOME, PROFILE)
    alice.refresh_from_db()
    assert response.status_code == 302
    assert (alice.name, alice.timezone, alice.extra_time) == ("Ada", "Europe/Berlin", 25)


def test_a_wrong_profile_says_so_beside_the_field_and_keeps_the_rest(
    as_alice: Client, alice: User
) -> None:
    response = as_alice.post(HOME, {**PROFILE, "timezone": "Moon/Sea"})
    page = response.content.decode()
    alice.refresh_from_db()
    assert 'value="Ada"' in page
    assert 'id="id_timezone_error"' in page
    assert alice.name == "Alice"


def test_a_profile_cannot_give_rights(as_alice: Client, alice: User) -> None:
    as_alice.post(HOME, {**PROFILE, "is_staff": "on", "email": "x@example.com"})
    alice.refresh_from_db()
    assert (alice.is_staff, alice.email) == (False, "alice@example.com")


def test_the_account_page_needs_few_queries(
    as_alice: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(6):
        as_alice.get(HOME)


def test_notices_are_listed_newest_first_with_a_steady_number_of_queries(
    as_alice: Client, alice: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    NoticeFactory.create_batch(12, user=alice)
    with django_assert_max_num_queries(8):
        page = as_alice.get(reverse("account-notices")).content.decode()
    assert page.count("Your review is there.") >= 12


def test_opening_a_notice_marks_it_read_and_leads_on(as_alice: Client, alice: User) -> None:
    notice = notice_create(user=alice, text="A review was released.", url="/practice/")
    response = as_alice.post(reverse("account-notice-open", args=[notice.pk]))
    notice.refresh_from_db()
    assert response["Location"] == "/practice/"
    assert notice.read_at is not None


def test_a_notice_never_leads_to_another_site(as_alice: Client, alice: User) -> None:
    notice = notice_create(user=alice, text="Look.", url="//evil.example/")
    response = as_alice.post(reverse("account-notice-open", args=[notice.pk]))
    assert response["Location"] == reverse("account-notices")


def test_all_notices_are_marked_read(as_alice: Client, alice: User, bob: User) -> None:
    NoticeFactory(user=alice)
    NoticeFactory(user=bob)
    as_alice.post(reverse("account-notices-read"))
    assert list(Notice.objects.filter(read_at__isnull=True).values_list("user", flat=True)) == [
        bob.pk
    ]


def test_a_stranger_cannot_open_anothers_notice(as_charlie: Client, alice: User) -> None:
    notice = NoticeFactory(user=alice)
    assert as_charlie.post(reverse("account-notice-open", args=[notice.pk])).status_code == 404
    notice.refresh_from_db()
    assert notice.read_at is None


def test_signing_out_one_browser_leaves_this_one(alice: User) -> None:
    here, elsewhere = sign_in(alice), sign_in(alice)
    other = UserSession.objects.get(session_key=elsewhere.session.session_key)
    here.post(reverse("account-session-end", args=[other.pk]))
    assert here.get(HOME).status_code == 200
    assert elsewhere.get(HOME).status_code == 302


def test_signing_out_everywhere_else_leaves_this_browser(alice: User) -> None:
    here, elsewhere = sign_in(alice), sign_in(alice)
    here.post(reverse("usersessions_list"))
    assert here.get(HOME).status_code == 200
    assert elsewhere.get(HOME).status_code == 302


def test_signing_out_everywhere_ends_this_browser_too(alice: User) -> None:
    here, elsewhere = sign_in(alice), sign_in(alice)
    here.post(reverse("account-sessions-end"))
    assert here.get(HOME).status_code == 302
    assert elsewhere.get(HOME).status_code == 302


def test_a_stranger_cannot_sign_anothers_browser_out(as_charlie: Client, alice: User) -> None:
    browser = sign_in(alice)
    session = UserSession.objects.get(user=alice)
    assert as_charlie.post(reverse("account-session-end", args=[session.pk])).status_code == 404
    assert browser.get(HOME).status_code == 200


def test_the_list_of_browsers_marks_this_one(alice: User) -> None:
    here = sign_in(alice)
    sign_in(alice)
    page = here.get(reverse("usersessions_list")).content.decode()
    assert page.count("This browser") == 1
