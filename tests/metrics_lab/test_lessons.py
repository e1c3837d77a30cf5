"""The lessons: no figure copied by hand, answers judged by the engine, nonsense said in place."""

from __future__ import annotations

import html
import re
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from metrics_lab.engine.lessons.figures import figures, payback_with_churn
from metrics_lab.engine.lessons.quiz import Reading, judge
from metrics_lab.presentation.lessons import DIRECTORY, Ask, Lesson, lessons

FUNNEL, LTV, SIZING = "tiktok-shop-funnel", "why-ltv-cac-lies", "sizing-a-test"
ASKS = [(lesson, ask) for lesson in lessons() for ask in lesson.asks]


def page(client: Client, slug: str, **typed: str) -> str:
    """Return a lesson's page with numbers typed in."""
    body = client.get(reverse("lab-lesson", args=[slug]), typed).content.decode()
    return html.unescape(body)


def words(slug: str, name: str) -> str:
    """Return a figure of a lesson as it is said."""
    return figures(slug)[name].words


def test_there_are_three_lessons_with_two_or_three_questions_each() -> None:
    assert [lesson.slug for lesson in lessons()] == [FUNNEL, LTV, SIZING]
    assert all(2 <= len(lesson.asks) <= 3 for lesson in lessons())
    assert all(len(ask.readings) >= 2 for _, ask in ASKS)


@pytest.mark.parametrize("path", sorted(DIRECTORY.glob("*.md")), ids=lambda path: path.stem)
def test_a_lesson_holds_no_figure_copied_by_hand(path: Path) -> None:
    _, head, body = path.read_text().split("---\n", 2)
    assert not re.findall(r"\d", body)
    lines = [line for line in head.splitlines() if not line.startswith(("order:", "minutes:"))]
    assert not re.findall(r"\d", "\n".join(lines))


@pytest.mark.parametrize(
    ("slug", "name", "said"),
    [
        (FUNNEL, "gmv_low", "$6.0 million"),
        (FUNNEL, "gmv_high", "$300.0 million"),
        (FUNNEL, "apart", "50"),
        (FUNNEL, "n_paid", "200,000"),
        (FUNNEL, "lift_carted", "8 %"),
        (FUNNEL, "revenue", "$331,200"),
        (LTV, "ratio_value", "41.7"),
        (LTV, "ratio_revenue", "2.5"),
        (LTV, "ratio", "1.67"),
        (LTV, "payback", "5"),
        (LTV, "payback_churn", "7.17"),
        (LTV, "ltv_mixed", "$40.91"),
        (LTV, "ltv_later", "$46.67"),
        (LTV, "paid_ratio", "0.625"),
        (SIZING, "pooled", "1,094"),
        (SIZING, "baseline", "1,030"),
        (SIZING, "power_baseline", "77.7 %"),
        (SIZING, "power_pooled", "80.1 %"),
        (SIZING, "error_few", "14.2 %"),
    ],
)
def test_the_engine_comes_to_the_published_results(slug: str, name: str, said: str) -> None:
    assert words(slug, name) == said


def test_the_funnels_steps_multiply_to_the_conversion() -> None:
    found = figures(FUNNEL)
    product = 1.0
    for step in ("opened", "carted", "started", "paid"):
        product *= found[step].value
    assert product == pytest.approx(found["rate"].value)


def test_payback_with_churn_agrees_with_adding_up_month_by_month() -> None:
    months = payback_with_churn(7.5, 1.5, 0.12)
    paid = [1.5 * sum(0.88**t for t in range(n)) for n in (int(months), int(months) + 1)]
    assert paid[0] < 7.5 <= paid[1]
    assert payback_with_churn(20, 1.5, 0.12) == float("inf")


def test_averages_of_churn_are_wrong_in_both_directions() -> None:
    found = figures(LTV)
    assert found["ltv"].value < found["ltv_mixed"].value < found["ltv_later"].value


@pytest.mark.parametrize("lesson", lessons(), ids=lambda lesson: lesson.slug)
def test_every_lesson_is_shown_to_anybody_without_a_query(client: Client, lesson: Lesson) -> None:
    body = page(client, lesson.slug)  # these tests may not use the database
    assert lesson.title in body
    assert "hypothetical" in body
    assert not re.search(r"\{[a-z_]+\}", body.split("<article", 1)[1].split("</article", 1)[0])
    assert client.get(reverse("lab-lesson", args=[lesson.slug])).status_code == 200


def test_the_list_of_lessons_links_to_each(client: Client) -> None:
    body = client.get(reverse("lab-lessons")).content.decode()
    assert all(reverse("lab-lesson", args=[lesson.slug]) in body for lesson in lessons())


def test_a_lesson_that_is_not_there_is_a_404(client: Client) -> None:
    assert client.get(reverse("lab-lesson", args=["how-to-win"])).status_code == 404


@pytest.mark.parametrize("lesson", lessons(), ids=lambda lesson: lesson.slug)
def test_the_links_of_a_lesson_open_with_its_numbers(client: Client, lesson: Lesson) -> None:
    links = re.findall(r'href="(/lab/[^"]*)"', lesson.html)
    links += [tool.url for tool in lesson.tools]
    assert links
    for link in links:
        assert client.get(html.unescape(link)).status_code == 200, link


@pytest.mark.parametrize(("lesson", "ask"), ASKS, ids=lambda each: getattr(each, "id", ""))
def test_the_right_number_is_right_and_each_slip_has_its_name(
    client: Client, lesson: Lesson, ask: Ask
) -> None:
    assert ask.right in page(client, lesson.slug, **{ask.id: f"{ask.truth:.8g}"})
    for reading in ask.readings:
        body = page(client, lesson.slug, **{ask.id: f"{reading.value:.8g}"})
        assert reading.name in body
        assert reading.remark in body
        assert ask.right not in body


@pytest.mark.parametrize("typed", ["$3,000,000", "3 million", "3000k", "3.0 million", "2,990,000"])
def test_a_number_is_read_as_people_write_it(client: Client, typed: str) -> None:
    assert "Visitors times conversion gives orders" in page(client, FUNNEL, gmv=typed)


@pytest.mark.parametrize("odd", ["lots", "<b>3</b>", "1e999", "--3", "3 apples", "9" * 60])
def test_nonsense_is_said_at_its_field_and_kept(client: Client, odd: str) -> None:
    response = client.get(reverse("lab-lesson", args=[FUNNEL]), {"gmv": odd, "lift": "25"})
    body = response.content.decode()
    assert response.status_code == 422
    assert html.escape(odd) in body
    assert 'aria-invalid="true" aria-describedby="s-gmv"' in body
    assert body.count("aria-invalid") == 1
    assert "a factor&#x27;s own relative change" in body  # the other answer is judged


def test_a_script_gets_the_questions_alone(client: Client) -> None:
    address = reverse("lab-lesson", args=[FUNNEL])
    response = client.get(address, {"gmv": "x"}, headers={"HX-Request": "true"})
    assert response.status_code == 422
    assert 'value="x"' in response.content.decode()
    assert response.content.decode().strip().startswith("<form")
    assert "HX-Request" in response["Vary"]


READINGS = (Reading(0.5, "Points", "."), Reading(20, "Base", "."))


@pytest.mark.parametrize(
    ("text", "given", "kind", "name"),
    [
        ("25", 25, "right", ""),
        ("25.2", 25.2, "right", ""),
        ("25.6", 25.6, "close", "Close"),
        ("0.5", 0.5, "wrong", "Points"),
        ("20", 20, "wrong", "Base"),
        ("19.9", 19.9, "wrong", "Base"),
        ("40", 40, "unknown", "Not that"),
        ("-25", -25, "unknown", "Not that"),
        ("0", 0, "unknown", "Not that"),
    ],
)
def test_a_number_is_judged_right_named_close_or_unknown(
    text: str, given: float, kind: str, name: str
) -> None:
    verdict = judge(text, given, 25, READINGS)
    assert (verdict.kind, verdict.name) == (kind, name)


def test_a_rounded_number_is_right_but_a_coarse_one_is_not() -> None:
    assert judge("19", 19, 19.3, ()).kind == "right"
    assert judge("3", 3, 2.6, ()).kind == "unknown"


def test_the_nearer_of_truth_and_slip_wins() -> None:
    slip = (Reading(100.8, "Slip", "."),)
    assert judge("100.1", 100.1, 100, slip).kind == "right"
    assert judge("100.7", 100.7, 100, slip).kind == "wrong"
