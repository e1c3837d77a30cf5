"""Who lets the model in: the operator by settings, the university, and the person by a yes."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Consent, User
from accounts.services import consent_give, consent_withdraw
from coach.models import Attempt, Feedback
from config.env import LanguageModelSettings
from tests.coach.factories import SuggestionFactory, judged
from tests.language_model.conftest import Speak
from tests.universities.test_settings import SETTINGS
from universities.models import AuditEvent, University

pytestmark = pytest.mark.django_db
PAGE = "/account/language-model/"
AGREE = {"do": "agree", "host": "127.0.0.1"}


def page_of(browser: Client) -> str:
    """The page in the account."""
    return browser.get(PAGE).content.decode()


def test_without_a_model_there_is_nothing_to_agree_to(as_alice: Client, alice: User) -> None:
    assert "no language model set up" in page_of(as_alice)
    as_alice.post(PAGE, {"do": "agree", "host": ""})
    assert not Consent.objects.exists()


def test_a_yes_is_dated_and_names_who_gets_the_text(
    speak: Speak, as_alice: Client, alice: User, university: University
) -> None:
    University.objects.update(language_model=True)
    assert "Yes, it may read what I submit" in page_of(as_alice)
    as_alice.post(PAGE, AGREE)
    [given] = Consent.objects.filter(user=alice)
    assert (given.recipient, given.withdrawn_at) == ("127.0.0.1", None)
    page = page_of(as_alice)
    assert "You said yes" in page
    assert "127.0.0.1" in page


def test_a_yes_is_taken_back_with_one_press_and_stays_on_record(
    agreed: User, as_alice: Client
) -> None:
    as_alice.post(PAGE, {"do": "withdraw"})
    [given] = Consent.objects.filter(user=agreed)
    assert given.withdrawn_at is not None
    assert "You have not said yes" in page_of(as_alice)


def test_a_yes_can_be_taken_back_when_the_model_is_gone(
    agreed: User, as_alice: Client, settings: Any
) -> None:
    settings.LANGUAGE_MODEL = LanguageModelSettings()
    assert "Take my yes back" in page_of(as_alice)
    as_alice.post(PAGE, {"do": "withdraw"})
    assert Consent.objects.get().withdrawn_at is not None


def test_a_yes_to_a_page_that_named_another_host_does_not_count(
    speak: Speak, as_alice: Client, university: University
) -> None:
    University.objects.update(language_model=True)
    as_alice.post(PAGE, AGREE | {"host": "models.example.org"})
    assert not Consent.objects.exists()


def test_another_host_asks_again_and_sends_nothing_until_then(
    agreed: User, as_alice: Client, settings: Any
) -> None:
    settings.LANGUAGE_MODEL = LanguageModelSettings("https://other.example.org/v1", "m")
    page = page_of(as_alice)
    assert "nothing is sent until you say yes again" in page
    as_alice.post(PAGE, {"do": "agree", "host": "other.example.org"})
    standing = Consent.objects.get(withdrawn_at=None)
    assert standing.recipient == "other.example.org"
    assert Consent.objects.count() == 2


def test_where_the_university_has_not_switched_it_on_the_page_says_so(
    speak: Speak, as_alice: Client, university: University
) -> None:
    page = page_of(as_alice)
    assert "North University has not switched it on" in page
    assert "Yes, it may read" not in page
    as_alice.post(PAGE, AGREE)
    assert not Consent.objects.exists()


def test_the_same_yes_twice_keeps_its_date(alice: User) -> None:
    first = consent_give(user=alice, purpose="language_model", words=1, recipient="a")
    assert consent_give(user=alice, purpose="language_model", words=1, recipient="a") == first
    assert consent_withdraw(user=alice, purpose="language_model")
    assert not consent_withdraw(user=alice, purpose="language_model")


def test_the_export_holds_what_was_agreed_to_and_what_was_suggested(
    agreed: User, attempt: Attempt, as_alice: Client
) -> None:
    judged(attempt)
    SuggestionFactory(job__feedback=Feedback.objects.get(), why="A remark of the model.")
    response = as_alice.post(reverse("account-export"))
    with zipfile.ZipFile(io.BytesIO(response.content)) as archive:
        data = json.loads(archive.read("data.json"))
    assert data["accounts.consent"][0]["recipient"] == "127.0.0.1"
    suggested = data["coach.modelsuggestion"]
    assert "A remark of the model." in [row["why"] for row in suggested]


def test_a_university_switches_it_on_and_off_and_both_are_recorded(
    speak: Speak, as_carol: Client, university: University
) -> None:
    form = {"name": "North", "timezone": "UTC", "join_by_code": "on"}
    as_carol.post(SETTINGS, form | {"language_model": "on"})
    university.refresh_from_db()
    assert university.language_model
    as_carol.post(SETTINGS, form)
    university.refresh_from_db()
    assert not university.language_model
    switched = AuditEvent.objects.filter(action="university.language_model").order_by("pk")
    assert [event.subject for event in switched] == ["on", "off"]


def test_a_university_sees_no_switch_where_there_is_no_model(
    as_carol: Client, university: University
) -> None:
    University.objects.update(language_model=True)
    assert 'name="language_model"' not in as_carol.get(SETTINGS).content.decode()
    as_carol.post(SETTINGS, {"name": "North", "timezone": "UTC", "language_model": ""})
    university.refresh_from_db()
    assert university.language_model, "what cannot be seen is not changed"


def test_a_students_request_cannot_switch_it_on(as_alice: Client, university: University) -> None:
    assert as_alice.post(SETTINGS, {"name": "X", "language_model": "on"}).status_code == 404
    university.refresh_from_db()
    assert not university.language_model


def test_the_pages_about_the_site_say_where_a_text_may_go(
    client: Client, settings: Any, db: None
) -> None:
    about = {
        name: client.get(reverse(name)).content.decode() for name in ("privacy", "about-feedback")
    }
    assert all("sent to no other company" in page for page in about.values())
    settings.LANGUAGE_MODEL = LanguageModelSettings("https://models.example.org/v1", "big-one")
    about = {
        name: client.get(reverse(name)).content.decode() for name in ("privacy", "about-feedback")
    }
    assert all("models.example.org" in page for page in about.values())
    assert not any("sent to no other company" in page for page in about.values())


def test_the_health_page_says_whether_a_model_is_set_up_and_nothing_about_it(
    client: Client, speak: Speak
) -> None:
    body = client.get("/healthz").json()["language_model"]
    assert body == {"set_up": True, "waiting": 0, "given_up_last_hour": 0}
