"""Flagging what is overdue: set-based, a constant number of statements per batch.

Hand-written SQL, because the ORM has no INSERT ... SELECT and its bulk calls were measured two to
three times slower. Each statement exists once per database, side by side.
"""

import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection, transaction

from pledges.deadlines.lapse import local_day
from pledges.models import Pledge
from pledges.models.choices import EventKind

from .events import fact, require_aware

MARK = {
    "postgresql": """
        UPDATE pledges_pledge
        SET overdue_flagged_at = %s, head_position = head_position + 1
        WHERE id = ANY(%s)
    """,
    "sqlite": """
        UPDATE pledges_pledge
        SET overdue_flagged_at = %s, head_position = head_position + 1
        WHERE id IN (SELECT value FROM json_each(%s))
    """,
}
APPEND = {
    "postgresql": """
        INSERT INTO pledges_event (stream, position, pledge_id, deadline_id, happened_on, payload,
                                   kind, recorded_at)
        SELECT fresh.*, %s, %s
        FROM unnest(%s::text[], %s::int[], %s::bigint[], %s::bigint[], %s::date[], %s::jsonb[])
             AS fresh
        RETURNING id, pledge_id
    """,
    "sqlite": """
        INSERT INTO pledges_event (stream, position, pledge_id, deadline_id, happened_on, payload,
                                   kind, recorded_at)
        SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]'),
               json_extract(value, '$[2]'), json_extract(value, '$[3]'),
               json_extract(value, '$[4]'), json_extract(value, '$[5]'), %s, %s
        FROM json_each(%s)
        RETURNING id, pledge_id
    """,
}
# One row of the event table, in the order of APPEND.
EventRow = tuple[str, int, int, int, str, str]


@dataclass(frozen=True)
class FlaggedBatch:
    """Events appended by one batch; those of the backlog were late when first published."""

    event_ids: list[int]
    backlog_event_ids: list[int]

    @property
    def count(self) -> int:
        return len(self.event_ids) + len(self.backlog_event_ids)


@dataclass(frozen=True, slots=True)
class _Due:
    pledge_id: int
    reference: str
    head_position: int
    deadline_id: int
    deadline_position: int
    latest: date
    zone: str
    lapses_at: datetime
    published_at: datetime

    @property
    def is_backlog(self) -> bool:
        return self.published_at >= self.lapses_at

    def event_row(self) -> EventRow:
        payload = {
            "deadline": self.deadline_position,
            "latest": fact(self.latest),
            "lapses_at": fact(self.lapses_at),
            "is_backlog": self.is_backlog,
        }
        return (
            f"pledge:{self.reference}",
            self.head_position + 1,
            self.pledge_id,
            self.deadline_id,
            fact(local_day(self.lapses_at, self.zone)),
            json.dumps(payload),
        )


def flag_overdue(*, now: datetime, limit: int) -> FlaggedBatch:
    """Flag up to `limit` published, open pledges that lapsed by `now` and append their events.

    A reconcile step: it looks for due and not yet flagged, without a time window, so that any
    outage heals. Rows that another transaction holds are left for the next pass.
    """
    require_aware(now)
    with transaction.atomic():
        due = _lock_due(now, limit)
        if not due:
            return FlaggedBatch([], [])
        _mark([row.pledge_id for row in due], now)
        backlog = {row.pledge_id for row in due if row.is_backlog}
        appended = _append([row.event_row() for row in due], now)
    return FlaggedBatch(
        [event for event, pledge in appended if pledge not in backlog],
        [event for event, pledge in appended if pledge in backlog],
    )


def _lock_due(now: datetime, limit: int) -> list[_Due]:
    rows = (
        Pledge.objects.published()
        .overdue(now=now)
        .filter(overdue_flagged_at__isnull=True)
        .order_by("lapses_at", "id")
        .select_for_update(of=("self",), skip_locked=connection.features.has_select_for_update_skip_locked)
        .values_list(
            "id",
            "reference",
            "head_position",
            "current_deadline_id",
            "current_deadline__position",
            "current_deadline__latest",
            "time_zone",
            "lapses_at",
            "published_at",
        )
    )
    return [_Due(*row) for row in rows[:limit]]


def _mark(pledge_ids: list[int], now: datetime) -> None:
    ids: Any = json.dumps(pledge_ids) if connection.vendor == "sqlite" else pledge_ids
    with connection.cursor() as cursor:
        cursor.execute(
            MARK[connection.vendor], [connection.ops.adapt_datetimefield_value(now), ids]
        )


def _append(rows: list[EventRow], now: datetime) -> list[tuple[int, int]]:
    """Append the events; return (event id, pledge id) pairs."""
    recorded_at = connection.ops.adapt_datetimefield_value(now)
    is_sqlite = connection.vendor == "sqlite"
    table: list[Any] = [json.dumps(rows)] if is_sqlite else [list(c) for c in zip(*rows, strict=True)]
    with connection.cursor() as cursor:
        cursor.execute(
            APPEND[connection.vendor], [EventKind.BECAME_OVERDUE.value, recorded_at, *table]
        )
        return cursor.fetchall()
