"""A plugin for tests that run side by side: their databases are migrated once and copied.

Every process has a database of its own. On SQLite the first one that needs it is migrated; the
others take a copy of what came out, from a file of this run alone, so that none can be out of date.
"""

from __future__ import annotations

import fcntl
import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management.commands.migrate import Command
from django.db import connection


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings: None, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[None]:
    """Let the next ``migrate`` of this process, which makes its database, be shared."""
    side_by_side = "PYTEST_XDIST_WORKER" in os.environ
    with pytest.MonkeyPatch.context() as patch:
        if side_by_side and settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"):
            share_migrating(patch, tmp_path_factory.getbasetemp().parent / "migrated.sqlite3")
        yield


def share_migrating(patch: pytest.MonkeyPatch, template: Path) -> None:
    """Make the next ``migrate`` copy the template, or make it where there is none yet."""
    migrate: Callable[..., None] = Command.handle

    def migrate_or_copy(self: Command, *args: Any, **options: Any) -> None:
        patch.undo()
        with held(template.with_suffix(".lock")):
            made = template.exists()
            if not made:
                migrate(self, *args, **options)
            connection.ensure_connection()
            with closing(sqlite3.connect(template)) as kept:
                source, target = (kept, connection.connection)[:: 1 if made else -1]
                source.backup(target)

    patch.setattr(Command, "handle", migrate_or_copy)


@contextmanager
def held(lock: Path) -> Iterator[None]:
    """Hold a lock between processes; it goes with the process, however that ends."""
    with lock.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
