"""The main job, end to end: play, sign up, join, submit, be reviewed, read it, fetch the result."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from accounts.models import User
from coach.models import Attempt, ReviewComment
from tests.journeys.play import (
    ASK_FIGURES,
    ASK_SHOPPERS,
    PLAY,
    STEPS,
    Site,
    composer,
    done,
    fill_artefact,
    say,
    sign_in,
    start_shop,
)
from universities.models import University

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
GMV = "Gross merchandise value per month"
KEY = re.compile(r"pmc_\w{8}_[\w-]{43}")


def test_a_visitor_plays_signs_up_is_reviewed_and_the_university_reads_the_result(
    site: Site, page: Page, university: University, bob: User, carol: User
) -> None:
    play_the_case(page)
    sign_up_and_keep_the_attempt(page)
    join(page, university)
    hand_in(page, university)

    review(site.browser(), bob)
    read_the_review(page)
    results = fetch_results(site.browser(), carol)

    [result] = results
    assert result["state"] == "released"
    assert result["reviewed_by"] == "Bob"
    criteria = [mark for step in result["steps"] for mark in step["criteria"]]
    assert [mark["level"] for mark in criteria].count(2) == 1
    assert {mark["level"] for mark in criteria} == {2, 3}


def play_the_case(page: Page) -> None:
    start_shop(page)
    clarify(page)
    for step in STEPS[1:]:
        expect(page.locator("li.is-now")).to_contain_text(title_of(step))
        # The card of the step before comes by itself: the page is not loaded again.
        expect(page.locator("#stream section.feedback:not(.is-waiting)").first).to_be_visible()
        if step == "metrics":
            take_a_number_from_the_lab(page)
        else:
            say(page, PLAY[step].said)
        if step != "summary":
            fill_artefact(page, PLAY[step])
        done(page)
    page.wait_for_url("**/report/")
    expect(page.get_by_role("heading", name="Feedback on")).to_have_count(0)


def title_of(step: str) -> str:
    return step.replace("_", " ").capitalize()


def clarify(page: Page) -> None:
    say(page, ASK_FIGURES)
    facts = page.locator("#stream .card.fact")
    expect(facts.first).to_contain_text("$30")
    expect(page.locator("#ledger-body")).to_contain_text("$30")
    say(page, ASK_SHOPPERS)
    expect(page.locator("#ledger-body")).to_contain_text("200,000")

    composer(page).fill("half a sentence")
    page.get_by_role("button", name="Hint S").click()
    expect(page.locator("#stream .hint")).to_contain_text("Hint")
    expect(composer(page)).to_have_value("half a sentence")

    composer(page).fill("I assume one market and no subsidies.")
    fill_artefact(page, PLAY["clarify"])
    done(page)


def take_a_number_from_the_lab(page: Page) -> None:
    composer(page).fill(PLAY["metrics"].said)
    expect(page.locator(".dock [data-saved]")).to_have_text("Draft saved")
    page.get_by_role("link", name="Open in the lab").click()
    page.wait_for_url("**/lab/")
    page.get_by_label("On top of the tree").select_option(label=GMV)
    top = page.locator("#kpi-tree tr.star")
    expect(top).to_contain_text("$6.0 million")
    page.get_by_label("Conversion, number").fill("2.5")
    expect(top).to_contain_text("$7.5 million")
    page.get_by_role("button", name="Put into my answer").click()
    expect(composer(page)).to_have_value(re.compile("Primary metric.* With .* goes from", re.S))


def sign_up_and_keep_the_attempt(page: Page) -> None:
    expect(page.locator(".verdict .level")).to_be_visible()
    page.locator("summary", has_text="as others pass it").first.click()
    expect(page.get_by_text("Solid, would pass").first).to_be_visible()
    report = page.url
    page.locator("main").get_by_role("link", name="Sign up").click()
    page.get_by_label("Email").fill("vera@example.com")
    page.get_by_label("Password").fill("a long enough passphrase")
    page.get_by_label("Name").fill("Vera Visitor")
    page.get_by_role("button", name="Make the account").click()
    page.wait_for_url(report)
    assert Attempt.objects.get().owner == User.objects.get(email="vera@example.com")


def join(page: Page, university: University) -> None:
    page.goto("/universities/")
    page.get_by_label("Join code").fill(university.join_code.lower())
    page.get_by_role("button", name="Join").click()
    expect(page.locator("main")).to_contain_text(university.name)


def hand_in(page: Page, university: University) -> None:
    page.goto(f"/practice/{Attempt.objects.get().pk}/report/")
    page.get_by_role("link", name="Submit to a coach").click()
    expect(page.get_by_role("radio", name=university.name)).to_be_checked()
    page.get_by_role("button", name="Submit", exact=True).click()
    expect(page.locator("main")).to_contain_text(f"in the queue of {university.name}")


def review(page: Page, coach: User) -> None:
    sign_in(page, coach.email, "/desk/")
    page.get_by_role("link", name="Vera Visitor").click()
    page.get_by_role("button", name="Claim").click()
    # The end of the page: what is counted next is all there.
    expect(page.get_by_role("button", name="Release to the student")).to_be_visible()

    for criterion in page.locator(".rubric-step .crit .seg").all():
        criterion.locator("label:has([value='3'])").click()
    page.locator("#m-segment .seg").first.locator("label:has([value='2'])").click()
    for each in page.locator(".rubric-step [data-saved]").all():
        expect(each).to_have_text("Saved")

    comment_on_selected_words(page)
    decide_on_findings(page)
    page.get_by_label("To the student").fill("A clear choice. Say how you know the 30 %.")
    page.get_by_role("button", name="Release to the student").click()
    expect(page.locator("main")).to_contain_text("Released by you")


def comment_on_selected_words(page: Page) -> None:
    text = page.locator("[data-step-text=segment]")
    text.locator("[data-start]").first.evaluate(
        """(part) => { const range = document.createRange();
        range.setStart(part.firstChild, 2); range.setEnd(part.firstChild, 7);
        getSelection().removeAllRanges(); getSelection().addRange(range); }"""
    )
    expect(page.get_by_label("Words it is about, in Segment")).to_have_value("split")
    page.get_by_label("Comment on Segment").fill("By one dimension: good.")
    text.get_by_role("button", name="Save comment").click()
    comment = page.get_by_role("group", name="comment")
    expect(comment).to_contain_text("By one dimension: good.")
    assert ReviewComment.objects.get().quote == "split"


def decide_on_findings(page: Page) -> None:
    undecided = page.locator(".note-auto:not(.is-accept)")
    undecided.first.get_by_role("button", name="Accept").click()
    expect(page.locator(".note-auto.is-accept")).to_have_count(1)
    undecided.first.get_by_role("button", name="Drop").click()
    expect(page.locator(".note-auto.is-drop")).to_have_count(1)


def read_the_review(page: Page) -> None:
    page.goto("/account/notices/")
    page.locator("main").get_by_role("button", name=re.compile("Bob has reviewed")).click()
    main = page.locator("main")
    expect(main.get_by_role("heading", name="From Bob")).to_be_visible()
    expect(main).to_contain_text("By one dimension: good.")
    expect(main).to_contain_text("found by the rules, accepted by Bob")
    expect(main.get_by_role("note", name="Finding")).to_have_count(1)


def fetch_results(page: Page, staff: User) -> list[dict[str, object]]:
    sign_in(page, staff.email, "/universities/north/keys/")
    page.get_by_label("What it is for").fill("Results to the faculty")
    page.get_by_label("Read released results").check()
    page.get_by_role("button", name="Make the key").click()
    [key] = KEY.findall(page.locator("main pre").inner_text())
    answer = Client().get("/api/v1/results", headers={"Authorization": f"Bearer {key}"})
    assert answer.status_code == 200
    return answer.json()["results"]
