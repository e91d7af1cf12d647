"""The database has no room, no connection left, or is being migrated: nothing is lost, and it goes on after.

A full disk is what the server says of one, with its own error code: a trigger says it here.
"""

from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime
from typing import Any

import psycopg
import pytest
from django.db import connection, connections

from pledges.models import Event, Pledge
from pledges.models.choices import EventKind
from tests.alerts.events import overdue_pledge
from tests.faults.commands import run, start
from tests.faults.invariants import assert_invariants
from tests.faults.test_database import environment, is_waiting_for_a_lock, sessions, wait
from tests.faults.test_kill import wake_until
from tests.faults.test_readers import is_over, make_readers
from tests.support import processes
from tests.support.records import make_pledge
from tests.support.smtp_sink import Sink
from tracker.alerts.models import Alert, AlertState
from tracker.alerts.tasks import drain_alerts

pytestmark = [
    pytest.mark.postgresql,
    pytest.mark.redis,
    pytest.mark.worker,
    pytest.mark.smtp,
    pytest.mark.django_db(transaction=True),
]
FULL = """
    CREATE OR REPLACE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = 'disk_full'; END $$
"""
MIGRATION = "ALTER TABLE alerts_alert ADD COLUMN from_a_later_release text"
ALERTS = ("alerts_alert", "alerts_receipt")
NO_CONNECTION = ("too many clients", "remaining connection slots")


def execute(*statements: str) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def fill_disk(*tables: str) -> None:
    events = "BEFORE INSERT OR UPDATE ON"
    triggers = (f"CREATE TRIGGER no_room {events} {table} EXECUTE FUNCTION no_room()" for table in tables)
    execute(FULL, *triggers)


def make_room(*tables: str) -> None:
    execute(*(f"DROP TRIGGER IF EXISTS no_room ON {table}" for table in tables))


def fails(*command: str, sink: Sink) -> str:
    """Run one of our commands, which must fail, and return what it said."""
    process = start(*command, environment=environment(sink))
    said, _nothing = process.communicate(timeout=120)
    assert process.returncode != 0, said
    return said


def at_message(sink: Sink, number: int, act: Callable[[], object]) -> list[int]:
    """Let the mail server `act` once it has accepted so many; return how many those were."""
    acted: list[int] = []

    def rule(_message_id: str) -> None:
        if len(sink.accepted) >= number and not acted:
            acted.append(len(sink.accepted))
            try:
                act()
            finally:
                connections.close_all()  # Those of the mail server's own thread.

    sink.on["MESSAGE"] = rule
    return acted


@pytest.mark.parametrize("table", ["pledges_event", "pledges_pledge", "alerts_untold"])
def test_a_sweep_on_a_full_disk_says_so_and_flags_nothing_by_halves(table: str, sink: Sink) -> None:
    for _ in range(5):
        make_pledge()
    with ExitStack() as fault:
        fault.callback(make_room, table)
        fill_disk(table)
        assert "No space left on device" in fails("sweep", sink=sink)
    assert not Pledge.objects.filter(overdue_flagged_at__isnull=False).exists()
    assert not Event.objects.filter(kind=EventKind.BECAME_OVERDUE).exists()
    run("sweep", environment=environment(sink))
    assert Pledge.objects.filter(overdue_flagged_at__isnull=False).count() == 5
    assert_invariants(sink, now=datetime.now(UTC))


def test_the_disk_is_full_while_mail_goes_out(sink: Sink, empty_queue: str) -> None:
    make_readers(40)
    overdue_pledge()
    with ExitStack() as fault, processes.celery_worker(environment(sink)) as worker:
        fault.callback(make_room, *ALERTS)
        acted = at_message(sink, 10, lambda: fill_disk(*ALERTS))
        wake_until(worker, lambda: "No space left" in worker.output, seconds=20)
        seen = worker.output.count("No space left")
        for _ in range(3):
            drain_alerts.delay()
        worker.wait_until(lambda: worker.output.count("No space left") >= seen + 3, "tried again, and failed")
        # What can't be written down is not sent on and on.
        assert len(sink.accepted) <= acted[0] + 2
        assert Alert.objects.filter(state=AlertState.SENT).count() <= len(sink.accepted)
        fault.close()
        wake_until(worker, is_over, seconds=60)
    assert len(set(sink.recipients)) == 40
    assert_invariants(sink, now=datetime.now(UTC), duplicates=2)


def connect() -> "psycopg.Connection[Any]":
    """Open a session of its own, for any thread."""
    parameters: dict[str, Any] = connection.get_connection_params()
    names = {"dbname", "user", "password", "host", "port"} & parameters.keys()
    return psycopg.connect(**{name: parameters[name] for name in names})


def take_every_connection() -> ExitStack:
    """Take what the server gives, but for this test's own; they are given back when the stack is closed."""
    taken = ExitStack()
    while True:
        try:
            taken.callback(connect().close)
        except psycopg.OperationalError as trouble:
            if not any(words in str(trouble) for words in NO_CONNECTION):
                raise
            return taken


def test_without_a_connection_nothing_is_sent_and_all_of_it_after(sink: Sink, empty_queue: str) -> None:
    make_readers(20)
    overdue_pledge()
    with ExitStack() as fault, processes.celery_worker(environment(sink)) as worker:
        wait(lambda: not sessions(), "the worker holds none while it has nothing to do")
        fault.enter_context(take_every_connection())
        drain_alerts.delay()
        worker.wait_until(lambda: any(words in worker.output for words in NO_CONNECTION), "it was refused")
        assert any(words in fails("sweep", sink=sink) for words in NO_CONNECTION)
        assert sink.accepted == []
        fault.close()
        wake_until(worker, is_over, seconds=60)
    assert len(sink.accepted) == 20
    assert_invariants(sink, now=datetime.now(UTC))


def test_a_migration_runs_while_mail_goes_out(sink: Sink, empty_queue: str) -> None:
    """Its lock keeps everybody out, and the table has another shape after it."""
    make_readers(40)
    overdue_pledge()
    other = connect()
    try:
        with processes.celery_worker(environment(sink)) as worker:
            acted = at_message(sink, 10, lambda: other.execute(MIGRATION))
            wake_until(worker, lambda: bool(acted), seconds=20)
            wait(is_waiting_for_a_lock, "the worker waits for the migration")
            assert len(sink.accepted) <= acted[0] + 2
            other.commit()
            wake_until(worker, is_over, seconds=60)
    finally:
        other.close()
        execute("ALTER TABLE alerts_alert DROP COLUMN IF EXISTS from_a_later_release")
    assert len(set(sink.recipients)) == 40
    assert_invariants(sink, now=datetime.now(UTC))
