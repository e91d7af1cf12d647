"""The mail that a deadline comes near, or is long past, or that nobody looked for evidence: to staff."""

from datetime import datetime

from tracker.alerts.context import follow_up_facts, say_here
from tracker.alerts.models import Alert
from tracker.alerts.why import why

from .base import Written, write


def follow_up(alert: Alert, *, now: datetime) -> Written:
    if alert.follow_up is None:
        raise ValueError(f"alert {alert.pk} is no follow-up")
    facts = follow_up_facts(alert.follow_up, now=now)
    say_here([facts.pledge])
    others = alert.follow_up.alerts.exclude(pk=alert.pk).order_by("recipient")
    context = {"item": facts, "others": [each.recipient for each in others]}
    parts = write("follow_up", context | why(alert, facts.pledge))
    return Written(parts, word=facts.pledge.reference)
