"""A mail server that refuses, delays, hangs or hangs up, at each verb; staff and readers, a real worker.

What the outcome of each answer is stands in the truth table of tests/alerts/test_outcomes.py. Here the end
counts: who has the mail, how often, and what stands in the row.
"""

from datetime import UTC, datetime

import pytest
from django.db.models import Min

from tests.alerts.conftest import DESK
from tests.alerts.events import overdue_pledge
from tests.faults.invariants import assert_invariants
from tests.faults.test_kill import worker_of
from tests.faults.test_readers import make_readers
from tests.support import processes
from tests.support.processes import Running
from tests.support.smtp_sink import DROP, HANG, Sink
from tracker.alerts import fan_out
from tracker.alerts.models import Alert, AlertState, Subscriber
from tracker.alerts.tasks import drain_alerts

pytestmark = [
    # The statements of the delivery are tried on both databases by test_kill.py and test_readers.py.
    pytest.mark.once,
    pytest.mark.redis,
    pytest.mark.worker,
    pytest.mark.smtp,
    pytest.mark.django_db(transaction=True),
]
ONE = "reader2@readers.example"
READERS = 6


@pytest.fixture
def seven(sink: Sink, empty_queue: str) -> Sink:
    """Six readers and the desk, all to be told of one overdue pledge."""
    make_readers(READERS)
    _pledge, event = overdue_pledge()
    fan_out.queue_overdue_alerts([event.pk], now=datetime.now(UTC))
    return sink


def tried() -> bool:
    """Whether every alert was tried once at least, and none is in anybody's hands."""
    alerts = Alert.objects.all()
    if alerts.count() <= READERS or alerts.filter(state=AlertState.SENDING).exists():
        return False
    return (alerts.aggregate(least=Min("attempts"))["least"] or 0) >= 1


def work(worker: Running, sink: Sink) -> None:
    drain_alerts.delay()
    worker.wait_until(tried, "each was tried", 40)


def hurry() -> None:
    """Let the time until the next try go by."""
    Alert.objects.filter(state=AlertState.QUEUED).update(claimable_at=datetime.now(UTC))


def is_over() -> bool:
    return not Alert.objects.filter(state__in=(AlertState.QUEUED, AlertState.SENDING)).exists()


def quick(sink: Sink) -> dict[str, str]:
    # Each step of a message may take one second, and a lease is longer than all of them together.
    return {**worker_of(sink, lease=20), "TRACKER_MAIL_TIMEOUT": "1"}


def finish(worker: Running) -> None:
    """Go on as beat does, with the waits between two tries left out, until nothing is left to do."""
    for _ in range(30):
        hurry()
        drain_alerts.delay()
        try:
            worker.wait_until(is_over, "over", 1)
        except AssertionError:
            continue
        return
    worker.wait_until(is_over, "over", 0)


@pytest.mark.parametrize(
    ("step", "answer"),
    [
        ("CONNECT", "421 too busy"),
        ("CONNECT", HANG),
        ("CONNECT", DROP),
        ("EHLO", HANG),
        ("MAIL", "451 not now"),
        ("MAIL", HANG),
        ("MAIL", DROP),
        ("RCPT", "450 not now"),
        ("RCPT", HANG),
        ("RCPT", DROP),
        ("DATA", "451 not now"),
        ("DATA", HANG),
        ("DATA", DROP),
        ("MESSAGE", "452 no room"),
    ],
)
def test_what_passes_delays_and_doubles_nothing(step: str, answer: str, seven: Sink) -> None:
    """The server does it once, then works: everybody has the mail once."""
    done: list[str] = []

    def once(_argument: str) -> str | None:
        if done:
            return None
        done.append(step)
        return answer

    seven.on[step] = once
    with processes.celery_worker(quick(seven)) as worker:
        work(worker, seven)
        assert done == [step]
        finish(worker)
    assert set(Alert.objects.values_list("state", flat=True)) == {AlertState.SENT}
    assert len(seven.accepted) == READERS + 1
    assert_invariants(seven, now=datetime.now(UTC))


@pytest.mark.parametrize("answer", [DROP, HANG])
def test_lost_after_the_message_it_comes_once_more_and_is_marked(answer: str, seven: Sink) -> None:
    done: list[str] = []

    def once(message_id: str) -> str | None:
        if done:
            return None
        done.append(message_id)
        return answer

    seven.on["MESSAGE"] = once
    with processes.celery_worker(quick(seven)) as worker:
        work(worker, seven)
        finish(worker)
    assert Alert.objects.get(may_have_arrived=True).state == AlertState.SENT
    assert_invariants(seven, now=datetime.now(UTC), duplicates=1)


@pytest.mark.parametrize("step", ["RCPT", "MESSAGE"])
def test_one_of_many_is_refused_for_good(step: str, seven: Sink) -> None:
    refused: list[str] = []

    def refuse(argument: str) -> str | None:
        if step == "RCPT" and argument != ONE:
            return None
        if step == "MESSAGE" and refused and argument not in refused:
            return None
        refused.append(argument)
        return "550 5.7.1 no"

    seven.on[step] = refuse
    with processes.celery_worker(quick(seven)) as worker:
        work(worker, seven)
        finish(worker)
    failed = Alert.objects.get(state=AlertState.FAILED)
    assert "550" in failed.last_error
    assert "@" not in failed.last_error
    assert Alert.objects.filter(state=AlertState.SENT).count() == READERS
    assert len(seven.accepted) == READERS
    assert_invariants(seven, now=datetime.now(UTC))


def test_a_server_that_is_away_is_tried_again_and_staff_are_not_forgotten(seven: Sink) -> None:
    away = {**quick(seven), "EMAIL_URL": "smtp://127.0.0.1:1"}
    with processes.celery_worker(away) as worker:
        work(worker, seven)
    assert set(Alert.objects.values_list("state", flat=True)) == {AlertState.QUEUED}
    assert not Alert.objects.filter(last_error="").exists()
    with processes.celery_worker(quick(seven)) as worker:
        finish(worker)
    assert DESK in seven.recipients
    assert len(seven.accepted) == READERS + 1
    assert_invariants(seven, now=datetime.now(UTC))


def test_one_poisonous_recipient_stops_nobody(seven: Sink) -> None:
    Subscriber.objects.filter(address=ONE).update(address="x\r\nBcc: all@ngo.example")
    with processes.celery_worker(quick(seven)) as worker:
        work(worker, seven)
        finish(worker)
    assert Alert.objects.get(state=AlertState.FAILED).subscriber is not None
    assert len(seven.accepted) == READERS
    assert not any("all@ngo.example" in address for address in seven.recipients)
    assert_invariants(seven, now=datetime.now(UTC))
