"""Database triggers that make the ledgers append-only, on SQLite and PostgreSQL.

They are installed after every `migrate`, because a schema change may rebuild a table and take its
triggers with it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

LEDGERS = (
    "pledges_event",
    "pledges_deadline",
    "pledges_assessment",
    "pledges_checkpoint",
    "pledges_checkpointleaf",
)

POSTGRES_FUNCTION = """
CREATE OR REPLACE FUNCTION pledges_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'integrity_constraint_violation';
END $$
"""
REFUSED = {"sqlite": ("UPDATE", "DELETE"), "postgresql": ("UPDATE", "DELETE", "TRUNCATE")}


def _name(table: str, verb: str) -> str:
    return f"{table}_no_{verb.lower()}"


def _create(vendor: str, table: str, verb: str) -> str:
    name = _name(table, verb)
    if vendor == "sqlite":
        message = f"{table} is append-only: {verb} refused"
        return (
            f"CREATE TRIGGER IF NOT EXISTS {name} BEFORE {verb} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{message}'); END"
        )
    scope = "STATEMENT" if verb == "TRUNCATE" else "ROW"
    return (
        f"CREATE OR REPLACE TRIGGER {name} BEFORE {verb} ON {table} "
        f"FOR EACH {scope} EXECUTE FUNCTION pledges_append_only()"
    )


def _drop(vendor: str, table: str, verb: str) -> str:
    where = f" ON {table}" if vendor == "postgresql" else ""
    return f"DROP TRIGGER IF EXISTS {_name(table, verb)}{where}"


def _each(connection: BaseDatabaseWrapper) -> list[tuple[str, str]]:
    existing = set(connection.introspection.table_names())
    return [(t, v) for t in LEDGERS if t in existing for v in REFUSED[connection.vendor]]


def install(connection: BaseDatabaseWrapper) -> None:
    """Make every ledger table refuse change. Running it twice changes nothing."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(POSTGRES_FUNCTION)
        for table, verb in _each(connection):
            cursor.execute(_create(connection.vendor, table, verb))


@contextmanager
def lifted(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """Let rows be removed for a while. For emptying a test database, and nothing else."""
    with connection.cursor() as cursor:
        for table, verb in _each(connection):
            cursor.execute(_drop(connection.vendor, table, verb))
    try:
        yield
    finally:
        install(connection)


def install_after_migrate(*, using: str, **_kwargs: Any) -> None:
    install(connections[using])
