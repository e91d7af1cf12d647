"""The watchdog: a second trigger that needs neither Redis nor a worker, and a mail to staff."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from django.db import DatabaseError, transaction

from tracker.alerts.deliver import drain
from tracker.alerts.watchdog_mail import queue_watchdog_alerts, unsent_watchdog_alerts, watchdog_readers
from tracker.health import incidents
from tracker.health.beats import beat, beat_delivery
from tracker.health.models import Part
from tracker.health.state import Health, read_health

from .sweep import sweep

logger = logging.getLogger(__name__)


@dataclass
class Finding:
    """What one look found and did. `troubles` are sentences for whoever reads the output of cron."""

    health: Health
    is_told: bool = False
    is_over: bool = False
    done: list[str] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)


def look(*, now: datetime) -> Finding:
    """Look once, at the clock's own instant `now` (aware); where a part is late, do its work and tell staff.

    The mail is queued once an incident, once a day while it lasts, and once when it is over, in the
    transaction that writes the incident down. Nothing is doubled by a worker that wakes up meanwhile: sweep
    and delivery claim what they take. Raises DatabaseError when the database does not answer.
    """
    finding = Finding(read_health(now=now))
    with transaction.atomic():
        if finding.health.late:
            finding.is_told = incidents.open_or_remind(finding.health, now=now)
        else:
            finding.is_over = incidents.end(now=now)
        if finding.is_told or finding.is_over:
            queue_watchdog_alerts(now=now, waiting_since=finding.health.waiting_since)
    if finding.health.late:
        _attempt(finding, "sweep", lambda: _sweep(finding, now))
    if finding.health.late or finding.is_over:
        _attempt(finding, "delivery", lambda: _drain(finding, now))
        _say_who_was_not_told(finding, now)
    return finding


def _sweep(finding: Finding, now: datetime) -> None:
    result = sweep(now=now)
    beat(Part.SWEEP, now=now)
    finding.done.append(f"sweep: {result.flagged} flagged overdue")


def _drain(finding: Finding, now: datetime) -> None:
    done = drain(now=now)
    beat_delivery(now=now, reached=done.reached)
    counts = ", ".join(f"{count} {state.value}" for state, count in sorted(done.items()))
    finding.done.append(f"delivery: {counts or 'nothing to send'}")
    if done.reached is False:
        finding.troubles.append("The mail server can't be reached: mail waits in the database.")


def _attempt(finding: Finding, name: str, work: Callable[[], None]) -> None:
    """Do `work`; what makes one part fail must keep neither the other nor the mail to staff from going."""
    try:
        work()
    except DatabaseError:
        raise
    except Exception as error:
        logger.exception("the watchdog's own %s failed", name)
        finding.troubles.append(f"The watchdog's own {name} failed: {type(error).__name__}. See the log.")


def _say_who_was_not_told(finding: Finding, now: datetime) -> None:
    if not watchdog_readers():
        finding.troubles.append(
            "Nobody can be told: set TRACKER_STAFF_ALERTS, or give a superuser an address."
        )
    elif not (finding.is_told or finding.is_over):
        return
    elif unsent := unsent_watchdog_alerts(since=now):
        finding.troubles.append(f"{unsent} of the mails to staff could not be sent. They stay queued.")
