"""The truth table of timeliness: every instant belongs to exactly one value."""

from datetime import UTC, date, datetime, timedelta

import pytest

from pledges.deadlines.timeliness import Timeliness, days_late, days_late_at, timeliness

LATEST = date(2025, 4, 8)
LAPSE = datetime(2025, 4, 8, 21, 0, tzinfo=UTC)  # the end of that day in Damascus
TICK = timedelta(microseconds=1)
SOON = timedelta(days=14)
LONG = timedelta(days=30)


def at(now: datetime, **changes: object) -> Timeliness:
    facts = {
        "now": now,
        "lapses_at": LAPSE,
        "latest": LATEST,
        "awaiting_trigger": False,
        "is_open": True,
        "met_on": None,
        "due_soon": SOON,
        "long_overdue": LONG,
    }
    return timeliness(**(facts | changes))  # type: ignore[arg-type]  # a table of keyword arguments


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (LAPSE - SOON - TICK, Timeliness.UPCOMING),
        (LAPSE - SOON, Timeliness.DUE_SOON),
        (LAPSE - SOON + TICK, Timeliness.DUE_SOON),
        (LAPSE - TICK, Timeliness.DUE_SOON),
        (LAPSE, Timeliness.OVERDUE),
        (LAPSE + TICK, Timeliness.OVERDUE),
        (LAPSE + LONG - TICK, Timeliness.OVERDUE),
        (LAPSE + LONG, Timeliness.LONG_OVERDUE),
        (LAPSE + LONG + TICK, Timeliness.LONG_OVERDUE),
    ],
)
def test_an_open_pledge_by_the_clock(now: datetime, expected: Timeliness) -> None:
    assert at(now) == expected


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"met_on": date(2025, 4, 7), "is_open": False}, Timeliness.MET_ON_TIME),
        ({"met_on": date(2025, 4, 8), "is_open": False}, Timeliness.MET_ON_TIME),
        ({"met_on": date(2025, 4, 9), "is_open": False}, Timeliness.MET_LATE),
        ({"is_open": False}, Timeliness.CLOSED),
        ({"lapses_at": None, "latest": None}, Timeliness.NO_DATE),
        ({"lapses_at": None, "latest": None, "awaiting_trigger": True}, Timeliness.AWAITING_TRIGGER),
        (
            {"lapses_at": None, "latest": None, "met_on": date(2025, 4, 7), "is_open": False},
            Timeliness.CLOSED,
        ),
    ],
)
@pytest.mark.parametrize("now", [LAPSE - SOON - TICK, LAPSE - TICK, LAPSE, LAPSE + LONG])
def test_what_the_clock_does_not_move(
    now: datetime, changes: dict[str, object], expected: Timeliness
) -> None:
    assert at(now, **changes) == expected


def test_days_late_are_counted_by_the_calendar_of_the_zone() -> None:
    assert days_late_at(now=LAPSE - TICK, latest=LATEST, zone="Asia/Damascus") == 0
    assert days_late_at(now=LAPSE, latest=LATEST, zone="Asia/Damascus") == 1
    assert days_late_at(now=LAPSE, latest=LATEST, zone="UTC") == 0


def test_the_founding_case_in_days() -> None:
    presented = date(2025, 7, 22)
    assert days_late(latest=date(2025, 7, 10), until=presented) == 12
    assert days_late(latest=date(2025, 4, 8), until=presented) == 105
