"""One event to many subscribers, against the same rows written by the barest INSERT ... SELECT."""

from collections.abc import Callable

from django.db import connection, transaction

from pledges.models import Event
from pledges.models.choices import EventKind
from tests.benchmarks import subscribers
from tests.benchmarks.filling import NOW, grow_to, ladder_is_climbed
from tests.benchmarks.timing import in_turns
from tracker.alerts.models import Alert, AlertKind
from tracker.alerts.telling import queue_for_subscribers
from tracker.watch.sweep import sweep

ROUNDS = 5
SUBSCRIBERS = 100_000
RAW = """
    INSERT INTO alerts_alert (event_id, subscriber_id, reach, kind, state, claimable_at, created_at)
    SELECT %s, subscriber_id, reach, 'overdue', 'queued', %s, %s
    FROM alerts_subscription WHERE target = 'all' AND wants_overdue
"""


class NotComparableError(AssertionError):
    """The two ways did not write the same rows, so their times say nothing."""


def an_event() -> Event:
    """Return one event that a pledge became overdue, made by a sweep over a hundred pledges."""
    grow_to(100)
    ladder_is_climbed()
    sweep(now=NOW)
    return Event.objects.select_related("pledge").filter(kind=EventKind.BECAME_OVERDUE).latest("pk")


def measure(size: int, say: Callable[[str], object]) -> None:
    """Print how long the fan-out of one event to `size` subscribers takes, against raw SQL."""
    event = an_event()
    subscribers.grow_to(size)
    stamp = connection.ops.adapt_datetimefield_value(NOW)

    def raw() -> None:
        with connection.cursor() as cursor:
            cursor.execute(RAW, [event.pk, stamp, stamp])

    def ours() -> None:
        queue_for_subscribers(event, AlertKind.OVERDUE, now=NOW)

    def undone(job: Callable[[], None]) -> Callable[[], int]:
        def run() -> int:
            with transaction.atomic():
                job()
                count = Alert.objects.filter(event=event, state="queued", reach=5).count()
                transaction.set_rollback(True)
            return count

        return run

    if undone(ours)() != size or undone(raw)() != size:
        raise NotComparableError("not every subscriber got an alert")
    timed = in_turns({"ours": undone(ours), "raw": undone(raw)}, rounds=ROUNDS)
    say(
        f"  fan-out of one event to {size:,} subscribers: {timed['ours'].middle:.2f} s"
        f" = {timed['ours'].over(timed['raw'])} x raw INSERT ... SELECT"
    )
