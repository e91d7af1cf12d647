"""Many things in one mail."""

from datetime import datetime

from tracker.alerts.context import digest_members, overdue_facts, why_you
from tracker.alerts.models import Alert

from .base import Written, write


def digest(alert: Alert, *, now: datetime) -> Written:
    members, untrue = digest_members(alert)
    items = [overdue_facts(member.event, now=now) for member in members if member.event]
    parts = write("digest", {"items": items, "why": why_you(alert)})
    return Written(parts, word="digest", untrue=untrue, is_empty=not items)
