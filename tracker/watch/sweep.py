"""The sweep: bring the overdue flags into line with the clock, and queue who must hear of it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from pledges import record
from pledges.models import Pledge
from tracker import edition
from tracker.alerts import fan_out, staff_fan_out
from tracker.alerts.climbing import climb

# Rows flagged in one transaction: long enough to be set-based, short enough for brief locks.
BATCH = 5_000


@dataclass(frozen=True)
class SweepResult:
    """How many pledges one sweep flagged, and how many of those were late when published.

    `follow_ups` counts the rungs of the follow-up ladder that were reached.
    """

    flagged: int
    backlog: int
    follow_ups: int = 0


def sweep(
    *,
    now: datetime,
    recorded_at: datetime | None = None,
    digest_after: timedelta | None = None,
    batch: int = BATCH,
) -> SweepResult:
    """Flag every published, open pledge that lapsed by `now` (aware), climb the ladder, queue the alerts.

    Flag, event and alert rows of a batch are one transaction. There is no time window, so a sweep
    after any outage, a second sweep and two sweeps at once all lead to the same record.
    `recorded_at` is the instant written down where it is not `now`: nothing is back-dated.
    `digest_after` is how long the backlog digest waits for more; default TRACKER_BACKLOG_MINUTES.
    """
    if digest_after is None:
        digest_after = timedelta(minutes=settings.TRACKER_BACKLOG_MINUTES)
    at = recorded_at or now
    flagged = backlog = 0
    while True:
        with transaction.atomic():
            done = record.flag_overdue(now=now, limit=batch, recorded_at=at)
            if done.count:
                # Its events are written many at a time, of which Django tells nobody.
                edition.renew_on_commit()
            if done.event_ids:
                fan_out.queue_overdue_alerts(done.event_ids, now=at)
                staff_fan_out.queue_leads(done.event_ids, now=at)
            if done.backlog_event_ids:
                fan_out.queue_backlog_digest(done.backlog_event_ids, now=at, send_after=at + digest_after)
        flagged += done.count
        backlog += len(done.backlog_event_ids)
        if done.count < batch:
            break
    # After the flags: a mail about T0 that was not sent yet is folded into the one about a later rung.
    return SweepResult(flagged, backlog, climb(now=now))


def due_now(*, now: datetime) -> list[Pledge]:
    """Return what a sweep at `now` would flag, most late first, and change nothing."""
    due = Pledge.objects.published().overdue(now=now).filter(overdue_flagged_at__isnull=True)
    return list(due.order_by("lapses_at", "id"))
