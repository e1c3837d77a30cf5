"""A backup is one consistent file, made while the site runs."""

import sqlite3
from contextlib import closing
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from tests.factories import UserFactory

ON_SQLITE = connection.vendor == "sqlite"


def people(file: Path) -> list[str]:
    with closing(sqlite3.connect(file)) as copy:
        return [email for (email,) in copy.execute("SELECT email FROM accounts_user")]


@pytest.mark.skipif(not ON_SQLITE, reason="PostgreSQL has pg_dump")
@pytest.mark.django_db(transaction=True)
def test_a_backup_holds_what_was_committed(tmp_path: Path) -> None:
    UserFactory(email="alice@example.com")

    call_command("backup", tmp_path / "copy.sqlite3", stdout=StringIO())

    assert people(tmp_path / "copy.sqlite3") == ["alice@example.com"]
    assert [path.name for path in tmp_path.iterdir()] == ["copy.sqlite3"]


@pytest.mark.skipif(not ON_SQLITE, reason="PostgreSQL has pg_dump")
@pytest.mark.django_db(transaction=True)
def test_a_second_backup_replaces_the_first(tmp_path: Path) -> None:
    call_command("backup", tmp_path / "copy.sqlite3", stdout=StringIO())
    UserFactory(email="alice@example.com")

    call_command("backup", tmp_path / "copy.sqlite3", stdout=StringIO())

    assert people(tmp_path / "copy.sqlite3") == ["alice@example.com"]


@pytest.mark.skipif(not ON_SQLITE, reason="PostgreSQL has pg_dump")
@pytest.mark.django_db
def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="There is no folder"):
        call_command("backup", tmp_path / "nowhere" / "copy.sqlite3")


@pytest.mark.django_db
def test_another_database_is_sent_to_its_own_tool(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "vendor", "postgresql")
    with pytest.raises(CommandError, match="pg_dump"):
        call_command("backup", tmp_path / "copy.sqlite3")
