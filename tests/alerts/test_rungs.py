"""Which rung a deadline has reached, and the instant at which it does."""

from datetime import UTC, date, datetime, timedelta

import pytest

from tracker.alerts.rungs import elapsed_days, highest_reached, rung_instant, rung_of

STEPS = [-14, -3, 0, 7, 30]


@pytest.mark.parametrize(
    ("latest", "days", "zone", "instant"),
    [
        # T0 is the instant at which 4 May has ended in Damascus.
        (date(2025, 5, 4), 0, "Asia/Damascus", datetime(2025, 5, 4, 21, tzinfo=UTC)),
        (date(2025, 5, 4), -3, "Asia/Damascus", datetime(2025, 5, 1, 21, tzinfo=UTC)),
        (date(2025, 5, 4), 7, "Asia/Damascus", datetime(2025, 5, 11, 21, tzinfo=UTC)),
        (date(2025, 5, 4), 0, "Pacific/Kiritimati", datetime(2025, 5, 4, 10, tzinfo=UTC)),
        (date(2025, 5, 4), 0, "Etc/GMT+12", datetime(2025, 5, 5, 12, tzinfo=UTC)),
        # Beirut's clocks go from 0:00 to 1:00 on 30 March 2025: the day begins at the change.
        (date(2025, 3, 26), 3, "Asia/Beirut", datetime(2025, 3, 29, 22, tzinfo=UTC)),
        (date(2025, 3, 26), 4, "Asia/Beirut", datetime(2025, 3, 30, 21, tzinfo=UTC)),
        # Cairo's go back from midnight to 23:00 on 31 October 2025.
        (date(2025, 10, 23), 7, "Africa/Cairo", datetime(2025, 10, 30, 22, tzinfo=UTC)),
        # A leap day, and a month that ends.
        (date(2024, 2, 28), 0, "UTC", datetime(2024, 2, 29, tzinfo=UTC)),
        (date(2024, 2, 28), 1, "UTC", datetime(2024, 3, 1, tzinfo=UTC)),
        (date(2025, 1, 31), 30, "UTC", datetime(2025, 3, 3, tzinfo=UTC)),
    ],
)
def test_the_instant_of_a_rung(latest: date, days: int, zone: str, instant: datetime) -> None:
    found = rung_instant(latest, days, zone)
    if zone == "Africa/Cairo":
        assert found in (instant, instant - timedelta(hours=1))
    else:
        assert found == instant


@pytest.mark.parametrize(
    ("today", "elapsed"),
    [(date(2025, 5, 4), -1), (date(2025, 5, 5), 0), (date(2025, 5, 6), 1), (date(2025, 4, 21), -14)],
)
def test_days_since_t0(today: date, elapsed: int) -> None:
    assert elapsed_days(date(2025, 5, 4), today) == elapsed


@pytest.mark.parametrize(
    ("elapsed", "days"),
    [
        (-15, None),
        (-14, -14),
        (-4, -14),
        (-3, -3),
        (-1, -3),
        (0, 0),
        (6, 0),
        (7, 7),
        (29, 7),
        (30, 30),
        (59, 30),
        (60, 60),
        (89, 60),
        (90, 90),
        (1000, 990),
    ],
)
def test_the_highest_rung(elapsed: int, days: int | None) -> None:
    assert highest_reached(elapsed, STEPS, 30) == days


def test_without_repetition_the_last_rung_is_the_last() -> None:
    assert highest_reached(1000, STEPS, None) == 30
    assert highest_reached(29, STEPS, None) == 7


def test_without_rungs_nothing_is_reached() -> None:
    assert highest_reached(1000, [], 30) is None


@pytest.mark.parametrize(("days", "rung"), [(-14, -14), (0, 0), (7, 7), (30, 30), (60, 30), (990, 30)])
def test_whose_people_hear_of_it(days: int, rung: int) -> None:
    assert rung_of(days, STEPS) == rung


def test_a_rung_reached_on_a_day_is_the_one_whose_instant_has_come() -> None:
    """The day rule and the instant rule say the same at the first and the last instant of each day."""
    latest, zone = date(2025, 5, 4), "Asia/Damascus"
    for offset in range(-20, 70):
        today = latest + timedelta(days=offset)
        days = highest_reached(elapsed_days(latest, today), STEPS, 30)
        if days is not None:
            midnight = rung_instant(today - timedelta(days=1), 0, zone)
            assert rung_instant(latest, days, zone) <= midnight
            later = [step for step in (*STEPS, 60) if step > days]
            assert all(rung_instant(latest, step, zone) > midnight for step in later)
