"""Time passes while nothing runs, steps back, and what was true is undone between the flag and the mail."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from pledges import record
from pledges.models import Pledge
from tests.alerts.events import extend
from tests.faults.commands import run
from tests.faults.invariants import assert_invariants
from tests.faults.test_kill import worker_of
from tests.faults.test_readers import make_readers
from tests.support.records import judge, make_pledge, make_reviewer, make_user
from tests.support.smtp_sink import Sink
from tracker.alerts import subscribing
from tracker.alerts.models import Alert, AlertState, Subscriber, Subscription

pytestmark = [pytest.mark.once, pytest.mark.smtp, pytest.mark.django_db(transaction=True)]
DAY = timedelta(days=1)
# 4 May 2025 ends in Damascus at this instant; three days of outage begin an hour before.
LAPSED = datetime(2025, 5, 4, 21, 0, tzinfo=UTC)
BACK = LAPSED + 3 * DAY


def tick(sink: Sink, now: datetime) -> None:
    """What a minute of beat does, as processes of their own that believe that it is `now`."""
    environment = {**worker_of(sink), "TRACKER_DEMO": "1", "TRACKER_STAFF_ALERTS": "desk@ngo.example"}
    run("sweep", f"--now={now.isoformat()}", environment=environment)
    run("deliver", environment=environment)


def subjects(sink: Sink, address: str) -> list[str]:
    return sorted(
        str(each.message["Subject"]).partition(":")[0]
        for each in sink.accepted
        if each.recipients == [address]
    )


def test_three_days_of_outage(sink: Sink) -> None:
    """A deadline ended on each day: all are flagged and told once, in the first minute."""
    make_readers(3)
    pledges = [make_pledge(latest=date(2025, 5, 4) + number * DAY) for number in range(3)]
    tick(sink, BACK)
    tick(sink, BACK)
    assert all(Pledge.objects.get(pk=each.pk).overdue_flagged_at for each in pledges)
    for number in range(3):
        assert subjects(sink, f"reader{number}@readers.example") == ["Became overdue"] * 3
    assert subjects(sink, "desk@ngo.example") == ["Overdue"] * 3
    assert_invariants(sink, now=BACK)


def test_the_clock_steps_back_an_hour(sink: Sink) -> None:
    make_readers(3)
    make_pledge()
    later = make_pledge(latest=date(2025, 5, 5))
    for now in (LAPSED, LAPSED - timedelta(hours=1), LAPSED - timedelta(minutes=1), LAPSED):
        tick(sink, now)
    assert subjects(sink, "reader1@readers.example") == ["Became overdue"]
    assert Pledge.objects.get(pk=later.pk).overdue_flagged_at is None
    assert_invariants(sink, now=LAPSED)


def fulfilled(pledge: Pledge) -> None:
    update = record.add_update(
        pledge=pledge,
        kind="fulfilment",
        happened_on=date(2025, 5, 5),
        text="It was published.",
        sources=[pledge.source],
        actor=pledge.created_by,
        now=BACK,
    )
    judge(
        pledge=pledge,
        status="fulfilled",
        effective_on=date(2025, 5, 5),
        reason="The report is public.",
        updates=[update],
        actor=pledge.created_by,
        now=BACK,
    )


def unpublished(pledge: Pledge) -> None:
    record.unpublish(pledge=pledge, reason="A mistake.", actor=make_reviewer(), now=BACK)


def extended(pledge: Pledge) -> None:
    extend(pledge, now=BACK)


def unsubscribed(_pledge: Pledge) -> None:
    Subscription.objects.filter(subscriber__address="reader1@readers.example").delete()


def erased(_pledge: Pledge) -> None:
    subscribing.forget(Subscriber.objects.get(address="reader1@readers.example"), now=BACK)


def stopped(_pledge: Pledge) -> None:
    reader = Subscriber.objects.get(address="reader1@readers.example")
    subscribing.stop(reader.pk, reason="Complained.", now=BACK)


@pytest.mark.parametrize(
    ("undo", "reason"),
    [
        (fulfilled, "The pledge is no longer open: Fulfilled."),
        (extended, "The deadline was moved: it is 4 August 2025 now."),
        (unpublished, "The pledge is not public any more."),
        (unsubscribed, "Its reader does not follow this any more."),
        (erased, "Its reader asked to be forgotten."),
        (stopped, "Complained."),
    ],
)
def test_what_is_undone_between_the_flag_and_the_mail_is_not_sent(
    undo: Callable[[Pledge], None], reason: str, sink: Sink
) -> None:
    """The mail server is away while the alerts are queued, and back when they do not hold any more."""
    make_readers(3)
    pledge = make_pledge(assignee=make_user(email="rana@ngo.example"))
    away = {**worker_of(sink), "EMAIL_URL": "smtp://127.0.0.1:1"}
    run("sweep", environment=away)
    run("deliver", environment=away)
    pledge.refresh_from_db()
    undo(pledge)
    Alert.objects.filter(state=AlertState.QUEUED).update(claimable_at=BACK)
    run("deliver", environment=worker_of(sink))
    told = Alert.objects.get(subscriber=make_reader_id(1), kind="overdue")
    assert (told.state, told.cancel_reason) == (AlertState.CANCELLED, reason)
    assert "Became overdue" not in subjects(sink, "reader1@readers.example")
    # Of the pledge itself the others hear no more either; of a reader who left they do.
    is_about_pledge = undo in (fulfilled, extended, unpublished)
    assert ("Became overdue" in subjects(sink, "reader2@readers.example")) != is_about_pledge
    assert ("Overdue" in subjects(sink, "rana@ngo.example")) != is_about_pledge
    assert_invariants(sink, now=BACK)


def make_reader_id(number: int) -> Any:
    """Return the number of a reader whose address may be gone."""
    return Subscriber.objects.order_by("pk")[number].pk
