"""Database triggers: a letter is never deleted, and once it was sent its words stay as they are.

They are installed after every `migrate`, because a schema change may rebuild the table and take its
triggers with it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

TABLE = "letters_letter"
WORDS = ("pledge_id", "body_id", "language", "subject", "text", "drafted_at", "drafted_by_id")
REFUSAL = "letters are kept, and their words once sent"
_TELL_APART = {"sqlite": "IS NOT", "postgresql": "IS DISTINCT FROM"}


def _changed(vendor: str) -> str:
    # A letter made a draft again could be rewritten.
    changed = [f"NEW.{name} {_TELL_APART[vendor]} OLD.{name}" for name in WORDS]
    return " OR ".join([*changed, "NEW.state = 'draft'"])


INSTALL = {
    "sqlite": [
        f"""
        CREATE TRIGGER IF NOT EXISTS letters_words_kept BEFORE UPDATE ON {TABLE}
        WHEN OLD.state <> 'draft' AND ({_changed("sqlite")})
        BEGIN SELECT RAISE(ABORT, '{REFUSAL}: UPDATE refused'); END
        """,
        f"""
        CREATE TRIGGER IF NOT EXISTS letters_kept BEFORE DELETE ON {TABLE}
        BEGIN SELECT RAISE(ABORT, '{REFUSAL}: DELETE refused'); END
        """,
    ],
    "postgresql": [
        f"""
        CREATE OR REPLACE FUNCTION letters_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION '{REFUSAL}: % refused', TG_OP
                USING ERRCODE = 'integrity_constraint_violation';
        END $$
        """,
        f"""
        CREATE OR REPLACE TRIGGER letters_words_kept BEFORE UPDATE ON {TABLE} FOR EACH ROW
        WHEN (OLD.state <> 'draft' AND ({_changed("postgresql")})) EXECUTE FUNCTION letters_refuse()
        """,
        f"""
        CREATE OR REPLACE TRIGGER letters_kept BEFORE DELETE ON {TABLE}
        FOR EACH ROW EXECUTE FUNCTION letters_refuse()
        """,
        f"""
        CREATE OR REPLACE TRIGGER letters_all_kept BEFORE TRUNCATE ON {TABLE}
        FOR EACH STATEMENT EXECUTE FUNCTION letters_refuse()
        """,
    ],
}
_NAMES = {
    "sqlite": ("letters_words_kept", "letters_kept"),
    "postgresql": ("letters_words_kept", "letters_kept", "letters_all_kept"),
}


def install(connection: BaseDatabaseWrapper) -> None:
    """Put the triggers in, where the table is there. Running it twice changes nothing."""
    if TABLE not in connection.introspection.table_names():
        return
    with connection.cursor() as cursor:
        for statement in INSTALL[connection.vendor]:
            cursor.execute(statement)


@contextmanager
def lifted(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """Let letters be removed for a while. For emptying a test database, and nothing else."""
    where = f" ON {TABLE}" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        for name in _NAMES[connection.vendor]:
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}{where}")
    try:
        yield
    finally:
        install(connection)


def install_after_migrate(*, using: str, **_kwargs: Any) -> None:
    install(connections[using])
