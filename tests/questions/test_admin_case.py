"""Staff edit a case with a preview, compare its versions, and carry it from site to site."""

from __future__ import annotations

import json

import pytest
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from questions.case_file import MAX_BYTES, read_text
from questions.case_write import case_yaml
from questions.models import CaseVersion, Question
from questions.services.library import case_load
from tests.questions.cases import tiktok, variant

pytestmark = pytest.mark.django_db
LIST = "/admin/questions/question/"


@pytest.fixture
def admin(client: Client) -> Client:
    """An administrator's browser."""
    user = User.objects.create_superuser(email="admin@example.com", password="a long password")
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def question() -> Question:
    """The TikTok Shop question."""
    case_load(case=tiktok())
    return Question.objects.get()


def page_of(question: Question, name: str = "case", *args: int) -> str:
    return reverse(f"admin:questions_question_{name}", args=[question.pk, *args])


def sent(question: Question, text: str, **more: str) -> dict[str, str]:
    """What the form sends: the text, and the version it began with."""
    return {"text": text, "base": str(question.current_version_id), **more}


OTHER = case_yaml(variant(prompt="What would you change first?"))
BROKEN = OTHER.replace("difficulty: hard", "difficulty: brutal")


def test_the_text_of_the_current_version_reads_back_to_the_same_case(
    admin: Client, question: Question
):
    response = admin.get(page_of(question))
    assert read_text(response.context["editing"].text, "x").case == tiktok()
    assert "No problem found" in response.content.decode()


def test_the_preview_shows_what_a_student_sees_and_no_fact_example_or_trap(
    admin: Client, question: Question
):
    page = admin.post(page_of(question), sent(question, OTHER), headers={"HX-Request": "true"})
    shown = page.content.decode()
    assert "<html" not in shown
    assert "What would you change first?" in shown
    assert "Small hint" in shown
    case = tiktok()
    secret = [fact.answer for fact in case.facts] + [trap.interviewer_says for trap in case.traps]
    secret += [guide.examples.level_4.text for guide in case.steps.values()]
    assert [text for text in secret if text[:40] in shown] == []


def test_checking_stores_nothing_and_shows_problems_with_line_and_remedy(
    admin: Client, question: Question
):
    response = admin.post(page_of(question), sent(question, BROKEN, check="Check"))
    page = response.content.decode()
    line = BROKEN.splitlines().index("difficulty: brutal") + 1
    assert f'data-line="{line}">Line {line}</a>' in page
    assert "use one of: easy, medium, hard" in page
    assert response.context["editing"].text == BROKEN
    assert CaseVersion.objects.count() == 1


def test_saving_makes_a_new_version_and_leaves_the_old_one(admin: Client, question: Question):
    response = admin.post(page_of(question), sent(question, OTHER, save="Save"))
    assert response.status_code == 302
    question.refresh_from_db()
    assert question.prompt == "What would you change first?"
    assert [version.number for version in question.versions.all()] == [1, 2]
    assert question.state == "published"
    assert "Version 2" in admin.get(f"{LIST}{question.pk}/history/").content.decode()


@pytest.mark.parametrize(
    "text", [BROKEN, "a: [", "", "just words", OTHER.replace("slug: ", "slug: x-")]
)
def test_what_cannot_be_saved_is_kept_as_it_was_typed(text: str, admin: Client, question: Question):
    response = admin.post(page_of(question), sent(question, text, save="Save"))
    assert response.status_code == 422
    assert response.context["editing"].text == text
    assert response.context["check"].problems
    assert CaseVersion.objects.count() == 1


def test_a_version_that_came_in_between_is_told_once_and_can_then_be_saved_over(
    admin: Client, question: Question
):
    form = sent(question, OTHER, save="Save")
    case_load(case=variant(prompt="Somebody else was faster?"))
    response = admin.post(page_of(question), form)
    assert response.status_code == 409
    assert "Version 2 has become current since you began" in response.content.decode()
    assert response.context["editing"].text == OTHER
    assert Question.objects.get().prompt == "Somebody else was faster?"
    again = {**form, "base": str(response.context["base"])}
    assert admin.post(page_of(question), again).status_code == 302
    assert Question.objects.get().prompt == "What would you change first?"
    assert CaseVersion.objects.count() == 3


def test_the_live_check_tells_of_a_version_that_came_in_between(admin: Client, question: Question):
    form = sent(question, OTHER)
    case_load(case=variant(prompt="Somebody else was faster?"))
    page = admin.post(page_of(question), form, headers={"HX-Request": "true"}).content.decode()
    assert "Version 2 has become current" in page


def test_saving_the_same_case_again_makes_no_version(admin: Client, question: Question):
    admin.post(page_of(question), sent(question, case_yaml(tiktok()), save="Save"))
    assert CaseVersion.objects.count() == 1


@pytest.mark.parametrize("base", ["", "x", "9" * 30])
def test_a_form_without_its_version_is_taken_as_one_that_was_overtaken(
    base: str, admin: Client, question: Question
):
    form = sent(question, OTHER, save="Save") | {"base": base}
    assert admin.post(page_of(question), form).status_code == 409


def test_the_difference_of_two_versions_is_shown_as_lines(admin: Client, question: Question):
    case_load(case=variant(prompt="Another prompt?"))
    page = admin.get(page_of(question, "case_versions"))
    changed = {line["text"]: line["kind"] for line in page.context["lines"]}
    assert changed["prompt: Another prompt?"] == "added"
    assert changed[f"prompt: {tiktok().prompt}"] == "taken out"
    same = admin.get(page_of(question, "case_versions"), {"from": "1", "to": "1"})
    assert "The two say the same" in same.content.decode()


def test_a_version_is_made_current_again(admin: Client, question: Question):
    case_load(case=variant(prompt="Another prompt?"))
    response = admin.post(page_of(question, "case_versions"), {"number": "1"})
    assert response.status_code == 302
    question.refresh_from_db()
    assert question.current_version.number == 1
    assert question.prompt == tiktok().prompt
    assert CaseVersion.objects.count() == 2


def test_a_version_whose_form_has_changed_since_becomes_current_under_a_new_number(
    admin: Client, question: Question
):
    CaseVersion.objects.filter(number=1).update(content_hash="as it was hashed then")
    case_load(case=variant(prompt="Another prompt?"))
    response = admin.post(page_of(question, "case_versions"), {"number": "1"}, follow=True)
    question.refresh_from_db()
    assert question.current_version.number == 3
    assert question.prompt == tiktok().prompt
    assert "Version 3 is current now" in response.content.decode()


@pytest.mark.parametrize("number", ["", "9", "x", "1" * 40])
def test_a_version_that_is_not_there_is_not_found(number: str, admin: Client, question: Question):
    response = admin.post(page_of(question, "case_versions"), {"number": number})
    assert response.status_code == 404


def test_a_version_of_another_form_is_said_to_be_unreadable(admin: Client, question: Question):
    CaseVersion.objects.update(data={"schema": 0})
    case_load(case=tiktok())
    CaseVersion.objects.create(question=question, number=2, content_hash="x", data={"schema": 0})
    assert "cannot be read any more" in admin.get(page_of(question)).content.decode()
    assert admin.get(page_of(question, "case_versions")).status_code == 200
    assert admin.get(page_of(question, "case_json", 2)).status_code == 302
    admin.post(page_of(question, "case_versions"), {"number": "2"})
    assert Question.objects.get().current_version.number == 1


def test_a_download_is_what_an_upload_takes(admin: Client, question: Question):
    response = admin.get(page_of(question, "case_json", 1))
    assert response["Content-Disposition"] == 'attachment; filename="improve-tiktok-shop-v1.json"'
    upload = SimpleUploadedFile("case.json", response.content)
    done = admin.post(LIST, {"import_case": "1", "file": upload})
    assert done.status_code == 302
    assert CaseVersion.objects.count() == 1


def test_an_uploaded_case_that_is_new_arrives_as_a_draft(admin: Client, db: None):
    upload = SimpleUploadedFile("case.json", json.dumps(tiktok().to_dict()).encode())
    response = admin.post(LIST, {"import_case": "1", "file": upload})
    question = Question.objects.get()
    assert response.url == f"{LIST}{question.pk}/change/"
    assert question.state == "draft"
    assert question.current_version.content_hash == tiktok().content_hash


def test_an_upload_with_problems_names_them_beside_the_field_and_keeps_the_text(
    admin: Client, db: None
):
    data = tiktok().to_dict() | {"minutes": 7}
    text = json.dumps(data, indent=1)
    upload = SimpleUploadedFile("case.json", text.encode())
    response = admin.post(LIST, {"import_case": "1", "file": upload})
    assert response.status_code == 422
    page = response.content.decode()
    assert "minutes is 7, the steps need 30" in page
    assert response.context["import_form"]["text"].value() == text
    fixed = text.replace('"minutes": 7', '"minutes": 30', 1)
    assert admin.post(LIST, {"import_case": "1", "text": fixed}).status_code == 302
    assert Question.objects.get().minutes == 30


def test_an_upload_of_nothing_says_what_to_do(admin: Client, db: None):
    page = admin.post(LIST, {"import_case": "1"}).content.decode()
    assert "Choose a file, or paste its text" in page


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"x" * (4 * MAX_BYTES + 1), "This file is too large for a case."),
        ('{"title": "Café"}'.encode("latin-1"), "This file is not UTF-8 text."),
    ],
)
def test_an_upload_that_is_no_case_at_all_says_what_it_is(
    content: bytes, said: str, admin: Client, db: None
):
    upload = SimpleUploadedFile("case.json", content)
    response = admin.post(LIST, {"import_case": "1", "file": upload})
    assert response.status_code == 422
    assert said in response.content.decode()
    assert not Question.objects.exists()


def test_who_may_only_look_sees_versions_and_changes_nothing(client: Client, question: Question):
    user = User.objects.create_user(email="look@example.com", password="x", is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="view_question"))
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(page_of(question, "case_versions")).status_code == 200
    assert client.get(page_of(question)).status_code == 403
    for url, form in (
        (page_of(question), sent(question, OTHER, save="Save")),
        (page_of(question, "case_versions"), {"number": "1"}),
        (LIST, {"import_case": "1", "text": "{}"}),
    ):
        assert client.post(url, form).status_code == 403
    assert "Import a case" not in client.get(LIST).content.decode()
    assert CaseVersion.objects.count() == 1


def test_the_pages_are_closed_to_everybody_without_the_flag(client: Client, question: Question):
    for url in (
        page_of(question),
        page_of(question, "case_versions"),
        page_of(question, "case_json", 1),
    ):
        assert "login" in client.get(url)["Location"]
        assert "login" in client.post(url, {"save": "1"})["Location"]


def test_the_pages_take_few_queries(
    admin: Client, question: Question, django_assert_max_num_queries: DjangoAssertNumQueries
):
    for prompt in ("One?", "Two?", "Three?"):
        case_load(case=variant(prompt=prompt))
    admin.get(page_of(question))  # the browser is listed among the person's own
    with django_assert_max_num_queries(4):
        admin.get(page_of(question))
    with django_assert_max_num_queries(5):
        admin.get(page_of(question, "case_versions"))
