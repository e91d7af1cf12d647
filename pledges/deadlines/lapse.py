"""When a due date has ended: the instant from which a pledge may be called late."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


def lapse_instant(latest: date, zone: str) -> datetime:
    """Return the first instant after `latest` has ended in `zone`, in UTC.

    Where a DST change removes midnight, that is the instant of the change; where it
    repeats midnight, the first of the two. Raises zoneinfo.ZoneInfoNotFoundError for an unknown
    zone and OverflowError for the last representable day.
    """
    next_day = latest + timedelta(days=1)
    return datetime.combine(next_day, time.min, tzinfo=ZoneInfo(zone)).astimezone(UTC)


def local_day(instant: datetime, zone: str) -> date:
    """Return the calendar day of an aware `instant` in `zone`."""
    return instant.astimezone(ZoneInfo(zone)).date()
