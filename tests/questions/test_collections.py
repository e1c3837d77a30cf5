"""Pages of guides and paths: what is in them, where the reader stands, what stays closed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import pytest
from django.http import HttpRequest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from questions import standing
from questions.models import Audience, Collection, CollectionItem, CollectionKind, Company, Question
from questions.services.library import case_load
from questions.standing import Standing
from tests.conftest import signed_in
from tests.questions.cases import variant
from tests.questions.test_pages import Known

pytestmark = pytest.mark.django_db
ALL = "/questions/collections/"
GUIDE = "/questions/collections/spotify/"


@pytest.fixture(autouse=True)
def nobody_stands_anywhere() -> Iterator[None]:
    """No source of standings, whatever the rest of the site has registered."""
    kept = list(standing._sources)
    standing._sources.clear()
    yield
    standing._sources[:] = kept


@pytest.fixture
def questions() -> list[Question]:
    """Three questions."""
    for number in range(3):
        case_load(
            case=variant(slug=f"case-{number}", title=f"Case {number}", prompt=f"Do {number}?")
        )
    return list(Question.objects.order_by("slug"))


@pytest.fixture
def guide(questions: list[Question]) -> Collection:
    """A company guide with the three, the last one first."""
    company = Company.objects.create(slug="spotify", name="Spotify")
    return made("spotify", CollectionKind.COMPANY_GUIDE, questions[::-1], company)


def made(
    slug: str, kind: str, questions: Sequence[Question], company: Company | None = None
) -> Collection:
    collection = Collection.objects.create(
        slug=slug,
        kind=kind,
        title=slug.title(),
        summary="S.",
        text="**Ask** first.",
        company=company,
    )
    for place, question in enumerate(questions, start=1):
        CollectionItem.objects.create(
            collection=collection, question=question, position=place, note=f"Reason {place}."
        )
    return collection


class Played(Known):
    """A source to whom the first question is finished and the others are not started."""

    def standings(
        self, request: HttpRequest, question_ids: Sequence[int]
    ) -> Mapping[int, Standing]:
        return {min(question_ids): Standing("finished", url="/report/")}


def page(client: Client, url: str) -> str:
    response = client.get(url)
    assert response.status_code == 200
    return response.content.decode()


def test_a_guide_shows_its_words_and_its_cases_in_order(client: Client, guide: Collection):
    html = page(client, GUIDE)
    assert "<strong>Ask</strong> first." in html
    assert html.index("Do 2?") < html.index("Do 1?") < html.index("Do 0?")
    assert "Reason 1." in html
    assert "Start with Case 2" in html


def test_what_is_done_is_counted_and_the_next_case_is_offered(client: Client, guide: Collection):
    standing.register(Played())
    html = page(client, GUIDE)
    assert "Finished" in html
    assert '<span class="num">1</span> done' in html
    assert "Next: Case 2" in html
    assert '<span class="num">1</span> done' in page(client, ALL)


def test_a_guide_that_is_done_says_so(client: Client, questions: list[Question]):
    made("spotify", CollectionKind.PATH, questions[:1])
    standing.register(Played())
    html = page(client, GUIDE)
    assert "All of them done" in html
    assert "Start with" not in html


def test_a_case_that_was_begun_is_gone_on_with(client: Client, guide: Collection):
    standing.register(Known())
    html = page(client, GUIDE)
    assert "Go on with Case 2" in html
    assert 'href="/go/"' in html


def test_all_guides_and_paths_are_listed_with_what_they_are_for(
    client: Client, guide: Collection, questions: list[Question]
):
    made("metrics", CollectionKind.PATH, questions)
    html = page(client, ALL)
    assert html.index('href="/questions/collections/metrics/"') < html.index(f'href="{GUIDE}"')
    assert '<span class="num">3</span> cases' in html


def test_questions_that_are_not_open_are_neither_shown_nor_counted(
    client: Client, guide: Collection, questions: list[Question]
):
    Question.objects.filter(slug="case-0").update(audience=Audience.MEMBERS)
    Question.objects.filter(slug="case-1").update(retired_at=timezone.now())
    html = page(client, GUIDE)
    assert "Do 2?" in html
    assert "Do 0?" not in html
    assert "Do 1?" not in html
    assert '<span class="num">1</span> case' in page(client, ALL)


def test_a_collection_without_an_open_case_is_not_listed(client: Client, guide: Collection):
    Question.objects.update(retired_at=timezone.now())
    assert GUIDE not in page(client, ALL)
    assert "None of these cases is open to you" in page(client, GUIDE)


def test_without_guides_the_page_says_what_will_be_here(client: Client):
    assert "No guides yet" in page(client, ALL)


def test_a_list_of_a_person_is_no_guide(client: Client, alice: User, questions: list[Question]):
    own = Collection.objects.create(slug="mine", kind="list", title="Mine", owner=alice)
    assert signed_in(alice).get("/questions/collections/mine/").status_code == 404
    assert own.title not in page(client, ALL)


def test_the_pages_take_as_many_queries_for_many_collections_as_for_one(
    client: Client,
    guide: Collection,
    questions: list[Question],
    django_assert_max_num_queries: DjangoAssertNumQueries,
):
    for number in range(6):
        made(f"path-{number}", CollectionKind.PATH, questions)
    page(client, ALL)
    with django_assert_max_num_queries(7):
        page(client, ALL)
    with django_assert_max_num_queries(3):
        page(client, GUIDE)
