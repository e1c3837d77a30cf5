"""What a language model suggests, as a student and a university's staff see it."""

from __future__ import annotations

import time
from typing import Any

import pytest
from playwright.sync_api import expect

from accounts.models import Purpose, User
from accounts.services import consent_give
from coach.models import Feedback, Message
from coach.selectors.language_model import CONSENT_WORDS
from config.env import LanguageModelSettings
from tests.coach.factories import (
    ModelJobFactory,
    SuggestionFactory,
    judged,
    play,
    question_of,
)
from tests.journeys.play import Site
from tests.journeys.test_accessibility import Eyes
from universities.models import University

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
HOST = "models.example.org"
VERSIONS = {"prompts": "1.0+0a1b2c3d", "guards": "1.0", "rubric": "1.0"}


@pytest.fixture
def model(settings: Any) -> None:
    """A model is set up; nobody asks it here."""
    settings.LANGUAGE_MODEL = LanguageModelSettings(f"https://{HOST}/v1", "a-large-model")


def test_pages_about_the_language_model(
    site: Site, model: None, alice: User, carol: User, university: University
) -> None:
    eyes, staff = Eyes(site, alice), Eyes(site, carol)
    eyes.look("/account/language-model/", "/about/privacy/", "/about/feedback/")
    staff.look("/universities/north/settings/")
    staff.page.get_by_label("A language model may add").check()
    staff.page.get_by_role("button", name="Save").click()
    expect(staff.page.get_by_text("The settings are saved.")).to_be_visible()
    eyes.look("/account/language-model/")
    eyes.page.get_by_role("button", name="Yes, it may read what I submit").click()
    expect(eyes.page.get_by_text("You said yes")).to_be_visible()
    eyes.see("agreed")
    eyes.page.get_by_role("button", name="Take my yes back").click()
    expect(eyes.page.get_by_text("You have not said yes")).to_be_visible()
    assert not alice.consents.filter(withdrawn_at=None).exists()
    assert eyes.found + staff.found == [], "\n".join(eyes.found + staff.found)


def _the_report(patience: int = 150) -> Feedback:
    """Return the one report; the journey's worker may have taken the job and be making it."""
    for _ in range(patience):
        if (found := Feedback.objects.first()) is not None:
            return found
        time.sleep(0.2)
    pytest.fail("Nobody made the report within half a minute.")


def test_suggestions_in_a_report_and_in_a_conversation(
    site: Site, model: None, alice: User
) -> None:
    consent_give(user=alice, purpose=Purpose.LANGUAGE_MODEL, words=CONSENT_WORDS, recipient=HOST)
    question_of()
    attempt = play(alice)
    judged(attempt)
    job = ModelJobFactory(feedback=_the_report(), versions=VERSIONS)
    SuggestionFactory(job=job, title="No reason that compares", rewrite="Say what speaks for them.")
    SuggestionFactory(job=job, position=1, kind="rewording", title="No size", quote="")
    asked = Message.objects.create(
        attempt=attempt, step="segment", author="coach", kind="follow_up",
        text="Why these?", html="<p>Why these?</p>", data={"number": 1},
    )  # fmt: skip
    SuggestionFactory(
        job=ModelJobFactory(message=asked), kind="rewording", quote="", mistake="",
        title="Why these?", why="What speaks for the curious ones and against the others?",
    )  # fmt: skip
    eyes = Eyes(site, alice)
    eyes.look(f"/practice/{attempt.pk}/report/")
    part = eyes.page.get_by_role("complementary", name="Suggested by the language model")
    expect(part.get_by_role("listitem")).to_have_count(2)
    part.get_by_role("button", name="Dismiss No size").click()
    expect(part.get_by_role("listitem")).to_have_count(1)
    eyes.look(f"/practice/{attempt.pk}/segment/")
    again = eyes.page.get_by_text("In other words, by the language model")
    expect(again).to_be_visible()
    eyes.page.get_by_role("button", name="Dismiss these other words").click()
    expect(again).to_be_hidden()
    assert not eyes.found, "\n".join(eyes.found)
