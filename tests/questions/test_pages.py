"""The bank's pages: list, filters, one question; with and without htmx."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import pytest
from django.http import HttpRequest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from questions import standing
from questions.models import Question, Sight
from questions.selectors import bank as bank_selectors
from questions.selectors.bank import Filters, question_list
from questions.selectors.shelf import open_shelf
from questions.services.library import case_load
from questions.standing import Standing, Suggestion
from tests.questions.cases import tiktok, variant

LIST = "/questions/"
DETAIL = "/questions/improve-tiktok-shop/"
HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def nobody_stands_anywhere() -> Iterator[None]:
    """No source of standings, whatever the rest of the site has registered."""
    kept = list(standing._sources)
    standing._sources.clear()
    yield
    standing._sources[:] = kept


@pytest.fixture
def shop(db: None) -> Question:
    """The TikTok Shop question alone."""
    case_load(case=tiktok())
    return Question.objects.get()


@pytest.fixture
def bank(shop: Question) -> None:
    """Fourteen questions: two pages."""
    for number in range(13):
        case_load(
            case=variant(
                slug=f"case-{number:02}",
                title=f"Case {number:02}",
                prompt=f"Case {number:02}?",
                difficulty="easy" if number < 5 else "medium",
                minutes=15 if number < 3 else 45,
                companies=("Airbnb", "Uber") if number % 2 else ("Spotify",),
                tags=("marketplace",),
            )
        )


class Known:
    """A source of standings that knows one thing about every question."""

    def sight(self, request: HttpRequest) -> Sight:
        return Sight()

    def ranked(self, request: HttpRequest) -> Mapping[int, str]:
        last = Question.objects.order_by("-pk").first()
        return {last.pk: "It is the newest."} if last else {}

    def standings(
        self, request: HttpRequest, question_ids: Sequence[int]
    ) -> Mapping[int, Standing]:
        return {pk: Standing("in_progress", "Segment, 2 of 7", url="/go/") for pk in question_ids}

    def suggestions(self, request: HttpRequest) -> Sequence[Suggestion]:
        return [Suggestion("Where you stopped", "Improve it", "/go/", "Segment", "Continue", True)]

    def has_submitted(self, request: HttpRequest, question_id: int) -> bool:
        return False

    def results(self, question_id: int) -> None:
        return None


def page(client: Client, url: str, **headers: str) -> str:
    response = client.get(url, headers=headers)
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.usefixtures("bank")
def test_the_list_shows_the_first_page_and_leads_to_the_second(
    client: Client, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(bank_selectors, "PAGE_SIZE", 12)
    html = page(client, LIST)
    assert "14 questions" in html
    assert html.count('role="rowheader"') == 12
    assert "?page=2" in html
    assert "How would you improve TikTok Shop?" in html  # the case a newcomer meets first


@pytest.mark.usefixtures("bank")
def test_filters_add_up_between_groups_and_widen_within_one(client: Client):
    html = page(client, f"{LIST}?difficulty=easy&difficulty=hard&company=tiktok&company=uber")
    # Cases 1 and 3 are easy and Uber's; the shop is hard and TikTok's.
    assert "3 questions" in html


@pytest.mark.usefixtures("bank")
def test_the_counts_of_a_group_ignore_its_own_choice_and_heed_the_others():
    facets = {
        facet.name: facet
        for facet in question_list(open_shelf(Sight()), Filters(difficulties=("easy",))).facets
    }
    difficulty = {value.value: value.count for value in facets["difficulty"].values}
    assert difficulty == {"easy": 5, "medium": 8, "hard": 1}
    assert {value.value: value.count for value in facets["minutes"].values} == {
        "short": 3,
        "medium": 0,
        "long": 2,
    }
    assert {value.value: value.count for value in facets["company"].values} == {
        "spotify": 3,
        "airbnb": 2,
        "uber": 2,
    }


@pytest.mark.usefixtures("bank")
def test_what_is_chosen_stays_ticked_and_can_be_taken_away(client: Client):
    html = page(client, f"{LIST}?difficulty=easy&q=case&sort=shortest")
    assert 'value="easy" checked' in html
    assert 'value="case"' in html
    assert 'value="shortest" selected' in html
    assert 'href="?q=case&amp;sort=shortest"' in html


@pytest.mark.usefixtures("bank")
def test_an_unknown_filter_value_is_named_and_the_rest_still_applies(client: Client):
    html = page(client, f"{LIST}?type=riddle&difficulty=easy&q=case")
    assert "nothing called “riddle”" in html
    assert "5 questions" in html
    assert 'value="case"' in html


@pytest.mark.usefixtures("bank")
def test_a_search_that_is_too_long_says_so_and_keeps_what_was_typed(client: Client):
    typed = "case " * 30
    html = page(client, f"{LIST}?q={typed}")
    assert "Search with at most 120 characters." in html
    assert f'value="{typed}"' in html


@pytest.mark.parametrize("query", ["page=0", "page=x", "page=99", "sort=sideways", "minutes=-1"])
@pytest.mark.usefixtures("bank")
def test_a_bad_page_order_or_length_still_shows_questions(client: Client, query: str):
    assert 'role="rowheader"' in page(client, f"{LIST}?{query}")


@pytest.mark.usefixtures("bank")
def test_a_null_character_in_the_search_is_no_error(client: Client):
    assert client.get(LIST, {"q": "tik\0tok", "type": "\0"}).status_code == 200


@pytest.mark.usefixtures("shop")
def test_a_mistyped_search_says_what_is_shown_instead(client: Client):
    html = page(client, f"{LIST}?q=tiktk")
    assert "How would you improve TikTok Shop?" in html
    assert "Showing what fits <b>tiktok</b>" in html


@pytest.mark.usefixtures("shop")
def test_what_was_typed_is_shown_as_text(client: Client):
    html = page(client, f"{LIST}?q=<script>alert(1)</script>&type=<b>")
    assert "<script>alert" not in html
    assert "“<b>”" not in html


@pytest.mark.usefixtures("shop")
def test_nothing_found_says_what_to_do(client: Client):
    html = page(client, f"{LIST}?type=strategy")
    assert "Nothing fits all of this" in html
    assert "Show all questions" in html


@pytest.mark.django_db
def test_an_empty_bank_says_what_will_be_here(client: Client):
    assert "No questions yet" in page(client, LIST)


@pytest.mark.usefixtures("shop")
def test_htmx_gets_the_results_and_the_new_counts_only(client: Client):
    response = client.get(LIST, headers=HTMX)
    html = response.content.decode()
    assert "<html" not in html
    assert 'id="results"' in html
    assert 'id="facets" hx-swap-oob="true"' in html
    assert "HX-Request" in response["Vary"]


@pytest.mark.usefixtures("shop")
def test_going_back_in_the_history_gets_the_whole_page(client: Client):
    headers = {**HTMX, "HX-History-Restore-Request": "true"}
    assert "<html" in page(client, LIST, **headers)


@pytest.mark.usefixtures("bank")
def test_the_list_takes_as_many_queries_for_fourteen_questions_as_for_one(
    client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
):
    page(client, f"{LIST}?q=csae")  # reads the columns and the words of the bank
    with django_assert_max_num_queries(2):
        page(client, LIST)
    with django_assert_max_num_queries(7):
        page(client, f"{LIST}?q=csae&difficulty=easy&company=uber&tag=marketplace")


@pytest.mark.usefixtures("shop")
def test_standings_and_suggestions_of_the_coach_are_shown(client: Client):
    standing.register(Known())
    html = page(client, LIST)
    assert "Segment, 2 of 7" in html
    assert "Right for you now" in html


def test_a_question_says_what_it_trains_how_long_and_in_which_steps(client: Client, shop: Question):
    html = page(client, DETAIL)
    assert "you learn to ask before you multiply" in html
    assert "30 minutes" in html
    assert html.index("Clarify") < html.index("Pain points") < html.index("Summary")
    assert html.count('method="post" action="/practice/start/improve-tiktok-shop/"') == 3
    for mode in ("guided", "mock", "drill"):
        assert f'value="{mode}"' in html


def test_a_question_gives_no_fact_hint_example_or_trap_away(client: Client, shop: Question):
    html = page(client, DETAIL)
    case = tiktok()
    for step in case.steps.values():
        assert step.hints.small not in html
        assert step.examples.level_4.text[:40] not in html
    for fact in case.facts:
        assert fact.answer[:40] not in html


def test_the_page_of_a_question_takes_few_queries(
    client: Client, shop: Question, django_assert_max_num_queries: DjangoAssertNumQueries
):
    page(client, DETAIL)
    with django_assert_max_num_queries(9):
        page(client, DETAIL)


def test_a_started_question_can_be_continued(client: Client, shop: Question):
    standing.register(Known())
    assert 'href="/go/"' in page(client, DETAIL)


def test_a_withdrawn_or_unknown_question_is_not_found(client: Client, shop: Question):
    Question.objects.update(published_at=None)
    assert client.get(DETAIL).status_code == 404
    assert client.get(f"{LIST}nothing/").status_code == 404


def test_pages_only_answer_reading(client: Client, shop: Question):
    assert client.post(LIST).status_code == 405
    assert client.post(DETAIL).status_code == 405
