"""When a member of staff gets a mail: at once or at their hour, and not on their weekend. Pure rules."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from pledges.deadlines.calendars import country_calendar

from .models import Cadence


class Preferences(Protocol):
    """How somebody wants to be told: see `StaffReader`."""

    cadence: str
    hour: int
    weekday: int
    time_zone: str
    quiet_country: str


def next_mail_at(now: datetime, reader: Preferences | None) -> datetime | None:
    """Return when what happens at `now` (aware) may go to `reader`, in UTC; None for never.

    None as the reader stands for who has no preferences: at once. On a weekend of their country nothing
    goes out: it waits for their hour of the next day that is none. A daily or weekly mail goes at the
    next of their hours after `now`; where a DST change removes that hour, at the instant of the change,
    where it repeats it, the first time.
    """
    if reader is None:
        return now
    zone = ZoneInfo(reader.time_zone)
    today = now.astimezone(zone).date()
    match reader.cadence:
        case Cadence.NONE:
            return None
        case Cadence.AT_ONCE:
            if not _is_quiet(today, reader.quiet_country):
                return now
            day = today + timedelta(days=1)
        case Cadence.DAILY:
            day = today if _at_hour(today, reader.hour, zone) > now else today + timedelta(days=1)
        case _:
            day = today + timedelta(days=(reader.weekday - today.weekday()) % 7)
            if _at_hour(day, reader.hour, zone) <= now:
                day += timedelta(days=7)
    while _is_quiet(day, reader.quiet_country):
        day += timedelta(days=1)
    return _at_hour(day, reader.hour, zone)


def _at_hour(day: date, hour: int, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(hour), tzinfo=zone).astimezone(UTC)


def _is_quiet(day: date, country: str) -> bool:
    return bool(country) and country_calendar(country).is_weekend(day)
