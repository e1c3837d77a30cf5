"""Following a guide into a case, and keeping a list of one's own, with and without a script."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from questions.models import Collection, CollectionKind
from questions.services.saved_lists import list_make, list_put
from tests.coach.factories import question_of
from tests.conftest import signed_in
from tests.journeys.looking import faults
from tests.journeys.play import Site

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
GUIDED = ("improve-tiktok-shop", "improve-duolingo", "shop-conversion-falls-in-spain")


@pytest.fixture
def guide(site: Site) -> Collection:
    """A guide of three cases."""
    guide = Collection.objects.create(
        slug="begin",
        kind=CollectionKind.PATH,
        title="Where to begin",
        summary="Three cases.",
        text="Play them **in this order**.\n\n- Read each report.\n- Rewrite one step.",
    )
    for place, slug in enumerate(GUIDED, start=1):
        guide.items.create(question=question_of(slug), position=place, note=f"Reason {place}.")
    return guide


def browser(site: Site, user: User, **options: bool) -> Page:
    page = site.browser(**options)
    key = signed_in(user).session.session_key
    page.context.add_cookies([{"name": "session", "value": key, "url": site.url}])
    return page


@pytest.mark.usefixtures("guide")
def test_a_visitor_goes_from_the_bank_through_a_path_into_a_case(site: Site) -> None:
    page = site.browser()
    page.goto("/questions/")
    expect(page.get_by_text("Case of the week:")).to_be_visible()
    page.get_by_role("link", name="Guides and paths").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Guides and paths")
    assert faults(page, "guides and paths") == []
    page.get_by_role("link", name="Where to begin").click()
    expect(page.locator(".places li")).to_have_count(3)
    assert faults(page, "a path") == []
    page.get_by_role("link", name="Start with Improve TikTok Shop").click()
    page.get_by_role("button", name="Start guided").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("How would you improve TikTok Shop?")
    page.goto("/questions/collections/begin/")
    expect(page.get_by_role("link", name="Go on with Improve TikTok Shop")).to_be_visible()
    expect(page.locator(".places")).to_contain_text("In progress")


@pytest.mark.parametrize("script", [True, False])
@pytest.mark.usefixtures("guide")
def test_a_list_is_made_filled_ordered_and_deleted(site: Site, alice: User, script: bool) -> None:
    page = browser(site, alice, java_script_enabled=script)
    page.goto("/questions/lists/")
    page.get_by_label("Name").fill("For November")
    page.get_by_role("button", name="Make it").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("For November")
    for slug in ("improve-tiktok-shop", "improve-duolingo"):
        page.goto(f"/questions/{slug}/")
        page.locator("summary", has_text="Put into a list").click()
        page.get_by_label("List", exact=True).select_option("For November")
        page.get_by_role("button", name="Put it in").click()
        expect(page.locator(".keep").get_by_role("link", name="For November")).to_be_visible()
    page.get_by_role("link", name="For November").click()
    prompts = page.locator(".places h3")
    expect(prompts).to_have_text(
        ["How would you improve TikTok Shop?", "How would you improve Duolingo?"]
    )
    page.get_by_role("button", name="Up Improve Duolingo").press("Enter")
    expect(prompts).to_have_text(
        ["How would you improve Duolingo?", "How would you improve TikTok Shop?"]
    )
    expect(page.get_by_role("button", name="Down Improve Duolingo")).to_be_focused()
    page.locator("summary", has_text="Write a note").first.click()
    page.get_by_label("Your note").first.fill("Ask what coming back is good for")
    page.get_by_role("button", name="Save the note").first.click()
    expect(page.locator(".place-note")).to_have_text("Ask what coming back is good for")
    page.get_by_role("button", name="Take out Improve TikTok Shop").click()
    expect(prompts).to_have_count(1)
    page.get_by_role("link", name="Rename or delete").click()
    page.get_by_role("button", name="Delete the list").click()
    expect(page.get_by_role("main")).to_contain_text("No lists yet")


@pytest.mark.usefixtures("guide")
def test_pages_of_ones_own_lists_are_in_order(site: Site, alice: User) -> None:
    made = list_make(owner=alice, title="For November", summary="Two a week")
    for slug in GUIDED[:2]:
        list_put(collection=made, question=question_of(slug))
    page = browser(site, alice)
    found: list[str] = []
    addresses = ("", "for-november/", "for-november/change/")
    for address in (
        *(f"/questions/lists/{each}" for each in addresses),
        f"/questions/{GUIDED[2]}/lists/",
    ):
        page.goto(address)
        found += faults(page, address)
    page.goto("/questions/lists/")
    page.get_by_label("Name").fill("for november")
    page.get_by_role("button", name="Make it").click()
    expect(page.get_by_role("alert")).to_contain_text("You have a list with this name already")
    found += faults(page, "a name that is taken")
    page.goto(f"/questions/{GUIDED[2]}/")
    page.locator("summary", has_text="Put into a list").click()
    found += faults(page, "the form on a question's page")
    assert found == []
