"""Overdue events for the tests, through the real writers."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from pledges import record
from pledges.models import Event, Pledge
from pledges.models.choices import EventKind
from tests.support.records import make_pledge

# 4 May 2025 ends in Damascus at this instant.
LAPSED = datetime(2025, 5, 4, 21, 0, tzinfo=UTC)
NOW = LAPSED + timedelta(hours=8)
LATE_RECORDING = datetime(2025, 9, 1, 9, 0, tzinfo=UTC)


def flag(*, now: datetime = NOW) -> list[int]:
    """Flag whatever is overdue at `now`; return the ids of all its events."""
    batch = record.flag_overdue(now=now, limit=1000)
    return sorted(batch.event_ids + batch.backlog_event_ids)


def overdue_pledge(**fields: Any) -> tuple[Pledge, Event]:
    """A published pledge due on 4 May 2025, flagged on 5 May."""
    pledge = make_pledge(**fields)
    flag()
    pledge.refresh_from_db()
    return pledge, pledge.events.get(kind=EventKind.BECAME_OVERDUE)


def overdue_events(count: int, **fields: Any) -> list[int]:
    """`count` published pledges that share what may be shared, flagged; their event ids."""
    first = make_pledge(**fields)
    shared = {
        "case": first.case,
        "source": first.source,
        "bodies": list(first.bodies.all()),
    }
    for _ in range(count - 1):
        make_pledge(actor=first.created_by, **(fields | shared))
    return flag()


def extend(pledge: Pledge, *, latest: date = date(2025, 8, 4), now: datetime = NOW) -> None:
    record.extend_deadline(
        pledge=pledge,
        terms=record.DeadlineTerms(phrase="three more months", latest=latest),
        source=pledge.source,
        announced_on=now.date(),
        actor=pledge.created_by,
        now=now,
    )
