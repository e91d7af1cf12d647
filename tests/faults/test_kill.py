"""`kill -9` at the worst moments: a real Redis, a real worker, a real SMTP server; no hooks in the tracker.

The mail server itself kills the worker, with all its children, at the step of the conversation that a test
names. The wake-ups here are those that beat sends every minute.
"""

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from typing import Any

import pytest

from config.redis_server import client_for
from tests.alerts.conftest import DESK, queue
from tests.support import processes
from tests.support.processes import Running
from tests.support.smtp_sink import DROP, Sink
from tracker.alerts.models import Alert, AlertState
from tracker.alerts.tasks import drain_alerts

pytestmark = [
    pytest.mark.redis,
    pytest.mark.worker,
    pytest.mark.smtp,
    pytest.mark.django_db(transaction=True),
]
LEASE = 2


def worker_of(sink: Sink, *, lease: int = LEASE) -> Mapping[str, str]:
    return {
        "EMAIL_URL": sink.url,
        "TRACKER_MAIL_TIMEOUT": "5",
        "TRACKER_ALERT_LEASE_SECONDS": str(lease),
        "TRACKER_SITE_URL": "https://pledges.example",
    }


def is_sent() -> bool:
    return not Alert.objects.exclude(state=AlertState.SENT).exists()


def wake_until(worker: Running, holds: Callable[[], bool], *, seconds: int = 8) -> None:
    """Wake the worker once a second, as beat does once a minute, until `holds`."""
    for _ in range(seconds):
        drain_alerts.delay()
        try:
            worker.wait_until(holds, "delivered", 1)
        except AssertionError:
            continue
        return
    worker.wait_until(holds, "delivered", 0)


def kill_at(sink: Sink, step: str, worker: Running) -> list[str]:
    """Let the server kill `worker` when the conversation reaches `step`, once; return what it notes."""
    notes: list[str] = []

    def rule(_argument: str) -> str:
        sink.on.pop(step)
        worker.kill()
        notes.append(step)
        return DROP

    sink.on[step] = rule
    return notes


def deliver_with_a_kill_at(step: str, sink: Sink, *, lease: int = LEASE, patience: int = 8) -> None:
    """Queue an alert, kill the first worker at `step`, and let a second one finish."""
    queue()
    with ExitStack() as first_life:
        first = first_life.enter_context(processes.celery_worker(worker_of(sink, lease=lease)))
        killed = kill_at(sink, step, first)
        drain_alerts.delay()
        while not killed:
            first.wait_until(lambda: first.process.poll() is not None or bool(killed), f"killed at {step}")
    alert = Alert.objects.get()
    assert (alert.state, alert.attempts) == (AlertState.SENDING, 1)
    with processes.celery_worker(worker_of(sink)) as second:
        wake_until(second, is_sent, seconds=patience)
    alert.refresh_from_db()
    assert (alert.state, alert.attempts, alert.claim) == (AlertState.SENT, 2, "")


@pytest.mark.parametrize("step", ["EHLO", "MAIL", "DATA"])
def test_killed_between_claim_and_send_the_mail_arrives_once(step: str, sink: Sink, empty_queue: str) -> None:
    deliver_with_a_kill_at(step, sink)
    assert sink.recipients == [DESK]
    assert len(sink.message_ids) == 1


def test_killed_between_send_and_mark_it_comes_again_under_the_same_id(sink: Sink, empty_queue: str) -> None:
    deliver_with_a_kill_at("MESSAGE", sink)
    assert sink.recipients == [DESK, DESK]
    assert len(set(sink.message_ids)) == 1


def test_control_without_an_end_of_the_lease_nobody_takes_over(sink: Sink, empty_queue: str) -> None:
    with pytest.raises(AssertionError, match="not after 0 seconds: delivered"):
        deliver_with_a_kill_at("MAIL", sink, lease=3600, patience=2 * LEASE)
    assert sink.accepted == []


def test_a_flushed_redis_loses_nothing(sink: Sink, empty_queue: str) -> None:
    queue(3)
    drain_alerts.delay()
    with client_for(empty_queue) as client:
        assert client.llen("celery") == 1
        client.flushall()
    with processes.celery_worker(worker_of(sink)) as worker:
        wake_until(worker, is_sent)
    assert len(sink.message_ids) == len(set(sink.message_ids)) == 3


def test_redis_that_is_flushed_while_a_mail_is_sent_changes_nothing(sink: Sink, empty_queue: str) -> None:
    queue(2)

    def flush(_address: str) -> None:
        with client_for(empty_queue) as client:
            client.flushall()

    sink.on["RCPT"] = flush
    with processes.celery_worker(worker_of(sink)) as worker:
        wake_until(worker, is_sent)
    assert len(sink.message_ids) == len(set(sink.message_ids)) == 2


def test_wake_ups_that_come_many_times_send_once(sink: Sink, empty_queue: str) -> None:
    queue(10)
    for _ in range(10):
        drain_alerts.delay()
    with processes.celery_worker(worker_of(sink, lease=60)) as worker:
        worker.wait_until(lambda: worker.output.count("succeeded in") >= 10, "all wake-ups were answered")
    assert is_sent()
    assert len(sink.message_ids) == len(set(sink.message_ids)) == 10


def test_the_queue_holds_no_address(sink: Sink, empty_queue: str) -> None:
    queue()
    drain_alerts.delay()
    with client_for(empty_queue) as client:
        waiting: Any = client.lrange("celery", 0, -1)
    assert len(waiting) == 1
    assert b"drain_alerts" in waiting[0]
    assert b"ngo.example" not in waiting[0]
