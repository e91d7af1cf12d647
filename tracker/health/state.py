"""How the watch is: one question to the database, for pages, `/readyz`, the admin and the watchdog."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import QuerySet, Subquery

from pledges.models import Checkpoint
from tracker.alerts.models import Alert, AlertKind, AlertState

from .lateness import is_late
from .models import Heartbeat, Part


@dataclass(frozen=True, kw_only=True)
class Health:
    """`late` holds each late part and since when, None for never. All instants are aware.

    `checkpoint` is the last one, with its number and hash alone; None too while no part ever ran.
    """

    checked_at: datetime | None
    waiting_since: datetime | None
    late: dict[Part, datetime | None]
    checkpoint: Checkpoint | None

    @property
    def is_stale(self) -> bool:
        """Whether a deadline may have passed that no page shows as passed."""
        return Part.SWEEP in self.late

    @property
    def is_mail_late(self) -> bool:
        return Part.DELIVERY in self.late

    @property
    def is_ready(self) -> bool:
        """Whether readers get what they should. A dead worker alone takes nothing from them."""
        return not (self.is_stale or self.is_mail_late)


def allowed() -> timedelta:
    """Return how long ago a part may have done its work before it is late."""
    return timedelta(minutes=settings.TRACKER_WATCH_LATE_MINUTES)


def read_health(*, now: datetime) -> Health:
    """Ask how the watch is at `now` (aware)."""
    rows = Heartbeat.objects.annotate(
        waiting=_longest_waiting(), number=_last_checkpoint("number"), hash=_last_checkpoint("hash")
    )
    beats = {beat.name: beat for beat in rows}
    # What is not of one part is the same in every row.
    shared = next(iter(beats.values()), None)
    waiting = shared.waiting if shared else None
    late: dict[Part, datetime | None] = {}
    for part in Part:
        beat = beats.get(part)
        if beat is None:
            late[part] = None
            continue
        signs = [beat.last_at]
        if part is Part.DELIVERY:
            signs += [each for each in (beat.failing_since, waiting) if each]
        if lasting := [each for each in signs if is_late(each, now=now, allowed=allowed())]:
            late[part] = min(lasting)
    sweep = beats.get(Part.SWEEP)
    return Health(
        checked_at=sweep.last_at if sweep else None,
        waiting_since=waiting,
        late=late,
        checkpoint=Checkpoint(number=shared.number, hash=shared.hash) if shared and shared.number else None,
    )


def waiting_alerts() -> "QuerySet[Alert]":
    """Return the alerts that are to be sent. The watchdog's own do not make the delivery late."""
    waits = Alert.objects.filter(state__in=(AlertState.QUEUED, AlertState.SENDING))
    return waits.exclude(kind=AlertKind.WATCHDOG)


def _longest_waiting() -> Subquery:
    # Not since it was queued: what a mail server put off, or a digest that collects, is not late yet.
    return Subquery(waiting_alerts().order_by("claimable_at", "id").values("claimable_at")[:1])


def _last_checkpoint(field: str) -> Subquery:
    return Subquery(Checkpoint.objects.order_by("-number").values(field)[:1])
