"""The mail that says the watch is late, and the one that says it works again: to whom, and what it says."""

from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import User
from django.urls import reverse
from django.utils.translation import gettext as _

from tracker.health.incidents import incident_of
from tracker.health.models import Part
from tracker.health.state import read_health, waiting_alerts
from tracker.health.words import minute, since_when

from .addresses import LONGEST, normalise, staff_addresses
from .context import absolute
from .models import Alert, AlertKind, AlertState

COMMANDS = ("manage.py watchdog", "manage.py sweep", "manage.py deliver")


def watchdog_readers() -> list[str]:
    """Return the staff list; where it is empty, the addresses of active superusers. Each once."""
    if staff := staff_addresses():
        return staff
    superusers = User.objects.filter(is_superuser=True, is_active=True).exclude(email="").order_by("pk")
    addresses = dict.fromkeys(normalise(email) for email in superusers.values_list("email", flat=True))
    return [address for address in addresses if len(address) <= LONGEST]


def queue_watchdog_alerts(*, now: datetime, waiting_since: datetime | None) -> int:
    """Queue one mail at `now` to each reader; return how many. They go out before all that waits already.

    It takes the place of an earlier one that could not be sent: two would say the same.
    """
    unsent = Alert.objects.filter(kind=AlertKind.WATCHDOG, state=AlertState.QUEUED)
    unsent.update(state=AlertState.CANCELLED, cancel_reason=_("A newer mail tells of it."))
    first_in_line = min(now, waiting_since or now) - timedelta(seconds=1)
    alerts = [
        Alert(
            kind=AlertKind.WATCHDOG,
            recipient=address,
            state=AlertState.QUEUED,
            claimable_at=first_in_line,
            created_at=now,
        )
        for address in watchdog_readers()
    ]
    return len(Alert.objects.bulk_create(alerts))


def unsent_watchdog_alerts(*, since: datetime) -> int:
    """Return how many of the watchdog's mails queued since then are not sent."""
    queued = Alert.objects.filter(kind=AlertKind.WATCHDOG, created_at__gte=since)
    return queued.exclude(state=AlertState.SENT).count()


def watchdog_context(alert: Alert, *, now: datetime) -> dict[str, Any]:
    """Return what a watchdog's mail says when it is sent at `now`.

    A mail that could not be sent before all was well again says both: what was late, and that it is over.
    Raises LookupError where no incident belongs to the alert.
    """
    incident = incident_of(alert.created_at)
    if incident is None:
        raise LookupError(f"alert {alert.pk} tells of no incident")
    found = {
        Part(name): datetime.fromisoformat(since) if since else None for name, since in incident.late.items()
    }
    still = read_health(now=now).late if incident.is_open else {}
    # What the watchdog mended itself was late all the same: the first finding comes first.
    late = [(part.label, since_when(since)) for part, since in (still | found).items()]
    return {
        "late": late,
        "found": minute(incident.opened_at),
        "over": minute(incident.ended_at) if incident.ended_at else "",
        "waiting": waiting_alerts().filter(claimable_at__lte=now).count(),
        "admin_url": absolute(reverse("admin:index")),
        "alerts_url": absolute(reverse("admin:alerts_alert_changelist")),
        "commands": COMMANDS,
        "why": _why(alert),
    }


def _why(alert: Alert) -> str:
    if alert.recipient in staff_addresses():
        return _("You get this mail because this address is on the staff list of the tracker.")
    return _("You get this mail because you administer the tracker, and its staff list is empty.")
