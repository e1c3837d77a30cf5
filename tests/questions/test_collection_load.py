"""Loading guides and paths: idempotent, all or nothing, and lists of people stay as they are."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from accounts.models import User
from questions.case_file import CaseFileError
from questions.collection_file import companies_by_case
from questions.models import Collection, CollectionKind
from questions.services import library
from questions.services.collection import CollectionsLoaded, collections_load
from questions.services.library import case_load
from tests.questions.cases import TIKTOK, tiktok, variant
from tests.questions.test_collection_file import written

pytestmark = pytest.mark.django_db
SECOND = variant(slug="measure-downloads", title="Measure downloads", companies=("Netflix",))


@pytest.fixture(autouse=True)
def two_cases() -> None:
    """The two cases of the guide."""
    case_load(case=tiktok())
    case_load(case=SECOND)


def load(*paths: Path) -> CollectionsLoaded:
    return collections_load(paths=paths, companies=companies_by_case([tiktok(), SECOND]))


def slugs_and_notes() -> list[tuple[str, str]]:
    items = Collection.objects.get(owner=None).items
    return list(items.values_list("question__slug", "note"))


def test_a_guide_is_loaded_with_its_cases_in_order(tmp_path: Path):
    assert load(written(tmp_path)).new == ("guide",)
    guide = Collection.objects.get()
    assert (guide.kind, str(guide.company), guide.owner) == ("company_guide", "TikTok", None)
    assert slugs_and_notes() == [
        ("improve-tiktok-shop", "It is the classic."),
        ("measure-downloads", "It is short."),
    ]


def test_loading_again_changes_nothing(tmp_path: Path):
    load(written(tmp_path))
    before = Collection.objects.values().get(), list(Collection.objects.get().items.values())
    assert load(written(tmp_path)).unchanged == ("guide",)
    after = Collection.objects.values().get(), list(Collection.objects.get().items.values())
    assert after == before


@pytest.mark.parametrize(
    ("old", "new"),
    [("It is short.", "It is quick."), ("What to play.", "What to practice."), ("**this**", "it")],
)
def test_a_changed_file_changes_its_guide(tmp_path: Path, old: str, new: str):
    load(written(tmp_path))
    since = Collection.objects.get().changed_at
    assert load(written(tmp_path, (old, new))).changed == ("guide",)
    guide = Collection.objects.get()
    assert guide.changed_at > since
    assert new in f"{guide.summary} {guide.text} {slugs_and_notes()}"


def test_a_guide_without_a_file_goes_and_a_list_of_a_person_stays(tmp_path: Path, alice: User):
    own = Collection.objects.create(
        slug="guide", kind=CollectionKind.LIST, title="Mine", owner=alice
    )
    load(written(tmp_path))
    assert load().removed == ("guide",)
    assert Collection.objects.get() == own


def test_a_faulty_file_loads_nothing_at_all(tmp_path: Path):
    bad = written(tmp_path, ("slug: guide", "slug: other"), ("kind: company_guide", "kind: x"))
    with pytest.raises(CaseFileError):
        load(written(tmp_path, name="first"), bad)
    assert not Collection.objects.exists()


def test_loading_the_library_loads_its_guides_and_paths_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    (tmp_path / TIKTOK.name).write_bytes(TIKTOK.read_bytes())
    (tmp_path / "collections").mkdir()
    only = ('  - case: measure-downloads\n    note: "It is short."\n', "")
    written(tmp_path / "collections", only)
    monkeypatch.setattr(library, "LIBRARY", tmp_path)
    out = StringIO()
    call_command("load_library", stdout=out)
    assert "Guides and paths: 1 new, 0 changed, 0 unchanged, 0 removed." in out.getvalue()
    assert slugs_and_notes() == [("improve-tiktok-shop", "It is the classic.")]


def test_loading_one_case_leaves_guides_and_paths_alone(tmp_path: Path):
    load(written(tmp_path))
    call_command("load_library", str(TIKTOK), stdout=StringIO())
    assert Collection.objects.count() == 1
