"""Who may send which alert now: claims with a lease, taken and given back by conditional UPDATEs.

A claim is a token on the rows. Whoever ends a message must still hold it; a worker that died loses its
claim when the lease ends, and another takes the rows over.
"""

import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from operator import itemgetter
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import Case, F, QuerySet, When
from django.utils.translation import gettext as _

from . import receipts
from .models import Alert, AlertState

CLAIM = {
    "postgresql": """
        UPDATE alerts_alert
        SET claim = %s, claimable_at = %s, attempts = attempts + 1,
            first_tried_at = COALESCE(first_tried_at, %s),
            last_error = CASE WHEN state = 'sending' THEN %s ELSE last_error END,
            state = 'sending'
        WHERE id IN (SELECT id FROM alerts_alert
                     WHERE state IN ('queued', 'sending') AND claimable_at <= %s
                       AND NOT EXISTS (SELECT 1 FROM alerts_receipt WHERE alert_id = alerts_alert.id)
                     ORDER BY claimable_at, id LIMIT %s
                     FOR UPDATE SKIP LOCKED)
        RETURNING id, event_id, (SELECT address FROM alerts_subscriber WHERE id = subscriber_id)
    """,
    # A write transaction of SQLite excludes all others, so that no row needs a lock.
    "sqlite": """
        UPDATE alerts_alert
        SET claim = %s, claimable_at = %s, attempts = attempts + 1,
            first_tried_at = COALESCE(first_tried_at, %s),
            last_error = CASE WHEN state = 'sending' THEN %s ELSE last_error END,
            state = 'sending'
        WHERE id IN (SELECT id FROM alerts_alert
                     WHERE state IN ('queued', 'sending') AND claimable_at <= %s
                       AND NOT EXISTS (SELECT 1 FROM alerts_receipt WHERE alert_id = alerts_alert.id)
                     ORDER BY claimable_at, id LIMIT %s)
        RETURNING id, event_id, (SELECT address FROM alerts_subscriber WHERE id = subscriber_id)
    """,
}


@dataclass
class Claim:
    """Alerts that one worker may send until `until`."""

    alert_ids: list[int]
    until: datetime
    # Of those, the news to subscribers, each with its event: many of them are the same mail.
    news: dict[int, int] = field(default_factory=dict)
    # Where those were to go when they were claimed.
    addresses: dict[int, str] = field(default_factory=dict)
    token: str = field(default_factory=lambda: uuid.uuid4().hex)


def lease() -> timedelta:
    return timedelta(seconds=settings.TRACKER_ALERT_LEASE_SECONDS)


def claim(*, now: datetime, limit: int) -> Claim:
    """Claim up to `limit` alerts that are due at `now`, the longest waiting first, in one UPDATE.

    Rows of a lease that has ended count as due: their worker is dead. What it left a receipt of was sent.
    """
    taken = Claim([], now + lease())
    receipts.carry_over(taken.token, now=now)
    until, at = (connection.ops.adapt_datetimefield_value(each) for each in (taken.until, now))
    died = _("The worker that was sending this ended before it could say how it went.")
    with connection.cursor() as cursor:
        cursor.execute(CLAIM[connection.vendor], [taken.token, until, at, died, at, limit])
        rows = sorted(cursor.fetchall(), key=itemgetter(0))
    taken.alert_ids = [alert for alert, _event, _address in rows]
    taken.news = {alert: event for alert, event, address in rows if event and address is not None}
    taken.addresses = {alert: address for alert, _event, address in rows if alert in taken.news}
    return taken


def renew(held: Claim, *, now: datetime) -> None:
    """Prolong the lease of what is still held."""
    until = now + lease()
    _held(held).update(claimable_at=until)
    held.until = until


def load(held: Claim, alert_id: int) -> Alert | None:
    """Return an alert with all that it tells of; None when the claim to it is lost, or it was sent."""
    return (
        _held(held)
        .select_related(
            "user",
            "subscriber",
            "request",
            "follow_up__pledge__case",
            "follow_up__pledge__source",
            "follow_up__pledge__current_deadline",
            "event__deadline__source",
            "event__pledge__case",
            "event__pledge__source",
            "event__pledge__current_deadline",
        )
        .filter(pk=alert_id, receipt=None)
        .first()
    )


def finish(held: Claim, alert_id: int, state: AlertState, **fields: Any) -> bool:
    """Write how a message ended, and give it back. False when the claim to it is lost: nothing changes."""
    return bool(_held(held).filter(pk=alert_id).update(state=state, claim="", **fields))


def release(held: Claim, *, now: datetime) -> None:
    """Give back what was not tried, and do not count it as an attempt."""
    receipts.carry_over(held.token, now=now)
    was_first = When(attempts=1, then=None)
    _held(held).update(
        state=AlertState.QUEUED,
        claim="",
        claimable_at=now,
        attempts=F("attempts") - 1,
        first_tried_at=Case(was_first, default=F("first_tried_at")),
    )


def _held(held: Claim) -> QuerySet[Alert]:
    return Alert.objects.filter(claim=held.token, state=AlertState.SENDING)
