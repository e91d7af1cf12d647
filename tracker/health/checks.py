"""A threshold that would call a healthy watch late."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core import checks

SECONDS = 60


@checks.register(checks.Tags.compatibility)
def threshold(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[checks.CheckMessage]:
    """One missed tick is no incident: the threshold must be longer than two."""
    two_ticks = 2 * settings.TRACKER_TICK_SECONDS
    threshold_seconds = settings.TRACKER_WATCH_LATE_MINUTES * SECONDS
    if threshold_seconds > two_ticks:
        return []
    least = two_ticks // SECONDS + 1
    return [
        checks.Error(
            f"TRACKER_WATCH_LATE_MINUTES is {settings.TRACKER_WATCH_LATE_MINUTES}, but the watch looks only"
            f" every {settings.TRACKER_TICK_SECONDS} seconds: it would be called late while it works.",
            hint=f"Set TRACKER_WATCH_LATE_MINUTES to {least} or more, or lower TRACKER_TICK_SECONDS.",
            id="health.E001",
        )
    ]
