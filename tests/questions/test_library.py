"""Loading the library: idempotent, all or nothing, old versions untouched."""

from collections.abc import Callable
from importlib import import_module
from io import StringIO
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from questions.case import Case
from questions.case_file import CaseFileError, read_case
from questions.case_write import case_yaml
from questions.models import CaseVersion, Company, Question
from questions.playthrough import playthrough_path, read_playthrough
from questions.services.authoring import case_revise, version_make_current
from questions.services.library import case_load, library_load, library_paths
from questions.services.publishing import question_publish
from questions.stamp import bank_stamp
from tests.questions.cases import TIKTOK, edited, tiktok, variant

pytestmark = pytest.mark.django_db


def test_loading_makes_a_question_with_its_first_version():
    loaded = library_load(paths=[TIKTOK])
    question = Question.objects.get()
    assert loaded.new == ("improve-tiktok-shop",)
    assert question.current_version is not None
    assert question.current_version.number == 1
    assert (question.type, question.minutes, str(question.about)) == (
        "product_improvement",
        30,
        "TikTok",
    )
    assert {company.slug for company in question.companies.all()} == {"tiktok", "meta"}


def test_loading_again_changes_nothing():
    library_load(paths=[TIKTOK])
    before = Question.objects.values().get(), CaseVersion.objects.values().get()
    loaded = library_load(paths=[TIKTOK])
    assert loaded.unchanged == ("improve-tiktok-shop",)
    assert (Question.objects.values().get(), CaseVersion.objects.values().get()) == before


def writes(queries: CaptureQueriesContext) -> list[int]:
    """Which of the queries write."""
    words = ("INSERT", "UPDATE", "DELETE")
    sent = [query["sql"] for query in queries.captured_queries]
    return [place for place, sql in enumerate(sent) if sql.startswith(words)]


def test_an_unchanged_load_sends_no_write_and_leaves_the_stamp(tmp_path: Path):
    draft = edited(tmp_path, {f"slug: {TIKTOK.stem}": "slug: unplayed"}, name="unplayed")
    library_load(paths=[TIKTOK, draft])
    before = bank_stamp()
    with CaptureQueriesContext(connection) as queries:
        assert len(library_load(paths=[TIKTOK, draft]).unchanged) == 2
    assert writes(queries) == []
    assert bank_stamp() == before
    edit_on_the_site()
    before = bank_stamp()
    with CaptureQueriesContext(connection) as queries:
        assert library_load(paths=[TIKTOK, draft]).kept == (TIKTOK.stem,)
    assert writes(queries) == []
    assert bank_stamp() == before


def test_a_load_locks_all_its_questions_before_the_first_write():
    both = library_paths()[:2]
    library_load(paths=both)
    Question.objects.update(loaded_hash="")
    with CaptureQueriesContext(connection) as queries:
        library_load(paths=both)
    sent = [query["sql"] for query in queries.captured_queries]
    named = [all(path.stem in sql for path in both) for sql in sent]
    first = named.index(True)
    assert writes(queries)[0] > first
    if connection.features.has_select_for_no_key_update:
        # What points to a question can be written meanwhile: attempts, comments, a week's case.
        assert sent[first].endswith("FOR NO KEY UPDATE")


def test_a_changed_case_makes_a_new_version_and_leaves_the_old_one_as_it_was(tmp_path: Path):
    library_load(paths=[TIKTOK])
    old = CaseVersion.objects.values().get()
    path = edited(tmp_path, {"prompt: How would you improve": "prompt: How might one improve"})
    assert library_load(paths=[path]).changed == ("improve-tiktok-shop",)
    question = Question.objects.get()
    assert question.current_version is not None
    assert question.current_version.number == 2
    assert question.prompt == "How might one improve TikTok Shop?"
    assert CaseVersion.objects.values().get(number=1) == old


def test_a_case_that_goes_back_finds_its_old_version_by_content():
    case_load(case=tiktok())
    case_load(case=variant(prompt="Another prompt"))
    case_load(case=tiktok())
    question = Question.objects.get()
    assert question.current_version is not None
    assert question.current_version.number == 1
    assert question.versions.count() == 2


def test_what_is_stored_is_the_case():
    case_load(case=tiktok())
    assert Case.from_dict(CaseVersion.objects.get().data) == tiktok()


def test_a_version_cannot_be_saved_again():
    case_load(case=tiktok())
    version = CaseVersion.objects.get()
    with pytest.raises(TypeError, match="never changed"):
        version.save()


def test_a_faulty_file_loads_nothing_at_all(tmp_path: Path):
    bad = edited(tmp_path, {"difficulty: hard": "difficulty: brutal"})
    with pytest.raises(CaseFileError):
        library_load(paths=[TIKTOK, bad])
    assert not Question.objects.exists()


def test_a_question_that_staff_withdrew_stays_withdrawn():
    case_load(case=tiktok())
    Question.objects.update(retired_at=timezone.now())
    case_load(case=variant(minutes=31))
    assert Question.objects.get().state == "retired"


def test_a_company_that_staff_renamed_keeps_its_name():
    case_load(case=tiktok())
    Company.objects.filter(slug="tiktok").update(name="TikTok (ByteDance)")
    case_load(case=variant(minutes=31))
    assert str(Question.objects.get().about) == "TikTok (ByteDance)"


def test_the_command_says_what_it_did():
    out = StringIO()
    call_command("load_library", str(TIKTOK), stdout=out)
    assert out.getvalue().strip() == "1 new, 0 changed, 0 unchanged."


def current() -> CaseVersion:
    version = Question.objects.get(slug=TIKTOK.stem).current_version
    assert version is not None
    return version


def edit_on_the_site(prompt: str = "Which part of TikTok Shop would you change?") -> str:
    """Save another prompt as the admin does; return its content hash."""
    case = variant(prompt=prompt)
    question = Question.objects.get(slug=TIKTOK.stem)
    base = question.current_version_id
    case_revise(question=question, text=case_yaml(case), name="the text", base=base)
    return case.content_hash


def test_an_edit_of_the_site_outlives_every_load_of_the_same_file():
    library_load(paths=[TIKTOK])
    edit = edit_on_the_site()
    for _ in range(2):
        loaded = library_load(paths=[TIKTOK])
        assert (loaded.changed, loaded.replaced) == ((), ())
        assert loaded.unchanged == loaded.kept == ("improve-tiktok-shop",)
        assert current().content_hash == edit
        assert Question.objects.get().prompt == "Which part of TikTok Shop would you change?"


def test_an_older_version_that_staff_made_current_stays_so(tmp_path: Path):
    library_load(paths=[TIKTOK])
    path = edited(tmp_path, {"prompt: How would you improve": "prompt: How might one improve"})
    library_load(paths=[path])
    version_make_current(version=CaseVersion.objects.get(number=1))
    assert library_load(paths=[path]).kept == ("improve-tiktok-shop",)
    assert current().number == 1


def test_a_file_that_changed_becomes_current_and_keeps_the_edit_in_the_history(tmp_path: Path):
    library_load(paths=[TIKTOK])
    edit = edit_on_the_site()
    path = edited(tmp_path, {"prompt: How would you improve": "prompt: How might one improve"})
    loaded = library_load(paths=[path])
    assert loaded.changed == loaded.replaced == ("improve-tiktok-shop",)
    assert current().number == 3
    assert Question.objects.get().prompt == "How might one improve TikTok Shop?"
    assert CaseVersion.objects.get(number=2).content_hash == edit
    again = library_load(paths=[path])
    assert (again.unchanged, again.kept, again.replaced) == (("improve-tiktok-shop",), (), ())


def test_a_file_that_goes_back_after_an_edit_replaces_it_too(tmp_path: Path):
    path = edited(tmp_path, {"prompt: How would you improve": "prompt: How might one improve"})
    library_load(paths=[path])
    library_load(paths=[TIKTOK])
    edit_on_the_site()
    assert library_load(paths=[path]).replaced == ("improve-tiktok-shop",)
    assert current().number == 1


def test_an_edit_that_was_carried_into_the_file_is_nothing_to_tell(tmp_path: Path):
    library_load(paths=[TIKTOK])
    edit = edit_on_the_site("How might one improve TikTok Shop?")
    path = edited(tmp_path, {"prompt: How would you improve": "prompt: How might one improve"})
    loaded = library_load(paths=[path])
    assert (loaded.unchanged, loaded.kept) == (("improve-tiktok-shop",), ())
    assert current().content_hash == edit
    path = edited(tmp_path, {"prompt: How would you improve": "prompt: How could one improve"})
    assert library_load(paths=[path]).replaced == ()


@pytest.fixture
def form_gains_a_key(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Have cases be written with one more key, empty in the files that are there."""
    written = Case.to_dict

    def gain() -> None:
        monkeypatch.setattr(Case, "to_dict", lambda case: {**written(case), "gained": None})

    return gain


def test_a_key_that_the_form_gained_replaces_no_edit(form_gains_a_key: Callable[[], None]):
    library_load(paths=[TIKTOK])
    edit = edit_on_the_site()
    form_gains_a_key()
    assert CaseVersion.objects.get(number=1).content_hash != read_case(TIKTOK).content_hash
    loaded = library_load(paths=[TIKTOK])
    assert (loaded.kept, loaded.replaced) == ((TIKTOK.stem,), ())
    assert current().content_hash == edit
    assert library_load(paths=[TIKTOK]).kept == (TIKTOK.stem,)


def test_a_key_that_the_form_gained_changes_no_case(form_gains_a_key: Callable[[], None]):
    library_load(paths=[TIKTOK])
    form_gains_a_key()
    before = bank_stamp()
    assert library_load(paths=[TIKTOK]).unchanged == (TIKTOK.stem,)
    assert bank_stamp() == before
    assert CaseVersion.objects.count() == 1


def test_a_file_that_changes_after_the_form_did_is_loaded(
    form_gains_a_key: Callable[[], None], tmp_path: Path
):
    library_load(paths=[TIKTOK])
    form_gains_a_key()
    library_load(paths=[TIKTOK])
    path = edited(tmp_path, {"prompt: How would you improve": "prompt: How might one improve"})
    loaded = library_load(paths=[path])
    assert (loaded.changed, loaded.replaced) == (("improve-tiktok-shop",), ())
    assert Question.objects.get().prompt == "How might one improve TikTok Shop?"


def test_what_was_loaded_and_can_no_longer_be_read_is_replaced_by_the_file(
    monkeypatch: pytest.MonkeyPatch,
):
    whole = Case.to_dict
    with monkeypatch.context() as patch:
        patch.setattr(Case, "to_dict", lambda self: {**whole(self), "gone_since": 1})
        library_load(paths=[TIKTOK])
    loaded = library_load(paths=[TIKTOK])
    assert (loaded.changed, loaded.replaced) == (("improve-tiktok-shop",), ())
    assert current().content_hash == tiktok().content_hash


def test_an_edit_from_before_loads_were_remembered_is_kept():
    library_load(paths=[TIKTOK])
    edit = edit_on_the_site()
    Question.objects.update(loaded_hash="")
    assert library_load(paths=[TIKTOK]).kept == ("improve-tiktok-shop",)
    assert current().content_hash == edit


def test_the_migration_takes_a_single_version_for_loaded_and_leaves_the_rest_open():
    library_load(paths=[TIKTOK])
    case_load(case=variant(slug="edited"))
    case_load(case=variant(slug="edited", prompt="Saved on the site?"))
    Question.objects.update(loaded_hash="")
    import_module("questions.migrations.0004_what_was_loaded").fill(apps, None)
    hashes = dict(Question.objects.values_list("slug", "loaded_hash"))
    assert hashes == {"improve-tiktok-shop": tiktok().content_hash, "edited": ""}


def test_the_command_names_what_it_kept_and_what_it_replaced(tmp_path: Path):
    library_load(paths=[TIKTOK])
    edit_on_the_site()
    out = StringIO()
    call_command("load_library", str(TIKTOK), stdout=out)
    assert out.getvalue().splitlines() == [
        "0 new, 0 changed, 1 unchanged.",
        "Kept as edited on the site, for the files are the ones loaded before: improve-tiktok-shop",
    ]
    out = StringIO()
    path = edited(tmp_path, {"prompt: How would you improve": "prompt: How might one improve"})
    call_command("load_library", str(path), stdout=out)
    assert out.getvalue().splitlines() == [
        "0 new, 1 changed, 0 unchanged.",
        "Changed both on the site and in the file, so the file is current and the site's version"
        " in the history: improve-tiktok-shop",
    ]


def test_the_command_names_file_and_line_of_what_is_wrong(tmp_path: Path):
    bad = edited(tmp_path, {"difficulty: hard": "difficulty: brutal"})
    with pytest.raises(CommandError, match=r"improve-tiktok-shop\.yaml:\d+: difficulty is"):
        call_command("load_library", str(bad))


def test_a_case_nobody_has_played_is_a_draft_until_somebody_has(tmp_path: Path):
    path = edited(tmp_path, {})
    library_load(paths=[path])
    assert Question.objects.get().state == "draft"
    played = playthrough_path(path)
    played.parent.mkdir()
    played.write_text("schema: 1\n", "utf-8")
    library_load(paths=[path])
    assert Question.objects.get().state == "published"
    Question.objects.update(retired_at=timezone.now())
    library_load(paths=[path])
    assert Question.objects.get().state == "retired"


def test_a_case_that_staff_made_a_draft_stays_one(tmp_path: Path):
    library_load(paths=[TIKTOK])
    Question.objects.update(published_at=None)
    library_load(paths=[TIKTOK])
    assert Question.objects.get().state == "draft"


def test_a_case_that_staff_made_a_draft_before_it_was_played_stays_one(tmp_path: Path):
    path = edited(tmp_path, {})
    library_load(paths=[path])
    question_publish(question=Question.objects.get())
    library_load(paths=[path])
    Question.objects.update(published_at=None)
    library_load(paths=[TIKTOK])
    assert Question.objects.get().state == "draft"


def test_a_draft_that_waits_comes_out_with_a_file_that_changed(tmp_path: Path):
    library_load(paths=[edited(tmp_path, {"prompt: How would you": "prompt: How might you"})])
    assert Question.objects.get().state == "draft"
    assert library_load(paths=[TIKTOK]).changed == ("improve-tiktok-shop",)
    assert Question.objects.get().state == "published"


def test_an_imported_draft_comes_out_with_the_first_load_of_its_file():
    case_load(case=tiktok(), publish=False)
    library_load(paths=[TIKTOK])
    assert Question.objects.get().state == "published"


def test_every_case_of_the_library_was_played_and_its_playthrough_fits():
    for path in library_paths():
        read_playthrough(playthrough_path(path), read_case(path))
