"""Many readers, and a worker that is killed while it writes to them: none is left out, none hears twice.

The mail server kills the worker, as in test_kill.py: at most the message that was in its hands comes again,
under the same Message-ID, and only where it had been accepted.
"""

from collections import Counter
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta

import pytest

from tests.alerts.events import overdue_pledge
from tests.faults.invariants import assert_invariants
from tests.faults.test_kill import wake_until, worker_of
from tests.support import processes
from tests.support.smtp_sink import DROP, Sink
from tests.support.subscribers import follow, make_subscriber
from tracker.alerts.models import Alert, AlertState, Subscriber, Subscription
from tracker.alerts.tasks import drain_alerts

pytestmark = [
    # On SQLite the same kills are played in tests/alerts/test_broadcast.py.
    pytest.mark.postgresql,
    pytest.mark.redis,
    pytest.mark.worker,
    pytest.mark.smtp,
    pytest.mark.django_db(transaction=True),
]
MANY = 5_000
KILLS = 5


def make_readers(count: int) -> None:
    now = datetime.now(UTC) - timedelta(days=900)
    Subscriber.objects.bulk_create(
        Subscriber(
            address=f"reader{number}@readers.example",
            address_key=f"key-{number}",
            language="en",
            created_at=now,
            confirmed_at=now,
        )
        for number in range(count)
    )
    Subscription.objects.bulk_create(
        Subscription(subscriber=reader, target="all", reach=5, created_at=now, confirmed_at=now)
        for reader in Subscriber.objects.all()
    )


def is_over() -> bool:
    """Whether the delivery has nothing left to do; what went wrong is found by the assertions after it."""
    waiting = (AlertState.QUEUED, AlertState.SENDING)
    return Alert.objects.exists() and not Alert.objects.filter(state__in=waiting).exists()


def deliver_with_kills(sink: Sink, step: str, at: list[int]) -> int:
    """Deliver what is due; at each of those messages the server kills the worker. Return the kills."""
    counted = 0
    killed = 0
    workers: list[processes.Running] = []

    def rule(_argument: str) -> str | None:
        nonlocal counted, killed
        counted += 1
        if killed < len(at) and counted >= at[killed]:
            killed += 1
            workers[-1].kill()
            return DROP
        return None

    sink.on[step] = rule
    for life in range(len(at) + 1):
        with ExitStack() as stack:
            # One process: each that is killed may have one message in its hands.
            worker = stack.enter_context(processes.celery_worker(worker_of(sink), processes=1))
            workers.append(worker)
            if life == len(at):
                wake_until(worker, is_over, seconds=90)
                break
            while killed <= life:
                drain_alerts.delay()
                try:
                    worker.wait_until(lambda life=life: killed > life, "killed", 2)  # type: ignore[misc]
                except AssertionError:
                    # It ended, which is what is waited for; or its lease of the last life is not over yet.
                    continue
    return killed


@pytest.mark.parametrize(
    ("step", "duplicates"), [("EHLO", 0), ("MAIL", 0), ("RCPT", 0), ("DATA", 0), ("MESSAGE", 1)]
)
def test_killed_at_each_step_of_the_delivery(
    step: str, duplicates: int, sink: Sink, empty_queue: str
) -> None:
    make_readers(12)
    overdue_pledge()
    # The greeting comes once a connection, the other steps once a message.
    assert deliver_with_kills(sink, step, [1 if step == "EHLO" else 6]) == 1
    assert sink.recipients.count("reader5@readers.example") >= 1
    assert len(set(sink.recipients)) == 12
    assert_invariants(sink, now=datetime.now(UTC), duplicates=duplicates)


def test_five_thousand_readers_and_five_kills(sink: Sink, empty_queue: str) -> None:
    make_readers(MANY)
    overdue_pledge()
    assert deliver_with_kills(sink, "MESSAGE", [400, 1300, 2200, 3100, 4500]) == KILLS
    accepted = Counter(sink.recipients)
    assert len(accepted) == MANY
    doubled = sum(accepted.values()) - MANY
    print(f"{MANY} readers, {KILLS} kills: {doubled} mails came twice")  # noqa: T201 - what was counted
    assert doubled <= KILLS
    assert max(accepted.values()) <= 2
    assert Alert.objects.filter(state=AlertState.SENT).count() == MANY
    assert_invariants(sink, now=datetime.now(UTC), duplicates=KILLS)


def test_control_a_lost_mail_would_be_noticed(sink: Sink, empty_queue: str) -> None:
    """The invariants are no ornament: a mark without a mail, an alert too few and a second event are seen."""
    reader = make_subscriber()
    follow(reader)
    _pledge, event = overdue_pledge()
    with processes.celery_worker(worker_of(sink)) as worker:
        wake_until(worker, is_over)
    assert_invariants(sink, now=datetime.now(UTC))
    accepted = sink.accepted.copy()
    sink.accepted.clear()
    with pytest.raises(AssertionError, match="marked as sent"):
        assert_invariants(sink, now=datetime.now(UTC))
    sink.accepted.extend([*accepted, accepted[0]])
    with pytest.raises(AssertionError, match="1 mails came twice, or are not marked"):
        assert_invariants(sink, now=datetime.now(UTC))
    sink.accepted.pop()
    Alert.objects.filter(event=event, subscriber=reader).delete()
    with pytest.raises(AssertionError, match="no alert of an event"):
        assert_invariants(sink, now=datetime.now(UTC))
