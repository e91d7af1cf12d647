"""The database trigger that lists every event of which readers must be told.

A trigger, because events are appended by the ORM and by bulk SQL, by the record that knows no alerts; and
because only what is written in the event's own transaction can be neither missed nor early. It is put in
after every `migrate`, as a schema change may rebuild the table and take the trigger with it.
"""

from typing import Any

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

from pledges.models.choices import EventKind

TOLD_OF = (
    EventKind.BECAME_OVERDUE,
    EventKind.DEADLINE_MOVED,
    EventKind.ASSESSED,
    EventKind.UPDATE_ADDED,
    EventKind.CORRECTED,
)
_KINDS = ", ".join(f"'{kind.value}'" for kind in TOLD_OF)
INSTALL = {
    "sqlite": [
        "DROP TRIGGER IF EXISTS alerts_untold",
        f"""
        CREATE TRIGGER alerts_untold AFTER INSERT ON pledges_event
        WHEN NEW.pledge_id IS NOT NULL AND NEW.kind IN ({_KINDS})
        BEGIN INSERT INTO alerts_untold (event_id) VALUES (NEW.id); END
        """,  # noqa: S608 - put together from constants above
    ],
    # Once a statement, not once a row: the sweep appends thousands.
    "postgresql": [
        f"""
        CREATE OR REPLACE FUNCTION alerts_list_untold() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            INSERT INTO alerts_untold (event_id)
            SELECT id FROM appended WHERE pledge_id IS NOT NULL AND kind IN ({_KINDS});
            RETURN NULL;
        END $$
        """,  # noqa: S608 - put together from constants above
        """
        CREATE OR REPLACE TRIGGER alerts_untold AFTER INSERT ON pledges_event
        REFERENCING NEW TABLE AS appended
        FOR EACH STATEMENT EXECUTE FUNCTION alerts_list_untold()
        """,
    ],
}


def install(connection: BaseDatabaseWrapper) -> None:
    """Put the trigger in, where both tables are there. Running it twice changes nothing."""
    if not {"pledges_event", "alerts_untold"} <= set(connection.introspection.table_names()):
        return
    with connection.cursor() as cursor:
        for statement in INSTALL[connection.vendor]:
            cursor.execute(statement)


def install_after_migrate(*, using: str, **_kwargs: Any) -> None:
    install(connections[using])
