"""Heartbeats for the tests."""

from datetime import UTC, datetime, timedelta

from tracker.health.beats import beat
from tracker.health.models import Part

NOW = datetime(2025, 5, 5, 5, 0, tzinfo=UTC)
ALLOWED = timedelta(minutes=15)
TICK = timedelta(microseconds=1)


def all_beat(now: datetime) -> None:
    for part in Part:
        beat(part, now=now)
