"""The mail that the watch is late, or works again."""

from datetime import datetime

from tracker.alerts.models import Alert
from tracker.alerts.watchdog_mail import watchdog_context

from .base import Written, write


def watchdog(alert: Alert, *, now: datetime) -> Written:
    return Written(write("watchdog", watchdog_context(alert, now=now)), word="watchdog")
