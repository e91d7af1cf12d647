"""From events of the log to messages for subscribers: who is told, once each.

Each untold event is one transaction: its alerts are queued by INSERT ... SELECT, and it is struck off the
list that the trigger in `untold.py` keeps. Killed in between, it is done anew; done twice, the unique keys
make it one. What subscribers confirm afterwards is told to them of later events only.
"""

import logging
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection, transaction

from pledges.models import Event
from pledges.models.choices import DeadlineKind, EventKind, UpdateKind

from . import staff_fan_out
from .models import AlertKind, Untold
from .targets import targets_of

logger = logging.getLogger(__name__)

# Of the readers who want this kind of news, through which of their subscriptions (the narrowest) they hear.
READERS = """
    FROM alerts_subscription wish JOIN alerts_subscriber reader ON reader.id = wish.subscriber_id
    WHERE wish.target IN ({targets}) AND wish.wants_{kind}
      AND reader.confirmed_at IS NOT NULL AND reader.suppressed_at IS NULL AND reader.erased_at IS NULL
    GROUP BY wish.subscriber_id
"""
# A digest is opened only for those whom it will tell something.
NOT_TOLD = """
      AND NOT EXISTS (SELECT 1 FROM alerts_alert told
                      WHERE told.event_id = %s AND told.subscriber_id = wish.subscriber_id)
    GROUP BY
"""
SOME_AT_ONCE = "HAVING max(CASE WHEN wish.cadence = 'at_once' THEN 1 ELSE 0 END) = 1"
NONE_AT_ONCE = "HAVING max(CASE WHEN wish.cadence = 'at_once' THEN 1 ELSE 0 END) = 0"
ONCE = """
    ON CONFLICT (event_id, subscriber_id) WHERE event_id IS NOT NULL AND subscriber_id IS NOT NULL
        DO NOTHING
"""
QUEUE = f"""
    INSERT INTO alerts_alert (event_id, subscriber_id, reach, kind, state, claimable_at, created_at)
    SELECT %s, wish.subscriber_id, min(wish.reach), %s, 'queued', %s, %s
    {READERS} {SOME_AT_ONCE}
    {ONCE}
"""
# Nearly everybody is told at once: this spares the two statements below a look at them all.
FOR_DIGESTS = """
    SELECT 1 FROM alerts_subscription wish
    WHERE wish.target IN ({targets}) AND wish.wants_{kind} AND wish.cadence <> 'at_once' LIMIT 1
"""
# The update locks an open digest, so that no worker takes it away from the members that are about to join.
OPEN_DIGESTS = f"""
    INSERT INTO alerts_alert (subscriber_id, kind, state, claimable_at, created_at)
    SELECT wish.subscriber_id, 'digest', 'queued',
           min(CASE wish.cadence WHEN 'at_once' THEN %s WHEN 'daily' THEN %s ELSE %s END), %s
    {READERS.replace("GROUP BY", NOT_TOLD)} {{who}}
    ON CONFLICT (subscriber_id)
        WHERE first_tried_at IS NULL AND kind = 'digest' AND state = 'queued' AND subscriber_id IS NOT NULL
        DO UPDATE SET claimable_at = CASE WHEN excluded.claimable_at < alerts_alert.claimable_at
                                          THEN excluded.claimable_at ELSE alerts_alert.claimable_at END
"""
FOLD = f"""
    INSERT INTO alerts_alert (event_id, subscriber_id, reach, digest_id, kind, state, claimable_at,
                              created_at)
    SELECT %s, chosen.subscriber_id, chosen.reach, digest.id, %s, 'folded', digest.claimable_at, %s
    FROM (SELECT wish.subscriber_id, min(wish.reach) AS reach {READERS} {{who}}) chosen
    JOIN alerts_alert digest ON digest.subscriber_id = chosen.subscriber_id
     AND digest.first_tried_at IS NULL AND digest.kind = 'digest' AND digest.state = 'queued'
    WHERE true
    {ONCE}
"""  # noqa: S608 - put together from constants above


def tell(*, now: datetime) -> int:
    """Queue the alerts of every untold event; return how many are new. Twice, or two at once: the same.

    An event that can't be told of stays on the list for the next time, and keeps no other from being told.
    """
    queued = 0
    for event_id in Untold.objects.order_by("pk").values_list("pk", flat=True):
        try:
            queued += _tell_of(event_id, now=now)
        except (OperationalError, InterfaceError):
            raise  # the database is gone, or too busy: that is no matter of one event
        except Exception:
            logger.exception("event %d could not be told of; it stays on the list", event_id)
    return queued


@transaction.atomic
def _tell_of(event_id: int, *, now: datetime) -> int:
    """Queue the alerts of one event, unless another worker does or did; return how many are new."""
    waiting = Untold.objects.select_for_update(
        skip_locked=connection.features.has_select_for_update_skip_locked
    )
    untold = waiting.filter(pk=event_id).first()
    if untold is None:
        return 0
    event = Event.objects.select_related("pledge").get(pk=event_id)
    kind = topic(event)
    queued = 0
    if kind is AlertKind.OVERDUE and event.pledge is not None and not event.pledge.is_published:
        return 0  # should it come back to the public pages, it is told then: no sweep flags it again
    if kind is not None and _is_news(event):
        queued = queue_for_subscribers(event, kind, now=now)
        if kind in (AlertKind.MOVED, AlertKind.REPLIED):
            staff_fan_out.queue_event(event, kind, now=now)
    untold.delete()
    return queued


def topic(event: Event) -> AlertKind | None:
    """Return as which kind of news an event is told to readers; None when it is none."""
    match event.kind:
        case EventKind.BECAME_OVERDUE:
            return AlertKind.OVERDUE
        case EventKind.ASSESSED:
            return AlertKind.ASSESSED
        case EventKind.UPDATE_ADDED:
            return AlertKind.REPLIED if event.payload["kind"] == UpdateKind.REPLY else None
        case EventKind.DEADLINE_MOVED:
            is_correction = event.payload["kind"] == DeadlineKind.CORRECTION
            return AlertKind.CORRECTED if is_correction else AlertKind.MOVED
        case EventKind.CORRECTED:
            return AlertKind.CORRECTED
        case _:
            return None


def _is_news(event: Event) -> bool:
    """Whether the event happened in public: what came before the publication came out with it.

    Overdue is flagged of what is public alone; a pledge may have been taken off and put back since.
    """
    pledge = event.pledge
    return (
        pledge is not None
        and pledge.is_published
        and pledge.published_at is not None
        and (event.kind == EventKind.BECAME_OVERDUE or event.recorded_at >= pledge.published_at)
    )


def queue_for_subscribers(event: Event, kind: AlertKind, *, now: datetime) -> int:
    """Queue one alert for each confirmed reader of `event`, at once or in their next digest.

    A pledge that was late already when it was published goes into everybody's digest: many of them come
    together. Returns how many alerts are new.
    """
    if event.pledge is None:
        raise ValueError(f"event {event.pk} is about no pledge")
    targets = targets_of(event.pledge)
    words = {"targets": ", ".join(["%s"] * len(targets)), "kind": kind.value}
    stamp = connection.ops.adapt_datetimefield_value
    is_backlog = bool(event.payload.get("is_backlog"))
    who = "" if is_backlog else NONE_AT_ONCE
    soon = now + timedelta(minutes=settings.TRACKER_BACKLOG_MINUTES)
    times = [stamp(each) for each in (soon, next_daily(now), next_weekly(now), now)]
    queued = 0
    with connection.cursor() as cursor:
        if not is_backlog:
            cursor.execute(QUEUE.format(**words), [event.pk, kind.value, stamp(now), stamp(now), *targets])
            queued = int(cursor.rowcount)
        cursor.execute(FOR_DIGESTS.format(**words), targets)
        if is_backlog or cursor.fetchone():
            cursor.execute(OPEN_DIGESTS.format(**words, who=who), [*times, *targets, event.pk])
            cursor.execute(FOLD.format(**words, who=who), [event.pk, kind.value, stamp(now), *targets])
            queued += int(cursor.rowcount)
    return queued


def next_daily(now: datetime) -> datetime:
    """Return the next TRACKER_DIGEST_HOUR (UTC) after `now`."""
    today = now.astimezone(UTC).replace(hour=settings.TRACKER_DIGEST_HOUR, minute=0, second=0, microsecond=0)
    return today if today > now else today + timedelta(days=1)


def next_weekly(now: datetime) -> datetime:
    """Return the next TRACKER_DIGEST_HOUR (UTC) of a Monday after `now`."""
    day = next_daily(now)
    return day + timedelta(days=-day.weekday() % 7)
