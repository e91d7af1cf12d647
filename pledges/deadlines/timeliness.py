"""Timeliness: what the clock alone says about a pledge. Delivery is a person's judgement."""

from datetime import date, datetime, timedelta
from enum import StrEnum

from .lapse import local_day


class Timeliness(StrEnum):
    NO_DATE = "no_date"
    AWAITING_TRIGGER = "awaiting_trigger"
    UPCOMING = "upcoming"
    DUE_SOON = "due_soon"
    OVERDUE = "overdue"
    LONG_OVERDUE = "long_overdue"
    MET_ON_TIME = "met_on_time"
    MET_LATE = "met_late"
    CLOSED = "closed"


def timeliness(
    *,
    now: datetime,
    lapses_at: datetime | None,
    latest: date | None,
    awaiting_trigger: bool,
    is_open: bool,
    met_on: date | None,
    due_soon: timedelta,
    long_overdue: timedelta,
) -> Timeliness:
    """Return the one timeliness value that holds at `now` (aware).

    `lapses_at` is the first instant after the due date ended; `latest` is that due date as a day in
    the pledge's zone; `met_on` is the day on which a fulfilled pledge was fulfilled. A pledge that
    is neither open nor fulfilled (refused, withdrawn) is no longer timed.
    """
    if met_on is not None:
        if latest is None:
            return Timeliness.CLOSED
        return Timeliness.MET_ON_TIME if met_on <= latest else Timeliness.MET_LATE
    if not is_open:
        return Timeliness.CLOSED
    if lapses_at is None:
        return Timeliness.AWAITING_TRIGGER if awaiting_trigger else Timeliness.NO_DATE
    if now >= lapses_at:
        is_long = now >= lapses_at + long_overdue
        return Timeliness.LONG_OVERDUE if is_long else Timeliness.OVERDUE
    return Timeliness.DUE_SOON if now >= lapses_at - due_soon else Timeliness.UPCOMING


def days_late(*, latest: date, until: date) -> int:
    """Return whole days from the due date `latest` to `until`; negative while days are left."""
    return (until - latest).days


def days_late_at(*, now: datetime, latest: date, zone: str) -> int:
    """Return the days late at the instant `now`, by the calendar of `zone`."""
    return days_late(latest=latest, until=local_day(now, zone))
