"""The bank's stamp, which the database itself changes with every write to the bank.

Triggers do it, so that no way of writing can forget it: a saved row, an update or a bulk write, a
load, the admin, somebody with an SQL shell. The value is random instead of counted: a number would
come again after a write that was rolled back, or after a restored backup.

On PostgreSQL who writes to the bank has the stamp's row until the transaction ends, so there is one
order: first lock the questions (by id, `select_for_update(no_key=True)`), then write. The other
way round, a writer with the stamp waits for a question whose holder waits for the stamp.

A migration that alters BankStamp has to call `unwatch` first: SQLite makes the table anew, and
refuses that while triggers name it. They come back after the migrate.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Model

from questions.models import BankStamp, Company, Question, Tag, WeekCase

EVENTS = ("INSERT", "UPDATE", "DELETE")
WATCHED: dict[type[Model], tuple[str, ...]] = {
    Question: EVENTS,
    Question.companies.through: EVENTS,
    Question.tags.through: EVENTS,
    Company: ("UPDATE", "DELETE"),
    Tag: ("UPDATE", "DELETE"),
    WeekCase: EVENTS,
}
"""Which writes change the stamp. A new name is of no account to the bank until a question has it,
and that link does: students name companies, and need neither wait for a load nor cause a read."""
TABLE = BankStamp._meta.db_table
FUNCTION = "questions_bank_changed"
NEW_STAMP = "UPDATE {table} SET value = {value};"


def bank_stamp() -> str:
    """Return the stamp of the bank as it is now. One query.

    Without a row (tables were emptied) it is one that never comes again: nothing can be kept.
    """
    return BankStamp.objects.values_list("value", flat=True).first() or str(uuid4())


def watch(*, using: str, **kwargs: Any) -> None:
    """Have a database watch the bank, and stamp it anew; called after each `migrate`.

    Not a migration's work: SQLite changes a table by making another, without the old one's
    triggers.
    """
    connection = connections[using]
    if TABLE not in connection.introspection.table_names():
        return
    with connection.cursor() as cursor:
        for statement in _statements(connection):
            cursor.execute(statement)
    BankStamp.objects.using(using).update_or_create(pk=1, defaults={"value": str(uuid4())})


def unwatch(connection: BaseDatabaseWrapper) -> None:
    """Have a database watch no longer, before the stamp's table goes."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"DROP FUNCTION IF EXISTS {FUNCTION} CASCADE")
            return
        for statement in _dropped_of_sqlite():
            cursor.execute(statement)


def _statements(connection: BaseDatabaseWrapper) -> Iterator[str]:
    """What makes the triggers, whether they are there or not."""
    return _of_postgres() if connection.vendor == "postgresql" else _of_sqlite()


def _of_postgres() -> Iterator[str]:
    """One function, and a trigger a table: once a statement, however many rows it writes."""
    update = NEW_STAMP.format(table=TABLE, value="gen_random_uuid()::text")
    yield (
        f"CREATE OR REPLACE FUNCTION {FUNCTION}() RETURNS trigger LANGUAGE plpgsql AS"
        f" $$ BEGIN {update} RETURN NULL; END $$"
    )
    for model, events in WATCHED.items():
        yield (
            f"CREATE OR REPLACE TRIGGER bank_changed AFTER {' OR '.join(events)} OR TRUNCATE"
            f" ON {model._meta.db_table} FOR EACH STATEMENT EXECUTE FUNCTION {FUNCTION}()"
        )


def _of_sqlite() -> Iterator[str]:
    """A trigger a table and event. An update, since an insert that replaces would follow the
    conflict clause of the statement it comes from."""
    update = NEW_STAMP.format(table=TABLE, value="lower(hex(randomblob(16)))")
    yield from _dropped_of_sqlite()
    for model, events in WATCHED.items():
        for event in events:
            yield (
                f"CREATE TRIGGER IF NOT EXISTS {_name(model, event)} AFTER {event}"
                f" ON {model._meta.db_table} BEGIN {update} END"
            )


def _dropped_of_sqlite() -> Iterator[str]:
    """What takes all triggers away, also of events that an earlier release watched."""
    for model in WATCHED:
        for event in EVENTS:
            yield f"DROP TRIGGER IF EXISTS {_name(model, event)}"


def _name(model: type[Model], event: str) -> str:
    return f"{model._meta.db_table}_{event.lower()}_stamps"
