"""The database ends sessions, crashes, or holds up a writer that is killed: all is undone or resumed."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest
from django.db import OperationalError, connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper

from pledges.models import Event, Pledge
from pledges.models.choices import EventKind
from tests.alerts.conftest import DESK
from tests.alerts.events import overdue_pledge
from tests.faults.commands import run, start
from tests.faults.invariants import assert_invariants
from tests.faults.test_kill import wake_until, worker_of
from tests.faults.test_readers import is_over, make_readers
from tests.support import processes
from tests.support.records import make_pledge
from tests.support.smtp_sink import Sink
from tracker.alerts.models import Alert, AlertState, FollowUp, LadderPass, Untold

pytestmark = [
    pytest.mark.postgresql,
    pytest.mark.redis,
    pytest.mark.worker,
    pytest.mark.smtp,
    pytest.mark.django_db(transaction=True),
]
# The sessions of the processes that a test starts.
THEIRS = """
    SELECT pid FROM pg_stat_activity
    WHERE datname = current_database() AND application_name = 'of a test' AND backend_type = 'client backend'
"""


def environment(sink: Sink) -> dict[str, str]:
    # The server of the tests may lose the last commits in a crash; production's does not.
    safe = {"PGAPPNAME": "of a test", "PGOPTIONS": "-c synchronous_commit=on"}
    return {**worker_of(sink), **safe, "TRACKER_STAFF_ALERTS": DESK}


def sessions() -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(THEIRS)
        return [pid for (pid,) in cursor.fetchall()]


def end_sessions() -> int:
    """End them all, as an administrator or a restart does."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(pg_terminate_backend(pid)) FROM ({THEIRS}) AS theirs")  # noqa: S608
        return int(cursor.fetchone()[0])


def wait(holds: Callable[[], bool], what: str, seconds: float = 30) -> None:
    until = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < until, f"not after {seconds:g} seconds: {what}"
        time.sleep(0.05)


@contextmanager
def held_up(table: str) -> Iterator[BaseDatabaseWrapper]:
    """Let nobody write to `table`, from a connection of its own."""
    other = connection.copy("default")
    try:
        other.set_autocommit(False)
        with other.cursor() as cursor:
            cursor.execute(f"LOCK TABLE {table} IN EXCLUSIVE MODE")
        yield other
    finally:
        other.rollback()
        other.close()


def is_waiting_for_a_lock() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM pg_locks WHERE NOT granted AND pid IN ({THEIRS})")  # noqa: S608
        return bool(cursor.fetchone()[0])


def killed_while_held_up(table: str, *command: str, sink: Sink) -> None:
    """Run one of our commands until it can't write to `table`, and kill it there."""
    with held_up(table):
        process = start(*command, environment=environment(sink))
        wait(is_waiting_for_a_lock, f"{command} waits for {table}")
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
    # The server notices that nobody is there any more once it goes on.
    wait(lambda: not sessions(), "its session is gone")


@pytest.mark.parametrize("table", ["pledges_event", "alerts_alert"])
def test_killed_in_the_middle_of_a_sweep_nothing_is_flagged_without_its_event(table: str, sink: Sink) -> None:
    for _ in range(20):
        make_pledge()
    killed_while_held_up(table, "sweep", sink=sink)
    assert not Pledge.objects.filter(overdue_flagged_at__isnull=False).exists()
    assert not Event.objects.filter(kind=EventKind.BECAME_OVERDUE).exists()
    assert not Alert.objects.exists()
    run("sweep", environment=environment(sink))
    assert Pledge.objects.filter(overdue_flagged_at__isnull=False).count() == 20
    assert_invariants(sink, now=datetime.now(UTC))


def test_killed_while_the_ladder_is_climbed_it_is_climbed_anew(sink: Sink) -> None:
    for _ in range(5):
        make_pledge()
    killed_while_held_up("alerts_followup", "sweep", sink=sink)
    assert not FollowUp.objects.exists()
    assert not LadderPass.objects.exists()
    run("sweep", environment=environment(sink))
    assert FollowUp.objects.filter(deadline__isnull=False).count() == 5
    run("sweep", environment=environment(sink))
    assert FollowUp.objects.filter(deadline__isnull=False).count() == 5


def test_killed_in_the_middle_of_the_fan_out_every_reader_is_told_once(sink: Sink) -> None:
    make_readers(30)
    overdue_pledge()
    killed_while_held_up("alerts_alert", "deliver", sink=sink)
    assert Untold.objects.count() == 1
    assert not Alert.objects.exists()
    run("deliver", environment=environment(sink))
    assert len(sink.accepted) == 30
    assert_invariants(sink, now=datetime.now(UTC))


def test_sessions_are_ended_again_and_again_while_mail_goes_out(sink: Sink, empty_queue: str) -> None:
    make_readers(60)
    overdue_pledge()
    ended: list[int] = []

    def end(_message_id: str) -> None:
        # Between the acceptance and its mark, four times: each may make one mail come twice.
        if len(sink.accepted) in (5, 20, 35, 50) and len(ended) < 4:
            ended.append(_by_another_session())

    sink.on["MESSAGE"] = end
    with processes.celery_worker(environment(sink)) as worker:
        wake_until(worker, is_over, seconds=60)
    assert len(ended) == 4
    assert len(set(sink.recipients)) == 60
    assert_invariants(sink, now=datetime.now(UTC), duplicates=4)


def _by_another_session() -> int:
    """End the sessions of the worker: called in the thread of the mail server."""
    try:
        return end_sessions()
    finally:
        connections.close_all()


def test_the_database_crashes_and_recovers_while_mail_goes_out(sink: Sink, empty_queue: str) -> None:
    """A killed backend makes PostgreSQL end all sessions and recover from its log, as after a power cut."""
    if connection.settings_dict["HOST"] and not connection.settings_dict["HOST"].startswith("/"):
        pytest.skip("the server is on another machine: nothing there can be killed from here")
    make_readers(40)
    overdue_pledge()
    crashed: list[int] = []

    def crash(_message_id: str) -> None:
        if len(sink.accepted) == 10 and not crashed:
            pid = sessions()[0]
            connections.close_all()
            os.kill(pid, signal.SIGKILL)
            crashed.append(pid)

    sink.on["MESSAGE"] = crash
    with processes.celery_worker(environment(sink)) as worker:
        connection.close()

        def is_over_now() -> bool:
            try:
                return is_over()
            except OperationalError:
                connection.close()
                return False

        wake_until(worker, is_over_now, seconds=60)
    assert len(crashed) == 1
    assert len(set(sink.recipients)) == 40
    assert Alert.objects.filter(state=AlertState.SENT).count() == 40
    assert_invariants(sink, now=datetime.now(UTC), duplicates=1)
