"""manage.py backup FILE: copy the SQLite database while the site runs."""

from __future__ import annotations

import sqlite3
from argparse import ArgumentParser
from contextlib import closing
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection


class Command(BaseCommand):
    """Makes one consistent file; what is written meanwhile is in the next backup."""

    help = "Copy the SQLite database to a file, also while the site runs."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the file to write."""
        parser.add_argument("file", type=Path, help="where to write; a file there is replaced")

    def handle(self, *args: Any, **options: Any) -> None:
        """Copy, check the copy, and only then give it its name.

        Raises:
            CommandError: not SQLite, no such folder, or a copy that fails its check.
        """
        if connection.vendor != "sqlite":
            raise CommandError(
                "This copies SQLite only. On PostgreSQL: "
                'pg_dump --format=custom --file=case-coach.dump "$DATABASE_URL"'
            )
        target: Path = options["file"]
        if not target.parent.is_dir():
            raise CommandError(f"There is no folder {target.parent}. Make it first.")
        unfinished = target.with_name(f"{target.name}.unfinished")
        try:
            _copy(unfinished)
            unfinished.replace(target)
        except (OSError, sqlite3.Error) as error:
            raise CommandError(f"Nothing was written to {target}: {error}") from error
        finally:
            unfinished.unlink(missing_ok=True)
        self.stdout.write(f"Wrote {target} ({target.stat().st_size / 1e6:.1f} MB).")


def _copy(target: Path) -> None:
    """Copy with SQLite's backup interface, which sees the write-ahead log too."""
    target.unlink(missing_ok=True)
    connection.ensure_connection()
    target.touch(mode=0o600)
    with closing(sqlite3.connect(target)) as copy:
        connection.connection.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")
        if (verdict := copy.execute("PRAGMA quick_check").fetchone()[0]) != "ok":
            raise sqlite3.DatabaseError(f"the copy is damaged: {verdict}")
