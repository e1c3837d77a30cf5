"""Search forgives unfinished words, typing errors and words that no question has."""

from collections.abc import Callable

import pytest
from pytest_django import DjangoAssertNumQueries

from questions import search
from questions.models import Question
from questions.services.library import case_load
from tests.questions.cases import variant


@pytest.fixture
def bank(db: None) -> None:
    """Three questions about different things."""
    frame = [
        ("improve-tiktok-shop", "Improve TikTok Shop", ("TikTok",), "What about the shop?"),
        ("grow-strava", "A watch for Strava", ("Strava",), "Should Strava build a watch?"),
        ("fix-uber", "Completed rides fall", ("Uber",), "Completed rides fell. Why?"),
    ]
    for slug, title, companies, prompt in frame:
        case_load(
            case=variant(
                slug=slug,
                title=title,
                companies=companies,
                prompt=prompt,
                why_practise=f"You learn about {title}.",
            )
        )


@pytest.fixture
def slugs() -> Callable[[str], list[str]]:
    """The slugs that a search finds, best first."""

    def slugs(text: str) -> list[str]:
        names = dict(Question.objects.values_list("pk", "slug"))
        return [names[pk] for pk in search.find(text).ids]

    return slugs


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("tiktok", "improve-tiktok-shop"),
        ("tikt", "improve-tiktok-shop"),
        ("STRAVA watch", "grow-strava"),
        ("rides falling", "fix-uber"),
        ("why do completed rides fall?", "fix-uber"),
    ],
)
@pytest.mark.usefixtures("bank")
def test_words_find_the_question_they_name(text: str, slug: str, slugs):
    assert slugs(text)[0] == slug


@pytest.mark.parametrize(
    ("text", "slug", "meant"),
    [
        ("tiktk", "improve-tiktok-shop", "tiktok"),
        ("tik tok shop", "improve-tiktok-shop", "tiktok shop"),
        ("stravva wach", "grow-strava", "strava watch"),
        ("compleeted rides", "fix-uber", "completed rides"),
    ],
)
@pytest.mark.usefixtures("bank")
def test_typing_errors_are_forgiven_and_named(text: str, slug: str, meant: str, slugs):
    assert slugs(text)[0] == slug
    assert search.find(text).corrected == meant


@pytest.mark.usefixtures("bank")
def test_a_word_no_question_has_leaves_those_with_the_other_words(slugs):
    assert slugs("strava submarine") == ["grow-strava"]
    assert search.find("strava submarine").loose


@pytest.mark.parametrize("text", ["", "   ", '"', "* OR (", "NEAR(", "';--", "&|!:", "xqzptw", "_"])
@pytest.mark.usefixtures("bank")
def test_nonsense_and_operators_find_nothing_and_break_nothing(text: str):
    assert search.find(text).ids == ()


@pytest.mark.usefixtures("bank")
def test_a_renamed_case_is_found_by_its_new_name_only(slugs):
    case_load(
        case=variant(
            slug="grow-strava",
            title="A bracelet for runners",
            companies=("Garmin",),
            prompt="Should they build a bracelet?",
            why_practise="You learn about bracelets.",
        )
    )
    assert slugs("bracelet") == ["grow-strava"]
    assert "grow-strava" not in slugs("strava")


@pytest.mark.usefixtures("bank")
def test_a_withdrawn_question_lends_no_words(slugs):
    Question.objects.filter(slug="grow-strava").update(published_at=None)
    assert search.find("stravva").corrected == ""


@pytest.mark.usefixtures("bank")
def test_a_search_takes_at_most_six_queries(
    django_assert_max_num_queries: DjangoAssertNumQueries,
):
    search.find("xqzptw")  # reads the words of the bank
    with django_assert_max_num_queries(6):
        search.find("stravva submarine xqzptw")


@pytest.mark.parametrize("text", ["cab rides dropped", "taxi", "taxis dropped"])
@pytest.mark.usefixtures("bank")
def test_another_word_for_it_finds_it_too(text: str, slugs):
    assert "fix-uber" in slugs(text)


@pytest.mark.usefixtures("bank")
def test_the_word_itself_comes_before_other_words_for_it(slugs):
    case_load(
        case=variant(
            slug="taxi-ranks",
            title="A taxi rank",
            companies=("Bolt",),
            prompt="Where do taxis wait?",
            why_practise="You learn about waiting.",
        )
    )
    assert slugs("taxi")[0] == "taxi-ranks"


def test_no_word_stands_in_two_groups_of_synonyms():
    lines = search.SYNONYMS.read_text("utf-8").splitlines()
    groups = [line.split() for line in lines if not line.startswith("#")]
    found = [word for group in groups for word in group]
    assert len(found) == len(set(found))
    assert all(search.words_of(word) == [word] for word in found)
    for group in groups:
        assert all(set(meant) == set(group) for meant in search.with_synonyms(group))
