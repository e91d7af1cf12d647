"""When a member of staff gets a mail."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tracker.alerts.schedule import next_mail_at

MOMENT = timedelta(microseconds=1)


@dataclass
class Wishes:
    cadence: str = "at_once"
    hour: int = 8
    weekday: int = 0
    time_zone: str = "Asia/Damascus"
    quiet_country: str = ""


def damascus(*when: int) -> datetime:
    return datetime(*when, tzinfo=ZoneInfo("Asia/Damascus"))  # type: ignore[arg-type,misc]


NOW = damascus(2025, 5, 7, 10)  # a Wednesday


def test_without_wishes_at_once() -> None:
    assert next_mail_at(NOW, None) == NOW
    assert next_mail_at(NOW, Wishes()) == NOW


def test_none_is_never() -> None:
    assert next_mail_at(NOW, Wishes("none")) is None


@pytest.mark.parametrize(
    ("now", "then"),
    [
        (damascus(2025, 5, 7, 8) - MOMENT, damascus(2025, 5, 7, 8)),
        (damascus(2025, 5, 7, 8), damascus(2025, 5, 8, 8)),
        (damascus(2025, 5, 7, 8) + MOMENT, damascus(2025, 5, 8, 8)),
        # The local day counts, not that of UTC.
        (datetime(2025, 5, 7, 22, 30, tzinfo=UTC), damascus(2025, 5, 8, 8)),
    ],
)
def test_daily_at_the_local_hour(now: datetime, then: datetime) -> None:
    assert next_mail_at(now, Wishes("daily")) == then


@pytest.mark.parametrize(
    ("now", "then"),
    [
        (damascus(2025, 5, 5, 8) - MOMENT, damascus(2025, 5, 5, 8)),
        (damascus(2025, 5, 5, 8), damascus(2025, 5, 12, 8)),
        (damascus(2025, 5, 11, 23), damascus(2025, 5, 12, 8)),
        (damascus(2025, 5, 6, 0), damascus(2025, 5, 12, 8)),
    ],
)
def test_weekly_on_the_day(now: datetime, then: datetime) -> None:
    assert next_mail_at(now, Wishes("weekly", weekday=0)) == then


@pytest.mark.parametrize(
    ("country", "now", "then"),
    [
        # Friday and Saturday in Syria, Saturday and Sunday in France.
        ("SY", damascus(2025, 5, 8, 23), damascus(2025, 5, 8, 23)),
        ("SY", damascus(2025, 5, 9, 0), damascus(2025, 5, 11, 8)),
        ("SY", damascus(2025, 5, 10, 23), damascus(2025, 5, 11, 8)),
        ("SY", damascus(2025, 5, 11, 0), damascus(2025, 5, 11, 0)),
        ("FR", damascus(2025, 5, 9, 12), damascus(2025, 5, 9, 12)),
        ("FR", damascus(2025, 5, 10, 12), damascus(2025, 5, 12, 8)),
    ],
)
def test_on_the_weekend_of_a_country_nothing_goes_out(country: str, now: datetime, then: datetime) -> None:
    assert next_mail_at(now, Wishes(quiet_country=country)) == then


def test_a_daily_mail_that_falls_on_the_weekend_waits() -> None:
    assert next_mail_at(damascus(2025, 5, 8, 9), Wishes("daily", quiet_country="SY")) == damascus(
        2025, 5, 11, 8
    )
    weekly = Wishes("weekly", weekday=4, quiet_country="SY")
    assert next_mail_at(damascus(2025, 5, 7, 9), weekly) == damascus(2025, 5, 11, 8)


@pytest.mark.parametrize(
    ("zone", "hour", "now", "then"),
    [
        # Paris, 30 March 2025: 2:00 does not exist, the clock goes from 2:00 to 3:00 at 1:00 UTC.
        ("Europe/Paris", 2, datetime(2025, 3, 29, 12, tzinfo=UTC), datetime(2025, 3, 30, 1, tzinfo=UTC)),
        # 26 October 2025: 2:00 comes twice; the first time, at 0:00 UTC, counts.
        ("Europe/Paris", 2, datetime(2025, 10, 25, 12, tzinfo=UTC), datetime(2025, 10, 26, 0, tzinfo=UTC)),
        ("Europe/Paris", 2, datetime(2025, 10, 26, 0, tzinfo=UTC), datetime(2025, 10, 27, 1, tzinfo=UTC)),
        # The hour stays that of the wall, the day after the change too.
        ("Europe/Paris", 8, datetime(2025, 3, 30, 12, tzinfo=UTC), datetime(2025, 3, 31, 6, tzinfo=UTC)),
        ("Pacific/Kiritimati", 8, datetime(2025, 5, 7, 0, tzinfo=UTC), datetime(2025, 5, 7, 18, tzinfo=UTC)),
        ("Etc/GMT+12", 8, datetime(2025, 5, 7, 0, tzinfo=UTC), datetime(2025, 5, 7, 20, tzinfo=UTC)),
    ],
)
def test_the_hour_is_that_of_the_wall(zone: str, hour: int, now: datetime, then: datetime) -> None:
    assert next_mail_at(now, Wishes("daily", hour=hour, time_zone=zone)) == then
