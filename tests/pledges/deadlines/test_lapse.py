"""When a due date has ended, by the calendar of its zone."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pledges.deadlines.lapse import lapse_instant, local_day

LAPSES = [
    # latest day, zone, first instant after it
    ("2025-04-08", "Asia/Damascus", "2025-04-08T21:00:00Z"),
    ("2025-05-04", "Asia/Damascus", "2025-05-04T21:00:00Z"),
    ("2024-12-31", "UTC", "2025-01-01T00:00:00Z"),
    ("2024-02-29", "Africa/Nairobi", "2024-02-29T21:00:00Z"),
    # the ends of the world: the same day lapses 26 hours apart
    ("2026-06-30", "Pacific/Kiritimati", "2026-06-30T10:00:00Z"),
    ("2026-06-30", "Etc/GMT+12", "2026-07-01T12:00:00Z"),
    # DST changes at one in the morning, after midnight: no effect on the day before
    ("2025-03-29", "Europe/London", "2025-03-30T00:00:00Z"),
    ("2025-03-30", "Europe/London", "2025-03-30T23:00:00Z"),
    ("2025-10-26", "Europe/London", "2025-10-27T00:00:00Z"),
    # Beirut skips midnight: 30 March begins at 01:00, the instant of the change
    ("2025-03-29", "Asia/Beirut", "2025-03-29T22:00:00Z"),
    # Beirut repeats the hour before midnight: 26 October begins once, after the second 23:59
    ("2025-10-25", "Asia/Beirut", "2025-10-25T22:00:00Z"),
    # Havana repeats the hour after midnight: the first 00:00 counts
    ("2025-11-01", "America/Havana", "2025-11-02T04:00:00Z"),
    # Damascus gave up DST in 2022; before, it skipped midnight in spring
    ("2022-03-24", "Asia/Damascus", "2022-03-24T22:00:00Z"),
    # Samoa skipped the whole of 30 December 2011
    ("2011-12-29", "Pacific/Apia", "2011-12-30T10:00:00Z"),
]


@pytest.mark.parametrize(("latest", "zone", "expected"), LAPSES)
def test_a_day_lapses_at_the_first_instant_after_it(latest: str, zone: str, expected: str) -> None:
    instant = lapse_instant(date.fromisoformat(latest), zone)
    assert instant == datetime.fromisoformat(expected)
    assert instant.tzinfo is UTC


@given(
    latest=st.dates(date(1990, 1, 1), date(2090, 1, 1)),
    zone=st.sampled_from(sorted({zone for _, zone, _ in LAPSES})),
)
def test_no_zone_and_no_dst_makes_a_pledge_late_early(latest: date, zone: str) -> None:
    lapses_at = lapse_instant(latest, zone)
    assert local_day(lapses_at, zone) > latest
    before = local_day(lapses_at - timedelta(microseconds=1), zone)
    # A zone that repeats the hour around midnight shows the same or the next day just before.
    assert before <= latest


def test_an_unknown_zone_is_refused() -> None:
    with pytest.raises(LookupError):
        lapse_instant(date(2025, 1, 1), "Asia/Nowhere")
