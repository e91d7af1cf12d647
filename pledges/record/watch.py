"""Flagging what is overdue: set-based, a constant number of statements per batch.

Hand-written SQL, because the ORM has no INSERT ... SELECT and its bulk calls were measured two to
three times slower. Each statement exists once per database, side by side.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from pledges.models.choices import OPEN_STATUSES, EventKind, Publication

from .events import require_aware

# The condition is that of the partial index `pledge_watched`.
_WATCHED = f"""
    publication = '{Publication.PUBLISHED}'
    AND status IN ({", ".join(f"'{status}'" for status in OPEN_STATUSES)})
    AND overdue_flagged_at IS NULL AND lapses_at IS NOT NULL AND lapses_at <= %s
"""
MARK = {
    # Rows that another transaction holds are skipped: it may be moving their deadline just now.
    "postgresql": f"""
        WITH due AS MATERIALIZED (
            SELECT id FROM pledges_pledge WHERE {_WATCHED}
            ORDER BY lapses_at, id LIMIT %s FOR UPDATE SKIP LOCKED)
        UPDATE pledges_pledge pledge
        SET overdue_flagged_at = %s, head_position = head_position + 1
        FROM due WHERE pledge.id = due.id
        RETURNING pledge.id
    """,  # noqa: S608 - put together from constants above
    "sqlite": f"""
        UPDATE pledges_pledge
        SET head_position = head_position + 1,
            overdue_flagged_at = %s
        WHERE id IN (SELECT id FROM pledges_pledge WHERE {_WATCHED} ORDER BY lapses_at, id LIMIT %s)
        RETURNING id
    """,  # noqa: S608 - put together from constants above
}
APPEND = {
    "postgresql": """
        INSERT INTO pledges_event (stream, position, kind, pledge_id, deadline_id, happened_on,
                                   recorded_at, payload)
        SELECT 'pledge:' || pledge.reference, pledge.head_position, %s, pledge.id, deadline.id,
               deadline.latest + 1, %s,
               jsonb_build_object(
                   'deadline', deadline.position,
                   'latest', deadline.latest,
                   'lapses_at', to_char(deadline.lapses_at AT TIME ZONE 'UTC',
                                        'YYYY-MM-DD"T"HH24:MI:SS"+00:00"'),
                   'is_backlog', pledge.published_at >= deadline.lapses_at)
        FROM pledges_pledge pledge JOIN pledges_deadline deadline
             ON deadline.id = pledge.current_deadline_id
        WHERE pledge.id = ANY(%s)
        ORDER BY deadline.lapses_at, pledge.id
        RETURNING id, (payload->>'is_backlog')::boolean
    """,
    "sqlite": """
        INSERT INTO pledges_event (stream, position, kind, pledge_id, deadline_id, happened_on,
                                   recorded_at, payload)
        SELECT 'pledge:' || pledge.reference, pledge.head_position, %s, pledge.id, deadline.id,
               date(deadline.latest, '+1 day'), %s,
               json_object(
                   'deadline', deadline.position,
                   'latest', deadline.latest,
                   'lapses_at', strftime('%%Y-%%m-%%dT%%H:%%M:%%S+00:00', deadline.lapses_at),
                   'is_backlog', json(iif(pledge.published_at >= deadline.lapses_at, 'true', 'false')))
        FROM pledges_pledge pledge JOIN pledges_deadline deadline
             ON deadline.id = pledge.current_deadline_id
        WHERE pledge.id IN (SELECT value FROM json_each(%s))
        ORDER BY deadline.lapses_at, pledge.id
        RETURNING id, json_extract(payload, '$.is_backlog')
    """,
}


@dataclass(frozen=True)
class FlaggedBatch:
    """Events appended by one batch; those of the backlog were late when first published."""

    event_ids: list[int]
    backlog_event_ids: list[int]

    @property
    def count(self) -> int:
        return len(self.event_ids) + len(self.backlog_event_ids)


def flag_overdue(*, now: datetime, limit: int, recorded_at: datetime | None = None) -> FlaggedBatch:
    """Flag up to `limit` published, open pledges that lapsed by `now` and append their events.

    A reconcile step: it looks for due and not yet flagged, without a time window, so that any
    outage heals. Rows that another transaction holds are left for the next pass. The event is dated
    the day after the due date, the first day on which the pledge was late. `recorded_at` is the
    instant written into the log when it is not `now`: a sweep for an earlier instant back-dates nothing.
    """
    recorded_at = recorded_at or now
    require_aware(now)
    require_aware(recorded_at)
    with transaction.atomic():
        pledge_ids = _mark(now, limit, recorded_at)
        appended = _append(pledge_ids, recorded_at) if pledge_ids else []
    return FlaggedBatch(
        [event for event, is_backlog in appended if not is_backlog],
        [event for event, is_backlog in appended if is_backlog],
    )


def _mark(now: datetime, limit: int, recorded_at: datetime) -> list[int]:
    instant = connection.ops.adapt_datetimefield_value(now)
    flagged_at = connection.ops.adapt_datetimefield_value(recorded_at)
    is_sqlite = connection.vendor == "sqlite"
    with connection.cursor() as cursor:
        cursor.execute(
            MARK[connection.vendor],
            [flagged_at, instant, limit] if is_sqlite else [instant, limit, flagged_at],
        )
        return [pledge_id for (pledge_id,) in cursor.fetchall()]


def _append(pledge_ids: list[int], recorded_at: datetime) -> list[tuple[int, bool]]:
    """Append the events; return their ids, each with whether it is backlog."""
    ids: Any = json.dumps(pledge_ids) if connection.vendor == "sqlite" else pledge_ids
    instant = connection.ops.adapt_datetimefield_value(recorded_at)
    with connection.cursor() as cursor:
        cursor.execute(APPEND[connection.vendor], [EventKind.BECAME_OVERDUE.value, instant, ids])
        return [(event, bool(is_backlog)) for event, is_backlog in cursor.fetchall()]
