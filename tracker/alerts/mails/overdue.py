"""The mail that a pledge became overdue: to staff with what there is to do, to subscribers as news."""

from datetime import datetime

from tracker.alerts.context import overdue_facts, say_here
from tracker.alerts.models import Alert
from tracker.alerts.why import why

from .base import Written, write
from .news import news


def overdue(alert: Alert, *, now: datetime) -> Written:
    if alert.event is None:
        raise ValueError(f"alert {alert.pk} is about no event")
    if alert.subscriber is not None:
        return news(alert, now=now)
    facts = overdue_facts(alert.event, now=now)
    say_here([facts.pledge])
    parts = write("overdue", {"item": facts} | why(alert, facts.pledge))
    return Written(parts, word=facts.pledge.reference)
