"""Flagging: due and not yet flagged, once per deadline, in a constant number of statements."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from pledges import record
from pledges.models import Event, Pledge
from pledges.models.choices import EventKind
from tests.support.records import (
    NOON_4_APRIL,
    make_body,
    make_draft,
    make_pledge,
    make_reviewer,
    make_source,
    make_user,
)

pytestmark = pytest.mark.django_db

LAPSE = datetime(2025, 5, 4, 21, 0, tzinfo=UTC)  # the end of 4 May in Damascus
TICK = timedelta(microseconds=1)


def overdue_events() -> int:
    return Event.objects.filter(kind=EventKind.BECAME_OVERDUE).count()


@pytest.mark.parametrize(
    ("now", "expected"), [(LAPSE - TICK, 0), (LAPSE, 1), (LAPSE + TICK, 1), (LAPSE + timedelta(days=3), 1)]
)
def test_flagged_from_the_first_instant_after_the_due_date(now: datetime, expected: int) -> None:
    make_pledge(latest=date(2025, 5, 4))
    assert record.flag_overdue(now=now, limit=10).count == expected


@pytest.mark.parametrize(
    ("zone", "country", "lapse"),
    [
        ("Pacific/Kiritimati", "KI", datetime(2025, 5, 4, 10, 0, tzinfo=UTC)),
        ("Europe/London", "GB", datetime(2025, 5, 4, 23, 0, tzinfo=UTC)),
        ("Etc/GMT+12", "US", datetime(2025, 5, 5, 12, 0, tzinfo=UTC)),
    ],
)
def test_the_day_ends_in_the_zone_of_the_body(zone: str, country: str, lapse: datetime) -> None:
    body = make_body(actor=make_user(), time_zone=zone, country=country)
    make_pledge(latest=date(2025, 5, 4), bodies=[body], made_on=date(2025, 4, 1))
    assert record.flag_overdue(now=lapse - TICK, limit=10).count == 0
    assert record.flag_overdue(now=lapse, limit=10).count == 1


def test_twice_is_once() -> None:
    pledge = make_pledge(latest=date(2025, 5, 4))
    for _ in range(3):
        record.flag_overdue(now=LAPSE, limit=10)
    record.flag_overdue(now=LAPSE - timedelta(hours=1), limit=10)  # the clock stepped back
    pledge.refresh_from_db()
    assert overdue_events() == 1
    assert pledge.overdue_flagged_at == LAPSE


def test_the_event_says_which_date_was_missed() -> None:
    pledge = make_pledge(latest=date(2025, 5, 4))
    record.flag_overdue(now=LAPSE + timedelta(days=3), limit=10)
    event = Event.objects.get(kind=EventKind.BECAME_OVERDUE)
    pledge.refresh_from_db()
    assert event.stream == pledge.stream
    assert event.position == pledge.head_position == 4
    assert event.deadline == pledge.current_deadline
    assert event.happened_on == date(2025, 5, 5)
    assert event.recorded_at == LAPSE + timedelta(days=3)
    assert event.payload == {
        "deadline": 1,
        "latest": "2025-05-04",
        "lapses_at": "2025-05-04T21:00:00+00:00",
        "is_backlog": False,
    }


@pytest.mark.parametrize(
    "fields",
    [{"latest": None, "phrase": "soon"}, {"latest": date(2025, 6, 1)}],
)
def test_what_is_not_due_is_left_alone(fields: dict[str, object]) -> None:
    make_pledge(**fields)  # type: ignore[arg-type]  # a table of keyword arguments
    assert record.flag_overdue(now=LAPSE, limit=10).count == 0


def test_drafts_and_hidden_pledges_are_never_flagged() -> None:
    make_draft(latest=date(2025, 5, 4))
    hidden = make_pledge(latest=date(2025, 5, 4))
    record.unpublish(pledge=hidden, reason="Risk.", actor=make_reviewer(), now=NOON_4_APRIL)
    assert record.flag_overdue(now=LAPSE, limit=10).count == 0


def test_recorded_when_already_late_is_backlog() -> None:
    """Published at the instant of lapse or later is backlog; a moment before is not."""
    make_pledge(latest=date(2025, 5, 4), now=LAPSE - TICK)
    late = make_pledge(latest=date(2025, 5, 4), now=LAPSE)
    batch = record.flag_overdue(now=LAPSE, limit=10)
    assert (len(batch.event_ids), len(batch.backlog_event_ids)) == (1, 1)
    assert Event.objects.get(pk=batch.backlog_event_ids[0]).pledge == late


def test_an_extended_pledge_is_flagged_again_for_the_new_date() -> None:
    pledge = make_pledge(latest=date(2025, 5, 4))
    user = make_user()
    record.flag_overdue(now=LAPSE, limit=10)
    record.extend_deadline(
        pledge=pledge,
        terms=record.DeadlineTerms(latest=date(2025, 6, 4)),
        source=make_source(actor=user),
        announced_on=date(2025, 5, 5),
        actor=user,
        now=LAPSE + timedelta(hours=1),
    )
    again = LAPSE + timedelta(days=31)
    assert record.flag_overdue(now=again - TICK, limit=10).count == 0
    assert record.flag_overdue(now=again, limit=10).count == 1
    assert overdue_events() == 2


def test_the_most_late_come_first_within_a_limit() -> None:
    late = make_pledge(latest=date(2025, 4, 20))
    make_pledge(latest=date(2025, 5, 4))
    batch = record.flag_overdue(now=LAPSE, limit=1)
    assert Event.objects.get(pk=batch.event_ids[0]).pledge == late
    assert record.flag_overdue(now=LAPSE, limit=1).count == 1
    assert record.flag_overdue(now=LAPSE, limit=1).count == 0


def statements(pledges: int) -> int:
    source = make_source(actor=make_user())
    for _ in range(pledges):
        make_pledge(latest=date(2025, 5, 4), source=source)
    with CaptureQueriesContext(connection) as captured:
        assert record.flag_overdue(now=LAPSE, limit=1_000).count == pledges
    return len(captured)


def test_the_number_of_statements_does_not_grow() -> None:
    assert statements(1) == statements(25)
    assert Pledge.objects.filter(overdue_flagged_at=LAPSE).count() == 26
