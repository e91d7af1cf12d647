"""When a part is late: the instant before, the instant, the instant after."""

from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from tracker.health.lateness import AHEAD, is_late

from .support import ALLOWED, NOW, TICK

pytestmark = pytest.mark.once


@pytest.mark.parametrize(
    ("since", "late"),
    [
        (None, True),
        (NOW, False),
        (NOW - ALLOWED + TICK, False),
        (NOW - ALLOWED, False),
        (NOW - ALLOWED - TICK, True),
        (NOW - timedelta(days=3), True),
        # The clock was stepped back an hour: what was written before lies ahead, and is well.
        (NOW + timedelta(hours=1), False),
        (NOW + AHEAD, False),
        # A clock that was wrong by more than a day proves nothing.
        (NOW + AHEAD + TICK, True),
        (NOW + timedelta(days=9999), True),
        # The same instants as other places write them.
        ((NOW - ALLOWED).astimezone(ZoneInfo("Asia/Damascus")), False),
        ((NOW - ALLOWED - TICK).astimezone(timezone(timedelta(hours=-12))), True),
    ],
)
def test_around_the_threshold(since: datetime | None, late: bool) -> None:
    assert is_late(since, now=NOW, allowed=ALLOWED) is late


def test_a_change_to_summer_time_is_no_hour_of_lateness() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    before = datetime(2025, 3, 30, 1, 55, tzinfo=berlin)
    after = datetime(2025, 3, 30, 3, 5, tzinfo=berlin)
    assert after.astimezone(ZoneInfo("UTC")) - before.astimezone(ZoneInfo("UTC")) == timedelta(minutes=10)
    assert not is_late(before.astimezone(ZoneInfo("UTC")), now=after, allowed=ALLOWED)
